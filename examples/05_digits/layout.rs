//! The layout of pictures of samples.

use ddpm::data::ImageShape;

/// The largest number of samples that are drawn in a picture.
const SHOWN: usize = 400;
/// The desired width and height of a picture, in pixels. A picture of large images
/// may be larger, but has a scale of 1.
const COMFORTABLE: usize = 4096;

/// Returns columns, scale, and the number of samples in a picture of `count`
/// samples: a square grid, or less of it if that becomes too large.
pub(crate) fn layout(count: usize, shape: ImageShape) -> (usize, usize, usize) {
    let shown = count.min(SHOWN);
    let wanted = shown.isqrt().max(1);
    let scale = scale(wanted, wanted, shape);
    let fitting = |side: usize| (COMFORTABLE / framed(side, scale)).max(1);
    let columns = wanted.min(fitting(shape.width));
    let rows = shown.div_ceil(columns).min(fitting(shape.height));
    (columns, scale, shown.min(rows * columns))
}

/// Returns the scale of a grid whose columns and rows must all be there.
pub(crate) fn scale(columns: usize, rows: usize, shape: ImageShape) -> usize {
    let [width, height] = [(columns, shape.width), (rows, shape.height)]
        .map(|(count, side)| count * framed(side, 2));
    if width.max(height) <= COMFORTABLE { 2 } else { 1 }
}

/// Returns the width or height of an image with its frame.
fn framed(side: usize, scale: usize) -> usize {
    side * scale + 4
}
