//! The plainest point at which a claim fails.

use super::{Claim, Point, numeric};
use crate::eval::Eval;
use crate::expr::{Expr, Kind, Symbol};
use crate::needs::Needs;
use crate::source::Reals;
use crate::value::{Real, Value};
use crate::world::{Source, World};

/// Values at which a relation is false.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterexample {
    /// The sizes and indices, such as `T = 3, t = 2`.
    pub place: String,
    /// Each symbol of the relation with its value.
    pub values: Vec<(String, String)>,
    /// What the left side comes to.
    pub left: String,
    /// What the right side comes to.
    pub right: String,
    /// Whether an expectation was sampled, so that the last digits are not
    /// sure.
    pub sampled: bool,
}

/// Plain draws to try at each point.
const PLAIN: usize = 12;
/// Draws like those of the test, to find its failure again.
const RANDOM: usize = 60;

pub(super) fn find(
    claim: &Claim,
    needs: &Needs,
    points: &[Point],
) -> Option<Counterexample> {
    let mut rng = fastrand::Rng::with_seed(claim.seed);
    // Small sizes come first.
    for point in points.iter().take(60) {
        for _ in 0..PLAIN {
            let found = at(claim, needs, point, Reals::plain_ones(rng.fork()));
            if found.is_some() {
                return found;
            }
        }
    }
    for point in points {
        for _ in 0..RANDOM {
            let found = at(claim, needs, point, Reals::new(rng.fork()));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// Plain points with the values of both sides, to show.
pub(crate) fn samples(claim: &Claim, count: usize) -> Vec<Counterexample> {
    let needs = claim.needs();
    let points = super::points::points(claim, &needs).unwrap_or_default();
    let mut rng = fastrand::Rng::with_seed(claim.seed);
    let every = points.len().div_ceil(count.max(1)).max(1);
    let mut found = vec![];
    for point in points.iter().step_by(every).take(count) {
        let source = Reals::plain_ones(rng.fork());
        if let Some(mut world) = claim.world(source, &needs, point)
            && claim.sides(&mut world, point).is_ok()
        {
            found.push(describe(claim, &mut world, point));
        }
    }
    found
}

fn at<S: Source<Number = Real>>(
    claim: &Claim,
    needs: &Needs,
    point: &Point,
    source: S,
) -> Option<Counterexample> {
    let mut world = claim.world(source, needs, point)?;
    if numeric::holds(claim, &mut world, point) != Ok(Some(false)) {
        return None;
    }
    Some(describe(claim, &mut world, point))
}

/// The values of all symbols and of both sides in a world.
pub(super) fn describe<S: Source<Number = Real>>(
    claim: &Claim,
    world: &mut World<S>,
    point: &Point,
) -> Counterexample {
    let sides = claim.sides(world, point);
    let (left, right) = match &sides {
        Ok((left, right)) => (in_digits(left), in_digits(right)),
        Err(_) => ("not defined".into(), "not defined".into()),
    };
    let indices = point.indices.clone();
    let mut eval = Eval::new(claim.notation, claim.uses, world, indices);
    let mut values: Vec<(String, String)> = vec![];
    for symbol in symbols(&[claim.left, claim.right]) {
        let expr = Expr::new(
            Kind::Symbol(symbol.clone()),
            crate::span::Span::default(),
        );
        let Ok(value) = eval.value(&expr) else { continue };
        let name = crate::print::symbol(&symbol);
        if eval.whole(&expr).is_ok()
            || values.iter().any(|(known, _)| *known == name)
        {
            continue;
        }
        values.push((name, in_digits(&value)));
    }
    let sampled = eval.world.sampled;
    Counterexample { place: point.in_words(), values, left, right, sampled }
}

/// The symbols of both sides, each once, in the order of writing; those that
/// a sum or product binds are left out.
fn symbols(sides: &[&Expr]) -> Vec<Symbol> {
    let mut symbols: Vec<Symbol> = vec![];
    for side in sides {
        side.visit(&mut |expr| {
            if let Kind::Symbol(symbol) = &expr.kind
                && !symbols.contains(symbol)
            {
                symbols.push(symbol.clone());
            }
        });
    }
    symbols
}

/// A value to six digits.
fn in_digits(value: &Value<Real>) -> String {
    let one = |x: &Real| {
        let size = x.size() * std::f64::consts::LOG10_2;
        let x = x.to_f64() + 0.0; // no -0
        if x.is_infinite() {
            let sign = if x < 0.0 { "-" } else { "" };
            return format!("{sign}10^{size:.0}");
        }
        let text = if x != 0.0 && !(1e-4..1e7).contains(&x.abs()) {
            format!("{x:.5e}")
        } else {
            // Six digits in all.
            let whole = [1e1, 1e2, 1e3, 1e4, 1e5];
            let before = whole.iter().filter(|&&p| x.abs() >= p).count();
            format!("{x:.*}", 5 - before)
        };
        if text.contains('.') && !text.contains('e') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    };
    match value {
        Value::Scalar(x) => one(x),
        Value::Vector(x) => {
            let entries: Vec<_> = x.iter().map(one).collect();
            format!("({})", entries.join(", "))
        }
    }
}
