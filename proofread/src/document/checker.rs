//! Checker that goes through a text, formula by formula.

use super::about::About;
use super::current::Current;
use super::decided::{doubt, not_understood};
use super::given::Given;
use super::marked::heard;
use super::offer::Offer;
use super::verdict::{not_read, outcome};
use super::verdicts::Verdicts;
use super::{Report, labels};
use crate::expr::Id;
use crate::marks::Marks;
use crate::notation::Notation;
use crate::outcome::Status;
use crate::read::layout::{leaves_with, pieces_with};
use crate::read::{Relation, Scope, Statement, statements};
use crate::span::{Problem, Span};
use crate::text::{Fragment, Lead};
use crate::{define, types};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(super) struct Checker<'a> {
    /// The start of each line.
    pub(super) lines: Arc<[usize]>,
    pub(super) notation: Arc<Notation>,
    pub(super) marks: &'a Marks,
    pub(super) marked: Vec<BTreeSet<usize>>,
    pub(super) marked_formulas: Vec<bool>,
    /// The symbols that the text, not the notation file, declares.
    pub(super) announced: BTreeSet<Id>,
    /// The text's definitions of symbols that the notation file leaves free.
    pub(super) given: Arc<Vec<Given>>,
    pub(super) current: Current,
    /// The offer of each formula to the formulas that use it, by id.
    pub(super) known: Arc<BTreeMap<String, Offer>>,
    pub(super) verdicts: Verdicts,
    /// The statements of the last formula.
    pub(super) said: Vec<Statement>,
    /// True if the paragraph supposes something that is not always so.
    pub(super) supposes: bool,
    /// The first outcome of the sentence, and whether the sentence has a condition.
    pub(super) sentence: (usize, bool),
    pub(super) report: Report,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        text: &str,
        notation: Arc<Notation>,
        marks: &'a Marks,
    ) -> Self {
        let breaks = text.match_indices('\n').map(|(i, _)| i + 1);
        Self {
            lines: std::iter::once(0).chain(breaks).collect(),
            notation,
            marks,
            marked: vec![BTreeSet::new(); marks.relations.len()],
            marked_formulas: vec![false; marks.formulas.len()],
            announced: BTreeSet::new(),
            given: Arc::default(),
            current: Current::default(),
            known: Arc::default(),
            verdicts: Verdicts::default(),
            said: vec![],
            supposes: false,
            sentence: (0, false),
            report: Report::default(),
        }
    }

    /// Calls a false relation undecided that the text supposes, and false relations
    /// that may depend on it: in its sentence, and behind it in its paragraph.
    fn supposed(&mut self, fragment: &Fragment, from: usize) {
        if fragment.begins && !fragment.display {
            self.supposes = false;
        }
        if fragment.sentence {
            self.sentence = (from, false);
        }
        let is_condition = fragment.lead.is_condition();
        let (mut restricts, mut sets) = (false, false);
        for outcome in &mut self.report.outcomes[from..] {
            sets |= is_condition && outcome.status == Status::Setting;
            let may = outcome.claim.as_ref().is_some_and(|c| c.may_restrict());
            if outcome.status == Status::False && is_condition && may {
                restricts = true;
                let message = "this is false by itself, and a condition in words \
                               stands beside no claim";
                doubt(outcome, conditional(outcome.span, message));
            }
        }
        // A setting such as `at $t = 1$` is one for its sentence.
        self.supposes |= restricts || sets && fragment.lead == Lead::Supposes;
        self.sentence.1 |= restricts || sets;
        let (start, conditioned) = self.sentence;
        let first = if restricts || sets { start } else { from };
        if conditioned || self.supposes {
            for outcome in &mut self.report.outcomes[first..] {
                let message = "this is false by itself, and may hold under a condition \
                               that words beside it state";
                doubt(outcome, conditional(outcome.span, message));
            }
        }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|&start| start <= offset)
    }

    pub(super) fn problem(
        &mut self,
        fragment: &Fragment,
        mut problem: Problem,
    ) {
        problem.span = fragment.in_file(problem.span);
        self.report.problems.push(problem);
    }

    pub(super) fn formula(&mut self, fragment: &Fragment) {
        self.said.clear();
        self.report.formulas.push(fragment.extent);
        let mut about = self.about(fragment);
        let found = match pieces_with(
            &fragment.preamble,
            &fragment.latex,
            fragment.display,
        ) {
            Ok(found) => found,
            Err(problem) => return self.term(fragment, &about, problem),
        };
        let mut new = vec![];
        match define::announce(
            &found,
            Arc::make_mut(&mut self.notation),
            &about.defined_places(),
        ) {
            Ok(ids) => new = ids,
            Err(problem) => self.problem(fragment, problem),
        }
        self.announced.extend(new.iter().cloned());
        let notation = Arc::clone(&self.notation);
        let mut scope = Scope::new(&notation);
        scope.announced.clone_from(&new);
        let said = statements(&found, &mut scope);
        let unread = said.unread(&leaves_with(
            &fragment.preamble,
            &fragment.latex,
            fragment.display,
        ));
        let said = said.statements;
        self.current = Current::new(&found, &said, fragment, &self.notation);
        let from = self.report.outcomes.len();
        let (chains, offers) = self.decide(fragment, &mut about, &said);
        self.supposed(fragment, from);
        let named = labels::named(fragment);
        labels::give(&mut self.report.outcomes[from..], &chains, &named);
        self.effects(fragment, &about, &said);
        for span in unread {
            let message = "this part of the formula was not read";
            self.term(fragment, &about, Problem::new(span, message));
        }
        self.forget(new);
        self.offer(fragment, &about, from, &chains, &offers);
        self.said = said;
        if about.id.is_none() && fragment.display {
            let span = Span::new(0, fragment.latex.trim_end().len());
            self.problem(
                fragment,
                Problem::new(span, "a display without an id")
                    .hint("give it one: a first line such as % id: eq-name"),
            );
        }
    }

    /// Decides the statements of a formula. Returns the chain of each relation,
    /// and the offer of each chain.
    fn decide(
        &mut self,
        fragment: &Fragment,
        about: &mut About,
        said: &[Statement],
    ) -> (Vec<usize>, Vec<Offer>) {
        let mut number = 0;
        let mut offers: Vec<Offer> = vec![];
        let mut chains: Vec<usize> = vec![];
        let from = self.report.outcomes.len();
        let mut before = None;
        for statement in said {
            let goes_on =
                matches!(statement, Statement::Chain(c) if c.continues);
            if !goes_on || offers.is_empty() {
                offers.push(Offer::default());
            }
            let last = offers.len() - 1;
            match statement {
                Statement::Term(Ok(expr)) => {
                    if let Err(problem) = types::type_of(expr, &self.notation) {
                        self.term(fragment, about, problem);
                    }
                }
                Statement::Term(Err(problem)) => {
                    self.term(fragment, about, problem.clone());
                }
                Statement::Values(conditions, span) => {
                    number += 1;
                    self.values(fragment, about, conditions, *span, number);
                }
                Statement::Member(element, of, sign, span) => {
                    number += 1;
                    let element = (element, *of);
                    let places = (*sign, *span);
                    self.member(fragment, about, element, places, number);
                }
                Statement::Chain(chain) => {
                    let first = self.report.outcomes.len();
                    self.chain(
                        fragment,
                        about,
                        chain,
                        &mut number,
                        &mut offers[last],
                    );
                    before = self.behind_a_comma(
                        fragment,
                        before.as_ref(),
                        chain,
                        first,
                    );
                }
            }
            chains.resize(self.report.outcomes.len() - from, last);
        }
        self.beside_refused(said, from);
        (chains, offers)
    }

    /// Calls false claims undecided beside a definition that was refused, which a
    /// reader may take for a premise.
    fn beside_refused(&mut self, said: &[Statement], from: usize) {
        let defines = said.iter().any(|statement| match statement {
            Statement::Chain(chain) => {
                chain.relations.iter().any(|(r, _)| *r == Ok(Relation::Defines))
            }
            _ => false,
        });
        let outcomes = &mut self.report.outcomes[from..];
        if !defines || outcomes.iter().all(|o| o.status != Status::Unknown) {
            return;
        }
        for outcome in outcomes {
            let problem = not_understood(outcome.span);
            doubt(outcome, problem);
        }
    }

    /// Forgets the symbols that a formula announced and did not define.
    fn forget(&mut self, announced: Vec<Id>) {
        if announced.is_empty() {
            return;
        }
        let notation = Arc::make_mut(&mut self.notation);
        for id in announced {
            let defined =
                notation.symbols.get(&id).is_some_and(|d| d.means.is_some());
            if !defined {
                notation.symbols.remove(&id);
                self.announced.remove(&id);
            }
        }
    }

    /// Reports a problem of a formula that is not read or has no relation.
    fn term(&mut self, fragment: &Fragment, about: &About, problem: Problem) {
        let whole = Span::new(0, fragment.latex.len());
        // A comment beside one line does not apply to all lines.
        let first = about.statuses.first().map_or(0, |said| said.span.start);
        let before = fragment.latex.get(..first).unwrap_or("");
        let comments =
            |line: &str| line.trim().is_empty() || line.trim().starts_with('%');
        let marked = self.marked(fragment, whole, whole);
        let expected = if before.lines().all(comments) {
            heard(fragment, about, whole).or(marked)
        } else {
            None
        };
        let mut outcome = outcome(fragment, about, 0, whole, Status::Unknown);
        let mut problem = problem;
        problem.span = fragment.in_file(problem.span);
        not_read(&mut outcome, expected, problem);
        self.report.outcomes.push(outcome);
    }
}

/// Returns the problem of a false relation that words may make conditional.
fn conditional(place: Span, message: &str) -> Problem {
    Problem::new(place, message).hint(
        "write a condition in the formula of its claim, as in \\text{for } a > 0",
    )
}
