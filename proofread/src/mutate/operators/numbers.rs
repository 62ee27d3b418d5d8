//! Mutations of digits.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Replaces a digit by the next digit.
pub(super) fn change(source: &Source) -> Vec<Edit> {
    let next = |i: usize| {
        let digit = source.text(i).parse::<u8>().unwrap_or(0);
        source.put(i..i + 1, ((digit + 1) % 10).to_string())
    };
    source.all(Kind::Digit).map(next).collect()
}

/// Removes a digit next to another digit.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let digit = |i: usize| source.kind(i) == Some(Kind::Digit);
    let beside = |&i: &usize| digit(i + 1) || i > 0 && digit(i - 1);
    let gone =
        |i: usize| Edit { span: source.tokens[i].span, with: String::new() };
    source.all(Kind::Digit).filter(beside).map(gone).collect()
}
