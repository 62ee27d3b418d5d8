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
//! Nothing is kept from the forward pass but the input.

use super::Real;
use super::op::{Kernel, apply_3, has_kernel};
use candle_core::{D, Result, Shape, Tensor};
use rayon::prelude::*;

/// `SiLU(GroupNorm(x))` of `x` `(B, C, H, W)`, with scale `gamma` `(C)` and
/// shift `beta` `(C)`, in `groups` groups.
pub(crate) fn group_norm_silu(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    groups: usize,
    eps: f64,
) -> Result<Tensor> {
    let (_, channels, _, _) = x.dims4()?;
    if groups == 0 || channels % groups != 0 {
        candle_core::bail!(
            "{channels} channels do not fall into {groups} groups"
        )
    }
    if has_kernel(x) {
        let shape = x.dims4()?;
        apply_3(GroupNormSilu { shape, groups, eps }, [x, gamma, beta])
    } else {
        composed(x, gamma, beta, groups, eps)
    }
}

/// The same from candle's operations, on any device.
fn composed(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    groups: usize,
    eps: f64,
) -> Result<Tensor> {
    group_norm(x, gamma, beta, groups, eps)?.silu()
}

/// `GroupNorm(x)` without SiLU, from candle's operations, on any device.
pub(crate) fn group_norm(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    groups: usize,
    eps: f64,
) -> Result<Tensor> {
    let (batch, channels, _, _) = x.dims4()?;
    let z = x.reshape((batch, groups, ()))?;
    let z = z.broadcast_sub(&z.mean_keepdim(D::Minus1)?)?;
    let variance = z.sqr()?.mean_keepdim(D::Minus1)?;
    z.broadcast_div(&(variance + eps)?.sqrt()?)?
        .reshape(x.shape())?
        .broadcast_mul(&gamma.reshape((1, channels, 1, 1))?)?
        .broadcast_add(&beta.reshape((1, channels, 1, 1))?)
}

struct GroupNormSilu {
    shape: (usize, usize, usize, usize),
    groups: usize,
    eps: f64,
}

impl GroupNormSilu {
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

/// `Σ f(x)` in eight interleaved sums, which the compiler can vectorise.
fn sum<T: Real>(values: &[T], f: impl Fn(T) -> T) -> T {
    let mut sums = [T::zero(); 8];
    let chunks = values.chunks_exact(8);
    for (sum, &x) in sums.iter_mut().zip(chunks.remainder()) {
        *sum += f(x);
    }
    for chunk in chunks {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum += f(x);
        }
    }
    sums.into_iter().fold(T::zero(), |a, b| a + b)
}

fn sigmoid<T: Real>(y: T) -> T {
    (T::one() + (-y).exp()).recip()
}

impl Kernel<3> for GroupNormSilu {
    const NAME: &'static str = "group_norm_silu";

    fn arguments(&self) -> [Shape; 3] {
        let channels = self.channels();
        [self.shape.into(), channels.into(), channels.into()]
    }

    fn result(&self) -> Shape {
        self.shape.into()
    }

    fn forward<T: Real>(&self, [x, gamma, beta]: [&[T]; 3]) -> Vec<T> {
        let mut out = vec![T::zero(); x.len()];
        out.par_chunks_mut(self.group())
            .zip(x.par_chunks(self.group()))
            .enumerate()
            .for_each(|(index, (out, x))| {
                let (mean, r) = self.statistics(x);
                let planes =
                    out.chunks_mut(self.pixels()).zip(x.chunks(self.pixels()));
                for (channel, (out, x)) in self.channels_of(index).zip(planes) {
                    let scale = r * gamma[channel];
                    let shift = beta[channel] - mean * scale;
                    for (out, &x) in out.iter_mut().zip(x) {
                        let y = x * scale + shift;
                        *out = y * sigmoid(y);
                    }
                }
            });
        out
    }

    fn backward<T: Real>(
        &self,
        [x, gamma, beta]: [&[T]; 3],
        grad: &[T],
    ) -> [Vec<T>; 3] {
        let mut grad_x = vec![T::zero(); x.len()];
        // For each image and channel, Σ ∂y z and Σ ∂y.
        let mut sums = vec![[T::zero(); 2]; self.shape.0 * self.channels()];
        grad_x
            .par_chunks_mut(self.group())
            .zip(x.par_chunks(self.group()))
            .zip(grad.par_chunks(self.group()))
            .zip(sums.par_chunks_mut(self.group_channels()))
            .enumerate()
            .for_each(|(index, (((grad_x, x), grad), sums))| {
                let (mean, r) = self.statistics(x);
                let (mut dz_sum, mut dz_z_sum) = (T::zero(), T::zero());
                let planes = grad_x
                    .chunks_mut(self.pixels())
                    .zip(x.chunks(self.pixels()))
                    .zip(grad.chunks(self.pixels()))
                    .zip(sums);
                // First ∂y, kept where ∂x will be, and its sums …
                for (c, (((dy, x), grad), sums)) in
                    self.channels_of(index).zip(planes)
                {
                    for ((dy, &x), &g) in dy.iter_mut().zip(x).zip(grad) {
                        let z = (x - mean) * r;
                        let y = gamma[c] * z + beta[c];
                        let sigma = sigmoid(y);
                        *dy = g * sigma * (T::one() + y * (T::one() - sigma));
                    }
                    let mut products = T::zero();
                    for (&dy, &x) in dy.iter().zip(x) {
                        products += dy * (x - mean) * r;
                    }
                    *sums = [products, sum(dy, |dy| dy)];
                    dz_z_sum += gamma[c] * sums[0];
                    dz_sum += gamma[c] * sums[1];
                }
                // … then ∂x, which needs the sums over the group.
                let count = T::from_f64(x.len() as f64);
                let (dz_mean, dz_z_mean) = (dz_sum / count, dz_z_sum / count);
                let planes = grad_x
                    .chunks_mut(self.pixels())
                    .zip(x.chunks(self.pixels()));
                for (c, (dy, x)) in self.channels_of(index).zip(planes) {
                    for (dy, &x) in dy.iter_mut().zip(x) {
                        let z = (x - mean) * r;
                        *dy = r * (gamma[c] * *dy - dz_mean - z * dz_z_mean);
                    }
                }
            });
        let mut grad_gamma = vec![T::zero(); self.channels()];
        let mut grad_beta = vec![T::zero(); self.channels()];
        for image in sums.chunks(self.channels()) {
            for (c, [dy_z, dy]) in image.iter().enumerate() {
                grad_gamma[c] += *dy_z;
                grad_beta[c] += *dy;
            }
        }
        [grad_x, grad_gamma, grad_beta]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_same_op};
    use crate::testing::check;

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
                |[x, g, b]| composed(x, g, b, groups, 1e-5),
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
