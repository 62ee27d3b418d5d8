//! An [`Op`] applied to candle's tensors: an entry on the tape if one is
//! recording; otherwise a custom operation of candle with a backward pass.

use crate::op::{self, Gradient, Op, has_kernels, with_slices};
use crate::simd::Float;
use crate::tape;
use candle_core::{
    CpuStorage, CustomOp1, CustomOp2, CustomOp3, DType, Device, Layout, Result,
    Shape, Tensor,
};
use std::sync::Arc;

/// Applies an operation with `N` inputs to tensors.
pub(crate) trait Apply<const N: usize>: Op<N> + Sized {
    /// Checks the inputs and computes the output: by the kernel on the CPU, by
    /// the reference elsewhere.
    fn apply(self, inputs: [&Tensor; N]) -> Result<Tensor>;
}

impl<O: Op<1>> Apply<1> for O {
    fn apply(self, inputs: [&Tensor; 1]) -> Result<Tensor> {
        apply(self, inputs, |op, [a]| a.apply_op1(op))
    }
}

impl<O: Op<2>> Apply<2> for O {
    fn apply(self, inputs: [&Tensor; 2]) -> Result<Tensor> {
        apply(self, inputs, |op, [a, b]| a.apply_op2(b, op))
    }
}

impl<O: Op<3>> Apply<3> for O {
    fn apply(self, inputs: [&Tensor; 3]) -> Result<Tensor> {
        apply(self, inputs, |op, [a, b, c]| a.apply_op3(b, c, op))
    }
}

fn apply<O: Op<N>, const N: usize>(
    op: O,
    inputs: [&Tensor; N],
    apply_custom: impl FnOnce(Custom<O>, [&Tensor; N]) -> Result<Tensor>,
) -> Result<Tensor> {
    op::check(&op, inputs)?;
    let has_kernels = inputs.into_iter().all(has_kernels);
    let mut contiguous = inputs.map(Tensor::clone);
    if has_kernels {
        for input in &mut contiguous {
            *input = input.contiguous()?;
        }
    }
    let inputs = contiguous.each_ref();
    let op = Arc::new(op);
    if tape::is_recording() && inputs.into_iter().any(Tensor::track_op) {
        return tape::record(op, inputs, has_kernels);
    }
    if has_kernels {
        apply_custom(Custom(op), inputs)
    } else {
        op.reference(inputs)
    }
}

/// An operation as candle sees it.
struct Custom<O>(Arc<O>);

impl<O> Custom<O> {
    /// Returns the gradients of the inputs. An input that needs none gets none:
    /// candle would fill a tensor with zeros to add to it.
    fn gradients<const N: usize>(
        &self,
        inputs: [&Tensor; N],
        grad: &Tensor,
    ) -> Result<[Option<Tensor>; N]>
    where
        O: Op<N>,
    {
        match grad.dtype() {
            DType::F64 => self.gradients_of::<f64, N>(inputs, grad),
            _ => self.gradients_of::<f32, N>(inputs, grad),
        }
    }

    fn gradients_of<T: Float, const N: usize>(
        &self,
        inputs: [&Tensor; N],
        grad: &Tensor,
    ) -> Result<[Option<Tensor>; N]>
    where
        O: Op<N>,
    {
        let grad = grad.contiguous()?;
        let needed = inputs.map(Tensor::track_op);
        let gradients = with_slices([&grad], |[grad]: [&[T]; 1]| {
            op::backward(&*self.0, inputs, grad, needed)
        })??;
        let mut tensors = [const { None }; N];
        for (i, gradient) in gradients.into_iter().enumerate() {
            tensors[i] = match gradient {
                Gradient::Same if needed[i] => Some(grad.clone()),
                Gradient::New(values) if needed[i] => {
                    let shape = inputs[i].shape();
                    Some(Tensor::from_vec(values, shape, &Device::Cpu)?)
                }
                _ => None,
            };
        }
        Ok(tensors)
    }
}

impl<O: Op<1>> CustomOp1 for Custom<O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(
        &self,
        s: &CpuStorage,
        l: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        op::forward(&*self.0, [(s, l)])
    }

    fn bwd(
        &self,
        a: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<Option<Tensor>> {
        let [a] = self.gradients([a], grad)?;
        Ok(a)
    }
}

impl<O: Op<2>> CustomOp2 for Custom<O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(
        &self,
        s1: &CpuStorage,
        l1: &Layout,
        s2: &CpuStorage,
        l2: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        op::forward(&*self.0, [(s1, l1), (s2, l2)])
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let [a, b] = self.gradients([a, b], grad)?;
        Ok((a, b))
    }
}

impl<O: Op<3>> CustomOp3 for Custom<O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(
        &self,
        s1: &CpuStorage,
        l1: &Layout,
        s2: &CpuStorage,
        l2: &Layout,
        s3: &CpuStorage,
        l3: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        op::forward(&*self.0, [(s1, l1), (s2, l2), (s3, l3)])
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        c: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [a, b, c] = self.gradients([a, b, c], grad)?;
        Ok((a, b, c))
    }
}
