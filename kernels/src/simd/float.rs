//! The number types of the kernels: `f32`, and `f64` for exact tests.

use candle_core::WithDType;

/// A float type that the kernels compute with.
pub(crate) trait Float: WithDType + num_traits::Float + Default {
    /// Returns the values as `f32`, if `Self` is `f32`; kernels that exist for
    /// `f32` alone ask this.
    fn as_f32s(values: &[Self]) -> Option<&[f32]>;

    /// Converts `f32` values to this type; free if `Self` is `f32`.
    fn from_f32s(values: Vec<f32>) -> Vec<Self>;

    /// Returns `e^x` without a branch, so that a loop of it vectorises.
    fn fast_exp(self) -> Self;

    /// Returns `self · factor + term`, rounded once where CPUs have an instruction
    /// for it. WebAssembly has none: rounding once would take a call of a function.
    #[inline(always)]
    fn multiply_add(self, factor: Self, term: Self) -> Self {
        if cfg!(target_family = "wasm") {
            self * factor + term
        } else {
            self.mul_add(factor, term)
        }
    }
}

impl Float for f32 {
    #[inline]
    fn as_f32s(values: &[Self]) -> Option<&[f32]> {
        Some(values)
    }

    #[inline]
    fn from_f32s(values: Vec<f32>) -> Vec<Self> {
        values
    }

    /// Computes `e^x = 2^n e^r` with `n` an integer and `|r| ≤ ln 2 / 2`. The
    /// factor `2^n` is written into the exponent bits, and `e^r` is a Taylor
    /// polynomial. The error is at most two units in the last place for `x` from
    /// -87.3 to 88.37. For other `x`, the result is `e^-87.3` or `e^88.37`.
    #[inline(always)]
    fn fast_exp(self) -> Self {
        // A float this large has no bits left for fractions: adding it rounds
        // to an integer.
        const ROUND: f32 = 12_582_912.0;
        // Below this range the result is not a normal number; above it, 2^n is
        // infinite.
        let x = self.clamp(-87.3, 88.37);
        let rounded = x.multiply_add(std::f32::consts::LOG2_E, ROUND);
        let n = rounded - ROUND;
        // ln 2 in two parts; the first is so short that n times it is exact.
        let r = n.multiply_add(2.121_944_4e-4, n.multiply_add(-0.693_359_4, x));
        let mut power: f32 = 1.0 / 5040.0;
        for coefficient in
            [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0]
        {
            power = power.multiply_add(r, coefficient);
        }
        // The low bits of `rounded` are n; shifted into the exponent, 2^n.
        let scale = (rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits());
        power * Self::from_bits(scale)
    }
}

impl Float for f64 {
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

#[cfg(test)]
mod tests {
    use super::Float;

    #[test]
    fn fast_exp_is_within_two_units_in_the_last_place() {
        for i in -87_300..=88_370 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(x.fast_exp()) - exact) / exact;
            assert!(
                error.abs() < 2.0 * f64::from(f32::EPSILON),
                "{x}: {error}"
            );
        }
        assert_eq!(0_f32.fast_exp(), 1.0);
        for large in [88.38, 88.7, f32::INFINITY] {
            assert_eq!(large.fast_exp(), 88.37_f32.fast_exp());
        }
        assert_eq!((-1e9_f32).fast_exp(), (-87.3_f32).fast_exp());
        assert!(f32::NAN.fast_exp().is_nan());
    }
}
