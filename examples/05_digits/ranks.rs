//! The processes of a run: one, or several that `mpirun` started.

use crate::say;
use crate::stop::Stop;
use anyhow::{Context, Result};
use candle_core::Device;
use ddpm::distributed::{self, Communicator};
use std::sync::Arc;
use std::time::Duration;

/// The processes that train and sample together. The first one writes the files
/// and prints.
#[derive(Clone)]
pub(crate) struct Ranks(pub(crate) Arc<dyn Communicator>);

/// Opens the device of this process. Several processes on a machine each have a GPU of
/// their own if `name` is `cuda`.
pub(crate) fn device(name: &str) -> Result<Device> {
    let own = || format!("cuda:{}", distributed::local_gpu());
    let name = if name == "cuda" { own() } else { name.to_owned() };
    Ok(ddpm::nn::device(&name)?)
}

impl Ranks {
    /// Connects this process, which computes on `device`, with the others of its run.
    pub(crate) fn connect(device: &Device) -> Result<Self> {
        let ranks = distributed::communicator(device);
        let ranks =
            Self(ranks.context("cannot run as several processes")?.into());
        if !ranks.is_first() {
            say::be_silent();
        }
        Ok(ranks)
    }

    pub(crate) fn is_first(&self) -> bool {
        self.0.rank() == 0
    }

    /// Returns the number of requests to stop that any process got.
    pub(crate) fn requests(&self, stop: &Stop) -> Result<u32> {
        let here = u8::try_from(stop.requests()).unwrap_or(u8::MAX);
        Ok(distributed::all_reduce_max(&*self.0, here)?.into())
    }

    /// Ends all processes if this one failed: the others would wait for it.
    pub(crate) fn or_abort(&self, result: Result<()>) -> Result<()> {
        let Err(error) = &result else { return Ok(()) };
        if self.0.size() == 1 {
            return result;
        }
        if !self.is_first() {
            // Usually all processes fail with one error, and the first one prints it.
            std::thread::sleep(Duration::from_secs(2));
        }
        eprintln!("error (process {}): {error:#}", self.0.rank());
        self.0.abort(1)
    }
}
