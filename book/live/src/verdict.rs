//! The verdicts on a formula, as HTML: a mark beside each line, and the evidence.

use crate::lines::baselines;
use crate::typeset::typeset;
use anyhow::{Result, bail};
use proofread::{Counterexample, Evidence, Outcome, Status, Tier};

/// Returns the list items of the marks beside each line of a display: one mark for
/// each status in the line. `lines` has the line of each outcome, from 0.
///
/// # Errors
/// If the display cannot be typeset, or has fewer lines.
pub fn marks(
    latex: &str,
    lines: &[usize],
    outcomes: &[Outcome],
) -> Result<String> {
    let found = || lines.iter().zip(outcomes);
    let line = |(i, baseline): (usize, f64)| {
        let here = found().filter(|(line, _)| **line == i);
        let mut statuses: Vec<_> = here.map(|(_, o)| o.status).collect();
        statuses.dedup();
        let marks: Vec<_> = statuses.into_iter().map(mark).collect();
        if marks.is_empty() {
            return String::new();
        }
        let marks = marks.join(", ");
        format!("<li style=\"--line:{baseline:.3}em\">{marks}</li>")
    };
    let baselines = baselines(latex)?;
    if let Some(line) = lines.iter().find(|line| **line >= baselines.len()) {
        bail!("no line {line} was typeset");
    }
    Ok(baselines.into_iter().enumerate().map(line).collect())
}

/// Returns the symbol and the name of a status.
fn mark(status: Status) -> String {
    let name = status.name();
    let sign = match status {
        Status::Exact | Status::Gaussian | Status::Certified => "✓",
        Status::Searched | Status::Undecided | Status::Unknown => "?",
        Status::Definition | Status::Setting => "≔",
        Status::Prose => "–",
        _ => "✗",
    };
    format!(
        "<span class=\"mark {name}\"><span aria-hidden=\"true\">{sign}</span> \
         {name}</span>"
    )
}

/// Returns the list items of the evidence: each relation, its status, and how it
/// was decided.
///
/// # Errors
/// If a relation cannot be typeset by itself.
pub fn relations(outcomes: &[Outcome]) -> Result<String> {
    let items = outcomes.iter().map(|o| Ok(item(o, &relation(o)?)));
    items.collect()
}

/// Returns the same list items. A relation that cannot be typeset by itself is shown
/// as LaTeX.
pub(crate) fn readable_relations(outcomes: &[Outcome]) -> String {
    outcomes.iter().map(|o| item(o, &readable_relation(o))).collect()
}

fn item(outcome: &Outcome, relation: &str) -> String {
    let (name, how) = (outcome.status.name(), in_words(outcome));
    format!(
        "<li><span class=\"relation\">{relation}</span> \
         <strong class=\"{name}\">{name}</strong>{how}</li>"
    )
}

/// Typesets one relation, or returns its LaTeX if that is not possible.
pub fn readable_relation(outcome: &Outcome) -> String {
    relation(outcome)
        .unwrap_or_else(|_| format!("<code>{}</code>", escaped(&outcome.text)))
}

/// Typesets one relation of a display, without alignment and line breaks.
///
/// # Errors
/// If the relation cannot be typeset by itself.
fn relation(outcome: &Outcome) -> Result<String> {
    let latex = outcome.text.replace("\\\\", " ").replace('&', " ");
    typeset(&latex, false)
}

/// Describes how a relation was decided.
pub fn in_words(outcome: &Outcome) -> String {
    if let Some(evidence) = &outcome.evidence {
        return format!(": {}.", shown(evidence));
    }
    if let Some(found) = &outcome.counterexample
        && !found.left.is_empty()
    {
        return format!(": {}.", where_false(found));
    }
    if let Some(problem) = &outcome.problem
        && !outcome.status.is_good()
    {
        return format!(": {}.", escaped(&problem.message));
    }
    match (&outcome.why, outcome.status) {
        (Some(why), _) => format!(": {why}."),
        (None, Status::Definition) => ": it says what its left side is.".into(),
        (None, Status::Setting) => ": a condition.".into(),
        (None, _) => ".".into(),
    }
}

/// Describes a counterexample.
fn where_false(found: &Counterexample) -> String {
    let value = |(name, value): &(String, String)| {
        let latex = format!("{name} = {value}");
        typeset(&latex, false).unwrap_or(latex)
    };
    let place = (!found.place.is_empty()).then(|| found.place.clone());
    let values = found.values.iter().map(value);
    let values: Vec<_> = place.into_iter().chain(values).collect();
    let Counterexample { left, right, .. } = found;
    format!(
        "at {} the left side is {left}, and the right side {right}",
        values.join(", ")
    )
}

fn shown(evidence: &Evidence) -> String {
    let Evidence { points, ranges, .. } = evidence;
    let how = match evidence.tier {
        Tier::Exact => "shown by algebra",
        Tier::Gaussian => "shown by the calculus of Gaussians and algebra",
        Tier::Certified => "shown on the whole domain",
        Tier::Searched => "not shown: a search found no counterexample",
    };
    let ranges = match (ranges.as_str(), points) {
        ("", _) => String::new(),
        (ranges, 1) => format!(", for {ranges}"),
        (ranges, _) if evidence.every => format!(", for {ranges}"),
        (ranges, _) => format!(", for each of {ranges}"),
    };
    let only = evidence.only.as_ref();
    let only = only.map_or(String::new(), |only| format!("; {only}"));
    format!("{how}{ranges}{only}").replace('_', "&#95;")
}

/// Escapes a text for HTML, and for Markdown around it.
fn escaped(text: &str) -> String {
    let plain = text.replace('&', "&amp;").replace('<', "&lt;");
    let plain = plain.replace('_', "&#95;").replace('*', "&#42;");
    plain.replace('\\', "&#92;")
}
