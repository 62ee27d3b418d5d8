//! Noise as a tensor.

use crate::random::Stream;
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use rayon::prelude::*;

/// The largest number of values. A larger one is a typing error.
const LARGEST: u64 = 1 << 40;

/// Returns standard normal noise `(B, …)`, with example `i` from `stream(i)`. It
/// is drawn on the CPU in `f32`, so that it is the same on every device.
///
/// # Errors
/// If the shape is absurd or the device fails.
pub(crate) fn noise(
    shape: &[usize],
    dtype: DType,
    device: &Device,
    stream: impl Fn(u32) -> Stream + Sync,
) -> Result<Tensor> {
    let count = shape.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
    let Some(count) = count.filter(|&n| n as u64 <= LARGEST) else {
        let got = format!("{shape:?}");
        return Err(Error::argument("shape", "below 2^40 values", got));
    };
    let size: usize = shape[1..].iter().product();
    let mut values = vec![0_f32; count];
    let examples = values.par_chunks_mut(size.max(1)).enumerate();
    examples.for_each(|(i, example)| {
        stream(u32::try_from(i).unwrap_or(u32::MAX)).fill_normal(example);
    });
    Ok(Tensor::from_vec(values, shape, device)?.to_dtype(dtype)?)
}
