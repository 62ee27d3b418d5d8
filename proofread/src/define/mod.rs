//! Definitions in the text.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `announce` | declarations of the symbols that a formula defines |
//! | `enter` | definitions as entries in the notation |
//! | `first` | definitions from a first value of an index |

mod announce;
mod enter;
mod first;

pub(crate) use announce::announce;
pub(crate) use enter::{adopt_sort, enter};
pub(crate) use first::{first_index, start_at};

use crate::claim::Claim;
use crate::expr::Kind;
use crate::notation::{Notation, sets_index};
use crate::read::layout::pieces;
use crate::read::pieces::Kind as P;
use crate::read::{self, Scope};
use crate::relation::Relation;
use crate::span::{Problem, Result, Span};
use announce::declare;

/// Enters the definition of a comment `% define: C_1 = …`.
pub(crate) fn local(text: &str, notation: &mut Notation) -> Result<()> {
    let found = pieces(text, false)?;
    let sign = found.iter().position(|p| matches!(p.kind, P::Relation(_)));
    let Some(sign) = sign else {
        let whole = Span::new(0, text.len());
        return Err(Problem::new(whole, "a definition has the form a = b"));
    };
    let right =
        read::expression(&found[sign + 1..], &mut Scope::new(notation))?;
    let is_new = declare(&found[..sign], notation)?.is_some();
    let left = read::expression(&found[..sign], &mut Scope::new(notation))?;
    if let Kind::Symbol(symbol) = &left.kind
        && !is_new
        && let Some(known) = notation.symbols.get(&symbol.id())
        && known.means.as_ref() != Some(&right)
    {
        let message = format!("{} is declared already", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("define a new symbol, or write = to claim an equality"));
    }
    enter(&left, &right, notation)
}

/// Returns whether a relation only sets an index or a size, as `t = 1` does.
pub(crate) fn is_setting(prepared: &Claim) -> bool {
    prepared.relation != Relation::Defines
        && sets_index(&prepared.left, &prepared.right, &prepared.notation)
}
