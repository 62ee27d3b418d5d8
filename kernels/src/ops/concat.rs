//! Two tensors joined along their channels, such as a skip connection.
//!
//! `y = [a; b]`. Backward, each input gets its channels of the gradient.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns the channels of `a` `(B, C_a, H, W)` followed by the channels of `b`
/// `(B, C_b, H, W)`: `(B, C_a + C_b, H, W)`.
///
/// # Errors
/// If `B`, `H`, `W` or the types differ, or a tensor is empty.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// let a = Tensor::zeros((2, 1, 1, 1), DType::F32, &Device::Cpu)?;
/// let both = candle_fused::concat(&a, &a.ones_like()?)?.flatten_all()?;
/// assert_eq!(both.to_vec1::<f32>()?, [0.0, 1.0, 0.0, 1.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn concat(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let (batch, a_channels, height, width) = a.dims4()?;
    let channels = [a_channels, b.dims4()?.1];
    Concat { batch, channels, height, width }.apply([a, b])
}

struct Concat {
    batch: usize,
    channels: [usize; 2],
    height: usize,
    width: usize,
}

impl Concat {
    /// Returns the values of one image of each input.
    fn image_lens(&self) -> [usize; 2] {
        self.channels.map(|channels| channels * self.height * self.width)
    }
}

impl Op<2> for Concat {
    const NAME: &'static str = "concat";
    const INPUTS: [&'static str; 2] = ["a", "b"];

    fn input_shapes(&self) -> [Shape; 2] {
        let Self { batch, channels, height, width } = *self;
        channels.map(|channels| (batch, channels, height, width).into())
    }

    fn output_shape(&self) -> Shape {
        let Self { batch, channels: [a, b], height, width } = *self;
        (batch, a + b, height, width).into()
    }

    fn forward<T: Float>(&self, [a, b]: [&[T]; 2]) -> Vec<T> {
        let [a_len, b_len] = self.image_lens();
        let len = a.len() + b.len();
        let (y, _) = fill_chunks(len, a_len + b_len, |image, y| {
            let (y_a, y_b) = y.split_at_mut(a_len);
            y_a.copy_from_slice(&a[image * a_len..][..a_len]);
            y_b.copy_from_slice(&b[image * b_len..][..b_len]);
        });
        y
    }

    fn backward<T: Float>(
        &self,
        _: [&[T]; 2],
        grad: &[T],
        needed: [bool; 2],
    ) -> [Gradient<T>; 2] {
        let [a_len, b_len] = self.image_lens();
        let part = |offset: usize, len: usize| {
            let (part, _) =
                fill_chunks(self.batch * len, len, |image, part| {
                    let start = image * (a_len + b_len) + offset;
                    part.copy_from_slice(&grad[start..][..len]);
                });
            Gradient::New(part)
        };
        [
            if needed[0] { part(0, a_len) } else { Gradient::None },
            if needed[1] { part(a_len, b_len) } else { Gradient::None },
        ]
    }

    fn reference(&self, inputs: [&Tensor; 2]) -> Result<Tensor> {
        Tensor::cat(&inputs, 1)
    }

    fn reference_backward(
        &self,
        _: [&Tensor; 2],
        grad: &Tensor,
        needed: [bool; 2],
    ) -> Result<[Option<Tensor>; 2]> {
        let [a, b] = self.channels;
        let part = |needed: bool, first, channels| {
            let part = || grad.narrow(1, first, channels)?.contiguous();
            needed.then(part).transpose()
        };
        Ok([part(needed[0], 0, a)?, part(needed[1], a, b)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn concat_matches_its_reference() {
        type Sizes = (Size<4>, Size<4>, Size<4>, Size<5>, Size<5>);
        check(|(batch, a, b, height, width): Sizes, seed| {
            let mut random = Random::new(seed);
            let [batch, height, width] = [batch.0, height.0, width.0];
            let channels = [a.0, b.0];
            let inputs =
                channels.map(|c| random.tensor(&[batch, c, height, width]));
            let op = Concat { batch, channels, height, width };
            assert_matches_reference(&op, &inputs, |[a, b]| concat(a, b));
        });
    }

    #[test]
    fn concat_refuses_images_of_another_size() {
        let mut random = Random::new(0);
        let a = random.tensor(&[2, 3, 4, 4]);
        let error = concat(&a, &random.tensor(&[2, 3, 4, 5])).unwrap_err();
        assert!(error.to_string().contains("b must have shape"), "{error}");
        assert!(concat(&a, &random.tensor(&[1, 3, 4, 4])).is_err());
    }
}
