//! Tests that everything typeset is read, with its span.

use super::{NOTATION, chain};
use crate::notation::Notation;
use crate::read::layout::{leaves, leaves_with, pieces, pieces_with};
use crate::read::{Scope, Statement, statements};

#[test]
fn macros_of_a_preamble() {
    let preamble = r"\newcommand{\eps}{\epsilon}
        \def\E{\mathbb{E}} \def\half{\frac12}
        \newcommand{\norm}[1]{\left\|#1\right\|}
        \def\KL{\operatorname{KL}} \renewcommand{\eps}{\epsilon}";
    let notation = Notation::read(NOTATION).unwrap();
    let latex = r"\E_{\eps}[\norm{\eps}^2] = 2 \cdot \half d";
    let found = pieces_with(preamble, latex, true).unwrap();
    let reading = statements(&found, &mut Scope::new(&notation));
    let Statement::Chain(found) = &reading.statements[0] else { panic!() };
    let expected = r"\mathbb{E}_{\epsilon}[\left\|\epsilon\right\|^{2}] = 2 \cdot \frac{1}{2} \cdot d";
    assert_eq!(chain(found), expected);
    let (_, span) = found.relations[0];
    assert_eq!(&latex[span.start..span.end], "=");
    let (_, span) = found.sides[0];
    assert_eq!(&latex[span.start..span.end], r"\E_{\eps}[\norm{\eps}^2]");
    let leaves = leaves_with(preamble, latex, true);
    assert!(reading.unread(&leaves).is_empty());
    assert!(pieces_with(r"\newcommand{\a}{", "b", true).is_err());
}

/// Checks the formulas of the repository's texts: every leaf of a formula that
/// can be parsed has a role.
#[test]
fn all_of_every_formula_is_accounted_for() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![];
    for folder in ["texts", "../book/src"] {
        let Ok(all) = std::fs::read_dir(root.join(folder)) else { continue };
        files.extend(all.flatten().map(|entry| entry.path()));
    }
    let notation = Notation::read(NOTATION).unwrap();
    let (mut formulas, mut count) = (0, 0);
    for file in files {
        let name = file.display().to_string();
        let kind = file.extension().and_then(|kind| kind.to_str());
        if !matches!(kind, Some("md" | "tex")) {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for fragment in crate::fragments(&name, &text) {
            let latex = &fragment.latex;
            let Ok(found) = pieces(latex, fragment.display) else { continue };
            let reading = statements(&found, &mut Scope::new(&notation));
            let leaves = leaves(latex, fragment.display);
            assert_eq!(reading.unread(&leaves), [], "{name}: {latex}");
            formulas += 1;
            count += leaves.unwrap().len();
        }
    }
    assert!(formulas > 100 && count > 1000, "{formulas}, {count}");
}

#[test]
fn leaves_are_all_that_is_typeset() {
    let count = |latex: &str| leaves(latex, true).unwrap().len();
    assert_eq!(count(r"a + \frac{b}{2} = \text{so}"), 7);
    assert_eq!(count(r"\phantom{a} \quad \hphantom{b} c"), 1);
    assert_eq!(count(r"\underbrace{a}_{b} \tag{3}"), 5);
}

#[test]
fn spans_are_whole() {
    let latex = r"\bar\alpha_t = \bar{\alpha}_t = \underbrace{a}_{b} + \left( c \right)";
    let notation = Notation::read(NOTATION).unwrap();
    let found = pieces(latex, true).unwrap();
    let reading = statements(&found, &mut Scope::new(&notation));
    let Statement::Chain(chain) = &reading.statements[0] else { panic!() };
    let texts: Vec<&str> = chain
        .sides
        .iter()
        .map(|(_, span)| {
            let span = crate::read::pieces::balanced(latex, *span);
            let span = crate::read::pieces::with_openings(latex, span);
            &latex[span.start..span.end]
        })
        .collect();
    assert_eq!(
        texts,
        [
            r"\bar\alpha_t",
            r"\bar{\alpha}_t",
            r"\underbrace{a}_{b} + \left( c \right)",
        ]
    );
}
