//! Mutants: a text with one thing changed in the LaTeX of a formula, or in the
//! notation.
//!
//! A check that cannot fail shows nothing. So the bytes of every formula that
//! claims something are changed, in all the ways in which slips of the pen
//! change them, and each mutant is read and decided from scratch. A mutant that
//! is read as the original although it is typeset differently *survives*: the
//! reader is deaf to what was changed. There must be none.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `tokens`, `source` | the LaTeX of a formula, as operators see it |
//! | `operators` | the ways to change it |
//! | `marks` | changes of what a formula says in comments |
//! | `notation` | changes of the notation file |
//! | `fate` | what became of a mutant |
//! | `same` | whether two readings are one |
//! | `typeset`, `spellings` | whether two formulas look the same, or nearly |
//! | `table` | totals, for people |

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

/// What became of a mutant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It has no meaning: an error says so.
    Rejected,
    /// It is false: a counterexample was found.
    Refuted,
    /// It was neither refuted nor shown, which is an error, too.
    Undecided,
    /// It is read otherwise than the original, and was not decided.
    Heard,
    /// It says the same in other words, and that is proved.
    Equal,
    /// It says something else, and that is true.
    True,
    /// All that it claims the original claims, too.
    Less,
    /// It says something else where nothing is tested: in a definition, or
    /// where a mark says that a relation is prose, malformed or refuted.
    Untested,
    /// It is read as the original, and is another spelling of it: see the
    /// list in `spellings`.
    Spelling,
    /// It is read as the original, and typeset differently.
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

    /// The name, in the table.
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

/// A text with one thing changed.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The operator: what was done, such as `flip a sign`.
    pub operator: &'static str,
    /// Whether the notation file was changed, and not the text.
    pub in_notation: bool,
    /// Where, in the file that was changed.
    pub span: Span,
    /// The LaTeX of the whole formula, or the line of the notation, changed.
    pub latex: String,
    /// What became of it.
    pub fate: Fate,
    /// Why, if there is something to say.
    pub why: String,
}

/// Makes and judges the mutants of a text and its notation. All are read, and
/// so all that survive are found. To decide them takes longer: this is done for
/// every `every`-th, by a hash, so that it is the same ones each time.
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

/// Whether a formula claims something: only then can a change of it be seen.
fn claims(formula: &Formula) -> bool {
    let relates = |outcome: &Outcome| outcome.number > 0;
    formula.report.outcomes.iter().any(relates)
}

/// The edits of a formula, by the operators that make them; each outcome of an
/// edit once.
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

/// LaTeX without the blanks that an edit may have left.
fn bare(latex: &str) -> String {
    let words: Vec<&str> = latex.split(' ').filter(|w| !w.is_empty()).collect();
    words.join(" ")
}
