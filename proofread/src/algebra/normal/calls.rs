//! Values of unknown functions as generators: equal arguments give one
//! generator.

use super::Normalizer;
use crate::algebra::monomial::{Exponent, Monomial};
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::Kind;
use crate::term::{self, Call};
use crate::value::{Interval, Q, Signs, Trouble};
use num_traits::Zero;

impl Normalizer<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Ratio, Trouble> {
        let arguments = self.arguments(call)?;
        let name = format!("{:?}", call.function);
        let known = self.algebra.generators().find(|(_, generator)| {
            matches!(
                &generator.kind,
                Kind::Call(other, theirs) if *other == name
                    && self.algebra.same_arguments(theirs, &arguments)
            )
        });
        let known = known.map(|(of, _)| of);
        let interval = match known {
            Some(_) => Interval::REALS,
            None => match &call.function {
                term::Unknown::Mean(_) => self.interval_of_mean(call),
                function => self.terms.range(function),
            },
        };
        let of = known.unwrap_or_else(|| {
            let kind = Kind::Call(name, arguments);
            self.algebra.enter(kind, interval, None)
        });
        Ok(Ratio::monomial(Monomial::power(of, Exponent::ONE)))
    }

    /// Returns the interval of a mean. The mean of values of one sign has this
    /// sign.
    fn interval_of_mean(&mut self, call: &Call) -> Interval {
        let Some(term::Argument::Scalar(body)) = call.arguments.first() else {
            return Interval::REALS;
        };
        let signs = self.signs(*body).unwrap_or(Signs::ANY);
        let strict = signs.are(Signs::NOT_ZERO);
        if signs.are(Signs::NOT_NEGATIVE) {
            return Interval::from(Q::zero(), !strict);
        }
        let mut interval = Interval::REALS;
        if signs.are(Signs::NOT_POSITIVE) {
            interval.high = Some(Q::zero());
            interval.with_high = !strict;
        }
        interval
    }
}
