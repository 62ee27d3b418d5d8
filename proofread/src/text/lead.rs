//! The words before a formula: they say whether the text claims the formula or
//! supposes it.

use super::found::{Form, Found, Source};
use super::words::words_of;

/// The role that the words before a formula give it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lead {
    /// No role.
    #[default]
    Open,
    /// A claim: `we have $a = b$`.
    Claims,
    /// A supposition: `let $a = b$`.
    Supposes,
    /// A condition on what follows or precedes it: `if $a = b$`.
    Given,
}

impl Lead {
    /// Returns whether the text does not claim the formula.
    pub(crate) fn is_condition(self) -> bool {
        matches!(self, Self::Supposes | Self::Given)
    }
}

/// Words before a claim.
const CLAIMS: [&str; 37] = [
    "always",
    "claim",
    "clearly",
    "conclude",
    "consequently",
    "corollary",
    "evidently",
    "fact",
    "find",
    "follows",
    "get",
    "gets",
    "give",
    "gives",
    "have",
    "hence",
    "holds",
    "implies",
    "indeed",
    "lemma",
    "means",
    "necessarily",
    "obtain",
    "obviously",
    "prove",
    "proved",
    "satisfies",
    "see",
    "show",
    "shows",
    "so",
    "then",
    "theorem",
    "therefore",
    "thus",
    "true",
    "yields",
];

/// Words before a supposition, or a question.
const SUPPOSES: [&str; 26] = [
    "assume",
    "assuming",
    "choose",
    "consider",
    "equation",
    "fix",
    "given",
    "let",
    "pick",
    "put",
    "putting",
    "restrict",
    "set",
    "setting",
    "solution",
    "solutions",
    "solve",
    "such",
    "suppose",
    "supposing",
    "take",
    "until",
    "whether",
    "while",
    "with",
    "where",
];

/// Words before a condition on another formula.
const GIVEN: [&str; 16] = [
    "as", "at", "because", "case", "except", "for", "from", "if", "on",
    "provided", "since", "to", "under", "unless", "when", "whenever",
];

/// Words behind a formula that claim it.
const BEHIND: [&str; 3] = ["holds", "always", "true"];

/// Words between formulas of one kind.
const LINKS: [&str; 4] = ["and", "both", "or", "also"];

/// Returns whether a word in small letters stands before a condition or a question.
pub(super) fn supposes(word: &str) -> bool {
    SUPPOSES.contains(&word) || GIVEN.contains(&word)
}

/// The place of a formula in its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The text since the last formula, or since the start of the text.
    pub(super) gap: &'a str,
    pub(super) lead: Lead,
    /// True if the formula is the first of its paragraph.
    pub(super) begins: bool,
    /// True if the formula is the first of its sentence.
    pub(super) sentence: bool,
}

impl Found {
    /// Returns the place of a formula in its paragraph and its sentence.
    pub(super) fn place<'a>(&self, source: &Source<'a>) -> Place<'a> {
        let text = source.text.text();
        let (start, end) = (source.outer.start, source.outer.end);
        let before = |i: &usize| source.text.place(*i) < self.reached;
        let last = (0..start).rev().find(before).map(|i| i + 1);
        let gap = text.get(last.unwrap_or(0)..start).unwrap_or("");
        let begins = last.is_none() || has_blank_line(gap);
        let sentence = begins || gap.contains(['.', ';', '?', '!']);
        let lead = match source.form {
            Form::Inline => self.lead(gap, &text[end..], sentence),
            _ => Lead::Open,
        };
        Place { gap, lead, begins, sentence }
    }

    fn lead(&self, gap: &str, behind: &str, sentence: bool) -> Lead {
        let clause_behind = behind.split(['.', ';', ',', ':', '$']).next();
        let behind: Vec<String> =
            words(clause_behind.unwrap_or("")).take(3).collect();
        let all = ["all", "every", "each", "any"];
        if behind.iter().any(|word| BEHIND.contains(&word.as_str()))
            || matches!(behind.as_slice(), [first, second, ..]
                if first == "for" && all.contains(&second.as_str()))
        {
            return Lead::Claims;
        }
        let ends = ['.', ';', ':', '?', '!', '(', ')', ','];
        let clause = gap.rsplit(ends).next().unwrap_or(gap);
        let role = |word: String| match word.as_str() {
            word if CLAIMS.contains(&word) => Some(Lead::Claims),
            word if SUPPOSES.contains(&word) => Some(Lead::Supposes),
            word if GIVEN.contains(&word) => Some(Lead::Given),
            _ => None,
        };
        if let Some(lead) = words(clause).filter_map(role).last() {
            return lead;
        }
        // `let $a > 0$ and $b > 0$`, but `if $a > 0$, $b > 0$`
        let linked = !sentence
            && words(clause).all(|word| LINKS.contains(&word.as_str()));
        let before = self.fragments.last().filter(|_| linked);
        match before.map_or(Lead::Open, |before| before.lead) {
            Lead::Given if gap.trim() == "," => Lead::Claims,
            lead => lead,
        }
    }
}

/// Returns the words of a text in small letters. An apostrophe ends a word.
fn words(text: &str) -> impl Iterator<Item = String> {
    words_of(text).into_iter().flat_map(|(_, word)| {
        let parts = word.split(['\'', '’']).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect::<Vec<_>>()
    })
}

fn has_blank_line(text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let within = lines.get(1..lines.len().max(2) - 1).unwrap_or(&[]);
    within.iter().any(|line| line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::Lead::{self, Claims, Given, Open, Supposes};
    use crate::text::fragments;

    fn leads(text: &str) -> Vec<Lead> {
        fragments("a.md", text).iter().map(|one| one.lead).collect()
    }

    #[test]
    fn words_before_a_formula_claim_it_or_suppose_it() {
        let text = "Let $a > 0$ and $b > 0$. Then $a b > 0$, and $a < b$.\n\nIt is $a = a$.";
        assert_eq!(leads(text), [Supposes, Supposes, Claims, Claims, Open]);
        let found = fragments("a.md", text);
        let begins: Vec<bool> = found.iter().map(|one| one.begins).collect();
        assert_eq!(begins, [true, false, false, false, true]);
        let sentence: Vec<bool> =
            found.iter().map(|one| one.sentence).collect();
        assert_eq!(sentence, [true, false, true, false, true]);

        assert_eq!(leads("For every $t$ we have $t = 1$."), [Given, Claims]);
        assert_eq!(leads("For $t > 1$, $t = 1$."), [Given, Claims]);
        assert_eq!(leads("Let $a > 0$, $b > 0$."), [Supposes, Supposes]);
        assert_eq!(leads("We ask whether $a = b$."), [Supposes]);
        assert_eq!(leads("We have a question. Is $a = b$?"), [Open]);
        assert_eq!(leads("$t = T$ holds for every $t$."), [Claims, Given]);
        assert_eq!(leads("$t < T$ for all $t$."), [Claims, Given]);
        assert_eq!(leads(r"\let $a = b$"), [Open]);
    }
}
