//! Mutants of the notation file.

use super::fate::{rejected, worst};
use super::operators::OPERATORS;
use super::source::{Edit, Source};
use super::spellings::alike;
use super::typeset::look;
use super::{Fate, Mutant};
use crate::document::Checked;
use crate::notation::Notation;
use crate::span::Span;
use std::collections::BTreeSet;

/// An edit of a value in the notation file.
pub(super) struct Change {
    /// The name of the operator, such as `notation: domain`.
    pub(super) operator: &'static str,
    /// The span of the value.
    value: Span,
    /// The edit of the file.
    pub(super) edit: Edit,
}

/// Returns the edits of a notation file.
pub(super) fn changes(text: &str, notation: &Notation) -> Vec<Change> {
    let mut changes = vec![];
    let mut seen = BTreeSet::from([super::bare(text)]);
    for (key, value) in values(text) {
        for (operator, edit) in
            edits(key, &text[value.start..value.end], notation)
        {
            let Span { start, end } = edit.span;
            let span = Span::new(value.start + start, value.start + end);
            let edit = Edit { span, ..edit };
            if seen.insert(super::bare(&edit.of(text))) {
                changes.push(Change { operator, value, edit });
            }
        }
    }
    changes
}

/// Returns the edits of the value of a key.
fn edits(
    key: &str,
    value: &str,
    notation: &Notation,
) -> Vec<(&'static str, Edit)> {
    let span = Span::new(0, value.len());
    let (operator, others): (_, Vec<String>) = match key {
        "kind" if value == "scalar" => {
            ("notation: kind", vec!["vector".into()])
        }
        "kind" => ("notation: kind", vec!["scalar".into()]),
        "in" => ("notation: domain", intervals(value)),
        "standard_normal" | "backwards" => {
            ("notation: flag", vec!["false".into()])
        }
        "index" => {
            let others = notation.indices.keys().filter(|i| *i != value);
            ("notation: index", others.cloned().collect())
        }
        "means" | "step" | "start" => {
            let operator = match key {
                "means" => "notation: meaning",
                _ => "notation: step",
            };
            let source = Source::new(value, notation);
            let all = OPERATORS.iter().flat_map(|(_, make)| make(&source));
            return all.map(|edit| (operator, edit)).collect();
        }
        _ if value.contains("..") => ("notation: range", ranges(value)),
        _ => return vec![],
    };
    let put = |with| (operator, Edit { span, with });
    others.into_iter().map(put).collect()
}

/// Returns the string and flag values of a TOML file, with their keys.
fn values(text: &str) -> Vec<(&str, Span)> {
    let (mut found, mut at) = (vec![], 0);
    while let Some(rest) = text.get(at..) {
        let Some(i) = rest.find(['\'', '"', '#', 't']) else { break };
        let start = at + i;
        let sign = &text[start..=start];
        match sign {
            "#" => {
                at = start + text[start..].find('\n').unwrap_or(rest.len());
            }
            "t" => {
                if text[start..].starts_with("true")
                    && let Some(key) = key(&text[..start])
                {
                    found.push((key, Span::new(start, start + 4)));
                }
                at = start + 1;
            }
            quote => {
                let inner = start + 1;
                let Some(length) = text[inner..].find(quote) else { break };
                let end = inner + length;
                if let Some(key) = key(&text[..start]) {
                    found.push((key, Span::new(inner, end)));
                }
                at = end + 1;
            }
        }
    }
    found
}

/// Returns the key at the end of a text, before the equals sign.
fn key(before: &str) -> Option<&str> {
    let before = before.trim_end().strip_suffix('=')?.trim_end();
    let word = |c: char| !c.is_alphanumeric() && c != '_';
    let start = before.rfind(word).map_or(0, |i| i + 1);
    (start < before.len()).then(|| &before[start..])
}

/// Returns intervals with a changed end: open for closed, or another number.
fn intervals(text: &str) -> Vec<String> {
    let mut all = vec![];
    for (sign, other) in [("(", "["), ("[", "("), (")", "]"), ("]", ")")] {
        if text.contains(sign) {
            all.push(text.replace(sign, other));
        }
    }
    if let Some((low, high)) = text.split_once(',') {
        let (open, low) = low.split_at(1);
        let (high, close) = high.split_at(high.len() - 1);
        let (low, high) = (low.trim(), high.trim());
        for other in ["-1", "0", "0.5", "-oo"] {
            all.push(format!("{open}{other}, {high}{close}"));
        }
        for other in ["0.5", "1", "2", "oo"] {
            all.push(format!("{open}{low}, {other}{close}"));
        }
    }
    all.retain(|other| other != text);
    all
}

/// Returns ranges with one end moved by one.
fn ranges(text: &str) -> Vec<String> {
    let Some((low, high)) = text.split_once("..") else { return vec![] };
    let moved = |end: &str| match end.trim().parse::<i64>() {
        Ok(number) => vec![(number - 1).to_string(), (number + 1).to_string()],
        Err(_) if end.contains(['+', '-']) => vec![],
        Err(_) => vec![format!("{end}-1"), format!("{end}+1")],
    };
    let low_ends = moved(low).into_iter().map(|low| format!("{low}..{high}"));
    let high_ends =
        moved(high).into_iter().map(|high| format!("{low}..{high}"));
    low_ends.chain(high_ends).collect()
}

impl Change {
    /// Determines the fate of the notation file with this edit, or returns
    /// `None` if the edit changes nothing. Unless `decides`, a mutant that is
    /// read differently is not decided.
    pub(super) fn judge(
        &self,
        checked: &Checked,
        text: &str,
        meaning: &Notation,
        decides: bool,
    ) -> Option<Mutant> {
        let made = self.edit.of(text);
        let (fate, why) = match Notation::read(&made) {
            Err(problems) => {
                let first = problems.first().map(|p| p.message.clone());
                (Fate::Rejected, first.unwrap_or_default())
            }
            Ok(other) if other == *meaning => {
                (self.unnoticed(text, &made)?, String::new())
            }
            Ok(_) if !decides => (Fate::Heard, String::new()),
            Ok(other) => of_text(checked, &other),
        };
        let span = self.edit.span;
        let start = made[..span.start].rfind('\n').map_or(0, |i| i + 1);
        let line = made[start..].lines().next().unwrap_or("");
        let (operator, latex) = (self.operator, line.to_owned());
        Some(Mutant { operator, in_notation: true, span, latex, fate, why })
    }

    /// Returns the fate of a mutant that is read as the original, or `None` if
    /// the mutant is typeset alike.
    fn unnoticed(&self, text: &str, made: &str) -> Option<Fate> {
        let Span { start, end } = self.value;
        let behind = text.len() - end;
        let old = look("", &text[start..end], false);
        let new = look("", &made[start..made.len() - behind], false);
        (old != new).then(|| {
            let known = alike(&old, &new);
            if known { Fate::Spelling } else { Fate::Survived }
        })
    }
}

/// Determines the fate of a text under another notation.
fn of_text(checked: &Checked, notation: &Notation) -> (Fate, String) {
    let formulas = || checked.formulas.iter();
    let read = checked.read_with(notation);
    for (formula, read) in formulas().zip(&read) {
        if let Some(why) = rejected(formula, &read.report) {
            return (Fate::Rejected, why);
        }
    }
    let decided = checked.decide_with(notation);
    let mut found = (Fate::True, String::new());
    for (formula, decided) in formulas().zip(&decided) {
        let wrong = formula.newly_wrong(&decided.report);
        match worst(&wrong) {
            Some((Fate::Refuted, why)) => return (Fate::Refuted, why),
            Some(bad) if found.0 != Fate::Rejected => found = bad,
            _ => {}
        }
    }
    found
}
