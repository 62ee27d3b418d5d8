//! Several tensors in one buffer, one after the other.
//!
//! An update of a few hundred small tensors takes a dozen operations for each, and
//! on a GPU every operation is a launch. In one buffer they take a dozen in all.

use crate::{Error, Result};
use candle_core::{Tensor, Var};

/// A buffer with a part for each of some parameters.
#[derive(Debug)]
pub(super) struct Flat {
    /// All values, `(n)`.
    pub(super) values: Var,
    /// The parts, in the shapes of the parameters. They share the memory of
    /// `values`.
    pub(super) parts: Vec<Tensor>,
}

impl Flat {
    /// Creates a buffer of zeros for parameters like `vars`.
    pub(super) fn zeros(vars: &[Var]) -> Result<Self> {
        let count: usize = vars.iter().map(|var| var.elem_count()).sum();
        let first = vars
            .first()
            .ok_or_else(|| Error::argument("parameters", "at least one", 0))?;
        let values = Var::zeros(count, first.dtype(), first.device())?;
        let parts = split(&values.as_detached_tensor(), vars)?;
        Ok(Self { values, parts })
    }

    /// Copies the buffer into `vars`.
    pub(super) fn store(&self, vars: &[Var]) -> Result<()> {
        let parts = vars.iter().zip(&self.parts);
        parts.into_iter().try_for_each(|(var, part)| Ok(var.set(part)?))
    }
}

/// Returns the values of each parameter, `(n)`, in the parameter's memory.
pub(super) fn values(vars: &[Var]) -> Result<Vec<Tensor>> {
    let values = |var: &Var| Ok(var.as_detached_tensor().flatten_all()?);
    vars.iter().map(values).collect()
}

/// Returns the values of all tensors, `(n)`.
pub(super) fn join(tensors: &[Tensor]) -> candle_core::Result<Tensor> {
    let flat = tensors.iter().map(|tensor| tensor.flatten_all());
    Tensor::cat(&flat.collect::<candle_core::Result<Vec<_>>>()?, 0)
}

/// Returns the parts of `values` `(n)` in the shapes of `vars`: the inverse of
/// [`join`].
pub(super) fn split(values: &Tensor, vars: &[Var]) -> Result<Vec<Tensor>> {
    let mut first = 0;
    let part = |var: &Var| {
        let part = values.narrow(0, first, var.elem_count())?;
        first += var.elem_count();
        Ok(part.reshape(var.shape())?)
    };
    vars.iter().map(part).collect()
}
