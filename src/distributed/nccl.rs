//! GPUs that NCCL connects.

use super::collectives::all_gather;
use super::{Communicator, Mpi};
use crate::{Error, Result};
use candle_core::cuda_backend::CudaDType;
use candle_core::cuda_backend::cudarc::driver::{DeviceRepr, ValidAsZeroBits};
use candle_core::cuda_backend::cudarc::nccl::result::NcclError;
use candle_core::cuda_backend::cudarc::nccl::{
    Comm, Id, group_end, group_start, safe::NcclType,
};
use candle_core::op::BackpropOp;
use candle_core::{CudaDevice, CudaStorage, DType, Device, Storage, Tensor};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The processes that `mpirun` started, each with a GPU of its own. NCCL carries
/// tensors from GPU to GPU. MPI connects the processes, and carries tensors that are
/// on CPUs.
pub struct Nccl {
    mpi: Mpi,
    gpus: Mutex<Gpus>,
    device: CudaDevice,
}

/// The connection between the GPUs.
struct Gpus(Comm);

#[allow(unsafe_code)]
// SAFETY: NCCL allows one thread after the other to use a connection, and a lock lets
// no two use it at a time.
unsafe impl Send for Gpus {}

impl Nccl {
    /// Connects the GPU `device` of this process with the GPUs of the others.
    ///
    /// # Errors
    /// If `device` is no GPU, or NCCL cannot connect the GPUs; it refuses two processes
    /// on one GPU.
    pub fn start(mpi: Mpi, device: &Device) -> Result<Self> {
        let device = device.as_cuda_device()?.clone();
        // Rank 0 makes an id, and all learn it.
        let id = match mpi.rank() {
            0 => Id::new().map_err(failed)?,
            _ => Id::uninit([0; 128]),
        };
        let bytes = id.internal().map(i8::cast_unsigned);
        let all = all_gather(&mpi, &Tensor::new(&bytes[..], &Device::Cpu)?)?;
        let all = all.to_vec1::<u8>()?;
        let id = Id::uninit(std::array::from_fn(|i| all[i].cast_signed()));
        let stream = device.cuda_stream();
        let comm = Comm::from_rank(stream, mpi.rank(), mpi.size(), id);
        let gpus = Mutex::new(Gpus(comm.map_err(failed)?));
        Ok(Self { mpi, gpus, device })
    }

    fn send<T: CudaDType + DeviceRepr + NcclType + ValidAsZeroBits>(
        &self,
        partner: usize,
        sent: &Tensor,
        received: usize,
    ) -> Result<Tensor> {
        let partner = i32::try_from(partner).unwrap_or(i32::MAX);
        let sent = sent.contiguous()?;
        let (storage, layout) = sent.storage_and_layout();
        let Storage::Cuda(storage) = &*storage else {
            return Err(Error::argument("sent", "on the GPU", "on the CPU"));
        };
        let first = layout.start_offset();
        let values = storage.as_cuda_slice::<T>()?;
        let values = values.slice(first..first + sent.elem_count());
        let mut other = self.device.alloc_zeros::<T>(received)?;
        let gpus = self.gpus.lock().unwrap_or_else(PoisonError::into_inner);
        // One group, or both would wait for the other to receive.
        group_start().map_err(failed)?;
        if sent.elem_count() > 0 {
            gpus.0.send(&values, partner).map_err(failed)?;
        }
        if received > 0 {
            gpus.0.recv(&mut other, partner).map_err(failed)?;
        }
        group_end().map_err(failed)?;
        drop(gpus);
        let other = CudaStorage::wrap_cuda_slice(other, self.device.clone());
        let (storage, no_past) = (Storage::Cuda(other), BackpropOp::none());
        Ok(Tensor::from_storage(storage, received, no_past, false))
    }
}

#[allow(clippy::needless_pass_by_value)] // `map_err` hands it over
fn failed(error: NcclError) -> Error {
    let message = format!("NCCL failed: {error:?}");
    candle_core::Error::Msg(message).into()
}

impl fmt::Debug for Nccl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nccl").field("mpi", &self.mpi).finish_non_exhaustive()
    }
}

impl Communicator for Nccl {
    fn rank(&self) -> usize {
        self.mpi.rank()
    }

    fn size(&self) -> usize {
        self.mpi.size()
    }

    fn send_recv(
        &self,
        partner: usize,
        sent: &Tensor,
        received: usize,
    ) -> Result<Tensor> {
        if !sent.device().is_cuda() {
            return self.mpi.send_recv(partner, sent, received);
        }
        self.mpi.check_partner(partner)?;
        match sent.dtype() {
            DType::F32 => self.send::<f32>(partner, sent, received),
            DType::F64 => self.send::<f64>(partner, sent, received),
            DType::U8 => self.send::<u8>(partner, sent, received),
            other => Err(Mpi::no_such_type(other)),
        }
    }

    fn abort(&self, code: i32) -> ! {
        self.mpi.abort(code)
    }
}
