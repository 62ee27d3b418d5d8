//! Recursive macros, whose expansion has no end.

use crate::span::{Problem, Result, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Commands that define a macro by a body in braces.
const DEFINERS: [&str; 7] = [
    "def",
    "gdef",
    "edef",
    "xdef",
    "newcommand",
    "renewcommand",
    "providecommand",
];

/// Refuses a formula with a macro that expands to itself.
pub(super) fn check(preamble: &str, latex: &str) -> Result<()> {
    let mut made: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for text in [preamble, latex] {
        for (at, command) in commands(text) {
            if !DEFINERS.contains(&command) {
                continue;
            }
            let rest = &text[at + 1 + command.len()..];
            let rest = rest.trim_start_matches(['*', '{', ' ', '\n']);
            let Some((0, name)) = commands(rest).next() else { continue };
            let Some(body) = body(&rest[1 + name.len()..]) else { continue };
            let parts = commands(body).map(|(_, name)| name);
            made.entry(name).or_default().extend(parts);
        }
    }
    let circle = made.keys().find(|name| {
        let (mut open, mut seen) = (vec![**name], BTreeSet::new());
        while let Some(one) = open.pop() {
            for part in made.get(one).into_iter().flatten() {
                if part == *name {
                    return true;
                }
                if seen.insert(*part) {
                    open.push(part);
                }
            }
        }
        false
    });
    let Some(name) = circle else { return Ok(()) };
    let at = latex.find(&format!("\\{name}")).unwrap_or(0);
    let end = (at + 1 + name.len()).min(latex.len());
    let message = format!("the macro \\{name} is made of itself");
    Err(Problem::new(Span::new(at, end), message))
}

/// Returns the commands of a text with their positions, without backslashes.
fn commands(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('\\').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphabetic());
        let name = &rest[..end.unwrap_or(rest.len())];
        (!name.is_empty()).then_some((at, name))
    })
}

/// Returns the text in the braces of a definition, behind its parameters.
fn body(rest: &str) -> Option<&str> {
    let start = rest.find('{')?;
    let mut depth = 0_usize;
    for (i, c) in rest[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&rest[start + 1..start + i]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn circles_are_refused() {
        for text in [
            r"\def\a#1{\a{#1#1}}\a{b}",
            r"\newcommand{\a}[1]{\b{#1}}\newcommand*\b[1]{\a{#1}}\a x",
        ] {
            assert!(check("", text).is_err(), "{text}");
            assert!(check(text, r"\a y").is_err(), "{text}");
        }
        for text in [
            r"\def\a{b}\def\c{\a}\a\c",
            r"\let\old\phi\renewcommand{\phi}{\old x}",
            r"\def\a#1{\ab{#1}}\a{b}",
        ] {
            check("", text).unwrap();
        }
    }
}
