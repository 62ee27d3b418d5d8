//! Theorems that hold for every expectation and divergence.
//!
//! A divergence is not negative (Gibbs). The expectation of a nonnegative
//! quantity is not negative. By Jensen's inequality, the square of an
//! expectation is at most the expectation of the square, the exponential of an
//! expectation is at most the expectation of the exponential, and the
//! expectation of a logarithm is at most the logarithm of the expectation.

use crate::eval::{Eval, Manner};
use crate::expr::{Expectation, Expr, Function, Kind};
use crate::notation::Sort;
use crate::term::{Term, Value};
use crate::value::{Signs, Trouble};

/// The largest number of facts kept for a claim.
const MOST: usize = 60;

/// Records that a divergence is not negative.
pub(super) fn of_divergence(eval: &mut Eval, divergence: Term) {
    note(eval, divergence);
}

/// Records the facts that hold for an expectation.
pub(super) fn of_mean(eval: &mut Eval, of: &Expectation, mean: &Value) {
    let Value::Scalar(mean) = mean else { return };
    if !is_wanted(eval) {
        return;
    }
    if is_not_negative(&of.body, eval) {
        note(eval, *mean);
    }
    derived(eval, |eval| {
        for gap in gaps(eval, of, *mean)? {
            note(eval, gap);
        }
        Ok(())
    });
}

/// Records that `ln E[a] ≥ E[ln a]`, given a logarithm and its argument.
pub(in crate::eval) fn of_log(eval: &mut Eval, argument: &Expr, log: Term) {
    let Kind::Expectation(expectation) = &argument.kind else { return };
    if !is_wanted(eval) || !is_positive(&expectation.body, eval) {
        return;
    }
    derived(eval, |eval| {
        let log_of = |body: Expr| {
            let span = body.span;
            let kind = Kind::Function(Function::Log, Box::new(body));
            Expr::new(kind, span)
        };
        let body = log_of(expectation.body.clone());
        let mean = mean_of(eval, expectation, body)?.scalar()?;
        let gap = eval.store.terms.sub(log, mean);
        note(eval, gap);
        Ok(())
    });
}

fn is_wanted(eval: &Eval) -> bool {
    let known = &eval.store.known;
    !known.is_deriving
        && known.facts.len() < MOST
        && eval.store.manner == Manner::Any
}

fn note(eval: &mut Eval, term: Term) {
    let fact = (term, Signs::NOT_NEGATIVE);
    let known = &mut eval.store.known;
    let new = known.facts.len() < MOST && !known.facts.contains(&fact);
    if new && eval.store.manner == Manner::Any {
        eval.store.known.facts.push(fact);
    }
}

/// Evaluates the expressions of a theorem. An expression that cannot be
/// evaluated yields no fact.
fn derived(
    eval: &mut Eval,
    facts: impl FnOnce(&mut Eval) -> Result<(), Trouble>,
) {
    eval.store.known.is_deriving = true;
    let below = (eval.overlay.len(), eval.indices.len());
    facts(eval).ok();
    eval.overlay.truncate(below.0);
    eval.indices.truncate(below.1);
    eval.store.known.is_deriving = false;
}

fn mean_of(
    eval: &mut Eval,
    like: &Expectation,
    body: Expr,
) -> Result<Value, Trouble> {
    let expectation = Expectation { body, ..like.clone() };
    super::expectation::value(eval, &expectation)
}

/// Returns the terms that are nonnegative by Jensen's inequality.
fn gaps(
    eval: &mut Eval,
    of: &Expectation,
    mean: Term,
) -> Result<Vec<Term>, Trouble> {
    let mut gaps = vec![];
    match &of.body.kind {
        // E[g²] - E[g]², and E[‖v‖²] - ‖E[v]‖².
        Kind::Power(base, two) if is_two(two) => {
            let root = mean_of(eval, of, (**base).clone());
            if let Ok(Value::Scalar(root)) = root {
                let square = eval.store.terms.power(root, 2)?;
                gaps.push(eval.store.terms.sub(mean, square));
            }
            if let Kind::Norm(inner) = &base.kind
                && let Value::Vector(v) = mean_of(eval, of, (**inner).clone())?
            {
                let square = eval.store.terms.inner(&v, &v);
                gaps.push(eval.store.terms.sub(mean, square));
            }
        }
        // E[‖v‖²] - E[‖v‖]², and E[‖v‖] - ‖E[v]‖.
        Kind::Norm(inner) => {
            let two = Box::new(Expr::whole(2));
            let kind = Kind::Power(Box::new(of.body.clone()), two);
            let square = Expr::new(kind, of.body.span);
            let square = mean_of(eval, of, square)?.scalar()?;
            let own = eval.store.terms.power(mean, 2)?;
            gaps.push(eval.store.terms.sub(square, own));
            let length = match mean_of(eval, of, (**inner).clone())? {
                Value::Scalar(x) => eval.store.terms.absolute(x),
                Value::Vector(v) => eval.store.terms.norm(&v)?,
            };
            gaps.push(eval.store.terms.sub(mean, length));
        }
        // E[e^a] - e^E[a]
        Kind::Function(Function::Exp, inner) => {
            let inner = mean_of(eval, of, (**inner).clone())?.scalar()?;
            let other = eval.store.terms.exp(inner)?;
            gaps.push(eval.store.terms.sub(mean, other));
        }
        // `of_log` records ln E[a] - E[ln a] when a logarithm is evaluated.
        _ => {}
    }
    Ok(gaps)
}

fn is_two(expr: &Expr) -> bool {
    expr.kind == Expr::whole(2).kind
}

/// Returns the signs that the domain of a symbol allows. A symbol that is bound
/// to another value here may have any sign.
fn of_symbol(expr: &Expr, eval: &Eval) -> Signs {
    let Kind::Symbol(symbol) = &expr.kind else { return Signs::ANY };
    let notation = eval.notation;
    if eval.overlay.iter().any(|((name, _), _)| *name == symbol.name) {
        return Signs::ANY;
    }
    if notation.sizes.contains_key(&symbol.name) {
        return Signs::POSITIVE;
    }
    let declared = notation.symbols.get(&symbol.id());
    let free = declared.filter(|d| d.sort == Sort::Scalar && d.means.is_none());
    free.map_or(Signs::ANY, |d| Signs::within(&d.domain))
}

/// Checks by form whether an expression is nonnegative wherever it is defined.
fn is_not_negative(expr: &Expr, eval: &Eval) -> bool {
    let of = |e: &Expr| is_not_negative(e, eval);
    match &expr.kind {
        Kind::Number { digits, .. } => *digits >= 0,
        Kind::Norm(_) | Kind::Root(_) | Kind::Divergence(..) => true,
        Kind::Power(base, exponent) => match &exponent.kind {
            Kind::Number { digits, decimals: 0 } if digits % 2 == 0 => true,
            Kind::Number { .. } => of(base),
            _ => false,
        },
        Kind::Sum(parts) => parts.iter().all(|(minus, e)| !minus && of(e)),
        Kind::Product(factors) => factors.iter().all(of),
        Kind::Quotient(a, b) => of(a) && of(b),
        Kind::Big(big) => of(&big.body),
        Kind::Inner(a, b) => a == b,
        Kind::Symbol(_) => of_symbol(expr, eval).are(Signs::NOT_NEGATIVE),
        Kind::Expectation(inner) => of(&inner.body),
        _ => is_positive(expr, eval),
    }
}

/// Checks by form whether an expression is positive wherever it is defined.
fn is_positive(expr: &Expr, eval: &Eval) -> bool {
    let of = |e: &Expr| is_positive(e, eval);
    match &expr.kind {
        Kind::Number { digits, .. } => *digits > 0,
        Kind::Density(_) | Kind::Function(Function::Exp, _) => true,
        Kind::Normal(normal) => normal.at.is_some(),
        Kind::Power(base, _) | Kind::Root(base) => of(base),
        Kind::Product(factors) => factors.iter().all(of),
        Kind::Quotient(a, b) => of(a) && of(b),
        // A sum may be empty.
        Kind::Big(big) => big.product && of(&big.body),
        Kind::Symbol(_) => of_symbol(expr, eval).are(Signs::POSITIVE),
        Kind::Expectation(inner) => of(&inner.body),
        _ => false,
    }
}
