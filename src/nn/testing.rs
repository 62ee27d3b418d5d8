//! Helpers for the tests of layers.

use crate::nn::Parameters;
use crate::random::{Purpose, Stream, stream};
use candle_core::{DType, Device, Tensor};

/// Random tensors.
pub(crate) struct Draws(Stream);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(stream(seed, Purpose::Data, 2, 0))
    }

    /// Standard normal numbers, in `f64` on the CPU.
    pub(crate) fn tensor(&mut self, shape: &[usize]) -> Tensor {
        let count = shape.iter().product();
        let values: Vec<f64> = (0..count).map(|_| self.0.normal()).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }
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

/// Sets every parameter to draws from `N(0, std²)`.
pub(crate) fn randomize(parameters: &Parameters, seed: u64, std: f64) {
    let mut draw = Draws::new(seed);
    for (_, var) in parameters.named() {
        let values = (draw.tensor(var.dims()) * std).unwrap();
        var.set(&values.to_dtype(var.dtype()).unwrap()).unwrap();
    }
}
