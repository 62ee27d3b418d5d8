//! Parameters and running means, updated in place.
//!
//! Adam and the average are a few operations on every number; as operations on
//! tensors each of them makes a new tensor. Here a number is read, computed
//! with and written once:
//!
//! - `x ← β x + (1-β) a`, a running mean;
//! - `x ← β x + (1-β) a²`, one of squares;
//! - `x ← (1 - η λ) x - η (a/c₁) / (√(b/c₂) + eps)`, Adam's step, with the
//!   means `a` and `b`.

use super::op::numbers;
use super::parts::update_each;
use super::real::Real;
use super::value::has_kernels;
use candle_core::{CpuStorage, InplaceOp3, Layout, Result, Tensor, Var};

/// What becomes of `x`, given `a` and `b`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Update {
    /// A running mean of `a` that keeps `β` of itself.
    Mean(f64),
    /// One of `a²`.
    MeanOfSquares(f64),
    /// A step of Adam along the means `a` and `b`.
    Adam {
        /// `η`.
        rate: f64,
        /// `c₁` and `c₂`.
        corrections: (f64, f64),
        /// `λ`.
        weight_decay: f64,
        eps: f64,
    },
}

impl Update {
    /// The new value of `x`, of its shape: `x` itself where it could be changed
    /// in place, or a new tensor.
    ///
    /// # Errors
    /// If the shapes or types differ, or the device fails.
    pub(crate) fn apply(
        self,
        x: &Tensor,
        a: &Tensor,
        b: &Tensor,
    ) -> Result<Tensor> {
        if !has_kernels(x) {
            return self.composed(x, a, b);
        }
        if x.shape() != a.shape() || x.shape() != b.shape() {
            let shapes = (x.shape(), a.shape(), b.shape());
            candle_core::bail!("an update of {shapes:?}")
        }
        x.inplace_op3(&a.contiguous()?, &b.contiguous()?, &self)?;
        Ok(x.clone())
    }

    /// The same for a parameter, which keeps its place on every device.
    ///
    /// # Errors
    /// As those of [`apply`](Self::apply).
    pub(crate) fn apply_to(
        self,
        var: &Var,
        a: &Tensor,
        b: &Tensor,
    ) -> Result<()> {
        let x = var.as_tensor().detach();
        let new = self.apply(&x, a, b)?;
        if has_kernels(&x) {
            return Ok(()); // it was changed in place
        }
        var.set(&new)
    }

    /// The same from candle's operations, on any device.
    fn composed(self, x: &Tensor, a: &Tensor, b: &Tensor) -> Result<Tensor> {
        match self {
            Self::Mean(beta) => (x * beta)? + (a * (1.0 - beta))?,
            Self::MeanOfSquares(beta) => {
                (x * beta)? + (a.sqr()? * (1.0 - beta))?
            }
            Self::Adam { rate, corrections, weight_decay, eps } => {
                let deviation = ((b / corrections.1)?.sqrt()? + eps)?;
                let update = ((a / corrections.0)? / deviation)?;
                (x * (1.0 - rate * weight_decay))? - (update * rate)?
            }
        }
    }
}

impl Update {
    fn run<T: Real>(self, x: &mut [T], a: &[T], b: &[T]) {
        let number = T::from_f64;
        match self {
            Self::Mean(beta) => {
                let (old, new) = (number(beta), number(1.0 - beta));
                update_each(x, a, b, |x, a, _| old * x + new * a);
            }
            Self::MeanOfSquares(beta) => {
                let (old, new) = (number(beta), number(1.0 - beta));
                update_each(x, a, b, |x, a, _| old * x + new * a * a);
            }
            Self::Adam { rate, corrections, weight_decay, eps } => {
                let kept = number(1.0 - rate * weight_decay);
                let (c_1, c_2) = corrections;
                let (c_1, c_2) = (number(1.0 / c_1), number(1.0 / c_2));
                let (rate, eps) = (number(rate), number(eps));
                update_each(x, a, b, |x, a, b| {
                    kept * x - rate * (a * c_1) / ((b * c_2).sqrt() + eps)
                });
            }
        }
    }
}

impl InplaceOp3 for Update {
    fn name(&self) -> &'static str {
        "update"
    }

    fn cpu_fwd(
        &self,
        x: &mut CpuStorage,
        x_layout: &Layout,
        a: &CpuStorage,
        a_layout: &Layout,
        b: &CpuStorage,
        b_layout: &Layout,
    ) -> Result<()> {
        let Some((start, end)) = x_layout.contiguous_offsets() else {
            candle_core::bail!("an update of a strided tensor")
        };
        let of = |layout: &Layout| layout.contiguous_offsets();
        let (of_a, of_b) = (of(a_layout), of(b_layout));
        match x {
            CpuStorage::F32(x) => self.run(
                &mut x[start..end],
                numbers(a, of_a)?,
                numbers(b, of_b)?,
            ),
            CpuStorage::F64(x) => self.run(
                &mut x[start..end],
                numbers(a, of_a)?,
                numbers(b, of_b)?,
            ),
            _ => candle_core::bail!("an update of neither f32 nor f64"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_close};
    use crate::testing::check;

    #[test]
    fn in_place_is_what_candle_computes() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let shape = [1 + draw.below(4), 1 + draw.below(40)];
            let [x, a, b] = std::array::from_fn(|_| draw.tensor(&shape));
            let b = b.sqr().unwrap();
            for update in [
                Update::Mean(0.9),
                Update::MeanOfSquares(0.99),
                Update::Adam {
                    rate: 0.1,
                    corrections: (0.3, 0.02),
                    weight_decay: 0.01,
                    eps: 1e-8,
                },
            ] {
                let expected = update.composed(&x, &a, &b).unwrap();
                let result = update.apply(&x, &a, &b).unwrap();
                assert_close(&result, &expected, 1e-12);
                assert_close(&x, &expected, 1e-12); // itself
            }
        });
    }
}
