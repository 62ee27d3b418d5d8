//! The error type of the library.

/// The errors of the library. A message says what was given, what was expected,
/// and what to do.
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
    /// A timestep outside the schedule.
    #[error("t runs from 1 to {steps} in this schedule, got {t}")]
    Timestep {
        /// The timestep asked for.
        t: usize,
        /// The number of steps, `T`.
        steps: usize,
    },
    /// Any other argument out of its range.
    #[error("{name} must be {expected}, got {got}")]
    Argument {
        /// The name of the argument.
        name: &'static str,
        /// The values that are accepted.
        expected: String,
        /// The value that was given.
        got: String,
    },
    /// A file that could not be read or written; the message names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A file or bytes of the wrong format.
    #[error("{what} is not usable: {reason}")]
    Format {
        /// The name of the file or of the bytes.
        what: String,
        /// The fault, and what to do.
        reason: String,
    },
    /// A training step whose loss or gradient is not finite.
    #[error(
        "{quantity} became {value} at step {step}, and that step was not \
         applied; start anew with a lower learning rate (a field of TrainConfig) or \
         another seed"
    )]
    Diverged {
        /// The loss, or the norm of the gradient.
        quantity: &'static str,
        /// The value, infinite or not a number.
        value: f64,
        /// The 1-based training step.
        step: u32,
    },
    /// A difference between the processes of one run.
    #[cfg(feature = "nn")]
    #[error(
        "{what} of rank {rank} and {what} of rank 0 differ; all processes of a run \
         must have the same program, processor, options and data"
    )]
    Ranks {
        /// The thing that differs.
        what: &'static str,
        /// The rank where it differs.
        rank: usize,
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

    /// Returns an [`Error::Argument`] unless the argument is `ok`. Texts by
    /// `format_args` cost nothing where it is.
    pub(crate) fn require(
        ok: bool,
        name: &'static str,
        expected: impl std::fmt::Display,
        got: impl std::fmt::Display,
    ) -> Result<()> {
        if ok {
            return Ok(());
        }
        Err(Self::argument(name, expected.to_string(), got))
    }

    #[cfg(feature = "data")]
    pub(crate) fn format(
        what: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self::Format { what: what.into(), reason: reason.into() }
    }
}
