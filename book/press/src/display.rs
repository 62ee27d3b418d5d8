//! A display with its number, a mark beside each line, and its evidence, which
//! opens without a script.

use crate::api::Api;
use crate::equations::{Equation, Equations};
use crate::lines::baselines;
use crate::typeset::typeset;
use anyhow::{Result, bail};
use proofread::{Counterexample, Evidence, Outcome, Status, Tier};

/// Returns the HTML of a display, on one line.
///
/// # Errors
/// If the formula cannot be typeset.
pub(crate) fn display(
    equation: &Equation,
    equations: &Equations,
    api: &Api,
    up: &str,
) -> Result<String> {
    let Equation { id, number, latex, .. } = equation;
    let formula = typeset(latex, true)?;
    let marks = marks(equation)?;
    let evidence = evidence(equation, equations, api, up)?;
    let refuted = is_refuted(equation);
    let class = if refuted { "equation refuted" } else { "equation" };
    Ok(format!(
        "<div class=\"{class}\" id=\"{id}\">\
         <div class=\"formula\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Equation {number}\">{formula}</div>\
         <ul class=\"marks\" aria-label=\"What was shown\">{marks}</ul>\
         <a class=\"number\" href=\"#{id}\" \
         aria-label=\"Equation {number}\">({number})</a>{evidence}</div>"
    ))
}

fn is_refuted(equation: &Equation) -> bool {
    equation.outcomes.iter().any(|o| o.status == Status::Refuted)
}

/// Returns the marks beside each line, one for each status in the line.
fn marks(equation: &Equation) -> Result<String> {
    let found = || equation.lines.iter().zip(&equation.outcomes);
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
    let baselines = baselines(&equation.latex)?;
    if let Some(line) = equation.lines.iter().find(|l| **l >= baselines.len()) {
        bail!("{}: no line {line} was typeset", equation.id);
    }
    Ok(baselines.into_iter().enumerate().map(line).collect())
}

/// Returns the symbol and the name of a status.
fn mark(status: Status) -> String {
    let name = status.name();
    let sign = match status {
        Status::Exact | Status::Gaussian | Status::Certified => "✓",
        Status::Searched => "?",
        Status::Definition | Status::Setting => "≔",
        Status::Prose => "–",
        _ => "✗",
    };
    format!(
        "<span class=\"mark {name}\"><span aria-hidden=\"true\">{sign}</span> \
         {name}</span>"
    )
}

/// Returns the evidence for the marks.
fn evidence(
    equation: &Equation,
    equations: &Equations,
    api: &Api,
    up: &str,
) -> Result<String> {
    let found = |outcome: &Outcome| {
        let relation = relation(outcome)?;
        let (name, how) = (outcome.status.name(), in_words(outcome));
        Ok(format!(
            "<li><span class=\"relation\">{relation}</span> \
             <strong class=\"{name}\">{name}</strong>{how}</li>"
        ))
    };
    let relations: Result<String> =
        equation.outcomes.iter().map(found).collect();
    let links = |label: &str, ids: &[String]| {
        let links: Vec<_> = equations.named(ids).map(|e| link(e, up)).collect();
        match links.as_slice() {
            [] => String::new(),
            links => format!("<p>{label} {}.</p>", links.join(", ")),
        }
    };
    let code = |path: &String| {
        let (item, id) = (api.item(path, up)?, &equation.id);
        Ok(format!(
            "<p>Equal to {item}, as <code>cargo test {id}</code> finds at \
             random points.</p>"
        ))
    };
    let code: Result<String> = equation.code.iter().map(code).collect();
    // A false line is always shown with its counterexample.
    let open = if is_refuted(equation) { " open" } else { "" };
    Ok(format!(
        "<details class=\"evidence\"{open}><summary>What was checked</summary>\
         <ol>{}</ol>{}{}{}{}</details>",
        relations?,
        links("Rests on", &equation.rests_on),
        links("Used by", &equation.used_by),
        links("The text comes from", &equation.cites),
        code?,
    ))
}

/// Typesets one relation of a display, without alignment and line breaks.
///
/// # Errors
/// If the relation cannot be typeset by itself.
pub(crate) fn relation(outcome: &Outcome) -> Result<String> {
    let latex = outcome.text.replace("\\\\", " ").replace('&', " ");
    typeset(&latex, false)
}

/// Returns a link to an equation, without a preview.
pub(crate) fn link(equation: &Equation, up: &str) -> String {
    let Equation { id, number, page, .. } = equation;
    format!("<a href=\"{up}{page}#{id}\">({number})</a>")
}

/// Returns a link to an equation that shows a preview on hover.
///
/// # Errors
/// If the equation cannot be typeset.
pub(crate) fn reference(equation: &Equation, up: &str) -> Result<String> {
    let Equation { id, number, page, latex, .. } = equation;
    let preview = typeset(latex, true)?;
    Ok(format!(
        "<a class=\"reference\" href=\"{up}{page}#{id}\">({number})\
         <span class=\"preview\" aria-hidden=\"true\">{preview}</span></a>"
    ))
}

/// Describes how a relation was decided.
pub(crate) fn in_words(outcome: &Outcome) -> String {
    if let Some(evidence) = &outcome.evidence {
        return format!(": {}.", shown(evidence));
    }
    if let Some(found) = &outcome.counterexample
        && !found.left.is_empty()
    {
        return format!(": {}.", where_false(found));
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
