//! The one error type of the library.

use std::path::PathBuf;

/// What can go wrong, each with what was given, what was expected and, where
/// there is something to do, what to do.
///
/// ```
/// use ddpm::{Error, math::Schedule};
/// let error = Schedule::cosine(10)?.at(11).unwrap_err();
/// assert!(matches!(error, Error::Timestep { t: 11, steps: 10 }));
/// assert!(error.to_string().contains("t runs from 1 to 10"));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A schedule with no steps, or with too many to hold.
    #[error("a schedule has 1 to {max} steps, got {steps}")]
    Steps {
        /// The number of steps asked for.
        steps: usize,
        /// The largest number allowed.
        max: usize,
    },
    /// A beta that is not a variance between 0 and 1.
    #[error(
        "beta_{t} is {value}, but every beta must lie strictly between 0 and 1"
    )]
    Beta {
        /// The paper's 1-based step.
        t: usize,
        /// The value given.
        value: f64,
    },
    /// A schedule that wipes out `x_0` beyond what an `f64` can express.
    #[error(
        "alpha_bar_{t} underflows to 0: nothing of x_0 is left to recover; \
         use smaller betas or fewer steps"
    )]
    AlphaBarUnderflow {
        /// The first step at which the product underflows.
        t: usize,
    },
    /// A step outside the schedule.
    #[error("t = {t} is not a step of this schedule: t runs from 1 to {steps}")]
    Timestep {
        /// The step asked for.
        t: usize,
        /// The last step of the schedule.
        steps: usize,
    },
    /// Any other argument that is out of its range.
    #[error("{name} must be {expected}, got {got}")]
    Argument {
        /// What the argument is called.
        name: &'static str,
        /// What would have been accepted.
        expected: String,
        /// What was given.
        got: String,
    },
    /// A file that could not be read or written.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// `read`, `write`, `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: std::io::Error,
    },
    /// Bytes that are not what they claim to be.
    #[error("{what} is not usable: {reason}")]
    Format {
        /// The file, or what the bytes were said to be.
        what: String,
        /// What is wrong with them, and what to do.
        reason: String,
    },
    /// A training step that produced a number that is not finite.
    #[error(
        "{quantity} became {value} at step {step}, and that step was not \
         applied; start anew in another folder with a lower learning rate or \
         another seed (the last checkpoint holds the parameters before it)"
    )]
    Diverged {
        /// The loss, or the norm of the gradient.
        quantity: &'static str,
        /// The value, infinite or not a number.
        value: f64,
        /// The 1-based training step.
        step: u32,
    },
    /// A parameter that the loss does not depend on.
    #[error(
        "the parameter {name} got no gradient; every parameter must take \
         part in the forward pass"
    )]
    NoGradient {
        /// The name of the parameter.
        name: String,
    },
    /// Parameters that another cell of a notebook made.
    #[error(
        "these parameters were made in another cell of the notebook, and each \
         cell has a copy of candle of its own, which numbers tensors anew; \
         make the network and train it in one cell"
    )]
    OtherCell,
    /// A device that this machine or this build does not have.
    #[error("device {name} is not available: {reason}")]
    Device {
        /// The name as given.
        name: String,
        /// Why, and what to build or check.
        reason: String,
    },
    /// An error of the tensor library.
    #[cfg(feature = "nn")]
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// A result with the library's [`Error`].
///
/// ```
/// use ddpm::math::Schedule;
/// fn signal_left(schedule: &Schedule, t: usize) -> ddpm::Result<f64> {
///     Ok(schedule.at(t)?.alpha_bar())
/// }
/// let schedule = Schedule::cosine(10)?;
/// assert!(signal_left(&schedule, 10)? < signal_left(&schedule, 1)?);
/// assert!(signal_left(&schedule, 0).is_err());
/// # Ok::<(), ddpm::Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn argument(
        name: &'static str,
        expected: impl Into<String>,
        got: impl std::fmt::Display,
    ) -> Self {
        Self::Argument { name, expected: expected.into(), got: got.to_string() }
    }

    #[cfg(feature = "data")]
    pub(crate) fn format(
        what: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self::Format { what: what.into(), reason: reason.into() }
    }
}
