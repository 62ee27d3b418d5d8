//! Mutants: each checked equation with one thing changed.
//!
//! A check that cannot fail shows nothing. So every equation that passed is
//! broken on purpose, in all the ways that slips of the pen break equations,
//! and the checker must refuse each of them, or show that the change changed
//! nothing.

use crate::document::Prepared;
use crate::expr::{Expr, Id, Kind, Symbol};
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::Relation;
use crate::solve::{self, Tier, Verdict};
use crate::types;
use rayon::prelude::*;

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A counterexample was found.
    Refuted,
    /// It is no claim: a type error, or an index out of range.
    Malformed,
    /// It holds, because it equals its original.
    Equal,
    /// It was neither refuted nor accepted.
    Undecided,
    /// It was accepted.
    Survived,
}

/// An equation with one thing changed.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was done.
    pub change: String,
    /// The side that was changed, as LaTeX.
    pub latex: String,
    /// What became of it.
    pub fate: Fate,
}

/// All mutants of a relation that was shown to hold. Inequalities have none:
/// most changes leave them true.
#[must_use]
pub fn mutants(outcome: &Outcome) -> Vec<Mutant> {
    let shown = matches!(
        outcome.status,
        Status::Exact | Status::Gaussian | Status::Certified
    );
    let Some(prepared) = &outcome.claim else { return vec![] };
    if !shown || prepared.relation != Relation::Equal {
        return vec![];
    }
    let of = |changed: &Expr, left| {
        let changes = changes(changed, &prepared.notation).into_par_iter();
        changes.map(move |(change, mutant)| {
            let fate = fate(prepared, &mutant, left);
            Mutant { change, latex: mutant.to_string(), fate }
        })
    };
    of(&prepared.left, true).chain(of(&prepared.right, false)).collect()
}

pub(crate) fn fate(prepared: &Prepared, mutant: &Expr, left: bool) -> Fate {
    let (a, b) =
        if left { (mutant, &prepared.right) } else { (&prepared.left, mutant) };
    match verdict(prepared, a, b) {
        Verdict::Fails(_) => Fate::Refuted,
        Verdict::Malformed(_) => Fate::Malformed,
        Verdict::Undecided(_) => Fate::Undecided,
        Verdict::Holds(evidence) if evidence.tier == Tier::Searched => {
            Fate::Undecided
        }
        Verdict::Holds(_) => {
            let original = if left { &prepared.left } else { &prepared.right };
            match verdict(prepared, original, mutant) {
                Verdict::Holds(evidence) if evidence.tier != Tier::Searched => {
                    Fate::Equal
                }
                _ => Fate::Survived,
            }
        }
    }
}

fn verdict(prepared: &Prepared, left: &Expr, right: &Expr) -> Verdict {
    let notation = &prepared.notation;
    if let Err(problem) = types::check(left, Relation::Equal, right, notation) {
        return Verdict::Malformed(problem.message);
    }
    let (left, right) = (left.clone(), right.clone());
    solve::decide(&Prepared { left, right, ..prepared.clone() })
}

/// Every single change of an expression, with a name.
pub(crate) fn changes(expr: &Expr, notation: &Notation) -> Vec<(String, Expr)> {
    let mut all = own_changes(expr, notation);
    // And those of each part, in its place.
    let count = expr.children().len();
    for i in 0..count {
        let child = expr.children()[i].clone();
        for (change, mutant) in changes(&child, notation) {
            let mut whole = expr.clone();
            if let Some(place) = whole.child_mut(i) {
                *place = mutant;
                all.push((change, whole));
            }
        }
    }
    all
}

/// The changes at the top of an expression.
fn own_changes(expr: &Expr, notation: &Notation) -> Vec<(String, Expr)> {
    let mut all = vec![];
    let mut add = |change: &str, kind: Kind| {
        all.push((change.to_owned(), Expr::new(kind, expr.span)));
    };
    match &expr.kind {
        Kind::Sum(terms) => {
            for i in 0..terms.len() {
                let mut flipped = terms.clone();
                flipped[i].0 = !flipped[i].0;
                add("flip a sign", Kind::Sum(flipped));
                if terms.len() > 1 {
                    let mut rest = terms.clone();
                    rest.remove(i);
                    add("drop a term", Kind::Sum(rest));
                }
            }
        }
        Kind::Product(factors) => {
            for i in 0..factors.len() {
                let mut rest = factors.clone();
                rest.remove(i);
                add("drop a factor", Kind::Product(rest));
            }
        }
        Kind::Quotient(over, under) => {
            let kind = Kind::Quotient(under.clone(), over.clone());
            add("invert a fraction", kind);
        }
        Kind::Root(inner) => add("drop a root", inner.kind.clone()),
        Kind::Number { digits, decimals } => {
            let kind = Kind::Number { digits: digits + 1, decimals: *decimals };
            add("change a number", kind);
        }
        Kind::Power(base, _) => add("drop a power", base.kind.clone()),
        Kind::Density(density) => {
            for (i, variables) in
                [&density.of, &density.given].into_iter().enumerate()
            {
                for (j, variable) in variables.iter().enumerate() {
                    for minus in [true, false] {
                        let mut shifted = density.clone();
                        let list = if i == 0 {
                            &mut shifted.of
                        } else {
                            &mut shifted.given
                        };
                        list[j].from = moved(&variable.from, minus);
                        add("shift an index", Kind::Density(shifted));
                    }
                }
            }
        }
        Kind::Symbol(symbol) => {
            for (change, mutant) in symbol_changes(symbol, notation) {
                add(change, Kind::Symbol(mutant));
            }
        }
        _ => {}
    }
    all
}

fn symbol_changes(
    symbol: &Symbol,
    notation: &Notation,
) -> Vec<(&'static str, Symbol)> {
    let id = symbol.id();
    let Some(declared) = notation.symbols.get(&id) else { return vec![] };
    let renamed = |name: &str| Symbol { name: name.into(), ..symbol.clone() };
    let mut all = vec![];
    // A symbol without its accent.
    if let Some((_, inner)) = symbol.name.split_once('{')
        && let Some(inner) = inner.strip_suffix('}')
        && notation
            .symbols
            .contains_key(&Id { name: inner.into(), ..id.clone() })
    {
        all.push(("drop an accent", renamed(inner)));
    }
    // Another that could stand here.
    let other = notation.symbols.values().find(|other| {
        other.name != symbol.name
            && other.sort == declared.sort
            && other.indices.len() == declared.indices.len()
            && other.parameters.len() == declared.parameters.len()
    });
    if let Some(other) = other {
        all.push(("take another symbol", renamed(&other.name)));
    }
    for i in 0..symbol.indices.len() {
        for (change, minus) in
            [("shift an index", true), ("shift an index", false)]
        {
            let mut shifted = symbol.clone();
            shifted.indices[i] = moved(&symbol.indices[i], minus);
            all.push((change, shifted));
        }
    }
    all
}

/// `t - 1` or `t + 1`, without leaving `t + 1 - 1`.
fn moved(index: &Expr, minus: bool) -> Expr {
    if let Kind::Sum(terms) = &index.kind
        && let [first @ (false, _), (sign, last)] = terms.as_slice()
        && *last == Expr::whole(1)
        && *sign != minus
    {
        return first.1.clone();
    }
    let terms = vec![(false, index.clone()), (minus, Expr::whole(1))];
    Expr::new(Kind::Sum(terms), index.span)
}
