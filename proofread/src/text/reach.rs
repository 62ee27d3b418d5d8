//! Contents of macro bodies, and the definitions that a formula needs.

use super::environments::{Body, command, environment};
use super::macros::{Macros, body};
use super::meaning::{HASHES, Meaning, Parameter};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Macros {
    /// Returns whether `found` holds for a command of a body or of a macro that
    /// the body uses, or `text` holds for one of these bodies.
    fn reaches(
        &self,
        latex: &str,
        text: &dyn Fn(&str) -> bool,
        found: &dyn Fn(&str, Option<&Meaning>) -> bool,
    ) -> bool {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open = vec![latex.to_owned()];
        while let Some(latex) = open.pop() {
            if text(&latex) {
                return true;
            }
            for name in commands(&latex) {
                let meaning = self.meanings.get(name).map(Rc::as_ref);
                if found(name, meaning) {
                    return true;
                }
                if let Some(meaning) = meaning
                    && seen.insert(name.to_owned())
                {
                    open.push(body(meaning).to_owned());
                }
            }
        }
        false
    }

    /// Returns whether a body in prose makes a formula, a group or a
    /// definition.
    pub(super) fn acts(&self, latex: &str) -> bool {
        let dollar = |body: &str| {
            body.replace("\\\\", "").replace("\\$", "").contains('$')
        };
        self.reaches(latex, &dollar, &|name, meaning| {
            let name = &name[1..];
            let target = match meaning {
                Some(Meaning::Let(to)) => to.trim_start_matches('\\'),
                Some(_) => return false,
                None => name,
            };
            let opens =
                environment(target).is_some_and(|e| e.body != Body::Kept);
            ACTS.contains(&target)
                || opens
                || target.starts_with("Declare")
                || target.starts_with("if")
                || target.ends_with("DocumentCommand")
        })
    }

    /// Returns whether `KaTeX` cannot expand a macro itself.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        let ours = |meaning: &Meaning| match meaning {
            Meaning::Macro { parameters, .. } => {
                parameters.iter().any(|p| *p != Parameter::Plain)
            }
            _ => false,
        };
        self.reaches(name, &|_| false, &|_, meaning| meaning.is_some_and(ours))
    }

    /// Returns whether a body ends a formula that one of `closers` ends.
    pub(super) fn ends(&self, latex: &str, closers: &[String]) -> bool {
        let text = |body: &str| {
            closers.iter().any(|closer| match closer.as_str() {
                "}" => false,
                closer if closer.starts_with("\\end") => body.contains(closer),
                closer => super::dollars::close(body, closer, true).is_some(),
            })
        };
        self.reaches(latex, &text, &|_, _| false)
    }

    /// Returns the definitions that a formula needs, in LaTeX for `KaTeX`. Also
    /// returns the names in it that are not understood, each with the reason.
    /// The formula itself defines the names that are `own`.
    pub(super) fn preamble(
        &self,
        latex: &str,
        own: impl Fn(&str) -> bool,
    ) -> (String, Vec<(String, String)>) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![latex];
        let mut refused = vec![];
        let (mut lets, mut definitions) = (vec![], vec![]);
        while let Some(latex) = open.pop() {
            for name in commands(latex) {
                let Some((name, meaning)) = self.meanings.get_key_value(name)
                else {
                    continue;
                };
                if own(name) || !seen.insert(name) {
                    continue;
                }
                open.push(body(meaning));
                if GLOBAL.iter().any(|global| body(meaning).contains(global)) {
                    let why = "defines a macro for the text behind it, which is \
                               not followed";
                    refused.push((name.clone(), why.into()));
                }
                match &**meaning {
                    Meaning::Macro { parameters, body, .. } => {
                        let hashes = &HASHES[..2 * parameters.len().min(9)];
                        definitions.push(definition(name, hashes, body));
                    }
                    Meaning::Delimited { parameters, body } => {
                        definitions.push(definition(name, parameters, body));
                    }
                    Meaning::Let(to) => {
                        lets.push(format!("\\let{name}={to}"));
                    }
                    Meaning::Environment { .. } => {}
                    Meaning::Refused { why, .. } => {
                        refused.push((name.clone(), why.clone()));
                    }
                }
            }
        }
        definitions.sort();
        lets.append(&mut definitions);
        (lets.concat(), refused)
    }
}

/// Commands whose definitions hold beyond the formula.
const GLOBAL: [&str; 3] = ["\\gdef", "\\xdef", "\\global"];

/// Commands that do more in prose than typeset letters.
const ACTS: [&str; 35] = [
    "(",
    ")",
    "[",
    "]",
    "begin",
    "end",
    "ensuremath",
    "begingroup",
    "endgroup",
    "bgroup",
    "egroup",
    "def",
    "gdef",
    "edef",
    "xdef",
    "let",
    "newcommand",
    "renewcommand",
    "providecommand",
    "newenvironment",
    "renewenvironment",
    "expandafter",
    "@namedef",
    "input",
    "include",
    "newrobustcmd",
    "renewrobustcmd",
    "global",
    "else",
    "fi",
    "BODY",
    "LetLtxMacro",
    "csname",
    "newcommandx",
    "renewcommandx",
];

fn definition(name: &str, parameters: &str, body: &str) -> String {
    // These commands change nothing in a formula, and KaTeX lacks them.
    let body = body.replace("\\ensuremath", "").replace("\\xspace", "");
    format!("\\def{name}{parameters}{{{body}}}")
}

/// Returns all commands in a piece of LaTeX, with their backslashes.
pub(super) fn commands(latex: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + latex.get(at..)?.find('\\')?;
        at = start + 1 + command(&latex[start..]).len();
        Some(&latex[start..at])
    })
}
