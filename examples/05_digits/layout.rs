//! The layout of pictures of samples, and what is too large for one.

use crate::args::Args;
use crate::draw::STRIP;
use anyhow::{Context, Result, ensure};
use ddpm::data::ImageShape;

/// The largest number of samples that are drawn in a picture.
const SHOWN: usize = 400;
/// The desired width and height of a picture of samples, and the largest width
/// that a picture can have, in pixels.
const COMFORTABLE: usize = 4096;
const WIDEST: usize = 1 << 15;

/// The most memory that the samples may take, in bytes: 4 GiB.
const MEMORY: usize = 1 << 32;

/// Checks before training that the samples can be drawn.
pub(crate) fn check(args: &Args, shape: ImageShape) -> Result<()> {
    let (count, rows) = (args.samples as usize, STRIP.0);
    let most = MEMORY / 4 / shape.values();
    ensure!(
        count <= most,
        "--samples {count} is too many for the memory: of images of {shape}, \
         --out takes at most {most}"
    );
    // One column more: the noise that sampling starts from.
    strip_scale(STRIP.1 + 1, rows, shape)
        .and(layout(count, shape))
        .map(drop)
        .with_context(|| format!("images of {shape} are too large to be drawn"))
}

/// Returns columns, scale, and the number of samples in a picture of `count`
/// samples: a square grid, or less of it if that becomes too large.
pub(crate) fn layout(
    count: usize,
    shape: ImageShape,
) -> Option<(usize, usize, usize)> {
    let shown = count.min(SHOWN);
    let wanted = shown.isqrt().max(1);
    let scale = if fits(wanted, wanted, shape, 2, COMFORTABLE) { 2 } else { 1 };
    let side = |n: usize| fits(n, 1, shape, scale, COMFORTABLE);
    let columns = (1..=wanted).rev().find(|&n| side(n)).unwrap_or(1);
    let below = |n: usize| fits(1, n, shape, scale, COMFORTABLE);
    let rows = shown.div_ceil(columns);
    let rows = (1..=rows).rev().find(|&n| below(n)).unwrap_or(1);
    fits(columns, rows, shape, scale, WIDEST).then_some((
        columns,
        scale,
        shown.min(rows * columns),
    ))
}

/// Returns the scale of a strip whose columns must all be there.
pub(crate) fn strip_scale(
    columns: usize,
    rows: usize,
    shape: ImageShape,
) -> Option<usize> {
    let limits = [(2, COMFORTABLE), (1, WIDEST)];
    let (scale, _) = limits
        .into_iter()
        .find(|&(scale, limit)| fits(columns, rows, shape, scale, limit))?;
    Some(scale)
}

/// Returns whether a grid is at most `limit` pixels wide and high.
fn fits(
    columns: usize,
    rows: usize,
    shape: ImageShape,
    scale: usize,
    limit: usize,
) -> bool {
    let [width, height] = [(columns, shape.width), (rows, shape.height)]
        .map(|(n, side)| n.saturating_mul(side.saturating_mul(scale) + 4));
    width.max(height) <= limit && width * height <= 1 << 28
}
