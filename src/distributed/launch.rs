//! The communicator that fits how the process was started.

use super::{Alone, Communicator};
use crate::Result;
use candle_core::Device;

/// The variables that an MPI launcher sets, with the number of processes: those of
/// Open MPI, of MPICH and Intel MPI, and of Slurm's `srun --mpi`. Slurm sets
/// `SLURM_NTASKS`, too, but also for the one process of a script that runs without
/// `srun`.
const SIZES: [&str; 3] =
    ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

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

/// Returns the number of the GPU that this process should use, among those that CUDA
/// shows it. The processes of a machine take the GPUs in turns. Slurm may show each
/// process one GPU only, which then has the number 0.
///
/// ```
/// assert_eq!(ddpm::distributed::local_gpu(), 0); // a process alone
/// ```
pub fn local_gpu() -> usize {
    let rank = |name| std::env::var(name).ok()?.parse().ok();
    let rank = LOCAL_RANKS.into_iter().find_map(rank).unwrap_or(0);
    gpu_of(rank, std::env::var("CUDA_VISIBLE_DEVICES").ok().as_deref())
}

fn gpu_of(rank: usize, visible: Option<&str>) -> usize {
    match visible {
        Some(list) if !list.is_empty() => rank % list.split(',').count(),
        _ => rank,
    }
}

#[cfg(test)]
mod tests {
    use super::gpu_of;

    #[test]
    fn processes_take_the_visible_gpus_in_turns() {
        let of = |visible| [0, 1, 2].map(|rank| gpu_of(rank, visible));
        assert_eq!(of(None), [0, 1, 2]);
        assert_eq!(of(Some("4,5")), [0, 1, 0]);
        // With Slurm's --gpus-per-task=1.
        assert_eq!(of(Some("3")), [0, 0, 0]);
    }
}
