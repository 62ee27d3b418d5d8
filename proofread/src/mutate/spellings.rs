//! Spellings that are read alike although they are typeset differently.
//!
//! Only the changes on this list may go unnoticed, so a wrong entry could hide
//! a defect of the reader. The list is therefore short, and each entry says why
//! its two spellings mean the same. A mutant counts as a spelling only if it is
//! *also* read as the original: the list never makes two readings equal.

mod brackets;

use super::typeset::{ROWS, WIDE};

/// Checks whether two typeset formulas are spellings of each other.
pub(super) fn alike(a: &[String], b: &[String]) -> bool {
    plain(a) == plain(b)
}

/// Normalises the spelling of a formula.
fn plain(tokens: &[String]) -> Vec<String> {
    let mut plain = columns(tokens);
    plain.retain(|token| !is_product(token));
    names(&mut plain);
    punctuation(&mut plain);
    while brackets::drop(&mut plain) {}
    plain
}

/// Removes `&` between joined columns, where it only sets the alignment. Every
/// second such `&` is a wide space.
fn columns(tokens: &[String]) -> Vec<String> {
    let (mut plain, mut column, mut joins) = (vec![], 0, false);
    for token in tokens {
        match token.as_str() {
            ROWS => joins = true,
            "</mtable>" => joins = false,
            "<mtr>" => column = 0,
            "<mtd>" if joins => {
                if column > 0 && column % 2 == 0 {
                    plain.push(WIDE.to_owned());
                }
                column += 1;
                continue;
            }
            "</mtd>" if joins => continue,
            _ => {}
        }
        plain.push(token.clone());
    }
    plain
}

/// Checks for a multiplication sign: `a \cdot b` is `a b`.
fn is_product(token: &str) -> bool {
    matches!(token, "⋅" | "×" | "∗" | "·")
}

/// Checks for a word that a wide space or a comma can replace: a word that
/// begins a condition, as in `\quad \text{for } t \ge 2`, or joins two claims.
fn is_word(token: &str) -> bool {
    matches!(token, "for" | "if" | "when" | "so" | "so that")
}

/// Normalises names with several spellings: the N of a Gaussian, its I and the
/// KL of a divergence in any font, a bold zero for the zero vector, `.5` for
/// `0.5`.
fn names(tokens: &mut [String]) {
    for i in 0..tokens.len() {
        let next = tokens.get(i + 1).map_or("", String::as_str);
        let other = match tokens[i].as_str() {
            "N script" if next == "(" => "N".to_owned(),
            "I bold" => "I".to_owned(),
            "0 bold" => "0".to_owned(),
            "K normal" if next == "L normal" => "K".to_owned(),
            "L normal" if i > 0 && tokens[i - 1] == "K" => "L".to_owned(),
            token if is_fraction(token) => format!("0{token}"),
            _ => continue,
        };
        tokens[i] = other;
    }
}

fn is_fraction(token: &str) -> bool {
    let digits = token.strip_prefix('.');
    digits.is_some_and(|d| d.starts_with(|c: char| c.is_ascii_digit()))
}

/// Normalises punctuation. A wide space separates like a comma, and so does a
/// word that begins a condition or joins two claims; several separators count
/// as one. Separators at the end of a row or before a relation, wide spaces
/// before a closing bracket, and a final full stop are dropped.
fn punctuation(tokens: &mut Vec<String>) {
    let last = tokens.iter().rposition(|token| !token.starts_with("</"));
    if let Some(last) = last
        && let Some(rest) = tokens[last]
            .strip_suffix(". normal")
            .or_else(|| tokens[last].strip_suffix('.'))
    {
        tokens[last] = rest.to_owned();
        tokens.retain(|token| !token.is_empty());
    }
    let mut plain: Vec<String> = vec![];
    let comma = |plain: &[String]| plain.last().is_some_and(|p| p == ",");
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).map_or("", String::as_str);
        if token == WIDE && matches!(next, ")" | "]") {
            continue;
        }
        let token = match token.as_str() {
            token if token == WIDE || is_word(token) => ",",
            token => token,
        };
        let starts = plain.last().is_none_or(|last| last == "<mtr>");
        if token == "," && (starts || comma(&plain)) {
            continue;
        }
        if (token == "</mtr>" || is_relation(token)) && comma(&plain) {
            plain.pop();
        }
        plain.push(token.to_owned());
    }
    if comma(&plain) {
        plain.pop();
    }
    *tokens = plain;
}

fn is_relation(token: &str) -> bool {
    matches!(
        token,
        "=" | "<"
            | ">"
            | "≤"
            | "≥"
            | "≠"
            | "≈"
            | "∝"
            | "∼"
            | "→"
            | "≔"
            | ":"
    )
}

#[cfg(test)]
mod tests {
    use super::alike;
    use crate::mutate::typeset::look;

    fn spelled(a: &str, b: &str) -> bool {
        alike(&look("", a, true), &look("", b, true))
    }

    #[test]
    fn spellings_are_alike() {
        for (a, b) in [
            (r"a \cdot b", "a b"),
            (r"a [\frac{b}{c}]", r"a \frac{b}{c}"),
            (r"\log(2 \pi) + 1", r"\log 2 \pi + 1"),
            (r"\mathbb E_q[\|x\|^2] = d", r"\mathbb E_q \|x\|^2 = d"),
            (
                r"\mathbb E_q \frac{1}{2} [\| x - y \|^2] + C",
                r"\mathbb E_q[\frac{1}{2} \| x - y \|^2] + C",
            ),
            (r"\frac{a}{(b + c)}", r"\frac{a}{b + c}"),
            (r"D_{\mathrm{KL}}(p \| q)", r"D_{KL}(p \| q)"),
            (r"\mathcal N(x; \mathbf 0, \mathbf I)", "N(x; 0, I)"),
            ("a = 0.5", "a = .5"),
            (r"a = b, \qquad c = d.", r"a = b \qquad c = d"),
            (r"a = b \quad \text{for } t > 1", r"a = b, t > 1"),
            (
                r"\begin{aligned} a &= b, \\ &= c \end{aligned}",
                r"\begin{aligned} a = &b \\ = &c \end{aligned}",
            ),
        ] {
            assert!(spelled(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn other_formulas_are_not() {
        for (a, b) in [
            ("a + b", "a - b"),
            ("a + b", "a b"),
            ("(a + b) c", "a + b c"),
            ("1 / (b c)", "1 / b c"),
            ("(a b)^2", "a b^2"),
            (r"\frac{(a + b) c}{d}", r"\frac{a + b c}{d}"),
            (r"\frac{a}{(b, c)}", r"\frac{a}{b, c}"),
            (r"a (\|x\| + 1)", r"a \|x\| + 1"),
            (r"a [0, 1]^2", r"a [0, 1]"),
            (r"\log(a) b", r"\log a b"),
            (r"\log^2(a) b", r"\log^2 a b"),
            (r"\mathbb E_q[x] b", r"\mathbb E_q x b"),
            (r"\|x\|^2", r"\|x\|"),
            ("f(a, b)", "f(a b)"),
            ("a_{t|s}", "a_{t|^2 s}"),
            (r"\sum_{t=1}^T a", r"\sum_{t=1} a"),
            (r"t = 0, 1, \dots, T", r"t = 0, \dots, T"),
            (r"a \text{ for } b", r"a \text{ unless } b"),
            (r"\forall t", "t"),
            (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b, c = d"),
        ] {
            assert!(!spelled(a, b), "{a} and {b}");
        }
    }
}
