//! Mixtures of Gaussians over a few vector variables.
//!
//! All covariances are multiples of the identity: the variables of one
//! component have one covariance matrix between them, the same in each of the
//! dimensions.

use super::linear::{cholesky, solve_lower, solve_upper};
use crate::expr::Function;
use crate::value::{DIMENSION, Number, Real, Trouble};

/// A vector, one entry a dimension.
pub(super) type Point = [Real; DIMENSION];

/// One Gaussian over `n` variables, with its weight.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub(super) weight: Real,
    /// `n` means.
    pub(super) means: Vec<Point>,
    /// `n × n`.
    pub(super) covariance: Vec<Vec<Real>>,
}

/// A mixture; its weights add up to 1.
pub(crate) type Mixture = Vec<Component>;

/// The distribution of some variables given others, for one component: a
/// Gaussian whose mean is affine in what is given.
#[derive(Clone, Debug)]
struct Part {
    /// The component's own distribution of what is given, with its weight.
    prior: Component,
    /// The same of what is given, factored.
    prior_root: Vec<Vec<Real>>,
    /// How the means follow what is given.
    gain: Vec<Vec<Real>>,
    /// The means where what is given is zero.
    intercept: Vec<Point>,
    covariance: Vec<Vec<Real>>,
    root: Vec<Vec<Real>>,
    /// `ln det(2π C)`.
    log_volume: Real,
}

/// The distribution of some variables given others.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    parts: Vec<Part>,
}

/// A kernel at given values: each part's weight, means and factored
/// covariance.
pub(super) struct Conditional<'a> {
    pub(super) weight: Real,
    pub(super) means: Vec<Point>,
    pub(super) root: &'a [Vec<Real>],
    pub(super) covariance: &'a [Vec<Real>],
    log_volume: &'a Real,
}

impl Kernel {
    /// Of the variables `of` given the variables `given`. Components that
    /// differ no longer once the condition is known are one.
    pub(super) fn new(
        joint: &[Component],
        of: &[usize],
        given: &[usize],
    ) -> Result<Self, Trouble> {
        let mut parts: Vec<Part> = vec![];
        for component in joint {
            let part = Part::new(component, of, given)?;
            match parts.iter_mut().find(|other| other.same(&part)) {
                Some(other) => {
                    let weight = other.prior.weight.add(&part.prior.weight);
                    other.prior.weight = weight;
                }
                None => parts.push(part),
            }
        }
        Ok(Self { parts })
    }

    /// Whether it is a single Gaussian, whatever the data.
    pub(super) fn is_gaussian(&self) -> bool {
        self.parts.len() == 1
    }

    /// What it is at given values; the weights add up to 1.
    pub(super) fn at(
        &self,
        known: &[Point],
    ) -> Result<Vec<Conditional<'_>>, Trouble> {
        let mut all = vec![];
        let mut total = Real::whole(0);
        for part in &self.parts {
            // A single one needs no weighing.
            let weight = if self.is_gaussian() {
                Real::whole(1)
            } else {
                let root = &part.prior_root;
                let volume = log_volume(root)?;
                let log = log_density(&part.prior.means, root, &volume, known)?;
                part.prior.weight.mul(&log.apply(Function::Exp)?)
            };
            total = total.add(&weight);
            let mut means = part.intercept.clone();
            for (mean, row) in means.iter_mut().zip(&part.gain) {
                for (gain, value) in row.iter().zip(known) {
                    *mean = std::array::from_fn(|d| {
                        mean[d].add(&gain.mul(&value[d]))
                    });
                }
            }
            let (root, covariance) = (&part.root[..], &part.covariance[..]);
            let log_volume = &part.log_volume;
            let one =
                Conditional { weight, means, root, covariance, log_volume };
            all.push(one);
        }
        for conditional in &mut all {
            conditional.weight = conditional.weight.div(&total)?;
        }
        Ok(all)
    }

    /// The logarithm of the density at `at`, given `known`.
    pub(super) fn log_density(
        &self,
        at: &[Point],
        known: &[Point],
    ) -> Result<Real, Trouble> {
        let parts = self.at(known)?;
        if let [only] = parts.as_slice() {
            return only.log_density(at);
        }
        let mut total = Real::whole(0);
        for part in &parts {
            let log = part.log_density(at)?;
            total = total.add(&part.weight.mul(&log.apply(Function::Exp)?));
        }
        total.apply(Function::Log)
    }
}

impl Conditional<'_> {
    fn log_density(&self, at: &[Point]) -> Result<Real, Trouble> {
        log_density(&self.means, self.root, self.log_volume, at)
    }
}

/// The log-density of a Gaussian with a factored covariance.
fn log_density(
    means: &[Point],
    root: &[Vec<Real>],
    log_volume: &Real,
    at: &[Point],
) -> Result<Real, Trouble> {
    let mut squares = Real::whole(0);
    for d in 0..DIMENSION {
        let offsets: Vec<Real> =
            at.iter().zip(means).map(|(x, m)| x[d].sub(&m[d])).collect();
        for y in solve_lower(root, &offsets)? {
            squares = squares.add(&y.mul(&y));
        }
    }
    // The same in each of the dimensions.
    let dimensions = i64::try_from(DIMENSION).unwrap_or(1);
    let log = log_volume.mul(&Real::whole(dimensions));
    squares.add(&log).div(&Real::whole(-2))
}

/// `ln det(2π C)` of a factored covariance.
fn log_volume(root: &[Vec<Real>]) -> Result<Real, Trouble> {
    let mut volume = Real::whole(1);
    for (i, row) in root.iter().enumerate() {
        volume = volume.mul(&row[i]).mul(&row[i]);
        volume = volume.mul(&Real::pi()?).mul(&Real::whole(2));
    }
    volume.apply(Function::Log)
}

impl Component {
    /// The distribution of some of the variables.
    fn marginal(&self, chosen: &[usize]) -> Self {
        let row = |&i: &usize| {
            chosen.iter().map(|&j| self.covariance[i][j].clone()).collect()
        };
        Self {
            weight: self.weight.clone(),
            means: chosen.iter().map(|&i| self.means[i].clone()).collect(),
            covariance: chosen.iter().map(row).collect(),
        }
    }
}

impl Part {
    fn new(
        component: &Component,
        of: &[usize],
        given: &[usize],
    ) -> Result<Self, Trouble> {
        let Component { means: mut intercept, mut covariance, .. } =
            component.marginal(of);
        let prior = component.marginal(given);
        let prior_root = cholesky(&prior.covariance)?;
        let mut gain = vec![];
        for (row, &i) in of.iter().enumerate() {
            let cross: Vec<Real> = given
                .iter()
                .map(|&j| component.covariance[i][j].clone())
                .collect();
            // C_og C_gg⁻¹, one row of it.
            let one =
                solve_upper(&prior_root, &solve_lower(&prior_root, &cross)?)?;
            for (g, mean) in one.iter().zip(&prior.means) {
                intercept[row] = std::array::from_fn(|d| {
                    intercept[row][d].sub(&g.mul(&mean[d]))
                });
            }
            for (column, &j) in of.iter().enumerate() {
                for (g, &k) in one.iter().zip(given) {
                    let less = g.mul(&component.covariance[k][j]);
                    let rest = covariance[row][column].sub(&less);
                    covariance[row][column] = rest;
                }
            }
            gain.push(one);
        }
        let root = cholesky(&covariance)?;
        let log_volume = log_volume(&root)?;
        Ok(Self {
            prior,
            prior_root,
            gain,
            intercept,
            covariance,
            root,
            log_volume,
        })
    }

    /// Whether two parts are the same but for rounding.
    fn same(&self, other: &Self) -> bool {
        let entries = |part: &Self| -> Vec<Real> {
            let gain = part.gain.iter().flatten();
            let means = part.intercept.iter().flatten();
            let rest = part.covariance.iter().flatten();
            gain.chain(means).chain(rest).cloned().collect()
        };
        let pairs = entries(self).into_iter().zip(entries(other));
        pairs.into_iter().all(|(a, b)| nearly(&a, &b))
    }
}

/// Whether two numbers are the same but for rounding.
pub(super) fn nearly(a: &Real, b: &Real) -> bool {
    a.sub(b).may_be_zero()
}
