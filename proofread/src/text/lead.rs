//! The words before a formula: they say whether the text claims the formula or
//! supposes it.

use super::found::{Form, Found, Source};

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
}

/// Words before a claim.
const CLAIMS: [&str; 21] = [
    "always",
    "conclude",
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
    "means",
    "obtain",
    "see",
    "show",
    "shows",
    "then",
    "therefore",
    "thus",
    "yields",
];

/// Words before a condition, or a question.
const SUPPOSES: [&str; 34] = [
    "as",
    "assume",
    "assuming",
    "at",
    "case",
    "choose",
    "consider",
    "equation",
    "except",
    "fix",
    "for",
    "given",
    "if",
    "let",
    "provided",
    "put",
    "putting",
    "set",
    "setting",
    "solution",
    "solutions",
    "solve",
    "such",
    "suppose",
    "supposing",
    "take",
    "unless",
    "until",
    "when",
    "whenever",
    "where",
    "whether",
    "while",
    "with",
];

/// Words between formulas of one kind.
const LINKS: [&str; 4] = ["and", "both", "or", "also"];

/// Returns whether a word in small letters stands before a condition or a question.
pub(super) fn supposes(word: &str) -> bool {
    SUPPOSES.contains(&word)
}

impl Found {
    /// Returns the role that the words before a formula give it, and whether the
    /// formula is the first of its paragraph.
    pub(super) fn lead(&self, source: &Source) -> (Lead, bool) {
        let text = source.text.text();
        let start = source.outer.start;
        let before = |i: &usize| source.text.place(*i) < self.reached;
        let last = (0..start).rev().find(before).map(|i| i + 1);
        let gap = text.get(last.unwrap_or(0)..start).unwrap_or("");
        let first = last.is_none() || has_blank_line(gap);
        if source.form != Form::Inline {
            return (Lead::Open, first);
        }
        let ends = ['.', ';', ':', '?', '!', '(', ')', ','];
        let clause = gap.rsplit(ends).next().unwrap_or(gap);
        let words = || {
            // `\let` is a command.
            let all = clause.split(|c: char| !c.is_alphabetic() && c != '\\');
            let all =
                all.filter(|word| !word.is_empty() && !word.contains('\\'));
            all.map(str::to_lowercase)
        };
        let mut found = words().filter_map(|word| {
            if CLAIMS.contains(&word.as_str()) {
                return Some(Lead::Claims);
            }
            supposes(&word).then_some(Lead::Supposes)
        });
        if let Some(lead) = found.next_back() {
            return (lead, first);
        }
        // `let $a > 0$ and $b > 0$`
        let linked = !first
            && !gap.contains(['.', ';', '?', '!'])
            && words().all(|word| LINKS.contains(&word.as_str()));
        let before = self.fragments.last().filter(|_| linked);
        (before.map_or(Lead::Open, |before| before.lead), first)
    }
}

fn has_blank_line(text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let within = lines.get(1..lines.len().max(2) - 1).unwrap_or(&[]);
    within.iter().any(|line| line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::Lead::{self, Claims, Open, Supposes};
    use crate::text::fragments;

    fn leads(text: &str) -> Vec<(Lead, bool)> {
        let found = fragments("a.md", text);
        found.iter().map(|one| (one.lead, one.begins)).collect()
    }

    #[test]
    fn words_before_a_formula_claim_it_or_suppose_it() {
        let text = "Let $a > 0$ and $b > 0$. Then $a b > 0$, and $a < b$.\n\nSo $a = a$.";
        let expected = [
            (Supposes, true),
            (Supposes, false),
            (Claims, false),
            (Claims, false),
            (Open, true),
        ];
        assert_eq!(leads(text), expected);
        assert_eq!(leads("For every $t$ we have $t = 1$.")[1].0, Claims);
        assert_eq!(leads("We ask whether $a = b$.")[0].0, Supposes);
        assert_eq!(leads("We have a question. Is $a = b$?")[0].0, Open);
    }
}
