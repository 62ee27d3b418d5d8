//! An exponential moving average of the parameters.
//!
//! `θ̄ ← d θ̄ + (1-d) θ` after every step. Samples are drawn with `θ̄`: the
//! last parameters jump about with the last batches, their average does not.
//!
//! With a fixed `d` the average would remember the random start for `1/(1-d)`
//! steps. So `d` warms up: after `k` steps it is `(1+k)/(10+k)`, which makes
//! the average cover about the last tenth of the training, until it reaches
//! its final value.

use super::Parameters;
use super::kernels::Update;
use crate::Result;
use candle_core::{Tensor, Var};

/// The averaged parameters.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Ema, Parameters};
///
/// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
/// let x = parameters.builder().get(1, "x")?; // starts at 0
/// let mut ema = Ema::new(&parameters, 0.9)?;
/// let one = Tensor::new(&[1.0], &Device::Cpu)?;
/// parameters.named()[0].1.set(&one)?;
/// (1..=200).try_for_each(|step| ema.update(step))?;
/// // It has forgotten where it started.
/// assert!((ema.averages[0].to_vec1::<f64>()?[0] - 1.0).abs() < 1e-6);
/// assert_eq!(x.to_vec1::<f64>()?, [1.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Ema {
    vars: Vec<Var>,
    decay: f64,
    /// The average of each parameter, in the order of
    /// [`Parameters::named`]. On a CPU they change in place: to keep them, copy
    /// them.
    pub averages: Vec<Tensor>,
}

impl Ema {
    /// An average that starts at what the parameters are now; `decay` is the
    /// final `d`.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Ema, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// parameters.builder().get(2, "x")?; // starts at 0
    /// let ema = Ema::new(&parameters, 0.999)?;
    /// parameters.randomize(1, 1.0)?;
    /// // A copy: it moves only with `update`.
    /// assert_eq!(ema.averages[0].to_vec1::<f64>()?, [0.0, 0.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(parameters: &Parameters, decay: f64) -> Result<Self> {
        let vars = parameters.vars();
        let mut averages = Vec::with_capacity(vars.len());
        for var in &vars {
            averages.push(var.as_tensor().copy()?.detach());
        }
        Ok(Self { vars, decay, averages })
    }

    /// Takes in what the parameters are after `step` training steps.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Ema, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// parameters.builder().get(1, "x")?; // starts at 0
    /// let mut ema = Ema::new(&parameters, 0.999)?;
    /// let one = Tensor::new(&[1.0], &Device::Cpu)?;
    /// parameters.named()[0].1.set(&one)?;
    /// ema.update(1)?; // d is 2/11
    /// let average = ema.averages[0].to_vec1::<f64>()?[0];
    /// assert!((average - 9.0 / 11.0).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn update(&mut self, step: u32) -> Result<()> {
        let d = self.decay_at(step);
        for (average, var) in self.averages.iter_mut().zip(&self.vars) {
            let theta = var.as_tensor().detach();
            *average = Update::Mean(d).apply(average, &theta, &theta)?;
        }
        Ok(())
    }

    /// `d` after `step` steps.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Ema, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// let ema = Ema::new(&parameters, 0.999)?;
    /// assert_eq!(ema.decay_at(0), 0.1);
    /// assert_eq!(ema.decay_at(90), 0.91);
    /// assert_eq!(ema.decay_at(100_000), 0.999);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn decay_at(&self, step: u32) -> f64 {
        let k = f64::from(step);
        self.decay.min((1.0 + k) / (10.0 + k))
    }

    /// Puts the averages in the place of the parameters, and gives back what
    /// these were, for [`restore`](Self::restore).
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Ema, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// let x = parameters.builder().get(2, "x")?; // starts at 0
    /// let ema = Ema::new(&parameters, 0.999)?;
    /// parameters.randomize(1, 1.0)?;
    /// let before = ema.swap_in()?;
    /// assert_eq!(x.to_vec1::<f64>()?, [0.0, 0.0]);
    /// ema.restore(&before)?;
    /// assert_ne!(x.to_vec1::<f64>()?, [0.0, 0.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn swap_in(&self) -> Result<Vec<Tensor>> {
        let mut before = Vec::with_capacity(self.vars.len());
        for var in &self.vars {
            before.push(var.as_tensor().copy()?.detach());
        }
        self.restore(&self.averages)?;
        Ok(before)
    }

    /// Sets the parameters to `values`.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Ema, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// let x = parameters.builder().get(2, "x")?;
    /// let ema = Ema::new(&parameters, 0.999)?;
    /// ema.restore(&[Tensor::new(&[3.0, 4.0], &Device::Cpu)?])?;
    /// assert_eq!(x.to_vec1::<f64>()?, [3.0, 4.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn restore(&self, values: &[Tensor]) -> Result<()> {
        for (value, var) in values.iter().zip(&self.vars) {
            var.set(value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use candle_core::{DType, Device};
    use candle_nn::Init;

    #[test]
    fn the_average_follows_and_is_swapped_in() {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let builder = parameters.builder();
        builder.get_with_hints(1, "x", Init::Const(0.0)).unwrap();
        let var = parameters.named()[0].1.clone();
        let mut ema = Ema::new(&parameters, 0.5).unwrap();
        let mut by_hand = 0.0;
        for step in 1..=20 {
            let x = f64::from(step);
            var.set(&Tensor::new(&[x], &Device::Cpu).unwrap()).unwrap();
            ema.update(step).unwrap();
            let d = ((1.0 + x) / (10.0 + x)).min(0.5);
            by_hand = d * by_hand + (1.0 - d) * x;
            let average = ema.averages[0].to_vec1::<f64>().unwrap()[0];
            assert_relative_eq!(average, by_hand, max_relative = 1e-12);
        }
        let value = || var.to_vec1::<f64>().unwrap()[0];
        let before = ema.swap_in().unwrap();
        assert_relative_eq!(value(), by_hand);
        ema.restore(&before).unwrap();
        assert_relative_eq!(value(), 20.0);
    }
}
