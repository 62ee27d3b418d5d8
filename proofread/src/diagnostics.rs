//! Problems with the piece of the text that they are about, in the manner of
//! the Rust compiler; with colours, for whoever prints them to keep or drop.

use crate::{Counterexample, Outcome, Problem, Status};
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet,
};

/// A problem, with its place in the text of that name.
#[must_use]
pub fn problem(name: &str, text: &str, problem: &Problem) -> String {
    titled(Level::ERROR, name, text, problem)
}

/// A warning, with its place in the text of that name.
#[must_use]
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

/// What is wrong with a relation, with its place in the text of that name and
/// with a counterexample if there is one.
#[must_use]
pub fn outcome(name: &str, text: &str, outcome: &Outcome) -> String {
    let fallback = Problem {
        span: outcome.span,
        message: "it rests on what was not shown".into(),
        hint: None,
    };
    let problem = outcome.problem.as_ref().unwrap_or(&fallback);
    let title = match outcome.status {
        Status::False => "this relation is false",
        Status::Undecided => "this relation could not be decided",
        Status::Mismarked => "this relation is not what it is marked as",
        _ => "this formula was not understood",
    };
    let code = outcome.status.name();
    let title = Level::ERROR.primary_title(title).id(code);
    let snippet = snippet(name, text, problem, &problem.message);
    let mut group = title.element(snippet);
    let found = outcome.counterexample.as_ref().map(in_words);
    if let Some(found) = &found {
        group = group.element(Level::NOTE.message(found.as_str()));
    }
    render(&[with_hint(group, problem)])
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

/// A counterexample, in words.
#[must_use]
pub fn in_words(found: &Counterexample) -> String {
    let Counterexample { place, values, left, right } = found;
    let values: Vec<_> = std::iter::once(place.clone())
        .filter(|place| !place.is_empty())
        .chain(values.iter().map(|(name, value)| format!("{name} = {value}")))
        .collect();
    let place = match values.as_slice() {
        [] => String::new(),
        values => format!("at {}\n", values.join(", ")),
    };
    format!(
        "{place}the left side is {left}\n\
         the right side is {right}"
    )
}

fn render(report: &[Group]) -> String {
    format!("{}\n", Renderer::styled().render(report))
}
