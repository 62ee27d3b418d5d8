//! Claims for every size. The sizes of a notation are examples, so a claim that
//! says `\text{for all } T` is shown only by a proof for every `T`.

use super::checker::Checker;
use crate::expr::{Condition, Kind};
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::pieces::{Kind as P, Piece};
use crate::relation::Relation;
use crate::span::{Problem, Span};

/// Returns the size that a formula makes a claim for all values of: it says `for all`
/// of the size, or has a condition such as `T \ge 3`, which leaves the size without an
/// end.
pub(super) fn every_size(
    pieces: &[Piece],
    conditions: &[Condition],
    notation: &Notation,
) -> Option<String> {
    let quantifies = |piece: &Piece| match &piece.kind {
        P::Text(words) => {
            let words = words.split_whitespace().collect::<Vec<_>>();
            matches!(
                words.as_slice(),
                [.., "for", "all" | "every" | "each" | "any"]
            )
        }
        P::Letter(sign) => matches!(&**sign, "\\forall" | "∀"),
        _ => false,
    };
    let after = pieces.iter().skip_while(|p| !quantifies(p)).skip(1);
    // `for all t, T`: every name up to the next sign.
    let names = after
        .take_while(|piece| matches!(piece.kind, P::Letter(_) | P::Comma(_)));
    let names: Vec<_> = names.map(Piece::text).collect();
    let size = names.into_iter().find(|name| notation.sizes.contains_key(name));
    let open = || conditions.iter().find_map(|c| without_end(c, notation));
    size.or_else(open)
}

/// Returns the size that a condition leaves without an end: `T` of `T \ge 3`.
fn without_end(condition: &Condition, notation: &Notation) -> Option<String> {
    let (left, relation, right) = condition;
    let (size, number) = match relation {
        Relation::Greater | Relation::GreaterEqual => (left, right),
        Relation::Less | Relation::LessEqual => (right, left),
        _ => return None,
    };
    let Kind::Number { .. } = number.kind else { return None };
    notation.size(size).map(str::to_owned)
}

impl Checker<'_> {
    /// Refuses a claim for every size that was shown for some sizes only.
    pub(super) fn for_every_size(&self, outcome: &mut Outcome, place: Span) {
        let Some(size) = &self.current.every_size else { return };
        let shown = outcome.evidence.as_ref();
        let Some(shown) = shown.filter(|shown| !shown.every) else { return };
        if !outcome.status.is_good() {
            return;
        }
        let message = format!(
            "this is claimed for all {size}, and was shown for {} only",
            shown.ranges
        );
        outcome.status = Status::Undecided;
        outcome.problem = Some(Problem::new(place, message));
        outcome.evidence = None;
    }
}
