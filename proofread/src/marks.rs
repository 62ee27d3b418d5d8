//! What a text that cannot be edited would say in its own comments.
//!
//! A TOML file of `[[formula]]` and `[[relation]]` entries. Each names the
//! line, and a relation also some of its text, so that a mark cannot go stale
//! without a word. `comments = true` before them asks to read the formulas in
//! the comments of Markdown, which nobody sees.

use crate::span::{Problem, Span};
use serde::Deserialize;
use toml::Spanned;

/// Marks on a text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Whether the formulas in the comments of Markdown are read, too.
    #[serde(default)]
    pub(crate) comments: bool,
    #[serde(default, rename = "formula")]
    pub(crate) formulas: Vec<Spanned<FormulaMark>>,
    #[serde(default, rename = "relation")]
    pub(crate) relations: Vec<Spanned<RelationMark>>,
}

/// On the formula that starts on a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormulaMark {
    pub(crate) line: usize,
    /// Some of its LaTeX, where a line has several.
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

/// On a relation whose sign or right side stands on a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelationMark {
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) status: Expected,
    pub(crate) why: String,
}

/// What a relation is said to be.
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
    /// If it is not TOML of the right form.
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

/// Whether a text holds another, white space aside.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    let bare = |s: &str| s.split_whitespace().collect::<String>();
    bare(text).contains(&bare(part))
}
