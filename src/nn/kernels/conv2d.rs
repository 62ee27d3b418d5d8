//! 2-D convolution with odd kernels, "same" padding and stride 1 or 2.
//!
//! With `x` zero outside the image, `s` the stride and `P = (k - 1)/2`,
//!
//! ```text
//! y_{m,u,v} = Σ_c Σ_{i,j} w_{m,c,i,j} x_{c, us+i-P, vs+j-P} + b_m.
//! ```
//!
//! Backward, with `G` the gradient of `y`, each product hands on to its factors:
//!
//! - `∂w_{m,c,i,j} = Σ_images Σ_{u,v} G_{m,u,v} x_{c, us+i-P, vs+j-P}`;
//! - `∂x_{c, us+i-P, vs+j-P}` collects `w_{m,c,i,j} G_{m,u,v}`;
//! - `∂b_m` is the sum of `G` over pixels.
//!
//! For `f64`, which is there for tests, it is computed just so. For `f32`, which
//! networks are trained with:
//!
//! - 1×1 is a product of matrices, `Y = W X` of each image;
//! - 3×3 with stride 1 needs half the products, see `winograd`;
//! - all others are sums over the taps, each the image moved, see `strided`.
//!
//! The bias may differ from image to image; that is how a residual block is
//! told the time, at no cost.

use super::op::{Gradient, Kernel};
use super::products::blocked;
use super::sums::sums_of_rows;
use super::value::Value;
use super::{Real, pointwise, strided, winograd};
use candle_core::{Result, Shape, Tensor};

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
pub(super) struct Conv2d {
    pub(super) batch: usize,
    pub(super) c_in: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) c_out: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
}

/// Pixels in a row that one weight meets: its place, where the first of them is
/// in `x` and in `y`, and how many there are.
struct Row {
    weight: usize,
    x: usize,
    y: usize,
    length: usize,
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

    pub(super) fn out_height(&self) -> usize {
        self.height.div_ceil(self.stride)
    }

    pub(super) fn out_width(&self) -> usize {
        self.width.div_ceil(self.stride)
    }

    /// Numbers in one image of the input, and of the output.
    pub(super) fn image_in(&self) -> usize {
        self.c_in * self.height * self.width
    }

    pub(super) fn image_out(&self) -> usize {
        self.c_out * self.pixels_out()
    }

    fn pixels_out(&self) -> usize {
        self.out_height() * self.out_width()
    }

    /// `y`, the fast way.
    fn forward_f32(&self, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
        let op = self;
        match (self.kernel, self.stride) {
            (1, 1) => pointwise::forward(op, x, weight, bias),
            (3, 1) => blocked(winograd::Forward { op, x, weight, bias }),
            _ => blocked(strided::Forward { op, x, weight, bias }),
        }
    }

    /// `∂x`, zero unless it is needed, and `∂w`, the fast way.
    fn backward_f32(
        &self,
        x: &[f32],
        weight: &[f32],
        dy: &[f32],
        needs_x: bool,
    ) -> (Vec<f32>, Vec<f32>) {
        let op = self;
        match (self.kernel, self.stride) {
            (1, 1) => pointwise::backward(op, x, weight, dy, needs_x),
            (3, 1) => {
                blocked(winograd::Backward { op, x, weight, dy, needs_x })
            }
            _ => blocked(strided::Backward { op, x, weight, dy, needs_x }),
        }
    }

    /// Calls `visit` for every product of the formula, by rows.
    fn for_each_row(&self, mut visit: impl FnMut(Row)) {
        let Self { batch, c_in, height, width, c_out, kernel: k, stride: s } =
            *self;
        let (pad, rows, columns) = (k / 2, self.out_height(), self.out_width());
        for index in 0..batch * c_out * c_in * k * k {
            let (rest, j) = (index / k, index % k);
            let (rest, i) = (rest / k, rest % k);
            let (plane, c) = (rest / c_in, rest % c_in); // the image, and m
            let weight = index % (c_out * c_in * k * k);
            // Columns whose tap is inside: 0 <= v s + j - pad < width.
            let first = pad.saturating_sub(j).div_ceil(s);
            let inside = (width + pad).saturating_sub(j);
            let length = inside.div_ceil(s).min(columns).saturating_sub(first);
            let image = plane / c_out * c_in + c;
            for u in 0..rows {
                let row = (u * s + i).checked_sub(pad).filter(|&r| r < height);
                let Some(row) = row.filter(|_| length > 0) else { continue };
                let x = (image * height + row) * width + first * s + j - pad;
                let y = (plane * rows + u) * columns + first;
                visit(Row { weight, x, y, length });
            }
        }
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
        let taps = self.c_in * self.kernel * self.kernel;
        2.0 * (self.batch * self.image_out() * taps) as f64
    }

    fn forward<T: Real>(&self, [x, weight, bias]: [&[T]; 3]) -> Vec<T> {
        if let [Some(x), Some(weight), Some(bias)] =
            [x, weight, bias].map(T::as_f32s)
        {
            return T::from_f32s(self.forward_f32(x, weight, bias));
        }
        let planes = bias.iter();
        let pixels = self.pixels_out();
        let mut y: Vec<T> =
            planes.flat_map(|&b| std::iter::repeat_n(b, pixels)).collect();
        self.for_each_row(|row| {
            let x = x[row.x..].iter().step_by(self.stride);
            let y = y[row.y..][..row.length].iter_mut();
            y.zip(x).for_each(|(y, &x)| *y += weight[row.weight] * x);
        });
        y
    }

    fn backward<T: Real>(
        &self,
        [x, weight, _]: [&[T]; 3],
        grad: &[T],
        needed: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let grad_bias = Gradient::New(sums_of_rows(grad, self.pixels_out()));
        if let [Some(x), Some(weight), Some(dy)] =
            [x, weight, grad].map(T::as_f32s)
        {
            // That of the pictures themselves, say, nobody asks for.
            let (grad_x, grad_weight) =
                self.backward_f32(x, weight, dy, needed[0]);
            let new = |grad| Gradient::New(T::from_f32s(grad));
            let grad_x = if needed[0] { new(grad_x) } else { Gradient::None };
            return [grad_x, new(grad_weight), grad_bias];
        }
        let mut grad_x = vec![T::zero(); x.len()];
        let mut grad_weight = vec![T::zero(); weight.len()];
        self.for_each_row(|row| {
            let grad = &grad[row.y..][..row.length];
            let pixels = x[row.x..].iter().step_by(self.stride);
            let grads = grad_x[row.x..].iter_mut().step_by(self.stride);
            for (&g, (&x, grad_x)) in grad.iter().zip(pixels.zip(grads)) {
                grad_weight[row.weight] += g * x;
                *grad_x += g * weight[row.weight];
            }
        });
        [Gradient::New(grad_x), Gradient::New(grad_weight), grad_bias]
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
        for (kernel, stride, batch, [c_in, c_out], (height, width)) in [
            (3, 1, 1, [3, 9], (28, 28)),
            (3, 1, 3, [17, 8], (7, 7)),
            (3, 1, 2, [5, 20], (13, 50)),
            // Rows that end with a register, in bands of two lengths.
            (3, 1, 2, [3, 9], (28, 64)),
            // A few images in a band, and a few bands in an image.
            (3, 2, 9, [17, 10], (14, 13)),
            (3, 2, 2, [3, 9], (64, 57)),
            (5, 1, 2, [4, 6], (20, 31)),
            (1, 1, 5, [33, 20], (9, 7)),
        ] {
            let mut draw = Draws::new(3);
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
