//! Reading: from LaTeX to expressions and claims.
//!
//! # Layout
//!
//! | file | from | to |
//! | --- | --- | --- |
//! | `layout` | LaTeX | pieces: letters, fractions, scripts, brackets |
//! | `signs` | a sign | what kind of piece it is |
//! | `names` | a piece | the standard spelling of a symbol |
//! | `expression` | pieces | sums, products, powers |
//! | `primary` | pieces | one factor: a number, a symbol, a bracket |
//! | `probability` | pieces | densities, expectations, divergences |
//! | `statements` | pieces of a display | chains of relations |

mod expression;
pub(crate) mod layout;
pub(crate) mod names;
pub(crate) mod pieces;
mod primary;
mod probability;
mod signs;
mod statements;

pub(crate) use expression::expression;
pub(crate) use statements::{Chain, Relation, Statement, statements};

use crate::expr::Symbol;
use crate::notation::Notation;
use crate::span::{Problem, Result, Span};
use names::Head;

/// What names mean at some place of a text.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) notation: &'a Notation,
    /// The indices that sums and products bind here.
    pub(crate) bound: Vec<String>,
    /// How deep in an expression the reader is.
    depth: usize,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(notation: &'a Notation) -> Self {
        Self { notation, bound: vec![], depth: 0 }
    }

    /// Whether a name stands for a whole number.
    pub(crate) fn is_whole(&self, name: &str) -> bool {
        self.notation.indices.contains_key(name)
            || self.notation.sizes.contains_key(name)
            || self.bound.iter().any(|bound| bound == name)
    }

    /// A parameter in the key of a function: a symbol, or an index.
    pub(crate) fn parameter(&self, head: &Head) -> Result<Symbol> {
        let mut scope = self.clone();
        let indices = match &head.sub {
            Some(sub) => primary::indices(sub, &mut scope)?,
            None => Some(vec![]),
        };
        let indices = indices.ok_or_else(|| {
            let name = &head.name;
            let message = format!("{name} is not a parameter");
            Problem::new(Span::default(), message)
        })?;
        let name = head.name.clone();
        Ok(Symbol { name, indices, arguments: vec![] })
    }
}
