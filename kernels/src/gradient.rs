//! The gradient of a value during the backward pass of a tape.

use crate::op::{Gradient, has_kernels, to_vec};
use crate::parallel::update_2;
use crate::simd::Float;
use candle_core::op::BackpropOp;
use candle_core::{CpuStorage, DType, Result, Shape, Storage, Tensor};
use std::sync::Arc;

/// A gradient.
#[derive(Clone)]
pub(crate) enum Grad {
    /// Values on the CPU, for kernels; several gradients may share them.
    Values(Arc<CpuStorage>),
    /// A tensor without a graph, for other devices.
    Tensor(Tensor),
}

impl Grad {
    pub(crate) fn from_tensor(gradient: &Tensor) -> Result<Self> {
        if !has_kernels(gradient) {
            return Ok(Self::Tensor(gradient.detach()));
        }
        let values = match gradient.dtype() {
            DType::F64 => CpuStorage::F64(to_vec(gradient)?),
            _ => CpuStorage::F32(to_vec(gradient)?),
        };
        Ok(Self::Values(Arc::new(values)))
    }

    /// Converts the result of a kernel, which had `grad` as the gradient of its
    /// output.
    pub(crate) fn from_kernel<T: Float>(
        gradient: Gradient<T>,
        grad: &Arc<CpuStorage>,
    ) -> Option<Self> {
        match gradient {
            Gradient::None => None,
            Gradient::Same => Some(Self::Values(grad.clone())),
            Gradient::New(values) => {
                let values = T::to_cpu_storage_owned(values);
                Some(Self::Values(Arc::new(values)))
            }
        }
    }

    /// Adds `other`: in place, unless other gradients share the values.
    pub(crate) fn add(&mut self, other: &Self) -> Result<()> {
        match (self, other) {
            (Self::Tensor(sum), Self::Tensor(other)) => {
                *sum = sum.add(other)?;
            }
            (Self::Values(sum), Self::Values(other)) => {
                match (Arc::make_mut(sum), &**other) {
                    (CpuStorage::F64(sum), CpuStorage::F64(other)) => {
                        update_2(sum, other, |sum, x| sum + x);
                    }
                    (CpuStorage::F32(sum), CpuStorage::F32(other)) => {
                        update_2(sum, other, |sum, x| sum + x);
                    }
                    _ => candle_core::bail!("gradients of different types"),
                }
            }
            _ => candle_core::bail!("gradients of different devices"),
        }
        Ok(())
    }

    pub(crate) fn into_tensor(self, shape: &Shape) -> Tensor {
        match self {
            Self::Tensor(gradient) => gradient,
            Self::Values(values) => {
                let storage = Storage::Cpu(Arc::unwrap_or_clone(values));
                let op = BackpropOp::none();
                Tensor::from_storage(storage, shape.clone(), op, false)
            }
        }
    }
}
