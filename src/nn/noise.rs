//! Noise as a tensor.

use crate::Result;
use crate::random::Stream;
use candle_core::{Device, Tensor};

/// Standard normal noise `(B, …)` in `f32`, example `i` from the stream
/// `name(i)`; drawn on the CPU, so that it is the same on every device.
///
/// # Errors
/// If the device fails.
pub(crate) fn noise(
    shape: &[usize],
    device: &Device,
    name: impl Fn(u32) -> Stream,
) -> Result<Tensor> {
    let size: usize = shape[1..].iter().product();
    let mut values = vec![0_f32; shape.iter().product()];
    for (i, example) in (0..).zip(values.chunks_mut(size.max(1))) {
        name(i).fill_normal(example);
    }
    Ok(Tensor::from_vec(values, shape, device)?)
}
