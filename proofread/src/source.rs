//! Where values are drawn from.

use crate::eval::Eval;
use crate::expr::Expr;
use crate::notation::{Declaration, Interval};
use crate::value::{Element, Number, Real, Trouble, Value};
use crate::world::Source;

/// Random elements of the field.
#[derive(Clone, Debug)]
pub(crate) struct Field(pub(crate) fastrand::Rng);

/// Random real numbers.
#[derive(Clone, Debug)]
pub(crate) struct Reals {
    rng: fastrand::Rng,
    manner: Manner,
}

/// Which real numbers are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Numbers of three decimals, evenly.
    Even,
    /// Numbers that are easy on the eye, for counterexamples.
    Plain,
    /// From all over a domain, its ends among them.
    Wide,
}

impl Reals {
    pub(crate) fn new(rng: fastrand::Rng) -> Self {
        Self { rng, manner: Manner::Even }
    }

    pub(crate) fn plain_ones(rng: fastrand::Rng) -> Self {
        Self { rng, manner: Manner::Plain }
    }

    pub(crate) fn far_and_wide(rng: fastrand::Rng) -> Self {
        Self { rng, manner: Manner::Wide }
    }

    /// Numbers that are easy on the eye.
    fn plain(&mut self, interval: Interval) -> Real {
        let whole = interval.high - interval.low >= 4.0;
        if whole {
            let values = [1, 0, 2, -1, 0, 1];
            let value = values[self.rng.usize(0..values.len())];
            #[allow(clippy::cast_precision_loss)]
            if interval.holds(value as f64) {
                return Real::whole(value);
            }
        }
        let n = [2, 4, 10][self.rng.usize(0..3)];
        on_grid(&mut self.rng, interval, n)
    }

    /// The ends and what is near them, 0 and ±1, small and large numbers.
    fn wide_number(&mut self, interval: Interval) -> Real {
        let Interval { low, high, .. } = interval;
        let power = self.rng.i64(1..=6);
        let step = Real::decimal(self.rng.i64(1..=9), 0)
            .mul(&Real::whole(10).powi(-power).unwrap_or(Real::whole(1)));
        let far = Real::whole(self.rng.i64(1..=99))
            .mul(&Real::whole(10).powi(power / 2).unwrap_or(Real::whole(1)));
        let (low_end, high_end) = (low.is_finite(), high.is_finite());
        let near = match self.rng.u8(0..8) {
            0 if low_end => exactly::<Real>(low),
            1 if high_end => exactly::<Real>(high),
            0..=2 if low_end => exactly::<Real>(low).add(&step),
            3 | 4 if high_end => exactly::<Real>(high).sub(&step),
            0 => Real::whole(0),
            1 => Real::whole(self.rng.i64(-2..=2)),
            2 => step.clone(),
            3 => Real::whole(0).sub(&step),
            4 | 5 if !high_end => far.clone(),
            5 | 6 if !low_end => Real::whole(0).sub(&far),
            _ => on_grid(&mut self.rng, interval.to_draw(), 1000),
        };
        if interval.holds(near.to_f64()) {
            near
        } else {
            on_grid(&mut self.rng, interval.to_draw(), 1000)
        }
    }
}

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
        match self.manner {
            Manner::Even => on_grid(&mut self.rng, interval, 1000),
            Manner::Plain => self.plain(interval),
            Manner::Wide => self.wide_number(interval),
        }
    }

    fn is_wide(&self) -> bool {
        self.manner == Manner::Wide
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
            let value = crate::world::any_function(
                eval,
                declaration,
                indices,
                arguments,
            );
            return Ok(value);
        }
        crate::probability::affine(eval, declaration, indices, arguments, whole)
    }
}
