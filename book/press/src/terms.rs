//! The index of terms: what stands in bold where it is introduced.
//!
//! A term is bold text without a formula. Bold text that ends as a sentence does,
//! or that is quoted, is no term but the head of a paragraph.

use crate::Manuscript;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// Returns the ranges of the terms in a line, without their stars.
fn terms(line: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut at = 0;
    while let Some(start) = line[at..].find("**").map(|i| at + i + 2) {
        let Some(end) = line[start..].find("**").map(|i| start + i) else {
            break;
        };
        let text = &line[start..end];
        let is_head = text.ends_with(['.', '?', '!', ':', '"', ',']);
        if !(text.is_empty() || is_head || text.contains(['$', '"', '`'])) {
            found.push(start..end);
        }
        at = end + 2;
    }
    found
}

/// Returns the anchor of a term.
fn anchor(term: &str) -> String {
    let term = term.to_lowercase();
    let words = term.split(|c: char| !c.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    format!("term-{}", words.join("-"))
}

/// Gives each term of a line an anchor.
pub(crate) fn mark(line: &str) -> String {
    let (mut marked, mut at) = (String::new(), 0);
    for range in terms(line) {
        let term = &line[range.clone()];
        marked.push_str(&line[at..range.start - 2]);
        let _ = write!(marked, "<dfn id=\"{}\">{term}</dfn>", anchor(term));
        at = range.end + 2;
    }
    marked + &line[at..]
}

/// Returns the index: each term with a link to the place where it is introduced.
///
/// # Errors
/// If a term is introduced twice.
pub(crate) fn index(manuscript: &Manuscript) -> Result<String> {
    let mut all = BTreeMap::new();
    for section in &manuscript.sections {
        let text = &manuscript.text[section.range.clone()];
        let title = text.lines().find_map(|line| line.strip_prefix("# "));
        let page = section.path.display().to_string();
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            let ranges = if fenced { vec![] } else { terms(line) };
            for term in ranges.into_iter().map(|range| &line[range]) {
                let entry = (term, page.clone(), title.unwrap_or(""));
                if let Some((_, other, _)) =
                    all.insert(term.to_lowercase(), entry)
                {
                    bail!("{term} is introduced twice, in {other} and {page}");
                }
            }
        }
    }
    let mut list = String::new();
    for (term, page, title) in all.values() {
        let anchor = anchor(term);
        writeln!(list, "- [{term}]({page}#{anchor}), in *{title}*")?;
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::{anchor, mark, terms};

    #[test]
    fn terms_are_told_from_heads_of_paragraphs() {
        let found = |line: &str| -> Vec<String> {
            terms(line).into_iter().map(|r| line[r].to_owned()).collect()
        };
        assert_eq!(found("a **path** and a **U-Net**."), ["path", "U-Net"]);
        assert!(found("**The mean.** It is").is_empty());
        assert!(found("**I changed $T$, and it broke**").is_empty());
        assert!(found("**\"quoted\".** two stars ** alone").is_empty());
        assert_eq!(anchor("Jensen's inequality"), "term-jensen-s-inequality");
        let marked = "a <dfn id=\"term-path\">path</dfn>, **Why?** b";
        assert_eq!(mark("a **path**, **Why?** b"), marked);
    }
}
