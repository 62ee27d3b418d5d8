//! Operations of all ranks together, from exchanges between two ranks.
//!
//! Every rank gets the same bits. An all-reduce of MPI or NCCL does not promise
//! that: its order of additions depends on the algorithm that it chooses.

use super::Communicator;
use crate::{Error, Result};
use candle_core::{Device, Tensor};
use candle_fused::add;

/// Returns the sum of the tensors `x` `(n)` of all ranks.
///
/// # Formula
/// The additions are a pairwise tree over the ranks: neighbours first, then their
/// sums. Each exchange halves the part of the sum that a rank computes; then the
/// ranks exchange the parts. Each rank so sends about `2 n` values, however many
/// ranks there are.
///
/// # Errors
/// If the connection fails.
///
/// Source: Rabenseifner 2004, "Optimization of Collective Reduction Operations".
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::distributed::{Alone, all_reduce_sum};
/// let x = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// assert_eq!(all_reduce_sum(&Alone, &x)?.to_vec1::<f32>()?, [1.0, 2.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn all_reduce_sum(ranks: &dyn Communicator, x: &Tensor) -> Result<Tensor> {
    let mut x = x.clone();
    let mut given = vec![];
    for distance in distances(ranks) {
        let n = x.elem_count();
        let (first, second) =
            (x.narrow(0, 0, n / 2)?, x.narrow(0, n / 2, n - n / 2)?);
        let upper = ranks.rank() & distance != 0;
        let (ours, theirs) =
            if upper { (second, first) } else { (first, second) };
        let partner = ranks.rank() ^ distance;
        let other = ranks.send_recv(partner, &theirs, ours.elem_count())?;
        // a + b and b + a are the same bits.
        x = if other.elem_count() == 0 { other } else { add(&ours, &other)? };
        given.push((partner, upper, theirs.elem_count()));
    }
    for (partner, upper, count) in given.into_iter().rev() {
        let other = ranks.send_recv(partner, &x, count)?;
        x = Tensor::cat(&if upper { [other, x] } else { [x, other] }, 0)?;
    }
    Ok(x)
}

/// Returns the tensors `x` `(n)` of all ranks in their order, `(ranks · n)`.
///
/// Each exchange doubles what a rank has.
pub(crate) fn all_gather(
    ranks: &dyn Communicator,
    x: &Tensor,
) -> Result<Tensor> {
    let mut x = x.clone();
    for distance in distances(ranks) {
        let partner = ranks.rank() ^ distance;
        let other = ranks.send_recv(partner, &x, x.elem_count())?;
        let upper = ranks.rank() & distance != 0;
        x = Tensor::cat(&if upper { [other, x] } else { [x, other] }, 0)?;
    }
    Ok(x)
}

/// Returns on rank 0 the tensors of all ranks, in their order; on the other ranks
/// an empty list. `counts` has the number of values of each rank, which all ranks
/// know.
///
/// # Errors
/// If there is not one count for each rank, or the connection fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::distributed::{Alone, gather};
/// let x = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// let all = gather(&Alone, &x, &[2])?;
/// assert_eq!(all[0].to_vec1::<f32>()?, [1.0, 2.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn gather(
    ranks: &dyn Communicator,
    x: &Tensor,
    counts: &[usize],
) -> Result<Vec<Tensor>> {
    let (size, got) = (ranks.size(), counts.len());
    Error::require(got == size, "counts", format_args!("{size} numbers"), got)?;
    let nothing = x.narrow(0, 0, 0)?;
    if ranks.rank() > 0 {
        ranks.send_recv(0, x, 0)?;
        return Ok(vec![]);
    }
    let others = (1..size).map(|i| ranks.send_recv(i, &nothing, counts[i]));
    std::iter::once(Ok(x.clone())).chain(others).collect()
}

/// Returns the largest of the values of all ranks.
///
/// # Errors
/// If the connection fails.
///
/// ```
/// use ddpm::distributed::{Alone, all_reduce_max};
/// assert_eq!(all_reduce_max(&Alone, 3)?, 3);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn all_reduce_max(ranks: &dyn Communicator, value: u8) -> Result<u8> {
    let all = gather_bytes(ranks, &[value])?;
    Ok(all.into_iter().max().unwrap_or(value))
}

/// Checks that each named value is the same on all ranks. The names must be.
///
/// # Errors
/// If a value of another rank differs from that of rank 0.
pub(crate) fn all_equal(
    ranks: &dyn Communicator,
    values: &[(&'static str, u64)],
) -> Result<()> {
    let bytes = values.iter().flat_map(|(_, value)| value.to_le_bytes());
    let bytes: Vec<u8> = bytes.collect();
    let all = gather_bytes(ranks, &bytes)?;
    for (rank, theirs) in all.chunks(bytes.len()).enumerate() {
        let pairs = theirs.chunks(8).zip(all.chunks(8)).zip(values);
        for ((here, first), (what, _)) in pairs {
            if here != first {
                return Err(Error::Ranks { what, rank });
            }
        }
    }
    Ok(())
}

fn gather_bytes(ranks: &dyn Communicator, bytes: &[u8]) -> Result<Vec<u8>> {
    let bytes = Tensor::new(bytes, &Device::Cpu)?;
    Ok(all_gather(ranks, &bytes)?.to_vec1()?)
}

/// Returns the distances between the ranks that exchange, neighbours first.
fn distances(ranks: &dyn Communicator) -> impl Iterator<Item = usize> + use<> {
    let size = ranks.size();
    (0..usize::BITS).map(|i| 1 << i).take_while(move |&d| d < size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributed::testing::on_ranks;

    fn tensor(values: &[f64]) -> Tensor {
        Tensor::new(values, &Device::Cpu).unwrap()
    }

    /// Rounding shows the order: 1 + tiny is 1, and tiny + tiny is not lost.
    #[test]
    fn the_sum_is_a_tree_over_the_ranks() {
        let (one, tiny) = (1.0, 2_f64.powi(-53));
        for (terms, expected) in [
            (vec![one, tiny, tiny, 0.0], one),
            (vec![one, 0.0, tiny, tiny], one + 2.0 * tiny),
            (vec![tiny, tiny, one, 0.0], one + 2.0 * tiny),
        ] {
            let sums = on_ranks(4, |ranks| {
                let x = tensor(&[terms[ranks.rank()]; 5]);
                all_reduce_sum(&ranks, &x).unwrap().to_vec1::<f64>().unwrap()
            });
            assert_eq!(sums, vec![vec![expected; 5]; 4]);
        }
    }

    /// Parts of odd lengths, of none, and more ranks than values.
    #[test]
    fn every_rank_gets_the_sum_of_every_value() {
        for (size, n) in [(1, 3), (2, 1), (2, 5), (4, 3), (8, 2), (8, 1000)] {
            let sums = on_ranks(size, |ranks| {
                let rank = ranks.rank() as f64;
                let x: Vec<f64> = (0..n).map(|i| rank + f64::from(i)).collect();
                all_reduce_sum(&ranks, &tensor(&x))
                    .unwrap()
                    .to_vec1::<f64>()
                    .unwrap()
            });
            let ranks = (0..size).sum::<usize>() as f64;
            let expected: Vec<f64> =
                (0..n).map(|i| ranks + size as f64 * f64::from(i)).collect();
            assert_eq!(sums, vec![expected; size]);
        }
    }

    #[test]
    fn tensors_are_gathered_in_the_order_of_the_ranks() {
        let all = on_ranks(4, |ranks| {
            let x = tensor(&vec![ranks.rank() as f64; ranks.rank()]);
            let to_first = gather(&ranks, &x, &[0, 1, 2, 3]).unwrap();
            let one = tensor(&[ranks.rank() as f64]);
            let everywhere = all_gather(&ranks, &one).unwrap();
            let values = |x: &Tensor| x.to_vec1::<f64>().unwrap();
            let to_first: Vec<f64> = to_first.iter().flat_map(values).collect();
            (to_first, values(&everywhere))
        });
        let expected = vec![1.0, 2.0, 2.0, 3.0, 3.0, 3.0];
        for (rank, (to_first, everywhere)) in all.into_iter().enumerate() {
            assert_eq!(to_first, if rank == 0 { &*expected } else { &[] });
            assert_eq!(everywhere, [0.0, 1.0, 2.0, 3.0]);
        }
    }

    #[test]
    fn a_difference_is_found_by_every_rank() {
        let found = on_ranks(4, |ranks| {
            let odd = u64::from(ranks.rank() == 2);
            let of = |value| [("the seed", 7), ("the data", value)];
            (all_equal(&ranks, &of(3)).is_ok(), all_equal(&ranks, &of(3 + odd)))
        });
        for (equal, error) in found {
            assert!(equal);
            let error = error.unwrap_err().to_string();
            assert!(error.starts_with("the data of rank 2"), "{error}");
        }
    }

    #[test]
    fn every_rank_gets_the_largest_value() {
        let largest = |values: [u8; 4]| {
            on_ranks(4, |ranks| {
                all_reduce_max(&ranks, values[ranks.rank()]).unwrap()
            })
        };
        assert_eq!(largest([0, 0, 2, 1]), [2; 4]);
        assert_eq!(largest([0; 4]), [0; 4]);
    }
}
