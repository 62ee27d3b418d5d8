//! Updates of variables in place: exponential moving averages, and Adam.
//!
//! A step of Adam takes a dozen operations on tensors, and each creates a tensor.
//! Here every value is read once and written once. On other devices than the CPU,
//! candle's operations are used.

use crate::op::{as_slice, has_kernels};
use crate::parallel::{update_2, update_3};
use crate::simd::Float;
use candle_core::{
    CpuStorage, InplaceOp2, InplaceOp3, Layout, Result, Tensor, Var,
};

/// Moves `x` towards `y`: `x ← x + weight (y - x)`.
///
/// With `weight` constant, `x` is an exponential moving average of `y`. The form
/// `(1 - weight) x + weight y` would drift: rounded, the two factors do not add
/// up to 1.
///
/// # Errors
/// If the shapes or types differ.
///
/// ```
/// use candle_core::{Device, Tensor, Var};
/// let x = Var::new(&[0_f32, 10.0], &Device::Cpu)?;
/// let y = Tensor::new(&[4_f32, 10.0], &Device::Cpu)?;
/// candle_fused::lerp_inplace(&x, &y, 0.25)?;
/// assert_eq!(x.to_vec1::<f32>()?, [1.0, 10.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn lerp_inplace(x: &Var, y: &Tensor, weight: f64) -> Result<()> {
    Lerp { weight, square: false }.apply(x, y)
}

/// Adam, or `AdamW` where `weight_decay` is above 0.
///
/// # Formula
/// For a parameter `θ` with gradient `g`, moments `m` and `v` that start at 0, and
/// the learning rate `η`, step `k` is
///
/// - `m ← β₁ m + (1-β₁) g` and `v ← β₂ v + (1-β₂) g²`,
/// - `m̂ = m / (1-β₁ᵏ)` and `v̂ = v / (1-β₂ᵏ)`,
/// - `θ ← θ - η (m̂ / (√v̂ + eps) + λ θ)`.
///
/// Source: Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019 for `λ`.
///
/// ```
/// use candle_fused::Adam;
/// let adam_w = Adam { weight_decay: 0.01, ..Adam::default() };
/// assert_eq!((adam_w.beta_1, adam_w.beta_2), (0.9, 0.999));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adam {
    /// `β₁`, the decay of the running mean of the gradient.
    pub beta_1: f64,
    /// `β₂`, the decay of the running mean of the squared gradient.
    pub beta_2: f64,
    /// Keeps the division finite.
    pub eps: f64,
    /// `λ`: each step shrinks the parameter by `η λ` of itself.
    pub weight_decay: f64,
}

impl Default for Adam {
    /// Returns the paper's values, without weight decay.
    fn default() -> Self {
        Self { beta_1: 0.9, beta_2: 0.999, eps: 1e-8, weight_decay: 0.0 }
    }
}

impl Adam {
    /// Updates a parameter `theta` and its two `moments` `(m, v)` in place; `step` is
    /// 1 for the first step.
    ///
    /// # Errors
    /// If the shapes or types differ.
    ///
    /// ```
    /// use candle_core::{Device, Tensor, Var};
    /// use candle_fused::Adam;
    ///
    /// let zero = || Var::new(&[0_f64], &Device::Cpu);
    /// let (theta, m, v) = (zero()?, zero()?, zero()?);
    /// let grad = Tensor::new(&[1000_f64], &Device::Cpu)?;
    /// Adam::default().step(&theta, (&m, &v), &grad, 1, 0.1)?;
    /// // The first step has the size of the learning rate.
    /// assert!((theta.to_vec1::<f64>()?[0] + 0.1).abs() < 1e-6);
    /// # Ok::<(), candle_core::Error>(())
    /// ```
    pub fn step(
        &self,
        theta: &Var,
        moments: (&Var, &Var),
        grad: &Tensor,
        step: u32,
        learning_rate: f64,
    ) -> Result<()> {
        let (Self { beta_1, beta_2, .. }, (m, v)) = (*self, moments);
        Lerp { weight: 1.0 - beta_1, square: false }.apply(m, grad)?;
        Lerp { weight: 1.0 - beta_2, square: true }.apply(v, grad)?;
        let steps = f64::from(step);
        let corrections = [1.0 - beta_1.powf(steps), 1.0 - beta_2.powf(steps)];
        let update = AdamUpdate { adam: *self, learning_rate, corrections };
        update.apply(theta, m, v)
    }
}

/// `x ← x + weight (y - x)`, with `y²` for `y` if `square`.
struct Lerp {
    weight: f64,
    square: bool,
}

impl Lerp {
    fn apply(&self, x: &Var, y: &Tensor) -> Result<()> {
        check("lerp_inplace", x, &[y])?;
        let (x_now, y) = (x.as_detached_tensor(), y.detach());
        if has_kernels(x) {
            return x_now.inplace_op2(&y.contiguous()?, self);
        }
        let y = if self.square { y.sqr()? } else { y };
        x.set(&(&x_now + ((y - &x_now)? * self.weight)?)?)
    }

    fn run<T: Float>(&self, x: &mut [T], y: &[T]) {
        let weight = T::from_f64(self.weight);
        if self.square {
            update_2(x, y, |x, y| weight.multiply_add(y * y - x, x));
        } else {
            update_2(x, y, |x, y| weight.multiply_add(y - x, x));
        }
    }
}

impl InplaceOp2 for Lerp {
    fn name(&self) -> &'static str {
        "lerp_inplace"
    }

    fn cpu_fwd(
        &self,
        x: &mut CpuStorage,
        x_layout: &Layout,
        y: &CpuStorage,
        y_layout: &Layout,
    ) -> Result<()> {
        match x {
            CpuStorage::F64(x) => {
                let y = as_slice(y, y_layout)?;
                self.run(as_mut_slice(x, x_layout)?, y);
            }
            CpuStorage::F32(x) => {
                let y = as_slice(y, y_layout)?;
                self.run(as_mut_slice(x, x_layout)?, y);
            }
            _ => candle_core::bail!("expected f32 or f64"),
        }
        Ok(())
    }
}

/// The last line of Adam's formula; `corrections` are `1-β₁^step` and
/// `1-β₂^step`.
struct AdamUpdate {
    adam: Adam,
    learning_rate: f64,
    corrections: [f64; 2],
}

impl AdamUpdate {
    fn apply(&self, theta: &Var, m: &Var, v: &Var) -> Result<()> {
        check("Adam", theta, &[m, v])?;
        let [now, m, v] = [theta, m, v].map(Var::as_detached_tensor);
        if has_kernels(theta) {
            return now.inplace_op3(&m, &v, self);
        }
        let Self { learning_rate, corrections, .. } = *self;
        let Adam { eps, weight_decay, .. } = self.adam;
        let [c_1, c_2] = corrections;
        let direction = ((m / c_1)? / ((v / c_2)?.sqrt()? + eps)?)?;
        let kept = (now * (1.0 - learning_rate * weight_decay))?;
        theta.set(&(kept - (direction * learning_rate)?)?)
    }

    fn run<T: Float>(&self, theta: &mut [T], m: &[T], v: &[T]) {
        let Self { learning_rate, corrections, .. } = *self;
        let Adam { eps, weight_decay, .. } = self.adam;
        let kept = T::from_f64(1.0 - learning_rate * weight_decay);
        let [c_1, c_2] = corrections.map(|c| T::from_f64(c.recip()));
        let (rate, eps) = (T::from_f64(learning_rate), T::from_f64(eps));
        update_3(theta, m, v, |theta, m, v| {
            kept * theta - rate * (m * c_1) / ((v * c_2).sqrt() + eps)
        });
    }
}

impl InplaceOp3 for AdamUpdate {
    fn name(&self) -> &'static str {
        "Adam"
    }

    fn cpu_fwd(
        &self,
        theta: &mut CpuStorage,
        theta_layout: &Layout,
        m: &CpuStorage,
        m_layout: &Layout,
        v: &CpuStorage,
        v_layout: &Layout,
    ) -> Result<()> {
        match theta {
            CpuStorage::F64(theta) => {
                let (m, v) = (as_slice(m, m_layout)?, as_slice(v, v_layout)?);
                self.run(as_mut_slice(theta, theta_layout)?, m, v);
            }
            CpuStorage::F32(theta) => {
                let (m, v) = (as_slice(m, m_layout)?, as_slice(v, v_layout)?);
                self.run(as_mut_slice(theta, theta_layout)?, m, v);
            }
            _ => candle_core::bail!("expected f32 or f64"),
        }
        Ok(())
    }
}

fn as_mut_slice<'a, T>(
    values: &'a mut [T],
    layout: &Layout,
) -> Result<&'a mut [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&mut values[start..end]),
        None => candle_core::bail!("expected a contiguous variable"),
    }
}

fn check(name: &str, x: &Tensor, others: &[&Tensor]) -> Result<()> {
    for y in others {
        if x.shape() != y.shape() || x.dtype() != y.dtype() {
            let ((a, b), (s, t)) =
                ((x.dims(), y.dims()), (x.dtype(), y.dtype()));
            candle_core::bail!("{name}: {s:?} {a:?} and {t:?} {b:?} differ")
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_close, check};
    use candle_core::DType;

    fn var(random: &mut Random, shape: (usize, usize)) -> Var {
        Var::from_tensor(&random.tensor(shape)).unwrap()
    }

    #[test]
    fn lerp_inplace_moves_towards_its_target() {
        check(|(a, b): (Size<4>, Size<40>), seed| {
            let mut random = Random::new(seed);
            let x = var(&mut random, (a.0, b.0));
            let y = random.tensor((a.0, b.0));
            let expected =
                ((x.as_tensor() * 0.9).unwrap() + (&y * 0.1).unwrap()).unwrap();
            lerp_inplace(&x, &y, 0.1).unwrap();
            assert_close(&x, &expected, 1e-12);
        });
    }

    /// In f32 an average of a constant stays that constant.
    #[test]
    fn lerp_inplace_does_not_drift() {
        let y = Random::new(1).tensor((1, 40)).to_dtype(DType::F32).unwrap();
        let x = Var::from_tensor(&y).unwrap();
        for _ in 0..100_000 {
            lerp_inplace(&x, &y, 1e-4).unwrap();
        }
        assert_close(&x, &y, 0.0);
    }

    /// The formula, value by value.
    #[test]
    fn adam_computes_the_formula() {
        check(|(a, b): (Size<4>, Size<40>), seed| {
            let mut random = Random::new(seed);
            let [theta, m, v] =
                std::array::from_fn(|_| var(&mut random, (a.0, b.0)));
            v.set(&v.sqr().unwrap()).unwrap();
            let grad = random.tensor((a.0, b.0));
            let adam = Adam { weight_decay: 0.01, ..Adam::default() };
            let values = |x: &Tensor| -> Vec<f64> {
                x.flatten_all().unwrap().to_vec1().unwrap()
            };
            let before = [&theta, &m, &v].map(|x| values(x));
            adam.step(&theta, (&m, &v), &grad, 3, 0.1).unwrap();
            let after = [&theta, &m, &v].map(|x| values(x));
            for (i, g) in values(&grad).into_iter().enumerate() {
                let [theta, m, v] = before.each_ref().map(|x| x[i]);
                let m = 0.9 * m + 0.1 * g;
                let v = 0.999 * v + 0.001 * g * g;
                let m_hat = m / (1.0 - 0.9_f64.powi(3));
                let v_hat = v / (1.0 - 0.999_f64.powi(3));
                let direction = m_hat / (v_hat.sqrt() + 1e-8) + 0.01 * theta;
                let expected = [theta - 0.1 * direction, m, v];
                for (after, expected) in after.iter().zip(expected) {
                    assert!((after[i] - expected).abs() < 1e-12);
                }
            }
        });
    }

    #[test]
    fn updates_refuse_shapes_that_differ() {
        let mut random = Random::new(0);
        let x = var(&mut random, (2, 3));
        let error = lerp_inplace(&x, &random.tensor((3, 2)), 0.1).unwrap_err();
        assert!(error.to_string().contains("[2, 3]"), "{error}");
    }
}
