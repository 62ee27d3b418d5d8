//! Nearest neighbours.

use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};

/// The queries that are compared with all references at a time.
const BATCH: usize = 250;

/// A reference that is near to a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// The index of the reference.
    pub index: usize,
    /// The Euclidean distance.
    pub distance: f64,
}

/// Returns the `k` nearest references of each query, the nearest first. Queries
/// `(N, …)` and references `(M, …)` are images or features, of one shape.
///
/// In the space of pixels it answers whether samples are copies of training images.
///
/// # Errors
/// If the shapes differ, there are fewer than `k` references, a value is not finite,
/// or the device fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::evaluate::{Neighbour, nearest};
/// let references = Tensor::new(&[[0.0], [10.0], [20.0]], &Device::Cpu)?;
/// let queries = Tensor::new(&[[13.0], [20.0]], &Device::Cpu)?;
/// let found = nearest(&queries, &references, 2)?;
/// assert_eq!(found[0][0], Neighbour { index: 1, distance: 3.0 });
/// assert_eq!(found[0][1], Neighbour { index: 2, distance: 7.0 });
/// assert_eq!(found[1][0].distance, 0.0); // a copy
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn nearest(
    queries: &Tensor,
    references: &Tensor,
    k: usize,
) -> Result<Vec<Vec<Neighbour>>> {
    let (exact, all) = (rows(queries)?, rows(references)?);
    let same = exact[0].len() == all[0].len();
    let expected =
        format_args!("of {} values, as the references", all[0].len());
    Error::require(same, "the queries", expected, exact[0].len())?;
    let enough = (1..=all.len()).contains(&k);
    let expected = format_args!("in 1..={}", all.len());
    Error::require(enough, "k", expected, k)?;

    let (queries, references) = centred(queries, references)?;
    let squares = references.sqr()?.sum(1)?.unsqueeze(0)?; // (1, M)
    let transposed = references.t()?; // (d, M)
    let mut found = Vec::with_capacity(exact.len());
    for first in (0..exact.len()).step_by(BATCH) {
        let batch = queries.narrow(0, first, BATCH.min(exact.len() - first))?;
        // |a - b|² - |a|² = |b|² - 2 a·b, which orders the references.
        let products = (batch.matmul(&transposed)? * -2.0)?;
        let scores = products.broadcast_add(&squares)?.to_vec2::<f32>()?;
        for (query, scores) in exact[first..].iter().zip(scores) {
            found.push(smallest(&scores, k, |i| distance(query, &all[i])));
        }
    }
    Ok(found)
}

/// Returns queries `(N, d)` and references `(M, d)` without the mean of the
/// references. A large mean would take the digits of the scores, which have 24 bits.
fn centred(queries: &Tensor, references: &Tensor) -> Result<(Tensor, Tensor)> {
    let references = matrix(references)?.to_dtype(DType::F64)?;
    let queries = matrix(queries)?.to_dtype(DType::F64)?;
    let mean = references.mean_keepdim(0)?; // (1, d)
    let centre = |x: Tensor| x.broadcast_sub(&mean)?.to_dtype(DType::F32);
    Ok((centre(queries)?, centre(references)?))
}

/// Returns the distance of each query to its nearest reference.
///
/// # Errors
/// As [`nearest`].
///
/// ```
/// use candle_core::{Device, Tensor};
/// let references = Tensor::new(&[[0.0], [10.0], [20.0]], &Device::Cpu)?;
/// let queries = Tensor::new(&[[13.0], [20.0]], &Device::Cpu)?;
/// let found = ddpm::evaluate::nearest_distances(&queries, &references)?;
/// assert_eq!(found, [3.0, 0.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn nearest_distances(
    queries: &Tensor,
    references: &Tensor,
) -> Result<Vec<f64>> {
    let found = nearest(queries, references, 1)?;
    Ok(found.iter().map(|neighbours| neighbours[0].distance).collect())
}

/// Returns the `k` neighbours of the smallest scores. The scores are rounded, so
/// that a few more are compared by their exact distance.
fn smallest(
    scores: &[f32],
    k: usize,
    distance: impl Fn(usize) -> f64,
) -> Vec<Neighbour> {
    let more = (2 * k + 8).min(scores.len());
    let mut order: Vec<usize> = (0..scores.len()).collect();
    if more < scores.len() {
        order.select_nth_unstable_by(more, |&a, &b| {
            scores[a].total_cmp(&scores[b])
        });
        order.truncate(more);
    }
    let neighbour = |index| Neighbour { index, distance: distance(index) };
    let mut neighbours: Vec<_> = order.into_iter().map(neighbour).collect();
    neighbours.sort_by(|a, b| {
        a.distance.total_cmp(&b.distance).then(a.index.cmp(&b.index))
    });
    neighbours.truncate(k);
    neighbours
}

/// Returns the Euclidean distance.
pub(super) fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// Returns a tensor `(N, …)` as a matrix `(N, d)` on the CPU.
///
/// # Errors
/// If it has no values, or the device fails.
fn matrix(tensor: &Tensor) -> Result<Tensor> {
    let got = format_args!("{:?}", tensor.dims());
    let ok = tensor.rank() > 0 && tensor.elem_count() > 0;
    Error::require(ok, "the images or features", "(N, …) with N ≥ 1", got)?;
    let count = tensor.dim(0)?;
    Ok(tensor.to_device(&Device::Cpu)?.reshape((count, ()))?)
}

/// Returns the rows `(N, …)` of a tensor as lists of values.
///
/// # Errors
/// If there is none, a value is not finite, or the device fails.
pub(super) fn rows(tensor: &Tensor) -> Result<Vec<Vec<f64>>> {
    let rows = matrix(tensor)?.to_dtype(DType::F64)?.to_vec2::<f64>()?;
    let finite = rows.iter().flatten().all(|x| x.is_finite());
    Error::require(finite, "the images or features", "finite", "a NaN or ∞")?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    /// Against all pairs, more queries than one batch.
    #[test]
    fn the_nearest_are_those_of_all_pairs() {
        let mut random = stream(1, Purpose::Data, 0, 0);
        let mut points = |count| {
            let values: Vec<f64> =
                (0..count * 5).map(|_| random.normal()).collect();
            Tensor::from_vec(values, (count, 5), &Device::Cpu).unwrap()
        };
        let (queries, references) = (points(BATCH + 3), points(40));
        let found = nearest(&queries, &references, 3).unwrap();
        assert_eq!(found.len(), BATCH + 3);
        let all = rows(&references).unwrap();
        for (query, found) in rows(&queries).unwrap().iter().zip(found) {
            let mut distances: Vec<_> =
                all.iter().map(|b| distance(query, b)).collect();
            assert!(found.iter().all(|n| distances[n.index] == n.distance));
            distances.sort_by(f64::total_cmp);
            let found: Vec<_> = found.iter().map(|n| n.distance).collect();
            assert_eq!(found, distances[..3]);
        }
    }

    /// Far from the origin, `|b|² - 2 a·b` loses its digits in `f32`.
    /// The squares of these points have 10 digits, and those of their differences two.
    #[test]
    fn a_common_mean_does_not_change_the_neighbours() {
        let mut random = stream(2, Purpose::Data, 0, 0);
        let values: Vec<f64> = (0..300 * 64).map(|_| random.normal()).collect();
        let points = Tensor::from_vec(values, (300, 64), &Device::Cpu).unwrap();
        let neighbours = |points: &Tensor| -> Vec<Vec<usize>> {
            let queries = points.narrow(0, 0, 50).unwrap();
            let found = nearest(&queries, points, 3).unwrap();
            let indices = |all: Vec<Neighbour>| {
                all.iter().map(|neighbour| neighbour.index).collect()
            };
            found.into_iter().map(indices).collect()
        };
        assert_eq!(neighbours(&(&points + 1e4).unwrap()), neighbours(&points));
    }

    #[test]
    fn a_copy_has_distance_zero_among_large_values() {
        let values: Vec<f64> = (0..60).map(|i| 1e4 + f64::from(i)).collect();
        let points = Tensor::from_vec(values, (60, 1), &Device::Cpu).unwrap();
        let copies = nearest(&points.narrow(0, 20, 3).unwrap(), &points, 1);
        let found: Vec<_> =
            copies.unwrap().iter().map(|n| n[0].index).collect();
        assert_eq!(found, [20, 21, 22]);
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let points = |shape: (usize, usize)| {
            Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap()
        };
        let error = |a, b, k| {
            nearest(&points(a), &points(b), k).unwrap_err().to_string()
        };
        let text = error((2, 3), (5, 4), 1);
        assert!(
            text.contains("of 4 values, as the references, got 3"),
            "{text}"
        );
        let text = error((2, 3), (5, 3), 6);
        assert!(text.contains("k must be in 1..=5, got 6"), "{text}");
        let text = error((0, 3), (5, 3), 1);
        assert!(text.contains("N ≥ 1"), "{text}");
    }
}
