//! Text in which one formula at a time is checked with other LaTeX.

use super::Report;
use super::checker::Checker;
use super::verdicts::Verdicts;
use crate::marks::Marks;
use crate::notation::Notation;
use crate::span::{Problem, Span};
use crate::text::{self, Fragment};
use std::sync::{Arc, LazyLock};

/// The marks of a text that has none.
static NO_MARKS: LazyLock<Marks> = LazyLock::new(Marks::default);

/// A text in which one formula at a time can be checked with other LaTeX.
///
/// The formulas before it keep their LaTeX, and are taken to hold: the draft
/// does not decide them. The formulas after it are not read.
///
/// ```
/// let scalar = "{ kind = 'scalar' }";
/// let notation = format!("[symbols]\na = {scalar}\nb = {scalar}\n");
/// let notation = proofread::Notation::read(&notation).unwrap();
/// let text = "```math {#eq-s}\ns := a + b\n```\n\n\
///     ```math {#eq-square}\ns^2 = a^2 + 2ab + b^2\n```\n";
/// let draft = proofread::Draft::new("a.md", text, &notation);
/// let check = |latex| draft.check("eq-square", latex).unwrap();
/// assert!(check("s^2 = a^2 + 2ab + b^2\n").is_good());
/// let report = check("s^2 = a^2 - 2ab + b^2\n");
/// assert!(report.outcomes[0].counterexample.is_some());
/// // The place of a problem is a place in the new LaTeX.
/// let report = check("s^2 = a^2 + r");
/// let problem = report.outcomes[0].problem.as_ref().unwrap();
/// assert_eq!((problem.span.start, problem.span.end), (12, 13));
/// assert!(report.problems.is_empty());
/// assert!(draft.check("eq-nothing", "a").is_none());
/// ```
#[derive(Debug)]
pub struct Draft {
    name: String,
    text: String,
    /// Each formula with an id, and the checker before it.
    formulas: Vec<(Fragment, Checker<'static>)>,
}

impl Draft {
    /// Reads a text without deciding its relations. The ending of `name` says
    /// whether it is LaTeX or Markdown.
    pub fn new(name: &str, text: &str, notation: &Notation) -> Self {
        let found = text::read(name, text, false);
        let notation = Arc::new(notation.clone());
        let mut checker = Checker::new(text, notation, &NO_MARKS);
        let mut formulas = vec![];
        for fragment in found.fragments {
            let before = fragment.id.is_some().then(|| checker.clone());
            checker.formula(&fragment);
            // What is collected here is not decided.
            checker.verdicts = Verdicts::default();
            checker.report = Report::default();
            formulas.extend(before.map(|before| (fragment, before)));
        }
        Self { name: name.into(), text: text.into(), formulas }
    }

    /// Returns the LaTeX of the formula with an id, with its comments.
    pub fn latex(&self, id: &str) -> Option<&str> {
        let Span { start, end } = self.formula(id)?.0.span();
        Some(&self.text[start..end])
    }

    /// Checks the formula with an id as if it had other LaTeX. The spans in the
    /// report are places in that LaTeX. Returns none if no formula has the id.
    pub fn check(&self, id: &str, latex: &str) -> Option<Report> {
        let (fragment, before) = self.formula(id)?;
        let Span { start, end } = fragment.span();
        let (before_it, after_it) = (&self.text[..start], &self.text[end..]);
        // The fence after the LaTeX needs a line of its own.
        let fenced = self.text[start..end].ends_with('\n');
        let ends = if fenced && !latex.ends_with('\n') { "\n" } else { "" };
        let changed = [before_it, latex, ends, after_it].concat();
        let whole = Span {
            start: fragment.extent.start,
            end: fragment.extent.end + changed.len() - self.text.len(),
        };
        let found = text::read(&self.name, &changed, false);
        let inside =
            |span: &Span| whole.start <= span.start && span.end <= whole.end;
        let within = found.fragments.iter().filter(|f| inside(&f.extent));
        let mut checker =
            Checker { verdicts: Verdicts::undecided(), ..before.clone() };
        for formula in within.clone() {
            checker.formula(formula);
        }
        let mut report = checker.report;
        let problems = found.problems.into_iter();
        report.problems.extend(problems.filter(|p| inside(&p.span)));
        let first = within.clone().next();
        if first.is_none_or(|first| first.extent != whole) {
            let message = "this is not one formula: a fence or a bracket ends \
                           too early or too late";
            let all = Span { start, end: start + latex.len() };
            report.problems.push(Problem::new(all, message));
        }
        if report.outcomes.is_empty() && report.problems.is_empty() {
            let all = Span { start, end: start + latex.len() };
            let message = "no relation was found in this formula";
            report.problems.push(Problem::new(all, message));
        }
        report.allows_searched = before.notation.allows_searched;
        shift(&mut report, start, latex.len());
        Some(report)
    }

    fn formula(&self, id: &str) -> Option<&(Fragment, Checker<'static>)> {
        let has =
            |formula: &&(Fragment, _)| formula.0.id.as_deref() == Some(id);
        self.formulas.iter().find(has)
    }
}

/// Makes the spans of a report start from `start`, and end within `length`.
fn shift(report: &mut Report, start: usize, length: usize) {
    let shift = |span: &mut Span| {
        let to = |i: usize| i.saturating_sub(start).min(length);
        *span = Span { start: to(span.start), end: to(span.end) };
    };
    report.formulas.iter_mut().for_each(shift);
    report.problems.iter_mut().for_each(|p| shift(&mut p.span));
    for outcome in &mut report.outcomes {
        shift(&mut outcome.span);
        shift(&mut outcome.sign);
        if let Some(problem) = &mut outcome.problem {
            shift(&mut problem.span);
        }
    }
}
