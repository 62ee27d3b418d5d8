//! Group normalisation and SiLU in one operation.
//!
//! For each image the channels are split into groups; with `m` and `v` the
//! mean and variance over a group's channels and pixels,
//!
//! - `z = (x - m) r`, with `r = 1/√(v + eps)`,
//! - `y = γ_c z + β_c`,
//! - out `= y σ(y)` with `σ(y) = 1/(1 + e^{-y})`: SiLU.
//!
//! Backward, with `G` the gradient of the output:
//!
//! - `∂y = G σ(y) (1 + y (1 - σ(y)))`,
//! - `∂γ_c = Σ ∂y z` and `∂β_c = Σ ∂y`, over images and pixels,
//! - `∂z = γ_c ∂y`, and since `m` and `v` depend on `x` too,
//!   `∂x = r (∂z - mean(∂z) - z mean(∂z z))`, the means over the group.
//!
//! Nothing is kept from the forward pass but the input. Without SiLU, `∂y` is
//! `G`.

use super::op::{Gradient, Kernel};
use super::parts::computed;
use super::real::{Real, vectorized};
use super::silu::{sigmoid, silu_slope};
use super::sums::{sum, sum_2};
use super::value::Value;
use candle_core::{D, Result, Shape, Tensor};
use pulp::NullaryFnOnce;

/// `SiLU(GroupNorm(x))` of `x` `(B, C, H, W)`, with scale `gamma` `(C)` and
/// shift `beta` `(C)`, in `groups` groups.
///
/// Source: Wu and He 2018; Elfwing and others 2018 for SiLU.
///
/// # Errors
/// If shapes or types do not fit one another, a tensor is empty, or the channels
/// do not fall into so many groups.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::kernels::{group_norm, group_norm_silu};
///
/// let x = Tensor::new(&[[[[1_f32, 3.0]]]], &Device::Cpu)?;
/// let one = Tensor::ones(1, DType::F32, &Device::Cpu)?;
/// let zero = one.zeros_like()?;
/// let y = group_norm(&x, &one, &zero, 1, 0.0)?.flatten_all()?.to_vec1::<f32>()?;
/// assert_eq!(y, [-1.0, 1.0]); // mean 0, variance 1
/// let y = group_norm_silu(&x, &one, &zero, 1, 0.0)?.flatten_all()?;
/// assert!((y.to_vec1::<f32>()?[1] - 1.0 / (1.0 + f32::exp(-1.0))).abs() < 1e-6);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn group_norm_silu<V: Value>(
    x: &V,
    gamma: &V,
    beta: &V,
    groups: usize,
    eps: f64,
) -> Result<V> {
    let kernel = GroupNorm::<true>::new(x.shape().dims4()?, groups, eps)?;
    V::compute(kernel, [x, gamma, beta])
}

/// `GroupNorm(x)`, without SiLU; otherwise as [`group_norm_silu`], which has an
/// example.
///
/// # Errors
/// As there.
pub fn group_norm<V: Value>(
    x: &V,
    gamma: &V,
    beta: &V,
    groups: usize,
    eps: f64,
) -> Result<V> {
    let kernel = GroupNorm::<false>::new(x.shape().dims4()?, groups, eps)?;
    V::compute(kernel, [x, gamma, beta])
}

struct GroupNorm<const SILU: bool> {
    shape: (usize, usize, usize, usize),
    groups: usize,
    eps: f64,
}

impl<const SILU: bool> GroupNorm<SILU> {
    fn new(
        shape: (usize, usize, usize, usize),
        groups: usize,
        eps: f64,
    ) -> Result<Self> {
        let channels = shape.1;
        if groups == 0 || !channels.is_multiple_of(groups) {
            candle_core::bail!(
                "{channels} channels do not fall into {groups} groups"
            )
        }
        Ok(Self { shape, groups, eps })
    }

    fn channels(&self) -> usize {
        self.shape.1
    }

    fn pixels(&self) -> usize {
        self.shape.2 * self.shape.3
    }

    fn group_channels(&self) -> usize {
        self.channels() / self.groups
    }

    /// Numbers in one group of one image.
    fn group(&self) -> usize {
        self.group_channels() * self.pixels()
    }

    /// The mean of a group and `1/√(variance + eps)`.
    #[inline(always)]
    fn statistics<T: Real>(&self, group: &[T]) -> (T, T) {
        let count = T::from_f64(group.len() as f64);
        let mean = sum(group, |x| x) / count;
        let variance = sum(group, |x| (x - mean) * (x - mean)) / count;
        (mean, (variance + T::from_f64(self.eps)).sqrt().recip())
    }

    /// The channels of group `index`, counted over all images.
    fn channels_of(&self, index: usize) -> std::ops::Range<usize> {
        let first = index % self.groups * self.group_channels();
        first..first + self.group_channels()
    }
}

/// The forward pass of one group.
struct Forward<'a, T, const SILU: bool> {
    op: &'a GroupNorm<SILU>,
    x: &'a [T],
    gamma: &'a [T],
    beta: &'a [T],
    out: &'a mut [T],
}

impl<T: Real, const SILU: bool> NullaryFnOnce for Forward<'_, T, SILU> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, x, gamma, beta, out } = self;
        let (mean, r) = op.statistics(x);
        let planes = out.chunks_mut(op.pixels()).zip(x.chunks(op.pixels()));
        for ((out, x), (&gamma, &beta)) in planes.zip(gamma.iter().zip(beta)) {
            let scale = r * gamma;
            let shift = beta - mean * scale;
            for (out, &x) in out.iter_mut().zip(x) {
                let y = x.mul_add(scale, shift);
                *out = if SILU { y * sigmoid(y) } else { y };
            }
        }
    }
}

/// The backward pass of one group.
struct Backward<'a, T, const SILU: bool> {
    op: &'a GroupNorm<SILU>,
    x: &'a [T],
    gamma: &'a [T],
    beta: &'a [T],
    grad: &'a [T],
    grad_x: &'a mut [T],
    /// For each channel, `Σ ∂y z` and `Σ ∂y`.
    sums: &'a mut [[T; 2]],
}

impl<T: Real, const SILU: bool> NullaryFnOnce for Backward<'_, T, SILU> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, x, gamma, beta, grad, grad_x, sums } = self;
        let (mean, r) = op.statistics(x);
        let (mut dz_sum, mut dz_z_sum) = (T::zero(), T::zero());
        let pixels = op.pixels();
        // First ∂y, kept where ∂x will be, and its sums …
        let planes = grad_x
            .chunks_mut(pixels)
            .zip(x.chunks(pixels))
            .zip(grad.chunks(pixels));
        let channels = gamma.iter().zip(beta).zip(sums);
        for (((dy, x), grad), ((&gamma, &beta), sums)) in planes.zip(channels) {
            let scale = r * gamma;
            let shift = beta - mean * scale;
            for ((dy, &x), &g) in dy.iter_mut().zip(x).zip(grad) {
                *dy = g;
                if SILU {
                    *dy *= silu_slope(x.mul_add(scale, shift));
                }
            }
            let products = sum_2(dy, x, |dy, x| dy * (x - mean)) * r;
            *sums = [products, sum(dy, |dy| dy)];
            dz_z_sum += gamma * sums[0];
            dz_sum += gamma * sums[1];
        }
        // … then ∂x, which needs the sums over the group.
        let count = T::from_f64(x.len() as f64);
        let (dz_mean, dz_z_mean) = (dz_sum / count, dz_z_sum / count);
        let planes = grad_x.chunks_mut(pixels).zip(x.chunks(pixels));
        for ((dy, x), &gamma) in planes.zip(gamma) {
            // r (γ ∂y - mean(∂z) - z mean(∂z z)), as factors of ∂y and x.
            let (of_dy, of_x) = (r * gamma, -r * r * dz_z_mean);
            let rest = -r * dz_mean - mean * of_x;
            for (dy, &x) in dy.iter_mut().zip(x) {
                *dy = dy.mul_add(of_dy, x.mul_add(of_x, rest));
            }
        }
    }
}

impl<const SILU: bool> Kernel<3> for GroupNorm<SILU> {
    const NAME: &'static str =
        if SILU { "group_norm_silu" } else { "group_norm" };

    fn arguments(&self) -> [Shape; 3] {
        let channels = self.channels();
        [self.shape.into(), channels.into(), channels.into()]
    }

    fn result(&self) -> Shape {
        self.shape.into()
    }

    fn forward<T: Real>(&self, [x, gamma, beta]: [&[T]; 3]) -> Vec<T> {
        let sizes = (x.len(), self.group());
        let (y, _) = computed(sizes, |index, out| {
            let x = &x[index * self.group()..][..self.group()];
            let channels = self.channels_of(index);
            let (gamma, beta) = (&gamma[channels.clone()], &beta[channels]);
            vectorized(Forward { op: self, x, gamma, beta, out });
        });
        y
    }

    fn backward<T: Real>(
        &self,
        [x, gamma, beta]: [&[T]; 3],
        grad: &[T],
        _: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let sizes = (x.len(), self.group());
        // Beside ∂x, for each group and channel, Σ ∂y z and Σ ∂y.
        let (grad_x, sums) = computed(sizes, |index, grad_x| {
            let x = &x[index * self.group()..][..self.group()];
            let grad = &grad[index * self.group()..][..self.group()];
            let channels = self.channels_of(index);
            let (gamma, beta) = (&gamma[channels.clone()], &beta[channels]);
            let mut sums = vec![[T::zero(); 2]; gamma.len()];
            vectorized(Backward {
                op: self,
                x,
                gamma,
                beta,
                grad,
                grad_x,
                sums: &mut sums,
            });
            sums
        });
        let mut grad_gamma = vec![T::zero(); self.channels()];
        let mut grad_beta = vec![T::zero(); self.channels()];
        for (index, sums) in sums.iter().enumerate() {
            for (c, [dy_z, dy]) in self.channels_of(index).zip(sums) {
                grad_gamma[c] += *dy_z;
                grad_beta[c] += *dy;
            }
        }
        [grad_x, grad_gamma, grad_beta].map(Gradient::New)
    }

    fn composed(&self, [x, gamma, beta]: [&Tensor; 3]) -> Result<Tensor> {
        let (batch, channels, _, _) = self.shape;
        let z = x.reshape((batch, self.groups, ()))?;
        let z = z.broadcast_sub(&z.mean_keepdim(D::Minus1)?)?;
        let variance = z.sqr()?.mean_keepdim(D::Minus1)?;
        let y = z
            .broadcast_div(&(variance + self.eps)?.sqrt()?)?
            .reshape(x.shape())?
            .broadcast_mul(&gamma.reshape((1, channels, 1, 1))?)?
            .broadcast_add(&beta.reshape((1, channels, 1, 1))?)?;
        if SILU { y.silu() } else { Ok(y) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_same_op};
    use crate::testing::check;

    fn composed<const SILU: bool>(
        arguments: [&Tensor; 3],
        groups: usize,
    ) -> Result<Tensor> {
        let shape = arguments[0].dims4()?;
        GroupNorm::<SILU>::new(shape, groups, 1e-5)?.composed(arguments)
    }

    #[test]
    fn agrees_with_candle_forward_and_backward() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let groups = 1 + draw.below(3);
            let channels = groups * (1 + draw.below(3));
            // At least two pixels: a single number has no variance.
            let (batch, height, width) =
                (1 + draw.below(4), 2 + draw.below(5), 1 + draw.below(6));
            let arguments = [
                draw.tensor(&[batch, channels, height, width]),
                draw.tensor(&[channels]),
                draw.tensor(&[channels]),
            ];
            assert_same_op(
                &arguments,
                |[x, g, b]| group_norm_silu(x, g, b, groups, 1e-5),
                |arguments| composed::<true>(arguments, groups),
            );
            assert_same_op(
                &arguments,
                |[x, g, b]| group_norm(x, g, b, groups, 1e-5),
                |arguments| composed::<false>(arguments, groups),
            );
        });
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let mut draw = Draws::new(0);
        let (x, c) = (draw.tensor(&[2, 6, 4, 4]), draw.tensor(&[6]));
        assert!(group_norm_silu(&x, &c, &c, 0, 1e-5).is_err());
        assert!(group_norm_silu(&x, &c, &c, 4, 1e-5).is_err());
        assert!(group_norm_silu(&x, &draw.tensor(&[5]), &c, 2, 1e-5).is_err());
    }
}
