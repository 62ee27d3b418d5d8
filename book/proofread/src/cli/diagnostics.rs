//! Problems with the piece of the text that they are about.

use super::Checked;
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet,
};
use proofread::{Counterexample, Outcome, Problem, Status};

/// Prints everything that is wrong, and a line of totals.
pub(super) fn print(checked: &Checked) {
    let Checked { name, text, marks_name, marks_text, report } = checked;
    // A side that cannot be read spoils two relations, and is shown once.
    let mut last = None;
    for outcome in report.outcomes.iter().filter(|o| !o.status.is_good()) {
        if outcome.problem.is_none() || outcome.problem != last {
            self::outcome(name, text, outcome);
        }
        last.clone_from(&outcome.problem);
    }
    for problem in &report.problems {
        self::problem(name, text, problem);
    }
    for problem in &report.mark_problems {
        self::problem(marks_name, marks_text, problem);
    }
    for warning in &report.warnings {
        self::warning(name, text, warning);
    }
    let count = report.outcomes.len();
    anstream::println!("{name}: {count} relations: {}", super::totals(report));
}

/// Prints one problem.
pub(super) fn problem(name: &str, text: &str, problem: &Problem) {
    let title = Level::ERROR.primary_title(&problem.message);
    let snippet = snippet(name, text, problem, "");
    show(&[with_hint(title.element(snippet), problem)]);
}

fn warning(name: &str, text: &str, problem: &Problem) {
    let title = Level::WARNING.primary_title(&problem.message);
    let snippet = snippet(name, text, problem, "");
    show(&[with_hint(title.element(snippet), problem)]);
}

fn outcome(name: &str, text: &str, outcome: &Outcome) {
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
    show(&[with_hint(group, problem)]);
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

pub(super) fn in_words(found: &Counterexample) -> String {
    let Counterexample { place, values, left, right, sampled } = found;
    let values: Vec<_> = std::iter::once(place.clone())
        .filter(|place| !place.is_empty())
        .chain(values.iter().map(|(name, value)| format!("{name} = {value}")))
        .collect();
    let place = match values.as_slice() {
        [] => String::new(),
        values => format!("at {}\n", values.join(", ")),
    };
    let about = if *sampled { "about " } else { "" };
    format!(
        "{place}the left side is {about}{left}\n\
         the right side is {about}{right}"
    )
}

fn show(report: &[Group]) {
    anstream::println!("{}\n", Renderer::styled().render(report));
}
