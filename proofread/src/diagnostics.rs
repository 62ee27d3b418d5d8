//! Diagnostics in the style of the Rust compiler: each shows the piece of the
//! text that it is about. They contain colour codes, which the caller may
//! strip.

use crate::{Counterexample, Outcome, Problem, Status};
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet,
};

/// Renders an error with its place in the text called `name`.
pub fn problem(name: &str, text: &str, problem: &Problem) -> String {
    titled(Level::ERROR, name, text, problem)
}

/// Renders a warning with its place in the text called `name`.
pub fn warning(name: &str, text: &str, problem: &Problem) -> String {
    titled(Level::WARNING, name, text, problem)
}

fn titled(
    level: Level<'static>,
    name: &str,
    text: &str,
    problem: &Problem,
) -> String {
    let title = level.primary_title(&problem.message);
    let group = title.element(snippet(name, text, problem, ""));
    render(&[with_hint(group, problem)])
}

/// Renders what is wrong with a relation, with its place in the text called
/// `name` and with a counterexample if there is one.
pub fn outcome(name: &str, text: &str, outcome: &Outcome) -> String {
    let unnamed = Problem::new(outcome.span, "");
    let problem = outcome.problem.as_ref().unwrap_or(&unnamed);
    let title = title(outcome);
    let code = outcome.status.name();
    let title = Level::ERROR.primary_title(title).id(code);
    let snippet = snippet(name, text, problem, &problem.message);
    let mut group = title.element(snippet);
    let found = outcome.counterexample.as_ref().map(Counterexample::in_words);
    if let Some(found) = &found
        && !found.is_empty()
    {
        group = group.element(Level::NOTE.message(found.as_str()));
    }
    render(&[with_hint(group, problem)])
}

fn title(outcome: &Outcome) -> &'static str {
    match outcome.status {
        Status::False => "this relation is false",
        Status::Undecided => "this relation could not be decided",
        Status::Searched => "no proof of this relation was found",
        Status::Mismarked => "this relation is not what it is marked as",
        Status::Unknown if outcome.evidence.is_some() => {
            "this relation rests on what is in error"
        }
        Status::Unknown if outcome.read_as().is_some() => {
            "this relation says nothing that can be checked"
        }
        Status::Unknown => "this formula was not understood",
        Status::Exact
        | Status::Gaussian
        | Status::Certified
        | Status::Definition
        | Status::Setting
        | Status::Refuted
        | Status::Malformed
        | Status::Prose => "nothing is wrong with this relation",
    }
}

fn snippet<'a>(
    name: &'a str,
    text: &'a str,
    problem: &'a Problem,
    label: &'a str,
) -> Snippet<'a, Annotation<'a>> {
    let mut span = problem.span.start..problem.span.end;
    span.end = span.end.min(text.len());
    span.start = span.start.min(span.end);
    let annotation = AnnotationKind::Primary.span(span).label(label);
    Snippet::source(text).path(name).annotation(annotation)
}

fn with_hint<'a>(group: Group<'a>, problem: &'a Problem) -> Group<'a> {
    match &problem.hint {
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
        None => group,
    }
}

fn render(report: &[Group]) -> String {
    format!("{}\n", Renderer::styled().render(report))
}
