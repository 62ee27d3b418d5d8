//! Equations with a limit, as the claim that one term goes to another.

use crate::claim::{Claim, Limit};
use crate::expr::{Expr, Kind};
use crate::relation::Relation;
use crate::span::Span;

/// Returns `\lim_{h \to 0} f = g` as the claim that `f` goes to `g`.
pub(in crate::solve) fn of_equation(claim: &Claim) -> Option<Claim> {
    if claim.relation != Relation::Equal {
        return None;
    }
    let holds_limit = |expr: &Expr| {
        let mut found = false;
        expr.visit(&mut |e| found |= matches!(e.kind, Kind::Limit(_)));
        found
    };
    let (limit, other) = match (&claim.left.kind, &claim.right.kind) {
        (Kind::Limit(limit), _) => (limit, &claim.right),
        (_, Kind::Limit(limit)) => (limit, &claim.left),
        _ => return None,
    };
    if holds_limit(other) || holds_limit(&limit.of) {
        return None;
    }
    let mut conditions = claim.conditions.clone();
    if let (Limit::Number(at), Some(above)) = (limit.to, limit.from_above) {
        let by = Expr::new(Kind::Symbol(limit.by.clone()), Span::default());
        let side = if above { Relation::Greater } else { Relation::Less };
        let size = Expr::whole(at.abs());
        let at = if at < 0 {
            Expr::new(Kind::Sum(vec![(true, size)]), Span::default())
        } else {
            size
        };
        conditions.push((by, side, at));
    }
    Some(Claim {
        left: limit.of.clone(),
        relation: Relation::Tends,
        right: other.clone(),
        conditions,
        varies: Some((limit.by.clone(), Some(limit.to))),
        ..claim.clone()
    })
}
