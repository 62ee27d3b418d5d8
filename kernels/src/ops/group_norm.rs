//! Group normalisation, with or without SiLU after it.
//!
//! The channels of each image are split into groups. With `m` and `v` the mean
//! and variance over the channels and pixels of a group,
//!
//! - `z = (x - m) r`, with `r = 1/√(v + eps)`,
//! - `y = γ_c z + β_c`, with `γ` the weight and `β` the bias of channel `c`,
//! - output `= y σ(y)` with `σ(y) = 1/(1 + e^{-y})`: SiLU. Without SiLU the
//!   output is `y`.
//!
//! Backward, with `G` the gradient of the output:
//!
//! - `∂y = G σ(y) (1 + y (1 - σ(y)))`; without SiLU, `∂y = G`,
//! - `∂γ_c = Σ ∂y z` and `∂β_c = Σ ∂y`, over images and pixels,
//! - `∂z = γ_c ∂y`, and because `m` and `v` depend on `x`, too,
//!   `∂x = r (∂z - mean(∂z) - z mean(∂z z))`, with means over the group.
//!
//! The backward pass computes `z` and `y` again from `x`: that is cheaper than
//! keeping them in memory.

use super::silu::{reference_derivative, sigmoid, silu_derivative};
use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks;
use crate::simd::{Float, sum, sum_2, vectorized};
use candle_core::{D, Result, Shape, Tensor};
use pulp::NullaryFnOnce;

/// Returns `GroupNorm(x)` of `x` `(B, C, H, W)`, with `weight` `(C)` and `bias`
/// `(C)`, in `groups` groups of channels.
///
/// Source: Wu and He 2018.
///
/// # Errors
/// If shapes or types do not match, a tensor is empty, or `groups` does not
/// divide `C`.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use candle_fused::group_norm;
///
/// let x = Tensor::new(&[[[[1_f32, 3.0]]]], &Device::Cpu)?;
/// let one = Tensor::ones(1, DType::F32, &Device::Cpu)?;
/// let y = group_norm(&x, &one, &one.zeros_like()?, 1, 0.0)?.flatten_all()?;
/// assert_eq!(y.to_vec1::<f32>()?, [-1.0, 1.0]); // mean 0, variance 1
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn group_norm(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    groups: usize,
    eps: f64,
) -> Result<Tensor> {
    let op = GroupNorm::<false>::new(x.dims4()?, groups, eps)?;
    op.apply([x, weight, bias])
}

/// Returns `SiLU(GroupNorm(x))`, in one pass over `x`; for the arguments see
/// [`group_norm`].
///
/// Source: Wu and He 2018; Elfwing et al. 2018 for SiLU.
///
/// # Errors
/// As [`group_norm`].
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use candle_fused::group_norm_silu;
///
/// let x = Tensor::new(&[[[[1_f32, 3.0]]]], &Device::Cpu)?;
/// let one = Tensor::ones(1, DType::F32, &Device::Cpu)?;
/// let y = group_norm_silu(&x, &one, &one.zeros_like()?, 1, 0.0)?;
/// let y = y.flatten_all()?.to_vec1::<f32>()?;
/// assert!((y[1] - 1.0 / (1.0 + f32::exp(-1.0))).abs() < 1e-6); // SiLU of 1
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn group_norm_silu(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    groups: usize,
    eps: f64,
) -> Result<Tensor> {
    let op = GroupNorm::<true>::new(x.dims4()?, groups, eps)?;
    op.apply([x, weight, bias])
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
                "{}: {channels} channels cannot be split into {groups} groups",
                <Self as Op<3>>::NAME
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

    /// Returns the values of one group of one image.
    fn group_len(&self) -> usize {
        self.group_channels() * self.pixels()
    }

    /// Returns the mean of a group and `1/√(variance + eps)`.
    #[inline(always)]
    fn statistics<T: Float>(&self, group: &[T]) -> (T, T) {
        let count = T::from_f64(group.len() as f64);
        let mean = sum(group, |x| x) / count;
        let variance = sum(group, |x| (x - mean) * (x - mean)) / count;
        (mean, (variance + T::from_f64(self.eps)).sqrt().recip())
    }

    /// Returns `z` `(B, groups, …)` and `1/r` `(B, groups, 1)` by candle's
    /// operations.
    fn reference_normalize(&self, x: &Tensor) -> Result<(Tensor, Tensor)> {
        let x = x.reshape((self.shape.0, self.groups, ()))?;
        let x = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
        let sum = x.sqr()?.sum_keepdim(D::Minus1)?;
        let factor = (self.group_len() as f64).recip();
        let std = sum.affine(factor, self.eps)?.sqrt()?;
        Ok((x.broadcast_div(&std)?, std))
    }

    /// Returns `y = γ z + β` `(B, C, H, W)` by candle's operations, with `z` of the
    /// same shape and `weight` `(1, C, 1, 1)`.
    fn reference_y(
        &self,
        z: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
    ) -> Result<Tensor> {
        z.broadcast_mul(weight)?.broadcast_add(&self.per_channel(bias)?)
    }

    /// Returns a vector `(C)` as `(1, C, 1, 1)`.
    fn per_channel(&self, vector: &Tensor) -> Result<Tensor> {
        vector.reshape((1, self.channels(), 1, 1))
    }

    /// Returns the channels of group `index`, counted over all images.
    fn channels_of(&self, index: usize) -> std::ops::Range<usize> {
        let first = index % self.groups * self.group_channels();
        first..first + self.group_channels()
    }
}

/// The forward pass of one group.
struct Forward<'a, T, const SILU: bool> {
    op: &'a GroupNorm<SILU>,
    x: &'a [T],
    weight: &'a [T],
    bias: &'a [T],
    out: &'a mut [T],
}

impl<T: Float, const SILU: bool> NullaryFnOnce for Forward<'_, T, SILU> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, x, weight, bias, out } = self;
        let (mean, r) = op.statistics(x);
        let planes = out.chunks_mut(op.pixels()).zip(x.chunks(op.pixels()));
        for ((out, x), (&weight, &bias)) in planes.zip(weight.iter().zip(bias))
        {
            let scale = r * weight;
            let shift = bias - mean * scale;
            for (out, &x) in out.iter_mut().zip(x) {
                let y = x.multiply_add(scale, shift);
                *out = if SILU { y * sigmoid(y) } else { y };
            }
        }
    }
}

/// The backward pass of one group.
struct Backward<'a, T, const SILU: bool> {
    op: &'a GroupNorm<SILU>,
    x: &'a [T],
    weight: &'a [T],
    bias: &'a [T],
    grad: &'a [T],
    grad_x: &'a mut [T],
    /// `Σ ∂y z` and `Σ ∂y` of each channel.
    sums: &'a mut [[T; 2]],
}

impl<T: Float, const SILU: bool> NullaryFnOnce for Backward<'_, T, SILU> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, x, weight, bias, grad, grad_x, sums } = self;
        let (mean, r) = op.statistics(x);
        let (mut dz_sum, mut dz_z_sum) = (T::zero(), T::zero());
        let pixels = op.pixels();
        // First ∂y, stored where ∂x will be, and its sums …
        let planes = grad_x
            .chunks_mut(pixels)
            .zip(x.chunks(pixels))
            .zip(grad.chunks(pixels));
        let channels = weight.iter().zip(bias).zip(sums);
        for (((dy, x), grad), ((&weight, &bias), sums)) in planes.zip(channels)
        {
            let scale = r * weight;
            let shift = bias - mean * scale;
            for ((dy, &x), &g) in dy.iter_mut().zip(x).zip(grad) {
                *dy = g;
                if SILU {
                    *dy *= silu_derivative(x.multiply_add(scale, shift));
                }
            }
            let products = sum_2(dy, x, |dy, x| dy * (x - mean)) * r;
            *sums = [products, sum(dy, |dy| dy)];
            dz_z_sum += weight * sums[0];
            dz_sum += weight * sums[1];
        }
        // … then ∂x, which needs the sums over the group.
        let count = T::from_f64(x.len() as f64);
        let (dz_mean, dz_z_mean) = (dz_sum / count, dz_z_sum / count);
        let planes = grad_x.chunks_mut(pixels).zip(x.chunks(pixels));
        for ((dy, x), &weight) in planes.zip(weight) {
            // r (γ ∂y - mean(∂z) - z mean(∂z z)) = dy_factor ∂y + x_factor x
            // + constant.
            let (dy_factor, x_factor) = (r * weight, -r * r * dz_z_mean);
            let constant = -r * dz_mean - mean * x_factor;
            for (dy, &x) in dy.iter_mut().zip(x) {
                *dy = dy.multiply_add(
                    dy_factor,
                    x.multiply_add(x_factor, constant),
                );
            }
        }
    }
}

impl<const SILU: bool> Op<3> for GroupNorm<SILU> {
    const NAME: &'static str =
        if SILU { "group_norm_silu" } else { "group_norm" };
    const INPUTS: [&'static str; 3] = ["x", "weight", "bias"];

    fn input_shapes(&self) -> [Shape; 3] {
        let channels = self.channels();
        [self.shape.into(), channels.into(), channels.into()]
    }

    fn output_shape(&self) -> Shape {
        self.shape.into()
    }

    fn forward<T: Float>(&self, [x, weight, bias]: [&[T]; 3]) -> Vec<T> {
        let (y, _) = fill_chunks(x.len(), self.group_len(), |index, out| {
            let x = &x[index * self.group_len()..][..self.group_len()];
            let channels = self.channels_of(index);
            let (weight, bias) = (&weight[channels.clone()], &bias[channels]);
            vectorized(Forward { op: self, x, weight, bias, out });
        });
        y
    }

    fn backward<T: Float>(
        &self,
        [x, weight, bias]: [&[T]; 3],
        grad: &[T],
        _: [bool; 3],
    ) -> [Gradient<T>; 3] {
        // Beside ∂x, each group returns Σ ∂y z and Σ ∂y for its channels.
        let len = self.group_len();
        let (grad_x, sums) = fill_chunks(x.len(), len, |index, grad_x| {
            let x = &x[index * self.group_len()..][..self.group_len()];
            let grad = &grad[index * self.group_len()..][..self.group_len()];
            let channels = self.channels_of(index);
            let (weight, bias) = (&weight[channels.clone()], &bias[channels]);
            let mut sums = vec![[T::zero(); 2]; weight.len()];
            vectorized(Backward {
                op: self,
                x,
                weight,
                bias,
                grad,
                grad_x,
                sums: &mut sums,
            });
            sums
        });
        let mut grad_weight = vec![T::zero(); self.channels()];
        let mut grad_bias = vec![T::zero(); self.channels()];
        for (index, sums) in sums.iter().enumerate() {
            for (c, [dy_z, dy]) in self.channels_of(index).zip(sums) {
                grad_weight[c] += *dy_z;
                grad_bias[c] += *dy;
            }
        }
        [grad_x, grad_weight, grad_bias].map(Gradient::New)
    }

    fn reference(&self, [x, weight, bias]: [&Tensor; 3]) -> Result<Tensor> {
        let (z, _) = self.reference_normalize(x)?;
        let weight = self.per_channel(weight)?;
        let y = self.reference_y(&z.reshape(self.shape)?, &weight, bias)?;
        if SILU { y.silu() } else { Ok(y) }
    }

    fn reference_backward(
        &self,
        [x, weight, bias]: [&Tensor; 3],
        grad: &Tensor,
        _: [bool; 3],
    ) -> Result<[Option<Tensor>; 3]> {
        let (z, std) = self.reference_normalize(x)?;
        let z_image = z.reshape(self.shape)?;
        let weight = self.per_channel(weight)?;
        let mut dy = grad.clone(); // (B, C, H, W)
        if SILU {
            let y = self.reference_y(&z_image, &weight, bias)?;
            dy = (dy * reference_derivative(&y)?)?;
        }
        let dy_z = (&dy * z_image)?;
        let (grad_weight, grad_bias) =
            (dy_z.sum((0, 2, 3))?, dy.sum((0, 2, 3))?); // (C)
        let dz = dy.broadcast_mul(&weight)?.reshape(z.shape())?;
        let dz_mean = dz.mean_keepdim(D::Minus1)?; // (B, groups, 1)
        let dz_z_mean = (&dz * &z)?.mean_keepdim(D::Minus1)?;
        let inner = dz.broadcast_sub(&dz_mean)?;
        let inner = (inner - z.broadcast_mul(&dz_z_mean)?)?;
        let grad_x = inner.broadcast_div(&std)?.reshape(self.shape)?;
        Ok([Some(grad_x), Some(grad_weight), Some(grad_bias)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn group_norm_matches_its_reference_with_silu_and_without() {
        type Sizes = (Size<4>, Size<3>, Size<3>, Size<5>, Size<6>);
        check(|(batch, groups, in_group, height, width): Sizes, seed| {
            let mut random = Random::new(seed);
            let (groups, channels) = (groups.0, groups.0 * in_group.0);
            // At least two pixels: a single value has no variance.
            let shape = (batch.0, channels, 1 + height.0, width.0);
            let inputs = [
                random.tensor(shape),
                random.tensor(channels),
                random.tensor(channels),
            ];
            let op = GroupNorm::<true>::new(shape, groups, 1e-5).unwrap();
            assert_matches_reference(&op, &inputs, |[x, w, b]| {
                group_norm_silu(x, w, b, groups, 1e-5)
            });
            let op = GroupNorm::<false>::new(shape, groups, 1e-5).unwrap();
            assert_matches_reference(&op, &inputs, |[x, w, b]| {
                group_norm(x, w, b, groups, 1e-5)
            });
        });
    }

    #[test]
    fn group_norm_refuses_shapes_that_do_not_match() {
        let mut random = Random::new(0);
        let (x, c) = (random.tensor((2, 6, 4, 4)), random.tensor(6));
        assert!(group_norm(&x, &c, &c, 0, 1e-5).is_err());
        let error = group_norm_silu(&x, &c, &c, 4, 1e-5).unwrap_err();
        let expected = "6 channels cannot be split into 4 groups";
        assert!(error.to_string().contains(expected), "{error}");
        assert!(group_norm(&x, &random.tensor(5), &c, 2, 1e-5).is_err());
    }
}
