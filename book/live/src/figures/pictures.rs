//! Figures that are pictures of images.

use ddpm::Result;
use ddpm::data::{mnist_10k, mnist_split};
use ddpm::math::{Schedule, denoise};
use ddpm::plot::{self, Picture};

/// Draws digits at several timesteps of the forward process, one in a row, and
/// returns the picture and its description.
pub(super) fn noisy_digits() -> Result<(Picture, &'static str)> {
    const ROWS: usize = 4;
    let timesteps = [0, 25, 50, 100, 200, 300, 500, 1000];
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let (first, _) = mnist_10k()?.split_at(ROWS);
    let (digits, shape) = (first.scaled(), first.shape());
    let rows = digits.chunks(shape.values()).zip(0..);
    let rows = rows
        .map(|(digit, i)| plot::noisy_strip(digit, &schedule, &timesteps, i));
    let images = rows.collect::<Result<Vec<_>>>()?.concat();
    let picture = plot::grid(&images, shape, timesteps.len(), 3)?;
    let description = "Rows of handwritten digits that become noise from left \
                       to right";
    Ok((picture, description))
}

/// Draws test digits with noise, and below each the best prediction of the digit if
/// the data are 9,000 other digits.
#[allow(clippy::cast_possible_truncation)] // pixels are f32
pub(super) fn denoised_digits() -> Result<(Picture, &'static str)> {
    const DIGITS: usize = 3;
    let timesteps = [50, 100, 200, 300, 400, 500, 700, 1000];
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let (train, test) = mnist_split()?;
    let (data, shape) = (train.scaled(), train.shape());
    let data: Vec<&[f32]> = data.chunks(shape.values()).collect();
    let mut images = vec![];
    for (digit, i) in test.scaled().chunks(shape.values()).take(DIGITS).zip(0..)
    {
        let noisy = plot::noisy_strip(digit, &schedule, &timesteps, i)?;
        let mut predictions = vec![];
        for (x_t, t) in noisy.chunks(shape.values()).zip(timesteps) {
            let x_0 = denoise::expected_x_0(schedule.at(t)?, x_t, &data);
            predictions.extend(x_0.into_iter().map(|x| x as f32));
        }
        images.extend([noisy, predictions].concat());
    }
    let picture = plot::grid(&images, shape, timesteps.len(), 3)?;
    let description = "Rows of noisy digits, and below each row the predictions, \
                       which blur from left to right";
    Ok((picture, description))
}
