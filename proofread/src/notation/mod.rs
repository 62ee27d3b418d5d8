//! The notation file: what each symbol is.
//!
//! A TOML file of four tables. `sizes` are whole numbers that are drawn, such
//! as the length of a chain; `indices` run over ranges; `symbols` are numbers,
//! vectors and functions, free or defined by others; `processes` are chains of
//! random variables. The keys are LaTeX, read as the text is.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `dependence` | what definitions depend on |
//! | `free` | the names that expressions leave free, or catch |
//! | `whole` | expressions that are indices, sizes and numbers |

mod dependence;
mod free;
mod whole;

pub(crate) use whole::{is_whole, mentions, sets_index};

use crate::expr::{Expr, Id, Kind, Symbol};
use crate::span::Span;
use crate::value::Interval;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the symbols of a text mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notation {
    pub(crate) sizes: BTreeMap<String, (i64, i64)>,
    pub(crate) indices: BTreeMap<String, (Bound, Bound)>,
    pub(crate) symbols: BTreeMap<Id, Declaration>,
    pub(crate) processes: BTreeMap<String, Process>,
    /// Whether `a = b` defines `a` where `a` is not known.
    pub(crate) implicit: bool,
    /// Whether a claim passes that holds where both of its sides have values.
    pub(crate) allows_undefined: bool,
    /// Whether a claim passes for which a search found no counterexample.
    pub(crate) allows_searched: bool,
}

/// One end of the range of an index: a size or another index, or none, and
/// an offset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) size: Option<String>,
    pub(crate) offset: i64,
}

/// What a symbol is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    /// A real number.
    Scalar,
    /// A vector.
    Vector,
}

/// A symbol of the notation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    /// The names of its indices.
    pub(crate) indices: Vec<String>,
    /// The range of its first index.
    pub(crate) range: Option<(Bound, Bound)>,
    /// The parameters, of a function.
    pub(crate) parameters: Vec<Symbol>,
    pub(crate) sort: Sort,
    pub(crate) domain: Interval,
    /// Where to draw it from.
    pub(crate) draw: Interval,
    /// Its definition by other symbols.
    pub(crate) means: Option<Expr>,
    /// Whether it is random, with a standard normal distribution.
    pub(crate) standard_normal: bool,
    /// Whether the definition speaks of an index that is not its own, so that
    /// its value depends on where it stands.
    pub(crate) ambient: bool,
    /// The names that the definition depends on, through others if need be.
    pub(crate) depends: BTreeSet<String>,
    /// Where the notation file names it.
    pub(crate) place: Span,
}

/// A chain of random variables.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Process {
    /// The family of its variables, such as `x`.
    pub(crate) variable: String,
    /// How it begins; without, at any distribution.
    pub(crate) start: Option<Expr>,
    /// Each further variable given the one before.
    pub(crate) step: Expr,
    /// Whether it runs from the last variable to the first.
    pub(crate) backwards: bool,
    /// The index of the step.
    pub(crate) index: String,
    /// The first and the last index of its variables.
    pub(crate) range: (Bound, Bound),
}

impl Notation {
    /// The domain of a symbol that is declared, and not defined by others.
    pub(crate) fn domain(&self, expr: &Expr) -> Option<&Interval> {
        let Kind::Symbol(symbol) = &expr.kind else { return None };
        let declared = self.symbols.get(&symbol.id())?;
        declared.means.is_none().then_some(&declared.domain)
    }
}

impl Declaration {
    pub(crate) fn id(&self) -> Id {
        Id {
            name: self.name.clone(),
            indices: self.indices.len(),
            arguments: self.parameters.len(),
        }
    }
}

impl Bound {
    /// As an expression, for a range that the text leaves to the notation.
    pub(crate) fn expr(&self) -> Expr {
        let Some(size) = &self.size else { return Expr::whole(self.offset) };
        let size = Kind::Symbol(Symbol::plain(size));
        let size = Expr::new(size, Span::default());
        if self.offset == 0 {
            return size;
        }
        let offset = Expr::whole(self.offset.abs());
        let terms = vec![(false, size), (self.offset < 0, offset)];
        Expr::new(Kind::Sum(terms), Span::default())
    }
}
