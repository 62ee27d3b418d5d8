//! Philox4x32-10, a counter-based random number generator.
//!
//! It maps a pair (counter of four 32-bit words, key of two words) to four random
//! words.
//! Different counters give independent words, so any part of a stream can be
//! drawn without the parts before it.
//!
//! Source: Salmon et al. 2011, *Parallel random numbers: as easy as 1, 2, 3*.

/// The multipliers and the key increments of the paper.
const MULTIPLY: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const ADVANCE: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Returns the four random words of a counter, by ten rounds of Philox.
///
/// ```
/// use ddpm::random::philox::block;
/// assert_ne!(block([0, 0, 0, 0], [0, 0]), block([1, 0, 0, 0], [0, 0]));
/// ```
pub fn block(
    [mut a, mut b, mut c, mut d]: [u32; 4],
    [mut k, mut l]: [u32; 2],
) -> [u32; 4] {
    for _ in 0..10 {
        let (high_a, low_a) = wide(MULTIPLY[0], a);
        let (high_c, low_c) = wide(MULTIPLY[1], c);
        (a, b, c, d) = (high_c ^ b ^ k, low_c, high_a ^ d ^ l, low_a);
        k = k.wrapping_add(ADVANCE[0]);
        l = l.wrapping_add(ADVANCE[1]);
    }
    [a, b, c, d]
}

/// Returns the high and the low word of a product.
#[allow(clippy::cast_possible_truncation)] // the low word is what is wanted
fn wide(x: u32, y: u32) -> (u32, u32) {
    let product = u64::from(x) * u64::from(y);
    ((product >> 32) as u32, product as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the authors publish with their code, Random123
    /// (`kat_vectors`, philox 4x32 10).
    #[test]
    fn known_answers() {
        const ONES: u32 = u32::MAX;
        let known = [
            (
                [0; 4],
                [0; 2],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
            ),
            (
                [ONES; 4],
                [ONES; 2],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
            ),
            (
                // The digits of pi.
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in known {
            assert_eq!(block(counter, key), answer);
        }
    }
}
