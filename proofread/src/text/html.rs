//! Blocks of HTML in Markdown.

/// Whether a line begins a block of HTML: with the tag of a block, or with a tag
/// alone.
pub(super) fn begins_html(line: &str) -> bool {
    let line = line.trim();
    let Some(tag) = line.strip_prefix('<') else { return false };
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
    let alone = !name.is_empty() && line.find('>') == Some(line.len() - 1);
    alone || BLOCKS.contains(&name.as_str())
}

/// Tags that begin a block of HTML, whatever stands behind them.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "summary",
    "table",
    "td",
    "tr",
    "ul",
];
