//! Parser: from LaTeX to expressions and claims.
//!
//! # Layout
//!
//! | file | from | to |
//! | --- | --- | --- |
//! | `layout` | LaTeX | pieces: letters, fractions, scripts, brackets |
//! | `signs` | a sign | the kind of piece |
//! | `names` | a piece | the standard spelling of a symbol |
//! | `expression` | pieces | sums, products, powers |
//! | `primary` | pieces | one factor |
//! | `numbers`, `symbols`, `functions`, `norms`, `sums` | pieces | a factor of this kind |
//! | `running` | pieces | the range of a sum |
//! | `calculus`, `gradients`, `extremes`, `approaches` | pieces | derivatives, integrals, minima, cases, limits |
//! | `probability`, `densities`, `gaussians` | pieces | densities and divergences |
//! | `expectations`, `drawn`, `variances` | pieces | expectations, variances |
//! | `rows` | pieces of a display | equations below and beside each other |
//! | `scan`, `parts`, `prose` | an equation | clauses |
//! | `phrases` | words | conditions, joining words, remarks |
//! | `reasons` | words | reasons, denials, restrictions |
//! | `relations` | a sign | the relation |
//! | `sets`, `lists`, `ends`, `conditions` | a clause | conditions |
//! | `assembly`, `bounds`, `links`, `emit` | clauses | claims with their conditions |
//! | `statements` | pieces | statements, and the role of each part |

mod approaches;
mod assembly;
mod bounds;
mod brackets;
mod calculus;
mod clauses;
mod conditions;
mod densities;
mod drawn;
mod emit;
mod ends;
mod expectations;
mod expression;
mod extremes;
mod functions;
mod gaussians;
mod gradients;
pub(crate) mod known;
pub(crate) mod layout;
mod links;
mod lists;
pub(crate) mod names;
mod norms;
mod numbers;
mod parts;
mod phrases;
pub(crate) mod pieces;
mod primary;
mod probability;
mod prose;
mod reasons;
mod relations;
pub(crate) mod rows;
mod running;
mod scan;
mod sets;
mod signs;
mod statements;
mod sums;
mod symbols;
mod terms;
#[cfg(test)]
mod tests;
mod unexpected;
mod unknown;
mod variances;

pub(crate) use bounds::bound_or_claim;
pub(crate) use conditions::{is_of, read_conditions};
pub(crate) use expression::expression;
pub(crate) use reasons::is_reason;
pub(crate) use relations::{is_link, is_relation};
pub(crate) use sets::All;
pub(crate) use statements::{Chain, Statement, statements};
pub(crate) use symbols::whole_script;

pub(crate) use crate::relation::Relation;

use crate::expr::{Id, Symbol};
use crate::notation::Notation;
use crate::span::{Problem, Result, Span};
use names::Head;

/// The meanings of names at a place of a text.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) notation: &'a Notation,
    /// The indices that sums and products bind here.
    pub(crate) bound: Vec<String>,
    /// The symbols that this formula is about to define.
    pub(crate) announced: Vec<Id>,
    /// The indices of the symbols in a claim, while the quantifier behind the
    /// claim is read: `\beta_t` has a value only in its range.
    pub(crate) ranged: Vec<String>,
    /// The nesting depth of the current expression.
    depth: usize,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(notation: &'a Notation) -> Self {
        Self {
            notation,
            bound: vec![],
            announced: vec![],
            ranged: vec![],
            depth: 0,
        }
    }

    /// Returns whether a name means a whole number.
    pub(crate) fn is_whole(&self, name: &str) -> bool {
        self.notation.indices.contains_key(name)
            || self.notation.sizes.contains_key(name)
            || self.bound.iter().any(|bound| bound == name)
    }

    /// Returns the fixed meaning of a symbol, if it has one. No argument can
    /// replace such a symbol.
    fn fixed(&self, symbol: &Symbol) -> Option<&'static str> {
        let name = symbol.name.as_str();
        if !symbol.indices.is_empty()
            || self.notation.symbols.contains_key(&symbol.id())
        {
            return None;
        }
        match name {
            _ if self.notation.sizes.contains_key(name) => Some("a size"),
            "\\pi" | "e" => Some("a number"),
            "I" => Some("the unit matrix"),
            _ => None,
        }
    }

    /// Reads a parameter in the key of a function: a symbol or an index.
    pub(crate) fn parameter(&self, head: &Head) -> Result<Symbol> {
        let mut scope = self.clone();
        let indices = match &head.sub {
            Some(sub) => symbols::indices(sub, &mut scope)?,
            None => Some(vec![]),
        };
        let indices = indices.ok_or_else(|| {
            let name = &head.name;
            let message = format!("{name} is not a parameter");
            Problem::new(Span::default(), message)
        })?;
        let name = head.name.clone();
        let symbol = Symbol { name, indices, arguments: vec![] };
        if let Some(what) = self.fixed(&symbol) {
            let name = &symbol.name;
            let message =
                format!("{name} is {what}, and cannot be a parameter");
            return Err(Problem::new(Span::default(), message).hint(
                "name the parameter by an index or a symbol of the notation",
            ));
        }
        Ok(symbol)
    }
}
