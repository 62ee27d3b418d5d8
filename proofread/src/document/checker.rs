//! Going through a text, formula by formula.

use super::about::{About, Said, in_lines, owns};
use super::domains::outside;
use super::given::Given;
use super::granted::{granted, wider};
use super::labels;
use super::verdict::{judge, not_read, outcome};
use super::verdicts::Verdicts;
use super::{Offer, Prepared, Report, rewriting};
use crate::expr::{Expr, Id, Kind};
use crate::marks::{Expected, Marks, RelationMark, holds};
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::layout::{leaves_with, pieces_with};
use crate::read::pieces::{balanced, with_openings};
use crate::read::{Chain, Relation, Scope, Statement, statements};
use crate::solve::Verdict;
use crate::span::{Problem, Span};
use crate::text::Fragment;
use crate::{define, types};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Checker<'a> {
    /// Where each line starts.
    pub(super) lines: Arc<[usize]>,
    pub(super) notation: Arc<Notation>,
    pub(super) marks: &'a Marks,
    pub(super) marked: Vec<bool>,
    pub(super) marked_formulas: Vec<bool>,
    /// Symbols that the text, not the notation file, declares.
    pub(super) announced: BTreeSet<Id>,
    /// What the text defines symbols as that the notation file leaves free.
    pub(super) given: Arc<Vec<Given>>,
    /// What the formula at hand defines.
    pub(super) coming: Vec<Given>,
    /// What each formula offers to those that use it.
    pub(super) known: Arc<BTreeMap<String, Offer>>,
    pub(super) verdicts: Verdicts,
    /// What the last formula says.
    pub(super) said: Vec<Statement>,
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
            marked: vec![false; marks.relations.len()],
            marked_formulas: vec![false; marks.formulas.len()],
            announced: BTreeSet::new(),
            given: Arc::default(),
            coming: vec![],
            known: Arc::default(),
            verdicts: Verdicts::default(),
            said: vec![],
            report: Report::default(),
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
        self.note_coming(&said);
        let mut number = 0;
        // What each chain offers, and the chain of each relation.
        let mut offers: Vec<Offer> = vec![];
        let mut chains: Vec<usize> = vec![];
        let from = self.report.outcomes.len();
        for statement in &said {
            let goes_on =
                matches!(statement, Statement::Chain(c) if c.continues);
            if !goes_on || offers.is_empty() {
                offers.push(Offer::default());
            }
            let last = offers.len() - 1;
            match statement {
                Statement::Term(Ok(expr)) => {
                    if let Err(problem) = types::type_of(expr, &self.notation) {
                        self.term(fragment, &about, problem);
                    }
                }
                Statement::Term(Err(problem)) => {
                    self.term(fragment, &about, problem.clone());
                }
                Statement::Values(conditions, span) => {
                    number += 1;
                    self.values(fragment, &about, conditions, *span, number);
                }
                Statement::Member(element, of, sign, span) => {
                    number += 1;
                    let element = (element, *of);
                    let places = (*sign, *span);
                    self.member(fragment, &about, element, places, number);
                }
                Statement::Chain(chain) => {
                    self.chain(
                        fragment,
                        &mut about,
                        chain,
                        &mut number,
                        &mut offers[last],
                    );
                }
            }
            chains.resize(self.report.outcomes.len() - from, last);
        }
        let named = labels::named(fragment);
        labels::give(&mut self.report.outcomes[from..], &chains, &named);
        self.effects(fragment, &about, &said);
        for span in unread {
            let message = "this part of the formula was not read";
            self.term(fragment, &about, Problem::new(span, message));
        }
        // What was announced and not defined is as unknown as before.
        let notation = Arc::make_mut(&mut self.notation);
        for id in new {
            let defined =
                notation.symbols.get(&id).is_some_and(|d| d.means.is_some());
            if !defined {
                notation.symbols.remove(&id);
                self.announced.remove(&id);
            }
        }
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

    /// Keeps what a formula offers to those that use it: by the label of each
    /// row, and by the id of all of it. The relations are those from `from`.
    fn offer(
        &mut self,
        fragment: &Fragment,
        about: &About,
        from: usize,
        chains: &[usize],
        offers: &[Offer],
    ) {
        let mut taken: Vec<(String, Offer)> = vec![];
        for (_, label) in &fragment.labels {
            let first = about.id.as_ref() == Some(label);
            let named = |i: &usize| {
                let found = self.report.outcomes.get(from + i);
                let found = found.and_then(|outcome| outcome.label.as_ref());
                found.map_or(first, |found| found == label)
            };
            let mut own: Vec<usize> =
                (0..chains.len()).filter(named).map(|i| chains[i]).collect();
            own.dedup();
            let own = own.into_iter().map(|chain| &offers[chain]);
            taken.push((label.clone(), Offer::all(own)));
        }
        let labels = fragment.labels.iter();
        if let Some(id) = &about.id
            && !labels.clone().any(|(_, label)| label == id)
        {
            taken.push((id.clone(), Offer::all(offers)));
        }
        for (id, offer) in taken {
            let known = Arc::make_mut(&mut self.known);
            if known.insert(id.clone(), offer).is_some() {
                let span = Span::new(0, fragment.latex.len());
                let message = format!("a second formula with the id {id}");
                self.problem(fragment, Problem::new(span, message));
            }
        }
    }

    /// A problem of a formula that cannot be read or holds no relation.
    fn term(&mut self, fragment: &Fragment, about: &About, problem: Problem) {
        let whole = Span::new(0, fragment.latex.len());
        // A comment beside one line does not speak for all of them.
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

    fn chain(
        &mut self,
        fragment: &Fragment,
        about: &mut About,
        chain: &Chain,
        number: &mut usize,
        offer: &mut Offer,
    ) {
        let more = chain.conditions.as_ref().ok().and_then(|conditions| {
            let mut all = about.conditions.iter().chain(conditions);
            all.find_map(|one| wider(one, &self.notation))
        });
        let conditions = chain.conditions.as_ref().map(|conditions| {
            let all = about.conditions.iter().chain(conditions);
            let open = all.filter(|all| !granted(all, &self.notation));
            open.cloned().collect::<Vec<_>>()
        });
        // The first of a chain may define; what goes on from it does not.
        let leads = |i: usize| i == 0 && !chain.continues;
        for (i, (relation, sign)) in chain.relations.iter().enumerate() {
            *number += 1;
            let (left, left_span) = &chain.sides[i];
            let (right, right_span) = &chain.sides[i + 1];
            let latex = &fragment.latex;
            let right_span = balanced(latex, *right_span);
            let span = left_span.to(*sign).to(right_span);
            let span = with_openings(latex, span);
            let expected =
                self.expected(fragment, about, sign.to(right_span), span);
            let expected = match (left, relation) {
                (Ok(left), Ok(Relation::Equal))
                    if leads(i)
                        && expected.is_none()
                        && self.introduces(left) =>
                {
                    Some((Expected::Definition, "its first use".into()))
                }
                _ => expected,
            };
            let mut outcome =
                outcome(fragment, about, *number, span, Status::Unknown);
            outcome.sign = fragment.in_file(*sign);
            let sides = match (left, relation, right, &conditions) {
                (Ok(left), Ok(relation), Ok(right), Ok(conditions)) => {
                    Ok((left, *relation, right, conditions))
                }
                (Err(problem), ..)
                | (_, Err(problem), ..)
                | (_, _, Err(problem), _) => Err(problem.clone()),
                (.., Err(problem)) => Err((*problem).clone()),
            };
            let sides = match &more {
                Some(problem) => sides.and(Err(problem.clone())),
                None => sides,
            };
            let defines = |relation| {
                relation == Relation::Defines
                    || matches!(expected, Some((Expected::Definition, _)))
            };
            let verdict =
                sides.and_then(|(left, relation, right, conditions)| {
                    if defines(relation)
                        && let Kind::Symbol(symbol) = &left.kind
                        && self.announced.contains(&symbol.id())
                    {
                        let notation = Arc::make_mut(&mut self.notation);
                        define::adopt_sort(symbol, right, notation)?;
                    }
                    types::check(left, relation, right, &self.notation)?;
                    for side in [left, right] {
                        let uses = &about.uses;
                        if let Some(problem) =
                            self.notation.captures(side, uses)
                        {
                            return Err(problem);
                        }
                    }
                    let prepared = Arc::new(Prepared {
                        left: left.clone(),
                        relation,
                        right: right.clone(),
                        conditions: conditions.clone(),
                        uses: about.uses.clone(),
                        notation: Arc::clone(&self.notation),
                        tolerance: about.tolerance,
                        varies: about.varies.clone(),
                    });
                    Ok(prepared)
                });
            match verdict {
                Ok(prepared) => {
                    self.decided(&mut outcome, &prepared, expected, right_span);
                    offer.in_force |= outcome.status == Status::Definition;
                    // What holds somewhere is no definition.
                    if leads(i) && prepared.conditions.is_empty() {
                        let rewriting = rewriting(&prepared);
                        let defines = outcome.status == Status::Definition;
                        // What a display defines holds in the rest of it.
                        if defines {
                            about.uses.extend(rewriting.clone());
                        }
                        offer.add(rewriting, defines, outcome.status);
                    }
                }
                Err(problem) => {
                    not_read(&mut outcome, expected, problem);
                }
            }
            if about.broken && outcome.status.is_good() {
                outcome.status = Status::Unknown;
                let message = "a comment or a mark on this formula is in \
                               error, so this was not shown";
                outcome.problem = Some(Problem::new(span, message));
            }
            if let Some(problem) = &mut outcome.problem {
                problem.span = fragment.in_file(problem.span);
            }
            self.report.outcomes.push(outcome);
        }
    }

    fn decided(
        &mut self,
        outcome: &mut Outcome,
        prepared: &Arc<Prepared>,
        expected: Option<(Expected, String)>,
        place: Span,
    ) {
        outcome.claim = Some(Arc::clone(prepared));
        if let Some((_, why)) = &expected {
            outcome.why = Some(why.clone());
        }
        let expected = expected.map(|(expected, _)| expected);
        if expected == Some(Expected::Prose) {
            outcome.status = Status::Prose;
            return;
        }
        let is_definition = prepared.relation == Relation::Defines
            || expected == Some(Expected::Definition);
        let wrong =
            matches!(expected, Some(Expected::Refuted | Expected::Malformed));
        if wrong && (is_definition || define::is_setting(prepared)) {
            outcome.status = Status::Mismarked;
            let message = "marked as what it is not: this introduces a \
                           symbol, or sets an index";
            outcome.problem = Some(Problem::new(place, message));
            return;
        }
        if is_definition {
            match self.define(prepared, outcome.id.as_ref()) {
                Ok(()) => outcome.status = Status::Definition,
                Err(problem) => outcome.problem = Some(problem),
            }
            return;
        }
        if define::is_setting(prepared) {
            outcome.status = Status::Setting;
            self.possible(outcome, prepared, place);
            // Alone in a display it says something of every index, or nothing.
            if outcome.display && outcome.status == Status::Setting {
                let verdict = self.verdicts.of(prepared);
                if let Verdict::Holds(_) = verdict {
                    judge(outcome, verdict, expected, place);
                } else {
                    outcome.status = Status::Unknown;
                    let message = "this holds for some indices only, and \
                                   stands beside no claim";
                    outcome.problem = Some(Problem::new(place, message));
                }
            }
            return;
        }
        let verdict = self.verdicts.of(prepared);
        if let Verdict::Fails(_) = verdict
            && let Some(problem) = self.without_given(prepared)
        {
            outcome.status = Status::Undecided;
            outcome.problem = Some(Problem { span: place, ..problem });
            return;
        }
        judge(outcome, verdict, expected, place);
        if matches!(outcome.status, Status::False | Status::Unknown) {
            self.verdicts.wrong(prepared);
        }
    }

    /// Whether an equation that begins so is the first to speak of a symbol.
    fn introduces(&self, left: &Expr) -> bool {
        let Kind::Symbol(symbol) = &left.kind else { return false };
        let (id, notation) = (symbol.id(), &self.notation);
        let free =
            || notation.symbols.get(&id).is_some_and(|d| d.means.is_none());
        notation.implicit && self.announced.contains(&id) && free()
    }

    /// A symbol that the text declares gets its meaning for good; one that
    /// the notation file leaves free only where a formula uses this one.
    fn define(
        &mut self,
        prepared: &Prepared,
        id: Option<&String>,
    ) -> Result<(), Problem> {
        let first = define::first_index(&prepared.conditions);
        if !prepared.conditions.is_empty() && first.is_none() {
            let span = prepared.left.span;
            let message = "a definition that holds only under a condition";
            let hint = match &prepared.left.kind {
                Kind::Symbol(symbol) if !symbol.indices.is_empty() => {
                    "only the first value of its index can be kept in mind, \
                     as \\text{for } t \\ge 2 says it of t"
                }
                _ => "leave the condition out: this has no index",
            };
            return Err(Problem::new(span, message).hint(hint));
        }
        if let Kind::Symbol(symbol) = &prepared.left.kind
            && let Some(known) = self.notation.symbols.get(&symbol.id())
        {
            if known.standard_normal {
                let message = format!(
                    "{} is random by the notation, and cannot be defined",
                    symbol.name
                );
                return Err(Problem::new(prepared.left.span, message));
            }
            let domain = known.domain.clone();
            let is_free = known.means.is_none();
            let given = (&*prepared.conditions, &*prepared.uses);
            let (body, span) = (&prepared.right, prepared.right.span);
            let verdicts = &mut self.verdicts;
            let decide = |claim| verdicts.of(&Arc::new(claim));
            if is_free
                && let Some(why) = outside(
                    symbol,
                    body,
                    &domain,
                    given,
                    &prepared.notation,
                    decide,
                )
            {
                return Err(Problem::new(span, why));
            }
            if is_free && !self.announced.contains(&symbol.id()) {
                let (name, step) =
                    (&symbol.name, prepared.relation != Relation::Defines);
                if crate::notation::mentions(body, symbol) {
                    let message = format!("{name} is defined by itself");
                    return Err(Problem::new(span, message));
                }
                if first.is_some() {
                    let message = format!(
                        "{name} is declared by the notation for all its \
                         indices, and this defines only some"
                    );
                    return Err(Problem::new(prepared.left.span, message)
                        .hint(
                            "define a symbol that the notation does not have",
                        ));
                }
                return self.give(symbol, body, id, step);
            }
            if self.announced.contains(&symbol.id())
                && let Some(path) = self.circle(symbol, body)
            {
                let message =
                    format!("this definition goes in a circle: {path}");
                return Err(Problem::new(span, message));
            }
        }
        let notation = Arc::make_mut(&mut self.notation);
        define::enter(&prepared.left, &prepared.right, notation)?;
        if let Some((index, first)) = first {
            define::start_at(&prepared.left, &index, first, notation)?;
        }
        Ok(())
    }

    /// What the text, or a mark, says that this relation is.
    pub(super) fn expected(
        &mut self,
        fragment: &Fragment,
        about: &About,
        right: Span,
        whole: Span,
    ) -> Option<(Expected, String)> {
        heard(fragment, about, right)
            .or_else(|| self.marked(fragment, right, whole))
    }

    /// What a mark in a file says that this relation is.
    fn marked(
        &mut self,
        fragment: &Fragment,
        right: Span,
        whole: Span,
    ) -> Option<(Expected, String)> {
        let file = fragment.in_file(right);
        let lines = self.line(file.start)..=self.line(file.end);
        let text = in_lines(&fragment.latex, whole);
        let marks = self.marks;
        for (mark, marked) in marks.relations.iter().zip(&mut self.marked) {
            let mark: &RelationMark = mark.get_ref();
            if lines.contains(&mark.line) && holds(text, &mark.text) {
                *marked = true;
                return Some((mark.status, mark.why.clone()));
            }
        }
        None
    }

    /// Marks that match nothing have gone stale.
    pub(super) fn unmatched(&mut self) {
        let mut stale = |span: std::ops::Range<usize>, line: usize| {
            let span = Span::new(span.start, span.end);
            let message = format!("this matches nothing on line {line}");
            let hint = "has the text changed?";
            let problem = Problem::new(span, message).hint(hint);
            self.report.mark_problems.push(problem);
        };
        for (mark, marked) in self.marks.relations.iter().zip(&self.marked) {
            if !marked {
                stale(mark.span(), mark.get_ref().line);
            }
        }
        for (mark, marked) in
            self.marks.formulas.iter().zip(&self.marked_formulas)
        {
            if !marked {
                stale(mark.span(), mark.get_ref().line);
            }
        }
    }
}

/// What a comment says that a relation is.
fn heard(
    fragment: &Fragment,
    about: &About,
    right: Span,
) -> Option<(Expected, String)> {
    let owned = |said: &&Said| owns(said.span.start, right, &fragment.latex);
    let said = about.statuses.iter().find(owned)?;
    said.heard.set(true);
    Some((said.expected, said.why.clone()))
}
