//! A formula as typeset: the symbols of `KaTeX`'s `MathML` and their elements.

use crate::read::layout::mathml;
use crate::text::Fragment;

/// A token that ends a part of a fraction or the base of a script.
pub(super) const PART: &str = ";;";
/// A token for a space at least as wide as `\quad`.
pub(super) const WIDE: &str = "<wide>";
/// A token for rows whose columns are joined.
pub(super) const ROWS: &str = "<rows>";

/// Returns the tokens of a typeset formula: tags such as `<mfrac>`, and symbols
/// with their fonts. Narrow spaces yield no token. A formula that cannot be
/// typeset yields its error message.
pub(super) fn typeset(fragment: &Fragment) -> Vec<String> {
    let Fragment { latex, preamble, display, .. } = fragment;
    look(preamble, latex, *display)
}

/// Returns the same tokens for LaTeX with the macros of a preamble.
pub(super) fn look(preamble: &str, latex: &str, display: bool) -> Vec<String> {
    match mathml(preamble, latex, display) {
        Ok(markup) => tokens(&markup),
        Err(problem) => vec![problem.message],
    }
}

/// Elements with several parts.
const PARTS: [&str; 9] = [
    "mfrac",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mroot",
    "msqrt",
];
/// Elements that only group, set a size, or hold a symbol.
const UNSEEN: [&str; 11] = [
    "mspace",
    "mstyle",
    "mpadded",
    "semantics",
    "math",
    "span",
    "mrow",
    "mi",
    "mo",
    "mn",
    "mtext",
];

fn tokens(markup: &str) -> Vec<String> {
    // The original LaTeX follows the typeset formula.
    let markup = markup.split("<annotation").next().unwrap_or("");
    let (mut found, mut stack) = (vec![], vec![]);
    let mut font = String::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        let invisible = |c: char| matches!(c, '\u{2061}' | '\u{200b}');
        let text = rest[..start].replace(invisible, "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            found.push(format!("{text}{font}"));
        }
        rest = &rest[start + 1..];
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if !UNSEEN.contains(&name) {
                found.push(format!("</{name}>"));
            }
            font.clear();
            stack.pop();
        } else {
            let name = tag.split([' ', '/']).next().unwrap_or("");
            found.extend(opened(name, tag));
            font = match attribute(tag, "mathvariant") {
                Some(variant) => format!(" {variant}"),
                None => String::new(),
            };
            if !tag.ends_with('/') {
                stack.push(name);
                continue;
            }
        }
        if stack.last().is_some_and(|parent| PARTS.contains(parent)) {
            found.push(PART.into());
        }
    }
    found
}

/// Returns the token for the start of an element, if any.
fn opened(name: &str, tag: &str) -> Option<String> {
    match name {
        "mspace" => {
            let width = attribute(tag, "width")?.strip_suffix("em")?;
            (width.parse::<f64>().ok()? > 0.9).then(|| WIDE.into())
        }
        "mtable" if attribute(tag, "columnalign")?.starts_with("right") => {
            Some(ROWS.into())
        }
        name => (!UNSEEN.contains(&name)).then(|| format!("<{name}>")),
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn what_looks_alike_has_the_same_tokens() {
        let same = |a: &str, b: &str| look("", a, true) == look("", b, true);
        for (a, b) in [
            ("a + b", "a+ b %c"),
            (r"\bar\alpha_t", r"\bar{\alpha}_t"),
            (r"\big( a \big)", r"\left( a \right)"),
            (r"\frac12", r"\frac{1}{2}"),
            ("{a} b", r"a\, b"),
        ] {
            assert!(same(a, b), "{a} and {b}");
        }
        for (a, b) in [
            ("a + b", "a - b"),
            (r"\bar\alpha_t", r"\bar\alpha^t"),
            (r"\frac{ab}{c}", r"\frac{a}{bc}"),
            ("x_{ab}", "x_a b"),
            (r"x_{a^b}", r"x_a{}^b"),
            (r"\sqrt{a} b", r"\sqrt{a b}"),
            (r"\mathbf x", "x"),
            (r"a \qquad b", "a b"),
            (r"\text{if } a", r"\text{iff } a"),
            (r"\begin{aligned} a \\ b \end{aligned}", "a b"),
        ] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }
}
