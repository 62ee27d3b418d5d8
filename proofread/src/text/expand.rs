//! Expansion of macro calls.

use super::environments::{blank, command, group_with};
use super::meaning::Parameter;
use super::stripped::Stripped;
use std::ops::Range;

/// An argument of a call.
enum Argument {
    /// An argument in the text.
    Given(Range<usize>),
    /// The default of an argument that the call leaves out.
    Default(String),
}

/// Returns the arguments at `at`, and their end.
fn arguments(
    text: &str,
    mut at: usize,
    parameters: &[Parameter],
) -> Result<(Vec<Argument>, usize), &'static str> {
    let mut found = vec![];
    for parameter in parameters {
        let start = at + blank(&text[at..]);
        let rest = &text[start..];
        match parameter {
            Parameter::Star => {
                at = if rest.starts_with('*') { start + 1 } else { at };
                found.push(Argument::Default(String::new()));
            }
            Parameter::Optional(default) => match (bracket(rest), default) {
                (Some(length), _) => {
                    at = start + length;
                    found.push(Argument::Given(start + 1..at - 1));
                }
                (None, Some(default)) => {
                    found.push(Argument::Default(default.clone()));
                }
                (None, None) => return Err("needs the argument in brackets"),
            },
            Parameter::Plain => {
                let inner = if let Some(length) = group_with(rest, true) {
                    at = start + length;
                    start + 1..at - 1
                } else {
                    let length = match rest.chars().next() {
                        Some('\\') => 1 + command(rest).len(),
                        Some(c) if !"{}$&".contains(c) => c.len_utf8(),
                        _ => return Err("lacks an argument"),
                    };
                    at = start + length;
                    start..at
                };
                found.push(Argument::Given(inner));
            }
        }
    }
    Ok((found, at))
}

/// Returns the length of `[…]` at the start of `text`. Skips groups in it.
pub(super) fn bracket(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(c) = inner[at..].chars().next() {
        match c {
            ']' if depth == 0 => return Some(at + 2),
            '\\' => {
                at += inner[at + 1..].chars().next().map_or(0, char::len_utf8);
            }
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// Returns the expansion of a macro call, and the range of the call. The call
/// starts at `start`, and its arguments come behind `at`.
pub(super) fn expansion(
    text: &Stripped,
    start: usize,
    at: usize,
    parameters: &[Parameter],
    body: &str,
) -> Result<(Stripped<'static>, Range<usize>), &'static str> {
    let (found, end) = arguments(text.text(), at, parameters)?;
    let span = text.span(start, end);
    let mut out = Stripped::empty();
    let mut rest = body;
    while let Some(i) = rest.find('#') {
        out.insert(&rest[..i], span);
        rest = &rest[i + 1..];
        if let Some(behind) = rest.strip_prefix('#') {
            out.insert("#", span);
            rest = behind;
            continue;
        }
        let number = rest.chars().next().and_then(|c| c.to_digit(10));
        let argument =
            number.and_then(|n| found.get((n as usize).checked_sub(1)?));
        let Some(argument) = argument else {
            return Err("has an argument that is not declared");
        };
        rest = &rest[1..];
        match argument {
            Argument::Given(inner) => {
                apart(&mut out, &text.text()[inner.clone()], span);
                out.append(text, inner.clone());
            }
            Argument::Default(default) => {
                apart(&mut out, default, span);
                out.insert(default, span);
            }
        }
        apart(&mut out, rest, span);
    }
    out.insert(rest, span);
    apart(&mut out, &text.text()[end..], span);
    // The expansion must not run into a command before the call.
    let mut made = Stripped::empty();
    let first = out.text().chars().next();
    let letter = first.is_some_and(|c| c.is_ascii_alphabetic());
    if letter && ends_in_command(&text.text()[..start]) {
        made.insert(" ", span);
    }
    made.append(&out, 0..out.text().len());
    Ok((made, start..end))
}

/// Adds a space if the next text would run into a command.
fn apart(out: &mut Stripped, next: &str, span: crate::span::Span) {
    let letter = |c: char| c.is_ascii_alphabetic();
    if next.starts_with(letter) && ends_in_command(out.text()) {
        out.insert(" ", span);
    }
}

/// Returns whether a text ends with the name of a command.
fn ends_in_command(text: &str) -> bool {
    let name = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    // Letters behind a row break are not a command.
    let signs = name.len() - name.trim_end_matches('\\').len();
    name.len() < text.len() && signs % 2 == 1
}
