//! Numbers in decimal digits, for the text of a counterexample.

use crate::ball::{Point, Real};
use crate::value::{Q, number as decimal};
use num_bigint::BigInt;
use num_traits::{Pow, Signed, ToPrimitive};

/// The way in which the numbers of a counterexample are written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Style {
    /// Decimal digits, this many after the first.
    Decimals(usize),
    /// Fractions, and six digits where a fraction would be long or is none.
    Fractions,
}

/// The numbers of decimals with which a point is written, in turn, until they refute
/// the claim.
pub(super) const DECIMALS: [usize; 6] = [5, 8, 11, 14, 19, 29];

/// The largest number of decimals that floating-point numbers have.
const FLOATING: usize = 14;

/// The way in which a number is written where six digits do.
pub(super) const SIX: Style = Style::Decimals(DECIMALS[0]);

/// The largest denominator of a fraction that is written as such.
const DENOMINATOR: i64 = 1_000_000;

impl Style {
    /// Returns a number in digits.
    pub(super) fn number(self, x: &Q) -> String {
        let text = match self {
            Style::Decimals(decimals) => rational(x, decimals),
            Style::Fractions => self.one(&Real::rational(x)),
        };
        let is_short = *x.denom() <= DENOMINATOR.into();
        match self {
            Style::Fractions
                if is_short && decimal(&text).as_ref() != Some(x) =>
            {
                x.to_string()
            }
            _ => text,
        }
    }

    /// Returns a number, or the entries of a vector, in digits.
    pub(super) fn entries(self, value: &[Real]) -> String {
        match value {
            [only] => self.one(only),
            entries => {
                let entries: Vec<_> =
                    entries.iter().map(|entry| self.one(entry)).collect();
                format!("({})", entries.join(", "))
            }
        }
    }

    fn one(self, value: &Real) -> String {
        match self {
            Style::Decimals(decimals) => digits(value, decimals.min(FLOATING)),
            Style::Fractions => SIX.one(value),
        }
    }
}

/// Returns the point whose numbers are what the digits of a point say; none if
/// a number is too small or too large to be written in digits.
pub(super) fn rounded(point: &Point, decimals: usize) -> Option<Point> {
    let number = |x: &Q| decimal(&rational(x, decimals));
    let entry = |x: &Q| decimal(&rational(x, decimals.min(FLOATING)));
    let variables = point.variables.iter();
    let variables = variables.map(|(i, x)| Some((*i, number(x)?)));
    let vectors = point.vectors.iter().map(|(atom, entries)| {
        Some((*atom, entries.iter().map(entry).collect::<Option<_>>()?))
    });
    Some(Point {
        variables: variables.collect::<Option<_>>()?,
        vectors: vectors.collect::<Option<_>>()?,
    })
}

/// Returns a rational number in digits.
fn rational(x: &Q, decimals: usize) -> String {
    let value = Real::rational(x);
    let size = value.to_f64().abs();
    if decimals <= FLOATING || !(1e-4..1e7).contains(&size) {
        return digits(&value, decimals.min(FLOATING));
    }
    let scale = BigInt::from(10).pow(u32::try_from(decimals).unwrap_or(0));
    let scaled = (x.abs() * &scale).round().to_integer();
    let (whole, rest) = (&scaled / &scale, &scaled % &scale);
    let sign = if x.is_negative() { "-" } else { "" };
    let text = format!("{sign}{whole}.{:0>decimals$}", rest.to_string());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn digits(value: &Real, decimals: usize) -> String {
    // Rounding leaves a tiny number where the value is 0.
    if value.may_be_zero() {
        return "0".into();
    }
    let size = value.size() * std::f64::consts::LOG10_2;
    let x = value.to_f64();
    if x.is_infinite() || x == 0.0 {
        let sign = if x.is_sign_negative() { "-" } else { "" };
        return format!("{sign}10^{}", size.round().to_i64().unwrap_or(0));
    }
    let text = if (1e-4..1e7).contains(&x.abs()) {
        // The text has as many digits as it has with one before the point.
        let whole = [1e1, 1e2, 1e3, 1e4, 1e5];
        let before = whole.iter().filter(|&&p| x.abs() >= p).count();
        format!("{x:.*}", decimals.saturating_sub(before))
    } else {
        format!("{x:.decimals$e}")
    };
    let text = if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    // 0.9999999 is not shown as 1: it may lie in a domain without 1.
    let shown = text.parse().unwrap_or(x);
    let gap = (x - shown).abs();
    if text.len() < 5 && gap > 1e-12 * x.abs() { format!("{x}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_traits::One;
    use quickcheck::quickcheck;

    quickcheck! {
        /// Digits are read as the number that they are.
        fn digits_are_read(numerator: i64, power: u8) -> bool {
            let power = i32::from(power % 40) - 20;
            let x = Q::from_integer(numerator.into())
                * Q::from_integer(10.into()).pow(power);
            let text = digits(&Real::rational(&x), 5);
            let shown = decimal(&text).expect("digits");
            let gap = (&shown - &x).abs();
            let least = Q::new(1.into(), 100_000.into());
            // Numbers between 0.0001 and 1 have five decimals.
            gap <= least * x.abs().max(Q::one())
        }
    }

    #[test]
    fn many_decimals_are_exact() {
        let tiny = Q::new(1.into(), BigInt::from(10).pow(16_u32));
        let near = |x: Q| rational(&x, 19);
        assert_eq!(near(Q::one() - &tiny), "0.9999999999999999");
        assert_eq!(near(-Q::one() - &tiny), "-1.0000000000000001");
        let third = Q::new((-1).into(), 3.into());
        assert_eq!(near(third), format!("-0.{}", "3".repeat(19)));
        assert_eq!(near(Q::one()), "1");
    }

    #[test]
    fn ten_to_a_power_is_not_read() {
        assert_eq!(
            digits(&Real::rational(&Q::from(BigInt::from(10).pow(400_u32))), 5),
            "10^400"
        );
        assert_eq!(decimal("10^400"), None);
    }

    #[test]
    fn a_fraction_is_written_if_it_is_short() {
        let third = Q::new(1.into(), 3.into());
        assert_eq!(SIX.number(&third), "0.33333");
        assert_eq!(Style::Fractions.number(&third), "1/3");
        assert_eq!(
            Style::Fractions.number(&Q::new(1.into(), 4.into())),
            "0.25"
        );
        let long = Q::new(1.into(), 3_000_001.into());
        assert_eq!(Style::Fractions.number(&long), SIX.number(&long));
    }
}
