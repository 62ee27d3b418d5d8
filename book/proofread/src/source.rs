//! Where values are drawn from.

use crate::eval::Eval;
use crate::expr::Expr;
use crate::notation::{Declaration, Interval};
use crate::value::{Element, Number, Real, Trouble, Value};
use crate::world::Source;

/// Random elements of the field.
#[derive(Clone, Debug)]
pub(crate) struct Field(pub(crate) fastrand::Rng);

/// Random real numbers of three decimals.
#[derive(Clone, Debug)]
pub(crate) struct Reals(pub(crate) fastrand::Rng);

/// Real numbers that are easy on the eye, for counterexamples.
#[derive(Clone, Debug)]
pub(crate) struct Plain(pub(crate) fastrand::Rng);

/// Real numbers from all over a domain, its ends among them.
#[derive(Clone, Debug)]
pub(crate) struct Wide(pub(crate) fastrand::Rng);

impl Source for Field {
    type Number = Element;
    const IN_FIELD: bool = true;

    fn number(&mut self, interval: Interval) -> Element {
        let drawn = Element::drawn(self.0.u64(..));
        if interval.low < 0.0 {
            return drawn;
        }
        let low = exactly(interval.low);
        // The square of a random element is a random square; as a variable
        // its degree is that of the square.
        drawn.squared().add(&low)
    }

    /// What must be positive must be a square.
    fn admits(&mut self, value: &Element, domain: Interval) -> bool {
        let above = !domain.low.is_finite()
            || value.sub(&exactly(domain.low)).is_square();
        above
            && (!domain.high.is_finite()
                || exactly::<Element>(domain.high).sub(value).is_square())
    }

    fn probability(
        _: &mut Eval<Self>,
        _: &Expr,
    ) -> Result<Value<Element>, Trouble> {
        Err(Trouble::NotAlgebraic)
    }

    fn log(_: &mut Eval<Self>, _: &Expr) -> Result<Element, Trouble> {
        Err(Trouble::NotAlgebraic)
    }
}

/// An end of an interval as a number of six decimals.
pub(crate) fn exactly<N: Number>(end: f64) -> N {
    #[allow(clippy::cast_possible_truncation)] // ends are small
    N::decimal((end * 1e6).round() as i64, 6)
}

/// `low + (high - low) k/n`, for a `k` that leaves out ends that are not in
/// the interval.
fn on_grid(rng: &mut fastrand::Rng, interval: Interval, n: i64) -> Real {
    let from = i64::from(!interval.with_low);
    let to = n - i64::from(!interval.with_high);
    let k = Real::whole(rng.i64(from..=to));
    let low: Real = exactly(interval.low);
    let width = exactly::<Real>(interval.high).sub(&low);
    let share = k.div(&Real::whole(n));
    share.map_or(low.clone(), |share| low.add(&width.mul(&share)))
}

impl Source for Reals {
    type Number = Real;
    const IN_FIELD: bool = false;

    fn number(&mut self, interval: Interval) -> Real {
        on_grid(&mut self.0, interval, 1000)
    }

    fn admits(&mut self, value: &Real, domain: Interval) -> bool {
        domain.holds(value.to_f64())
    }

    fn probability(
        eval: &mut Eval<Self>,
        expr: &Expr,
    ) -> Result<Value<Real>, Trouble> {
        crate::probability::value(eval, expr)
    }

    fn log(eval: &mut Eval<Self>, expr: &Expr) -> Result<Real, Trouble> {
        crate::probability::log(eval, expr)
    }

    fn opaque(
        eval: &mut Eval<Self>,
        declaration: &Declaration,
        indices: &[i64],
        arguments: &[Value<Real>],
        whole: &[Option<i64>],
    ) -> Result<Value<Real>, Trouble> {
        if !eval.world.affine {
            return crate::world::any_function(
                eval,
                declaration,
                indices,
                arguments,
            );
        }
        crate::probability::affine(eval, declaration, indices, arguments, whole)
    }
}

impl Source for Plain {
    type Number = Real;
    const IN_FIELD: bool = false;

    fn number(&mut self, interval: Interval) -> Real {
        let whole = interval.high - interval.low >= 4.0;
        if whole {
            let values = [1, 0, 2, -1, 0, 1];
            let value = values[self.0.usize(0..values.len())];
            #[allow(clippy::cast_precision_loss)]
            if interval.holds(value as f64) {
                return Real::whole(value);
            }
        }
        let n = [2, 4, 10][self.0.usize(0..3)];
        on_grid(&mut self.0, interval, n)
    }

    fn admits(&mut self, value: &Real, domain: Interval) -> bool {
        domain.holds(value.to_f64())
    }

    fn probability(
        eval: &mut Eval<Self>,
        expr: &Expr,
    ) -> Result<Value<Real>, Trouble> {
        crate::probability::value(eval, expr)
    }

    fn log(eval: &mut Eval<Self>, expr: &Expr) -> Result<Real, Trouble> {
        crate::probability::log(eval, expr)
    }

    fn opaque(
        eval: &mut Eval<Self>,
        declaration: &Declaration,
        indices: &[i64],
        arguments: &[Value<Real>],
        whole: &[Option<i64>],
    ) -> Result<Value<Real>, Trouble> {
        if !eval.world.affine {
            return crate::world::any_function(
                eval,
                declaration,
                indices,
                arguments,
            );
        }
        crate::probability::affine(eval, declaration, indices, arguments, whole)
    }
}

impl Source for Wide {
    type Number = Real;
    const IN_FIELD: bool = false;
    const WIDE: bool = true;

    /// The ends and what is near them, 0 and ±1, small and large numbers.
    fn number(&mut self, interval: Interval) -> Real {
        let Interval { low, high, .. } = interval;
        let power = self.0.i64(1..=6);
        let step = Real::decimal(self.0.i64(1..=9), 0)
            .mul(&Real::whole(10).powi(-power).unwrap_or(Real::whole(1)));
        let far = Real::whole(self.0.i64(1..=99))
            .mul(&Real::whole(10).powi(power / 2).unwrap_or(Real::whole(1)));
        let (low_end, high_end) = (low.is_finite(), high.is_finite());
        let near = match self.0.u8(0..8) {
            0 if low_end => exactly::<Real>(low),
            1 if high_end => exactly::<Real>(high),
            0..=2 if low_end => exactly::<Real>(low).add(&step),
            3 | 4 if high_end => exactly::<Real>(high).sub(&step),
            0 => Real::whole(0),
            1 => Real::whole(self.0.i64(-2..=2)),
            2 => step.clone(),
            3 => Real::whole(0).sub(&step),
            4 | 5 if !high_end => far.clone(),
            5 | 6 if !low_end => Real::whole(0).sub(&far),
            _ => on_grid(&mut self.0, interval.to_draw(), 1000),
        };
        if interval.holds(near.to_f64()) {
            near
        } else {
            on_grid(&mut self.0, interval.to_draw(), 1000)
        }
    }

    fn admits(&mut self, value: &Real, domain: Interval) -> bool {
        domain.holds(value.to_f64())
    }

    fn probability(
        eval: &mut Eval<Self>,
        expr: &Expr,
    ) -> Result<Value<Real>, Trouble> {
        crate::probability::value(eval, expr)
    }

    fn log(eval: &mut Eval<Self>, expr: &Expr) -> Result<Real, Trouble> {
        crate::probability::log(eval, expr)
    }

    fn opaque(
        eval: &mut Eval<Self>,
        declaration: &Declaration,
        indices: &[i64],
        arguments: &[Value<Real>],
        whole: &[Option<i64>],
    ) -> Result<Value<Real>, Trouble> {
        if !eval.world.affine {
            return crate::world::any_function(
                eval,
                declaration,
                indices,
                arguments,
            );
        }
        crate::probability::affine(eval, declaration, indices, arguments, whole)
    }
}
