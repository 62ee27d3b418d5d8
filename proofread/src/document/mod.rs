//! A text: its formulas in order, each relation decided.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `checker` | going through a text |
//! | `about` | what a formula says of itself |
//! | `granted` | conditions that the notation grants |
//! | `idle` | definitions that nothing rests on |
//! | `settings` | relations that claim nothing of a value |
//! | `verdicts` | deciding all claims of a text side by side |
//! | `verdict` | from what was found to what is reported |

mod about;
mod checker;
mod granted;
mod idle;
mod settings;
mod verdict;
mod verdicts;

use crate::decide::{Claim, Limit};
use crate::eval::Rewriting;
use crate::expr::{Expr, Id, Kind, Symbol};
use crate::marks::Marks;
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::Relation;
use crate::span::Problem;
use crate::text::fragments;
use checker::Checker;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use verdicts::Verdicts;

/// All that a run found in one text.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every relation, in the order of the text.
    pub outcomes: Vec<Outcome>,
    /// Problems that belong to no relation: formulas that cannot be read,
    /// displays without an id, marks that match nothing.
    pub problems: Vec<Problem>,
    /// Problems of the marks file, with places in it.
    pub mark_problems: Vec<Problem>,
    /// What is not wrong, and odd: definitions that no relation uses.
    pub warnings: Vec<Problem>,
}

impl Report {
    /// The relations that are false, undecided or unknown. A side that cannot
    /// be read spoils two of them, and counts once.
    pub fn wrong(&self) -> impl Iterator<Item = &Outcome> {
        let mut last = None;
        self.outcomes.iter().filter(move |outcome| {
            if outcome.status.is_good() {
                return false;
            }
            let again =
                outcome.problem.is_some() && outcome.problem.as_ref() == last;
            last = outcome.problem.as_ref();
            !again
        })
    }

    /// How many relations there are, and how many of each status, in words.
    #[must_use]
    pub fn totals(&self) -> String {
        let mut counts = BTreeMap::new();
        for outcome in &self.outcomes {
            *counts.entry(outcome.status).or_insert(0) += 1;
        }
        let parts = counts
            .iter()
            .map(|(status, count)| format!("{count} {}", status.name()));
        let parts: Vec<_> = parts.collect();
        let all = self.outcomes.len();
        format!("{all} relations: {}", parts.join(", "))
    }

    /// Whether nothing is false, undecided, unknown or unlabelled.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
            && self.mark_problems.is_empty()
            && self.outcomes.iter().all(|o| o.status.is_good())
    }
}

/// A relation with all that is needed to decide it again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prepared {
    pub(crate) left: Expr,
    pub(crate) relation: Relation,
    pub(crate) right: Expr,
    pub(crate) conditions: Vec<(Expr, Relation, Expr)>,
    pub(crate) uses: Vec<Rewriting>,
    pub(crate) notation: Arc<Notation>,
    pub(crate) tolerance: Option<f64>,
    pub(crate) varies: Option<(Symbol, Option<Limit>)>,
}

impl Prepared {
    pub(crate) fn claim<'a>(
        &'a self,
        left: &'a Expr,
        right: &'a Expr,
    ) -> Claim<'a> {
        Claim {
            left,
            relation: self.relation,
            right,
            conditions: &self.conditions,
            uses: &self.uses,
            notation: &self.notation,
            tolerance: self.tolerance,
            varies: self.varies.as_ref(),
            seed: seed(&format!("{left} {right}")),
        }
    }

    /// Whether the claim, or what it rests on, holds a symbol.
    pub(crate) fn speaks_of(&self, id: &Id) -> bool {
        let conditions = self.conditions.iter().flat_map(|(a, _, b)| [a, b]);
        let uses = self.uses.iter().map(|used| &used.body);
        let sides = [&self.left, &self.right].into_iter();
        let mut all = sides.chain(conditions).chain(uses);
        all.any(|expr| mentions(expr, id))
    }
}

fn mentions(expr: &Expr, id: &Id) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        found |= matches!(&e.kind, Kind::Symbol(symbol) if symbol.id() == *id);
    });
    found
}

/// The same claim is always tested at the same points (FNV-1a).
fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// Checks a text. `name` says by its ending whether it is LaTeX or Markdown.
///
/// ```
/// let notation = proofread::Notation::read("
///     [symbols]
///     a = { kind = 'scalar' }
///     b = { kind = 'scalar' }
/// ").unwrap();
/// let marks = proofread::Marks::default();
/// let check = |text| proofread::check("a.md", text, &notation, &marks);
/// assert!(check("$(a + b)^2 = a^2 + 2ab + b^2$").is_good());
/// let report = check("$(a + b)^2 = a^2 + b^2$");
/// assert!(report.outcomes[0].counterexample.is_some());
/// ```
#[must_use]
pub fn check(
    name: &str,
    text: &str,
    notation: &Notation,
    marks: &Marks,
) -> Report {
    let breaks = text.match_indices('\n').map(|(i, _)| i + 1);
    let lines: Vec<usize> = std::iter::once(0).chain(breaks).collect();
    let fragments = fragments(name, text);
    let pass = |verdicts| {
        let mut checker = Checker {
            lines: lines.clone(),
            notation: Arc::new(notation.clone()),
            marks,
            marked: vec![false; marks.relations.len()],
            marked_formulas: vec![false; marks.formulas.len()],
            announced: BTreeSet::new(),
            known: BTreeMap::new(),
            verdicts,
            report: Report::default(),
        };
        fragments.iter().for_each(|fragment| checker.formula(fragment));
        checker
    };
    let claims = pass(Verdicts::default()).verdicts;
    let mut checker = pass(claims.decided());
    checker.unmatched();
    checker.report.warnings = idle::warnings(&checker.report.outcomes);
    checker.report
}

/// The first relations of a formula, as definitions of their left sides.
#[derive(Clone, Debug, Default)]
struct Offer {
    rewritings: Vec<Rewriting>,
    /// Whether these are definitions; then they are all that is offered.
    defines: bool,
    /// Whether one of them is not to be relied on.
    bad: bool,
}

impl Offer {
    fn add(
        &mut self,
        rewriting: Option<Rewriting>,
        defines: bool,
        status: Status,
    ) {
        let Some(rewriting) = rewriting else { return };
        if self.defines && !defines {
            return;
        }
        if defines && !self.defines {
            *self = Self { defines, ..Self::default() };
        }
        self.rewritings.push(rewriting);
        self.bad |= !matches!(
            status,
            Status::Exact
                | Status::Gaussian
                | Status::Numeric
                | Status::Sampled
                | Status::Definition
        );
    }
}

/// A relation as a definition of its left side, if that is a symbol.
fn rewriting(prepared: &Prepared) -> Option<Rewriting> {
    let Kind::Symbol(symbol) = &prepared.left.kind else { return None };
    let fits = matches!(prepared.relation, Relation::Equal | Relation::Defines);
    fits.then(|| Rewriting {
        symbol: symbol.clone(),
        body: prepared.right.clone(),
    })
}
