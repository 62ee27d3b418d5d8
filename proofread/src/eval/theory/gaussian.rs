//! Densities of Gaussians, and divergences between them.

use super::{density, expectation, process};
use crate::eval::{Eval, Key, Store};
use crate::expr::{Density, Expectation, Expr, Function, Kind, Normal, Over};
use crate::term::{Combination, Op, Term, Value};
use crate::value::{Q, Trouble};

/// A Gaussian: `N(m, v I)` for vectors, `N(m, v)` for numbers.
#[derive(Clone, Debug)]
pub(super) struct Gaussian {
    pub(super) mean: Value,
    pub(super) variance: Term,
}

/// Computes `ln N(x; m, v I) = -½ (d ln(2πv) + ‖x - m‖²/v)` for vectors.
pub(super) fn log_density(
    store: &mut Store,
    at: &Combination,
    mean: &Combination,
    variance: Term,
) -> Result<Term, Trouble> {
    let offset = store.terms.sub_vectors(at, mean);
    let square = store.terms.inner(&offset, &offset);
    let dimension = store.dimension();
    assembled(store, square, variance, dimension)
}

fn assembled(
    store: &mut Store,
    square: Term,
    variance: Term,
    dimension: Term,
) -> Result<Term, Trouble> {
    let terms = &mut store.terms;
    let (two, pi) = (terms.whole(2), terms.store(Op::Pi));
    let volume = terms.product(&[two, pi, variance]);
    let log = terms.log(volume)?;
    let log = terms.mul(dimension, log);
    let share = terms.div(square, variance)?;
    let sum = terms.add(log, share);
    let factor = terms.number(Q::new((-1).into(), 2.into()));
    Ok(terms.mul(factor, sum))
}

/// Returns the log-density that `\mathcal N(x; m, v I)` denotes.
pub(super) fn log_density_of(
    eval: &mut Eval,
    normal: &Normal,
) -> Result<Term, Trouble> {
    let Some(at) = &normal.at else {
        let why = "a distribution where a number should be";
        return Err(Trouble::Unsupported(why.into()));
    };
    let at = eval.value(at)?;
    let Gaussian { mean, variance } = distribution(eval, normal)?;
    let store = &mut *eval.store;
    match (at, mean) {
        (Value::Scalar(at), Value::Scalar(mean)) if !normal.of_vectors => {
            let offset = store.terms.sub(at, mean);
            let square = store.terms.power(offset, 2)?;
            let one = store.terms.whole(1);
            assembled(store, square, variance, one)
        }
        (at, mean) => {
            let at = at.vector(&store.terms)?;
            let mean = mean.vector(&store.terms)?;
            log_density(store, &at, &mean, variance)
        }
    }
}

/// Returns the distribution with a density that `\mathcal N(m, v I)` denotes.
fn distribution(eval: &mut Eval, normal: &Normal) -> Result<Gaussian, Trouble> {
    let found = drawn_from(eval, normal)?;
    if eval.store.terms.is_zero(found.variance) {
        return Err(Trouble::Undefined("a variance that is not positive"));
    }
    Ok(found)
}

/// Returns the distribution that `\mathcal N(m, v I)` denotes. With `v = 0` it is a
/// point, which has no density.
pub(super) fn drawn_from(
    eval: &mut Eval,
    normal: &Normal,
) -> Result<Gaussian, Trouble> {
    let mean = eval.value(&normal.mean)?;
    let variance = eval.scalar(&normal.variance)?;
    let number = eval.store.terms.as_number(variance);
    if number.is_some_and(|v| *v < Q::default()) {
        return Err(Trouble::Undefined("a variance that is negative"));
    }
    let mean = if normal.of_vectors {
        Value::Vector(mean.vector(&eval.store.terms)?)
    } else {
        mean
    };
    Ok(Gaussian { mean, variance })
}

fn of(eval: &mut Eval, expr: &Expr) -> Result<Gaussian, Trouble> {
    match &expr.kind {
        Kind::Normal(normal) => distribution(eval, normal),
        Kind::Density(density) => density::moments(eval, density),
        _ => Err(Trouble::Unsupported("this is no distribution".into())),
    }
}

/// Computes
/// `KL(N(m, v I) ‖ N(n, w I)) = ½ (d (v/w - 1 - ln(v/w)) + ‖m - n‖²/w)`.
pub(super) fn divergence(
    eval: &mut Eval,
    p: &Expr,
    q: &Expr,
) -> Result<Term, Trouble> {
    let variables = (variables(eval, p)?, variables(eval, q)?);
    if let (Some(a), Some(b)) = variables
        && a != b
    {
        let why = "a divergence between distributions of different variables";
        return Err(Trouble::Unsupported(why.into()));
    }
    let (p, q) = match (of(eval, p), of(eval, q)) {
        (Err(Trouble::Unsupported(why)), _)
        | (_, Err(Trouble::Unsupported(why))) => {
            let Kind::Density(density) = &p.kind else {
                return Err(Trouble::Unsupported(why));
            };
            return by_mean(eval, density, p, q);
        }
        (p, q) => (p?, q?),
    };
    let store = &mut *eval.store;
    let (v, w) = (p.variance, q.variance);
    let (square, dimension) = match (p.mean, q.mean) {
        (Value::Scalar(m), Value::Scalar(n)) => {
            let offset = store.terms.sub(m, n);
            let square = store.terms.power(offset, 2)?;
            (square, store.terms.whole(1))
        }
        (m, n) => {
            let m = m.vector(&store.terms)?;
            let n = n.vector(&store.terms)?;
            let offset = store.terms.sub_vectors(&m, &n);
            (store.terms.inner(&offset, &offset), store.dimension())
        }
    };
    let terms = &mut store.terms;
    let ratio = terms.div(v, w)?;
    let log = terms.log(ratio)?;
    let one = terms.whole(1);
    let excess = terms.sub(ratio, one);
    let excess = terms.sub(excess, log);
    let excess = terms.mul(dimension, excess);
    let shift = terms.div(square, w)?;
    let mut sum = terms.add(excess, shift);
    // Of two negative variances, the quotient is positive, too.
    let log = terms.log(w)?;
    if let Some(hidden) = terms.hidden(log) {
        sum = terms.add(sum, hidden);
    }
    let half = terms.number(Q::new(1.into(), 2.into()));
    Ok(terms.mul(half, sum))
}

/// Computes `KL(p ‖ q) = E_p[ln p - ln q]` for densities that are not Gaussians
/// of one variable.
fn by_mean(
    eval: &mut Eval,
    over: &Density,
    p: &Expr,
    q: &Expr,
) -> Result<Term, Trouble> {
    let log = |of: &Expr| {
        let kind = Kind::Function(Function::Log, Box::new(of.clone()));
        Expr::new(kind, of.span)
    };
    let body = Kind::Sum(vec![(false, log(p)), (true, log(q))]);
    let mean = Expectation {
        over: vec![Over::Density(over.clone())],
        body: Expr::new(body, p.span),
        given: vec![],
    };
    expectation::value(eval, &mean)?.scalar()
}

/// Returns the variables of a distribution, or `None` if it names none.
fn variables(eval: &mut Eval, of: &Expr) -> Result<Option<Vec<Key>>, Trouble> {
    match &of.kind {
        Kind::Density(density) => {
            let process = eval.notation.processes.get(&density.name);
            let name = process.map(|p| p.variable.clone());
            let all = process::expanded(eval, &density.of)?;
            Ok(name.map(|name| {
                all.into_iter().map(|i| (name.clone(), vec![i])).collect()
            }))
        }
        Kind::Normal(normal) => match &normal.at {
            None => Ok(None),
            Some(Expr { kind: Kind::Symbol(symbol), .. }) => {
                let indices = symbol.indices.iter().map(|i| eval.whole(i));
                let indices = indices.collect::<Result<Vec<_>, _>>()?;
                Ok(Some(vec![(symbol.name.clone(), indices)]))
            }
            Some(_) => {
                let why = "a distribution of an expression that is no variable";
                Err(Trouble::Unsupported(why.into()))
            }
        },
        _ => Ok(None),
    }
}
