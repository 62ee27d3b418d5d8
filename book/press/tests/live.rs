//! The editor of a page finds what the checker of the book finds.

use live::{Editor, check_alone, experiments};
use press::{Equations, Manuscript};

fn book() -> (Manuscript, Editor) {
    let manuscript = press::check("..".as_ref()).unwrap();
    let text = press::formulas(&manuscript);
    let editor = Editor::new(&text, &manuscript.notation).unwrap();
    (manuscript, editor)
}

/// Returns the text of HTML. The attributes of drawn roots have no fixed order.
fn text(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>'));
    parts.flatten().map(|(_, text)| text).collect()
}

#[test]
fn each_display_has_the_verdicts_that_are_printed() {
    let (manuscript, editor) = book();
    let equations = Equations::of(&manuscript);
    for equation in equations.iter() {
        let id = &equation.id;
        let latex = editor.latex(id).unwrap();
        let answer = editor.check(id, latex).unwrap();
        let printed = equation.outcomes.iter().map(|o| o.status.name());
        assert_eq!(answer.statuses, printed.collect::<Vec<_>>(), "{id}");
        assert!(answer.is_good && answer.problems.is_empty(), "{answer:?}");
        let (marks, relations) = (
            live::marks(&equation.latex, &equation.lines, &equation.outcomes),
            live::relations(&equation.outcomes),
        );
        assert_eq!(answer.marks, marks.unwrap(), "{id}");
        assert_eq!(text(&answer.relations), text(&relations.unwrap()), "{id}");
    }
}

#[test]
fn each_experiment_makes_a_line_false() {
    let (manuscript, editor) = book();
    let equations = Equations::of(&manuscript);
    let mut pages = vec![];
    for (id, experiment) in experiments() {
        let latex = editor.latex(id).unwrap();
        let changed = experiment.applied(latex).expect(id);
        let answer = editor.check(id, &changed).unwrap();
        assert!(
            answer.statuses.contains(&"false".to_owned()),
            "{id}: {answer:?}"
        );
        assert!(
            answer.relations.contains("the left side is"),
            "{id}: {answer:?}"
        );
        assert!(answer.problems.is_empty() && !answer.marks.is_empty());
        pages.push(equations.get(id).unwrap().page.clone());
    }
    pages.sort();
    pages.dedup();
    // One for each chapter of the derivation.
    assert_eq!(pages.len(), 11, "{pages:?}");
}

#[test]
fn bad_latex_gets_an_answer() {
    let (_, editor) = book();
    let check = |latex: &str| editor.check("eq-alpha-bar", latex).unwrap();
    for latex in [
        "",
        "\\",
        "\\fra",
        "\\frac{1}",
        "a = ",
        "```",
        "```\n\n```math {#eq-other}\n1 = 1",
        "% refuted",
        "$",
        "ᾱ = \u{1f600}",
        "\\left( 1 = 1",
    ] {
        let answer = check(latex);
        assert!(
            !answer.is_good && !answer.problems.is_empty(),
            "{latex}: {answer:?}"
        );
        for place in &answer.problems {
            let length = latex.encode_utf16().count();
            assert!(
                place.start <= place.end && place.end <= length,
                "{latex}: {place:?}"
            );
        }
    }
    let long = format!("1 = 1{}", " + 0".repeat(5000));
    assert!(
        check(&long).problems[0].message.contains("longer than 20000 bytes")
    );
}

/// What the page for readers' own formulas says of its examples.
#[test]
fn a_formula_is_checked_alone() {
    let page = include_str!("../../src/yours.md");
    let notation = page.split("```text").nth(1).unwrap();
    let notation = notation.split("```").next().unwrap();
    let claim = r"\prod_{t=1}^T \alpha_t \le 1";
    assert!(page.contains(claim));
    let answer = check_alone(claim, notation).unwrap();
    assert!(answer.is_good, "{answer:?}");
    let script = include_str!("../../live/page/yours.js");
    let value = |key: &str| {
        let after = script.split(&format!("{key}: \"")).nth(1).unwrap();
        after.split('"').next().unwrap().replace("\\n", "\n")
    };
    let (latex, notation) = (value("latex"), value("notation"));
    let answer = check_alone(&latex, &notation).unwrap();
    assert_eq!(answer.statuses, ["false"]);
    let answer = check_alone(&format!("{latex} + 2ab"), &notation).unwrap();
    assert_eq!(answer.statuses, ["exact"]);
}
