//! What the tests of layers and kernels share.

use crate::random::{Purpose, Stream, stream};
use candle_core::{DType, Device, Result, Tensor, Var};

/// Random sizes and tensors.
pub(crate) struct Draws(Stream);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(stream(seed, Purpose::Data, 2, 0))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound)
    }

    /// Standard normal numbers, in `f64` on the CPU.
    pub(crate) fn tensor(&mut self, shape: &[usize]) -> Tensor {
        let count = shape.iter().product();
        let values: Vec<f64> = (0..count).map(|_| self.0.normal()).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }
}

/// Asserts that two operations agree, in their results and in the gradients
/// of every argument: in both precisions, on contiguous and strided tensors;
/// and that the gradients of the first are what finite differences say.
pub(crate) fn assert_same_op<const N: usize>(
    arguments: &[Tensor; N],
    one: impl Fn([&Tensor; N]) -> Result<Tensor>,
    other: impl Fn([&Tensor; N]) -> Result<Tensor>,
) {
    assert_slope(arguments, &one);
    for (dtype, tolerance) in [(DType::F64, 1e-10), (DType::F32, 2e-4)] {
        for strided in [false, true] {
            let vars = arguments.each_ref().map(|tensor| {
                let tensor = tensor.to_dtype(dtype).unwrap();
                Var::from_tensor(&tensor).unwrap()
            });
            let views = vars.each_ref().map(|var| view(var, strided));
            let (one, other) =
                (&one(views.each_ref()), &other(views.each_ref()));
            let (one, other) = (one.as_ref().unwrap(), other.as_ref().unwrap());
            assert_close(one, other, tolerance);
            let grads = [one, other].map(|y| {
                // A gradient that differs from entry to entry.
                let weights = Draws::new(9).tensor(y.dims());
                let weights = weights.to_dtype(dtype).unwrap();
                let loss = (y * weights).unwrap().sum_all().unwrap();
                loss.backward().unwrap()
            });
            for var in &vars {
                let [one, other] =
                    grads.each_ref().map(|g| g.get(var).unwrap());
                assert_close(one, other, tolerance);
            }
        }
    }
}

/// Asserts that the gradient of `Σ weights · op`, along a random direction, is
/// its difference quotient.
fn assert_slope<const N: usize>(
    arguments: &[Tensor; N],
    op: &impl Fn([&Tensor; N]) -> Result<Tensor>,
) {
    let loss = |arguments: [&Tensor; N]| {
        let y = op(arguments).unwrap();
        let weights = Draws::new(9).tensor(y.dims());
        (y * weights).unwrap().sum_all().unwrap()
    };
    let mut draw = Draws::new(10);
    let direction = arguments.each_ref().map(|a| draw.tensor(a.dims()));
    let vars = arguments.each_ref().map(|a| Var::from_tensor(a).unwrap());
    let grads =
        loss(vars.each_ref().map(|v| v.as_tensor())).backward().unwrap();
    let mut slope = 0.0;
    for (var, direction) in vars.iter().zip(&direction) {
        let along = (grads.get(var).unwrap() * direction).unwrap();
        slope += along.sum_all().unwrap().to_scalar::<f64>().unwrap();
    }
    let moved = |h: f64| {
        let step =
            |i: usize| (&arguments[i] + (&direction[i] * h).unwrap()).unwrap();
        let moved: [Tensor; N] = std::array::from_fn(step);
        loss(moved.each_ref()).to_scalar::<f64>().unwrap()
    };
    let h = 1e-5;
    let quotient = (moved(h) - moved(-h)) / (2.0 * h);
    let error = (slope - quotient).abs();
    assert!(error < 1e-5 * slope.abs().max(1.0), "{slope} and {quotient}");
}

/// The same tensor; if asked, as a view that is not contiguous.
fn view(tensor: &Tensor, strided: bool) -> Tensor {
    if !strided {
        return tensor.clone();
    }
    // Twice the length, and every other half of it.
    let twice = Tensor::stack(&[tensor, tensor], tensor.rank()).unwrap();
    twice.narrow(tensor.rank(), 1, 1).unwrap().squeeze(tensor.rank()).unwrap()
}

/// Asserts that two tensors agree to `tolerance`, relative to the largest
/// entry where that exceeds 1.
pub(crate) fn assert_close(a: &Tensor, b: &Tensor, tolerance: f64) {
    assert_eq!(a.dims(), b.dims());
    let numbers = |t: &Tensor| -> Vec<f64> {
        let t = t.to_dtype(DType::F64).unwrap().flatten_all().unwrap();
        t.to_vec1().unwrap()
    };
    let (a, b) = (numbers(a), numbers(b));
    let scale = b.iter().fold(1.0_f64, |max, x| max.max(x.abs()));
    for (a, b) in a.iter().zip(&b) {
        assert!((a - b).abs() <= tolerance * scale, "{a} against {b}");
    }
}
