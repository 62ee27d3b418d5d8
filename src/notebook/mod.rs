//! Support for Jupyter notebooks: a prelude, and outputs below a cell.
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
//! | `table` | tables of numbers |
//! | `guard` | ends the process at a panic |

mod display;
mod guard;
mod table;

pub use guard::guard;
pub use table::Table;

/// The items that notebooks use.
///
/// ```
/// use ddpm::notebook::prelude::*;
/// let schedule = Schedule::cosine(10)?;
/// assert!(forward::closed_form(schedule.last()).x_0 < 0.01);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub mod prelude {
    pub use super::{Table, guard};
    #[cfg(feature = "evaluate")]
    pub use crate::evaluate::*;
    pub use crate::math::{coefficients::*, posterior::ReverseVariance, *};
    pub use crate::plot::{self, Figure, Picture};
    pub use crate::random::{Purpose, Stream, stream};
    pub use crate::{Error, Result, data};
    #[cfg(feature = "nn")]
    pub use crate::{nn::*, sample::*, train::*};
    #[cfg(feature = "nn")]
    pub use candle_core::{DType, Device, Tensor};
}
