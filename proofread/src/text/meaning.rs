//! Meanings of the names of macros and environments.

use super::environments::group_with;

/// The form of an argument of a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    /// A group, or one token.
    Plain,
    /// An argument in brackets, or its default.
    Optional(Option<String>),
    /// A star, or nothing; the star changes only the look of the result.
    Star,
}

/// The meaning of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A body, in which `#1` is the first argument. An `\edef` does not expand
    /// a robust macro.
    Macro { parameters: Vec<Parameter>, body: String, robust: bool },
    /// `\def\x#1.{…}`: arguments that end at signs.
    Delimited { parameters: String, body: String },
    /// Another command, or a character.
    Let(String),
    /// The text before the body of an environment, and behind it.
    Environment { parameters: Vec<Parameter>, begin: String, end: String },
    /// A definition that is not understood, and the reason.
    Refused { why: String, body: String },
}

pub(super) const HASHES: &str = "#1#2#3#4#5#6#7#8#9";

pub(super) fn plain(count: usize, body: String) -> Meaning {
    let parameters = vec![Parameter::Plain; count];
    Meaning::Macro { parameters, body, robust: false }
}

pub(super) fn refused(kind: &str, body: String) -> Meaning {
    let why = format!("is defined by a \\{kind} that is not understood");
    Meaning::Refused { why, body }
}

pub(super) fn environment(
    parameters: Option<Vec<Parameter>>,
    begin: &str,
    end: &str,
) -> Meaning {
    let (begin, end) = (begin.to_owned(), end.to_owned());
    match parameters {
        Some(parameters) => Meaning::Environment { parameters, begin, end },
        None => refused("newenvironment", format!("{begin}{end}")),
    }
}

/// Reads the parameters of `\NewDocumentCommand`, such as `s O{x} m`.
pub(super) fn specified(text: &str) -> Option<Vec<Parameter>> {
    let mut parameters = vec![];
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        parameters.push(match c {
            'm' => Parameter::Plain,
            's' => Parameter::Star,
            'o' => Parameter::Optional(None),
            'O' => {
                let length = group_with(rest.trim_start(), true)?;
                let group = &rest.trim_start()[..length];
                rest = &rest.trim_start()[length..];
                let default = group[1..length - 1].to_owned();
                Parameter::Optional(Some(default))
            }
            '+' => continue,
            c if c.is_whitespace() => continue,
            _ => return None,
        });
    }
    (parameters.len() <= 9).then_some(parameters)
}
