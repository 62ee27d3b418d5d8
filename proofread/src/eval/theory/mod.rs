//! Probability: densities, divergences and expectations as terms.
//!
//! A process is a chain of Gaussian steps. Several steps that are affine make
//! one Gaussian step; the density of some of its variables is that of the
//! first, times the steps between them; and a conditional density is a
//! quotient of two such. Where the start of a process is left open, the
//! density of its first variable is an unknown function, so what is shown is
//! shown for all data.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `gaussian` | densities of Gaussians, and divergences between them |
//! | `process` | steps of a process, alone and several at once |
//! | `mentions` | whether terms depend on a vector |
//! | `far` | any number of steps at once, by induction |
//! | `density` | densities of variables of a process |
//! | `random` | what an expectation is over |
//! | `asked` | which variables of a process matter |
//! | `expectation` | means, term by term |
//! | `moments` | means of products of inner products |
//! | `apart` | means of products of what is independent, and within means |
//! | `integral` | means of exponentials |
//! | `gradient` | gradients, also of log-densities |
//! | `facts` | what is true of every mean, such as Jensen's inequality |

mod apart;
mod asked;
mod density;
mod expectation;
mod facts;
mod far;
mod gaussian;
mod gradient;
mod integral;
mod mentions;
mod moments;
mod process;
mod random;

pub(super) use facts::of_log;
pub(super) use gradient::gradient;

use crate::eval::Eval;
use crate::expr::{Expr, Kind};
use crate::term::{Term, Value};
use crate::value::{Signs, Trouble};

/// What the theory keeps for a claim.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// How many random vectors were named so far.
    pub(crate) noises: u32,
    /// Terms whose sign is known by a theorem.
    pub(crate) facts: Vec<(Term, Signs)>,
    /// Whether what is evaluated serves a theorem only.
    is_deriving: bool,
}

/// The value of an expression that is about probabilities.
pub(crate) fn value(eval: &mut Eval, expr: &Expr) -> Result<Value, Trouble> {
    match &expr.kind {
        Kind::Normal(normal) => {
            let log = gaussian::log_density_of(eval, normal)?;
            eval.store.terms.exp(log).map(Value::Scalar)
        }
        Kind::Density(density) => {
            let log = density::log_density(eval, density)?;
            eval.store.terms.exp(log).map(Value::Scalar)
        }
        Kind::Expectation(expectation) => {
            let mean = expectation::value(eval, expectation)?;
            facts::of_mean(eval, expectation, &mean);
            Ok(mean)
        }
        Kind::Divergence(p, q) => {
            let divergence = gaussian::divergence(eval, p, q)?;
            facts::of_divergence(eval, divergence);
            Ok(Value::Scalar(divergence))
        }
        _ => Err(Trouble::Unsupported("this is no probability".into())),
    }
}
