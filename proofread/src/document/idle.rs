//! Definitions that no relation uses: perhaps a symbol was renamed, or a line
//! was lost.

use crate::expr::Kind;
use crate::outcome::{Outcome, Status};
use crate::span::Problem;

/// Returns a warning for each definition that no other relation uses.
pub(super) fn warnings(outcomes: &[Outcome]) -> Vec<Problem> {
    let idle = |(i, outcome): (usize, &Outcome)| {
        let claim = outcome.claim.as_ref()?;
        let Kind::Symbol(symbol) = &claim.left.kind else { return None };
        if outcome.status != Status::Definition {
            return None;
        }
        let uses = |other: &Outcome| {
            let Some(other) = &other.claim else { return false };
            // Or the chain goes on from the value of the symbol.
            other.speaks_of(&symbol.id()) || other.left == claim.right
        };
        let mut others = outcomes.iter().enumerate();
        if others.any(|(j, other)| i != j && uses(other)) {
            return None;
        }
        let message =
            format!("no relation uses {}", crate::print::symbol(symbol));
        let hint = "a definition that nothing is derived from checks nothing";
        Some(Problem::new(outcome.span, message).hint(hint))
    };
    outcomes.iter().enumerate().filter_map(idle).collect()
}
