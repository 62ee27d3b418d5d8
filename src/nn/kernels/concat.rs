//! Channels beside channels: what a skip connection brings.
//!
//! Backward, each argument gets its channels of the gradient.

use super::Real;
use super::op::{Gradient, Kernel};
use super::parts::computed;
use super::value::Value;
use candle_core::{Result, Shape, Tensor};

/// The channels of `a` `(B, C_a, H, W)`, then those of `b` `(B, C_b, H, W)`.
///
/// # Errors
/// If `B`, `H`, `W` or types differ, or a tensor is empty.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// let a = Tensor::zeros((2, 1, 1, 1), DType::F32, &Device::Cpu)?;
/// let both = ddpm::nn::kernels::concat(&a, &a.ones_like()?)?.flatten_all()?;
/// assert_eq!(both.to_vec1::<f32>()?, [0.0, 1.0, 0.0, 1.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn concat<V: Value>(a: &V, b: &V) -> Result<V> {
    let (batch, of_a, height, width) = a.shape().dims4()?;
    let channels = [of_a, b.shape().dims4()?.1];
    V::compute(Concat { batch, channels, height, width }, [a, b])
}

struct Concat {
    batch: usize,
    channels: [usize; 2],
    height: usize,
    width: usize,
}

impl Concat {
    /// Numbers in an image of each argument.
    fn images(&self) -> [usize; 2] {
        self.channels.map(|channels| channels * self.height * self.width)
    }
}

impl Kernel<2> for Concat {
    const NAME: &'static str = "concat";

    fn arguments(&self) -> [Shape; 2] {
        let Self { batch, channels, height, width } = *self;
        channels.map(|channels| (batch, channels, height, width).into())
    }

    fn result(&self) -> Shape {
        let Self { batch, channels: [a, b], height, width } = *self;
        (batch, a + b, height, width).into()
    }

    fn forward<T: Real>(&self, [a, b]: [&[T]; 2]) -> Vec<T> {
        let [of_a, of_b] = self.images();
        let (both, _) =
            computed((a.len() + b.len(), of_a + of_b), |image, both| {
                let (to_a, to_b) = both.split_at_mut(of_a);
                to_a.copy_from_slice(&a[image * of_a..][..of_a]);
                to_b.copy_from_slice(&b[image * of_b..][..of_b]);
            });
        both
    }

    fn backward<T: Real>(
        &self,
        _: [&[T]; 2],
        grad: &[T],
        _: [bool; 2],
    ) -> [Gradient<T>; 2] {
        let images = self.images();
        let whole = images[0] + images[1];
        let part = |first: usize, length: usize| {
            let (grad, _) =
                computed((self.batch * length, length), |image, part| {
                    let grad = &grad[image * whole + first..][..length];
                    part.copy_from_slice(grad);
                });
            Gradient::New(grad)
        };
        [part(0, images[0]), part(images[0], images[1])]
    }

    fn composed(&self, arguments: [&Tensor; 2]) -> Result<Tensor> {
        Tensor::cat(&arguments, 1)
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
            let (batch, height, width) =
                (1 + draw.below(4), 1 + draw.below(5), 1 + draw.below(5));
            let arguments = [1 + draw.below(4), 1 + draw.below(4)]
                .map(|channels| draw.tensor(&[batch, channels, height, width]));
            assert_same_op(
                &arguments,
                |[a, b]| concat(a, b),
                |arguments| Tensor::cat(&arguments, 1),
            );
        });
    }

    #[test]
    fn images_of_another_size_are_refused() {
        let mut draw = Draws::new(0);
        let a = draw.tensor(&[2, 3, 4, 4]);
        assert!(concat(&a, &draw.tensor(&[2, 3, 4, 5])).is_err());
        assert!(concat(&a, &draw.tensor(&[1, 3, 4, 4])).is_err());
    }
}
