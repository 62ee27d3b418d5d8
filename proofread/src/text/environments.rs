//! Environments of LaTeX that hold mathematics.

use super::found::Form;

/// The form that `KaTeX` gives the body of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Inline mathematics.
    Inline,
    /// One formula.
    One,
    /// Rows, which go into `aligned`.
    Rows,
    /// An environment that `KaTeX` knows, and that other mathematics may hold.
    Kept,
}

impl Body {
    /// Returns the form in which the body is typeset.
    pub(super) fn form(self) -> Form {
        match self {
            Self::Inline => Form::Inline,
            Self::One | Self::Kept => Form::Display,
            Self::Rows => Form::Rows,
        }
    }
}

/// An environment, and the number of its arguments in braces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment {
    pub(super) body: Body,
    arguments: usize,
    /// True if the environment takes options of any form in brackets.
    options: bool,
}

/// Returns the environment of a name, if it holds mathematics.
pub(super) fn environment(name: &str) -> Option<Environment> {
    let plain = name.strip_suffix('*').unwrap_or(name);
    let (body, arguments) = match plain {
        "math" => (Body::Inline, 0),
        "equation" | "displaymath" | "dmath" => (Body::One, 0),
        "align" | "gather" | "multline" | "eqnarray" | "flalign" | "dgroup"
        | "darray" => (Body::Rows, 0),
        "alignat" | "xalignat" | "xxalignat" | "IEEEeqnarray" => {
            (Body::Rows, 1)
        }
        "split" | "aligned" | "gathered" | "alignedat" | "cases" | "dcases"
        | "rcases" | "drcases" | "array" | "subarray" | "matrix"
        | "pmatrix" | "bmatrix" | "Bmatrix" | "vmatrix" | "Vmatrix"
        | "smallmatrix" => (Body::Kept, 0),
        _ => return None,
    };
    let options = matches!(plain, "dmath" | "dgroup" | "darray");
    Some(Environment { body, arguments, options })
}

/// Returns whether `KaTeX` knows an environment that is a display by itself.
pub(super) fn is_known_to_katex(name: &str) -> bool {
    let plain = name.strip_suffix('*').unwrap_or(name);
    matches!(plain, "equation" | "align" | "gather" | "alignat")
}

impl Environment {
    /// Returns the length of the arguments at the start of `text`.
    pub(super) fn arguments(&self, text: &str) -> usize {
        let mut at = 0;
        // A bracket may also begin the formula.
        if let Some(inner) = text.strip_prefix('[')
            && let Some(length) = inner.find(']')
            && (self.options
                || inner[..length].chars().all(|c| "hHtTbBpPcs!".contains(c)))
            && self.body != Body::Kept
        {
            at += length + 2;
        }
        for _ in 0..self.arguments {
            let blank = text[at..].len() - text[at..].trim_start().len();
            let Some(length) = group(&text[at + blank..]) else { break };
            at += blank + length;
        }
        at
    }
}

/// Returns the length of the white space and comments at the start of `text`; a
/// blank line ends them.
pub(super) fn blank(text: &str) -> usize {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches([' ', '\t', '\r']);
        let next = match next.strip_prefix('%') {
            Some(comment) => comment.find('\n').map_or("", |i| &comment[i..]),
            None => next,
        };
        let Some(line) = next.strip_prefix('\n') else {
            return text.len() - next.len();
        };
        if line.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
            return text.len() - next.len();
        }
        rest = line;
    }
}

/// Returns the name in `\begin{name}` or `\end{name}` at the start of `text`,
/// and the length of the command.
pub(super) fn named<'a>(
    text: &'a str,
    command: &str,
) -> Option<(&'a str, usize)> {
    let rest = text.strip_prefix(command)?;
    let rest = &rest[blank(rest)..];
    let inner = rest.strip_prefix('{')?;
    let length = inner.find(['}', '\n', '{'])?;
    let before = text.len() - inner.len();
    inner[length..]
        .starts_with('}')
        .then(|| (inner[..length].trim(), before + length + 1))
}

/// Returns the length of the group in braces at the start of `text`.
pub(super) fn group(text: &str) -> Option<usize> {
    group_with(text, false)
}

/// Returns the same length; with `comments`, ignores braces behind a `%`.
pub(super) fn group_with(text: &str, comments: bool) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let (mut depth, mut escaped, mut hidden) = (0_usize, false, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if hidden => hidden = c != '\n',
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = true,
            '%' => hidden = comments,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(i + 1);
        }
    }
    None
}

/// Returns the name of the command at the start of `text`, behind the
/// backslash: its letters, or one other character.
pub(super) fn command(text: &str) -> &str {
    let letters = |c: char| !c.is_ascii_alphabetic() && c != '@';
    let rest = text.get(1..).unwrap_or("");
    match rest.find(letters).unwrap_or(rest.len()) {
        0 => &rest[..rest.chars().next().map_or(0, char::len_utf8)],
        length => &rest[..length],
    }
}

#[cfg(test)]
mod tests {
    use super::{command, environment, group, named};

    #[test]
    fn arguments_are_told_from_the_body() {
        let skipped =
            |name: &str, text: &str| environment(name).unwrap().arguments(text);
        assert_eq!(skipped("alignat*", "{2} a"), 3);
        assert_eq!(skipped("IEEEeqnarray", "[t]{rCl} a"), 8);
        assert_eq!(skipped("equation", "[H] a"), 3);
        assert_eq!(skipped("equation", "[a, b] = 0"), 0);
        assert_eq!(skipped("align", "{2} a"), 0);
        assert!(environment("theorem").is_none());
    }

    #[test]
    fn commands_and_groups_are_cut_off() {
        assert_eq!(command(r"\frac{a}"), "frac");
        assert_eq!(command(r"\$5"), "$");
        assert_eq!(group(r"{a \} {b}} c"), Some(10));
        assert_eq!(group("{a"), None);
        assert_eq!(named(r"\begin{align*} a", r"\begin"), Some(("align*", 14)));
        assert_eq!(named(r"\beginning", r"\begin"), None);
    }
}
