//! HTML in Markdown: its blocks, and its tags.

/// Returns whether a line begins a block of HTML: with the tag of a block, or
/// with a tag alone.
pub(super) fn begins_html(line: &str) -> bool {
    let line = line.trim();
    let Some(tag) = line.strip_prefix('<') else { return false };
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
    let alone = !name.is_empty() && line.find('>') == Some(line.len() - 1);
    alone || BLOCKS.contains(&name.as_str())
}

/// The kind of a text that begins with `<`.
pub(super) enum Tag {
    /// A whole tag, with its length in bytes.
    Whole(usize),
    /// The beginning of a tag, which further lines may end.
    Begun,
    /// Not a tag.
    No,
}

impl Tag {
    /// Reads an opening tag. Quoted attributes may contain anything.
    pub(super) fn read(text: &str) -> Self {
        let name = |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')
        };
        let Some(mut rest) = text.strip_prefix('<') else { return Self::No };
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Self::No;
        }
        rest = rest.trim_start_matches(name);
        loop {
            let trimmed = rest.trim_start();
            let closed = trimmed.strip_prefix('/').unwrap_or(trimmed);
            if let Some(behind) = closed.strip_prefix('>') {
                return Self::Whole(text.len() - behind.len());
            }
            if trimmed.is_empty() {
                return Self::Begun;
            }
            let behind = trimmed.trim_start_matches(name);
            if behind.len() == trimmed.len() || trimmed.len() == rest.len() {
                return Self::No;
            }
            rest = behind;
            let Some(value) = behind.trim_start().strip_prefix('=') else {
                continue;
            };
            let value = value.trim_start();
            rest = match value.chars().next() {
                None => return Self::Begun,
                Some(quote @ ('"' | '\'')) => {
                    let Some(end) = value[1..].find(quote) else {
                        return Self::Begun;
                    };
                    &value[end + 2..]
                }
                Some(_) => {
                    let stop =
                        |c: char| c.is_whitespace() || "\"'=<>`".contains(c);
                    let bare = value.trim_start_matches(|c| !stop(c));
                    if bare.len() == value.len() {
                        return Self::No;
                    }
                    bare
                }
            };
        }
    }
}

/// Tags that begin a block of HTML, whatever comes behind them.
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
