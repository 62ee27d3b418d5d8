//! The reader of notation files.

use super::ranges::sizes;
use crate::notation::{Bound, Notation, Sort};
use crate::span::{Problem, Span};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    implicit_definitions: bool,
    undefined: Option<Spanned<String>>,
    searched: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) sizes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) indices: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) symbols: BTreeMap<Spanned<String>, Spanned<Entry>>,
    #[serde(default)]
    pub(super) processes: BTreeMap<Spanned<String>, Spanned<ProcessEntry>>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { kind = \"scalar\" }"
)]
pub(super) struct Entry {
    pub(super) kind: Sort,
    #[serde(rename = "in")]
    pub(super) domain: Option<Spanned<String>>,
    pub(super) draw: Option<Spanned<String>>,
    pub(super) range: Option<Spanned<String>>,
    pub(super) means: Option<Spanned<String>>,
    /// A note for people, which the checker ignores.
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(default)]
    pub(super) standard_normal: bool,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with a variable, a range, an index and a step"
)]
pub(super) struct ProcessEntry {
    pub(super) variable: String,
    pub(super) range: Spanned<String>,
    pub(super) index: String,
    pub(super) start: Option<Spanned<String>>,
    pub(super) step: Spanned<String>,
    #[serde(default)]
    pub(super) backwards: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

impl Notation {
    /// Reads a notation file, without a check of the domains of its definitions.
    pub(crate) fn parsed(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let span = Span::new(span.start, span.end);
            vec![Problem::new(span, error.message())]
        })?;
        let implicit = file.implicit_definitions;
        let mut notation = Self { implicit, ..Self::default() };
        let mut problems = vec![];
        let mut allows = |text: &Option<Spanned<String>>| match text {
            Some(text) if text.get_ref() == "allow" => true,
            Some(text) => {
                problems.push(at(text, "write \"allow\", or leave it out"));
                false
            }
            None => false,
        };
        notation.allows_undefined = allows(&file.undefined);
        notation.allows_searched = allows(&file.searched);
        for (name, range) in &file.sizes {
            match sizes(range.get_ref()) {
                Ok(ends) => _ = notation.sizes.insert(name.clone(), ends),
                Err(why) => problems.push(at(range, &why)),
            }
        }
        for (name, range) in file.sizes.iter().chain(&file.indices) {
            // A name that is spelled in another way would never be found.
            if !notation.plain_name(name).is_ok_and(|plain| plain == *name) {
                let message = format!("'{name}' is no plain name, such as T");
                problems.push(at(range, &message));
            }
        }
        // All names are entered first: `r = '1..t-1'` may come before `t`.
        let none = Bound { size: None, offset: 0 };
        for name in file.indices.keys() {
            let range = (none.clone(), none.clone());
            notation.indices.insert(name.clone(), range);
        }
        for (name, range) in &file.indices {
            match notation.range(range.get_ref()) {
                Some(range) => {
                    notation.indices.insert(name.clone(), range);
                }
                None => problems.push(at(
                    range,
                    "an index runs over a range such as 1..T, of numbers and sizes",
                )),
            }
        }
        notation.check_ranges(&file, &mut problems);
        notation.declare(&file, &mut problems);
        notation.check_names(&file, &mut problems);
        notation.define(&file, &mut problems);
        notation.check_circles(&file, &mut problems);
        if problems.is_empty() { Ok(notation) } else { Err(problems) }
    }
}

/// Returns a problem with a value of the file.
pub(super) fn at<T>(text: &Spanned<T>, message: &str) -> Problem {
    let span = text.span();
    Problem::new(Span::new(span.start, span.end), message)
}

/// Moves a problem within a string to its place in the file.
pub(super) fn shifted(mut problem: Problem, text: &Spanned<String>) -> Problem {
    let quote = text.span().start + 1;
    problem.span =
        Span::new(problem.span.start + quote, problem.span.end + quote);
    problem
}
