//! Work split over threads: chunks of a result, chunks of a batch, workspace.
//!
//! Every split depends on sizes alone, never on the number of threads, and
//! partial sums are added in a fixed order. So results are the same bytes for
//! any number of threads.

mod batch;
mod fill;
mod map;
mod workspace;

pub(crate) use batch::BatchChunks;
pub(crate) use fill::{fill_chunks, fill_chunks_with};
pub(crate) use map::{map_2, update_2, update_3};
pub(crate) use workspace::with_workspace;
