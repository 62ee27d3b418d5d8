//! The distribution of a sum of noises: `x + a \epsilon + b \xi` is
//! `\mathcal N(x, (a^2 + b^2) I)`, since the noises are independent.

use super::{Counterexample, Evidence, SAY_WHERE, Tier, Verdict};
use crate::claim::Claim;
use crate::expr::{Expr, Kind, Symbol};
use crate::relation::Relation;

/// A part of a sum: a noise with its factor, or a term without noise.
type Part = (Option<Symbol>, Expr);

/// Decides `a \sim \mathcal N(m, v I)` by the factors of the noises in `a`, and
/// by the terms without noise.
pub(super) fn decide(claim: &Claim) -> Verdict {
    let Kind::Normal(normal) = &claim.right.kind else {
        let why = "only a Gaussian can stand on the right of this sign";
        return Verdict::Undecided(why.into());
    };
    // Noise that a condition restricts is no longer standard normal.
    let conditions = claim.conditions.iter().flat_map(|(a, _, b)| [a, b]);
    let free = !conditions.into_iter().any(|side| is_random(side, claim));
    let parts = parts(&claim.left, claim).filter(|parts| {
        let symbols: Vec<_> =
            parts.iter().filter_map(|p| p.0.as_ref()).collect();
        free && !symbols.is_empty() && are_independent(&symbols)
    });
    let Some(parts) = parts else {
        let why = "this is no sum of noises, of which the notation says that \
                   they are standard normal, each with a factor";
        return Verdict::Undecided(why.into());
    };
    let is_noise = |part: &&Part| part.0.is_some();
    let rest = parts.iter().filter(|part| !is_noise(part));
    let mean = sum(rest.map(|(_, term)| term.clone()), &claim.left);
    // The factors of one noise are added before they are squared.
    let mut noises: Vec<&Symbol> = vec![];
    for noise in parts.iter().filter_map(|part| part.0.as_ref()) {
        if !noises.contains(&noise) {
            noises.push(noise);
        }
    }
    let squares = noises.into_iter().map(|noise| {
        let own = parts.iter().filter(|part| part.0.as_ref() == Some(noise));
        let factor = sum(own.map(|(_, factor)| factor.clone()), &claim.left);
        let two = Box::new(Expr::whole(2));
        Expr::new(Kind::Power(Box::new(factor), two), claim.left.span)
    });
    let variance = sum(squares, &claim.left);
    // The claim is shown only as far as its mean and its variance are.
    let sides = [
        ("mean", mean, &normal.mean),
        ("variance", variance, &normal.variance),
    ];
    let mut shown: Option<Evidence> = None;
    for (what, own, stated) in sides {
        let part = Claim {
            left: own,
            relation: Relation::Equal,
            right: stated.clone(),
            ..claim.clone()
        };
        match super::decide(&part) {
            Verdict::Holds(evidence) if evidence.tier != Tier::Searched => {
                // The claim holds only where the weaker of both equations does.
                let less = !evidence.every || evidence.only.is_some();
                if less || shown.is_none() {
                    shown = Some(evidence);
                }
            }
            Verdict::Fails(found) if what == "mean" => {
                return Verdict::Fails(of(what, found));
            }
            Verdict::Fails(_) => return with_values(&part),
            other => return other,
        }
    }
    match shown {
        Some(shown) => {
            Verdict::Holds(Evidence { tier: Tier::Gaussian, ..shown })
        }
        None => Verdict::Undecided("nothing was shown of it".into()),
    }
}

/// Decides a false claim about a variance once more, where the stated variance is
/// not negative: no Gaussian has a negative one.
fn with_values(claim: &Claim) -> Verdict {
    let of_expr = |kind| Expr::new(kind, claim.right.span);
    let root = of_expr(Kind::Root(Box::new(claim.right.clone())));
    let two = Box::new(Expr::whole(2));
    let right = of_expr(Kind::Power(Box::new(root), two));
    match super::decide(&Claim { right, ..claim.clone() }) {
        Verdict::Fails(found) => Verdict::Fails(of("variance", found)),
        _ => Verdict::Undecided(format!(
            "it is false only where the stated variance is negative, or where \
             that is not clear{SAY_WHERE}"
        )),
    }
}

/// Returns a counterexample to a stated mean or variance.
fn of(what: &str, found: Counterexample) -> Counterexample {
    Counterexample {
        left: format!("of {what} {}", found.left),
        right: format!("of {what} {}", found.right),
        ..found
    }
}

/// Splits an expression into noises with factors, and terms without noise; none
/// if it has another form.
fn parts(expr: &Expr, claim: &Claim) -> Option<Vec<Part>> {
    if !is_random(expr, claim) {
        return Some(vec![(None, expr.clone())]);
    }
    let with = |inner: &Expr, by: &dyn Fn(Expr) -> Kind| {
        let all = parts(inner, claim)?.into_iter();
        let all = all
            .map(|(noise, factor)| (noise, Expr::new(by(factor), expr.span)));
        Some(all.collect::<Vec<_>>())
    };
    match &expr.kind {
        Kind::Symbol(symbol) if is_noise(symbol, claim) => {
            Some(vec![(Some(symbol.clone()), Expr::whole(1))])
        }
        Kind::Sum(terms) => {
            let mut all = vec![];
            for (minus, term) in terms {
                all.extend(with(term, &|part| {
                    Kind::Sum(vec![(*minus, part)])
                })?);
            }
            Some(all)
        }
        Kind::Product(factors) => {
            let random = |factor: &&Expr| is_random(factor, claim);
            let mut noisy = factors.iter().filter(random);
            let (noise, None) = (noisy.next()?, noisy.next()) else {
                return None;
            };
            let others = factors.iter().filter(|factor| !random(factor));
            let others: Vec<Expr> = others.cloned().collect();
            with(noise, &|part| {
                Kind::Product(others.iter().cloned().chain([part]).collect())
            })
        }
        Kind::Quotient(above, below) if !is_random(below, claim) => {
            with(above, &|part| Kind::Quotient(Box::new(part), below.clone()))
        }
        _ => None,
    }
}

/// Returns whether a symbol is noise of the sort of the Gaussian: a number or a
/// vector.
fn is_noise(symbol: &Symbol, claim: &Claim) -> bool {
    let Kind::Normal(normal) = &claim.right.kind else { return false };
    let declared = claim.notation.symbols.get(&symbol.id());
    let vectors = crate::notation::Sort::Vector;
    declared.is_some_and(|d| {
        d.standard_normal && (d.sort == vectors) == normal.of_vectors
    })
}

/// Returns whether an expression contains noise, directly or by definitions.
pub(crate) fn is_random(expr: &Expr, claim: &Claim) -> bool {
    let noise = |name: &str| {
        let mut named = claim.notation.symbols.values();
        named.any(|d| d.name == name && d.standard_normal)
    };
    let mut found = false;
    expr.visit(&mut |e| {
        let Kind::Symbol(symbol) = &e.kind else { return };
        let declared = claim.notation.symbols.get(&symbol.id());
        let through = |d: &crate::notation::Declaration| {
            d.depends.iter().any(|name| noise(name))
        };
        // The definitions of the text are not searched for noise.
        found |= noise(&symbol.name)
            || declared.is_some_and(through)
            || claim.uses.iter().any(|used| used.symbol.name == symbol.name);
    });
    found
}

/// Returns whether noises are equal or independent: two entries of a family may
/// be equal.
fn are_independent(noises: &[&Symbol]) -> bool {
    noises.iter().all(|a| noises.iter().all(|b| *a == *b || a.name != b.name))
}

fn sum(parts: impl Iterator<Item = Expr>, like: &Expr) -> Expr {
    let mut parts: Vec<(bool, Expr)> =
        parts.map(|part| (false, part)).collect();
    if parts.len() == 1 {
        return parts.swap_remove(0).1;
    }
    if parts.is_empty() {
        return Expr::whole(0);
    }
    Expr::new(Kind::Sum(parts), like.span)
}
