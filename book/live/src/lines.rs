//! The positions of the lines of a formula. `KaTeX` itself measures them, so a
//! mark can be placed beside each line without a script.

use crate::typeset::tree;
use anyhow::{Result, bail};
use katex::dom_tree::{DomSpan, HtmlDomNode};
use katex::types::CssProperty;

/// Returns the baseline of each line of a display, as its distance below the
/// middle of the display in `em`.
///
/// # Errors
/// If the formula cannot be typeset.
pub(crate) fn baselines(latex: &str) -> Result<Vec<f64>> {
    let whole = tree(latex)?;
    // The height above and the depth below the baseline of the whole display. A display
    // has several parts, beside each other, if a line may break at a relation.
    let mut bases = vec![];
    find_all(&whole, "katex-base", &mut bases);
    if bases.is_empty() {
        bail!("no formula");
    }
    let highest = |of: fn(&DomSpan) -> f64| {
        bases.iter().map(|base| of(base)).fold(0.0, f64::max)
    };
    let middle =
        (highest(|base| base.height) - highest(|base| base.depth)) / 2.0;
    let mut tables = bases.iter().filter_map(|base| find(base, "mtable"));
    let rows = tables.next().and_then(|table| find(table, "vlist"));
    let Some(rows) = rows else { return Ok(vec![middle]) };
    // `top` shifts a row, and a strut adds to the shift.
    let row = |row: &HtmlDomNode| {
        let HtmlDomNode::DomSpan(row) = row else { return None };
        let top = row.style.get(CssProperty::Top)?;
        let strut = find(row, "pstrut")?.style.get(CssProperty::Height)?;
        Some(middle + em(top)? + em(strut)?)
    };
    Ok(rows.children.iter().filter_map(row).collect())
}

/// Returns the line number, from 0, of the position after `before`.
///
/// ```
/// assert_eq!(live::line_of(r"a &= b \\ &"), 1);
/// ```
pub fn line_of(before: &str) -> usize {
    before.matches(r"\\").count()
}

/// Returns the elements within an element, also those of its fragments.
fn children(span: &DomSpan) -> impl Iterator<Item = &DomSpan> {
    let nodes = span.children.iter().flat_map(|child| match child {
        HtmlDomNode::Fragment(fragment) => fragment.children.as_slice(),
        child => std::slice::from_ref(child),
    });
    nodes.filter_map(|node| match node {
        HtmlDomNode::DomSpan(span) => Some(span),
        _ => None,
    })
}

fn has_class(span: &DomSpan, class: &str) -> bool {
    span.classes.iter().any(|name| name == class)
}

/// Finds all elements of a class that are not within one another.
fn find_all<'a>(span: &'a DomSpan, class: &str, found: &mut Vec<&'a DomSpan>) {
    if has_class(span, class) {
        found.push(span);
        return;
    }
    children(span).for_each(|child| find_all(child, class, found));
}

/// Returns the first element of a class, from the outside in.
fn find<'a>(span: &'a DomSpan, class: &str) -> Option<&'a DomSpan> {
    if has_class(span, class) {
        return Some(span);
    }
    children(span).find_map(|child| find(child, class))
}

fn em(length: &str) -> Option<f64> {
    length.strip_suffix("em")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::baselines;

    #[test]
    fn lines_are_where_they_are() {
        // One line of letters without depth: the middle is at half their
        // height.
        let one = baselines("x = a").unwrap();
        assert_eq!(one.len(), 1);
        assert!((0.2..0.3).contains(&one[0]), "{one:?}");
        let latex = r"\begin{aligned} a &= b \\ &= \frac{b^2}{b} \\ &= b
            \end{aligned}";
        let [first, second, third] = baselines(latex).unwrap()[..] else {
            panic!("three lines");
        };
        assert!(first < second && second < third);
        // The fraction needs space above and below.
        assert!((1.5..2.5).contains(&(second - first)));
        assert!((1.5..2.5).contains(&(third - second)));
    }
}
