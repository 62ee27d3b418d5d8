//! A named stream of random numbers.

use super::{Purpose, philox};
use std::f64::consts::TAU;

/// An endless stream of random numbers; see [`stream`].
///
/// ```
/// use ddpm::random::{Purpose, stream};
/// let mut random = stream(42, Purpose::Data, 0, 0);
/// random.normal();
/// // A copy goes on from where the stream is.
/// let mut copy = random.clone();
/// assert_eq!(copy.normal(), random.normal());
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4], // block, index, step, purpose
    words: [u32; 4],
    used: usize,
    spare_normal: Option<f64>,
}

/// Returns the stream of this name, from its beginning.
///
/// ```
/// use ddpm::random::{Purpose, stream};
/// let mut a = stream(42, Purpose::SampleStart, 0, 7);
/// let mut b = stream(42, Purpose::SampleStart, 0, 7);
/// let mut c = stream(42, Purpose::SampleStart, 0, 8);
/// let first = a.normal();
/// assert_eq!(first, b.normal());
/// assert_ne!(first, c.normal());
/// ```
#[allow(clippy::cast_possible_truncation)] // the key is the seed's two halves
pub fn stream(seed: u64, purpose: Purpose, step: u32, index: u32) -> Stream {
    Stream {
        key: [seed as u32, (seed >> 32) as u32],
        counter: [0, index, step, purpose as u32],
        words: [0; 4],
        used: 4,
        spare_normal: None,
    }
}

impl Stream {
    /// Returns 32 random bits.
    ///
    /// ```
    /// use ddpm::random::{Purpose, philox, stream};
    /// let mut random = stream(7, Purpose::Data, 0, 3);
    /// let words: [u32; 4] = std::array::from_fn(|_| random.word());
    /// // The first block: the name is the counter, the seed the key.
    /// let counter = [0, 3, 0, Purpose::Data as u32];
    /// assert_eq!(words, philox::block(counter, [7, 0]));
    /// ```
    pub fn word(&mut self) -> u32 {
        if self.used == 4 {
            self.words = philox::block(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// Returns a uniform number strictly between 0 and 1.
    ///
    /// ```
    /// use ddpm::random::{Purpose, stream};
    /// let mut random = stream(0, Purpose::Data, 0, 0);
    /// let sum: f64 = (0..10_000).map(|_| random.uniform()).sum();
    /// assert!((sum / 10_000.0 - 0.5).abs() < 0.02);
    /// ```
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.word()) + 0.5) / 4_294_967_296.0
    }

    /// Draws an integer of `0..bound`, or 0 if `bound` is 0.
    ///
    /// The bias is below `bound / 2^64`.
    ///
    /// ```
    /// use ddpm::random::{Purpose, stream};
    /// let mut die = stream(0, Purpose::Data, 0, 0);
    /// let sixes = (0..6000).filter(|_| 1 + die.below(6) == 6).count();
    /// assert!(sixes.abs_diff(1000) < 150);
    /// ```
    #[allow(clippy::cast_possible_truncation)] // the result is below bound
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u64::from(self.word()) << 32 | u64::from(self.word());
        ((u128::from(wide) * bound as u128) >> 64) as usize
    }

    /// Draws from `N(0, 1)`.
    ///
    /// # Formula
    /// `√(-2 ln u) cos 2πv` and `√(-2 ln u) sin 2πv` for uniform `u` and `v`: two
    /// independent draws, within ±6.8. The functions are those of `libm`, so the
    /// draws are the same on every machine.
    ///
    /// Source: Box and Muller 1958.
    ///
    /// ```
    /// use ddpm::random::{Purpose, stream};
    /// let mut random = stream(0, Purpose::Data, 0, 0);
    /// let squares: f64 = (0..10_000).map(|_| random.normal().powi(2)).sum();
    /// assert!((squares / 10_000.0 - 1.0).abs() < 0.1);
    /// ```
    pub fn normal(&mut self) -> f64 {
        if let Some(normal) = self.spare_normal.take() {
            return normal;
        }
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        let (sin, cos) = libm::sincos(TAU * self.uniform());
        self.spare_normal = Some(radius * sin);
        radius * cos
    }

    /// Fills a slice with draws from `N(0, 1)`.
    ///
    /// ```
    /// use ddpm::random::{Purpose, stream};
    /// let mut random = stream(0, Purpose::Data, 0, 0);
    /// let mut values = [0.0; 3];
    /// random.clone().fill_normal(&mut values);
    /// assert_eq!(values, [(); 3].map(|()| random.normal() as f32));
    /// ```
    #[allow(clippy::cast_possible_truncation)] // tensors hold f32
    pub fn fill_normal(&mut self, values: &mut [f32]) {
        values.fill_with(|| self.normal() as f32);
    }

    /// Puts a slice in random order (Fisher and Yates).
    ///
    /// ```
    /// use ddpm::random::{Purpose, stream};
    /// let mut cards: Vec<u32> = (0..52).collect();
    /// stream(0, Purpose::Shuffle, 0, 0).shuffle(&mut cards);
    /// assert!(!cards.is_sorted());
    /// cards.sort_unstable();
    /// assert_eq!(cards, (0..52).collect::<Vec<u32>>()); // none is lost
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check;

    const N: usize = 100_000;

    /// The mean of `N` draws of `f` lies within 5 standard errors.
    fn assert_mean(mean: f64, sd: f64, mut f: impl FnMut(&mut Stream) -> f64) {
        let mut random = stream(1, Purpose::Data, 0, 0);
        let sum: f64 = (0..N).map(|_| f(&mut random)).sum();
        let z = (sum / N as f64 - mean) / (sd / (N as f64).sqrt());
        assert!(z.abs() < 5.0, "z = {z}");
    }

    #[test]
    fn moments_are_right() {
        assert_mean(0.5, 12_f64.sqrt().recip(), Stream::uniform);
        assert_mean(0.0, 1.0, Stream::normal);
        assert_mean(1.0, 2_f64.sqrt(), |r| r.normal().powi(2));
        assert_mean(3.0, 96_f64.sqrt(), |r| r.normal().powi(4));
        // Neighbours, and the two halves of Box and Muller's pair.
        assert_mean(0.0, 1.0, |r| r.normal() * r.normal());
        assert_mean(4.5, 8.25_f64.sqrt(), |r| r.below(10) as f64);
    }

    #[test]
    fn names_do_not_overlap() {
        check(|seed| {
            let mut names = vec![];
            for purpose in [Purpose::TrainNoise, Purpose::SampleNoise] {
                for (step, index) in [(0, 0), (0, 1), (1, 0), (u32::MAX, 9)] {
                    names.push(stream(seed, purpose, step, index));
                }
            }
            names.push(stream(seed ^ (1 << 40), Purpose::TrainNoise, 0, 0));
            let mut firsts: Vec<[u32; 4]> = names
                .iter_mut()
                .map(|s| std::array::from_fn(|_| s.word()))
                .collect();
            firsts.sort_unstable();
            firsts.dedup();
            assert_eq!(firsts.len(), names.len());
        });
    }

    #[test]
    fn shuffling_permutes_and_every_place_is_as_likely() {
        let mut places = [0_u32; 5];
        for step in 0..5000 {
            let mut items = [0, 1, 2, 3, 4];
            stream(3, Purpose::Shuffle, step, 0).shuffle(&mut items);
            places[items.iter().position(|&i| i == 0).unwrap()] += 1;
            items.sort_unstable();
            assert_eq!(items, [0, 1, 2, 3, 4]);
        }
        // Binomial(5000, 1/5): mean 1000, standard deviation 28.
        assert!(places.iter().all(|&n| n.abs_diff(1000) < 5 * 29));
    }
}
