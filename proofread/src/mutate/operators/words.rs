//! Mutations of words.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Replaces a word by one of another meaning, and inserts `not`.
pub(super) fn change(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for i in source.all(Kind::Word) {
        let lower = source.text(i).to_lowercase();
        let other = match lower.as_str() {
            "for" | "if" | "when" | "where" | "whenever" | "with" | "so"
            | "hence" | "thus" | "therefore" | "then" => "unless",
            "unless" | "except" => "if",
            "all" | "every" | "each" | "any" => "some",
            "some" => "all",
            "and" => "or",
            "or" => "and",
            "otherwise" => "never",
            _ => "not",
        };
        edits.push(source.put(i..i + 1, other));
        edits.push(source.insert(i, "not"));
    }
    edits
}

/// Removes a word, and a whole `\text`.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let words = source.all(Kind::Word).map(|i| source.drop(i..i + 1));
    let texts = (0..source.tokens.len()).filter(|&i| source.in_words(i));
    let texts = texts.map(|i| source.drop(i..source.behind(i)));
    words.chain(texts).collect()
}
