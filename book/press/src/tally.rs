//! Formula counts for each page: exactly the checked formulas are typeset.

use crate::manuscript::{Manuscript, Section, read};
use anyhow::{Result, bail, ensure};
use proofread::{Span, line_column};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The attribute that marks each formula in `KaTeX`'s HTML.
const FORMULA: &str = "class=\"katex\"";

/// The number of formulas of each page, by the chapter's file.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<PathBuf, usize>>>);

impl Tally {
    /// Records the number of formulas of a page that is ready for Markdown.
    ///
    /// # Errors
    /// If the page does not contain exactly `typeset` formulas.
    pub(crate) fn add(
        &self,
        section: &Section,
        content: &str,
        typeset: usize,
    ) -> Result<()> {
        let there = content.matches(FORMULA).count();
        ensure!(
            there == typeset,
            "{there} formulas are on the page, and {typeset} were typeset for it"
        );
        if let Ok(mut counts) = self.0.lock() {
            counts.insert(section.path.clone(), there);
        }
        Ok(())
    }

    /// Compares a printed site with the recorded counts.
    ///
    /// # Errors
    /// If a page has more or fewer formulas than recorded, or a `$` outside
    /// code, which is the sign of an unrecognised formula.
    pub fn compare(&self, site: &Path) -> Result<()> {
        let counts = self.0.lock().map(|counts| counts.clone());
        for (chapter, ready) in counts.unwrap_or_default() {
            let file = chapter.with_extension("html");
            let page = read(&site.join(&file))?;
            let printed = page.matches(FORMULA).count();
            ensure!(
                printed == ready,
                "{}: {printed} formulas are printed, and {ready} were ready",
                file.display()
            );
            if let Some(at) = dollar(&page) {
                let near: String = page[at..].chars().take(60).collect();
                bail!("{}: a $ outside of code: {near}", file.display());
            }
        }
        Ok(())
    }
}

/// Checks that the formulas on a chapter's page are exactly the formulas that
/// were checked.
pub(crate) fn same(
    section: &Section,
    manuscript: &Manuscript,
    printed: &[Span],
) -> Result<()> {
    let checked = manuscript.report.formulas.iter();
    let mut checked: Vec<_> = checked
        .filter(|extent| section.range.contains(&extent.start))
        .map(|extent| (extent.start, extent.end))
        .collect();
    let mut printed: Vec<_> =
        printed.iter().map(|extent| (extent.start, extent.end)).collect();
    checked.sort_unstable();
    printed.sort_unstable();
    let differ = |one: &[(usize, usize)], other: &[(usize, usize)]| {
        one.iter().find(|extent| !other.contains(extent)).copied()
    };
    let place = |(start, _): (usize, usize)| {
        let chapter = &manuscript.text[section.range.clone()];
        line_column(chapter, start - section.range.start).0
    };
    if let Some(extent) = differ(&printed, &checked) {
        bail!("line {}: this formula was not checked", place(extent));
    }
    if let Some(extent) = differ(&checked, &printed) {
        bail!("line {}: this formula is not printed", place(extent));
    }
    ensure!(printed.len() == checked.len(), "a formula is printed twice");
    Ok(())
}

/// Returns the position of a `$` in the text of a page, outside code, scripts
/// and tags.
fn dollar(page: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = page[at..].find(['<', '$']).map(|i| at + i) {
        let rest = &page[next..];
        if rest.starts_with('$') {
            return Some(next);
        }
        let hidden = ["script", "style", "pre", "code", "samp", "title"];
        let name: String =
            rest[1..].chars().take_while(char::is_ascii_alphanumeric).collect();
        let end = if hidden.contains(&name.as_str()) {
            format!("</{name}>")
        } else {
            ">".to_owned()
        };
        at = next + rest.find(&end)? + end.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_in_the_text_is_found() {
        let at = |page: &str| dollar(page).is_some();
        assert!(at("<p>It is $a = b$.</p>"));
        assert!(at("<p class=\"x\">a</p> $"));
        assert!(!at("<p title=\"$\">a</p><code>$x</code><pre>$</pre>"));
        assert!(!at("<script>a > $('b')</script><p>a</p>"));
    }

    #[test]
    fn a_page_with_another_number_of_formulas_is_refused() {
        let site = tempfile::tempdir().unwrap();
        let section =
            Section { path: "one.md".into(), number: None, range: 0..0 };
        let tally = Tally::default();
        let page = "<b class=\"katex\">a</b>";
        let error = tally.add(&section, page, 2).unwrap_err();
        assert!(error.to_string().starts_with("1 formulas are on the page"));
        tally.add(&section, page, 1).unwrap();
        let printed = |page: &str| {
            std::fs::write(site.path().join("one.html"), page).unwrap();
            tally.compare(site.path()).map_err(|e| e.to_string())
        };
        assert_eq!(printed(page), Ok(()));
        let error = printed("<p>a</p>").unwrap_err();
        assert!(error.starts_with("one.html: 0 formulas"), "{error}");
        let error = printed(&format!("{page} $b$")).unwrap_err();
        assert!(error.ends_with("code: $b$"), "{error}");
    }
}
