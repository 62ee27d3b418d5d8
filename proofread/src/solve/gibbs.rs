//! Bounds by Gibbs' inequality: `E_q[ln q(a | b) - ln p(a | b)] ≥ 0` for any
//! `p` and `q`, since the left side is the mean of a divergence.

use super::groups;
use super::instance::Instance;
use super::points::Choice;
use crate::claim::Claim;
use crate::eval::Eval;
use crate::expr::{
    Density, Expectation, Expr, Function, Kind, Over, Variables,
};
use crate::relation::Relation;
use crate::span::Span;
use crate::term::{Term, Value};
use std::collections::BTreeSet;

/// Returns whether one side exceeds the other by the mean of a divergence.
pub(super) fn shown(
    claim: &Claim,
    choice: &Choice,
    instance: &mut Instance,
) -> bool {
    let (Ok(Value::Scalar(left)), Ok(Value::Scalar(right))) =
        (&instance.left, &instance.right)
    else {
        return false;
    };
    let (less, more) = match claim.relation {
        Relation::LessEqual => (*left, *right),
        Relation::GreaterEqual => (*right, *left),
        _ => return false,
    };
    let (over, densities, all) = processes(claim);
    for q in &over {
        for p in &all {
            if p == q {
                continue;
            }
            for given in 0..3 {
                let eval = evaluated(claim, choice, instance);
                let gap = divergence(&eval, q, p, given);
                if gap.is_some_and(|gap| {
                    exceeds(claim, choice, instance, (less, more), &gap)
                }) {
                    return true;
                }
            }
        }
    }
    let mut pairs = densities.iter().flat_map(|q| {
        let others = all.iter().filter(|p| **p != q.name);
        others.map(move |p| (q, p))
    });
    pairs.any(|(q, p)| {
        let processes = &claim.notation.processes;
        let variable = |name: &str| processes.get(name).map(|p| &p.variable);
        let gap = mean_of_ratio(Over::Density((*q).clone()), q, p);
        variable(&q.name) == variable(p)
            && exceeds(claim, choice, instance, (less, more), &gap)
    })
}

fn evaluated<'a>(
    claim: &'a Claim,
    choice: &Choice,
    instance: &'a mut Instance,
) -> Eval<'a> {
    let indices = choice.indices.clone();
    Eval::new(&claim.notation, &claim.uses, &mut instance.store, indices)
}

/// Returns whether `more` is the sum of `less` and a gap.
fn exceeds(
    claim: &Claim,
    choice: &Choice,
    instance: &mut Instance,
    (less, more): (Term, Term),
    gap: &Expr,
) -> bool {
    let gap = evaluated(claim, choice, instance).scalar(gap);
    gap.is_ok_and(|gap| {
        let sum = instance.store.terms.add(less, gap);
        groups::are_equal(&mut instance.normalizer(), more, sum)
    })
}

/// Returns the processes and the densities that means are over, and all
/// processes in a claim.
fn processes(
    claim: &Claim,
) -> (BTreeSet<String>, Vec<&Density>, BTreeSet<String>) {
    let (mut over_all, mut all) = (BTreeSet::new(), BTreeSet::new());
    let mut densities = vec![];
    for expr in claim.expressions() {
        expr.visit(&mut |e| match &e.kind {
            Kind::Density(density) => {
                all.insert(density.name.clone());
            }
            Kind::Expectation(expectation) => {
                for over in &expectation.over {
                    match over {
                        Over::Process(name) => {
                            over_all.insert(name.clone());
                        }
                        Over::Density(density)
                            if !densities.contains(&density) =>
                        {
                            densities.push(density);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        });
    }
    (over_all, densities, all)
}

/// Returns `E_q[ln q(a | b) - ln p(a | b)]`, with the first variable, the last
/// or none as `b`, and all others as `a`.
fn divergence(eval: &Eval, q: &str, p: &str, given: u8) -> Option<Expr> {
    let processes = &eval.notation.processes;
    let (of_q, of_p) = (processes.get(q)?, processes.get(p)?);
    if of_q.variable != of_p.variable {
        return None;
    }
    let (low, high) = (eval.bound(&of_q.range.0), eval.bound(&of_q.range.1));
    let same =
        low == eval.bound(&of_p.range.0) && high == eval.bound(&of_p.range.1);
    if !same || high <= low {
        return None;
    }
    let range = |from: i64, to: i64| Variables {
        name: of_q.variable.clone(),
        from: Expr::whole(from),
        to: Some(Expr::whole(to)),
    };
    let (of, given) = match given {
        0 => (range(low + 1, high), vec![range(low, low)]),
        1 => (range(low, high - 1), vec![range(high, high)]),
        _ => (range(low, high), vec![]),
    };
    let density = Density { name: q.to_owned(), of: vec![of], given };
    Some(mean_of_ratio(Over::Process(q.to_owned()), &density, p))
}

/// Returns `E[ln q(a | b) - ln p(a | b)]`.
fn mean_of_ratio(over: Over, q: &Density, p: &str) -> Expr {
    let log = |name: &str| {
        let density = Density { name: name.to_owned(), ..q.clone() };
        let density = Expr::new(Kind::Density(density), Span::default());
        let kind = Kind::Function(Function::Log, Box::new(density));
        Expr::new(kind, Span::default())
    };
    let body = Kind::Sum(vec![(false, log(&q.name)), (true, log(p))]);
    let body = Expr::new(body, Span::default());
    let expectation = Expectation { over: vec![over], body, given: vec![] };
    let kind = Kind::Expectation(Box::new(expectation));
    Expr::new(kind, Span::default())
}
