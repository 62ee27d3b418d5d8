//! The random variables of an expectation.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `named` | the random variables that a subscript names |
//! | `unnamed` | the random symbols of a body that no subscript names |
//! | `drawn` | the order in which variables are drawn |
//! | `along` | the variables of a process, in step order |

mod along;
mod drawn;
mod named;
mod unnamed;

use super::mentions::mentions;
use crate::eval::{Eval, Key};
use crate::expr::{Expectation, Expr, Id, Kind, Symbol};
use crate::notation::Sort;
use crate::term::{Argument, Atom, AtomKind, Combination, Term, Value};
use crate::value::Trouble;
use along::along;
use drawn::in_order;
use named::Named;
use unnamed::unnamed;

/// The data as a random vector.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) atom: Atom,
    /// The family of the data's variable.
    pub(super) family: String,
    pub(super) mean: Combination,
    /// The condition on the data: `a`, `v` and `y` of `a x_0 + N(0, v I) = y`.
    pub(super) condition: Vec<Argument>,
}

/// Random variables as functions of the data and of independent standard normal
/// vectors.
#[derive(Clone, Debug, Default)]
pub(super) struct Randomness {
    /// The weight of this component of a mixture.
    pub(super) weight: Option<Term>,
    pub(super) overlay: Vec<(Key, Value)>,
    pub(super) noises: Vec<Atom>,
    pub(super) data: Option<Data>,
    /// Terms that must be defined for the variables to exist.
    pub(super) needed: Vec<Term>,
}

impl Randomness {
    /// Returns a new standard normal vector.
    fn noise(&mut self, eval: &mut Eval) -> Combination {
        let number = eval.store.known.noises;
        eval.store.known.noises += 1;
        let kind = AtomKind::Free(format!("noise {number}"));
        let atom = eval.store.terms.store_atom(kind);
        self.noises.push(atom);
        eval.store.terms.vector_of(atom)
    }

    /// Returns a new standard normal number.
    fn number(&mut self, eval: &mut Eval) -> Term {
        let noise = self.noise(eval);
        let terms = &mut eval.store.terms;
        let parts: Vec<Term> =
            noise.iter().map(|(atom, _)| terms.along_unit(atom)).collect();
        terms.sum(&parts)
    }

    /// Draws a variable from its own Gaussian distribution.
    fn draw(
        &mut self,
        eval: &mut Eval,
        key: Key,
        law: &Expr,
    ) -> Result<(), Trouble> {
        let Kind::Normal(normal) = &law.kind else {
            let why = "a variable that is drawn from no Gaussian";
            return Err(Trouble::Unsupported(why.into()));
        };
        let overlay = self.overlay.clone();
        let below = eval.overlay.len();
        eval.overlay.extend(overlay);
        let gaussian = super::gaussian::drawn_from(eval, normal);
        eval.overlay.truncate(below);
        let super::gaussian::Gaussian { mean, variance } = gaussian?;
        let mut needed = vec![eval.store.terms.sqrt(variance)?];
        needed.extend(mean.numbers());
        let terms = &eval.store.terms;
        needed.retain(|term| {
            !self.noises.iter().any(|noise| mentions(terms, &[*term], *noise))
        });
        self.needed.extend(needed);
        let value = match mean {
            Value::Vector(mean) => {
                Value::Vector(self.gaussian(eval, &mean, variance)?)
            }
            Value::Scalar(mean) => {
                let noise = self.number(eval);
                let terms = &mut eval.store.terms;
                let root = terms.sqrt(variance)?;
                let moved = terms.mul(root, noise);
                Value::Scalar(terms.add(mean, moved))
            }
        };
        self.overlay.push((key, value));
        Ok(())
    }

    /// Returns `m + √v ε` with new noise `ε`.
    fn gaussian(
        &mut self,
        eval: &mut Eval,
        mean: &Combination,
        variance: Term,
    ) -> Result<Combination, Trouble> {
        if eval.store.terms.is_zero(variance) {
            return Ok(mean.clone());
        }
        let noise = self.noise(eval);
        let root = eval.store.terms.sqrt(variance)?;
        let moved = eval.store.terms.scale_vector(root, &noise);
        Ok(eval.store.terms.add_vectors(mean, &moved))
    }
}

/// Returns the random variables of an expectation, with one entry for each
/// component of a data mixture.
pub(super) fn randomness(
    eval: &mut Eval,
    expectation: &Expectation,
) -> Result<Vec<Randomness>, Trouble> {
    let notation = eval.notation;
    let over = named::over(eval, expectation);
    let Named { of_process, mut normals, laws } =
        Named::read(eval, expectation, &over)?;
    let family = of_process.as_ref().and_then(|(name, ..)| {
        notation.processes.get(name).map(|p| p.variable.as_str())
    });
    in_order(eval, &laws, &normals, family)?;
    unnamed(eval, expectation, &mut normals, family)?;
    let mut parts = match of_process {
        Some((name, of, given)) => along(eval, &name, &of, &given)?,
        None => vec![Randomness::default()],
    };
    let mut drawn = parts.iter().flat_map(|part| &part.overlay);
    if let Some((key, _)) = drawn.find(|(key, _)| eval.is_rewritten(key)) {
        let name = &key.0;
        let why = format!(
            "the mean draws {name} from a process, and a formula that is used defines \
             {name}: write the variables that the mean is over as its subscript"
        );
        return Err(Trouble::Unsupported(why));
    }
    for part in &mut parts {
        for key in &normals {
            let id = Id { indices: key.1.len(), ..Id::plain(&key.0) };
            let declared = notation.symbols.get(&id);
            let value = if declared.is_some_and(|d| d.sort == Sort::Scalar) {
                Value::Scalar(part.number(eval))
            } else {
                Value::Vector(part.noise(eval))
            };
            part.overlay.push((key.clone(), value));
        }
        for (key, law) in &laws {
            part.draw(eval, key.clone(), law)?;
        }
    }
    Ok(parts)
}

fn key(eval: &Eval, symbol: &Symbol) -> Result<Key, Trouble> {
    let indices = symbol.indices.iter().map(|i| eval.whole(i));
    let indices = indices.collect::<Result<Vec<_>, _>>()?;
    Ok((symbol.name.clone(), indices))
}
