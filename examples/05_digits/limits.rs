//! The largest images, batches and samples that a machine of 24 GiB takes; more is
//! refused before the run starts.
//!
//! Training keeps about thirteen numbers for each value of the images of a batch,
//! beside the activations of the micro-batches that run. Sampling keeps about five
//! for each value of the samples.

use crate::args::Args;
use crate::data::Data;
use anyhow::{Result, ensure};

/// The largest width and height of images, in pixels.
pub(crate) const SIDE: usize = 1024;

/// The largest size of the images of a batch, as 32-bit numbers: 1 GiB.
const BATCH: usize = 1 << 30;

/// The largest size of the samples, as 32-bit numbers: 4 GiB.
const SAMPLES: usize = 1 << 32;

/// Checks that the images, a batch of them and the samples fit in memory.
pub(crate) fn check(args: &Args, batch: usize, data: &Data) -> Result<()> {
    let shape = data.shape;
    let resize = if data.can_be_resized { "; add --size N" } else { "" };
    ensure!(
        shape.width <= SIDE && shape.height <= SIDE,
        "images of {shape} are too large: they can have at most {SIDE}x{SIDE} \
         pixels{resize}"
    );
    let fits = |bytes: usize| bytes / 4 / shape.values();
    let most = fits(BATCH);
    ensure!(
        batch <= most,
        "--batch {batch} is too large for the memory: of images of {shape}, it is \
         at most {most}"
    );
    let (count, most) = (args.samples as usize, fits(SAMPLES));
    ensure!(
        count <= most,
        "--samples {count} is too many for the memory: of images of {shape}, \
         --out takes at most {most}"
    );
    Ok(())
}
