//! A text: its formulas in order, each relation decided.

use crate::decide::{self, Claim, Limit, Verdict};
use crate::eval::Rewriting;
use crate::expr::{Expr, Id, Kind, Symbol};
use crate::marks::{Expected, FormulaMark, Marks, RelationMark, holds};
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::pieces::{balanced, pieces};
use crate::read::{Chain, Relation, Scope, Statement, statements};
use crate::span::{Problem, Span};
use crate::text::{Directive, Fragment, Key, directives, fragments};
use crate::{define, types};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
}

impl Report {
    /// Whether nothing is false, undecided, unknown or unlabelled.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
            && self.mark_problems.is_empty()
            && self.outcomes.iter().all(|o| o.status.is_good())
    }
}

/// A relation with all that is needed to decide it again.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) left: Expr,
    pub(crate) relation: Relation,
    pub(crate) right: Expr,
    pub(crate) conditions: Vec<(Expr, Relation, Expr)>,
    pub(crate) uses: Vec<Rewriting>,
    pub(crate) notation: Rc<Notation>,
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
    let mut checker = Checker {
        lines: std::iter::once(0).chain(breaks).collect(),
        notation: Rc::new(notation.clone()),
        marks,
        marked: vec![false; marks.relations.len()],
        marked_formulas: vec![false; marks.formulas.len()],
        announced: BTreeSet::new(),
        known: BTreeMap::new(),
        report: Report::default(),
    };
    for fragment in fragments(name, text) {
        checker.formula(&fragment);
    }
    checker.unmatched();
    checker.report
}

struct Checker<'a> {
    /// Where each line starts.
    lines: Vec<usize>,
    notation: Rc<Notation>,
    marks: &'a Marks,
    marked: Vec<bool>,
    marked_formulas: Vec<bool>,
    /// Symbols that the text, not the notation file, declares.
    announced: BTreeSet<Id>,
    /// What each formula offers to those that use it.
    known: BTreeMap<String, Offer>,
    report: Report,
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

/// What a formula says of itself.
#[derive(Default)]
struct About {
    id: Option<String>,
    uses: Vec<Rewriting>,
    conditions: Vec<(Expr, Relation, Expr)>,
    tolerance: Option<f64>,
    varies: Option<(Symbol, Option<Limit>)>,
    /// Statuses in comments, with their places in the LaTeX.
    statuses: Vec<(usize, Expected, String)>,
    /// Where marks say that a definition stands.
    marked: Vec<usize>,
    /// Whether its uses are in order.
    broken: bool,
}

impl Checker<'_> {
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|&start| start <= offset)
    }

    fn problem(&mut self, fragment: &Fragment, mut problem: Problem) {
        problem.span = fragment.in_file(problem.span);
        self.report.problems.push(problem);
    }

    fn formula(&mut self, fragment: &Fragment) {
        let mut about = self.about(fragment);
        let found = match pieces(&fragment.latex, fragment.display) {
            Ok(found) => found,
            Err(problem) => return self.unreadable(fragment, &about, problem),
        };
        let mut new = vec![];
        match define::announce(
            &found,
            Rc::make_mut(&mut self.notation),
            &about.defined_places(),
        ) {
            Ok(ids) => new = ids,
            Err(problem) => self.problem(fragment, problem),
        }
        self.announced.extend(new.iter().cloned());
        let notation = Rc::clone(&self.notation);
        let said = statements(&found, &mut Scope::new(&notation));
        let (mut offer, mut number) = (Offer::default(), 0);
        for statement in &said {
            match statement {
                Statement::Term(Ok(expr)) => {
                    if let Err(problem) = types::type_of(expr, &self.notation) {
                        self.term(fragment, &about, problem);
                    }
                }
                Statement::Term(Err(problem)) => {
                    self.term(fragment, &about, problem.clone());
                }
                Statement::Chain(chain) if chain.list => {}
                Statement::Chain(chain) => {
                    self.chain(
                        fragment,
                        &mut about,
                        chain,
                        &mut number,
                        &mut offer,
                    );
                }
            }
        }
        // What was announced and not defined is as unknown as before.
        let notation = Rc::make_mut(&mut self.notation);
        for id in new {
            let defined =
                notation.symbols.get(&id).is_some_and(|d| d.means.is_some());
            if !defined {
                notation.symbols.remove(&id);
                self.announced.remove(&id);
            }
        }
        if let Some(id) = about.id {
            if self.known.insert(id.clone(), offer).is_some() {
                let span = Span::new(0, fragment.latex.len());
                let message = format!("a second formula with the id {id}");
                self.problem(fragment, Problem::new(span, message));
            }
        } else if fragment.display {
            let span = Span::new(0, fragment.latex.trim_end().len());
            self.problem(
                fragment,
                Problem::new(span, "a display without an id")
                    .hint("give it one: a first line such as % id: eq-name"),
            );
        }
    }

    /// A formula that cannot be read at all.
    fn unreadable(
        &mut self,
        fragment: &Fragment,
        about: &About,
        problem: Problem,
    ) {
        self.term(fragment, about, problem);
    }

    /// A problem of a formula that holds no relation.
    fn term(&mut self, fragment: &Fragment, about: &About, problem: Problem) {
        let whole = Span::new(0, fragment.latex.len());
        let mut expected = self.expected(fragment, about, whole, whole);
        // A comment beside one line does not speak for all of them.
        let first = about.statuses.first().map_or(0, |(place, ..)| *place);
        let before = fragment.latex.get(..first).unwrap_or("");
        let comments =
            |line: &str| line.trim().is_empty() || line.trim().starts_with('%');
        if !before.lines().all(comments) {
            expected = None;
        }
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
        let conditions = match conditions(&chain.conditions) {
            Ok(conditions) => conditions,
            Err(problem) => return self.problem(fragment, problem),
        };
        let conditions: Vec<_> =
            about.conditions.iter().cloned().chain(conditions).collect();
        for (i, (relation, sign)) in chain.relations.iter().enumerate() {
            *number += 1;
            let (left, left_span) = &chain.sides[i];
            let (right, right_span) = &chain.sides[i + 1];
            let latex = &fragment.latex;
            let right_span = balanced(latex, *right_span);
            let span = left_span.to(*sign).to(right_span);
            let expected =
                self.expected(fragment, about, sign.to(right_span), span);
            let mut outcome =
                outcome(fragment, about, *number, span, Status::Unknown);
            let sides = match (left, relation, right) {
                (Ok(left), Ok(relation), Ok(right)) => {
                    Ok((left, *relation, right))
                }
                (Err(problem), ..)
                | (_, Err(problem), _)
                | (.., Err(problem)) => Err(problem.clone()),
            };
            let defines = |relation| {
                relation == Relation::Defines
                    || matches!(expected, Some((Expected::Definition, _)))
            };
            let verdict = sides.and_then(|(left, relation, right)| {
                if defines(relation)
                    && let Kind::Symbol(symbol) = &left.kind
                    && self.announced.contains(&symbol.id())
                {
                    let notation = Rc::make_mut(&mut self.notation);
                    define::adopt_sort(symbol, right, notation)?;
                }
                types::check(left, relation, right, &self.notation)?;
                let prepared = Rc::new(Prepared {
                    left: left.clone(),
                    relation,
                    right: right.clone(),
                    conditions: conditions.clone(),
                    uses: about.uses.clone(),
                    notation: Rc::clone(&self.notation),
                    tolerance: about.tolerance,
                    varies: about.varies.clone(),
                });
                Ok(prepared)
            });
            match verdict {
                Ok(prepared) => {
                    self.decided(&mut outcome, &prepared, expected, right_span);
                    // What holds somewhere is no definition.
                    if i == 0 && prepared.conditions.is_empty() {
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
        prepared: &Rc<Prepared>,
        expected: Option<(Expected, String)>,
        place: Span,
    ) {
        outcome.claim = Some(Rc::clone(prepared));
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
        if is_definition {
            match self.define(prepared) {
                Ok(()) => outcome.status = Status::Definition,
                Err(problem) => outcome.problem = Some(problem),
            }
            return;
        }
        if define::is_setting(prepared) {
            outcome.status = Status::Setting;
            return;
        }
        let claim = prepared.claim(&prepared.left, &prepared.right);
        let verdict = decide::decide(&claim);
        judge(outcome, verdict, expected, place);
    }

    /// A symbol that the text declares gets its meaning for good; one that
    /// the notation file leaves free only where a formula uses this one.
    fn define(&mut self, prepared: &Prepared) -> Result<(), Problem> {
        let first = define::first_index(&prepared.conditions);
        if !prepared.conditions.is_empty() && first.is_none() {
            let span = prepared.left.span;
            let message = "a definition that holds only under a condition";
            return Err(Problem::new(span, message)
                .hint("only one such as t \\ge 2 can be kept in mind"));
        }
        let notation = Rc::make_mut(&mut self.notation);
        if let Kind::Symbol(symbol) = &prepared.left.kind {
            let id = symbol.id();
            let free =
                notation.symbols.get(&id).is_some_and(|d| d.means.is_none());
            if free && !self.announced.contains(&id) && first.is_none() {
                return Ok(());
            }
        }
        define::enter(&prepared.left, &prepared.right, notation)?;
        if let Some((index, first)) = first {
            define::start_at(&prepared.left, &index, first, notation)?;
        }
        Ok(())
    }

    /// What the text, or a mark, says that this relation is.
    fn expected(
        &mut self,
        fragment: &Fragment,
        about: &About,
        right: Span,
        whole: Span,
    ) -> Option<(Expected, String)> {
        let comment = about
            .statuses
            .iter()
            .find(|(place, ..)| owns(*place, right, &fragment.latex));
        if let Some((_, expected, why)) = comment {
            return Some((*expected, why.clone()));
        }
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

    /// Reads what a formula says of itself, and what the marks say of it.
    fn about(&mut self, fragment: &Fragment) -> About {
        let (found, problems) = directives(&fragment.latex);
        for problem in problems {
            self.problem(fragment, problem);
        }
        let mut about = About { id: fragment.id.clone(), ..About::default() };
        for directive in &found {
            if let Err(problem) = self.directive(directive, &mut about) {
                about.broken = true;
                self.problem(fragment, problem);
            }
        }
        let line = self.line(fragment.span().start);
        // A display may begin with a line break.
        let text = fragment.latex.trim_start();
        let skipped = fragment.latex.len() - text.len();
        let first =
            self.line(fragment.in_file(Span::new(skipped, skipped)).start);
        let marks = self.marks;
        for (i, mark) in marks.formulas.iter().enumerate() {
            let mark: &FormulaMark = mark.get_ref();
            if (line..=first).contains(&mark.line)
                && holds(&fragment.latex, &mark.text)
            {
                self.marked_formulas[i] = true;
                if let Err(problem) = self.mark(mark, &mut about) {
                    about.broken = true;
                    self.problem(fragment, problem);
                }
            }
        }
        let lines = line..=self.line(fragment.span().end);
        for mark in &marks.relations {
            let mark: &RelationMark = mark.get_ref();
            if mark.status == Expected::Definition
                && lines.contains(&mark.line)
                && holds(&fragment.latex, &mark.text)
            {
                about.marked.push(self.end_of_line(fragment, mark.line));
            }
        }
        about
    }

    /// The place in the LaTeX where a line of the file ends.
    fn end_of_line(&self, fragment: &Fragment, line: usize) -> usize {
        let whole = fragment.latex.len();
        let beyond = |&i: &usize| {
            self.line(fragment.in_file(Span::new(i, i)).start) > line
        };
        (0..whole).find(beyond).unwrap_or(whole)
    }

    fn mark(
        &mut self,
        mark: &FormulaMark,
        about: &mut About,
    ) -> Result<(), Problem> {
        about.id = about.id.take().or_else(|| mark.id.clone());
        let directive = |key, value: &str| Directive {
            key,
            value: value.to_owned(),
            span: Span::default(),
        };
        if let Some(tolerance) = mark.tolerance {
            let value = tolerance.to_string();
            self.directive(&directive(Key::Tolerance, &value), about)?;
        }
        for id in &mark.uses {
            self.directive(&directive(Key::Uses, id), about)?;
        }
        for definition in &mark.define {
            self.directive(&directive(Key::Define, definition), about)?;
        }
        for condition in &mark.conditions {
            self.directive(&directive(Key::For, condition), about)?;
        }
        Ok(())
    }

    fn directive(
        &mut self,
        directive: &Directive,
        about: &mut About,
    ) -> Result<(), Problem> {
        let Directive { key, value, span } = directive;
        let at = |message: String| Problem::new(*span, message);
        let moved = |mut problem: Problem| {
            problem.span = *span;
            problem
        };
        match key {
            Key::Id => about.id = Some(value.clone()),
            Key::Uses => {
                for id in value.split_whitespace() {
                    let Some(offer) = self.known.get(id) else {
                        return Err(at(format!(
                            "nothing before has the id {id}"
                        ))
                        .hint("a formula may use only what stands before it"));
                    };
                    if offer.bad {
                        return Err(at(format!(
                            "{id} was not shown, so nothing may rest on it"
                        )));
                    }
                    if offer.rewritings.is_empty() {
                        return Err(at(format!("{id} defines no symbol")));
                    }
                    for rewriting in &offer.rewritings {
                        let symbol = &rewriting.symbol;
                        let name = &symbol.name;
                        if about.uses.iter().any(|used| used.symbol == *symbol)
                        {
                            let message =
                                format!("{name} is given two meanings here");
                            return Err(at(message));
                        }
                        about.uses.push(rewriting.clone());
                    }
                }
            }
            Key::For => {
                let found = pieces(value, false).map_err(moved)?;
                let said = statements(&found, &mut Scope::new(&self.notation));
                for statement in said {
                    let Statement::Chain(chain) = statement else {
                        return Err(at("this is no condition".into()));
                    };
                    about.conditions.extend(
                        conditions(std::slice::from_ref(&chain))
                            .map_err(moved)?,
                    );
                }
            }
            Key::Define => {
                let notation = Rc::make_mut(&mut self.notation);
                define::local(value, notation).map_err(moved)?;
            }
            Key::Tolerance => match value.parse::<f64>() {
                Ok(x) if x > 0.0 && x <= 0.1 => about.tolerance = Some(x),
                _ => {
                    return Err(at("a tolerance is in (0, 0.1]".into()));
                }
            },
            Key::Varies => about.varies = Some(self.varies(value, *span)?),
            Key::Code => {}
            Key::Refuted | Key::Malformed | Key::Prose | Key::Definition => {
                let expected = match key {
                    Key::Refuted => Expected::Refuted,
                    Key::Malformed => Expected::Malformed,
                    Key::Prose => Expected::Prose,
                    _ => Expected::Definition,
                };
                if value.is_empty() && expected != Expected::Definition {
                    return Err(at("say why".into()));
                }
                about.statuses.push((span.start, expected, value.clone()));
            }
        }
        Ok(())
    }

    /// `x_t`, or `h \to 0`.
    fn varies(
        &self,
        value: &str,
        span: Span,
    ) -> Result<(Symbol, Option<Limit>), Problem> {
        let bad = || {
            Problem::new(span, "this is no variable")
                .hint("write a symbol, such as x_t, or a limit, h \\to 0")
        };
        let (name, limit) = match value.split_once("\\to") {
            Some((name, limit)) => (name, Some(limit.trim())),
            None => (value, None),
        };
        let limit = match limit {
            Some("\\infty") => Some(Limit::Infinity),
            Some(number) => {
                Some(Limit::Number(number.parse().map_err(|_| bad())?))
            }
            None => None,
        };
        let found = pieces(name, false)?;
        let mut scope = Scope::new(&self.notation);
        match crate::read::expression(&found, &mut scope)?.kind {
            Kind::Symbol(symbol) => Ok((symbol, limit)),
            _ => Err(bad()),
        }
    }

    /// Marks that match nothing have gone stale.
    fn unmatched(&mut self) {
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

impl About {
    /// Where comments say that a definition stands.
    fn defined_places(&self) -> Vec<usize> {
        let definitions = self
            .statuses
            .iter()
            .filter(|(_, expected, _)| *expected == Expected::Definition);
        let places = definitions.map(|(place, ..)| *place);
        places.chain(self.marked.iter().copied()).collect()
    }
}

/// Whether a comment at `place` speaks of the relation whose sign and
/// right side are at `right`: it stands in it, or on the same line behind
/// it, or just before the first.
fn owns(place: usize, right: Span, latex: &str) -> bool {
    if (right.start..right.end).contains(&place) {
        return true;
    }
    let between = |a: usize, b: usize| latex.get(a..b).unwrap_or("");
    if place >= right.end {
        let gap = between(right.end, place);
        return !gap.contains('\n');
    }
    // On a line of its own above.
    let gap = between(place, right.start);
    gap.matches('\n').count() == 1
        && latex[..place].rsplit('\n').next().unwrap_or("").trim().is_empty()
}

/// The lines that a stretch of a text stands in.
fn in_lines(text: &str, span: Span) -> &str {
    let before = text.get(..span.start).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let behind = text.get(span.end..).unwrap_or("");
    let end = behind.find('\n').map_or(text.len(), |i| span.end + i);
    &text[start..end]
}

/// Chains as conditions, one a relation.
fn conditions(
    chains: &[Chain],
) -> Result<Vec<(Expr, Relation, Expr)>, Problem> {
    let mut all = vec![];
    for chain in chains {
        for (i, (relation, _)) in chain.relations.iter().enumerate() {
            let left = chain.sides[i].0.clone()?;
            let right = chain.sides[i + 1].0.clone()?;
            all.push((left, relation.clone()?, right));
        }
    }
    Ok(all)
}

/// An outcome that says nothing yet.
fn outcome(
    fragment: &Fragment,
    about: &About,
    number: usize,
    span: Span,
    status: Status,
) -> Outcome {
    let latex = &fragment.latex;
    let end = span.end.min(latex.len());
    let text = latex.get(span.start.min(end)..end).unwrap_or("");
    Outcome {
        id: about.id.clone(),
        number,
        span: fragment.in_file(span),
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        status,
        evidence: None,
        counterexample: None,
        why: None,
        problem: None,
        display: fragment.display,
        claim: None,
    }
}

/// A relation with a side that has no meaning.
fn not_read(
    outcome: &mut Outcome,
    expected: Option<(Expected, String)>,
    problem: Problem,
) {
    match expected {
        Some((Expected::Malformed, why)) => {
            outcome.status = Status::Malformed;
            outcome.why = Some(format!("{why} ({})", problem.message));
        }
        Some((Expected::Prose, why)) => {
            outcome.status = Status::Prose;
            outcome.why = Some(why);
        }
        _ => outcome.problem = Some(problem),
    }
}

/// Compares what was found with what was expected.
fn judge(
    outcome: &mut Outcome,
    verdict: Verdict,
    expected: Option<Expected>,
    place: Span,
) {
    let mismarked = |message: &str| Some(Problem::new(place, message));
    match (verdict, expected) {
        (Verdict::Holds(evidence), None) => {
            outcome.status = match evidence.tier {
                decide::Tier::Exact => Status::Exact,
                decide::Tier::Gaussian => Status::Gaussian,
                decide::Tier::Numeric => Status::Numeric,
            };
            outcome.evidence = Some(evidence);
        }
        (Verdict::Fails(found), Some(Expected::Refuted)) => {
            outcome.status = Status::Refuted;
            outcome.counterexample = Some(found);
        }
        (Verdict::Malformed(why), Some(Expected::Malformed)) => {
            outcome.status = Status::Malformed;
            let given = outcome.why.take().unwrap_or_default();
            outcome.why = Some(format!("{given} ({why})"));
        }
        (Verdict::Fails(found), None) => {
            outcome.status = Status::False;
            outcome.counterexample = Some(found);
            outcome.problem =
                mismarked("this is not equal to what stands before it");
            if let Some(problem) = &mut outcome.problem
                && let Some(claim) = &outcome.claim
                && claim.relation != Relation::Equal
            {
                problem.message = "this relation does not hold".into();
            }
        }
        (Verdict::Undecided(why), _) => {
            outcome.status = Status::Undecided;
            outcome.problem = mismarked(&why);
        }
        (Verdict::Malformed(why), None) => {
            outcome.status = Status::Unknown;
            outcome.problem = mismarked(&why);
        }
        (Verdict::Holds(_), Some(expected)) => {
            outcome.status = Status::Mismarked;
            outcome.problem = mismarked(match expected {
                Expected::Refuted => "marked as refuted, but it holds",
                _ => "marked as malformed, but it is a claim, and holds",
            });
        }
        (Verdict::Fails(found), Some(_)) => {
            outcome.status = Status::Mismarked;
            outcome.counterexample = Some(found);
            outcome.problem =
                mismarked("marked as malformed, but it is a claim, and false");
        }
        (Verdict::Malformed(why), Some(_)) => {
            outcome.status = Status::Mismarked;
            let message =
                format!("marked as refuted, but it is no claim: {why}");
            outcome.problem = mismarked(&message);
        }
    }
}
