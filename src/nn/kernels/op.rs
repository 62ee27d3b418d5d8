//! What a kernel is: an operation on slices, with its backward pass.

use super::Real;
use candle_core::{CpuStorage, Result, Shape, Tensor};

/// An operation of `N` arguments, written on the numbers of its tensors; with
/// [`Value::compute`](super::Value::compute) it is one on tensors.
///
/// ```
/// use candle_core::{Device, Result, Shape, Tensor, Var};
/// use ddpm::nn::kernels::{Gradient, Kernel, Real, Value};
///
/// /// `x²` of three numbers.
/// struct Square;
///
/// impl Kernel<1> for Square {
///     const NAME: &'static str = "square";
///
///     fn arguments(&self) -> [Shape; 1] {
///         [3.into()]
///     }
///
///     fn result(&self) -> Shape {
///         3.into()
///     }
///
///     fn forward<T: Real>(&self, [x]: [&[T]; 1]) -> Vec<T> {
///         x.iter().map(|&x| x * x).collect()
///     }
///
///     fn backward<T: Real>(
///         &self,
///         [x]: [&[T]; 1],
///         grad: &[T],
///         _: [bool; 1],
///     ) -> [Gradient<T>; 1] {
///         let products = x.iter().zip(grad).map(|(&x, &g)| (x + x) * g);
///         [Gradient::New(products.collect())]
///     }
///
///     fn composed(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
///         x.sqr()
///     }
/// }
///
/// let x = Var::new(&[1_f32, 2.0, 3.0], &Device::Cpu)?;
/// let y = Tensor::compute(Square, [x.as_tensor()])?;
/// let gradients = y.sum_all()?.backward()?;
/// assert_eq!(gradients.get(&x).unwrap().to_vec1::<f32>()?, [2.0, 4.0, 6.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub trait Kernel<const N: usize>: Send + Sync + 'static {
    /// What the operation is called in messages.
    const NAME: &'static str;

    /// The shapes of the arguments, which are checked before a call.
    fn arguments(&self) -> [Shape; N];

    /// The shape of the result.
    fn result(&self) -> Shape;

    /// Its name and sizes, for people who look where the time goes.
    fn describe(&self) -> String {
        let shape = self.result();
        let dims = shape.dims();
        let sizes = if dims.len() > 1 { &dims[1..] } else { dims };
        let sizes: Vec<_> = sizes.iter().map(usize::to_string).collect();
        let sizes = sizes.join("×");
        format!("{}, {sizes}", Self::NAME)
    }

    /// Multiplications and additions of the forward pass, as the formula has
    /// them; 0 for what is not a sum of products.
    fn flops(&self) -> f64 {
        0.0
    }

    /// The numbers of the result.
    fn forward<T: Real>(&self, arguments: [&[T]; N]) -> Vec<T>;

    /// The gradient of each argument, given that of the result. One that is
    /// not `needed` may be [`Gradient::None`].
    fn backward<T: Real>(
        &self,
        arguments: [&[T]; N],
        grad: &[T],
        needed: [bool; N],
    ) -> [Gradient<T>; N];

    /// The same from candle's operations, on any device.
    ///
    /// # Errors
    /// If the device fails.
    fn composed(&self, arguments: [&Tensor; N]) -> Result<Tensor>;
}

/// The gradient of an argument; [`Kernel`] has an example.
#[derive(Debug)]
pub enum Gradient<T> {
    /// Nobody asked for it.
    None,
    /// That of the result.
    Same,
    /// These numbers.
    New(Vec<T>),
}

/// Refuses arguments that do not have the shapes a kernel expects, and empty
/// ones: there is nothing to compute, and nothing to split over threads.
pub(super) fn check<K: Kernel<N>, const N: usize>(
    kernel: &K,
    shapes: [&Shape; N],
) -> Result<()> {
    for (got, expected) in shapes.into_iter().zip(kernel.arguments()) {
        if got != &expected {
            candle_core::bail!("{} expected {expected:?}, got {got:?}", K::NAME)
        }
        if got.elem_count() == 0 {
            candle_core::bail!("{} got an empty tensor", K::NAME)
        }
    }
    Ok(())
}

/// The numbers of a contiguous tensor on the CPU, for as long as `f` runs.
pub(super) fn with_slices<T: Real, R, const N: usize>(
    tensors: [&Tensor; N],
    f: impl FnOnce([&[T]; N]) -> R,
) -> Result<R> {
    let guards = tensors.map(Tensor::storage_and_layout);
    let mut slices = [&[][..]; N];
    for (place, (storage, layout)) in slices.iter_mut().zip(&guards) {
        let candle_core::Storage::Cpu(storage) = &**storage else {
            candle_core::bail!("a kernel got a tensor of another device")
        };
        *place = numbers(storage, layout.contiguous_offsets())?;
    }
    Ok(f(slices))
}

/// The numbers of a storage in a range, which a strided layout has not.
pub(super) fn numbers<T: Real>(
    storage: &CpuStorage,
    range: Option<(usize, usize)>,
) -> Result<&[T]> {
    match range {
        Some((start, end)) => {
            Ok(&T::cpu_storage_as_slice(storage)?[start..end])
        }
        None => candle_core::bail!("a kernel got a strided tensor"),
    }
}
