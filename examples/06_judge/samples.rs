//! The samples to evaluate.

use anyhow::{Result, bail, ensure};
use candle_core::{DType, Device, Tensor};
use std::path::Path;

/// Reads the samples from a file of the digits lesson, as `f32` in [-1, 1]. Samples
/// that hold a NaN or an infinity are taken out; their number is the second value.
pub(crate) fn read(path: &Path, device: &Device) -> Result<(Tensor, usize)> {
    let name = path.display();
    let tensors = ddpm::nn::read_tensors(path)?;
    let Some(samples) = tensors.get("samples") else {
        if tensors.contains_key("losses") {
            bail!("{name} is a checkpoint; name samples.safetensors beside it");
        }
        let mut names: Vec<_> = tensors.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.truncate(5);
        let names = names.join(", ");
        bail!("{name} has no tensor `samples`; it has {names} …");
    };
    ensure!(
        samples.dtype().is_float(),
        "the samples in {name} are of type {}; they must be floats in [-1, 1], \
         where -1 is black",
        samples.dtype().as_str()
    );
    ensure!(
        samples.rank() == 4 && samples.dims()[1..] == [1, 28, 28],
        "the samples in {name} must be N x 1 x 28 x 28, these are {:?}",
        samples.dims()
    );
    let all = samples.to_dtype(DType::F32)?;
    let all = all.flatten_from(1)?.to_vec2::<f32>()?;
    ensure!(!all.is_empty(), "there are no samples in {name}");
    let finite = |image: &Vec<f32>| image.iter().all(|x| x.is_finite());
    let good: Vec<_> = all.iter().filter(|image| finite(image)).collect();
    let values = good.iter().copied().flatten().copied();
    let (low, high) = values
        .fold((f32::MAX, f32::MIN), |(low, high), x| (low.min(x), high.max(x)));
    ensure!(
        good.is_empty() || (low >= -1.01 && high <= 1.01),
        "the samples in {name} reach from {low} to {high}; they must be in \
         [-1, 1], where -1 is black"
    );
    if low >= 0.0 {
        note!(
            "warning: no value in {name} is below 0; samples must be in [-1, 1], \
             where -1 is black"
        );
    }
    let values: Vec<f32> = good.iter().copied().flatten().copied().collect();
    let samples = Tensor::from_vec(values, (good.len(), 1, 28, 28), device)?;
    Ok((samples, all.len() - good.len()))
}
