//! Micro-batches: parts of a batch that run in parallel.
//!
//! The examples of a batch do not depend on each other. So on the CPU a batch is
//! split into micro-batches, and each passes through the network on one thread.
//! Then threads do not wait for each other after every operation, and the
//! activations of a micro-batch fit the cache.
//!
//! The split depends on the shape of the batch alone, so results do not depend
//! on the number of threads.

use crate::Result;
use candle_core::{Device, Tensor};
use rayon::prelude::*;

/// The target size of a micro-batch, in values of `x`: 16 images of 28×28.
const VALUES: usize = 16 * 28 * 28;

/// Returns the number of examples in a micro-batch of a batch `(B, …)` of this shape.
pub(crate) fn micro_batch_size(shape: &[usize], device: &Device) -> usize {
    let batch = shape.first().copied().unwrap_or(0);
    let values: usize = shape.iter().skip(1).product();
    let most = match device {
        Device::Cpu => VALUES.div_ceil(values.max(1)),
        _ => batch,
    };
    most.min(batch)
}

/// Returns the results of `f(first, count)` for the micro-batches of the batch `x`,
/// in order. On a GPU, which needs much work at once, the batch is not split.
pub(crate) fn micro_batches<R: Send>(
    x: &Tensor,
    f: impl Fn(usize, usize) -> Result<R> + Sync + Send,
) -> Result<Vec<R>> {
    let batch = x.dims().first().copied().unwrap_or(0);
    let size = micro_batch_size(x.dims(), x.device());
    let firsts: Vec<_> = (0..batch).step_by(size.max(1)).collect();
    let run = |first| f(first, size.min(batch - first));
    firsts.into_par_iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};

    #[test]
    fn micro_batches_cover_a_batch_in_order() {
        let split = |shape: &[usize]| {
            let x = Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
            micro_batches(&x, |first, count| Ok((first, count))).unwrap()
        };
        assert_eq!(split(&[37, 1, 28, 28]), [(0, 16), (16, 16), (32, 5)]);
        assert_eq!(split(&[2, 3, 100, 100]), [(0, 1), (1, 1)]);
        assert_eq!(split(&[256, 2]), [(0, 256)]); // points are small
        assert_eq!(split(&[0, 2]), []);
    }
}
