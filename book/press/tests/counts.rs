//! Numbers of formulas, figures and notebooks that the pages state in words.

use proofread::{Report, Status};
use std::fs;
use std::path::Path;

const WORDS: &str = "no one two three four five six seven eight nine ten eleven \
    twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";

fn root() -> &'static Path {
    "../..".as_ref()
}

/// Asserts that a page of the project contains a sentence, in which `#` stands
/// for the count in words.
fn says(page: &str, sentence: &str, count: usize) {
    let text = fs::read_to_string(root().join(page)).unwrap().to_lowercase();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = WORDS.split_whitespace().nth(count).unwrap();
    let sentence = sentence.replace('#', count);
    assert!(text.contains(&sentence), "{page} does not say {sentence:?}");
}

fn count(report: &Report, status: Status) -> usize {
    report.outcomes.iter().filter(|o| o.status == status).count()
}

#[test]
fn the_mistakes_of_the_notes_are_counted() {
    let (_, report) = press::check_notes(root()).unwrap();
    let refuted = count(&report, Status::Refuted);
    let malformed = count(&report, Status::Malformed);
    says("book/src/notes.md", "# are false", refuted);
    says("book/src/notes.md", "# have no meaning", malformed);
    let all = refuted + malformed;
    says("book/src/preface.md", "the program found # mistakes", all);
}

#[test]
fn formulas_that_are_not_checked_are_counted() {
    let manuscript = press::check("..".as_ref()).unwrap();
    let prose = count(&manuscript.report, Status::Prose);
    says("book/src/preface.md", "and all but # are checked", prose);
}

#[test]
fn figures_with_sliders_and_notebooks_are_counted() {
    let figures = live::moving().len();
    says("book/src/preface.md", "# figures have sliders", figures);
    says("README.md", "# figures have sliders", figures);
    let files = fs::read_dir(root().join("notebooks")).unwrap();
    let names = files.map(|file| file.unwrap().path());
    let notebooks =
        names.filter(|n| n.extension().is_some_and(|e| e == "ipynb"));
    says("README.md", "opens # notebooks", notebooks.count());
}
