//! Meanings of the relation signs.

use crate::relation::Relation;
use crate::span::{Problem, Result, Span};

/// Returns the relation that a sign means.
pub(super) fn relation(text: &str, span: Span) -> Result<Relation> {
    if let Some(sign) = text.strip_prefix("\\not")
        && !sign.is_empty()
        && !sign.starts_with(|c: char| c.is_ascii_alphabetic())
        && let Ok(relation) = relation(sign, span)
        && let Some(negated) = relation.negated()
    {
        // A second stroke covers the first, so that readers see only one.
        if relation == Relation::NotEqual {
            let message = "a sign that is crossed out twice";
            return Err(Problem::new(span, message));
        }
        return Ok(negated);
    }
    let refused =
        |message: &str, hint: &str| Err(Problem::new(span, message).hint(hint));
    Ok(match text {
        "=" | "\\equiv" | "≡" => Relation::Equal,
        "\\coloneqq" | ":=" | "≔" | "\\mathrel{:}=" | "\\triangleq" => {
            Relation::Defines
        }
        "\\ne" | "\\neq" | "≠" => Relation::NotEqual,
        "<" | "\\lt" | "\\lneq" | "\\lneqq" | "\\ngeq" | "\\ngeqslant" => {
            Relation::Less
        }
        "\\le" | "\\leq" | "≤" | "\\leqslant" | "\\leqq" | "\\ngtr" => {
            Relation::LessEqual
        }
        ">" | "\\gt" | "\\gneq" | "\\gneqq" | "\\nleq" | "\\nleqslant" => {
            Relation::Greater
        }
        "\\ge" | "\\geq" | "≥" | "\\geqslant" | "\\geqq" | "\\nless" => {
            Relation::GreaterEqual
        }
        "\\approx" | "≈" | "\\simeq" => Relation::Approximately,
        "\\propto" | "∝" => Relation::Proportional,
        "\\sim" | "∼" => Relation::Distributed,
        "\\to" | "\\rightarrow" | "→" | "\\longrightarrow" => Relation::Tends,
        "=:" => {
            return refused(
                "a definition of the right side",
                "write the symbol first: b := a",
            );
        }
        "\\ll" | "\\gg" | "≪" | "≫" | "\\lll" | "\\ggg" => {
            return refused(
                "much smaller or larger: how much?",
                "write a bound, such as a \\le 0.01 b",
            );
        }
        "\\therefore" | "\\because" | "∴" | "∵" => {
            return refused(
                "from what this follows is not said",
                "write A \\Rightarrow B, or the claims alone",
            );
        }
        "\\in" | "∈" | "\\notin" | "∉" | "\\ni" | "\\subset" | "\\subseteq" =>
        {
            let message = format!("{text} has no meaning here");
            return refused(
                &message,
                "an element of an interval is written a \\in (0, 1), at the end of a chain",
            );
        }
        other => {
            let message = format!("the relation {other} has no meaning here");
            return Err(Problem::new(span, message));
        }
    })
}

/// A sign that joins two statements rather than two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// `A \Rightarrow B`
    Implies,
    /// `A \Leftarrow B`
    Implied,
    /// `A \iff B`
    Equivalent,
}

pub(super) fn link(text: &str) -> Option<Link> {
    match text {
        "\\Rightarrow" | "\\Longrightarrow" | "⇒" | "⟹" => {
            Some(Link::Implies)
        }
        "\\Leftarrow" | "\\Longleftarrow" | "⇐" | "⟸" => {
            Some(Link::Implied)
        }
        "\\Leftrightarrow" | "\\Longleftrightarrow" | "⇔" | "⟺" => {
            Some(Link::Equivalent)
        }
        _ => None,
    }
}

/// Returns whether a sign has a meaning between two expressions.
pub(crate) fn is_relation(text: &str) -> bool {
    relation(text, Span::default()).is_ok() || is_membership(text)
}

/// Returns whether a sign joins two statements.
pub(crate) fn is_link(text: &str) -> bool {
    link(text).is_some()
}

/// Returns whether a sign means that an element is in a set.
pub(super) fn is_membership(text: &str) -> bool {
    matches!(text, "\\in" | "∈")
}
