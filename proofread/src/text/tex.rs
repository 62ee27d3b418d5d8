//! Mathematics in LaTeX: `equation`, `align` and the like, `\[…\]`, `$…$`.

use super::Fragment;

/// Environments that are displays, and whether their body is one of rows.
const DISPLAYS: [(&str, bool); 9] = [
    ("equation", false),
    ("displaymath", false),
    ("math", false),
    ("align", true),
    ("gather", true),
    ("multline", true),
    ("eqnarray", true),
    ("alignat", true),
    ("flalign", true),
];

/// All formulas, in their order.
pub(super) fn fragments(text: &str) -> Vec<Fragment> {
    let mut found = vec![];
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with('%') {
            at += rest.find('\n').map_or(rest.len(), |i| i + 1);
        } else if let Some(length) = verbatim(rest) {
            at += length;
        } else if let Some((open, close, display, rows)) = opening(rest) {
            let start = at + open;
            let Some(length) = find_close(&text[start..], &close) else {
                at = start;
                continue;
            };
            let end = start + length;
            found.push(fragment(text, start, end, display, rows));
            at = end + close.len();
        } else {
            let mut chars = rest.chars();
            let first = chars.next().map_or(1, char::len_utf8);
            // What follows a backslash is no opening.
            let escaped = rest.starts_with('\\');
            let second = chars.next().map_or(0, char::len_utf8);
            at += if escaped { first + second } else { first };
        }
    }
    found
}

/// The length of a stretch that is shown as it is typed.
fn verbatim(rest: &str) -> Option<usize> {
    for name in ["verbatim", "lstlisting", "comment"] {
        if rest.starts_with(&format!("\\begin{{{name}}}")) {
            let close = format!("\\end{{{name}}}");
            let end = rest.find(&close).map_or(rest.len(), |i| i + close.len());
            return Some(end);
        }
    }
    None
}

/// If a formula opens here: the length of the opening, the closing, whether
/// it is a display, and whether it has rows.
fn opening(rest: &str) -> Option<(usize, String, bool, bool)> {
    for (open, close, display) in [
        ("$$", "$$", true),
        ("$", "$", false),
        ("\\[", "\\]", true),
        ("\\(", "\\)", false),
    ] {
        if rest.starts_with(open) {
            return Some((open.len(), close.to_owned(), display, false));
        }
    }
    for (name, rows) in DISPLAYS {
        for star in ["", "*"] {
            let open = format!("\\begin{{{name}{star}}}");
            if rest.starts_with(&open) {
                let close = format!("\\end{{{name}{star}}}");
                return Some((open.len(), close, name != "math", rows));
            }
        }
    }
    None
}

/// Where the closing stands, comments and escapes aside.
fn find_close(text: &str, close: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(close) {
            return Some(at);
        }
        if rest.starts_with('%') {
            at += rest.find('\n').map_or(rest.len(), |i| i + 1);
            continue;
        }
        let mut chars = rest.chars();
        let first = chars.next().map_or(1, char::len_utf8);
        let escaped = rest.starts_with('\\');
        let second = chars.next().map_or(0, char::len_utf8);
        at += if escaped { first + second } else { first };
    }
    None
}

fn fragment(
    text: &str,
    start: usize,
    end: usize,
    display: bool,
    rows: bool,
) -> Fragment {
    let mut fragment = Fragment::new(display);
    if rows {
        fragment.insert("\\begin{aligned}", start);
    }
    let mut from = start;
    while from < end {
        let rest = &text[from..end];
        let command = ["\\label{", "\\nonumber", "\\notag"]
            .into_iter()
            .filter_map(|name| rest.find(name).map(|i| (i, name)))
            .min();
        let Some((i, name)) = command else {
            fragment.push(text, from, end);
            break;
        };
        fragment.push(text, from, from + i);
        from += i + name.len();
        if name == "\\label{" {
            let Some(length) = text[from..end].find('}') else { continue };
            let label = text[from..from + length].to_owned();
            fragment.id.get_or_insert(label);
            from += length + 1;
        }
    }
    if rows {
        fragment.insert("\\end{aligned}", end);
    }
    fragment.end(end)
}

#[cfg(test)]
mod tests {
    use super::fragments;

    #[test]
    fn mathematics_is_found_where_it_is() {
        let text = r"
Costs \$5. % not $this$
Let $a$ and \(b\).
\begin{equation}\label{eq:one} c = d % with $ inside
\end{equation}
\begin{verbatim}$x$\end{verbatim}
\begin{align*} e &= f \nonumber \\ &= g \end{align*}
\[ h \]";
        let found: Vec<_> = fragments(text)
            .into_iter()
            .map(|f| (f.latex.trim().to_owned(), f.display, f.id))
            .collect();
        let latex: Vec<&str> = found.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(latex[..2], ["a", "b"]);
        assert!(latex[2].starts_with("c = d"));
        assert_eq!(found[2].2.as_deref(), Some("eq:one"));
        assert_eq!(latex[3], r"\begin{aligned} e &= f  \\ &= g \end{aligned}");
        assert_eq!(latex[4], "h");
        assert_eq!(found.len(), 5);
    }
}
