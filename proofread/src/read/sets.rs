//! Sets: intervals, the values of an index, all numbers or vectors.

use super::Scope;
use super::brackets::bracket;
use super::ends::{is_declared, unbounded};
use super::expression::expression;
use super::lists::list;
use super::names::{head, spelled};
use super::pieces::{Kind as P, Piece};
use super::primary::split_commas;
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result, Span};
use crate::value::Interval;

/// A set of all numbers or vectors of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum All {
    /// `\mathbb R`
    Numbers,
    /// `\mathbb R^d`
    Vectors,
    /// `\mathbb Z`
    Whole,
    /// `\mathbb N`
    Natural,
}

/// The meaning of `element \in set`.
#[derive(Clone, Debug)]
pub(crate) enum Member {
    /// The element lies between bounds: these relations, in order.
    Between(Vec<Condition>),
    /// The element is in a set of all numbers or vectors.
    OneOf(All),
}

/// Reads `element \in set`.
pub(super) fn member(
    element: &[Piece],
    set: &[Piece],
    sign: Span,
    scope: &mut Scope,
) -> Result<Member> {
    let read = expression(element, scope)?;
    if let Some(member) = all(&read, set, sign, scope) {
        return member;
    }
    let bare = |piece: &Piece| piece.sub.is_none() && piece.sup.is_none();
    if let Some((length, inside)) = bracket(set)
        && length == set.len()
        && bare(&set[0])
        && bare(&set[length - 1])
    {
        let (open, close) = (set[0].text(), set[length - 1].text());
        let braces = matches!(&*open, "\\{" | "\\lbrace");
        if braces {
            let index = match element {
                [only] => head(only).is_some_and(|head| {
                    head.sub.is_none() && scope.is_whole(&head.name)
                }),
                _ => false,
            };
            let span = set[0].span.to(set[length - 1].span);
            if !index {
                let message = "an element of a set of single values";
                return Err(Problem::new(span, message).hint(
                    "only an index runs over such a set; write an interval or a relation",
                ));
            }
            return list(element, inside, span, scope).map(Member::Between);
        }
        if let [low, high] = split_commas(inside).as_slice() {
            let bad = |piece: &Piece| {
                let message = "this bracket is not one of an interval";
                Problem::new(piece.span, message)
                    .hint("write (a, b), [a, b), (a, b] or [a, b]")
            };
            let from = match &*open {
                "(" => Relation::Less,
                "[" | "\\lbrack" => Relation::LessEqual,
                _ => return Err(bad(&set[0])),
            };
            let to = match &*close {
                ")" => Relation::Less,
                "]" | "\\rbrack" => Relation::LessEqual,
                _ => return Err(bad(&set[length - 1])),
            };
            let mut between = vec![];
            if infinite(low) != Some(true) {
                let low = expression(low, scope)?;
                between.push((low, from, read.clone()));
            }
            if infinite(high) != Some(false) {
                let high = expression(high, scope)?;
                between.push((read, to, high));
            }
            if between.is_empty() {
                return Ok(Member::OneOf(All::Numbers));
            }
            return Ok(Member::Between(between));
        }
    }
    let place = set.iter().map(Piece::extent).reduce(Span::to);
    let message = "this set is not known";
    Err(Problem::new(place.unwrap_or(sign), message).hint(
        "known are intervals such as (0, 1], \\mathbb R, \\mathbb R^d, \\mathbb R_{>0} and, for an index, \\{1, \\dots, T\\}",
    ))
}

/// Refuses a condition that a symbol is any number, if its domain in the
/// notation is smaller: the proof would cover less than the claim.
pub(super) fn within(element: &Expr, of: All, scope: &Scope) -> Result<()> {
    let Kind::Symbol(symbol) = &element.kind else { return Ok(()) };
    if matches!(of, All::Whole | All::Natural | All::Numbers)
        && symbol.indices.is_empty()
        && is_declared(&symbol.name, scope)
    {
        return Err(unbounded(element));
    }
    let known = scope.notation.symbols.get(&symbol.id());
    let Some(known) = known.filter(|known| {
        of == All::Numbers
            && known.means.is_none()
            && known.domain != Interval::REALS
    }) else {
        return Ok(());
    };
    let message = format!(
        "{element} is in {} by the notation, and this allows more",
        known.domain
    );
    Err(Problem::new(element.span, message))
}

/// Returns whether an infinity is negative, or `None` for other pieces.
pub(super) fn infinite(pieces: &[Piece]) -> Option<bool> {
    let infinity = |piece: &Piece| {
        matches!(&piece.kind, P::Letter(text) if text == "\\infty")
            && piece.sub.is_none()
            && piece.sup.is_none()
    };
    match pieces {
        [only] if infinity(only) => Some(false),
        [sign, only] if infinity(only) => match &sign.kind {
            P::Operator(sign) if matches!(&**sign, "-" | "−") => Some(true),
            P::Operator(sign) if sign == "+" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Reads `\mathbb R` or a similar set, with its superscript.
fn all(
    element: &Expr,
    set: &[Piece],
    sign: Span,
    scope: &Scope,
) -> Option<Result<Member>> {
    let [only] = set else { return None };
    let letter = match &only.kind {
        P::Styled(font, body) if font == "mathbb" || font == "Bbb" => {
            spelled(body)
        }
        P::Letter(text) => match &**text {
            "ℝ" | "\\R" | "\\Reals" | "\\reals" => "R".to_owned(),
            "ℕ" | "\\N" | "\\natnums" => "N".to_owned(),
            "ℤ" | "\\Z" => "Z".to_owned(),
            _ => return None,
        },
        _ => return None,
    };
    let unknown = || {
        let message = "this set is not known";
        Some(Err(Problem::new(only.extent(), message).hint(
            "write \\mathbb R, \\mathbb R^d or an interval such as (0, \\infty)",
        )))
    };
    let of = match &*letter {
        "R" => All::Numbers,
        "Z" => All::Whole,
        "N" => All::Natural,
        _ => return unknown(),
    };
    let scripts =
        (only.sub.as_deref().map(spelled), only.sup.as_deref().map(spelled));
    let scripts = (scripts.0.as_deref(), scripts.1.as_deref());
    if of != All::Numbers {
        return match scripts {
            (None, None) => Some(Ok(Member::OneOf(of))),
            _ => unknown(),
        };
    }
    let zero = || Expr::new(Expr::whole(0).kind, sign);
    let over = |relation| {
        let between = vec![(zero(), relation, element.clone())];
        Some(Ok(Member::Between(between)))
    };
    match scripts {
        (None, None) => Some(Ok(Member::OneOf(All::Numbers))),
        (Some(">0") | None, Some(">0")) | (Some(">0"), None) => {
            over(Relation::Less)
        }
        (Some("++"), None) | (None, Some("++")) => over(Relation::Less),
        (Some("\\ge0" | "\\geq0" | "\\geqslant0" | "≥0"), None)
        | (None, Some("\\ge0" | "\\geq0" | "\\geqslant0" | "≥0")) => {
            over(Relation::LessEqual)
        }
        (Some("+"), None) | (None, Some("+")) => {
            Some(Err(Problem::new(only.extent(), "does this set hold zero?")
                .hint("write \\mathbb R_{>0} or \\mathbb R_{\\ge 0}")))
        }
        (None, Some("d")) if scope.notation.sizes.contains_key("d") => {
            Some(Ok(Member::OneOf(All::Vectors)))
        }
        (None, Some(power)) if scope.notation.sizes.contains_key(power) => {
            let message = "the dimension of vectors is the size d";
            Some(Err(Problem::new(only.extent(), message)
                .hint("declare the size d in the notation, and write it here")))
        }
        _ => unknown(),
    }
}
