//! Bounds by Gibbs' inequality: `E_q[ln q(a | b) - ln p(a | b)] ≥ 0`, whatever
//! `p` and `q` are, since it is the mean of a divergence.

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
use crate::term::Value;
use std::collections::BTreeSet;

/// Whether one side exceeds the other by the mean of a divergence.
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
    let (over, all) = processes(claim);
    for q in &over {
        for p in &all {
            if p == q {
                continue;
            }
            for given in 0..3 {
                let mut eval = Eval::new(
                    &claim.notation,
                    &claim.uses,
                    &mut instance.store,
                    choice.indices.clone(),
                );
                let Some(gap) = divergence(&eval, q, p, given) else {
                    continue;
                };
                let Ok(gap) = eval.scalar(&gap) else { continue };
                let sum = instance.store.terms.add(less, gap);
                let mut normalizer = instance.normalizer();
                if groups::are_equal(&mut normalizer, more, sum) {
                    return true;
                }
            }
        }
    }
    false
}

/// The processes that means are over, and all that a claim speaks of.
fn processes(claim: &Claim) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut over_all, mut all) = (BTreeSet::new(), BTreeSet::new());
    for expr in claim.expressions() {
        expr.visit(&mut |e| match &e.kind {
            Kind::Density(density) => {
                all.insert(density.name.clone());
            }
            Kind::Expectation(expectation) => {
                for over in &expectation.over {
                    if let Over::Process(name) = over {
                        over_all.insert(name.clone());
                    }
                }
            }
            _ => {}
        });
    }
    (over_all, all)
}

/// `E_q[ln q(a | b) - ln p(a | b)]`, with the first variable, the last or none
/// as `b`, and all others as `a`.
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
    let log = |name: &str| {
        let (of, given) = (vec![of.clone()], given.clone());
        let density = Density { name: name.to_owned(), of, given };
        let density = Expr::new(Kind::Density(density), Span::default());
        let kind = Kind::Function(Function::Log, Box::new(density));
        Expr::new(kind, Span::default())
    };
    let body = Kind::Sum(vec![(false, log(q)), (true, log(p))]);
    let expectation = Expectation {
        over: vec![Over::Process(q.to_owned())],
        body: Expr::new(body, Span::default()),
        given: vec![],
    };
    let kind = Kind::Expectation(Box::new(expectation));
    Some(Expr::new(kind, Span::default()))
}
