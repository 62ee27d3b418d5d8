//! Signs of operators, and the spaces before them.

use crate::text::environments::command;

/// Spaces within a line.
pub(super) const SPACES: [char; 3] = [' ', '\t', '\u{a0}'];

/// Commands of LaTeX that write an operator in a text.
const COMMANDS: [(&str, char); 9] = [
    ("textminus", '−'),
    ("texttimes", '×'),
    ("textdiv", '÷'),
    ("textpm", '±'),
    ("textonehalf", '½'),
    ("textonequarter", '¼'),
    ("textthreequarters", '¾'),
    ("textsurd", '√'),
    ("textlnot", '¬'),
];

/// Reads an operator in the form of a command of LaTeX.
pub(super) fn named(text: &str) -> Option<(char, usize)> {
    let name = command(text.strip_prefix('\\').map(|_| text)?);
    let found = COMMANDS.iter().find(|(known, _)| *known == name);
    found.map(|(_, sign)| (*sign, 1 + name.len()))
}

/// Reads an operator in the form of a command of LaTeX at the end of a text.
pub(super) fn named_at_end(text: &str) -> Option<(char, usize)> {
    let start = text.rfind('\\')?;
    let (sign, length) = named(&text[start..])?;
    (start + length == text.len()).then_some((sign, start))
}

pub(super) fn is_operator(c: char) -> bool {
    matches!(c, '+' | '−' | '/' | '×' | '·' | '⋅' | '÷' | '±' | '∓' | '⁄')
}
