//! The joint distribution of a process.

use super::mixture::{Component, Kernel, Mixture, Point, nearly};
use crate::eval::Eval;
use crate::expr::{Density, Expr, Kind, Normal, Variables};
use crate::notation::{Process, Sort};
use crate::value::{DIMENSION, Number, Real, Trouble, Value};
use crate::world::Source;
use std::rc::Rc;

/// Components of the mixture that stands for unknown data.
const COMPONENTS: i64 = 2;

/// The logarithm of a density of a process at the values of its variables.
pub(super) fn log_density<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    density: &Density,
) -> Result<Real, Trouble> {
    let of = expanded(eval, &density.of)?;
    let given = expanded(eval, &density.given)?;
    if of.iter().any(|i| given.contains(i)) || of.is_empty() {
        let why = "a density of what it is conditional on";
        return Err(Trouble::Unsupported(why.into()));
    }
    let kernel = kernel(eval, &density.name, &of, &given)?;
    let at = values(eval, &density.name, &of)?;
    let known = values(eval, &density.name, &given)?;
    kernel.log_density(&at, &known)
}

/// The mean and variance of one variable given others, if it is a single
/// Gaussian.
pub(super) fn moments<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    density: &Density,
) -> Result<(Value<Real>, Real), Trouble> {
    let of = expanded(eval, &density.of)?;
    let given = expanded(eval, &density.given)?;
    let kernel = kernel(eval, &density.name, &of, &given)?;
    if of.len() > 1 {
        let why = "a divergence between densities of several variables";
        return Err(Trouble::Unsupported(why.into()));
    }
    if !kernel.is_gaussian() {
        let why = "a divergence from what is no Gaussian, whatever the data";
        return Err(Trouble::Unsupported(why.into()));
    }
    let known = values(eval, &density.name, &given)?;
    let only = &kernel.at(&known)?[0];
    let mean = Value::Vector(only.means[0].clone());
    Ok((mean, only.covariance[0][0].clone()))
}

/// The values of variables of a process.
pub(super) fn values<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    name: &str,
    indices: &[i64],
) -> Result<Vec<Point>, Trouble> {
    let family = &eval.notation.processes[name].variable;
    let one = |&i: &i64| point(eval.look_up((family.clone(), vec![i]))?);
    indices.iter().map(one).collect()
}

/// The distribution of some variables of a process given others.
pub(super) fn kernel<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    name: &str,
    of: &[i64],
    given: &[i64],
) -> Result<Rc<Kernel>, Trouble> {
    let key = (name.to_owned(), of.to_vec(), given.to_vec());
    if let Some(known) = eval.world.kernels.get(&key) {
        return Ok(Rc::clone(known));
    }
    let (joint, first) = joint(eval, name)?;
    let count = joint[0].means.len();
    let places = |indices: &[i64]| {
        let place = |i: &i64| {
            usize::try_from(i - first).ok().filter(|&place| place < count)
        };
        indices.iter().map(place).collect::<Option<Vec<_>>>()
    };
    let (Some(of), Some(given)) = (places(of), places(given)) else {
        let family = &eval.notation.processes[name].variable;
        let last = first + i64::try_from(count).unwrap_or(0) - 1;
        return Err(Trouble::OutOfRange(format!(
            "{name} has {family}_{first} to {family}_{last} only"
        )));
    };
    let kernel = Rc::new(Kernel::new(&joint, &of, &given)?);
    eval.world.kernels.insert(key, Rc::clone(&kernel));
    Ok(kernel)
}

/// The concrete indices of a list of variables.
pub(super) fn expanded<S: Source<Number = Real>>(
    eval: &Eval<S>,
    variables: &[Variables],
) -> Result<Vec<i64>, Trouble> {
    let mut all = vec![];
    for variable in variables {
        let from = eval.whole(&variable.from)?;
        let to = match &variable.to {
            Some(to) => eval.whole(to)?,
            None => from,
        };
        if to - from > 100 {
            return Err(Trouble::Budget);
        }
        // What is known once is known: at t = 1 both x_{t-1} and x_0 are x_0.
        for i in from..=to {
            if !all.contains(&i) {
                all.push(i);
            }
        }
    }
    Ok(all)
}

/// The joint distribution of all variables, and the index of the first.
fn joint<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    name: &str,
) -> Result<(Rc<Mixture>, i64), Trouble> {
    let notation = eval.notation;
    let Some(process) = notation.processes.get(name) else {
        let why = format!("unknown process {name}");
        return Err(Trouble::Unsupported(why));
    };
    let (low, high) =
        (eval.bound(&process.range.0), eval.bound(&process.range.1));
    if high < low || high - low > 64 {
        return Err(Trouble::Budget);
    }
    if let Some(known) = eval.world.joints.get(name) {
        return Ok((Rc::clone(known), low));
    }
    let order: Vec<i64> = if process.backwards {
        (low..=high).rev().collect()
    } else {
        (low..=high).collect()
    };
    let mut mixture = start(eval, process, order[0])?;
    for pair in order.windows(2) {
        let index = if process.backwards { pair[0] } else { pair[1] };
        let (a, b, v) = step(eval, process, index, pair[0])?;
        for component in &mut mixture {
            extend(component, &a, &b, &v);
        }
    }
    if process.backwards {
        for component in &mut mixture {
            component.means.reverse();
            component.covariance.reverse();
            component.covariance.iter_mut().for_each(|row| row.reverse());
        }
    }
    let mixture = Rc::new(mixture);
    eval.world.joints.insert(name.to_owned(), Rc::clone(&mixture));
    Ok((mixture, low))
}

/// The first variable: as the process says, or a mixture.
fn start<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    process: &Process,
    first: i64,
) -> Result<Mixture, Trouble> {
    let one = Real::whole(1);
    if let Some(start) = &process.start {
        let normal = gaussian(start)?;
        let bound = vec![(process.index.clone(), first)];
        let mean = inside(eval, bound.clone(), vec![], &normal.mean)?;
        let variance = inside(eval, bound, vec![], &normal.variance)?;
        let means = vec![vector(mean)];
        let covariance = vec![vec![variance.scalar()?]];
        return Ok(vec![Component { weight: one, means, covariance }]);
    }
    // The data are those of the variable, whichever process speaks of them.
    let family = &process.variable;
    let mut mixture = vec![];
    for k in 0..COMPONENTS {
        let mut entry = |what: &str, sort| {
            eval.world.entry((format!("{family}: {what}"), vec![k]), sort)
        };
        let mean = point(entry("mean", Sort::Vector))?;
        let root = entry("deviation", Sort::Scalar).scalar()?;
        // A variance between 1/4 and a few.
        let quarter = Real::decimal(25, 2);
        let variance = quarter.add(&root.mul(&root).mul(&quarter));
        mixture.push(Component {
            weight: Real::whole(k + 1),
            means: vec![mean],
            covariance: vec![vec![variance]],
        });
    }
    let total = Real::whole(COMPONENTS * (COMPONENTS + 1) / 2);
    for component in &mut mixture {
        component.weight = component.weight.div(&total)?;
    }
    Ok(mixture)
}

/// The step into the next variable as `a x + b + N(0, v I)`.
fn step<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    process: &Process,
    index: i64,
    before: i64,
) -> Result<(Real, Point, Real), Trouble> {
    let normal = gaussian(&process.step)?;
    let key = (process.variable.clone(), vec![before]);
    let mut mean = |x: &Point| {
        let bound = vec![(process.index.clone(), index)];
        let overlay = vec![(key.clone(), Value::Vector(x.clone()))];
        inside(eval, bound, overlay, &normal.mean).map(vector)
    };
    let whole = |entries: [i64; DIMENSION]| entries.map(Real::whole);
    let b = mean(&whole([0, 0, 0]))?;
    let a = mean(&whole([1, 0, 0]))?[0].sub(&b[0]);
    // It must be affine, and the same in every direction.
    let probe = whole([2, -3, 5]);
    let expected: Vec<Real> =
        probe.iter().zip(&b).map(|(x, b)| a.mul(x).add(b)).collect();
    let found = mean(&probe)?;
    let affine = found.iter().zip(&expected).all(|(x, y)| nearly(x, y));
    if !affine {
        let why = "a step whose mean is not affine in the variable before";
        return Err(Trouble::Unsupported(why.into()));
    }
    let bound = vec![(process.index.clone(), index)];
    let v = inside(eval, bound, vec![], &normal.variance)?.scalar()?;
    if !v.passes_for_positive() {
        return Err(Trouble::Undefined("a step without noise"));
    }
    Ok((a, b, v))
}

fn extend(component: &mut Component, a: &Real, b: &Point, v: &Real) {
    let last = component.means.len() - 1;
    let mean =
        std::array::from_fn(|d| a.mul(&component.means[last][d]).add(&b[d]));
    let mut row: Vec<Real> =
        component.covariance[last].iter().map(|c| a.mul(c)).collect();
    for (earlier, c) in component.covariance.iter_mut().zip(&row) {
        earlier.push(c.clone());
    }
    row.push(a.mul(&row[last]).add(v));
    component.covariance.push(row);
    component.means.push(mean);
}

fn gaussian(expr: &Expr) -> Result<&Normal, Trouble> {
    match &expr.kind {
        Kind::Normal(normal) => Ok(normal),
        _ => Err(Trouble::Unsupported("a step that is no Gaussian".into())),
    }
}

/// The value of an expression with an index bound and a variable given.
fn inside<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    bound: Vec<(String, i64)>,
    overlay: Vec<(crate::eval::Key, Value<Real>)>,
    expr: &Expr,
) -> Result<Value<Real>, Trouble> {
    let (before, below) = (eval.indices.len(), eval.overlay.len());
    eval.indices.extend(bound);
    eval.overlay.extend(overlay);
    let value = eval.value(expr);
    eval.indices.truncate(before);
    eval.overlay.truncate(below);
    value
}

/// A value as a vector; the number 0 is also the vector 0.
fn vector(value: Value<Real>) -> Point {
    match value {
        Value::Vector(point) => point,
        Value::Scalar(x) => std::array::from_fn(|_| x.clone()),
    }
}

/// A value as a vector.
fn point(value: Value<Real>) -> Result<Point, Trouble> {
    match value {
        Value::Vector(point) => Ok(point),
        Value::Scalar(_) => {
            let why = "the variables of a process are vectors";
            Err(Trouble::Unsupported(why.into()))
        }
    }
}
