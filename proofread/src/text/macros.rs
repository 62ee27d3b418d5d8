//! Macros that hold at a position of a text, with the scopes of TeX.

use super::defining::{Defining, Rule};
use super::meaning::Meaning;
use crate::read::layout::{is_command, is_katex_macro};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The sign or command that opened a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// `{`.
    Brace,
    /// The `{` of an argument of any command.
    Argument,
    /// `\bgroup` or `\begingroup`.
    Begin,
    /// `\begin{name}`.
    Environment(String),
}

#[derive(Debug)]
struct Scope {
    group: Group,
    /// The meanings, before the group, of the names that the group defines.
    saved: BTreeMap<String, Option<Rc<Meaning>>>,
}

/// The macros that hold at a position of a text.
#[derive(Debug, Default)]
pub(super) struct Macros {
    pub(super) meanings: BTreeMap<String, Rc<Meaning>>,
    scopes: Vec<Scope>,
}

impl Macros {
    pub(super) fn get(&self, name: &str) -> Option<Rc<Meaning>> {
        self.meanings.get(name).map(Rc::clone)
    }

    pub(super) fn open(&mut self, group: Group) {
        self.scopes.push(Scope { group, saved: BTreeMap::new() });
    }

    /// Returns the innermost open group.
    pub(super) fn group(&self) -> Option<&Group> {
        self.scopes.last().map(|scope| &scope.group)
    }

    /// Returns whether a table is open: each cell of a table is a group.
    pub(super) fn in_table(&self) -> bool {
        self.scopes.iter().any(|scope| match &scope.group {
            Group::Environment(name) => {
                name.contains("tab") || name.contains("array")
            }
            _ => false,
        })
    }

    /// Ends the group that `ends` accepts. Returns false if another group with
    /// definitions is open: then it is unknown which definitions hold.
    pub(super) fn close(&mut self, ends: impl Fn(&Group) -> bool) -> bool {
        let Some(last) = self.scopes.last() else { return true };
        if !ends(&last.group) {
            return last.saved.is_empty();
        }
        let Some(scope) = self.scopes.pop() else { return true };
        for (name, before) in scope.saved {
            let after = self.meanings.remove(&name);
            if let Some(before) = &before {
                self.meanings.insert(name.clone(), Rc::clone(before));
            }
            // It is unknown whether an argument is a group.
            if scope.group == Group::Argument
                && after != before
                && let Some(after) = after
            {
                let why = "is defined within an argument of a command: \
                           whether it holds here is not known"
                    .into();
                let body = body(&after).to_owned();
                let meaning = Rc::new(Meaning::Refused { why, body });
                self.set(name, meaning, false);
            }
        }
        true
    }

    fn set(&mut self, name: String, meaning: Rc<Meaning>, global: bool) {
        if global {
            for scope in &mut self.scopes {
                scope.saved.remove(&name);
            }
        } else if let Some(scope) = self.scopes.last_mut() {
            let before = self.meanings.get(&name).cloned();
            scope.saved.entry(name.clone()).or_insert(before);
        }
        self.meanings.insert(name, meaning);
    }

    /// Adds a definition; with `free`, a known name may be defined again.
    /// Returns the problem of the definition, if there is one.
    pub(super) fn define(
        &mut self,
        defining: &Defining,
        free: bool,
    ) -> Option<String> {
        let Defining { name, meaning, rule, global, .. } = defining;
        if is_read_as_itself(name) {
            return Some(format!("{name} is given another meaning"));
        }
        let known = self.meanings.get(name);
        let mut meaning = meaning.clone();
        match rule {
            Rule::New if known.is_some() && !free => {
                if known.is_some_and(|known| **known == meaning) {
                    return None;
                }
                return Some(format!("{name} is defined already"));
            }
            Rule::New if known.is_none() && is_command(name) => {
                return Some(format!(
                    "{name} is a command of LaTeX: \\newcommand is an error \
                     there, \\renewcommand changes it"
                ));
            }
            Rule::Provide if known.is_some() || is_command(name) => {
                return None;
            }
            Rule::Provide if is_katex_macro(name) => {
                let why = "may be known already: \\providecommand then \
                           changes nothing";
                meaning =
                    Meaning::Refused { why: why.into(), body: String::new() };
            }
            Rule::Expand => meaning = self.expanded(meaning),
            _ => {}
        }
        if let Meaning::Let(to) = &meaning {
            if let Some(known) = self.meanings.get(to) {
                meaning = (**known).clone();
            } else if to == name {
                return None;
            }
        }
        self.set(name.clone(), Rc::new(meaning), *global);
        None
    }

    /// Adds a definition that may or may not hold.
    pub(super) fn doubt(&mut self, defining: &Defining, why: &str) {
        if self
            .meanings
            .get(&defining.name)
            .is_some_and(|m| **m == defining.meaning)
        {
            return;
        }
        let body = body(&defining.meaning).to_owned();
        let meaning = Meaning::Refused { why: why.to_owned(), body };
        self.set(defining.name.clone(), Rc::new(meaning), defining.global);
    }

    /// Returns the meaning of an `\edef`, with its body expanded now.
    fn expanded(&self, meaning: Meaning) -> Meaning {
        let Meaning::Macro { parameters, body, robust } = meaning else {
            let body = body(&meaning).to_owned();
            let why = "is defined by an \\edef that is not understood".into();
            return Meaning::Refused { why, body };
        };
        if let Some(body) = super::spell::spell(&body, self) {
            Meaning::Macro { parameters, body, robust }
        } else {
            let why = "is defined by \\edef or \\xdef, whose body is \
                           expanded when it is defined; this one cannot be";
            Meaning::Refused { why: why.into(), body }
        }
    }
}

/// Returns whether a command always has its LaTeX meaning here: a text cannot
/// redefine it.
pub(super) fn is_read_as_itself(name: &str) -> bool {
    matches!(
        name.strip_prefix('\\').unwrap_or(""),
        "label"
            | "tag"
            | "raisetag"
            | "notag"
            | "nonumber"
            | "displaybreak"
            | "intertext"
            | "shortintertext"
            | "begin"
            | "end"
            | "left"
            | "right"
            | "def"
            | "gdef"
            | "edef"
            | "xdef"
            | "let"
            | "global"
            | "newcommand"
            | "renewcommand"
            | "verb"
            | "iffalse"
            | "iftrue"
            | "fi"
            | "else"
            | "begingroup"
            | "endgroup"
            | "csname"
            | "\\"
            | "("
            | ")"
            | "["
            | "]"
    )
}

/// Returns the LaTeX that a name stands for.
pub(super) fn body(meaning: &Meaning) -> &str {
    match meaning {
        Meaning::Macro { body, .. }
        | Meaning::Delimited { body, .. }
        | Meaning::Refused { body, .. } => body,
        Meaning::Let(to) => to,
        Meaning::Environment { begin, .. } => begin,
    }
}
