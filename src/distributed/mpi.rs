//! Ranks that MPI connects.

use super::Communicator;
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor, WithDType};
use mpi::Threading;
use mpi::environment::Universe;
use mpi::point_to_point::send_receive_into;
use mpi::traits::{Communicator as _, Equivalence};
use std::fmt;

/// The processes that `mpirun` started, connected by MPI.
///
/// Tensors travel through the memory of the CPU.
///
/// Dropping it ends MPI for this process, and waits for the other ranks to do the
/// same.
pub struct Mpi {
    universe: Universe,
}

impl Mpi {
    /// Starts MPI in this process, which is possible once.
    ///
    /// # Errors
    /// If MPI was started before, or the number of ranks is no power of two.
    pub fn start() -> Result<Self> {
        // One thread at a time communicates, and it need not be the first one.
        let started = mpi::initialize_with_threading(Threading::Serialized);
        let again = "started once in a process";
        let (universe, threading) = started
            .ok_or_else(|| Error::argument("MPI", again, "a second start"))?;
        let ok = threading >= Threading::Serialized;
        let expected = "MPI_THREAD_SERIALIZED or more";
        let got = format_args!("{threading:?}");
        Error::require(ok, "the threading that MPI supports", expected, got)?;
        let this = Self { universe };
        let size = this.size();
        let ok = size.is_power_of_two();
        let expected = "1, 2, 4, 8 or another power of two";
        Error::require(ok, "the number of processes", expected, size)?;
        Ok(this)
    }

    /// Checks that `partner` is another rank.
    pub(super) fn check_partner(&self, partner: usize) -> Result<()> {
        let ok = partner < self.size() && partner != self.rank();
        let expected = format_args!("another rank of {}", self.size());
        Error::require(ok, "partner", expected, partner)
    }

    /// Says that tensors of a type are not exchanged.
    pub(super) fn no_such_type(dtype: DType) -> Error {
        Error::argument("sent", "f32, f64 or u8", dtype.as_str())
    }

    fn send<T: WithDType + Equivalence + Default>(
        &self,
        partner: usize,
        sent: &Tensor,
        received: usize,
    ) -> Result<Tensor> {
        let other = i32::try_from(partner).unwrap_or(i32::MAX);
        let world = self.universe.world();
        let other = world.process_at_rank(other);
        let bytes = sent.to_vec1::<T>()?;
        let mut values = vec![T::default(); received];
        send_receive_into(&bytes[..], &other, &mut values[..], &other);
        Ok(Tensor::from_vec(values, received, &Device::Cpu)?)
    }
}

impl fmt::Debug for Mpi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rank, size) = (self.rank(), self.size());
        let mut f = f.debug_struct("Mpi");
        f.field("rank", &rank).field("size", &size).finish()
    }
}

#[allow(clippy::cast_sign_loss)] // MPI's numbers of ranks are not negative
impl Communicator for Mpi {
    fn rank(&self) -> usize {
        self.universe.world().rank() as usize
    }

    fn size(&self) -> usize {
        self.universe.world().size() as usize
    }

    fn send_recv(
        &self,
        partner: usize,
        sent: &Tensor,
        received: usize,
    ) -> Result<Tensor> {
        self.check_partner(partner)?;
        let got = match sent.dtype() {
            DType::F32 => self.send::<f32>(partner, sent, received)?,
            DType::F64 => self.send::<f64>(partner, sent, received)?,
            DType::U8 => self.send::<u8>(partner, sent, received)?,
            other => return Err(Self::no_such_type(other)),
        };
        Ok(got.to_device(sent.device())?)
    }

    fn abort(&self, code: i32) -> ! {
        self.universe.world().abort(code)
    }
}
