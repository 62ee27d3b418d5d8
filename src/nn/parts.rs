//! Batches in parts that are worked on side by side.
//!
//! The examples of a batch do not depend on one another. So on the CPU a batch
//! is cut into parts, and each passes through the network on a thread of its
//! own: threads need not wait for one another after every operation, and what
//! is kept is that of the parts at work, few enough numbers to stay near the
//! processor.
//!
//! How a batch is cut depends on its shape alone, so results do not depend on
//! the number of threads.

use crate::Result;
use candle_core::Tensor;
use rayon::prelude::*;

/// Numbers of `x` in a part: 16 images of 28×28.
const PART: usize = 16 * 28 * 28;

/// What `f(first, count)` makes of each part of the batch `x`, in their order;
/// on a GPU, which wants much at once, the batch is one part.
pub(crate) fn in_parts<R: Send>(
    x: &Tensor,
    f: impl Fn(usize, usize) -> Result<R> + Sync + Send,
) -> Result<Vec<R>> {
    let examples = x.dims().first().copied().unwrap_or(0);
    let numbers = x.elem_count() / examples.max(1);
    let size = if x.device().is_cpu() {
        PART.div_ceil(numbers.max(1)).min(examples)
    } else {
        examples
    };
    let firsts: Vec<_> = (0..examples).step_by(size.max(1)).collect();
    let part = |first| f(first, size.min(examples - first));
    firsts.into_par_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};

    #[test]
    fn parts_cover_a_batch_in_order() {
        let parts = |shape: &[usize]| {
            let x = Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
            in_parts(&x, |first, count| Ok((first, count))).unwrap()
        };
        assert_eq!(parts(&[37, 1, 28, 28]), [(0, 16), (16, 16), (32, 5)]);
        assert_eq!(parts(&[2, 3, 100, 100]), [(0, 1), (1, 1)]);
        assert_eq!(parts(&[256, 2]), [(0, 256)]); // points are small
        assert_eq!(parts(&[0, 2]), []);
    }
}
