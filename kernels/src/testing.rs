//! Helpers for the tests of operations.

use crate::op::Op;
use crate::tape::value_and_grad;
use candle_core::{DType, Device, Result, Shape, Tensor, Var};
use quickcheck::{Arbitrary, Gen, QuickCheck};
use std::fmt;

/// A size in `1..=MAX`, which shrinks towards 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size<const MAX: usize>(pub(crate) usize);

impl<const MAX: usize> Arbitrary for Size<MAX> {
    fn arbitrary(random: &mut Gen) -> Self {
        Self(1 + usize::arbitrary(random) % MAX)
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let smaller = (self.0 - 1).shrink();
        Box::new(smaller.map(|size| Self(size + 1)))
    }
}

/// Runs a property for 100 random sizes and seeds, the same ones every time.
pub(crate) fn check<S: Arbitrary + fmt::Debug>(property: fn(S, u64)) {
    QuickCheck::new()
        .rng(Gen::from_size_and_seed(100, 2020))
        .quickcheck(property);
}

/// Random tensors.
pub(crate) struct Random(fastrand::Rng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Returns a tensor with values in [-2, 2), in `f64` on the CPU.
    pub(crate) fn tensor(&mut self, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        let count = shape.elem_count();
        let values = self.values(count);
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }

    pub(crate) fn values(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| 4.0 * self.0.f64() - 2.0).collect()
    }
}

/// Asserts that `apply`, the public function of `op`, agrees with the reference
/// of `op`: in the output and in the gradient of every input, for both types, on
/// contiguous and strided tensors, on a tape and off it. So do the gradients that
/// the reference itself computes. The gradients are also compared with finite
/// differences.
pub(crate) fn assert_matches_reference<O: Op<N>, const N: usize>(
    op: &O,
    inputs: &[Tensor; N],
    apply: impl Fn([&Tensor; N]) -> Result<Tensor>,
) {
    assert_matches_finite_differences(inputs, &apply);
    for (dtype, tolerance) in [(DType::F64, 1e-10), (DType::F32, 2e-4)] {
        for strided in [false, true] {
            let vars = inputs.each_ref().map(|input| {
                Var::from_tensor(&input.to_dtype(dtype).unwrap()).unwrap()
            });
            let views = vars.each_ref().map(|var| view(var, strided));
            let expected = op.reference(views.each_ref()).unwrap();
            let expected_grads = weighted_sum(&expected).backward().unwrap();
            let direct = apply(views.each_ref()).unwrap();
            assert_close(&direct, &expected, tolerance);
            let direct = weighted_sum(&direct);
            let taped = value_and_grad(|| -> Result<Tensor> {
                Ok(weighted_sum(&apply(views.each_ref())?))
            });
            let (taped, taped_grads) = taped.unwrap();
            assert_close(&taped, &direct, tolerance);
            let detached = views.each_ref().map(Tensor::detach);
            let reference_grads = op.reference_backward(
                detached.each_ref(),
                &weights(&expected),
                [true; N],
            );
            for (var, grad) in vars.iter().zip(reference_grads.unwrap()) {
                let expected = expected_grads.get(var).unwrap();
                assert_close(&grad.unwrap(), expected, tolerance);
            }
            for grads in [direct.backward().unwrap(), taped_grads] {
                for var in &vars {
                    let [grad, expected] =
                        [&grads, &expected_grads].map(|g| g.get(var).unwrap());
                    assert_close(grad, expected, tolerance);
                }
            }
        }
    }
}

/// A loss whose gradient differs from value to value: [`weights`].
fn weighted_sum(y: &Tensor) -> Tensor {
    (y * weights(y)).unwrap().sum_all().unwrap()
}

fn weights(y: &Tensor) -> Tensor {
    let weights = Random::new(9).tensor(y.dims());
    weights.to_dtype(y.dtype()).unwrap()
}

/// Asserts that the gradient along a random direction is the difference quotient
/// in that direction.
fn assert_matches_finite_differences<const N: usize>(
    inputs: &[Tensor; N],
    apply: &impl Fn([&Tensor; N]) -> Result<Tensor>,
) {
    let loss = |inputs: [&Tensor; N]| weighted_sum(&apply(inputs).unwrap());
    let mut random = Random::new(10);
    let direction = inputs.each_ref().map(|a| random.tensor(a.dims()));
    let vars = inputs.each_ref().map(|a| Var::from_tensor(a).unwrap());
    let grads =
        loss(vars.each_ref().map(|v| v.as_tensor())).backward().unwrap();
    let mut slope = 0.0;
    for (var, direction) in vars.iter().zip(&direction) {
        let product = (grads.get(var).unwrap() * direction).unwrap();
        slope += product.sum_all().unwrap().to_scalar::<f64>().unwrap();
    }
    let loss_at = |h: f64| {
        let step =
            |i: usize| (&inputs[i] + (&direction[i] * h).unwrap()).unwrap();
        let moved: [Tensor; N] = std::array::from_fn(step);
        loss(moved.each_ref()).to_scalar::<f64>().unwrap()
    };
    let h = 1e-5;
    let quotient = (loss_at(h) - loss_at(-h)) / (2.0 * h);
    let error = (slope - quotient).abs();
    assert!(error < 1e-5 * slope.abs().max(1.0), "{slope} and {quotient}");
}

/// Returns the tensor itself, or an equal view that is not contiguous.
fn view(tensor: &Tensor, strided: bool) -> Tensor {
    if !strided {
        return tensor.clone();
    }
    // Two copies interleaved, of which the view takes one.
    let twice = Tensor::stack(&[tensor, tensor], tensor.rank()).unwrap();
    twice.narrow(tensor.rank(), 1, 1).unwrap().squeeze(tensor.rank()).unwrap()
}

/// Asserts that two tensors agree within `tolerance`, relative to the largest
/// value where that is above 1.
pub(crate) fn assert_close(a: &Tensor, b: &Tensor, tolerance: f64) {
    assert_eq!(a.dims(), b.dims());
    let values = |t: &Tensor| -> Vec<f64> {
        let t = t.to_dtype(DType::F64).unwrap().flatten_all().unwrap();
        t.to_vec1().unwrap()
    };
    let (a, b) = (values(a), values(b));
    let scale = b.iter().fold(1.0_f64, |max, x| max.max(x.abs()));
    for (a, b) in a.iter().zip(&b) {
        assert!((a - b).abs() <= tolerance * scale, "{a} and {b}");
    }
}
