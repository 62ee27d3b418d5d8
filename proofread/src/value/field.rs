//! The prime field of `p = 2^61 - 1` elements.
//!
//! An identity between expressions made of `+ - * /` and square roots, tested
//! at random elements, is true or fails almost surely (Schwartz and Zippel):
//! there is no rounding, and a polynomial of degree `n` has at most `n` zeros
//! among `p` elements.
//!
//! `p` leaves 3 when divided by 4, so of `r` and `-r` exactly one is a square.
//! The root of a square that is a square itself is therefore a choice that
//! respects products, `√(ab) = √a √b`, as the positive root of real numbers
//! does: a square plays the part of a positive number. It does not respect
//! sums: the sum of two squares need not be one.

use super::{Number, Trouble};
use crate::expr::Function;

const P: u64 = (1 << 61) - 1;

/// An element, with what the bound on a false pass needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    value: u64,
    /// The degrees of numerator and denominator as a rational function of
    /// what was drawn.
    over: u32,
    under: u32,
}

impl Element {
    /// A value that was drawn: a variable of degree 1.
    pub(crate) fn drawn(random: u64) -> Self {
        Self { value: random % P, over: 1, under: 0 }
    }

    /// A degree that the difference of two sides cannot exceed.
    pub(crate) fn degree(&self) -> u32 {
        self.over.max(self.under)
    }

    pub(crate) fn is_square(&self) -> bool {
        self.value == 0 || pow(self.value, (P - 1) / 2) == 1
    }

    pub(crate) fn squared(&self) -> Self {
        Self { value: multiply(self.value, self.value), ..*self }
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Number for Element {
    fn decimal(digits: i64, decimals: u32) -> Self {
        let size = digits.unsigned_abs() % P;
        let value = if digits < 0 && size > 0 { P - size } else { size };
        let shift = pow(pow(10, u64::from(decimals)), P - 2);
        Self { value: multiply(value, shift), over: 0, under: 0 }
    }

    fn add(&self, other: &Self) -> Self {
        let sum = self.value + other.value;
        let value = if sum >= P { sum - P } else { sum };
        let over = if self.under == 0 && other.under == 0 {
            self.over.max(other.over)
        } else {
            self.over
                .saturating_add(other.under)
                .max(other.over.saturating_add(self.under))
        };
        Self { value, over, under: self.under.saturating_add(other.under) }
    }

    fn sub(&self, other: &Self) -> Self {
        let value = if other.value == 0 { 0 } else { P - other.value };
        self.add(&Self { value, ..*other })
    }

    fn mul(&self, other: &Self) -> Self {
        Self {
            value: multiply(self.value, other.value),
            over: self.over.saturating_add(other.over),
            under: self.under.saturating_add(other.under),
        }
    }

    fn div(&self, other: &Self) -> Result<Self, Trouble> {
        if other.value == 0 {
            return Err(Trouble::Division);
        }
        let inverse = pow(other.value, P - 2);
        Ok(self.mul(&Self {
            value: inverse,
            over: other.under,
            under: other.over,
        }))
    }

    fn sqrt(&self) -> Result<Self, Trouble> {
        if !self.is_square() {
            return Err(Trouble::Reject);
        }
        // A power of a square is a square, so this is the root that is one.
        let value = pow(self.value, P.div_ceil(4));
        let half = |degree: u32| degree.div_ceil(2);
        Ok(Self { value, over: half(self.over), under: half(self.under) })
    }

    fn apply(&self, _: Function) -> Result<Self, Trouble> {
        Err(Trouble::NotAlgebraic)
    }

    fn power(&self, _: &Self) -> Result<Self, Trouble> {
        Err(Trouble::NotAlgebraic)
    }

    fn pi() -> Result<Self, Trouble> {
        Err(Trouble::NotAlgebraic)
    }

    fn is_zero(&self) -> bool {
        self.value == 0
    }

    fn key(&self) -> Vec<u64> {
        vec![self.value]
    }

    fn passes_for_positive(&self) -> bool {
        self.is_square()
    }
}

fn multiply(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    #[allow(clippy::cast_possible_truncation)] // the two parts fit 64 bits
    let (high, low) = ((wide >> 61) as u64, wide as u64 & P);
    let sum = high + low;
    if sum >= P { sum - P } else { sum }
}

fn pow(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, square);
        }
        square = multiply(square, square);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use quickcheck::quickcheck;

    quickcheck! {
        fn it_is_a_field(a: u64, b: u64, c: u64) -> bool {
            let [a, b, c] = [a, b, c].map(Element::drawn);
            let distributive = a.mul(&b.add(&c)) == a.mul(&b).add(&a.mul(&c));
            let quotient =
                b.is_zero() || a.div(&b).unwrap().mul(&b) == a;
            distributive && quotient && a.sub(&b).add(&b) == a
        }

        /// Of r and -r exactly one is a square, and roots respect products.
        fn squares_play_the_part_of_positive_numbers(a: u64, b: u64) -> bool {
            let [r, s] = [a, b].map(Element::drawn);
            if r.is_zero() || s.is_zero() {
                return true;
            }
            let one = r.is_square() != Element::whole(0).sub(&r).is_square();
            let (a, b) = (r.squared(), s.squared());
            let root = a.sqrt().unwrap();
            let product = a.mul(&b).sqrt().unwrap();
            one && root.is_square()
                && (root == r || root == Element::whole(0).sub(&r))
                && product == root.mul(&b.sqrt().unwrap())
        }
    }

    /// Why a failure in the field alone refutes nothing: 1 and 2 are squares,
    /// as every sum of two squares of real numbers is, but some sums are not.
    #[test]
    fn a_sum_of_squares_need_not_be_a_square() {
        let sum = |n: i64| Element::whole(1).add(&Element::whole(n * n));
        assert!((1..50).any(|n| !sum(n).is_square()));
        assert!((1..50).any(|n| sum(n).is_square()));
    }
}
