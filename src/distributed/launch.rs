//! The communicator that fits how the process was started.

use super::{Alone, Communicator};
use crate::Result;

/// The variables that an MPI launcher sets, with the number of processes: those of
/// Open MPI, of MPICH and Intel MPI, and of Slurm's `srun --mpi`.
const SIZES: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_NTASKS"];

/// Returns the communicator of this process: MPI's if a launcher such as `mpirun`
/// started several, otherwise [`Alone`].
///
/// # Errors
/// If a launcher started several processes, and the feature `mpi` is off, or MPI
/// cannot connect them.
///
/// ```
/// let ranks = ddpm::distributed::communicator()?;
/// assert_eq!(ranks.size(), 1);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn communicator() -> Result<Box<dyn Communicator>> {
    let size = |name| std::env::var(name).ok()?.parse().ok();
    match SIZES.into_iter().find_map(size) {
        None | Some(..=1_usize) => Ok(Box::new(Alone)),
        Some(size) => several(size),
    }
}

#[cfg(feature = "mpi")]
fn several(_: usize) -> Result<Box<dyn Communicator>> {
    Ok(Box::new(super::Mpi::start()?))
}

#[cfg(not(feature = "mpi"))]
fn several(size: usize) -> Result<Box<dyn Communicator>> {
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
