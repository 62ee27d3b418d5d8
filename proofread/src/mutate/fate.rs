//! The fate of a mutant.

use super::Fate;
use super::same::same;
use super::source::Edit;
use super::spellings::alike;
use super::typeset::typeset;
use crate::document::{Formula, Prepared, Read, Report};
use crate::outcome::{Outcome, Status};
use crate::relation::Relation;
use crate::span::Span;
use crate::text::Fragment;
use crate::types;
use std::sync::Arc;

/// Determines the fate of a formula with an edit, and the reason. Returns
/// `None` if the formula is typeset and read as before. Unless `decides`, a
/// mutant that is read differently is not decided.
pub(super) fn of_formula(
    formula: &Formula,
    edit: &Edit,
    decides: bool,
) -> Option<(Fate, String)> {
    heard(formula, edit, decides, |other| formula.read_as(other))
}

/// Does the same with the given reader; tests pass one that ignores edits.
fn heard(
    formula: &Formula,
    edit: &Edit,
    decides: bool,
    reader: impl Fn(&Fragment) -> Read,
) -> Option<(Fate, String)> {
    let other = formula.fragment.with(edit.span, &edit.with);
    let read = reader(&other);
    if let Some(why) = rejected(formula, &read.report) {
        return Some((Fate::Rejected, why));
    }
    if same(&formula.read, &read) {
        let fate = unnoticed(formula, &other, edit)?;
        return Some((fate, String::new()));
    }
    if !decides {
        return Some((Fate::Heard, String::new()));
    }
    let report = formula.decide_as(&other);
    let wrong = formula.newly_wrong(&report);
    if let Some(fate) = worst(&wrong) {
        return Some(fate);
    }
    let place = formula.fragment.in_file(edit.span);
    let fate = if marked(formula, place) {
        Fate::Untested
    } else {
        settled(&formula.report, &report)
    };
    Some((fate, String::new()))
}

/// Checks whether every relation around a span is marked as prose, malformed or
/// refuted.
fn marked(formula: &Formula, place: Span) -> bool {
    let around = |outcome: &&Outcome| {
        let Span { start, end } = outcome.span;
        start <= place.start && place.end <= end
    };
    let status = |outcome: &Outcome| {
        matches!(
            outcome.status,
            Status::Prose | Status::Malformed | Status::Refuted
        )
    };
    let mut all = formula.report.outcomes.iter().filter(around).peekable();
    all.peek().is_some() && all.all(status)
}

/// Returns the reason why a mutant has no meaning, or `None` if it has one.
pub(super) fn rejected(formula: &Formula, read: &Report) -> Option<String> {
    let wrong = formula.newly_wrong(read).into_iter();
    let mut unknown = wrong.filter(|one| one.status == Status::Unknown);
    match unknown.next() {
        Some(outcome) => Some(message(outcome)),
        None => formula.new_problem(read),
    }
}

fn message(outcome: &Outcome) -> String {
    let problem = outcome.problem.as_ref();
    problem.map_or_else(String::new, |problem| problem.message.clone())
}

/// Returns the fate of a mutant that is read as the original.
fn unnoticed(formula: &Formula, other: &Fragment, edit: &Edit) -> Option<Fate> {
    let (old, new) = (typeset(&formula.fragment), typeset(other));
    if old == new {
        return None;
    }
    let place = formula.fragment.in_file(edit.span);
    Some(if alike(&old, &new) {
        Fate::Spelling
    } else if unread(formula, place) {
        Fate::Untested
    } else {
        Fate::Survived
    })
}

/// Checks whether a span touches a relation that is unreadable and marked so.
fn unread(formula: &Formula, place: Span) -> bool {
    let unread = |outcome: &&Outcome| {
        matches!(outcome.status, Status::Prose | Status::Malformed)
            && outcome.claim.is_none()
    };
    let mut all = formula.report.outcomes.iter().filter(unread);
    all.any(|one| one.span.start <= place.end && place.start <= one.span.end)
}

/// Returns the worst fate among the newly wrong outcomes.
pub(super) fn worst(wrong: &[&Outcome]) -> Option<(Fate, String)> {
    let fate = |outcome: &&&Outcome| match outcome.status {
        Status::False => 0,
        Status::Undecided | Status::Searched => 2,
        _ => 1,
    };
    let worst = wrong.iter().min_by_key(fate)?;
    let why = message(worst);
    Some(match fate(&worst) {
        0 => (Fate::Refuted, why),
        1 => (Fate::Rejected, why),
        _ => (Fate::Undecided, why),
    })
}

/// Returns the fate of a mutant in which nothing is wrong.
fn settled(old: &Report, new: &Report) -> Fate {
    let claims = |report: &Report| -> Vec<(Status, Arc<Prepared>)> {
        let all = report.outcomes.iter();
        all.filter_map(|o| Some((o.status, o.claim.clone()?))).collect()
    };
    let (old, new) = (claims(old), claims(new));
    let fresh: Vec<_> = new
        .iter()
        .filter(|(_, one)| !old.iter().any(|(_, o)| o == one))
        .collect();
    let kept = old.iter().all(|(_, one)| new.iter().any(|(_, n)| n == one));
    if fresh.is_empty() {
        return if kept { Fate::Equal } else { Fate::Less };
    }
    let tested = |status: Status| {
        matches!(
            status,
            Status::Exact
                | Status::Gaussian
                | Status::Certified
                | Status::Searched
                | Status::Setting
        )
    };
    // A claim that differs only in its premises states nothing new.
    let said = |one: &Prepared| old.iter().any(|(_, o)| says(o, one));
    let equal = old.len() == new.len()
        && old.iter().zip(&new).all(|((_, a), (_, b))| a == b || equal(a, b));
    if equal {
        Fate::Equal
    } else if fresh.iter().any(|(status, one)| tested(*status) && !said(one)) {
        Fate::True
    } else {
        Fate::Untested
    }
}

/// Checks whether two claims state the same, apart from their premises.
fn says(a: &Prepared, b: &Prepared) -> bool {
    a.left == b.left
        && a.relation == b.relation
        && a.right == b.right
        && a.conditions == b.conditions
}

/// Checks whether the sides of two claims are provably equal.
fn equal(a: &Prepared, b: &Prepared) -> bool {
    let side = |left: &crate::expr::Expr, right: &crate::expr::Expr| {
        left == right || {
            let claim = Prepared {
                left: left.clone(),
                relation: Relation::Equal,
                right: right.clone(),
                ..a.clone()
            };
            let typed = types::check(left, Relation::Equal, right, &a.notation);
            typed.is_ok() && crate::solve::decide_changed(&claim).is_shown()
        }
    };
    a.relation == b.relation
        && a.conditions == b.conditions
        && a.uses == b.uses
        && a.notation == b.notation
        && side(&a.left, &b.left)
        && side(&a.right, &b.right)
}

#[cfg(test)]
mod tests {
    use super::{Edit, Fate, heard};
    use crate::document::Checked;
    use crate::notation::Notation;
    use crate::{Marks, Span};

    /// Checks that mutants expose a reader that ignores every edit: all visible
    /// edits then survive. Invisible edits are no mutants.
    #[test]
    fn a_deaf_reader_is_caught() {
        let notation = "[symbols]\na = { kind = 'scalar' }";
        let notation = Notation::read(notation).unwrap();
        let text = "$$ a + a = 2 \\cdot a^1 $$ {#eq}";
        let marks = Marks::default();
        let checked = Checked::new("a.md", text, &notation, &marks);
        let formula = &checked.formulas[0];
        let fate = |old: &str, new: &str, deaf: bool| {
            let start = formula.fragment.latex.find(old).unwrap();
            let span = Span::new(start, start + old.len());
            let edit = Edit { span, with: new.to_owned() };
            let fate = heard(formula, &edit, true, |other| {
                let other = if deaf { &formula.fragment } else { other };
                formula.read_as(other)
            });
            fate.map(|(fate, _)| fate)
        };
        for deaf in [true, false] {
            let if_deaf = |fate| if deaf { Fate::Survived } else { fate };
            for (old, new, hears) in [
                ("+", "-", Fate::Refuted),
                ("=", "\\ne", Fate::Refuted),
                ("= 2", "2", Fate::Less),
                ("^1", "^2", Fate::Refuted),
                ("^1", "_1", Fate::Rejected),
                ("^1", "", Fate::Equal),
                ("a^1", "b^1", Fate::Rejected),
                ("2", "\\frac{2}{3}", Fate::Refuted),
                ("^1", "^1 \\text{ not }", Fate::Rejected),
                ("=", "\\le", Fate::True),
            ] {
                let expected = Some(if_deaf(hears));
                assert_eq!(fate(old, new, deaf), expected, "{old} to {new}");
            }
            // An invisible edit is no mutant; a known spelling never survives.
            assert_eq!(fate("+", " +\\, ", deaf), None);
            assert_eq!(fate("\\cdot", "", deaf), Some(Fate::Spelling));
        }
    }
}
