//! What kernels work on: tensors of candle, or values on a tape.

use super::op::{Kernel, check};
use super::tape::{Traced, traced};
use candle_core::{DType, Result, Shape, Tensor};

/// A tensor of candle, or a [`Traced`] one: networks are written once, for
/// either.
///
/// ```
/// use candle_core::{Device, Result, Tensor};
/// use ddpm::nn::kernels::{Value, traced, upsample_2x};
///
/// fn twice<V: Value>(x: &V) -> Result<V> {
///     upsample_2x(&upsample_2x(x)?)
/// }
///
/// let x = Tensor::new(&[[[[1_f32]]]], &Device::Cpu)?;
/// let two_operations = twice(&x)?;
/// let one_operation = traced(true, |tape| twice(&tape.leaf(&x)?))?;
/// assert_eq!(two_operations.dims(), [1, 1, 4, 4]);
/// assert_eq!(one_operation.dims(), [1, 1, 4, 4]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub trait Value: Clone {
    /// What a kernel makes of the arguments.
    ///
    /// # Errors
    /// If arguments are empty or of another shape than the kernel's.
    fn compute<K: Kernel<N>, const N: usize>(
        kernel: K,
        arguments: [&Self; N],
    ) -> Result<Self>;

    /// A tensor, a parameter say, as a value to compute with beside this one.
    ///
    /// # Errors
    /// If the device fails.
    fn beside(&self, tensor: &Tensor) -> Result<Self>;

    /// Its shape.
    fn shape(&self) -> &Shape;
}

/// Whether kernels can take this tensor.
pub(crate) fn has_kernels(x: &Tensor) -> bool {
    x.device().is_cpu() && matches!(x.dtype(), DType::F32 | DType::F64)
}

impl Value for Tensor {
    /// On the CPU the kernel, elsewhere the same from candle's operations.
    fn compute<K: Kernel<N>, const N: usize>(
        kernel: K,
        arguments: [&Self; N],
    ) -> Result<Self> {
        if !arguments.into_iter().all(has_kernels) {
            check(&kernel, arguments.map(|a| a.shape()))?;
            return kernel.composed(arguments);
        }
        traced(true, |tape| {
            let mut leaves = Vec::with_capacity(N);
            for argument in arguments {
                leaves.push(tape.leaf(argument)?);
            }
            Traced::compute(kernel, std::array::from_fn(|i| &leaves[i]))
        })
    }

    fn beside(&self, tensor: &Tensor) -> Result<Self> {
        Ok(tensor.clone())
    }

    fn shape(&self) -> &Shape {
        self.shape()
    }
}
