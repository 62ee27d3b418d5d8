//! 2-D convolution with odd kernels, "same" padding and stride 1 or 2.
//!
//! Forward, for each image: lay the `k × k` patch around every output pixel
//! out as a column, `X` of shape `(C_in k², H' W')`; then `Y = W X + b`, one
//! matrix product. Backward, with `G` the gradient of `Y`:
//!
//! - `∂W = Σ_images G Xᵀ`, with `X` laid out again rather than kept;
//! - `∂X = Wᵀ G`, and each column's entries are added back where they came
//!   from;
//! - `∂b` is the sum of `G` over pixels.
//!
//! With a 3×3 kernel, stride 1 and `f32` numbers, it is done in another way, with
//! half the products: see `winograd`.
//!
//! The bias may differ from image to image; that is how a residual block is
//! told the time, at no cost.

use super::Real;
use super::gemm::{Matrix, add_product};
use super::op::{Gradient, Kernel};
use super::parts::{computed_with, sum_of};
use super::sums::sums_of_rows;
use super::value::Value;
use super::winograd::Conv3x3;
use candle_core::{Result, Shape, Tensor};

/// Images whose weight gradients are added up on one thread.
const CHUNK: usize = 4;

/// The convolution of `x` `(B, C_in, H, W)` with `weight`
/// `(C_out, C_in, k, k)`, plus `bias` `(B, C_out)`: `(B, C_out, H', W')`,
/// where `H'` is `H` divided by the stride, rounded up, and likewise `W'`.
///
/// # Errors
/// If shapes or types do not fit one another, a tensor is empty, or `k` is even.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::kernels::conv2d;
///
/// let x = Tensor::ones((1, 1, 3, 3), DType::F32, &Device::Cpu)?;
/// let weight = Tensor::ones((1, 1, 3, 3), DType::F32, &Device::Cpu)?;
/// let bias = Tensor::zeros((1, 1), DType::F32, &Device::Cpu)?;
/// // How many neighbours each pixel has, itself among them.
/// let y = conv2d(&x, &weight, &bias, 1)?.squeeze(0)?.squeeze(0)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[4., 6., 4.], [6., 9., 6.], [4., 6., 4.]]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn conv2d<V: Value>(
    x: &V,
    weight: &V,
    bias: &V,
    stride: usize,
) -> Result<V> {
    let (x_shape, weight_shape) = (x.shape().dims4()?, weight.shape().dims4()?);
    V::compute(Conv2d::new(x_shape, weight_shape, stride)?, [x, weight, bias])
}

/// All the sizes of one convolution.
struct Conv2d {
    batch: usize,
    c_in: usize,
    height: usize,
    width: usize,
    c_out: usize,
    kernel: usize,
    stride: usize,
}

impl Conv2d {
    fn new(
        (batch, c_in, height, width): (usize, usize, usize, usize),
        (c_out, _, kernel, _): (usize, usize, usize, usize),
        stride: usize,
    ) -> Result<Self> {
        if kernel % 2 == 0 {
            candle_core::bail!("a {kernel}x{kernel} kernel has no middle")
        }
        Ok(Self { batch, c_in, height, width, c_out, kernel, stride })
    }

    fn out_height(&self) -> usize {
        self.height.div_ceil(self.stride)
    }

    fn out_width(&self) -> usize {
        self.width.div_ceil(self.stride)
    }

    /// Numbers in one image of the input, and of the output.
    fn image_in(&self) -> usize {
        self.c_in * self.height * self.width
    }

    fn image_out(&self) -> usize {
        self.c_out * self.pixels_out()
    }

    fn pixels_out(&self) -> usize {
        self.out_height() * self.out_width()
    }

    /// Rows of the matrix of patches.
    fn patch(&self) -> usize {
        self.c_in * self.kernel * self.kernel
    }

    /// A 1×1 convolution's patches are the image itself.
    fn is_pointwise(&self) -> bool {
        self.kernel == 1 && self.stride == 1
    }

    /// Winograd's kernel and its arguments, if it is one for it.
    fn winograd<'a, T: Real>(
        &self,
        arguments: [&'a [T]; 3],
    ) -> Option<(Conv3x3, [&'a [f32]; 3])> {
        let Self { batch, c_in, height, width, c_out, kernel, stride } = *self;
        let sizes = Conv3x3 { batch, c_in, c_out, height, width };
        if kernel != 3 || stride != 1 {
            return None;
        }
        let [Some(a), Some(b), Some(c)] = arguments.map(T::as_f32s) else {
            return None;
        };
        Some((sizes, [a, b, c]))
    }

    /// Room for one image's patches.
    fn columns<T: Real>(&self) -> Vec<T> {
        vec![T::zero(); self.patch() * self.pixels_out()]
    }

    /// Calls `visit(column, image, length)` for each run of output pixels
    /// whose tap lies inside the image: the entries of the patches from
    /// `column` on correspond to those of the image from `image` on, which
    /// are `stride` apart.
    fn for_each_run(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let (k, s, pad) = (self.kernel, self.stride, self.kernel / 2);
        let (rows, columns) = (self.out_height(), self.out_width());
        for row in 0..self.patch() {
            let (channel, dy, dx) = (row / (k * k), row / k % k, row % k);
            // Output columns whose tap is inside: 0 <= x s + dx - pad < width.
            let first = pad.saturating_sub(dx).div_ceil(s);
            let inside = (self.width + pad).saturating_sub(dx);
            let end = inside.div_ceil(s).min(columns);
            if end <= first {
                continue;
            }
            for y in 0..rows {
                let Some(iy) = (y * s + dy).checked_sub(pad) else { continue };
                if iy >= self.height {
                    continue;
                }
                let column = (row * rows + y) * columns + first;
                let image = (channel * self.height + iy) * self.width
                    + (first * s + dx - pad);
                visit(column, image, end - first);
            }
        }
    }

    /// The patches of an image, laid out in `columns` if need be.
    fn patches<'a, T: Real>(
        &self,
        image: &'a [T],
        columns: &'a mut [T],
    ) -> Matrix<'a, T> {
        let data = if self.is_pointwise() {
            image
        } else {
            self.gather(image, columns);
            columns
        };
        Matrix::new(data, self.patch(), self.pixels_out())
    }

    /// `grad_x += Wᵀ G`, by way of `columns` if need be.
    fn add_grad_x<T: Real>(
        &self,
        grad_x: &mut [T],
        weight: Matrix<T>,
        grad: Matrix<T>,
        columns: &mut [T],
    ) {
        if self.is_pointwise() {
            add_product(grad_x, weight.t(), grad);
        } else {
            columns.fill(T::zero());
            add_product(columns, weight.t(), grad);
            self.scatter(columns, grad_x);
        }
    }

    /// Lays patches out as columns; what lies outside the image stays 0.
    fn gather<T: Real>(&self, image: &[T], columns: &mut [T]) {
        columns.fill(T::zero());
        self.for_each_run(|column, start, length| {
            let run = &mut columns[column..column + length];
            if self.stride == 1 {
                run.copy_from_slice(&image[start..start + length]);
            } else {
                let taps = image[start..].iter().step_by(self.stride);
                run.iter_mut().zip(taps).for_each(|(c, &x)| *c = x);
            }
        });
    }

    /// Adds columns back to the image they were laid out from.
    fn scatter<T: Real>(&self, columns: &[T], image: &mut [T]) {
        self.for_each_run(|column, start, length| {
            let run = &columns[column..column + length];
            let taps = image[start..].iter_mut().step_by(self.stride);
            taps.zip(run).for_each(|(x, &c)| *x += c);
        });
    }
}

impl Kernel<3> for Conv2d {
    const NAME: &'static str = "conv2d";

    fn arguments(&self) -> [Shape; 3] {
        [
            (self.batch, self.c_in, self.height, self.width).into(),
            (self.c_out, self.c_in, self.kernel, self.kernel).into(),
            (self.batch, self.c_out).into(),
        ]
    }

    fn result(&self) -> Shape {
        (self.batch, self.c_out, self.out_height(), self.out_width()).into()
    }

    fn describe(&self) -> String {
        let Self { c_in, height, width, c_out, kernel: k, stride, .. } = self;
        let stride = if *stride == 1 { "" } else { ", every other" };
        format!("conv2d {k}×{k}{stride}, {c_in} → {c_out} at {height}×{width}")
    }

    fn flops(&self) -> f64 {
        2.0 * (self.batch * self.image_out() * self.patch()) as f64
    }

    fn forward<T: Real>(&self, [x, weight, bias]: [&[T]; 3]) -> Vec<T> {
        if let Some((kernel, [x, weight, bias])) =
            self.winograd([x, weight, bias])
        {
            return T::from_f32s(kernel.forward(x, weight, bias));
        }
        let weight = Matrix::new(weight, self.c_out, self.patch());
        let sizes = (self.batch * self.image_out(), self.image_out());
        let room = || self.columns();
        let (y, _) = computed_with(sizes, room, |columns, image, y| {
            let planes = y.chunks_mut(self.pixels_out());
            let bias = &bias[image * self.c_out..];
            planes.zip(bias).for_each(|(plane, &b)| plane.fill(b));
            let x = &x[image * self.image_in()..][..self.image_in()];
            add_product(y, weight, self.patches(x, columns));
        });
        y
    }

    fn backward<T: Real>(
        &self,
        [x, weight, _]: [&[T]; 3],
        grad: &[T],
        needed: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let grad_bias = sums_of_rows(grad, self.pixels_out());
        if let Some((kernel, [x, weight, grad])) =
            self.winograd([x, weight, grad])
        {
            let (grad_x, grad_weight) =
                kernel.backward(x, weight, grad, needed[0]);
            return [
                // That of the pictures themselves, say, nobody asks for.
                grad_x.map_or(Gradient::None, |grad| {
                    Gradient::New(T::from_f32s(grad))
                }),
                Gradient::New(T::from_f32s(grad_weight)),
                Gradient::New(grad_bias),
            ];
        }
        let weight = Matrix::new(weight, self.c_out, self.patch());
        let chunk = CHUNK * self.image_in();
        let room = || self.columns();
        let sizes = (x.len(), chunk);
        let (grad_x, partial) =
            computed_with(sizes, room, |columns, part, grad_x| {
                let mut grad_weight =
                    vec![T::zero(); self.c_out * self.patch()];
                let first = part * CHUNK;
                let images = grad_x
                    .chunks_mut(self.image_in())
                    .zip(x[first * self.image_in()..].chunks(self.image_in()))
                    .zip(
                        grad[first * self.image_out()..]
                            .chunks(self.image_out()),
                    );
                for ((grad_x, x), grad) in images {
                    let grad = Matrix::new(grad, self.c_out, self.pixels_out());
                    let patches = self.patches(x, columns);
                    add_product(&mut grad_weight, grad, patches.t());
                    self.add_grad_x(grad_x, weight, grad, columns);
                }
                grad_weight
            });
        [grad_x, sum_of(partial), grad_bias].map(Gradient::New)
    }

    fn composed(&self, [x, weight, bias]: [&Tensor; 3]) -> Result<Tensor> {
        let (padding, stride) = (self.kernel / 2, self.stride);
        let y = if self.height % stride == self.width % stride {
            x.conv2d(weight, padding, stride, 1, 1)?
        } else {
            // The backward of candle's strided convolution takes the remainder
            // of the width to be that of the height; so compute all, and keep
            // some.
            let y = x.conv2d(weight, padding, 1, 1, 1)?;
            let every = |length: usize| {
                let step = u32::try_from(stride)?;
                let length = u32::try_from(length)?;
                Tensor::arange_step(0, length, step, x.device())
            };
            let rows = y.index_select(&every(self.height)?, 2)?;
            rows.index_select(&every(self.width)?, 3)?
        };
        y.broadcast_add(&bias.unsqueeze(2)?.unsqueeze(3)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_same_op};
    use crate::testing::check;

    fn composed(arguments: [&Tensor; 3], stride: usize) -> Result<Tensor> {
        let [x, weight, _] = arguments;
        let sizes = (x.dims4()?, weight.dims4()?);
        Conv2d::new(sizes.0, sizes.1, stride)?.composed(arguments)
    }

    #[test]
    fn agrees_with_candle_forward_and_backward() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let kernel = [1, 3, 5][draw.below(3)];
            let stride = 1 + draw.below(2);
            let (batch, c_in, c_out) =
                (1 + draw.below(6), 1 + draw.below(4), 1 + draw.below(4));
            let (height, width) = (1 + draw.below(9), 1 + draw.below(9));
            let arguments = [
                draw.tensor(&[batch, c_in, height, width]),
                draw.tensor(&[c_out, c_in, kernel, kernel]),
                draw.tensor(&[batch, c_out]),
            ];
            assert_same_op(
                &arguments,
                |[x, w, b]| conv2d(x, w, b, stride),
                |arguments| composed(arguments, stride),
            );
        });
    }

    /// Enough channels and pixels for every loop of the kernels to begin anew.
    #[test]
    fn agrees_for_sizes_of_real_networks() {
        for (batch, c_in, c_out, height, width) in [
            (1, 3, 9, 28, 28),
            (3, 17, 8, 7, 7),
            (2, 5, 20, 13, 50),
            // Rows that end with a register, in bands of two lengths.
            (2, 3, 9, 28, 64),
        ] {
            let mut draw = Draws::new(3);
            let arguments = [
                draw.tensor(&[batch, c_in, height, width]),
                draw.tensor(&[c_out, c_in, 3, 3]),
                draw.tensor(&[batch, c_out]),
            ];
            assert_same_op(
                &arguments,
                |[x, w, b]| conv2d(x, w, b, 1),
                |arguments| composed(arguments, 1),
            );
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let mut draw = Draws::new(0);
        let x = draw.tensor(&[2, 3, 4, 4]);
        let bias = draw.tensor(&[2, 5]);
        for shape in [[5, 2, 3, 3], [5, 3, 2, 2], [5, 3, 3, 1]] {
            assert!(conv2d(&x, &draw.tensor(&shape), &bias, 1).is_err());
        }
        let weight = draw.tensor(&[5, 3, 3, 3]);
        assert!(conv2d(&x, &weight, &draw.tensor(&[5]), 1).is_err());
    }
}
