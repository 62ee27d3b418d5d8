//! Marks on a text that cannot be edited, in place of comments in the text.
//!
//! The marks are a TOML file of `[[formula]]` and `[[relation]]` entries. Each
//! entry names a line, and a relation also quotes some of its text, so that a
//! mark that no longer fits the text is noticed. `comments = true` before the
//! entries asks to read the formulas in Markdown comments, which are not
//! displayed.

use crate::span::{Problem, Span};
use serde::Deserialize;
use toml::Spanned;

/// The marks on a text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// True if the formulas in Markdown comments are read, too.
    #[serde(default)]
    pub(crate) comments: bool,
    #[serde(default, rename = "formula")]
    pub(crate) formulas: Vec<Spanned<FormulaMark>>,
    #[serde(default, rename = "relation")]
    pub(crate) relations: Vec<Spanned<RelationMark>>,
}

/// A mark on the formula that starts on a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormulaMark {
    pub(crate) line: usize,
    /// Part of the formula's LaTeX, for a line with several formulas.
    #[serde(default)]
    pub(crate) text: String,
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) uses: Vec<String>,
    #[serde(default)]
    pub(crate) define: Vec<String>,
    #[serde(default, rename = "for")]
    pub(crate) conditions: Vec<String>,
    pub(crate) tolerance: Option<f64>,
}

/// A mark on the relation whose sign or right side stands on a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelationMark {
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) status: Expected,
    pub(crate) why: String,
}

/// The status that a mark gives to a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expected {
    Refuted,
    Malformed,
    Prose,
    Definition,
}

impl Marks {
    /// Reads a file of marks.
    ///
    /// # Errors
    /// If the text is not TOML of the right form, or a mark on a relation has
    /// an empty `text` or `why`.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let marks: Self = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            Problem::new(Span::new(span.start, span.end), error.message())
        })?;
        for mark in &marks.relations {
            let RelationMark { text, why, .. } = mark.get_ref();
            if text.trim().is_empty() || why.trim().is_empty() {
                let span = Span::new(mark.span().start, mark.span().end);
                let message = "a mark says what it is on, and why";
                return Err(Problem::new(span, message));
            }
        }
        Ok(marks)
    }
}

/// Returns whether a text contains another, ignoring white space.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    let bare = |s: &str| s.split_whitespace().collect::<String>();
    bare(text).contains(&bare(part))
}
