//! The communicator that fits how the process was started.

use super::{Alone, Communicator};
use crate::Result;
use candle_core::Device;

/// The variables that an MPI launcher sets, with the number of processes: those of
/// Open MPI, of MPICH and Intel MPI, and of Slurm's `srun --mpi`.
const SIZES: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_NTASKS"];

/// Returns the communicator of this process, which computes on `device`: MPI's if a
/// launcher such as `mpirun` started several processes, otherwise [`Alone`]. If
/// `device` is a GPU and the feature `nccl` is on, NCCL connects the GPUs.
///
/// # Errors
/// If a launcher started several processes, and the feature `mpi` is off, or MPI
/// or NCCL cannot connect them.
///
/// ```
/// let ranks = ddpm::distributed::communicator(&candle_core::Device::Cpu)?;
/// assert_eq!(ranks.size(), 1);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn communicator(device: &Device) -> Result<Box<dyn Communicator>> {
    let size = |name| std::env::var(name).ok()?.parse().ok();
    match SIZES.into_iter().find_map(size) {
        None | Some(..=1_usize) => Ok(Box::new(Alone)),
        Some(size) => several(size, device),
    }
}

#[cfg(feature = "mpi")]
fn several(_: usize, device: &Device) -> Result<Box<dyn Communicator>> {
    let mpi = super::Mpi::start()?;
    #[cfg(feature = "nccl")]
    if device.is_cuda() {
        return Ok(Box::new(super::Nccl::start(mpi, device)?));
    }
    let _ = device; // MPI copies tensors from any
    Ok(Box::new(mpi))
}

#[cfg(not(feature = "mpi"))]
fn several(size: usize, _: &Device) -> Result<Box<dyn Communicator>> {
    Err(crate::Error::argument(
        "a program that several processes run",
        "built with --features mpi",
        format_args!("{size} processes, and a program without it"),
    ))
}

/// The variables that an MPI launcher sets to the number of a process on its machine.
const LOCAL_RANKS: [&str; 3] =
    ["OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID"];

/// Returns the local rank: the number of this process on its machine, from 0. A process
/// should use the GPU of this number. Without a launcher, the number is 0.
///
/// ```
/// assert_eq!(ddpm::distributed::local_rank(), 0);
/// ```
pub fn local_rank() -> usize {
    let rank = |name| std::env::var(name).ok()?.parse().ok();
    LOCAL_RANKS.into_iter().find_map(rank).unwrap_or(0)
}
