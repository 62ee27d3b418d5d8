//! 2-D convolution with an odd kernel and "same" padding.
//!
//! With `x` zero outside of the image, `s` the stride and `P = (k - 1)/2`,
//!
//! ```text
//! y_{m,u,v} = Σ_c Σ_{i,j} w_{m,c,i,j} x_{c, us+i-P, vs+j-P} + b_m.
//! ```
//!
//! Backward, with `G` the gradient of `y`:
//!
//! - `∂w_{m,c,i,j} = Σ_images Σ_{u,v} G_{m,u,v} x_{c, us+i-P, vs+j-P}`,
//! - `∂x_{c, us+i-P, vs+j-P}` is the sum of all `w_{m,c,i,j} G_{m,u,v}`,
//! - `∂b_m` is the sum of `G` over pixels.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `shape` | the sizes |
//! | `winograd` | 3×3 with stride 1 in `f32`, with half the products |
//! | `matmul` | everything else, as a product of matrices |

mod matmul;
mod shape;
mod winograd;

use super::bias::sum_rows;
use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::simd::{Float, row_sums};
use candle_core::{Result, Shape, Tensor};
use shape::ConvShape;

/// Returns the convolution of `x` `(B, C_in, H, W)` with `weight`
/// `(C_out, C_in, k, k)`, plus `bias`: `(B, C_out, H', W')`, where `H'` is
/// `H / stride` rounded up, and likewise `W'`.
///
/// A `weight` of shape `(C_out, C_in)`, as in a linear layer, is a 1×1 kernel.
/// `bias` is `(C_out)`; or `(B, C_out)`, a bias for each image, which adds an
/// embedding to every pixel at no cost.
///
/// # Errors
/// If shapes or types do not match, a tensor is empty, `k` is even, or `stride`
/// is 0.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use candle_fused::conv2d;
///
/// let x = Tensor::ones((1, 1, 3, 3), DType::F32, &Device::Cpu)?;
/// let weight = Tensor::ones((1, 1, 3, 3), DType::F32, &Device::Cpu)?;
/// let bias = Tensor::zeros(1, DType::F32, &Device::Cpu)?;
/// // The number of pixels that the kernel sees at each position.
/// let y = conv2d(&x, &weight, &bias, 1)?.squeeze(0)?.squeeze(0)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[4., 6., 4.], [6., 9., 6.], [4., 6., 4.]]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn conv2d(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    stride: usize,
) -> Result<Tensor> {
    let is_linear = weight.rank() == 2;
    let kernel = if is_linear {
        let (c_out, c_in) = weight.dims2()?;
        (c_out, c_in, 1, 1)
    } else {
        weight.dims4()?
    };
    let shape = ConvShape::new(x.dims4()?, kernel, stride)?;
    let bias_per_image = bias.rank() == 2;
    Conv2d { shape, is_linear, bias_per_image }.apply([x, weight, bias])
}

struct Conv2d {
    shape: ConvShape,
    /// True if the weight is `(C_out, C_in)` rather than `(C_out, C_in, k, k)`.
    is_linear: bool,
    /// True if the bias is `(B, C_out)` rather than `(C_out)`.
    bias_per_image: bool,
}

impl Conv2d {
    fn bias_of<'a, T: Float>(
        &self,
        bias: &'a [T],
    ) -> impl Fn(usize, usize) -> T + Sync + Send + use<'a, T> {
        let images = if self.bias_per_image { self.shape.c_out } else { 0 };
        move |image, channel| bias[image * images + channel]
    }

    fn bias_gradient<T: Float>(&self, dy: &[T]) -> Vec<T> {
        let channels = self.shape.c_out;
        let sums = row_sums(dy, self.shape.out_pixels()); // (B, C_out)
        if self.bias_per_image { sums } else { sum_rows(&sums, channels) }
    }

    /// Returns the weight as `(C_out, C_in, k, k)`.
    fn kernel(&self, weight: &Tensor) -> Result<Tensor> {
        let ConvShape { c_out, c_in, .. } = self.shape;
        if self.is_linear {
            weight.reshape((c_out, c_in, 1, 1))
        } else {
            Ok(weight.clone())
        }
    }

    /// Returns whether height and width have the same remainder by the stride. If
    /// not, candle's backward pass of a strided convolution is wrong. Then the
    /// reference convolves with stride 1, and keeps one row and column of each
    /// stride.
    fn remainders_agree(&self) -> bool {
        let ConvShape { height, width, stride, .. } = self.shape;
        height % stride == width % stride
    }

    /// Returns the rows or columns that the stride keeps of `length`.
    fn kept(&self, length: usize, like: &Tensor) -> Result<Tensor> {
        let step = u32::try_from(self.shape.stride)?;
        Tensor::arange_step(0, u32::try_from(length)?, step, like.device())
    }

    fn has_winograd(&self) -> bool {
        (self.shape.kernel, self.shape.stride) == (3, 1)
    }
}

impl Op<3> for Conv2d {
    const NAME: &'static str = "conv2d";
    const INPUTS: [&'static str; 3] = ["x", "weight", "bias"];

    fn input_shapes(&self) -> [Shape; 3] {
        let ConvShape { batch, c_in, height, width, c_out, kernel, .. } =
            self.shape;
        let weight = if self.is_linear {
            (c_out, c_in).into()
        } else {
            (c_out, c_in, kernel, kernel).into()
        };
        let bias = if self.bias_per_image {
            (batch, c_out).into()
        } else {
            c_out.into()
        };
        [(batch, c_in, height, width).into(), weight, bias]
    }

    fn output_shape(&self) -> Shape {
        let shape = &self.shape;
        let (height, width) = (shape.out_height(), shape.out_width());
        (shape.batch, shape.c_out, height, width).into()
    }

    fn describe(&self) -> String {
        let ConvShape { c_in, height, width, c_out, kernel, stride, .. } =
            self.shape;
        let stride =
            if stride == 1 { "" } else { &format!(" stride {stride}") };
        format!(
            "conv2d {kernel}×{kernel}{stride}, {c_in} → {c_out} at \
             {height}×{width}"
        )
    }

    fn flops(&self) -> f64 {
        let outputs = self.shape.batch * self.shape.y_len();
        2.0 * (outputs * self.shape.taps()) as f64
    }

    fn forward<T: Float>(&self, [x, weight, bias]: [&[T]; 3]) -> Vec<T> {
        let f32s = [x, weight, bias].map(T::as_f32s);
        if let ([Some(x), Some(w), Some(b)], true) = (f32s, self.has_winograd())
        {
            let y = winograd::forward(&self.shape, x, w, self.bias_of(b));
            return T::from_f32s(y);
        }
        matmul::forward(&self.shape, x, weight, self.bias_of(bias))
    }

    fn backward<T: Float>(
        &self,
        [x, weight, _]: [&[T]; 3],
        grad: &[T],
        [needs_x, ..]: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let shape = &self.shape;
        let f32s = [x, weight, grad].map(T::as_f32s);
        let (grad_x, grad_weight) = match (f32s, self.has_winograd()) {
            ([Some(x), Some(w), Some(dy)], true) => {
                let (dx, dw) = winograd::backward(shape, x, w, dy, needs_x);
                (T::from_f32s(dx), T::from_f32s(dw))
            }
            _ => matmul::backward(shape, x, weight, grad, needs_x),
        };
        let grad_x =
            if needs_x { Gradient::New(grad_x) } else { Gradient::None };
        let grad_bias = self.bias_gradient(grad);
        [grad_x, Gradient::New(grad_weight), Gradient::New(grad_bias)]
    }

    fn reference(&self, [x, weight, bias]: [&Tensor; 3]) -> Result<Tensor> {
        let weight = &self.kernel(weight)?;
        let ConvShape { height, width, kernel, stride, c_out, .. } = self.shape;
        let padding = kernel / 2;
        let y = if self.remainders_agree() {
            x.conv2d(weight, padding, stride, 1, 1)?
        } else {
            let y = x.conv2d(weight, padding, 1, 1, 1)?;
            let (rows, columns) = (self.kept(height, x)?, self.kept(width, x)?);
            y.index_select(&rows, 2)?.index_select(&columns, 3)?
        };
        let bias = bias.reshape(((), c_out, 1, 1))?; // (1 or B, C_out, 1, 1)
        y.broadcast_add(&bias)
    }

    fn reference_backward(
        &self,
        [x, weight, _]: [&Tensor; 3],
        grad: &Tensor,
        needed: [bool; 3],
    ) -> Result<[Option<Tensor>; 3]> {
        let ConvShape { batch, height, width, c_out, kernel, stride, .. } =
            self.shape;
        let padding = kernel / 2;
        let grad_bias = if self.bias_per_image {
            grad.sum((2, 3))? // (B, C_out)
        } else {
            grad.sum((0, 2, 3))? // (C_out)
        };
        let (grad, stride) = if self.remainders_agree() {
            (grad.clone(), stride)
        } else {
            let zeros = |height, width| {
                let shape = (batch, c_out, height, width);
                Tensor::zeros(shape, grad.dtype(), grad.device())
            };
            let (rows, columns) = (self.kept(height, x)?, self.kept(width, x)?);
            let grad = zeros(self.shape.out_height(), width)?.index_add(
                &columns,
                &grad.contiguous()?,
                3,
            )?;
            (zeros(height, width)?.index_add(&rows, &grad, 2)?, 1)
        };
        let w = self.kernel(weight)?;
        let grad_x = || {
            let rest = (height - 1) % stride;
            grad.conv_transpose2d(&w, padding, rest, stride, 1)
        };
        // The sum over images and pixels is a convolution, too: of x with grad,
        // where images take the part of channels, and the stride is a dilation.
        let (x, dy) = (x.transpose(0, 1)?, grad.transpose(0, 1)?);
        let grad_weight = x.conv2d(&dy, padding, 1, stride, 1)?;
        let grad_weight = grad_weight
            .transpose(0, 1)?
            .narrow(2, 0, kernel)?
            .narrow(3, 0, kernel)?
            .reshape(weight.shape())?;
        let grad_x = needed[0].then(grad_x).transpose()?;
        Ok([grad_x, Some(grad_weight), Some(grad_bias)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    /// Compares with the reference, with a bias of either kind, and a weight of
    /// either.
    fn compare(shape: ConvShape, seed: u64) {
        let ConvShape { batch, c_in, height, width, c_out, kernel, stride } =
            shape;
        for (bias_per_image, is_linear) in
            [(false, false), (true, false), (false, kernel == 1)]
        {
            let mut random = Random::new(seed);
            let inputs = [
                random.tensor((batch, c_in, height, width)),
                if is_linear {
                    random.tensor((c_out, c_in))
                } else {
                    random.tensor((c_out, c_in, kernel, kernel))
                },
                if bias_per_image {
                    random.tensor((batch, c_out))
                } else {
                    random.tensor(c_out)
                },
            ];
            let op = Conv2d { shape, is_linear, bias_per_image };
            assert_matches_reference(&op, &inputs, |[x, w, b]| {
                conv2d(x, w, b, stride)
            });
        }
    }

    #[test]
    fn conv2d_matches_its_reference() {
        type Sizes = (
            (Size<6>, Size<4>, Size<4>),
            (Size<9>, Size<9>),
            (Size<3>, Size<3>),
        );
        check(|(channels, image, (kernel, stride)): Sizes, seed| {
            let (batch, c_in, c_out) = channels;
            let shape = ConvShape {
                batch: batch.0,
                c_in: c_in.0,
                height: image.0.0,
                width: image.1.0,
                c_out: c_out.0,
                kernel: 2 * kernel.0 - 1,
                stride: stride.0,
            };
            compare(shape, seed);
        });
    }

    /// Enough channels and pixels that every loop runs more than once.
    #[test]
    fn conv2d_matches_its_reference_at_the_sizes_of_real_networks() {
        for (kernel, stride, batch, [c_in, c_out], [height, width]) in [
            (3, 1, 1, [3, 9], [28, 28]),
            (3, 1, 3, [17, 8], [7, 7]),
            (3, 1, 2, [5, 20], [13, 50]),
            // Rows that end with a register, in strips of two lengths.
            (3, 1, 2, [3, 9], [28, 64]),
            (3, 2, 9, [17, 10], [14, 13]),
            (3, 2, 2, [3, 9], [64, 57]),
            (5, 1, 2, [4, 6], [20, 31]),
            (1, 1, 5, [33, 20], [9, 7]),
        ] {
            let shape =
                ConvShape { batch, c_in, height, width, c_out, kernel, stride };
            compare(shape, 3);
        }
    }

    #[test]
    fn conv2d_refuses_shapes_that_do_not_match() {
        let mut random = Random::new(0);
        let x = random.tensor((2, 3, 4, 4));
        let bias = random.tensor(5);
        for (shape, message) in [
            ([5, 2, 3, 3], "weight must have shape [5, 3, 3, 3]"),
            ([5, 3, 2, 2], "the kernel must have an odd size, got 2"),
            ([5, 3, 3, 1], "weight must have shape [5, 3, 3, 3]"),
        ] {
            let weight = random.tensor(&shape);
            let error = conv2d(&x, &weight, &bias, 1).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        let weight = random.tensor((5, 3, 3, 3));
        let error = conv2d(&x, &weight, &bias, 0).unwrap_err().to_string();
        assert!(error.contains("stride must be at least 1"), "{error}");
        assert!(conv2d(&x, &weight, &random.tensor((3, 5)), 1).is_err());
    }
}
