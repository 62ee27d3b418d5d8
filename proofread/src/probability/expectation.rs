//! Expectations of quadratic functions, exactly.
//!
//! For `z ~ N(0, I)` and `f` a polynomial of degree 3 or less,
//! `E f(z) = f(0) + ½ Σ_i (f(e_i) + f(-e_i) - 2 f(0))`: odd terms cancel, and
//! of the quadratic ones only the squares have a mean. Log-densities of
//! Gaussians and squared distances are such functions. That `f` is one is
//! checked, by the same sum along other axes and with longer steps; the mean of
//! any other function is sampled.

use super::mixture::{Kernel, Point};
use super::process::{expanded, kernel, values};
use super::sampling;
use crate::eval::{Eval, Key};
use crate::expr::{Expectation, Kind, Over, Symbol};
use crate::value::{DIMENSION, Number, Real, Trouble, Value};
use crate::world::Source;
use std::rc::Rc;

/// The value of an expectation.
pub(super) fn value<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expectation: &Expectation,
) -> Result<Value<Real>, Trouble> {
    let random = randomness(eval, expectation)?;
    if random.keys.is_empty() {
        return eval.value(&expectation.body);
    }
    let parts = match &random.kernel {
        Some((kernel, known)) => kernel.at(known)?,
        None => vec![],
    };
    if parts.is_empty() {
        return mean(eval, expectation, &random.keys, &[], &[]);
    }
    let mut result = Value::Scalar(Real::whole(0));
    for part in &parts {
        let keys = &random.keys;
        let mean = mean(eval, expectation, keys, &part.means, part.root)?;
        result = result.add(&mean.scaled(&part.weight))?;
    }
    Ok(result)
}

/// The random variables: first those of a process, then those that are
/// independent and standard normal.
struct Random {
    keys: Vec<Key>,
    kernel: Option<(Rc<Kernel>, Vec<Point>)>,
}

/// What is random, and how.
fn randomness<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expectation: &Expectation,
) -> Result<Random, Trouble> {
    let notation = eval.notation;
    let mut random = Random { keys: vec![], kernel: None };
    let mut normals: Vec<Key> = vec![];
    let mut over = expectation.over.clone();
    if over.is_empty() {
        // All of the process that starts from the data.
        let open = notation.processes.iter().find(|(_, p)| p.start.is_none());
        if let Some((name, _)) = open {
            over.push(Over::Process(name.clone()));
        }
    }
    for entry in &over {
        match entry {
            Over::Process(name) => {
                let given = expanded(eval, &expectation.given)?;
                let (low, high) = &notation.processes[name].range;
                let all = eval.bound(low)..=eval.bound(high);
                let of: Vec<i64> = all.filter(|i| !given.contains(i)).collect();
                random.add(eval, name, &of, &given)?;
            }
            Over::Density(density) => {
                let of = expanded(eval, &density.of)?;
                let given = expanded(eval, &density.given)?;
                random.add(eval, &density.name, &of, &given)?;
            }
            Over::Index(name) => {
                let why = format!("an expectation over the index {name}");
                return Err(Trouble::Unsupported(why));
            }
            Over::Variable(symbol) => {
                let indices = symbol.indices.iter().map(|i| eval.whole(i));
                let indices = indices.collect::<Result<Vec<_>, _>>()?;
                let id = Symbol::id(symbol);
                let declared = notation.symbols.get(&id);
                if declared.is_some_and(|d| d.standard_normal) {
                    normals.push((symbol.name.clone(), indices));
                    continue;
                }
                // A variable of the process that starts from the data.
                let process = notation.processes.iter().find(|(_, p)| {
                    p.variable == symbol.name && p.start.is_none()
                });
                let Some((name, _)) = process else {
                    let name = &symbol.name;
                    let why = format!("the distribution of {name} is not said");
                    return Err(Trouble::Unsupported(why));
                };
                random.add(eval, name, &indices, &[])?;
            }
        }
    }
    // Noise that the body speaks of is random too, and must be named.
    let mut unnamed = None;
    expectation.body.visit(&mut |e| {
        if let Kind::Symbol(symbol) = &e.kind
            && notation
                .symbols
                .get(&symbol.id())
                .is_some_and(|d| d.standard_normal)
            && !normals.iter().any(|(name, _)| *name == symbol.name)
        {
            unnamed = Some(symbol.clone());
        }
    });
    if let Some(symbol) = unnamed {
        if !expectation.over.is_empty() {
            let name = &symbol.name;
            let why =
                format!("{name} is random, but the expectation is not over it");
            return Err(Trouble::Unsupported(why));
        }
        let indices = symbol.indices.iter().map(|i| eval.whole(i));
        let indices = indices.collect::<Result<Vec<_>, _>>()?;
        normals.push((symbol.name, indices));
    }
    random.keys.extend(normals);
    Ok(random)
}

impl Random {
    fn add<S: Source<Number = Real>>(
        &mut self,
        eval: &mut Eval<S>,
        name: &str,
        of: &[i64],
        given: &[i64],
    ) -> Result<(), Trouble> {
        if self.kernel.is_some() {
            let why = "an expectation over two processes at once";
            return Err(Trouble::Unsupported(why.into()));
        }
        let family = &eval.notation.processes[name].variable;
        self.keys.extend(of.iter().map(|&i| (family.clone(), vec![i])));
        let known = values(eval, name, given)?;
        self.kernel = Some((kernel(eval, name, of, given)?, known));
        Ok(())
    }
}

/// The mean over one Gaussian; variables without a mean are standard normal.
fn mean<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expectation: &Expectation,
    keys: &[Key],
    means: &[Point],
    root: &[Vec<Real>],
) -> Result<Value<Real>, Trouble> {
    let n = keys.len();
    // The body where the standardised variables are at z.
    let body =
        |eval: &mut Eval<S>, z: &[Point]| -> Result<Value<Real>, Trouble> {
            let below = eval.overlay.len();
            for (i, key) in keys.iter().enumerate() {
                let at = match means.get(i) {
                    Some(mean) => std::array::from_fn(|d| {
                        let moves = (0..=i).map(|j| root[i][j].mul(&z[j][d]));
                        moves.fold(mean[d].clone(), |x, m| x.add(&m))
                    }),
                    None => z[i].clone(), // independent and standard
                };
                eval.overlay.push((key.clone(), Value::Vector(at)));
            }
            let value = eval.value(&expectation.body);
            eval.overlay.truncate(below);
            value
        };
    let zero = || vec![[(); DIMENSION].map(|()| Real::whole(0)); n];
    let before = eval.steps;
    let centre = body(eval, &zero())?;
    let cost = eval.steps - before;
    let sum = |eval: &mut Eval<S>,
               axes: &dyn Fn(usize) -> Vec<Point>,
               step: i64|
     -> Result<Value<Real>, Trouble> {
        let mut total = Value::Scalar(Real::whole(0));
        for i in 0..n * DIMENSION {
            let axis = axes(i);
            let scaled = |by: i64| -> Vec<Point> {
                let by = Real::whole(by);
                axis.iter().map(|p| p.each_ref().map(|x| x.mul(&by))).collect()
            };
            let there = body(eval, &scaled(step))?.sub(&centre)?;
            let back = body(eval, &scaled(-step))?.sub(&centre)?;
            total = total.add(&there)?.add(&back)?;
        }
        let share = Real::whole(1).div(&Real::whole(2 * step * step))?;
        Ok(total.scaled(&share))
    };
    let along = |i: usize| {
        let mut axis = zero();
        axis[i / DIMENSION][i % DIMENSION] = Real::whole(1);
        axis
    };
    let spread = sum(eval, &along, 1)?;
    if !eval.world.thorough {
        return centre.add(&spread);
    }
    // Other axes, by a reflection, and longer steps: the same if and only if
    // nothing beyond the third degree is there, but for coincidences.
    let mirror: Vec<Real> = (0..n * DIMENSION)
        .map(|i| Real::whole(i64::try_from(i * i % 7).unwrap_or(0) + 1))
        .collect();
    let square = mirror
        .iter()
        .map(|x| x.mul(x))
        .reduce(|a, b| a.add(&b))
        .unwrap_or(Real::whole(1));
    let reflected = |i: usize| {
        let mut axis = zero();
        for (j, entry) in mirror.iter().enumerate() {
            let twice = mirror[i].mul(entry).mul(&Real::whole(-2));
            let mut x = twice.div(&square).unwrap_or(Real::whole(0));
            if i == j {
                x = x.add(&Real::whole(1));
            }
            axis[j / DIMENSION][j % DIMENSION] = x;
        }
        axis
    };
    let check = sum(eval, &reflected, 2)?;
    let difference = spread.sub(&check)?;
    if difference.entries().iter().all(Real::may_be_zero) {
        return centre.add(&spread);
    }
    if eval.sampling {
        let why = "an expectation to sample inside of one that is sampled";
        return Err(Trouble::Unsupported(why.into()));
    }
    eval.world.sampled = true;
    eval.sampling = true;
    let mean = sampling::mean(n, cost, |z| {
        eval.steps = before; // this work has its own bound
        body(eval, z)
    });
    eval.sampling = false;
    mean
}
