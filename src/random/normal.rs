//! Normal numbers by Box and Muller's transform, many at a time.
//!
//! For uniform `u` and `v`, a point with the distance `√(-2 ln u)` from the
//! origin, in the direction `2πv`, has normal coordinates, independent of each
//! other (Box and Muller 1958). Logarithm, sine and cosine are polynomials here,
//! without a branch, so that loops of them become vectors; and all is basic
//! arithmetic in a fixed order, so the numbers are the same on every machine.

use super::philox;
use std::f64::consts::{FRAC_1_SQRT_2, LN_2, TAU};

/// Blocks of random words that are worked on side by side.
const SIDE: u32 = 16;

/// Normal numbers of so many blocks, four each.
pub(super) const MANY: usize = 4 * SIDE as usize;

/// A word as a uniform number strictly between 0 and 1.
#[inline]
pub(super) fn unit(word: u32) -> f64 {
    (f64::from(word) + 0.5) / 4_294_967_296.0
}

/// Two normal numbers of two words.
#[inline]
pub(super) fn pair(u: u32, v: u32) -> [f64; 2] {
    let radius = (-2.0 * ln(unit(u))).sqrt();
    let (sin, cos) = sin_cos_of_turns(unit(v));
    [radius * cos, radius * sin]
}

/// The normal numbers of the blocks from this counter on.
#[inline]
#[allow(clippy::cast_possible_truncation)] // f32 is what tensors hold
fn normals(counter: [u32; 4], key: [u32; 2]) -> [f32; MANY] {
    let mut counters = counter.map(|word| [word; MANY / 4]);
    for (i, first) in (0..).zip(&mut counters[0]) {
        *first = first.wrapping_add(i);
    }
    let words = philox::blocks(counters, key);
    let mut sides = [[0.0; MANY / 4]; 4];
    for half in [0, 2] {
        for i in 0..MANY / 4 {
            let [a, b] = pair(words[half][i], words[half + 1][i]);
            (sides[half][i], sides[half + 1][i]) = (a as f32, b as f32);
        }
    }
    std::array::from_fn(|i| sides[i % 4][i / 4])
}

/// Fills every chunk with the normal numbers of its blocks, the first of which
/// has this counter.
pub(super) fn fill(
    mut counter: [u32; 4],
    key: [u32; 2],
    chunks: &mut [[f32; MANY]],
) {
    for chunk in chunks {
        *chunk = normals(counter, key);
        counter[0] = counter[0].wrapping_add(SIDE);
    }
}

/// The natural logarithm of a positive normal number.
#[inline]
fn ln(x: f64) -> f64 {
    const TWO_52: f64 = 4_503_599_627_370_496.0;
    // x = 2^k m, with m between √½ and √2; `exponent` is k + 1023.
    let bits = x.to_bits();
    let exponent = (bits + 1_f64.to_bits() - FRAC_1_SQRT_2.to_bits()) >> 52;
    let m =
        f64::from_bits(bits.wrapping_sub(exponent.wrapping_sub(1023) << 52));
    // The bits of a whole number below 2^52 are the last of 2^52 and it.
    let k = f64::from_bits(exponent | TWO_52.to_bits()) - (TWO_52 + 1023.0);
    // ln m = 2 (s + s³/3 + s⁵/5 + …) with |s| < 0.172.
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let mut sum = 1.0 / 23.0;
    for odd in [21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1] {
        sum = sum * z + 1.0 / f64::from(odd);
    }
    k * LN_2 + 2.0 * s * sum
}

/// Sine and cosine of so many turns, between 0 and 1.
#[inline]
fn sin_cos_of_turns(turns: f64) -> (f64, f64) {
    // Adding it leaves no room for digits after the point.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let rounded = 4.0 * turns + ROUND;
    let quarter = rounded.to_bits();
    // At most an eighth of a turn is left.
    let angle = TAU * (turns - 0.25 * (rounded - ROUND));
    let z = angle * angle;
    let (mut sin, mut cos) = (1.0, 1.0);
    for n in [16, 14, 12, 10, 8, 6, 4, 2] {
        let n = f64::from(n);
        sin = 1.0 - (n * (n + 1.0)).recip() * z * sin;
        cos = 1.0 - (n * (n - 1.0)).recip() * z * cos;
    }
    sin *= angle;
    let odd = quarter & 1 == 1;
    let (sin, cos) = if odd { (cos, sin) } else { (sin, cos) };
    let signed = |x: f64, sign: u64| f64::from_bits(x.to_bits() ^ (sign << 63));
    (signed(sin, quarter >> 1 & 1), signed(cos, (quarter + 1) >> 1 & 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    /// Against the standard library's, for words of all sizes.
    #[test]
    fn polynomials_are_exact_to_a_few_last_places() {
        let mut random = stream(0, Purpose::Data, 0, 0);
        for i in 0..200_000 {
            let word = match i {
                0 => 0,
                1 => u32::MAX,
                _ => random.word() >> (i % 32),
            };
            for x in [unit(word), unit(!word)] {
                let (exact, error) = (x.ln(), (ln(x) - x.ln()).abs());
                assert!(error < 1e-15 * exact.abs(), "ln {x}: {error}");
                let (sin, cos) = sin_cos_of_turns(x);
                let (s, c) = (TAU * x).sin_cos();
                // The argument itself is rounded there.
                assert!((sin - s).abs() < 1e-15, "sin {x}: {sin}, not {s}");
                assert!((cos - c).abs() < 1e-15, "cos {x}: {cos}, not {c}");
            }
        }
    }
}
