//! Mutations of relations and of sets of numbers.

use super::{Edit, Source};

/// Replaces a relation by another one.
pub(super) fn change(source: &Source) -> Vec<Edit> {
    let others = |i: usize| -> &[&str] {
        match source.text(i) {
            // The `=` of `:=` stays: the colon is dropped below.
            "=" if i > 0 && source.text(i - 1) == ":" => &[],
            "=" => &["\\ne", "<", "\\le", ">", "\\approx", ":="],
            "<" => &["\\le", ">", "="],
            ">" => &["\\ge", "<", "="],
            "\\le" | "\\leq" => &["<", "\\ge", "="],
            "\\ge" | "\\geq" => &[">", "\\le", "="],
            "\\ne" | "\\neq" | "\\approx" | "\\propto" | "\\sim" | "\\to" => {
                &["="]
            }
            "\\coloneqq" => &["=", "\\ne"],
            "\\in" => &["\\notin", "="],
            "\\implies" => &["\\iff", "\\Longleftarrow"],
            "\\iff" => &["\\implies"],
            _ => &[],
        }
    };
    let each = (0..source.tokens.len()).flat_map(|i| {
        let others = others(i).iter();
        others.map(move |other| source.put(i..i + 1, *other))
    });
    let colons = source.named(&[":"]).filter(|&i| source.text(i + 1) == "=");
    let colons = colons.map(|i| source.drop(i..i + 1));
    each.chain(colons).collect()
}

/// Replaces a set of numbers by another one.
pub(super) fn sets(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for i in source.named(&["\\mathbb"]) {
        let letter = source.inner(i + 1);
        let others: &[&str] = match source.slice(&letter) {
            "R" => &["N", "Z", "Q"],
            "N" => &["Z", "R"],
            "Z" => &["N", "R"],
            _ => &[],
        };
        let put = |other: &&str| source.put(letter.clone(), *other);
        edits.extend(others.iter().map(put));
    }
    edits
}
