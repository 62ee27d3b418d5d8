//! Probability: densities, divergences and expectations as terms.
//!
//! A process is a chain of Gaussian steps. Several affine steps compose to one
//! Gaussian step. The joint density of some variables is the density of the
//! first variable times the densities of the steps between them. A conditional
//! density is a quotient of two joint densities. If a process has no declared
//! start, the density of its first variable is an unknown function, so a proof
//! holds for all data.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `gaussian` | densities of Gaussians, and divergences between them |
//! | `process` | steps of a process, single and composed |
//! | `mentions` | dependence of terms on a vector |
//! | `far` | any number of composed steps, by induction |
//! | `density` | densities of variables of a process |
//! | `random` | the random variables of an expectation |
//! | `asked` | the variables of a process that an expression uses |
//! | `expectation` | expectations, term by term |
//! | `moments` | expectations of products of inner products |
//! | `apart` | products of independent factors, nested expectations |
//! | `integral` | expectations of exponentials |
//! | `gradient` | gradients, also of log-densities |
//! | `facts` | theorems about expectations, such as Jensen's inequality |

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

/// The state of the probability theory for a claim.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The number of random vectors named so far.
    pub(crate) noises: u32,
    /// Terms whose sign follows from a theorem.
    pub(crate) facts: Vec<(Term, Signs)>,
    /// True while evaluating an expression only for a theorem.
    is_deriving: bool,
}

/// Evaluates an expression that involves probabilities.
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
