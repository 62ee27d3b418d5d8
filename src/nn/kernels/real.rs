//! The numbers that kernels compute with, and how a loop over them is compiled
//! for the processor at hand.

use candle_core::WithDType;
use pulp::{Arch, NullaryFnOnce};

/// `f32`, and `f64` for tests that look closely.
///
/// ```
/// use ddpm::nn::kernels::Real;
/// fn sigmoid<T: Real>(x: T) -> T {
///     (T::one() + (-x).fast_exp()).recip()
/// }
/// assert_eq!(sigmoid(0_f32), 0.5);
/// assert_eq!(sigmoid(0_f64), 0.5);
/// ```
pub trait Real: WithDType + num_traits::Float + Default {
    /// The same numbers, if that is what they are: for the kernels that are
    /// written for `f32` alone.
    fn as_f32s(values: &[Self]) -> Option<&[f32]>;

    /// `f32` numbers as numbers of this type.
    fn from_f32s(values: Vec<f32>) -> Vec<Self>;

    /// `e^x`, without a branch, so that loops of it become vectors.
    #[must_use]
    fn fast_exp(self) -> Self;
}

impl Real for f32 {
    #[inline]
    fn as_f32s(values: &[Self]) -> Option<&[f32]> {
        Some(values)
    }

    #[inline]
    fn from_f32s(values: Vec<f32>) -> Vec<Self> {
        values
    }

    /// `2^n e^r` with `n` whole and `|r| ≤ ln 2 / 2`: the first by the bits of
    /// the exponent, the second by Taylor's polynomial. It is off by at most
    /// two units in the last place.
    #[inline(always)]
    fn fast_exp(self) -> Self {
        // Adding it leaves no room for digits after the point.
        const ROUND: f32 = 12_582_912.0;
        // Above and below, the result is no normal number.
        let x = self.clamp(-87.3, 88.7);
        let rounded = x.mul_add(std::f32::consts::LOG2_E, ROUND);
        let n = rounded - ROUND;
        // ln 2 in two parts, the first so short that its multiples are exact.
        let r = n.mul_add(2.121_944_4e-4, n.mul_add(-0.693_359_4, x));
        let mut power: f32 = 1.0 / 5040.0;
        for factor in
            [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0]
        {
            power = power.mul_add(r, factor);
        }
        // The low bits of `rounded` are n; in the exponent they are 2^n.
        let scale = (rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits());
        power * Self::from_bits(scale)
    }
}

impl Real for f64 {
    fn as_f32s(_: &[Self]) -> Option<&[f32]> {
        None
    }

    fn from_f32s(values: Vec<f32>) -> Vec<Self> {
        values.into_iter().map(Self::from).collect()
    }

    fn fast_exp(self) -> Self {
        self.exp()
    }
}

/// A loop, compiled for whichever vectors this processor has. What it calls
/// must be inlined.
pub(super) fn vectorized<L: NullaryFnOnce>(work: L) -> L::Output {
    Arch::new().dispatch(work)
}

#[cfg(test)]
mod tests {
    use super::Real;

    #[test]
    fn the_exponential_is_off_by_two_units_at_most() {
        for i in -87_000..88_000 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(x.fast_exp()) - exact) / exact;
            assert!(
                error.abs() < 2.0 * f64::from(f32::EPSILON),
                "{x}: {error}"
            );
        }
        assert_eq!(0_f32.fast_exp(), 1.0);
        assert!(
            f32::INFINITY.fast_exp() > 1e38 && (-1e9_f32).fast_exp() < 2e-38
        );
        assert!(f32::NAN.fast_exp().is_nan());
    }
}
