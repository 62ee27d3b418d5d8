//! The share of a batch that a rank takes.

use super::Communicator;
use crate::{Error, Result};
use std::ops::Range;

/// Returns the examples that this rank takes of a batch of `batch` examples, which
/// is split into micro-batches of `micro_batch`.
///
/// A pairwise tree adds the gradients of the micro-batches. A rank adds a whole
/// branch of the tree, so the number of micro-batches in a share is a power of two.
/// The last share may be smaller.
///
/// # Errors
/// If a rank would get nothing.
pub(crate) fn share(
    batch: usize,
    micro_batch: usize,
    ranks: &dyn Communicator,
) -> Result<Range<usize>> {
    let (rank, size) = (ranks.rank(), ranks.size());
    let micro_batches = batch.div_ceil(micro_batch);
    let Some(each) = share_len(micro_batches, size) else {
        let fits = |&n: &usize| share_len(micro_batches, n).is_some();
        let most = (1..size).rev().filter(|n| n.is_power_of_two()).find(fits);
        let enough = size * largest_share(micro_batches, size) * micro_batch;
        return Err(Error::argument(
            "batch_size",
            format!(
                "such that each of {size} processes gets micro-batches of \
                 {micro_batch} examples, such as {enough}"
            ),
            format!("{batch}, which is enough for {}", most.unwrap_or(1)),
        ));
    };
    let start = |rank: usize| (rank * each * micro_batch).min(batch);
    Ok(start(rank)..start(rank + 1))
}

/// Returns the number of micro-batches of all ranks but the last, if it leaves at
/// least one for the last.
fn share_len(micro_batches: usize, ranks: usize) -> Option<usize> {
    let each = largest_share(micro_batches, ranks);
    ((ranks - 1) * each < micro_batches).then_some(each)
}

fn largest_share(micro_batches: usize, ranks: usize) -> usize {
    micro_batches.div_ceil(ranks).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributed::testing::on_ranks;

    #[test]
    fn shares_cover_a_batch_in_order() {
        let shares = |batch, size| {
            on_ranks(size, |ranks| share(batch, 16, &ranks).unwrap())
        };
        assert_eq!(shares(7, 1)[0], 0..7);
        assert_eq!(shares(64, 1)[0], 0..64);
        assert_eq!(shares(64, 4), [0..16, 16..32, 32..48, 48..64]);
        // Shares of 1, 2, 4 … micro-batches: a branch of the tree each.
        assert_eq!(shares(96, 2), [0..64, 64..96]);
        assert_eq!(shares(100, 4), [0..32, 32..64, 64..96, 96..100]);
    }

    #[test]
    fn a_batch_that_is_too_small_is_an_error_that_names_one_that_is_not() {
        let errors = |batch, size| {
            let all = on_ranks(size, |r| share(batch, 16, &r).unwrap_err());
            all[0].to_string()
        };
        let error = errors(32, 4);
        assert!(error.contains("such as 64, got 32"), "{error}");
        assert!(error.ends_with("enough for 2"), "{error}");
        // Five micro-batches are 2 + 2 + 1: a fourth rank would have none.
        let error = errors(80, 4);
        assert!(error.contains("such as 128, got 80"), "{error}");
        assert!(error.ends_with("enough for 2"), "{error}");
        assert!(errors(1, 2).ends_with("enough for 1"));
    }
}
