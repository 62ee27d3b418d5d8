//! Expansion of all calls in a piece of LaTeX.

use super::defining::defining;
use super::environments::command;
use super::expand::expansion;
use super::macros::Macros;
use super::meaning::{Meaning, Parameter};
use super::stripped::Stripped;
use crate::span::{Problem, Span};
use std::ops::Range;

/// The maximal number of expanded calls, and of bytes that they make.
pub(super) const MOST: usize = 2_000;
pub(super) const LONGEST: usize = 100_000;

/// Commands with an expansion that only TeX knows.
const UNKNOWN: [&str; 14] = [
    "noexpand",
    "unexpanded",
    "the",
    "number",
    "csname",
    "expandafter",
    "romannumeral",
    "string",
    "meaning",
    "jobname",
    "detokenize",
    "else",
    "fi",
    "relax",
];

/// Returns a body with all macros expanded, as in `\edef`, or `None` if a macro
/// cannot be expanded.
pub(super) fn spell(body: &str, macros: &Macros) -> Option<String> {
    let mut text = Stripped::empty();
    text.insert(body, Span::default());
    let (mut at, mut calls) = (0, 0);
    while let Some(i) = text.text()[at..].find('\\') {
        at += i;
        let name = command(&text.text()[at..]);
        let behind = at + 1 + name.len();
        if UNKNOWN.contains(&name) || name.starts_with("if") {
            return None;
        }
        match macros.get(&text.text()[at..behind]).as_deref() {
            Some(Meaning::Macro { parameters, body, robust: false }) => {
                let made = expansion(&text, at, behind, parameters, body);
                let (made, range) = made.ok()?;
                text.splice(range, &made);
                calls += 1;
            }
            None
            | Some(Meaning::Let(_) | Meaning::Macro { robust: true, .. }) => {
                at = behind;
            }
            Some(_) => return None,
        }
        if calls > MOST || text.text().len() > LONGEST {
            return None;
        }
    }
    Some(text.text().to_owned())
}

/// Commands whose arguments may come without braces.
pub(super) const TAKE: [&str; 24] = [
    "frac",
    "dfrac",
    "tfrac",
    "cfrac",
    "binom",
    "sqrt",
    "bar",
    "hat",
    "tilde",
    "vec",
    "dot",
    "ddot",
    "overline",
    "underline",
    "widehat",
    "widetilde",
    "mathbf",
    "mathbb",
    "mathcal",
    "mathrm",
    "mathsf",
    "boldsymbol",
    "bm",
    "overset",
];

/// Expands the macros of a formula that `KaTeX` cannot expand. Returns `None`
/// if there are none.
pub(super) fn ours(
    source: &Stripped,
    range: Range<usize>,
    macros: &Macros,
) -> Result<Option<Stripped<'static>>, Problem> {
    let mut names = super::reach::commands(&source.text()[range.clone()]);
    if !names.any(|name| macros.is_ours(name)) {
        return Ok(None);
    }
    let mut text = source.part(range);
    let (mut at, mut calls) = (0, 0);
    while let Some(i) = text.text()[at..].find(['\\', '%']) {
        at += i;
        let rest = &text.text()[at..];
        if rest.starts_with('%') {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let name = &rest[..=command(rest).len()];
        let behind = at + name.len();
        let span = text.span(at, behind);
        if let Some(found) = defining(rest) {
            if macros.is_ours(&found.name) {
                return Err(local(span));
            }
            at += found.length;
            continue;
        }
        if !macros.is_ours(name) {
            at = behind;
            continue;
        }
        let why = |why: &str| Problem::new(span, format!("{name} {why}"));
        let Some(meaning) = macros.get(name) else { break };
        let Meaning::Macro { parameters, body, .. } = &*meaning else {
            return Err(why("takes its arguments in a way that is not read"));
        };
        let before = text.text()[..at].trim_end();
        let taker = before.rfind('\\').map(|i| &before[i + 1..]);
        if taker.is_some_and(|name| TAKE.contains(&name)) {
            return Err(why("stands as an argument without braces"));
        }
        let made = expansion(&text, at, behind, parameters, body);
        let (made, call) = made.map_err(why)?;
        calls += 1;
        if calls > MOST || text.text().len() + made.text().len() > LONGEST {
            return Err(why("makes too much"));
        }
        text.splice(call, &made);
    }
    Ok(Some(text))
}

/// Returns whether `KaTeX` understands a definition.
pub(super) fn is_for_katex(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Macro { parameters, .. } => {
            parameters.iter().all(|p| *p == Parameter::Plain)
        }
        Meaning::Refused { .. } | Meaning::Environment { .. } => false,
        Meaning::Delimited { .. } | Meaning::Let(_) => true,
    }
}

/// Returns the problem of a definition that `KaTeX` would misread.
pub(super) fn local(span: Span) -> Problem {
    let message = "this definition is not read within a formula";
    Problem::new(span, message).hint("write it before the formula")
}
