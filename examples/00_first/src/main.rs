//! The first lesson: Algorithm 2 draws digits without a network.
//!
//! The best denoiser predicts `E[x_0 | x_t]`. For a finite set of pictures, this is
//! a weighted mean, which a formula computes. So sampling needs no network and no
//! training: noise becomes a digit in fifty steps. But every digit that it draws is
//! one of the set. To draw new ones, a network must learn to denoise.
//!
//! ```text
//! cargo run -p first
//! ```

#[macro_use]
#[path = "../../shared/say.rs"]
mod say;

use ddpm::Result;
use ddpm::data::mnist_10k;
use ddpm::math::posterior::ReverseVariance;
use ddpm::math::{Schedule, denoise, evenly_spaced, posterior};
use ddpm::random::{Purpose, Stream, stream};
use std::process::ExitCode;

const USAGE: &str = "\
Draw handwritten digits from noise, by a formula in place of a network.

Usage: cargo run -p first [-- SEED]

SEED is a whole number, 0 if it is left out. Another seed draws other digits.";

/// Digits to draw.
const DIGITS: u32 = 3;
/// Sampling steps.
const STEPS: usize = 50;
/// The steps after which the picture is shown.
const SHOWN: [usize; 5] = [0, 25, 35, 42, 50];
/// The side of a picture.
const SIDE: usize = 28;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let seed = args.next().map_or(Ok(0), |seed| seed.parse());
    let (Ok(seed), None) = (seed, args.next()) else {
        say!("{USAGE}");
        return ExitCode::from(2);
    };
    match draw(seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Draws digits and prints them.
fn draw(seed: u64) -> Result<()> {
    let digits = mnist_10k()?;
    let pixels = digits.scaled();
    let data: Vec<&[f32]> = pixels.chunks(SIDE * SIDE).collect();
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let schedule = schedule.respace(&evenly_spaced(1000, STEPS)?)?;
    say!("From noise to digits in {STEPS} steps:\n");
    for index in 0..DIGITS {
        let mut random = stream(seed, Purpose::SampleNoise, 0, index);
        let frames = sample(&schedule, &data, &mut random)?;
        say!("{}", side_by_side(&frames));
        let last = &frames[frames.len() - 1];
        let (nearest, difference) = nearest(last, &data);
        say!(
            "This is number {} of the {} digits that the formula knows. No pixel \
             differs by more than {difference:.3}.\n",
            nearest + 1,
            data.len(),
        );
    }
    say!(
        "No network was trained. The formula knows all {} digits, so it can only \
         draw these.\nA network learns to draw new ones: cargo run --release \
         --example digits",
        data.len()
    );
    Ok(())
}

/// Algorithm 2 with the best denoiser of `data`. Returns the picture after each of
/// the steps `SHOWN`.
#[allow(clippy::cast_possible_truncation)] // pixels are f32
fn sample(
    schedule: &Schedule,
    data: &[&[f32]],
    random: &mut Stream,
) -> Result<Vec<Vec<f32>>> {
    let mut x = vec![0.0; SIDE * SIDE];
    random.fill_normal(&mut x); // x_T
    let mut frames = vec![];
    for step in 0..=STEPS {
        if SHOWN.contains(&step) {
            frames.push(x.clone());
        }
        if step == STEPS {
            break;
        }
        let at = schedule.at(STEPS - step)?;
        // In place of a network: E[x_0 | x_t].
        let x_0 = denoise::expected_x_0(at, &x, data);
        let c = posterior::mean(at);
        // The variance of the last step, at t = 1, is zero.
        let sigma = ReverseVariance::BetaTilde.variance(at).sqrt();
        for (x, x_0) in x.iter_mut().zip(x_0) {
            let mean = c.x_0 * x_0 + c.x_t * f64::from(*x);
            *x = (mean + sigma * random.normal()) as f32;
        }
    }
    Ok(frames)
}

/// Returns the number of the picture nearest to `x`, and the largest difference of a
/// pixel.
fn nearest(x: &[f32], data: &[&[f32]]) -> (usize, f32) {
    let largest = |row: &[f32]| {
        let pairs = x.iter().zip(row);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    let all = data.iter().map(|row| largest(row)).enumerate();
    let (zero, far) = (0, f32::INFINITY);
    all.fold((zero, far), |a, b| if b.1 < a.1 { b } else { a })
}

/// Returns pictures side by side as text. Each character is a cell of 2×4 pixels,
/// with a dot for each bright one.
fn side_by_side(pictures: &[Vec<f32>]) -> String {
    let mut text = String::new();
    for y in (0..SIDE).step_by(4) {
        for picture in pictures {
            text.push_str("  ");
            text.extend((0..SIDE).step_by(2).map(|x| cell(picture, x, y)));
        }
        text.push('\n');
    }
    text
}

/// Returns the Braille character for the 2×4 pixels from `(x, y)` on.
fn cell(picture: &[f32], x: usize, y: usize) -> char {
    // Unicode numbers the dots down the left column, then down the right one; the
    // fourth row was added later.
    const DOTS: [[u32; 2]; 4] = [[0, 3], [1, 4], [2, 5], [6, 7]];
    let mut bits = 0;
    for (row, dots) in DOTS.iter().enumerate() {
        for (column, dot) in dots.iter().enumerate() {
            let bright = picture[(y + row) * SIDE + x + column] > 0.0;
            bits |= u32::from(bright) << dot;
        }
    }
    char::from_u32(0x2800 + bits).unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_a_dot_for_each_bright_pixel() {
        let mut picture = vec![-1.0; SIDE * SIDE];
        assert_eq!(cell(&picture, 0, 0), '⠀');
        picture[0] = 1.0;
        assert_eq!(cell(&picture, 0, 0), '⠁');
        picture[3 * SIDE + 1] = 1.0; // the last dot
        assert_eq!(cell(&picture, 0, 0), '⢁');
    }

    /// The last picture is one of the data, as the lesson says.
    #[test]
    fn a_sample_is_one_of_the_data() {
        let data: Vec<Vec<f32>> =
            [-0.8, 0.1, 0.9].map(|x| vec![x; SIDE * SIDE]).to_vec();
        let data: Vec<&[f32]> = data.iter().map(Vec::as_slice).collect();
        let schedule = Schedule::linear(1000, 1e-4, 0.02).unwrap();
        let timesteps = evenly_spaced(1000, STEPS).unwrap();
        let schedule = schedule.respace(&timesteps).unwrap();
        let mut drawn = [0; 3];
        for seed in 0..30 {
            let mut random = stream(seed, Purpose::SampleNoise, 0, 0);
            let frames = sample(&schedule, &data, &mut random).unwrap();
            assert_eq!(frames.len(), SHOWN.len());
            let (which, difference) = nearest(&frames[4], &data);
            assert!(difference < 0.05, "{difference}");
            drawn[which] += 1;
        }
        assert!(drawn.iter().all(|&count| count > 0), "{drawn:?}");
    }
}
