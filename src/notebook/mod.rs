//! For Jupyter: what a notebook brings in with one line, and how things show
//! themselves below a cell.
//!
//! A notebook of the evcxr kernel begins with
//!
//! ```text
//! :dep ddpm = { path = "..", default-features = false, features = ["notebook"] }
//! use ddpm::notebook::prelude::*;
//! guard();
//! ```
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `display` | figures, pictures, schedules and tables below a cell |
//! | `table` | numbers in rows |
//! | `guard` | a cell that panics ends the run |

mod display;
mod guard;
mod table;

pub use guard::guard;
pub use table::Table;

/// What the notebooks use.
///
/// ```
/// use ddpm::notebook::prelude::*;
/// let schedule = Schedule::cosine(10)?;
/// let (signal, _) = forward::closed_form(schedule.last());
/// assert!(signal < 0.01);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub mod prelude {
    pub use super::{Table, guard};
    pub use crate::data;
    pub use crate::math::{
        Gaussian, Schedule, Timestep, bound, ddim, evenly_spaced, forward,
        parameterization, posterior,
    };
    pub use crate::plot::{self, Figure, Picture};
    pub use crate::random::{Purpose, Stream, stream};
    pub use crate::{Error, Result};
    #[cfg(feature = "nn")]
    pub use crate::{
        math::{PredictionType, posterior::ReverseVariance},
        nn::{Denoiser, Mlp, MlpConfig, ModelConfig, UNet, UNetConfig},
        sample::{Method, SampleOptions, Sampler, State, sample},
        train::{TrainConfig, Trainer},
    };
    #[cfg(feature = "nn")]
    pub use candle_core::{DType, Device, Tensor};
}
