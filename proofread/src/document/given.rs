//! Definitions in the text of symbols that the notation file leaves free. A
//! formula that uses such a definition says so.

use super::Prepared;
use super::checker::Checker;
use crate::expr::{Condition, Expr, Id, Kind, Rewriting, Symbol};
use crate::needs::Needs;
use crate::notation::Notation;
use crate::solve::Verdict;
use crate::span::{Problem, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A definition of a symbol that the notation file leaves free.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) rewriting: Rewriting,
    /// The id of the definition's formula.
    id: Option<String>,
    /// True if a comment calls an equation a definition. Several steps of an
    /// algorithm may define the same symbol.
    step: bool,
}

impl Given {
    /// A definition that a formula gives to its own claims.
    pub(super) fn beside(rewriting: Rewriting) -> Self {
        Self { rewriting, id: None, step: true }
    }
}

impl Checker<'_> {
    /// Adds a definition of a free symbol, unless the definition contradicts
    /// another or is circular.
    pub(super) fn give(
        &mut self,
        symbol: &Symbol,
        body: &Expr,
        id: Option<&String>,
        step: bool,
    ) -> Result<(), Problem> {
        let rewriting =
            Rewriting { symbol: symbol.clone(), body: body.clone() };
        let given = Given { rewriting, id: id.cloned(), step };
        if !step {
            let other = self.given.iter().find(|known| {
                !known.step && known.rewriting.symbol.may_be(symbol)
            });
            if let Some(other) = other {
                if other.rewriting == given.rewriting {
                    return Ok(());
                }
                return Err(second(symbol, &other.rewriting.symbol, body.span));
            }
            if let Some(path) = self.circle(symbol, body) {
                let message =
                    format!("this definition goes in a circle: {path}");
                return Err(Problem::new(body.span, message));
            }
        }
        Arc::make_mut(&mut self.given).push(given);
        Ok(())
    }

    /// Returns the path from a symbol's definition back to the symbol, in
    /// words.
    pub(super) fn circle(
        &self,
        symbol: &Symbol,
        body: &Expr,
    ) -> Option<String> {
        let from = crate::print::symbol(symbol);
        let mut seen = BTreeSet::new();
        let mut todo = vec![(body, vec![], from.clone())];
        while let Some((body, parameters, path)) = todo.pop() {
            let mut found = None;
            body.visit(&mut |e| {
                let Kind::Symbol(next) = &e.kind else { return };
                if parameters.contains(&next) {
                    return;
                }
                let path = format!("{path} → {}", crate::print::symbol(next));
                if holds(symbol, next) {
                    found = found.take().or(Some(path));
                    return;
                }
                for (body, parameters) in self.definitions(next) {
                    if seen.insert(std::ptr::from_ref(body)) {
                        todo.push((body, parameters, path.clone()));
                    }
                }
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Returns the definitions of a symbol in the notation and in the text,
    /// with the parameters of a function.
    fn definitions(&self, symbol: &Symbol) -> Vec<(&Expr, Vec<&Symbol>)> {
        let declared = self.notation.symbols.get(&symbol.id());
        let means = declared.and_then(|declared| {
            Some((
                declared.means.as_ref()?,
                declared.parameters.iter().collect(),
            ))
        });
        let given = self.given.iter().filter(|known| {
            !known.step && holds(&known.rewriting.symbol, symbol)
        });
        let given = given.map(|known| {
            let Rewriting { symbol, body } = &known.rewriting;
            let parameters = symbol.arguments.iter().filter_map(|e| {
                let Kind::Symbol(parameter) = &e.kind else { return None };
                Some(parameter)
            });
            (body, parameters.collect())
        });
        means.into_iter().chain(given).collect()
    }

    /// Returns a problem for a false claim, if it holds under the conditions of
    /// other claims in its formula.
    pub(super) fn without_conditions(
        &mut self,
        prepared: &Prepared,
    ) -> Option<Problem> {
        let other = |one: &&Condition| !prepared.conditions.contains(one);
        // A claim with a premise of its own needs no other.
        let premises = self.current.premises.iter();
        let premises = premises.filter(|_| !self.current.guarded);
        let others =
            self.current.conditions.iter().chain(premises).filter(other);
        let others: Vec<_> = others.cloned().collect();
        if others.is_empty() {
            return None;
        }
        let mut claim = prepared.clone();
        claim.conditions.extend(others);
        if !self.verdicts.of(&Arc::new(claim)).is_shown() {
            return None;
        }
        let span = prepared.left.span.to(prepared.right.span);
        let message = "this holds only under a condition that stands beside \
                       another claim: is it one on this, too?";
        Some(
            Problem::new(span, message)
                .hint("write the condition beside each claim"),
        )
    }

    /// Returns a problem for a false claim about symbols that the text defines,
    /// if the claim does not use their definitions and is false for other
    /// values only. Returns `None` if the claim is also false with the
    /// definitions.
    pub(super) fn without_given(
        &mut self,
        prepared: &Prepared,
    ) -> Option<Problem> {
        let defined = self.with_given(prepared, false);
        defined.or_else(|| self.with_given(prepared, true))
    }

    /// Returns the same problem, with or without the steps of an algorithm. The
    /// steps may assign a symbol several times, so the claim must be shown with
    /// them.
    fn with_given(
        &mut self,
        prepared: &Prepared,
        steps: bool,
    ) -> Option<Problem> {
        let mut claim = prepared.clone();
        let mut taken: Vec<Given> = vec![];
        // A definition may contain a symbol that another definition defines.
        loop {
            let needs = needed(&claim, &self.notation);
            let unused = |given: &&Given| {
                let symbol = &given.rewriting.symbol;
                let known = |u: &Rewriting| u.symbol.may_be(symbol);
                (steps || !given.step)
                    && needs.contains(&symbol.id())
                    && !claim.uses.iter().any(known)
            };
            let all = self.given.iter().chain(&self.current.definitions);
            let Some(given) = all.rev().find(unused) else {
                break;
            };
            claim.uses.push(given.rewriting.clone());
            taken.push(given.clone());
        }
        let first = taken.first()?;
        let span = prepared.left.span.to(prepared.right.span);
        match self.verdicts.of(&Arc::new(claim)) {
            Verdict::Fails(_) => return None,
            Verdict::Holds(_) => {}
            _ if steps => return None,
            _ => {}
        }
        let name = crate::print::symbol(&first.rewriting.symbol);
        let message = format!(
            "this does not hold for every {name}, and does not say that it uses \
             the definition of {name}"
        );
        let ids: Vec<&str> =
            taken.iter().filter_map(|given| given.id.as_deref()).collect();
        let hint = if ids.len() == taken.len() {
            format!("write % uses: {}", ids.join(" "))
        } else {
            "write the definition first, in a formula with an id, and % uses: \
             with this id"
                .into()
        };
        Some(Problem::new(span, message).hint(hint))
    }
}

fn needed(claim: &Prepared, notation: &Notation) -> BTreeSet<Id> {
    Needs::of(&claim.expressions(), &claim.uses, notation).symbols
}

/// Returns whether a definition of `one` also defines `other`: `a_t` covers
/// `a_1`, but not `a_{t-1}`.
pub(super) fn holds(one: &Symbol, other: &Symbol) -> bool {
    one.id() == other.id()
        && one.indices.iter().zip(&other.indices).all(|(a, b)| {
            let simple = |e: &Expr| {
                matches!(e.kind, Kind::Symbol(_) | Kind::Number { .. })
            };
            a == b || matches!(a.kind, Kind::Symbol(_)) && simple(b)
        })
}

/// Returns the problem of a second definition of a symbol or of an entry.
fn second(symbol: &Symbol, other: &Symbol, span: Span) -> Problem {
    let (symbol, other) =
        (crate::print::symbol(symbol), crate::print::symbol(other));
    let message = if symbol == other {
        format!("{symbol} is defined a second time")
    } else {
        format!("{symbol} is defined by what {other} is defined as, too")
    };
    Problem::new(span, message)
        .hint("a symbol is defined once; write = to claim an equality")
}
