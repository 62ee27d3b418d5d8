//! The TeX tokens of a formula: commands, symbols, braces, words.
//!
//! This lexer knows less than the reader and shares no code with it: an edit
//! changes bytes, not parts of the parsed formula.

use crate::span::Span;

/// A token and its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// The bytes of the token, including the size of a bracket: `\big(`.
    pub(super) text: &'a str,
    pub(super) span: Span,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A letter, or a command for one: `x`, `\alpha`.
    Letter,
    Digit,
    /// Any other command.
    Command,
    /// A command for a space: `\,` or `\qquad`.
    Space,
    /// Any other character: `+`, `=`, `,`.
    Sign,
    /// `{` and `}`.
    Begin,
    End,
    /// A bracket, not a brace.
    Open,
    Close,
    /// A bar, single or double.
    Bar,
    /// `_` or `^`.
    Script,
    /// `\\`.
    Row,
    /// `&`.
    Cell,
    /// A word in `\text{…}`.
    Word,
    /// `\begin{…}` or `\end{…}`.
    Environment,
}

const SPACES: [&str; 9] =
    ["\\,", "\\;", "\\:", "\\!", "\\ ", "~", "\\quad", "\\qquad", "\\enspace"];
const SIZES: [&str; 15] = [
    "\\left", "\\right", "\\middle", "\\big", "\\Big", "\\bigg", "\\Bigg",
    "\\bigl", "\\bigr", "\\Bigl", "\\Bigr", "\\biggl", "\\biggr", "\\bigm",
    "\\Bigm",
];
const BARS: [&str; 7] =
    ["|", "\\|", "\\mid", "\\vert", "\\Vert", "\\lVert", "\\rVert"];
const OPENS: [&str; 5] = ["(", "[", "\\{", "\\lbrace", "\\langle"];
const CLOSES: [&str; 5] = [")", "]", "\\}", "\\rbrace", "\\rangle"];

/// Returns the tokens of a formula, without blanks and comments.
pub(super) fn tokens(latex: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { latex, at: 0, found: vec![], words: vec![] };
    while lexer.at < latex.len() {
        lexer.one();
    }
    lexer.found
}

struct Lexer<'a> {
    latex: &'a str,
    at: usize,
    found: Vec<Token<'a>>,
    /// True, for each open brace, if it contains words.
    words: Vec<bool>,
}

impl Lexer<'_> {
    fn one(&mut self) {
        let rest = &self.latex[self.at..];
        let Some(first) = rest.chars().next() else { return };
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            self.at += blank;
            return;
        }
        if first == '%' {
            self.at += rest.find('\n').unwrap_or(rest.len());
            return;
        }
        let words = self.words.last() == Some(&true);
        if words && first.is_alphabetic() {
            let letters = |c: char| !c.is_alphabetic() && c != '\'';
            let length = rest.find(letters).unwrap_or(rest.len());
            return self.push(Kind::Word, length);
        }
        let length = command(rest);
        let text = &rest[..length];
        if SIZES.contains(&text) {
            let behind = &rest[length..];
            let gap = behind.len() - behind.trim_start().len();
            let sign = command(&behind[gap..]);
            let bracket = &behind[gap..gap + sign];
            let kind = match text {
                "\\left" => Kind::Open,
                "\\right" => Kind::Close,
                _ => kind(bracket),
            };
            return self.push(kind, length + gap + sign);
        }
        if let "\\begin" | "\\end" = text {
            let end = rest.find('}').map_or(length, |end| end + 1);
            return self.push(Kind::Environment, end);
        }
        match first {
            '{' => {
                let before = self.found.last().map_or("", |t| t.text);
                let text = matches!(
                    before,
                    "\\text" | "\\textrm" | "\\mbox" | "\\textit"
                );
                // Nested braces within words contain words, too.
                self.words.push(text || words && before != "$");
            }
            '}' => {
                self.words.pop();
            }
            '$' => {
                if let Some(words) = self.words.last_mut() {
                    *words = !*words;
                }
            }
            _ => {}
        }
        self.push(kind(text), length);
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        let text = &self.latex[span.start..span.end];
        self.found.push(Token { kind, text, span });
        self.at = span.end;
    }
}

/// Returns the byte length of the command or character that begins a text.
fn command(text: &str) -> usize {
    let mut chars = text.chars();
    match chars.next() {
        Some('\\') => {
            let name = &text[1..];
            let letters = |c: char| !c.is_ascii_alphabetic();
            match name.find(letters).unwrap_or(name.len()) {
                0 => 1 + chars.next().map_or(0, char::len_utf8),
                length => 1 + length,
            }
        }
        Some(c) => c.len_utf8(),
        None => 0,
    }
}

fn kind(text: &str) -> Kind {
    let first = text.chars().next().unwrap_or(' ');
    match text {
        "{" => Kind::Begin,
        "}" => Kind::End,
        "_" | "^" => Kind::Script,
        "&" => Kind::Cell,
        "\\\\" => Kind::Row,
        _ if SPACES.contains(&text) => Kind::Space,
        _ if BARS.contains(&text) => Kind::Bar,
        _ if OPENS.contains(&text) => Kind::Open,
        _ if CLOSES.contains(&text) => Kind::Close,
        _ if LETTERS.contains(&text.trim_start_matches('\\')) => Kind::Letter,
        _ if first.is_alphabetic() => Kind::Letter,
        _ if first.is_ascii_digit() => Kind::Digit,
        _ if first == '\\' => Kind::Command,
        _ => Kind::Sign,
    }
}

/// The commands for letters.
const LETTERS: [&str; 40] = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "vartheta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
    "ell",
    "infty",
    "varnothing",
    "nabla",
];

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    #[test]
    fn tokens_are_those_of_tex() {
        let latex = "\\Big( \\bar\\alpha_t \\\\ % a\n & \\text{for $t$ all}";
        let found: Vec<_> =
            tokens(latex).iter().map(|t| (t.text, t.kind)).collect();
        let expected = [
            ("\\Big(", Kind::Open),
            ("\\bar", Kind::Command),
            ("\\alpha", Kind::Letter),
            ("_", Kind::Script),
            ("t", Kind::Letter),
            ("\\\\", Kind::Row),
            ("&", Kind::Cell),
            ("\\text", Kind::Command),
            ("{", Kind::Begin),
            ("for", Kind::Word),
            ("$", Kind::Sign),
            ("t", Kind::Letter),
            ("$", Kind::Sign),
            ("all", Kind::Word),
            ("}", Kind::End),
        ];
        assert_eq!(found, expected);
    }
}
