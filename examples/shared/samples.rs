//! Samples in a file and in a picture.

use anyhow::{Context, Result};
use candle_core::Tensor;
use ddpm::nn::read_tensors;
use ddpm::plot::{self, Picture};
use std::path::Path;

/// Reads the samples of an earlier call.
pub(crate) fn read_samples(path: &Path) -> Result<Tensor> {
    let samples = read_tensors(path)?.remove("samples");
    samples.context("remove the file of samples")
}

/// Returns a picture of grey images `(N, 1, H, W)`.
pub(crate) fn picture(images: &Tensor, columns: usize) -> Result<Picture> {
    let (height, width) = (images.dim(2)?, images.dim(3)?);
    let values = images.flatten_all()?.to_vec1::<f32>()?;
    Ok(plot::grid(&values, (height, width), columns, 2)?)
}
