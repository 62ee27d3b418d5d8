//! Points in the domain of a claim.

use super::dice::Dice;
use super::expr::Expr;
use super::judge::holds;
use super::value::{Number, value};
use super::{Claim, DOMAINS, NAMES};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Pow, Zero};
use proofread::Counterexample;
use std::cmp::Ordering;

/// A number for each symbol.
pub(super) type Place = Vec<BigRational>;

impl Claim {
    /// Returns whether a point belongs to the domain and meets the conditions,
    /// or `None` if this is unclear.
    pub(super) fn applies(&self, at: &[BigRational]) -> Option<bool> {
        for (x, domain) in at.iter().zip(self.domains) {
            let (_, [low, high], [with_low, with_high]) = DOMAINS[domain];
            let inside = |end: Option<(i64, i64)>, with, order| {
                end.is_none_or(|end| {
                    let order_here = x.cmp(&fraction(end));
                    order_here == order || with && order_here == Ordering::Equal
                })
            };
            if !inside(low, with_low, Ordering::Greater)
                || !inside(high, with_high, Ordering::Less)
            {
                return Some(false);
            }
        }
        let mut all = Some(true);
        for (left, sign, right) in &self.conditions {
            let (Ok(left), Ok(right)) = (value(left, at), value(right, at))
            else {
                return None;
            };
            match holds(&left, *sign, &right) {
                Some(false) => return Some(false),
                None => all = None,
                Some(true) => {}
            }
        }
        all
    }

    /// Returns points of the claim's domain: simple points, ends, distant
    /// points, and zeros of the expressions that must not be zero.
    pub(super) fn points(&self) -> impl Iterator<Item = Place> {
        let mut random = fastrand::Rng::with_seed(7);
        let bytes: Vec<u8> = (0..900).map(|_| random.u8(..)).collect();
        let mut dice = Dice::new(&bytes);
        let mut points: Vec<Place> = (0..60)
            .map(|_| {
                self.domains.map(|domain| coordinate(domain, &mut dice)).into()
            })
            .collect();
        let critical: Vec<&Expr> = [&self.left, &self.right]
            .into_iter()
            .flat_map(Expr::critical)
            .collect();
        let zeros: Vec<Place> = points[..8]
            .iter()
            .flat_map(|at| critical.iter().flat_map(|of| zeros(of, at)))
            .collect();
        points.extend(zeros);
        points.retain(|at| self.applies(at) == Some(true));
        points.into_iter()
    }

    /// Returns the point that the digits of a counterexample stand for, or `None`
    /// if the digits cannot be read.
    pub(super) fn place(&self, found: &Counterexample) -> Option<Place> {
        let place = NAMES.iter().zip(self.domains).map(|(name, domain)| {
            let shown = found.values.iter().find(|(known, _)| known == name);
            match shown {
                Some((_, digits)) => read(digits),
                None => Some(coordinate(domain, &mut Dice::new(&[]))),
            }
        });
        place.collect()
    }
}

/// Returns points that differ from `at` in one symbol and at which an
/// expression is zero, if the expression is affine in the symbol.
fn zeros(of: &Expr, at: &Place) -> Vec<Place> {
    let exact = |at: &Place| match value(of, at) {
        Ok(Number::Exact(x)) => Some(x),
        _ => None,
    };
    let along = |i: usize| {
        let mut there = at.clone();
        there[i] = fraction((0, 1));
        let low = exact(&there)?;
        there[i] = fraction((1, 1));
        let slope = exact(&there)? - &low;
        (!slope.is_zero()).then(|| there[i] = -low / slope)?;
        exact(&there).filter(Zero::is_zero).map(|_| there)
    };
    (0..at.len()).filter_map(along).collect()
}

fn fraction((over, under): (i64, i64)) -> BigRational {
    BigRational::new(over.into(), under.into())
}

/// Returns a number in a domain.
fn coordinate(domain: usize, dice: &mut Dice) -> BigRational {
    let (_, ends, with) = DOMAINS[domain];
    let unit = |dice: &mut Dice| {
        let under = dice.one(&[2, 3, 4, 7, 100]);
        fraction((dice.whole(1, under - 1), under))
    };
    let [low, high] = ends.map(|end| end.map(fraction));
    match (low, high) {
        (Some(low), Some(high)) => match dice.below(6) {
            0 if with[0] => low,
            1 if with[1] => high,
            2 if low < BigRational::zero() && high > BigRational::zero() => {
                BigRational::zero()
            }
            _ => &low + (high - &low) * unit(dice),
        },
        (Some(low), None) => match dice.below(4) {
            0 if with[0] => low,
            _ => low + far(dice),
        },
        (None, Some(high)) => high - far(dice),
        (None, None) => match dice.below(5) {
            0 => BigRational::zero(),
            1 | 2 => far(dice),
            _ => -far(dice),
        },
    }
}

/// Returns a positive number, most often a simple one.
fn far(dice: &mut Dice) -> BigRational {
    match dice.below(8) {
        0 => fraction((1, 1000)),
        1 => fraction((dice.whole(5, 60), 1)),
        2 => fraction((dice.whole(1, 9), 7)),
        3 => fraction((1, 2)),
        _ => fraction((dice.whole(1, 4), 1)),
    }
}

/// Reads digits or a fraction.
fn read(text: &str) -> Option<BigRational> {
    if text.contains('/') {
        return text.parse().ok();
    }
    let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
    let power: i32 = power.parse().ok()?;
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{decimals}").parse().ok()?;
    let power = power - i32::try_from(decimals.len()).ok()?;
    let ten = BigRational::from_integer(10.into());
    let unit: BigRational = Pow::pow(ten, power);
    Some(BigRational::from_integer(digits) * &unit)
}
