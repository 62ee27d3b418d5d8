//! Densities, expectations and divergences at real points.
//!
//! A process is a chain of Gaussian steps, each affine in the variable
//! before, so all of its variables together are Gaussian, or, where its start
//! is left open, a mixture: a claim that holds for one Gaussian as the data
//! may be false for others, so the data are never a single one. Every density
//! of the process, conditional or not, is then a quotient of two sums of
//! Gaussian densities, computed with 256 bits.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `linear` | triangular matrices |
//! | `mixture` | mixtures of Gaussians, and one part of them given another |
//! | `process` | the joint distribution of a process |
//! | `expectation` | means of quadratic functions, exactly |
//! | `sampling` | other means, by sampling |

mod expectation;
mod linear;
mod mixture;
mod process;
mod sampling;

pub(crate) use mixture::{Kernel, Mixture};

use crate::eval::Eval;
use crate::expr::{Expr, Function, Kind, Normal};
use crate::notation::{Declaration, Sort};
use crate::value::{DIMENSION, Number, Real, Trouble, Value};
use crate::world::Source;

/// How many steps a density counts for: it takes about as long as these.
const STEPS: u32 = 20;

/// The value of an expression that is about probabilities.
pub(crate) fn value<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expr: &Expr,
) -> Result<Value<Real>, Trouble> {
    match &expr.kind {
        Kind::Normal(_) | Kind::Density(_) => {
            let log = log(eval, expr)?;
            log.apply(Function::Exp).map(Value::Scalar)
        }
        Kind::Expectation(expectation) => expectation::value(eval, expectation),
        Kind::Divergence(p, q) => divergence(eval, p, q).map(Value::Scalar),
        _ => Err(Trouble::Unsupported("this is no probability".into())),
    }
}

/// The logarithm of an expression. Densities stay logarithms all the way:
/// what a derivation does with them is add and subtract.
pub(crate) fn log<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expr: &Expr,
) -> Result<Real, Trouble> {
    if let Kind::Normal(_) | Kind::Density(_) = expr.kind {
        eval.steps += STEPS;
    }
    match &expr.kind {
        Kind::Normal(normal) => gaussian(eval, normal),
        Kind::Density(density) => process::log_density(eval, density),
        Kind::Product(factors) if has_density(expr) => {
            let mut logs = factors.iter().map(|factor| log(eval, factor));
            logs.try_fold(Real::whole(0), |sum, log| Ok(sum.add(&log?)))
        }
        Kind::Big(big) if big.product && has_density(expr) => {
            eval.log_of_product(big)
        }
        Kind::Quotient(over, under) if has_density(expr) => {
            Ok(log(eval, over)?.sub(&log(eval, under)?))
        }
        _ => eval.scalar(expr)?.apply(Function::Log),
    }
}

/// Whether densities are among the factors.
pub(crate) fn has_density(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Normal(_) | Kind::Density(_) => true,
        Kind::Product(factors) => factors.iter().any(has_density),
        Kind::Quotient(a, b) => has_density(a) || has_density(b),
        Kind::Big(big) => big.product && has_density(&big.body),
        _ => false,
    }
}

/// `ln N(x; m, v I) = -½ (D ln(2πv) + ‖x - m‖²/v)`.
fn gaussian<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    normal: &Normal,
) -> Result<Real, Trouble> {
    let Some(at) = &normal.at else {
        let why = "a distribution where a number should be";
        return Err(Trouble::Unsupported(why.into()));
    };
    let at = eval.value(at)?;
    let mut offset = at.sub(&eval.value(&normal.mean)?)?;
    // N(0; 0, v I): the number 0 as a vector.
    if let (Value::Scalar(x), true) = (&offset, normal.of_vectors) {
        offset = Value::Vector(std::array::from_fn::<_, DIMENSION, _>(|_| {
            x.clone()
        }));
    }
    let v = eval.scalar(&normal.variance)?;
    if !v.passes_for_positive() {
        return Err(Trouble::Undefined("a variance that is not positive"));
    }
    let dimensions = i64::try_from(offset.entries().len()).unwrap_or(1);
    let volume = Real::pi()?.mul(&Real::whole(2)).mul(&v);
    let log = volume.apply(Function::Log)?.mul(&Real::whole(dimensions));
    let squares = offset.inner(&offset)?.div(&v)?;
    squares.add(&log).div(&Real::whole(-2))
}

/// The mean and the variance of what is a single Gaussian in one variable.
fn moments<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expr: &Expr,
) -> Result<(Value<Real>, Real), Trouble> {
    match &expr.kind {
        Kind::Normal(normal) => {
            let mean = eval.value(&normal.mean)?;
            let mean = match (mean, normal.of_vectors) {
                (Value::Scalar(_), true) => Value::Vector(
                    std::array::from_fn::<_, DIMENSION, _>(|_| Real::whole(0)),
                ),
                (mean, _) => mean,
            };
            Ok((mean, eval.scalar(&normal.variance)?))
        }
        Kind::Density(density) => process::moments(eval, density),
        _ => Err(Trouble::Unsupported("this is no distribution".into())),
    }
}

/// `KL(N(m, v I) ‖ N(n, w I)) = ½ (D (v/w - 1 - ln(v/w)) + ‖m - n‖²/w)`.
fn divergence<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    p: &Expr,
    q: &Expr,
) -> Result<Real, Trouble> {
    if let (Kind::Density(p), Kind::Density(q)) = (&p.kind, &q.kind) {
        let variables = [&p.of, &q.of].map(|of| process::expanded(eval, of));
        let [a, b] = variables;
        if a? != b? {
            let why = "a divergence between densities of other variables";
            return Err(Trouble::Unsupported(why.into()));
        }
    }
    let (m, v) = moments(eval, p)?;
    let (n, w) = moments(eval, q)?;
    if !v.passes_for_positive() || !w.passes_for_positive() {
        return Err(Trouble::Undefined("a variance that is not positive"));
    }
    let ratio = v.div(&w)?;
    let excess = ratio.sub(&Real::whole(1)).sub(&ratio.apply(Function::Log)?);
    let offset = m.sub(&n)?;
    let dimensions = i64::try_from(offset.entries().len()).unwrap_or(1);
    let shift = offset.inner(&offset)?.div(&w)?;
    let twice = excess.mul(&Real::whole(dimensions)).add(&shift);
    twice.div(&Real::whole(2))
}

/// A function of which nothing is known: here an affine one, with
/// coefficients of its own for every whole argument, so that expectations of
/// its square stay exact.
pub(crate) fn affine<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    declaration: &Declaration,
    indices: &[i64],
    arguments: &[Value<Real>],
    whole: &[Option<i64>],
) -> Result<Value<Real>, Trouble> {
    let mut key = indices.to_vec();
    // Numbers make it another function altogether.
    let parameters = declaration.parameters.iter();
    for ((argument, whole), parameter) in
        arguments.iter().zip(whole).zip(parameters)
    {
        let sort = eval.notation.symbols.get(&parameter.id()).map(|d| d.sort);
        match (argument, whole) {
            (Value::Scalar(_), _) if sort == Some(Sort::Vector) => {}
            (Value::Scalar(_), Some(whole)) => key.push(*whole),
            (Value::Scalar(x), None) => {
                key.extend(x.key().iter().map(|word| word.cast_signed()));
            }
            _ => {}
        }
    }
    let name = &declaration.name;
    let mut total = eval
        .world
        .entry((format!("{name}: constant"), key.clone()), declaration.sort);
    for (i, argument) in arguments.iter().enumerate() {
        if !matches!(argument, Value::Vector(_)) {
            continue; // a number, or the vector 0, which adds nothing
        }
        let key = (format!("{name}: argument {i}"), key.clone());
        total = match declaration.sort {
            Sort::Vector => {
                let factor = eval.world.entry(key, Sort::Scalar).scalar()?;
                total.add(&argument.scaled(&factor))?
            }
            Sort::Scalar => {
                let along = eval.world.entry(key, Sort::Vector);
                total.add(&Value::Scalar(along.inner(argument)?))?
            }
        };
    }
    Ok(total)
}
