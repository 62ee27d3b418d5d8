//! Figures that are pictures of images.

use ddpm::Result;
use ddpm::data::mnist_split;
use ddpm::math::Schedule;
use ddpm::plot::{self, Picture};

/// Draws digits at several timesteps of the forward process, one in a row, and
/// returns the picture and its description.
pub(super) fn noisy_digits() -> Result<(Picture, &'static str)> {
    const ROWS: usize = 4;
    let timesteps = [0, 25, 50, 100, 200, 300, 500, 1000];
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let (train, _) = mnist_split()?;
    let (digits, shape) = (train.scaled(), train.shape());
    let rows = digits.chunks(shape.values()).take(ROWS).zip(0..);
    let rows = rows
        .map(|(digit, i)| plot::noisy_strip(digit, &schedule, &timesteps, i));
    let images = rows.collect::<Result<Vec<_>>>()?.concat();
    let picture = plot::grid(&images, shape, timesteps.len(), 3)?;
    let description = "Rows of handwritten digits that become noise from left \
                       to right";
    Ok((picture, description))
}
