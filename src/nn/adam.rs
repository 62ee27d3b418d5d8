//! Adam and `AdamW`, with their state in the open.
//!
//! For each parameter, running means of the gradient `g` and of its square:
//!
//! - `m ← β₁ m + (1-β₁) g`, `v ← β₂ v + (1-β₂) g²`;
//! - both start at 0, so after `k` steps they are too small by `1-β₁^k` and
//!   `1-β₂^k`: divide;
//! - `θ ← θ - η (m̂ / (√v̂ + eps) + λ θ)`.
//!
//! With `λ > 0` the weights decay apart from the gradient: `AdamW`. Matrices
//! between hidden layers may be left to [Muon](Adam::with_muon).
//! Source: Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019.

use super::kernels::Update;
use super::{Parameters, muon};
use crate::{Error, Result};
use candle_core::{Tensor, Var};
use rayon::prelude::*;

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPS: f64 = 1e-8;

/// The optimiser of a list of parameters.
///
/// ```
/// use candle_core::{DType, Device};
/// use ddpm::nn::{Adam, Parameters};
///
/// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
/// let x = parameters.builder().get(1, "x")?; // starts at 0
/// let mut adam = Adam::new(&parameters, 0.0)?;
/// for _ in 0..200 {
///     let loss = (&x - 3.0)?.sqr()?.sum_all()?;
///     let gradient = loss.backward()?.get(&x).unwrap().clone();
///     adam.step(&[gradient], 0.1)?;
/// }
/// assert_eq!(adam.steps, 200);
/// assert!((x.to_vec1::<f64>()?[0] - 3.0).abs() < 0.01);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Adam {
    vars: Vec<Var>,
    weight_decay: f64,
    /// Muon's learning rate over Adam's; 0 if all are Adam's.
    muon: f64,
    /// Steps taken so far, `k`.
    pub steps: u32,
    /// `m` and `v` of each parameter, in the order of [`Parameters::named`]; of
    /// one that Muon moves, `v` stays 0. On a CPU they change in place: to keep
    /// them, copy them.
    pub moments: Vec<(Tensor, Tensor)>,
}

impl Adam {
    /// Adam for all parameters that `parameters` has now; `weight_decay` is
    /// `λ`, 0 for plain Adam.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Adam, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// parameters.builder().get((2, 3), "weight")?;
    /// let adam = Adam::new(&parameters, 0.0)?;
    /// assert_eq!((adam.steps, adam.moments.len()), (0, 1));
    /// assert_eq!(adam.moments[0].0.dims(), [2, 3]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(parameters: &Parameters, weight_decay: f64) -> Result<Self> {
        let vars = parameters.vars();
        let mut moments = Vec::with_capacity(vars.len());
        for var in &vars {
            moments.push((var.zeros_like()?, var.zeros_like()?));
        }
        Ok(Self { vars, weight_decay, muon: 0.0, steps: 0, moments })
    }

    /// Leaves convolutions between hidden layers to Muon, which steps as far in
    /// every direction that the gradient has, with `factor` times the learning
    /// rate; 0 for none.
    ///
    /// # Formula
    /// `θ ← θ - η (√max(1, rows/columns) U Vᵀ + λ θ)`, where `U S Vᵀ` is the
    /// decomposition of a running mean of the gradient as a matrix, `C_out` by
    /// `C_in k²`.
    ///
    /// Source: Jordan et al. 2024, with Nesterov's momentum.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Adam, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// let weight = parameters.builder().get((8, 8, 1, 1), "w")?; // zeros
    /// let mut adam = Adam::new(&parameters, 0.0)?.with_muon(10.0);
    /// let gradient = weight.randn_like(0.0, 1.0)?.detach();
    /// adam.step(&[gradient], 0.01)?;
    /// // Each of eight directions was moved along by about 10 · 0.01.
    /// let length = weight.sqr()?.sum_all()?.to_scalar::<f64>()?.sqrt();
    /// assert!((length / 8_f64.sqrt() - 0.1).abs() < 0.04);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn with_muon(mut self, factor: f64) -> Self {
        self.muon = factor;
        self
    }

    /// One step with learning rate `rate`, on one gradient a parameter.
    ///
    /// # Errors
    /// If a gradient has the wrong shape, or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Adam, Parameters};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// let x = parameters.builder().get(1, "x")?; // starts at 0
    /// let mut adam = Adam::new(&parameters, 0.0)?;
    /// // However large the gradient, the first step has the size of the rate.
    /// adam.step(&[Tensor::new(&[1000.0], &Device::Cpu)?], 0.1)?;
    /// assert!((x.to_vec1::<f64>()?[0] + 0.1).abs() < 1e-6);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn step(&mut self, gradients: &[Tensor], rate: f64) -> Result<()> {
        if gradients.len() != self.vars.len() {
            return Err(Error::argument(
                "gradients",
                format!("one for each of {} parameters", self.vars.len()),
                gradients.len(),
            ));
        }
        self.steps += 1;
        let steps = f64::from(self.steps);
        let corrections = (1.0 - BETA_1.powf(steps), 1.0 - BETA_2.powf(steps));
        let weight_decay = self.weight_decay;
        let step = Update::Adam { rate, corrections, weight_decay, eps: EPS };
        let factor = self.muon;
        let update =
            |((var, (m, v)), g): ((&Var, &mut (Tensor, Tensor)), _)| {
                // Without the graph that a parameter's gradient may carry.
                let g = Tensor::detach(g);
                if factor > 0.0 && muon::moves(var) {
                    *m = Update::Mean(muon::MOMENTUM).apply(m, &g, &g)?;
                    let rate = factor * rate;
                    let along = (muon::direction(m, &g)? * rate)?;
                    let kept = 1.0 - rate * weight_decay;
                    return var
                        .set(&((var.as_detached_tensor() * kept)? - along)?);
                }
                *m = Update::Mean(BETA_1).apply(m, &g, &g)?;
                *v = Update::MeanOfSquares(BETA_2).apply(v, &g, &g)?;
                step.apply_to(var, m, v)
            };
        let mut state = self.vars.iter().zip(&mut self.moments).zip(gradients);
        // Side by side where that is threads, not a queue of one device.
        if gradients.iter().all(|g| g.device().is_cpu()) {
            let state: Vec<_> = state.collect();
            state.into_par_iter().try_for_each(update)?;
        } else {
            state.try_for_each(update)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// candle detaches gradients on their way through the graph, but not
    /// those that arrive at a parameter; kept, they would hold the whole
    /// forward pass of every step in memory.
    #[test]
    fn moments_hold_no_graph() {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let builder = parameters.builder();
        let a = builder.get(3, "a").unwrap();
        let b = builder.get(3, "b").unwrap();
        let mut adam = Adam::new(&parameters, 0.0).unwrap();
        let c = ((&a + 1.0).unwrap() * (&b + 1.0).unwrap()).unwrap();
        let kernel = c.reshape((1, 1, 3)).unwrap();
        let loss = kernel.conv1d(&kernel, 0, 1, 1, 1).unwrap();
        let loss =
            (loss.sum_all().unwrap() + (&a * &b).unwrap().sum_all()).unwrap();
        let store = loss.backward().unwrap();
        let named = parameters.named();
        let gradients: Vec<_> =
            named.iter().map(|(_, v)| store.get(v).unwrap().clone()).collect();
        assert!(gradients.iter().any(Tensor::track_op), "else no test");
        adam.step(&gradients, 0.1).unwrap();
        for (m, v) in &adam.moments {
            assert!(!m.track_op() && !v.track_op());
        }
    }
    use approx::assert_relative_eq;
    use candle_core::{DType, Device};

    fn run(weight_decay: f64, gradients: &[f64]) -> Vec<f64> {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let hint = candle_nn::Init::Const(1.0);
        parameters.builder().get_with_hints(1, "x", hint).unwrap();
        let mut adam = Adam::new(&parameters, weight_decay).unwrap();
        let var = parameters.named()[0].1.clone();
        let step = |g: &f64| {
            let g = Tensor::from_slice(&[*g], 1, &Device::Cpu).unwrap();
            adam.step(&[g], 0.1).unwrap();
            var.to_vec1::<f64>().unwrap()[0]
        };
        gradients.iter().map(step).collect()
    }

    /// Whatever the gradient's size, the first step is the learning rate.
    #[test]
    fn the_first_step_has_the_size_of_the_learning_rate() {
        for g in [1e-3, 1.0, 1e3] {
            assert_relative_eq!(run(0.0, &[g])[0], 0.9, epsilon = 1e-5);
            assert_relative_eq!(run(0.0, &[-g])[0], 1.1, epsilon = 1e-5);
        }
    }

    #[test]
    fn a_constant_gradient_moves_by_the_rate_every_step() {
        let path = run(0.0, &[0.5; 5]);
        for (k, x) in (1..).zip(path) {
            assert_relative_eq!(x, 1.0 - 0.1 * f64::from(k), epsilon = 1e-6);
        }
    }

    /// ```python
    /// x = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    /// adam = torch.optim.AdamW([x], lr=0.1, weight_decay=0.01)
    /// for g in [1.0, -2.0, 0.5]: x.grad = torch.tensor([g]); adam.step()
    /// ```
    /// The same by hand: each step's m, v and decay written out.
    #[test]
    fn three_steps_by_hand() {
        let (mut x, mut m, mut v) = (1.0, 0.0, 0.0);
        let mut by_hand = vec![];
        for (k, g) in [(1, 1.0), (2, -2.0), (3, 0.5_f64)] {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            let m_hat = m / (1.0 - 0.9_f64.powi(k));
            let v_hat = v / (1.0 - 0.999_f64.powi(k));
            x -= 0.1 * 0.01 * x;
            x -= 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
            by_hand.push(x);
        }
        for (a, b) in run(0.01, &[1.0, -2.0, 0.5]).iter().zip(by_hand) {
            assert_relative_eq!(*a, b, epsilon = 1e-12);
        }
    }
}
