//! The exponential moving average (EMA) of the parameters.
//!
//! `θ̄ ← d θ̄ + (1-d) θ` after every step. Samples are drawn with `θ̄`: the
//! parameters `θ` fluctuate with the last batches, and their average does not.
//!
//! With a constant `d` the average would remember the random initial values for
//! about `1/(1-d)` steps. So `d` warms up: after `k` steps it is
//! `(1+k)/(10+k)`, which averages over about the last tenth of the run, until it
//! reaches its final value.

use crate::Result;
use crate::nn::Parameters;
use candle_core::{Tensor, Var};
use candle_fused::{Flat, lerp_inplace};

/// The averages of all parameters of a network, in tensors of their own.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::{nn::Parameters, optim::Ema};
///
/// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
/// let x = parameters.builder().get(1, "x")?; // starts at 0
/// let mut ema = Ema::new(&parameters, 0.9)?;
/// let one = Tensor::new(&[1.0], &Device::Cpu)?;
/// parameters.named()[0].1.set(&one)?;
/// (1..=200).try_for_each(|step| ema.update(step))?;
/// // The initial value is forgotten.
/// let (name, average) = ema.tensors()?.remove(0);
/// assert!((average.to_vec1::<f64>()?[0] - 1.0).abs() < 1e-6);
/// assert_eq!(name, "x");
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Ema {
    decay: f64,
    names: Vec<String>,
    theta: Flat,
    average: Var, // (n)
}

impl Ema {
    /// Creates an average that starts at what the parameters are now; `decay` is
    /// the final `d`.
    ///
    /// # Errors
    /// If there is no parameter, or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::{nn::Parameters, optim::Ema};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// parameters.builder().get(2, "x")?; // starts at 0
    /// let ema = Ema::new(&parameters, 0.999)?;
    /// let ones = Tensor::ones(2, DType::F64, &Device::Cpu)?;
    /// parameters.named()[0].1.set(&ones)?;
    /// // The average moves with `update` alone.
    /// assert_eq!(ema.tensors()?[0].1.to_vec1::<f64>()?, [0.0, 0.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(parameters: &Parameters, decay: f64) -> Result<Self> {
        let (names, vars): (Vec<_>, Vec<_>) =
            parameters.named().into_iter().unzip();
        let theta = Flat::new(vars)?;
        let average = Var::from_tensor(&theta.values()?)?;
        Ok(Self { decay, names, theta, average })
    }

    /// Moves the averages towards the parameters, after training step `step`.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::{nn::Parameters, optim::Ema};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// parameters.builder().get(1, "x")?; // starts at 0
    /// let mut ema = Ema::new(&parameters, 0.999)?;
    /// let one = Tensor::new(&[1.0], &Device::Cpu)?;
    /// parameters.named()[0].1.set(&one)?;
    /// ema.update(1)?; // d is 2/11
    /// let average = ema.tensors()?[0].1.to_vec1::<f64>()?[0];
    /// assert!((average - 9.0 / 11.0).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn update(&mut self, step: u32) -> Result<()> {
        let weight = 1.0 - self.decay_at(step);
        Ok(lerp_inplace(&self.average, &self.theta.values()?, weight)?)
    }

    /// Returns `d` after `step` steps.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::{nn::Parameters, optim::Ema};
    ///
    /// let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// parameters.builder().get(1, "x")?;
    /// let ema = Ema::new(&parameters, 0.999)?;
    /// assert_eq!(ema.decay_at(0), 0.1);
    /// assert_eq!(ema.decay_at(90), 0.91);
    /// assert_eq!(ema.decay_at(100_000), 0.999);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn decay_at(&self, step: u32) -> f64 {
        let k = f64::from(step);
        self.decay.min((1.0 + k) / (10.0 + k))
    }

    /// Returns a copy of every average with the name of its parameter, in the
    /// order of [`Parameters::named`].
    ///
    /// # Errors
    /// If the device fails.
    pub fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        self.named("", &self.average.as_detached_tensor().copy()?)
    }

    /// Returns the averages themselves, by name: `ema.<parameter>`. The tensors
    /// share their memory with the average's.
    pub(crate) fn state(&self) -> Result<Vec<(String, Tensor)>> {
        self.named("ema.", &self.average.as_detached_tensor())
    }

    fn named(
        &self,
        prefix: &str,
        average: &Tensor,
    ) -> Result<Vec<(String, Tensor)>> {
        let names = self.names.iter().map(|name| format!("{prefix}{name}"));
        Ok(names.zip(self.theta.split(average)?).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use candle_core::{DType, Device};

    #[test]
    fn ema_follows_the_formula_and_hands_out_copies() {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        parameters.builder().get(1, "x").unwrap();
        let var = parameters.named()[0].1.clone();
        let mut ema = Ema::new(&parameters, 0.5).unwrap();
        let value = |tensor: &Tensor| tensor.to_vec1::<f64>().unwrap()[0];
        let (mut by_hand, mut before) = (0.0, 0.0);
        let mut copies = vec![];
        for step in 1..=20 {
            let x = f64::from(step);
            var.set(&Tensor::new(&[x], &Device::Cpu).unwrap()).unwrap();
            ema.update(step).unwrap();
            let d = ((1.0 + x) / (10.0 + x)).min(0.5);
            (before, by_hand) = (by_hand, d * by_hand + (1.0 - d) * x);
            copies.push(ema.tensors().unwrap().remove(0).1);
            let average = value(&copies[copies.len() - 1]);
            assert_relative_eq!(average, by_hand, max_relative = 1e-12);
            assert_relative_eq!(value(&var), x);
        }
        // A copy stays what it was.
        let earlier = value(&copies[copies.len() - 2]);
        assert_relative_eq!(earlier, before, max_relative = 1e-12);
    }
}
