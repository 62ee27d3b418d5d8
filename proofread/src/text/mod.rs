//! Search for mathematics in a text.
//!
//! The search finds everything that a reader would see or mean as mathematics,
//! or reports a problem with its place. It skips code, comments and verbatim
//! text.
//!
//! # Layout
//!
//! | file | content |
//! | --- | --- |
//! | `fragment` | a formula in a file |
//! | `directives` | directives in a formula's comments |
//! | `markdown`, `containers`, `fences`, `html` | the blocks of Markdown |
//! | `inline`, `dollars`, `bare` | formulas in the lines of Markdown |
//! | `hidden` | Markdown outside formulas |
//! | `foreign` | mathematics in the markup of other programs |
//! | `beside`, `operators`, `entities` | relations and signs in prose, beside a formula |
//! | `tex`, `closers`, `verbatim` | formulas in LaTeX |
//! | `prose`, `groups` | LaTeX outside formulas |
//! | `environments` | environments that hold mathematics |
//! | `defining`, `meaning`, `tokens` | definitions of macros and environments |
//! | `macros`, `reach` | the macros that hold at a position |
//! | `expand`, `spell` | expansion of macro calls |
//! | `lead`, `words` | the role that the words before a formula give it |
//! | `latex`, `local`, `slips`, `characters` | the LaTeX of a formula, for `KaTeX` |
//! | `unread` | tricks that change which text is hidden |
//! | `found` | all that is found, and formulas before they are parsed |
//! | `stripped` | lines, with their spans in the file |

mod bare;
mod beside;
mod characters;
mod closers;
mod containers;
mod defining;
mod directives;
mod dollars;
mod entities;
mod environments;
mod expand;
mod fences;
mod foreign;
mod found;
mod fragment;
mod groups;
mod hidden;
mod html;
mod inline;
mod latex;
mod lead;
mod local;
mod macros;
mod markdown;
mod meaning;
mod operators;
mod prose;
mod reach;
mod slips;
mod spell;
mod stripped;
#[cfg(test)]
mod tests;
mod tex;
mod tokens;
mod unread;
mod verbatim;
mod words;

pub(crate) use directives::{Directive, Key, directives};
pub use fragment::Fragment;
pub(crate) use lead::Lead;

use crate::span::{Problem, Span};
use found::Found;

/// The mathematics of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// All formulas, in order. A formula in prose between the rows of a display
    /// comes after the display.
    pub(crate) fragments: Vec<Fragment>,
    /// Problems of mathematics that is not read, with spans in the file.
    pub(crate) problems: Vec<Problem>,
    /// Warnings.
    pub(crate) warnings: Vec<Problem>,
}

/// Finds the mathematics of a file. A file whose name ends in `.tex` is LaTeX,
/// any other file is Markdown. With `comments`, the comments of Markdown hold
/// formulas.
pub(crate) fn read(name: &str, text: &str, comments: bool) -> Text {
    let is_tex = std::path::Path::new(name)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("tex"));
    let mut found =
        if is_tex { tex::read(text) } else { markdown::read(text, comments) };
    found.problems.extend(unread::unread(text, is_tex));
    found.fragments.sort_by_key(|fragment| fragment.extent.start);
    found.problems.sort_by_key(|problem| problem.span.start);
    for fragment in &mut found.fragments {
        let (said, _) = directives(&fragment.latex);
        if let Some(id) = said.into_iter().rfind(|d| d.key == Key::Id) {
            fragment.id = Some(id.value);
        }
    }
    if found.fragments.is_empty() {
        found.warnings.extend(nothing(text));
    }
    let Found { fragments, problems, warnings, .. } = found;
    Text { fragments, problems, warnings }
}

/// Returns a warning if a text without formulas looks like mathematics.
fn nothing(text: &str) -> Option<Problem> {
    let start = ["\\begin{", "\\frac", "$"]
        .iter()
        .filter_map(|sign| text.find(sign))
        .min()?;
    let span = Span::new(start, start + 1);
    let message = "no formula was found in this text";
    Some(Problem::new(span, message).hint("write formulas as $…$ or $$…$$"))
}

/// Returns all formulas of a file, in order. A file whose name ends in `.tex`
/// is LaTeX, any other file is Markdown. A formula in the `\intertext` of a
/// display comes after the display, and within the display's extent.
///
/// ```
/// let found = proofread::fragments("notes.md", "Say $a = b$.\n\n$$\nc\n$$\n");
/// assert_eq!(found[0].latex, "a = b");
/// assert!(found[1].display);
/// assert!(proofread::fragments("notes.md", "`$x$` costs \\$5").is_empty());
/// ```
pub fn fragments(name: &str, text: &str) -> Vec<Fragment> {
    read(name, text, false).fragments
}
