//! A formula of the book with other LaTeX: typeset, checked and described.

use crate::lines::line_of;
use crate::{typeset, verdict};
use anyhow::{Context, Error, Result, anyhow};
use proofread::{Draft, Notation, Outcome, Problem, Report};

/// The most bytes of LaTeX that are read.
const LONGEST: usize = 20_000;

/// An editor of the formulas of a text.
#[derive(Debug)]
pub struct Editor(Draft);

/// The LaTeX of a formula, typeset, with what the checker found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The list items of the marks beside each line, as HTML; empty if the LaTeX
    /// cannot be typeset.
    pub marks: String,
    /// The list items of the relations and how each was decided, as HTML.
    pub relations: String,
    /// The status of each relation.
    pub statuses: Vec<String>,
    /// The problems and their places in the LaTeX.
    pub problems: Vec<Place>,
    /// True if nothing is wrong.
    pub is_good: bool,
}

/// A problem at a place of the LaTeX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The start of the place, in UTF-16 code units, as a browser counts.
    pub start: usize,
    /// The end of the place, in UTF-16 code units.
    pub end: usize,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl Editor {
    /// Reads the formulas of a Markdown text.
    ///
    /// # Errors
    /// If the notation cannot be read.
    pub fn new(text: &str, notation: &str) -> Result<Self> {
        let read = Notation::read(notation);
        let notation = read.map_err(|found| in_words(notation, found))?;
        Ok(Self(Draft::new("book.md", text, &notation)))
    }

    /// Returns the LaTeX of the formula with an id, with its comments.
    ///
    /// # Errors
    /// If there is no such formula.
    pub fn latex(&self, id: &str) -> Result<&str> {
        self.0.latex(id).with_context(|| format!("there is no formula {id}"))
    }

    /// Checks the formula with an id as if it had other LaTeX.
    ///
    /// # Errors
    /// If there is no such formula.
    ///
    /// ```
    /// let scalar = "{ kind = 'scalar' }";
    /// let notation = format!("[symbols]\na = {scalar}\nb = {scalar}\n");
    /// let text = "```math {#eq-s}\n(a + b)^2 = a^2 + 2ab + b^2\n```\n";
    /// let editor = live::Editor::new(text, &notation)?;
    /// assert_eq!(editor.check("eq-s", editor.latex("eq-s")?)?.statuses, ["exact"]);
    /// let answer = editor.check("eq-s", "(a + b)^2 = a^2 + b^2")?;
    /// assert_eq!(answer.statuses, ["false"]);
    /// assert!(answer.relations.contains("the left side is"), "{answer:?}");
    /// let answer = editor.check("eq-s", "(a + b)^2 = \\fra")?;
    /// assert!(!answer.is_good && !answer.problems.is_empty());
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    pub fn check(&self, id: &str, latex: &str) -> Result<Answer> {
        if latex.len() > LONGEST {
            let message = format!("it is longer than {LONGEST} bytes");
            let place = Place { start: 0, end: latex.len(), message };
            return Ok(Answer { problems: vec![place], ..Answer::default() });
        }
        let report = self.0.check(id, latex);
        let report =
            report.with_context(|| format!("there is no formula {id}"))?;
        Ok(answer(latex, &report))
    }
}

/// Checks a display by itself, with a notation of its own.
///
/// # Errors
/// If the notation cannot be read, or a definition in it contradicts a domain.
///
/// ```
/// let notation = "[symbols]\nx = { kind = 'scalar' }\n";
/// let answer = live::check_alone("x^2 \\ge 0", notation)?;
/// assert_eq!(answer.statuses, ["certified"]);
/// let error = live::check_alone("x^2 \\ge 0", "[symbols]\nx").unwrap_err();
/// assert!(error.to_string().starts_with("the notation, line 2: "), "{error}");
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn check_alone(latex: &str, notation: &str) -> Result<Answer> {
    let read = Notation::read(notation);
    let notation = read.map_err(|found| in_words(notation, found))?;
    let text = "```math {#eq-yours}\n0 = 0\n```\n";
    let draft = Draft::new("yours.md", text, &notation);
    Editor(draft).check("eq-yours", latex)
}

fn in_words(notation: &str, problems: Vec<Problem>) -> Error {
    let message = |problem: Problem| {
        let before = notation.get(..problem.span.start).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        format!("the notation, line {line}: {}", problem.message)
    };
    let messages: Vec<_> = problems.into_iter().map(message).collect();
    anyhow!(messages.join("; "))
}

fn answer(latex: &str, report: &Report) -> Answer {
    let outcomes = &report.outcomes[..];
    let line = |outcome: &Outcome| {
        let sign = latex.get(..outcome.sign.start);
        line_of(sign.unwrap_or_default())
    };
    let lines: Vec<_> = outcomes.iter().map(line).collect();
    // A relation that is false has a counterexample, and is no problem of a place.
    let unread = report.wrong().filter(|o| o.counterexample.is_none());
    let problems = unread.filter_map(|outcome| outcome.problem.as_ref());
    let problems = problems.chain(&report.problems);
    // Relations that stand in rows of no environment share one row of marks.
    let marks = typeset(latex, true).and_then(|_| {
        let in_one = || verdict::marks(latex, &vec![0; lines.len()], outcomes);
        verdict::marks(latex, &lines, outcomes).or_else(|_| in_one())
    });
    Answer {
        marks: marks.unwrap_or_default(),
        relations: verdict::readable_relations(outcomes),
        statuses: outcomes.iter().map(|o| o.status.name().into()).collect(),
        problems: problems.map(|problem| place(latex, problem)).collect(),
        is_good: report.is_good(),
    }
}

fn place(latex: &str, problem: &Problem) -> Place {
    let units = |at: usize| {
        let before = latex.get(..at).unwrap_or(latex);
        before.encode_utf16().count()
    };
    let mut message = problem.message.clone();
    if let Some(hint) = &problem.hint {
        message.extend(["; ", hint]);
    }
    let (start, end) = (units(problem.span.start), units(problem.span.end));
    Place { start, end, message }
}
