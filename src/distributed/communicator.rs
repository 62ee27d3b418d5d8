//! The connection between the ranks of a run.

use crate::{Error, Result};
use candle_core::Tensor;
use std::fmt;

/// The ranks of a run, as one of them sees them.
///
/// All ranks must call the same operations in the same order.
///
/// ```
/// use ddpm::distributed::{Alone, Communicator};
/// assert_eq!((Alone.rank(), Alone.size()), (0, 1));
/// ```
pub trait Communicator: fmt::Debug + Send + Sync {
    /// Returns the number of this rank, from 0.
    fn rank(&self) -> usize;

    /// Returns the number of ranks, a power of two.
    fn size(&self) -> usize;

    /// Sends the tensor `sent` `(n)` to the rank `partner`, which calls this
    /// method for this rank, and returns the tensor `(received)` that `partner`
    /// sends. Both have the same type.
    ///
    /// # Errors
    /// If `partner` is no other rank, the type is not `f32`, `f64` or `u8`, or the
    /// connection fails.
    fn send_recv(
        &self,
        partner: usize,
        sent: &Tensor,
        received: usize,
    ) -> Result<Tensor>;

    /// Ends all ranks at once with an exit code. A rank that fails alone must call
    /// this method: the others would wait for it without end.
    fn abort(&self, code: i32) -> !;
}

/// The only rank of a run.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Communicator for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn send_recv(
        &self,
        partner: usize,
        _: &Tensor,
        _: usize,
    ) -> Result<Tensor> {
        Err(Error::argument("partner", "another rank of 1", partner))
    }

    fn abort(&self, code: i32) -> ! {
        std::process::exit(code)
    }
}
