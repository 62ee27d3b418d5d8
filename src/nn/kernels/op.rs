//! From a kernel on slices to a candle operation with backward.

use super::{Real, slice};
use candle_core::{
    CpuStorage, CustomOp1, CustomOp3, DType, Layout, Result, Shape, Storage,
    Tensor,
};

/// An operation of `N` arguments, written on the numbers of its tensors.
pub(super) trait Kernel<const N: usize>: Send + Sync + 'static {
    /// What candle calls the operation in messages.
    const NAME: &'static str;

    /// The shapes of the arguments, which are checked before a call.
    fn arguments(&self) -> [Shape; N];

    /// The shape of the result.
    fn result(&self) -> Shape;

    fn forward<T: Real>(&self, arguments: [&[T]; N]) -> Vec<T>;

    /// The gradient of each argument, given that of the result; what stands
    /// for one that is not `needed` is not looked at.
    fn backward<T: Real>(
        &self,
        arguments: [&[T]; N],
        grad: &[T],
        needed: [bool; N],
    ) -> [Vec<T>; N];
}

/// Whether a kernel can take this tensor.
pub(super) fn has_kernel(x: &Tensor) -> bool {
    x.device().is_cpu() && matches!(x.dtype(), DType::F32 | DType::F64)
}

/// Applies a kernel of one argument.
pub(super) fn apply_1(kernel: impl Kernel<1>, x: &Tensor) -> Result<Tensor> {
    check(&kernel, [x])?;
    x.contiguous()?.apply_op1(Op(kernel))
}

/// Applies a kernel of three arguments.
pub(super) fn apply_3(
    kernel: impl Kernel<3>,
    [a, b, c]: [&Tensor; 3],
) -> Result<Tensor> {
    check(&kernel, [a, b, c])?;
    a.contiguous()?.apply_op3(&b.contiguous()?, &c.contiguous()?, Op(kernel))
}

fn check<K: Kernel<N>, const N: usize>(
    kernel: &K,
    tensors: [&Tensor; N],
) -> Result<()> {
    for (tensor, shape) in tensors.iter().zip(kernel.arguments()) {
        if tensor.shape() != &shape {
            let (name, got) = (K::NAME, tensor.shape());
            candle_core::bail!("{name} expected {shape:?}, got {got:?}")
        }
    }
    // Nothing to compute, and nothing to split over threads.
    if tensors.iter().any(|tensor| tensor.elem_count() == 0) {
        candle_core::bail!("{} got an empty tensor", K::NAME)
    }
    Ok(())
}

struct Op<K>(K);

impl<K> Op<K> {
    fn forward<const N: usize>(
        &self,
        arguments: [(&CpuStorage, &Layout); N],
    ) -> Result<(CpuStorage, Shape)>
    where
        K: Kernel<N>,
    {
        let y = match arguments[0].0 {
            CpuStorage::F64(_) => CpuStorage::F64(self.run(arguments)?),
            _ => CpuStorage::F32(self.run(arguments)?),
        };
        Ok((y, self.0.result()))
    }

    fn run<T: Real, const N: usize>(
        &self,
        arguments: [(&CpuStorage, &Layout); N],
    ) -> Result<Vec<T>>
    where
        K: Kernel<N>,
    {
        let mut slices = [&[][..]; N];
        for (place, (storage, layout)) in slices.iter_mut().zip(arguments) {
            *place = slice(storage, layout)?;
        }
        Ok(self.0.forward(slices))
    }

    fn backward<const N: usize>(
        &self,
        arguments: [&Tensor; N],
        grad: &Tensor,
    ) -> Result<[Option<Tensor>; N]>
    where
        K: Kernel<N>,
    {
        match grad.dtype() {
            DType::F64 => self.run_back::<f64, N>(arguments, grad),
            _ => self.run_back::<f32, N>(arguments, grad),
        }
    }

    fn run_back<T: Real, const N: usize>(
        &self,
        arguments: [&Tensor; N],
        grad: &Tensor,
    ) -> Result<[Option<Tensor>; N]>
    where
        K: Kernel<N>,
    {
        let grad = grad.contiguous()?;
        // Guards first: slices borrow from them.
        let grad_guard = grad.storage_and_layout();
        let guards = arguments.map(Tensor::storage_and_layout);
        let mut slices = [&[][..]; N];
        for (place, (storage, layout)) in slices.iter_mut().zip(&guards) {
            *place = slice(cpu(storage)?, layout)?;
        }
        let grad = slice(cpu(&grad_guard.0)?, grad_guard.1)?;
        let needed = arguments.map(Tensor::track_op);
        let gradients = self.0.backward::<T>(slices, grad, needed);
        let mut tensors = [const { None }; N];
        for (((place, values), like), needed) in
            tensors.iter_mut().zip(gradients).zip(arguments).zip(needed)
        {
            if !needed {
                continue;
            }
            let tensor = Tensor::from_vec(values, like.shape(), like.device())?;
            *place = Some(tensor);
        }
        Ok(tensors)
    }
}

fn cpu(storage: &Storage) -> Result<&CpuStorage> {
    match storage {
        Storage::Cpu(storage) => Ok(storage),
        _ => candle_core::bail!("a CPU kernel got a tensor of another device"),
    }
}

impl<K: Kernel<1>> CustomOp1 for Op<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn cpu_fwd(
        &self,
        a: &CpuStorage,
        a_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward([(a, a_layout)])
    }

    fn bwd(
        &self,
        a: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<Option<Tensor>> {
        self.backward([a], grad).map(|[a]| a)
    }
}

impl<K: Kernel<3>> CustomOp3 for Op<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn cpu_fwd(
        &self,
        a: &CpuStorage,
        a_layout: &Layout,
        b: &CpuStorage,
        b_layout: &Layout,
        c: &CpuStorage,
        c_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward([(a, a_layout), (b, b_layout), (c, c_layout)])
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        c: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        self.backward([a, b, c], grad).map(|[a, b, c]| (a, b, c))
    }
}
