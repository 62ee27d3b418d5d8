//! Words around a formula that deny it: `it is not true that $a = b$`, `$a = b$ is
//! false`.

use crate::text::lead;
use crate::text::words::words_of;

/// Words that deny the claim behind them, anywhere in its clause.
const DENIALS: [&str; 20] = [
    "cannot",
    "contradicts",
    "disproves",
    "false",
    "hardly",
    "impossible",
    "neither",
    "never",
    "no",
    "nobody",
    "none",
    "nor",
    "not",
    "nowhere",
    "rarely",
    "unlike",
    "untrue",
    "violates",
    "without",
    "wrong",
];

/// Words among these that deny only what stands behind "that".
const WITH_THAT: [&str; 4] = ["false", "impossible", "untrue", "wrong"];

/// Phrases that deny the claim before them.
const BEHIND: [&str; 16] = [
    "cannot hold",
    "contradicts",
    "does not hold",
    "do not hold",
    "fails",
    "false",
    "is a contradiction",
    "is false",
    "is impossible",
    "is not the case",
    "is not true",
    "is wrong",
    "never holds",
    "no longer holds",
    "not",
    "which is false",
];

/// Returns where the word starts that denies the formula behind a text.
pub(super) fn before(text: &str) -> Option<usize> {
    let bare = text.trim_end_matches([
        ' ', '\t', '\n', '\r', '*', '_', '`', '~', '\\', '{', '(', '"', '“',
    ]);
    // Behind a colon or a comma, only a word of its own denies: `Not: $a = b$`.
    let marks = [':', ','];
    let (bare, alone) = match bare.strip_suffix(marks) {
        Some(before) => (before, true),
        None => (bare, false),
    };
    let ends = ['.', ';', '?', '!', '$', ',', ':', '('];
    let from = bare.rfind(ends).map_or(0, |i| i + 1);
    let from = bare.rfind("\n\n").map_or(from, |i| from.max(i + 2));
    let words = words_of(&bare[from..]);
    if alone && words.len() > 1 {
        return None;
    }
    let denies = |word: &str| {
        DENIALS.contains(&word)
            || word.ends_with("n't")
            || word.ends_with("n’t")
    };
    let i = words.iter().position(|(_, word)| denies(word))?;
    let (at, word) = &words[i];
    let behind = &words[i + 1..];
    // `this does not hold at $t = 1$`, `how wrong is it`
    let supposes = behind.iter().any(|(_, word)| lead::supposes(word));
    let has_that = behind.is_empty() || behind.iter().any(|(_, w)| w == "that");
    let denied = !WITH_THAT.contains(&word.as_str()) || has_that;
    (denied && !supposes).then_some(from + at)
}

/// Returns the end of a phrase that denies the formula before a text.
pub(super) fn behind(text: &str) -> Option<usize> {
    let end = text.find(['.', ';', '?', '!', '$', ':']).unwrap_or(text.len());
    let clause =
        text[..end].trim_start_matches([' ', ',', '(', '*', '_', '\n']);
    let words = words_of(clause);
    let plain: Vec<&str> =
        words.iter().map(|(_, word)| word.as_str()).collect();
    let plain = plain.join(" ");
    let denies = |phrase: &&&str| {
        let rest = plain.strip_prefix(**phrase);
        // A short word denies if nothing follows: `, not`, `(false)`.
        let short = !phrase.contains(' ') && **phrase != "fails";
        rest.is_some_and(|rest| {
            rest.is_empty() || !short && rest.starts_with(' ')
        })
    };
    BEHIND.iter().find(denies).map(|_| end)
}

#[cfg(test)]
mod tests {
    use super::{before, behind};

    #[test]
    fn words_deny_what_is_beside_them() {
        for text in [
            "It is not true that ",
            "It is not\ntrue that ",
            "We never have ",
            "Never ",
            "It is **not** true that ",
            "<b>not</b> ",
            "It isn't true that ",
            "Not: ",
            "not (",
            "We do not have ",
            "\\emph{not} ",
            "It is false that\n",
        ] {
            assert!(before(text).is_some(), "{text}");
        }
        for text in [
            "It is not known. So ",
            "Nothing is lost, and ",
            "We have ",
            "If not, then ",
            "a note on ",
            "This does not hold at ",
            "How wrong is the mean of ",
            "\\not ",
            "This is not so: here is ",
        ] {
            assert_eq!(before(text), None, "{text}");
        }
        for text in [
            " does not hold.",
            " is false",
            ", which is false",
            ", not.",
            " (false)",
            " is not true for us",
            " fails for large values",
        ] {
            assert!(behind(text).is_some(), "{text}");
        }
        for text in
            [" holds.", " is not used later", ", not in general", " and more"]
        {
            assert_eq!(behind(text), None, "{text}");
        }
    }
}
