//! The trait of an operation: shapes, a forward pass, a backward pass, and a
//! reference made of candle's own operations.

use crate::profile::{Pass, measure};
use crate::simd::Float;
use candle_core::op::BackpropOp;
use candle_core::{CpuStorage, DType, Layout, Result, Shape, Storage, Tensor};
use std::sync::atomic::{AtomicBool, Ordering};

/// An operation with `N` inputs and one output, written for slices. All slices
/// are contiguous, in row-major order.
pub(crate) trait Op<const N: usize>: Send + Sync + 'static {
    /// The name in error messages and profiles.
    const NAME: &'static str;
    /// The names of the inputs in error messages.
    const INPUTS: [&'static str; N];

    /// Returns the shapes that the inputs must have.
    fn input_shapes(&self) -> [Shape; N];

    /// Returns the shape of the output.
    fn output_shape(&self) -> Shape;

    /// Returns the name in profiles.
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// Returns the name with sizes, for profiles.
    fn describe(&self) -> String {
        let shape = self.output_shape();
        let dims = shape.dims();
        let sizes = if dims.len() > 1 { &dims[1..] } else { dims };
        let sizes: Vec<_> = sizes.iter().map(usize::to_string).collect();
        format!("{} {}", self.name(), sizes.join("×"))
    }

    /// Returns the multiplications and additions of the forward pass, counted
    /// from the formula; 0 for an operation that is no sum of products.
    fn flops(&self) -> f64 {
        0.0
    }

    /// Computes the output.
    fn forward<T: Float>(&self, inputs: [&[T]; N]) -> Vec<T>;

    /// Computes the gradient of each input from the gradient of the output. An
    /// input that is not `needed` may get [`Gradient::None`].
    fn backward<T: Float>(
        &self,
        inputs: [&[T]; N],
        grad: &[T],
        needed: [bool; N],
    ) -> [Gradient<T>; N];

    /// Computes the output by candle's operations, on any device. It serves
    /// GPUs, and tests compare the kernel with it.
    fn reference(&self, inputs: [&Tensor; N]) -> Result<Tensor>;

    /// Computes the gradient of each input by candle's operations, on any device;
    /// the tensors have no graph. It takes fewer operations than candle's backward
    /// pass of [`reference`](Self::reference).
    fn reference_backward(
        &self,
        inputs: [&Tensor; N],
        grad: &Tensor,
        needed: [bool; N],
    ) -> Result<[Option<Tensor>; N]>;
}

/// The gradient of one input.
pub(crate) enum Gradient<T> {
    /// Not computed, because it is not needed.
    None,
    /// Equal to the gradient of the output.
    Same,
    /// The values of the gradient.
    New(Vec<T>),
}

static KERNELS: AtomicBool = AtomicBool::new(true);

/// Switches the kernels off or on, for the whole process. Without them every
/// function uses candle's operations, as on a GPU: to compare the two, or to test
/// on a CPU what a program does on a GPU.
///
/// ```standalone_crate
/// use candle_core::{Device, Tensor};
/// use candle_fused::{silu, use_kernels};
///
/// let x = Tensor::new(&[0_f32, 1.0], &Device::Cpu)?;
/// let by_kernel = silu(&x)?.to_vec1::<f32>()?;
/// use_kernels(false);
/// let by_candle = silu(&x)?.to_vec1::<f32>()?;
/// use_kernels(true);
/// assert!((by_kernel[1] - by_candle[1]).abs() < 1e-6);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn use_kernels(enabled: bool) {
    KERNELS.store(enabled, Ordering::Relaxed);
}

/// Returns whether the kernels can compute with `x`: `f32` or `f64` on the CPU.
pub(crate) fn has_kernels(x: &Tensor) -> bool {
    x.device().is_cpu()
        && matches!(x.dtype(), DType::F32 | DType::F64)
        && KERNELS.load(Ordering::Relaxed)
}

/// Refuses inputs of unexpected shapes, of different types, and empty ones.
pub(crate) fn check<O: Op<N>, const N: usize>(
    op: &O,
    inputs: [&Tensor; N],
) -> Result<()> {
    let name = O::NAME;
    let expected = op.input_shapes();
    for ((input, expected), what) in inputs.iter().zip(expected).zip(O::INPUTS)
    {
        if input.shape() != &expected {
            let (got, expected) = (input.dims(), expected.dims());
            candle_core::bail!(
                "{name}: {what} must have shape {expected:?}, got {got:?}"
            )
        }
        if input.elem_count() == 0 {
            candle_core::bail!("{name}: {what} is empty: {:?}", input.dims())
        }
        if input.dtype() != inputs[0].dtype() {
            let (first, other) = (inputs[0].dtype(), input.dtype());
            let of = O::INPUTS[0];
            candle_core::bail!("{name}: {of} is {first:?}, {what} is {other:?}")
        }
    }
    Ok(())
}

/// Runs the forward pass on candle's storages.
pub(crate) fn forward<O: Op<N>, const N: usize>(
    op: &O,
    inputs: [(&CpuStorage, &Layout); N],
) -> Result<(CpuStorage, Shape)> {
    fn run<T: Float, O: Op<N>, const N: usize>(
        op: &O,
        inputs: [(&CpuStorage, &Layout); N],
    ) -> Result<CpuStorage> {
        let mut slices = [&[][..]; N];
        for (slice, (storage, layout)) in slices.iter_mut().zip(inputs) {
            *slice = as_slice(storage, layout)?;
        }
        Ok(forward_slices::<T, O, N>(op, slices))
    }
    let y = match inputs[0].0 {
        CpuStorage::F64(_) => run::<f64, O, N>(op, inputs),
        _ => run::<f32, O, N>(op, inputs),
    };
    Ok((y?, op.output_shape()))
}

/// Runs the forward pass on contiguous tensors of the CPU; the output is a variable
/// to candle.
pub(crate) fn forward_to_variable<O: Op<N>, const N: usize>(
    op: &O,
    inputs: [&Tensor; N],
) -> Result<Tensor> {
    let y = match inputs[0].dtype() {
        DType::F64 => {
            with_slices(inputs, |x| forward_slices::<f64, O, N>(op, x))
        }
        _ => with_slices(inputs, |x| forward_slices::<f32, O, N>(op, x)),
    };
    let (storage, none) = (Storage::Cpu(y?), BackpropOp::none());
    Ok(Tensor::from_storage(storage, op.output_shape(), none, true))
}

fn forward_slices<T: Float, O: Op<N>, const N: usize>(
    op: &O,
    inputs: [&[T]; N],
) -> CpuStorage {
    let name_of = || (op.describe(), op.flops());
    let y = measure(name_of, Pass::Forward, || op.forward::<T>(inputs));
    T::to_cpu_storage_owned(y)
}

/// Runs the backward pass on contiguous tensors of the CPU.
pub(crate) fn backward<T: Float, O: Op<N>, const N: usize>(
    op: &O,
    inputs: [&Tensor; N],
    grad: &[T],
    needed: [bool; N],
) -> Result<[Gradient<T>; N]> {
    with_slices(inputs, |inputs| {
        let name_of = || (op.describe(), op.flops());
        measure(name_of, Pass::Backward, || op.backward(inputs, grad, needed))
    })
}

/// Calls `f` with the values of contiguous tensors of the CPU.
pub(crate) fn with_slices<T: Float, R, const N: usize>(
    tensors: [&Tensor; N],
    f: impl FnOnce([&[T]; N]) -> R,
) -> Result<R> {
    let guards = tensors.map(Tensor::storage_and_layout);
    let mut slices = [&[][..]; N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&guards) {
        let Storage::Cpu(storage) = &**storage else {
            candle_core::bail!("expected a tensor on the CPU")
        };
        *slice = as_slice(storage, layout)?;
    }
    Ok(f(slices))
}

/// Returns a copy of the values of a tensor of the CPU.
pub(crate) fn to_vec<T: Float>(tensor: &Tensor) -> Result<Vec<T>> {
    with_slices([&tensor.contiguous()?], |[x]: [&[T]; 1]| x.to_vec())
}

/// Returns the values of a contiguous tensor of the CPU.
pub(crate) fn as_slice<'a, T: Float>(
    storage: &'a CpuStorage,
    layout: &Layout,
) -> Result<&'a [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => {
            Ok(&T::cpu_storage_as_slice(storage)?[start..end])
        }
        None => candle_core::bail!("expected a contiguous tensor"),
    }
}
