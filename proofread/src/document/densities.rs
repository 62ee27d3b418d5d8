//! Chains of densities, as papers write them.
//!
//! `q(x_t \mid x_0) = \mathcal N(m, v I)` claims the same as
//! `q(x_t \mid x_0) = \mathcal N(x_t; m, v I)`. And `q(x_t \mid x_0) := …` is a
//! claim, because the notation says what a density is.

use crate::expr::{Density, Expr, Kind, Symbol};
use crate::read::{Chain, Relation};
use crate::span::Result;

/// Returns a chain in which each Gaussian beside a density has a point, and no
/// density is defined.
pub(super) fn claimed(chain: &Chain) -> Chain {
    let mut chain = chain.clone();
    let relations = chain.relations.iter_mut();
    for ((left, _), (relation, _)) in chain.sides.iter().zip(relations) {
        if density(left).is_some() && *relation == Ok(Relation::Defines) {
            *relation = Ok(Relation::Equal);
        }
    }
    if let Some(point) = point(&chain) {
        for (side, span) in &mut chain.sides {
            if let Ok(Expr { kind: Kind::Normal(normal), .. }) = side
                && normal.at.is_none()
            {
                normal.at = Some(Expr::new(point.clone(), *span));
            }
        }
    }
    chain
}

/// Returns the variable of the densities in a chain of equations, if it is the
/// same one in all of them.
fn point(chain: &Chain) -> Option<Kind> {
    let equates = chain.relations.iter().all(|(relation, _)| {
        matches!(relation, Ok(Relation::Equal | Relation::Approximately))
    });
    let mut densities = chain.sides.iter().filter_map(|(e, _)| density(e));
    let of = &densities.next()?.of;
    let [variable] = of.as_slice() else { return None };
    let same = variable.to.is_none() && densities.all(|other| other.of == *of);
    (equates && same).then(|| {
        Kind::Symbol(Symbol {
            name: variable.name.clone(),
            indices: vec![variable.from.clone()],
            arguments: vec![],
        })
    })
}

fn density(side: &Result<Expr>) -> Option<&Density> {
    match side {
        Ok(Expr { kind: Kind::Density(density), .. }) => Some(density),
        _ => None,
    }
}
