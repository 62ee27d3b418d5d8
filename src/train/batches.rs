//! The examples, timesteps and noise of each batch.
//!
//! Batch `k` is a function of the seed and `k`: the examples are taken in an
//! order that is shuffled anew for each epoch, and the timestep and the noise of
//! example `i` of the batch come from streams named `(k, i)`.

use super::{Dataset, TimestepSampler};
use crate::math::Schedule;
use crate::nn::noise;
use crate::random::{Purpose, stream};
use crate::{Error, Result};
use candle_core::Tensor;
use std::ops::Range;
use std::sync::Arc;

/// A batch: the draws of lines 2 to 4 of Algorithm 1.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::math::Schedule;
/// use ddpm::train::{Batch, Batches};
///
/// let data = Tensor::zeros((10, 2), DType::F32, &Device::Cpu)?;
/// let mut batches = Batches::new(data, 4, 42)?;
/// let Batch { x_0, t, epsilon } = batches.batch(0, &Schedule::cosine(50)?)?;
/// assert_eq!(x_0.dims(), [4, 2]);
/// assert_eq!(epsilon.dims(), [4, 2]);
/// assert_eq!(t.len(), 4);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    /// The examples, `(B, …)`.
    pub x_0: Tensor,
    /// The timestep of each, the paper's `1 … T`.
    pub t: Vec<usize>,
    /// The noise of each, of the shape of `x_0`.
    pub epsilon: Tensor,
}

impl Batch {
    /// Returns `count` examples from `first` on.
    pub(super) fn part(&self, first: usize, count: usize) -> Result<Self> {
        Ok(Self {
            x_0: self.x_0.narrow(0, first, count)?,
            t: self.t[first..first + count].to_vec(),
            epsilon: self.epsilon.narrow(0, first, count)?,
        })
    }
}

/// The largest batch: a larger one is a typing error.
const LARGEST: usize = 1 << 20;

/// Draws the batches of a run, by number.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::{math::Schedule, train::Batches};
///
/// let data = Tensor::new(&[0_f32, 1.0, 2.0, 3.0], &Device::Cpu)?;
/// let mut batches = Batches::new(data, 2, 42)?;
/// let schedule = Schedule::cosine(50)?;
/// // Two batches are one epoch: each example comes once.
/// let mut epoch = batches.batch(0, &schedule)?.x_0.to_vec1::<f32>()?;
/// epoch.extend(batches.batch(1, &schedule)?.x_0.to_vec1::<f32>()?);
/// epoch.sort_by(f32::total_cmp);
/// assert_eq!(epoch, [0.0, 1.0, 2.0, 3.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batches {
    pub(super) data: Arc<dyn Dataset>,
    pub(super) size: usize,
    seed: u64,
    /// The distribution of the timesteps; uniform by default.
    pub timestep_sampler: TimestepSampler,
    order: (u64, Vec<u32>), // the epoch, and its order
}

impl Batches {
    /// Creates batches of `size` examples of `data`, such as a tensor `(N, …)`.
    ///
    /// # Errors
    /// If there are no examples or more than 32 bits can count, or `size` is
    /// not in `1..=2^20`.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::{math::Schedule, train::Batches};
    ///
    /// let data = Tensor::zeros((10, 2), DType::F32, &Device::Cpu)?;
    /// assert!(Batches::new(data.clone(), 0, 42).is_err());
    /// // A batch may be larger than the data: examples come again.
    /// let mut batches = Batches::new(data, 32, 42)?;
    /// let batch = batches.batch(0, &Schedule::cosine(50)?)?;
    /// assert_eq!(batch.x_0.dims(), [32, 2]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        data: impl Dataset + 'static,
        size: usize,
        seed: u64,
    ) -> Result<Self> {
        let count = data.len();
        let ok = count > 0 && u32::try_from(count).is_ok();
        let expected = "1 to 2^32 - 1 examples";
        Error::require(ok, "the data", expected, count)?;
        let ok = (1..=LARGEST).contains(&size);
        let expected = format_args!("1 to {LARGEST}");
        Error::require(ok, "batch_size", expected, size)?;
        let order = (0, order(seed, 0, count));
        let timestep_sampler = TimestepSampler::default();
        let data = Arc::new(data);
        Ok(Self { data, size, seed, timestep_sampler, order })
    }

    /// Returns batch `k`, counted from 0, with timesteps of `schedule`.
    ///
    /// # Errors
    /// If an example cannot be read, or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::{math::Schedule, train::Batches};
    ///
    /// let data = Tensor::zeros((10, 2), DType::F32, &Device::Cpu)?;
    /// let batch = Batches::new(data, 4, 42)?.batch(7, &Schedule::cosine(50)?)?;
    /// assert_eq!(batch.x_0.dims(), [4, 2]);
    /// assert!(batch.t.iter().all(|t| (1..=50).contains(t)));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn batch(&mut self, k: u32, schedule: &Schedule) -> Result<Batch> {
        self.part(k, 0..self.size, schedule)
    }

    /// Returns the examples of batch `k` with these numbers in it.
    pub(super) fn part(
        &mut self,
        k: u32,
        examples: Range<usize>,
        schedule: &Schedule,
    ) -> Result<Batch> {
        let before = u64::from(k) * self.size as u64;
        let numbers = examples.clone().map(|i| before + i as u64);
        let chosen: Vec<u32> = numbers.map(|i| self.example(i)).collect();
        let x_0 = self.data.examples(&chosen)?;

        #[allow(clippy::cast_possible_truncation)] // below LARGEST
        let (first, end) = (examples.start as u32, examples.end as u32);
        let timestep = |i| {
            let mut random = stream(self.seed, Purpose::TrainTime, k, i);
            self.timestep_sampler.draw(&mut random, schedule.steps())
        };
        let t = (first..end).map(timestep).collect();
        let stream_of =
            |i| stream(self.seed, Purpose::TrainNoise, k, first + i);
        let epsilon = noise(x_0.dims(), x_0.dtype(), x_0.device(), stream_of)?;
        Ok(Batch { x_0, t, epsilon })
    }

    /// Returns the number of example `i` of the endless sequence of epochs.
    fn example(&mut self, i: u64) -> u32 {
        let count = self.order.1.len();
        let epoch = i / count as u64;
        if self.order.0 != epoch {
            self.order = (epoch, order(self.seed, epoch, count));
        }
        let index = usize::try_from(i % count as u64).unwrap_or(0);
        self.order.1[index]
    }
}

#[allow(clippy::cast_possible_truncation)] // counts and epochs fit 32 bits
fn order(seed: u64, epoch: u64, count: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    stream(seed, Purpose::Shuffle, epoch as u32, 0).shuffle(&mut order);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};

    /// Examples that are their own numbers.
    fn numbers(count: u32) -> Tensor {
        let data = Tensor::arange(0, count, &Device::Cpu).unwrap();
        let data = data.to_dtype(DType::F32).unwrap();
        data.unsqueeze(1).unwrap()
    }

    fn chosen(batch: &Batch) -> Vec<u32> {
        let numbers = batch.x_0.flatten_all().unwrap();
        numbers.to_dtype(DType::U32).unwrap().to_vec1().unwrap()
    }

    /// Batches of 4 from 10 examples: after 5 batches each was seen twice.
    #[test]
    fn every_pass_sees_every_example_once() {
        let schedule = Schedule::cosine(10).unwrap();
        let mut batches = Batches::new(numbers(10), 4, 1).unwrap();
        let mut seen = [0; 10];
        for k in 0..5 {
            let batch = batches.batch(k, &schedule).unwrap();
            chosen(&batch).iter().for_each(|&x| seen[x as usize] += 1);
        }
        assert_eq!(seen, [2; 10]);
    }

    #[test]
    fn a_batch_does_not_depend_on_those_before() {
        let schedule = Schedule::cosine(1000).unwrap();
        let mut batches = Batches::new(numbers(10), 4, 1).unwrap();
        let in_turn: Vec<Batch> =
            (0..9).map(|k| batches.batch(k, &schedule).unwrap()).collect();
        for k in [8, 0, 5] {
            let fresh = Batches::new(numbers(10), 4, 1);
            let alone = fresh.unwrap().batch(k, &schedule).unwrap();
            let there = &in_turn[k as usize];
            assert_eq!(chosen(&alone), chosen(there));
            assert_eq!(alone.t, there.t);
            let values = |b: &Batch| {
                b.epsilon.flatten_all().unwrap().to_vec1::<f32>().unwrap()
            };
            assert_eq!(values(&alone), values(there));
        }
    }
}
