//! The chapters as one text, so that a formula may use the results of earlier
//! chapters.

use crate::root;
use anyhow::{Context, Result};
use mdbook_preprocessor::book::{Book, Chapter};
use proofread::{Fragment, Marks, Notation, Report};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A chapter and its range in the text.
#[derive(Clone, Debug)]
pub struct Section {
    /// The chapter's file, below `src`.
    pub path: PathBuf,
    /// The chapter number, such as `3.`, or `None` for a preface.
    pub number: Option<String>,
    /// The byte range of the chapter in the text.
    pub range: Range<usize>,
}

/// A whole book with its checked mathematics.
#[derive(Debug)]
pub struct Manuscript {
    /// The folder of the repository, which contains the code to show.
    pub root: PathBuf,
    /// The folder of the chapters.
    pub source: PathBuf,
    /// The text of all chapters in order.
    pub text: String,
    /// The chapters.
    pub sections: Vec<Section>,
    /// All formulas in order.
    pub fragments: Vec<Fragment>,
    /// The report of the checker.
    pub report: Report,
    /// The text of the notation file.
    pub notation: String,
}

impl Manuscript {
    /// Reads and checks the chapters of a book whose `book.toml` is in
    /// `folder`.
    ///
    /// # Errors
    /// If the notation file is missing or wrong. Errors in the text are in the
    /// report.
    pub fn read(folder: &Path, book: &Book) -> Result<Self> {
        let (mut text, mut sections) = (String::new(), vec![]);
        for chapter in book.chapters() {
            let Chapter { path: Some(path), .. } = chapter else { continue };
            let start = text.len();
            text.push_str(&chapter.content);
            sections.push(Section {
                path: path.clone(),
                number: chapter.number.as_ref().map(ToString::to_string),
                range: start..text.len(),
            });
            text.push_str("\n\n"); // no formula goes on in the next chapter
        }
        let path = folder.join("notation.toml");
        let notation_text = read(&path)?;
        let name = path.display().to_string();
        let notation = Notation::read(&notation_text).map_err(|problems| {
            let shown = problems.iter().map(|problem| {
                proofread::diagnostics::problem(&name, &notation_text, problem)
            });
            anyhow::anyhow!("{}", shown.collect::<String>())
        })?;
        let report =
            proofread::check("book.md", &text, &notation, &Marks::default());
        Ok(Self {
            source: folder.join("src"),
            root: root(folder)?,
            fragments: proofread::fragments("book.md", &text),
            text,
            sections,
            report,
            notation: notation_text,
        })
    }

    /// Returns the chapter that contains a position of the text.
    ///
    /// ```
    /// let manuscript = press::check("..".as_ref())?;
    /// let place = manuscript.text.find("# One step of noise").unwrap();
    /// let chapter = manuscript.section(place);
    /// assert_eq!(chapter.path.to_str(), Some("one-step.md"));
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    pub fn section(&self, offset: usize) -> &Section {
        let after = self.sections.partition_point(|s| s.range.start <= offset);
        &self.sections[after.saturating_sub(1)]
    }

    /// Returns every error in the mathematics, as readable text.
    pub fn complaints(&self) -> Vec<String> {
        use proofread::diagnostics::{outcome, problem, warning};
        let moved = |span: proofread::Span| {
            let section = self.section(span.start);
            let text = &self.text[section.range.clone()];
            let start = span.start - section.range.start;
            let end = (span.end - section.range.start).min(text.len());
            let name = format!("book/src/{}", section.path.display());
            (name, text, proofread::Span { start, end })
        };
        let mut all = vec![];
        for wrong in self.report.wrong() {
            let mut wrong = wrong.clone();
            let (name, text, span) = moved(wrong.span);
            wrong.span = span;
            if let Some(problem) = &mut wrong.problem {
                problem.span = moved(problem.span).2;
            }
            all.push(outcome(&name, text, &wrong));
        }
        for (show, found) in [
            (problem as fn(&str, &str, &_) -> String, &self.report.problems),
            (warning, &self.report.warnings),
        ] {
            for one in found {
                let (name, text, span) = moved(one.span);
                let one = proofread::Problem { span, ..one.clone() };
                all.push(show(&name, text, &one));
            }
        }
        all
    }
}

/// Reads the text of a file.
///
/// # Errors
/// If the file cannot be read.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))
}
