//! LaTeX that is shown verbatim, or not at all.

use super::environments::{command, group};

/// Environments whose body is not LaTeX.
pub(super) const VERBATIM: [&str; 9] = [
    "verbatim",
    "verbatim*",
    "Verbatim",
    "lstlisting",
    "minted",
    "alltt",
    "comment",
    "filecontents",
    "filecontents*",
];

/// Returns the length of the text at the start that is not read as LaTeX.
pub(super) fn verbatim(rest: &str) -> Option<usize> {
    if rest.starts_with('%') {
        return Some(rest.find('\n').map_or(rest.len(), |i| i + 1));
    }
    if !rest.starts_with('\\') {
        return None;
    }
    let name = command(rest);
    let length = 1 + name.len();
    match name {
        "begin" => VERBATIM.iter().find_map(|name| {
            rest.starts_with(&format!("\\begin{{{name}}}")).then(|| {
                let close = format!("\\end{{{name}}}");
                rest.find(&close).map_or(rest.len(), |i| i + close.len())
            })
        }),
        "verb" | "lstinline" | "mintinline" => Some(inline(rest, length)),
        "url" | "path" | "nolinkurl" | "href" => {
            Some(length + group(&rest[length..]).unwrap_or(0))
        }
        "iffalse" => Some(skipped(rest)),
        _ => None,
    }
}

/// Returns the length of `\verb|…|` or `\lstinline[…]{…}`.
fn inline(rest: &str, command: usize) -> usize {
    let mut at = command;
    at += usize::from(rest[at..].starts_with('*'));
    if rest[command..].starts_with('[') && !rest.starts_with("\\verb") {
        at += rest[at..].find(']').map_or(0, |i| i + 1);
    }
    if rest.starts_with("\\mintinline") {
        at += group(&rest[at..]).unwrap_or(0);
    }
    if let Some(length) = group(&rest[at..])
        && !rest.starts_with("\\verb")
    {
        return at + length;
    }
    let Some(mark) = rest[at..].chars().next() else { return at };
    let inner = &rest[at + mark.len_utf8()..];
    let line = inner.split('\n').next().unwrap_or("");
    match line.find(mark) {
        Some(i) => at + 2 * mark.len_utf8() + i,
        None => at,
    }
}

/// Returns whether a command, with `behind` after it, opens a condition that
/// `\fi` ends.
pub(super) fn is_condition(name: &str, behind: &str) -> bool {
    name.starts_with("if")
        && name != "iff"
        && !behind.trim_start().starts_with('{')
}

/// Returns the length of `\iffalse … \fi`, or up to its `\else`, or the length
/// of `\else … \fi`.
pub(super) fn skipped(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(i) = rest[at..].find(['\\', '%']) {
        at += i;
        if rest[at..].starts_with('%') {
            let line = rest[at..].find('\n');
            at += line.unwrap_or(rest.len() - at);
            continue;
        }
        let name = command(&rest[at..]);
        let first = at == 0;
        at += 1 + name.len();
        match name {
            _ if first => depth = 1,
            "fi" | "else" if depth == 1 => return at,
            "fi" => depth = depth.saturating_sub(1),
            name if is_condition(name, &rest[at..]) => depth += 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::verbatim;

    #[test]
    fn verbatim_ends_where_latex_goes_on() {
        for (skipped, rest) in [
            (r"\verb|$a$|", " x"),
            (r"\verb*+$a$+", " x"),
            (r"\lstinline[language=C]!$a$!", " x"),
            (r"\lstinline{$a$}", " x"),
            (r"\mintinline{c}|$a$|", " x"),
            ("% $a$\n", "x"),
            (r"\url{a%20$b}", " x"),
            (r"\iffalse $a$ \iftrue \fi $b \iff c$ \fi", " x"),
            (r"\iffalse $a$ \else", " x"),
            (r"\begin{lstlisting}[language=C]$a$\end{lstlisting}", " x"),
        ] {
            let text = format!("{skipped}{rest}");
            assert_eq!(verbatim(&text), Some(skipped.len()), "{text}");
        }
        for text in [r"\verbose", r"\iff", "a", r"\begin{align}", r"\ifx"] {
            assert_eq!(verbatim(text), None, "{text}");
        }
    }
}
