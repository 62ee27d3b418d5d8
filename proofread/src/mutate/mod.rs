//! Mutation testing: a mutant is a text with one change in the LaTeX of a
//! formula, or in the notation.
//!
//! A check that cannot fail shows nothing. The mutation operators therefore
//! change the bytes of every formula that makes a claim, as typical slips
//! would. Each mutant is read and decided from scratch. A mutant *survives* if
//! it is typeset differently and still read as the original: the reader ignored
//! the change. No mutant may survive.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `tokens`, `source` | the LaTeX of a formula, as token lists |
//! | `operators` | the mutation operators |
//! | `marks` | changes of the directives in a formula's comments |
//! | `notation` | changes of the notation file |
//! | `fate` | the fate of a mutant |
//! | `same` | equality of two readings |
//! | `typeset`, `spellings` | equality of two formulas as typeset |
//! | `table` | a table of totals |

mod fate;
mod marks;
mod notation;
mod operators;
mod same;
mod source;
mod spellings;
mod table;
mod tokens;
mod typeset;

use crate::document::{Checked, Formula};
use crate::marks::Marks;
use crate::notation::Notation;
use crate::outcome::Outcome;
use crate::span::{Problem, Span};
use crate::value::hash;
use operators::OPERATORS;
use rayon::prelude::*;
use source::{Edit, Source};
use std::collections::BTreeSet;
pub use table::table;

/// The fate of a mutant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// The mutant has no meaning: an error reports this.
    Rejected,
    /// The mutant is false: a counterexample was found.
    Refuted,
    /// The mutant was neither refuted nor proved, which is an error, too.
    Undecided,
    /// The mutant is read differently from the original, and was not decided.
    Heard,
    /// The mutant provably means the same as the original, in other words.
    Equal,
    /// The mutant means something else, and is true.
    True,
    /// The original makes every claim of the mutant, and more.
    Less,
    /// The mutant means something else where nothing is tested: in a
    /// definition, or where a mark declares a relation prose, malformed or
    /// refuted.
    Untested,
    /// The mutant is read as the original and is another spelling of the
    /// original, on the list in `spellings`.
    Spelling,
    /// The mutant is read as the original, but typeset differently.
    Survived,
}

impl Fate {
    /// All fates, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Rejected,
        Self::Refuted,
        Self::Undecided,
        Self::Heard,
        Self::Equal,
        Self::True,
        Self::Less,
        Self::Untested,
        Self::Spelling,
        Self::Survived,
    ];

    /// Returns the name of the fate in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Refuted => "refuted",
            Self::Undecided => "undecided",
            Self::Heard => "heard",
            Self::Equal => "equal",
            Self::True => "true",
            Self::Less => "less",
            Self::Untested => "untested",
            Self::Spelling => "spelling",
            Self::Survived => "survived",
        }
    }
}

/// A text with one change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The name of the mutation operator, such as `flip a sign`.
    pub operator: &'static str,
    /// True if the notation file was changed instead of the text.
    pub in_notation: bool,
    /// The span of the change in the changed file.
    pub span: Span,
    /// The changed LaTeX of the whole formula, or the changed notation line.
    pub latex: String,
    /// The fate of the mutant.
    pub fate: Fate,
    /// The reason for the fate, or an empty string.
    pub why: String,
}

/// Generates the mutants of a text and its notation, and determines the fate of
/// each. Every mutant is read, so every survivor is found. Deciding a mutant
/// takes longer, so only one in `every` mutants is decided. A hash selects
/// these mutants, so every run selects the same ones.
///
/// ```
/// use proofread::{Fate, Marks, mutants};
/// let notation = "[symbols]\na = { kind = 'scalar' }";
/// let text = "$$\n% id: double\na + a = 2 a\n$$\n";
/// let all = mutants("a.md", text, notation, &Marks::default(), 1).unwrap();
/// let minus = all.iter().find(|mutant| mutant.latex.contains("a - a"));
/// assert_eq!(minus.unwrap().fate, Fate::Refuted);
/// assert!(all.iter().all(|mutant| mutant.fate != Fate::Survived));
/// ```
///
/// # Errors
/// The problems of the notation file, if it cannot be read.
pub fn mutants(
    name: &str,
    text: &str,
    notation: &str,
    marks: &Marks,
    every: u64,
) -> Result<Vec<Mutant>, Vec<Problem>> {
    let meaning = Notation::read(notation)?;
    let checked = Checked::new(name, text, &meaning, marks);
    let decides = |key: &str, edit: &Edit| {
        let Span { start, end } = edit.span;
        let key = format!("{key} {start} {end} {}", edit.with);
        every < 2 || hash(&key).is_multiple_of(every)
    };
    let claim = checked.formulas.iter().filter(|f| claims(f));
    let jobs: Vec<_> = claim
        .flat_map(|formula| {
            let edits = edits(formula).into_iter();
            edits.map(move |(operator, edit)| (formula, operator, edit))
        })
        .collect();
    let of_text = jobs.par_iter().filter_map(|(formula, operator, edit)| {
        let fragment = &formula.fragment;
        let decides = decides(&fragment.latex, edit);
        let (fate, why) = fate::of_formula(formula, edit, decides)?;
        Some(Mutant {
            operator,
            in_notation: false,
            span: fragment.in_file(edit.span),
            latex: fragment.with(edit.span, &edit.with).latex,
            fate,
            why,
        })
    });
    let changes = notation::changes(notation, &meaning);
    let of_notation = changes.par_iter().filter_map(|change| {
        let decides = decides(change.operator, &change.edit);
        change.judge(&checked, notation, &meaning, decides)
    });
    Ok(of_text.chain(of_notation).collect())
}

/// Checks whether a formula makes a claim: only then can a change be noticed.
fn claims(formula: &Formula) -> bool {
    let relates = |outcome: &Outcome| outcome.number > 0;
    formula.report.outcomes.iter().any(relates)
}

/// Returns the edits of a formula with the names of their operators. Each
/// resulting LaTeX occurs once.
fn edits(formula: &Formula) -> Vec<(&'static str, Edit)> {
    let latex = &formula.fragment.latex;
    let source = Source::new(latex, formula.notation());
    let of_latex = OPERATORS.iter().flat_map(|(name, operator)| {
        operator(&source).into_iter().map(|edit| (*name, edit))
    });
    let of_marks = marks::edits(latex, formula.notation());
    let mut seen = BTreeSet::from([bare(latex)]);
    let new = |(_, edit): &(&str, Edit)| seen.insert(bare(&edit.of(latex)));
    of_latex.chain(of_marks).filter(new).collect()
}

/// Returns LaTeX without the extra spaces that an edit may leave.
fn bare(latex: &str) -> String {
    let words: Vec<&str> = latex.split(' ').filter(|w| !w.is_empty()).collect();
    words.join(" ")
}
