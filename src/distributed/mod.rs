//! Training and sampling by several processes, on one machine or on many.
//!
//! The processes of a run are called ranks, as in MPI. Each rank holds the whole
//! model and takes a share of every batch. Before the optimiser steps, the ranks
//! add their gradients, so that all ranks take the same step. On CPUs the sum is
//! the same tree of additions that one process computes. So any number of ranks and
//! one process compute byte-identical parameters.
//!
//! A [`Communicator`] connects the ranks. [`communicator`] returns the one for
//! this process: MPI's under `mpirun`, or NCCL's if there are GPUs, otherwise
//! [`Alone`].
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `communicator` | the trait that connects ranks, and a process alone |
//! | `collectives` | sums over all ranks, from exchanges between two |
//! | `share` | the share of a batch that a rank takes |
//! | `launch` | the communicator that fits how the process was started |
//! | `mpi` | ranks that MPI connects; feature `mpi` |
//! | `nccl` | GPUs that NCCL connects; feature `nccl` |

mod collectives;
mod communicator;
mod launch;
#[cfg(feature = "mpi")]
mod mpi;
#[cfg(feature = "nccl")]
mod nccl;
mod share;
#[cfg(test)]
pub(crate) mod testing;

#[cfg(feature = "mpi")]
pub use self::mpi::Mpi;
#[cfg(feature = "nccl")]
pub use self::nccl::Nccl;
pub(crate) use collectives::{all_equal, all_gather};
pub use collectives::{all_reduce_max, all_reduce_sum, gather};
pub use communicator::{Alone, Communicator};
pub use launch::{communicator, local_gpu};
pub(crate) use share::share;
