//! One step of noise on a digit.

use ddpm::Result;
use ddpm::data::Images;
use ddpm::math::Schedule;
use ddpm::plot::{self, Picture};

/// The first digit of MNIST, which `ddpm::data::mnist_10k` returns. All of them would
/// be too much for a page.
const DIGIT: &[u8; SIDE * SIDE] = include_bytes!("digit");
const SIDE: usize = 28;

/// Draws a digit, and the digit after one step, for a small and a large beta.
pub(super) fn step_on_a_digit(
    [small, large]: [f64; 2],
) -> Result<(Picture, &'static str)> {
    let digit = digit()?;
    let after = |beta: f64| {
        let schedule = Schedule::from_betas(vec![beta])?;
        plot::noisy_strip(&digit, &schedule, &[1], 0)
    };
    let images = [digit.clone(), after(small)?, after(large)?].concat();
    let picture = plot::grid(&images, (SIDE, SIDE), 3, 5)?;
    Ok((picture, "A digit, and the digit after a small and after a large step"))
}

/// Returns the pixels, from -1 to 1.
fn digit() -> Result<Vec<f32>> {
    Ok(Images::new((SIDE, SIDE), DIGIT.to_vec())?.scaled())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digit_is_the_first_of_the_data() {
        let (first, _) = ddpm::data::mnist_10k().unwrap().split_at(1);
        assert_eq!(first.pixels(), DIGIT);
        assert_eq!(first.scaled(), digit().unwrap());
    }
}
