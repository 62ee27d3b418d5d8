//! Tests of reports on mathematics that was not read.

use crate::{Marks, Notation, Report, check};

fn report(name: &str, text: &str, marks: &str) -> Report {
    let notation = Notation::read("[symbols]\na = { kind = 'scalar' }");
    let marks = Marks::read(marks).unwrap();
    check(name, text, &notation.unwrap(), &marks)
}

#[test]
fn check_reports_formulas_that_it_cannot_read() {
    let text = "Then\n\n$$\na = 2 a\n\nand so on.\n";
    let found = report("a.md", text, "");
    assert!(!found.is_good());
    assert_eq!(found.problems[0].message, "this $$ is not closed");
    assert_eq!(&text[found.problems[0].span.start..][..2], "$$");
    let found = report("a.tex", "\\input{b} $a = a$", "");
    assert_eq!(found.problems[0].message, "\\input is not followed");
}

#[test]
fn check_reads_comments_if_the_marks_ask() {
    let text = "<!-- $a = 2 a$ --> $a = a$";
    assert!(report("a.md", text, "").is_good());
    assert_eq!(report("a.md", text, "comments = true").outcomes.len(), 2);
}

#[test]
fn a_text_without_relations_is_an_error() {
    let none = report("a.md", "Let $a$ be.", "");
    let message = "no relation was found in the formulas of this text";
    assert_eq!(none.problems[0].message, message);
    // A text without a formula may not be about mathematics.
    let nothing = report("a.md", "`$a = 2 a$`", "");
    let message = "no formula was found in this text";
    assert_eq!(nothing.warnings[0].message, message);
    for good in ["$a = a$", "Only words."] {
        let good = report("a.md", good, "");
        assert!(good.is_good() && good.warnings.is_empty());
    }
}
