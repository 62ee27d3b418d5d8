//! A display with its number, a mark beside each line, and its evidence, which
//! opens without a script.

use crate::api::Api;
use crate::equations::{Equation, Equations};
use crate::pages::escaped;
use crate::preprocessor::Press;
use anyhow::{Context, Result};
use live::{Experiment, typeset};
use proofread::Status;

/// Returns the HTML of a display, on one line.
///
/// # Errors
/// If the formula cannot be typeset.
pub(crate) fn display(
    equation: &Equation,
    equations: &Equations,
    press: &Press,
    up: &str,
) -> Result<String> {
    let Equation { id, number, latex, .. } = equation;
    let formula = typeset(latex, true)?;
    let marks = live::marks(latex, &equation.lines, &equation.outcomes);
    let marks = marks.with_context(|| id.clone())?;
    let evidence = evidence(equation, equations, &press.api, up)?;
    let live = if press.modules.is_some() { live(id) } else { String::new() };
    let refuted = is_refuted(equation);
    let class = if refuted { "equation refuted" } else { "equation" };
    Ok(format!(
        "<div class=\"{class}\" id=\"{id}\"{live}>\
         <div class=\"formula\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Equation {number}\">{formula}</div>\
         <ul class=\"marks\" aria-label=\"What was shown\">{marks}</ul>\
         <a class=\"number\" href=\"#{id}\" \
         aria-label=\"Equation {number}\">({number})</a>{evidence}</div>"
    ))
}

/// Returns the attributes of a display that can be edited, with the suggested change
/// of it.
fn live(id: &str) -> String {
    let Some(experiment) = live::experiments().get(id) else {
        return " data-live".to_owned();
    };
    let quoted = |text: &String| escaped(text).replace('"', "&quot;");
    let Experiment { what, replace, with } = experiment;
    let [what, replace, with] = [what, replace, with].map(quoted);
    format!(
        " data-live data-try=\"{what}\" data-replace=\"{replace}\" \
         data-with=\"{with}\""
    )
}

fn is_refuted(equation: &Equation) -> bool {
    equation.outcomes.iter().any(|o| o.status == Status::Refuted)
}

/// Returns the evidence for the marks.
fn evidence(
    equation: &Equation,
    equations: &Equations,
    api: &Api,
    up: &str,
) -> Result<String> {
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
        live::relations(&equation.outcomes)?,
        links("Rests on", &equation.rests_on),
        links("Used by", &equation.used_by),
        links("The text comes from", &equation.cites),
        code?,
    ))
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
