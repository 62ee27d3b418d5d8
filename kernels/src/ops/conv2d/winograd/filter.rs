//! The transform of the weights, `U = G g`, and its gradient, `∂g = Gᵀ ∂U`.

use super::transforms::ENTRIES;

/// The matrix `G`, from the three taps of a column to the entries.
const G: [[f32; 3]; ENTRIES] = [
    [1.0 / 4.0, 0.0, 0.0],
    [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
    [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
    [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
    [0.0, 0.0, 1.0],
];

/// The transformed weights `U_k` of all outputs, inputs and columns of taps,
/// packed for `M` outputs at a time: for each entry, block of outputs, input and
/// column, the values of the `M` outputs, zero beyond the last output.
pub(super) struct Filter<const M: usize> {
    packed: Vec<[f32; M]>,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

impl<const M: usize> Filter<M> {
    /// Transforms the weights `weight(output, input, row, column)`.
    #[inline(always)]
    pub(super) fn new(
        outputs: usize,
        inputs: usize,
        weight: impl Fn(usize, usize, usize, usize) -> f32,
    ) -> Self {
        let entry_len = outputs.div_ceil(M) * inputs * 3;
        let mut packed = vec![[0.0; M]; ENTRIES * entry_len];
        for first in (0..outputs).step_by(M) {
            let count = M.min(outputs - first);
            for (index, column) in (0..inputs * 3).map(|i| (i, i % 3)) {
                let mut taps = [[0.0; M]; 3];
                for (row, taps) in taps.iter_mut().enumerate() {
                    for (m, tap) in taps[..count].iter_mut().enumerate() {
                        *tap = weight(first + m, index / 3, row, column);
                    }
                }
                let in_entry = first / M * inputs * 3 + index;
                for (k, factors) in G.iter().enumerate() {
                    let values = &mut packed[k * entry_len + in_entry];
                    for (factor, taps) in factors.iter().zip(&taps) {
                        for (sum, tap) in values.iter_mut().zip(taps) {
                            *sum += factor * tap;
                        }
                    }
                }
            }
        }
        Self { packed, inputs, outputs }
    }

    /// Iterates over the entries `k`.
    pub(super) fn entries(&self) -> impl Iterator<Item = &[[f32; M]]> {
        self.packed.chunks_exact(self.packed.len() / ENTRIES)
    }
}

/// Returns `∂g` `(outputs, inputs, 3, 3)` of `∂U` `(6, outputs, inputs, 3)`.
pub(super) fn backward(grad: &[f32]) -> Vec<f32> {
    let columns = grad.len() / ENTRIES;
    let mut weights = vec![0.0; 3 * columns];
    for (k, grad) in grad.chunks_exact(columns).enumerate() {
        // A kernel has three rows, and a row has three columns.
        let kernels = weights.chunks_exact_mut(9);
        for (kernel, grad) in kernels.zip(grad.chunks_exact(3)) {
            for (row, factor) in kernel.chunks_exact_mut(3).zip(G[k]) {
                for (weight, grad) in row.iter_mut().zip(grad) {
                    *weight += factor * grad;
                }
            }
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::super::transforms::{A_T, B_T, TILE};
    use super::*;

    /// `Aᵀ ((G g) ⊙ (Bᵀ d))` is linear in `d` and in `g`, so unit vectors
    /// decide.
    #[test]
    fn the_matrices_compute_four_neighbouring_outputs() {
        for index in 0..TILE * 3 * ENTRIES {
            let (row, tap) = (index / (3 * ENTRIES), index / ENTRIES % 3);
            let value = index % ENTRIES;
            let entry = |k: usize| A_T[row][k] * G[k][tap] * B_T[k][value];
            let sum: f32 = (0..ENTRIES).map(entry).sum();
            let expected = if row + tap == value { 1.0 } else { 0.0 };
            assert!((sum - expected).abs() < 1e-6, "{sum}");
        }
    }
}
