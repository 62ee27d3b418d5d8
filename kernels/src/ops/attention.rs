//! Multi-head self-attention over the pixels of an image.
//!
//! For one head of one image, `q`, `k` and `v` have shape `(d, N)`: `d` channels
//! of `N` pixels. Query `i` attends to the keys `j`:
//!
//! - `S_{ji} = Σ_s k_{sj} q_{si} / √d`,
//! - `W_{ji} = e^{S_{ji}} / Σ_l e^{S_{li}}`, the softmax over `j`,
//! - `o_{si} = Σ_j v_{sj} W_{ji}`.
//!
//! Backward, write `dx` for the gradient of the loss by `x`. The chain rule sums
//! over everything that `x` enters:
//!
//! - `v_{sj}` enters `o_{si}` of each `i` with the factor `W_{ji}`, so
//!   `dv_{sj} = Σ_i do_{si} W_{ji}`;
//! - `W_{ji}` enters `o_{si}` of each `s` with the factor `v_{sj}`, so
//!   `dW_{ji} = Σ_s do_{si} v_{sj}`;
//! - `S_{ji}` enters `W_{li}` of each `l`, and the derivative of the softmax is
//!   `∂W_{li}/∂S_{ji} = W_{li} (δ_{lj} - W_{ji})`, so
//!   `dS_{ji} = Σ_l dW_{li} W_{li} (δ_{lj} - W_{ji})
//!   = W_{ji} (dW_{ji} - Σ_l dW_{li} W_{li})`;
//! - `q_{si}` enters `S_{ji}` of each `j`, and `k_{sj}` enters it of each `i`, so
//!   `dq_{si} = Σ_j dS_{ji} k_{sj} / √d` and
//!   `dk_{sj} = Σ_i dS_{ji} q_{si} / √d`.
//!
//! The backward pass computes `W` again, so that the forward pass need not keep
//! an `N × N` matrix for each head. Matrices are stored with a row for each key
//! `j`, so that neighbouring queries `i` share a register; rows are padded with
//! zeros to whole registers.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks_with;
use crate::simd::{Float, WIDEST, fold_2, vectorized};
use candle_core::{D, Result, Shape, Tensor};
use pulp::NullaryFnOnce;

/// Returns `softmax(q kᵀ / √d) v` among the pixels of each image, where a row of
/// `q`, `k` and `v` is a pixel. The tensors `q`, `k`, `v` and the result are
/// `(B, C, H, W)`. The channels are split into `heads` groups of `d = C / heads`,
/// and each group attends on its own.
///
/// Source: Vaswani et al. 2017, section 3.2.
///
/// # Errors
/// If the shapes or types differ, a tensor is empty, or `heads` does not divide
/// `C`.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use candle_fused::attention;
///
/// // All keys are 0, so every pixel attends to all pixels alike.
/// let zero = Tensor::zeros((1, 1, 1, 2), DType::F32, &Device::Cpu)?;
/// let v = Tensor::new(&[[[[1_f32, 3.0]]]], &Device::Cpu)?;
/// let mean = attention(&zero, &zero, &v, 1)?.flatten_all()?;
/// assert_eq!(mean.to_vec1::<f32>()?, [2.0, 2.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    heads: usize,
) -> Result<Tensor> {
    Attention::new(q.dims4()?, heads)?.apply([q, k, v])
}

struct Attention {
    shape: (usize, usize, usize, usize),
    heads: usize,
}

impl Attention {
    fn new(shape: (usize, usize, usize, usize), heads: usize) -> Result<Self> {
        let channels = shape.1;
        if heads == 0 || !channels.is_multiple_of(heads) {
            candle_core::bail!(
                "attention: {channels} channels cannot be split into {heads} \
                 heads"
            )
        }
        Ok(Self { shape, heads })
    }

    fn pixels(&self) -> usize {
        self.shape.2 * self.shape.3
    }

    /// Returns the channels of a head, `d`.
    fn head_dim(&self) -> usize {
        self.shape.1 / self.heads
    }

    /// Returns the values of one image of each input.
    fn image_len(&self) -> usize {
        self.shape.1 * self.pixels()
    }

    /// Returns the values of one head of one image.
    fn head_len(&self) -> usize {
        self.head_dim() * self.pixels()
    }

    /// Returns the heads of `x` as matrices `(B, heads, d, N)`.
    fn split(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, _, _, _) = self.shape;
        x.reshape((batch, self.heads, self.head_dim(), self.pixels()))
    }

    /// Returns `Wᵀ` `(B, heads, N, N)` by candle's operations: a row for each
    /// query.
    fn reference_weights(&self, q: &Tensor, k: &Tensor) -> Result<Tensor> {
        let scores = (q.t()?.matmul(k)? * self.scale::<f64>())?;
        // The faster function has no backward pass, and does not say so.
        if scores.track_op() {
            candle_nn::ops::softmax(&scores, D::Minus1)
        } else {
            candle_nn::ops::softmax_last_dim(&scores)
        }
    }

    /// Returns `1/√d`.
    #[inline(always)]
    fn scale<T: Float>(&self) -> T {
        T::from_f64((self.head_dim() as f64).sqrt().recip())
    }
}

/// A matrix whose rows are padded with zeros to whole registers.
#[derive(Default)]
struct Rows<T> {
    padded: usize,
    data: Vec<T>,
}

impl<T: Float> Rows<T> {
    /// Makes this a zero matrix.
    #[inline(always)]
    fn zero(&mut self, rows: usize, columns: usize) {
        self.padded = columns.next_multiple_of(WIDEST);
        self.data.clear();
        self.data.resize(rows * self.padded, T::zero());
    }

    /// Makes this the matrix that is stored row by row in `values`.
    #[inline(always)]
    fn copy_from(&mut self, values: &[T], columns: usize) {
        self.zero(values.len() / columns, columns);
        for (row, values) in self.iter_mut().zip(values.chunks(columns)) {
            row[..columns].copy_from_slice(values);
        }
    }

    #[inline(always)]
    fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.data.chunks_exact(self.padded)
    }

    #[inline(always)]
    fn iter_mut(&mut self) -> impl Iterator<Item = &mut [T]> {
        self.data.chunks_exact_mut(self.padded)
    }

    /// Makes this `aᵀ b`, where `a` has `columns` columns and is stored row by
    /// row: row `j` becomes `Σ_s a[s, j] b[s]`.
    #[inline(always)]
    fn set_transposed_product(&mut self, a: &[T], b: &Self, columns: usize) {
        self.zero(columns, b.padded);
        for (j, row) in self.iter_mut().enumerate() {
            let factors = a.iter().skip(j).step_by(columns);
            for (&factor, other) in factors.zip(b.iter()) {
                add_multiple(row, factor, other);
            }
        }
    }

    /// Writes `scale a self` to `out`, where `a` and `out` have `columns`
    /// columns: `out[s, i] = scale Σ_j a[s, j] self[j, i]`.
    #[inline(always)]
    fn left_product(&self, a: &[T], scale: T, columns: usize, out: &mut [T]) {
        let mut sum = vec![T::zero(); self.padded];
        let rows = out.chunks_mut(columns).zip(a.chunks(columns));
        for (out, factors) in rows {
            sum.fill(T::zero());
            for (&factor, row) in factors.iter().zip(self.iter()) {
                add_multiple(&mut sum, factor, row);
            }
            for (out, &sum) in out.iter_mut().zip(&sum) {
                *out = scale * sum;
            }
        }
    }

    /// Writes `scale b selfᵀ` to `out`, which has `columns` columns:
    /// `out[s, j] = scale Σ_i b[s, i] self[j, i]`.
    #[inline(always)]
    fn inner_products(
        &self,
        b: &Self,
        scale: T,
        columns: usize,
        out: &mut [T],
    ) {
        for (out, b) in out.chunks_mut(columns).zip(b.iter()) {
            for (out, row) in out.iter_mut().zip(self.iter()) {
                *out = scale * dot(b, row);
            }
        }
    }
}

#[inline(always)]
fn add_multiple<T: Float>(sum: &mut [T], factor: T, row: &[T]) {
    for (sum, &x) in sum.iter_mut().zip(row) {
        *sum = factor.multiply_add(x, *sum);
    }
}

#[inline(always)]
fn dot<T: Float>(a: &[T], b: &[T]) -> T {
    fold_2(a, b, |sum, a, b| a.multiply_add(b, sum))
}

/// The memory that a thread needs for one head.
#[derive(Default)]
struct Workspace<T> {
    q: Rows<T>,            // (d, N)
    weights: Rows<T>,      // W (N, N), a row for each key
    grad: Rows<T>,         // G (d, N)
    grad_weights: Rows<T>, // ∂W, then ∂S (N, N)
    column: Vec<T>,        // (N): one value for each query
}

impl<T: Float> Workspace<T> {
    /// Computes `W` from `q` and `k` `(d, N)`.
    #[inline(always)]
    fn attend(&mut self, op: &Attention, q: &[T], k: &[T]) {
        self.q.copy_from(q, op.pixels());
        self.weights.set_transposed_product(k, &self.q, op.pixels());
        let scale = op.scale::<T>();
        // Subtract the largest score of each query, so that no exponential
        // overflows.
        self.column.clear();
        self.column.resize(self.weights.padded, T::neg_infinity());
        for row in self.weights.iter() {
            for (largest, &s) in self.column.iter_mut().zip(row) {
                *largest = if s > *largest { s } else { *largest };
            }
        }
        for row in self.weights.iter_mut() {
            for (w, &largest) in row.iter_mut().zip(&self.column) {
                *w = ((*w - largest) * scale).fast_exp();
            }
        }
        self.column.fill(T::zero());
        for row in self.weights.iter() {
            add_multiple(&mut self.column, T::one(), row);
        }
        for sum in &mut self.column {
            *sum = sum.recip();
        }
        for row in self.weights.iter_mut() {
            for (w, &inverse) in row.iter_mut().zip(&self.column) {
                *w *= inverse;
            }
        }
    }

    /// Turns `∂W` into `∂S`.
    #[inline(always)]
    fn softmax_backward(&mut self) {
        self.column.fill(T::zero()); // Σ_l W_{li} ∂W_{li}
        for (w, dw) in self.weights.iter().zip(self.grad_weights.iter()) {
            let pairs = w.iter().zip(dw);
            for (sum, (&w, &dw)) in self.column.iter_mut().zip(pairs) {
                *sum = w.multiply_add(dw, *sum);
            }
        }
        for (w, dw) in self.weights.iter().zip(self.grad_weights.iter_mut()) {
            let pairs = w.iter().zip(&self.column);
            for (dw, (&w, &sum)) in dw.iter_mut().zip(pairs) {
                *dw = w * (*dw - sum);
            }
        }
    }
}

/// The forward pass of one image.
struct Forward<'a, T> {
    op: &'a Attention,
    qkv: [&'a [T]; 3], // (C, N) each
    out: &'a mut [T],  // (C, N)
    workspace: &'a mut Workspace<T>,
}

impl<T: Float> NullaryFnOnce for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, qkv, out, workspace } = self;
        let len = op.head_len();
        for (head, out) in out.chunks_mut(len).enumerate() {
            let [q, k, v] = qkv.map(|x| &x[head * len..][..len]);
            workspace.attend(op, q, k);
            workspace.weights.left_product(v, T::one(), op.pixels(), out);
        }
    }
}

/// The backward pass of one image.
struct Backward<'a, T> {
    op: &'a Attention,
    qkv: [&'a [T]; 3],     // (C, N) each
    grad: &'a [T],         // (C, N)
    grad_qkv: &'a mut [T], // (3, C, N)
    workspace: &'a mut Workspace<T>,
}

impl<T: Float> NullaryFnOnce for Backward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, qkv, grad, grad_qkv, workspace } = self;
        let (len, pixels, scale) = (op.head_len(), op.pixels(), op.scale());
        let (grad_q, grad_kv) = grad_qkv.split_at_mut(op.image_len());
        let (grad_k, grad_v) = grad_kv.split_at_mut(op.image_len());
        let heads = grad_q
            .chunks_mut(len)
            .zip(grad_k.chunks_mut(len))
            .zip(grad_v.chunks_mut(len))
            .zip(grad.chunks(len));
        for (head, (((grad_q, grad_k), grad_v), grad)) in heads.enumerate() {
            let [q, k, v] = qkv.map(|x| &x[head * len..][..len]);
            workspace.attend(op, q, k);
            let Workspace { weights, grad: g, grad_weights, .. } = workspace;
            g.copy_from(grad, pixels);
            weights.inner_products(g, T::one(), pixels, grad_v);
            grad_weights.set_transposed_product(v, g, pixels);
            workspace.softmax_backward();
            let Workspace { q, grad_weights, .. } = workspace;
            grad_weights.left_product(k, scale, pixels, grad_q);
            grad_weights.inner_products(q, scale, pixels, grad_k);
        }
    }
}

impl Op<3> for Attention {
    const NAME: &'static str = "attention";
    const INPUTS: [&'static str; 3] = ["q", "k", "v"];

    fn input_shapes(&self) -> [Shape; 3] {
        [self.shape, self.shape, self.shape].map(Shape::from)
    }

    fn output_shape(&self) -> Shape {
        self.shape.into()
    }

    fn flops(&self) -> f64 {
        4.0 * (self.shape.0 * self.image_len() * self.pixels()) as f64
    }

    fn forward<T: Float>(&self, qkv: [&[T]; 3]) -> Vec<T> {
        let len = self.image_len();
        let fill = |workspace: &mut Workspace<T>, i, out: &mut [T]| {
            let qkv = qkv.map(|x| &x[i * len..][..len]);
            vectorized(Forward { op: self, qkv, out, workspace });
        };
        fill_chunks_with(qkv[0].len(), len, Workspace::default, fill).0
    }

    fn backward<T: Float>(
        &self,
        qkv: [&[T]; 3],
        grad: &[T],
        _: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let len = self.image_len();
        let fill = |workspace: &mut Workspace<T>, i, grad_qkv: &mut [T]| {
            let qkv = qkv.map(|x| &x[i * len..][..len]);
            let grad = &grad[i * len..][..len];
            vectorized(Backward { op: self, qkv, grad, grad_qkv, workspace });
        };
        let total = 3 * grad.len();
        let (all, _) =
            fill_chunks_with(total, 3 * len, Workspace::default, fill);
        // From (B, 3, C, N) to three times (B, C, N).
        std::array::from_fn(|i| {
            let images = all.chunks(3 * len).map(|x| &x[i * len..][..len]);
            Gradient::New(images.flatten().copied().collect())
        })
    }

    fn reference(&self, qkv: [&Tensor; 3]) -> Result<Tensor> {
        let [q, k, v] = qkv.map(|x| self.split(x));
        let weights = self.reference_weights(&q?, &k?)?;
        v?.matmul(&weights.t()?)?.reshape(self.shape)
    }

    fn reference_backward(
        &self,
        qkv: [&Tensor; 3],
        grad: &Tensor,
        _: [bool; 3],
    ) -> Result<[Option<Tensor>; 3]> {
        let [q, k, v] = qkv.map(|x| self.split(x));
        let (q, k, grad) = (q?, k?, self.split(grad)?);
        let weights = self.reference_weights(&q, &k)?;
        let dw = grad.t()?.matmul(&v?)?; // (B, heads, N, N)
        let sums = (&dw * &weights)?.sum_keepdim(D::Minus1)?;
        let ds = (dw.broadcast_sub(&sums)? * &weights)?;
        let ds = (ds * self.scale::<f64>())?; // (B, heads, N, N)
        let (dq, dk) = (k.matmul(&ds.t()?)?, q.matmul(&ds)?);
        let dv = grad.matmul(&weights)?; // (B, heads, d, N), as dq and dk
        let [dq, dk, dv] = [dq, dk, dv].map(|x| x.reshape(self.shape));
        Ok([Some(dq?), Some(dk?), Some(dv?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    /// Fewer pixels than a register holds, and more.
    #[test]
    fn attention_matches_its_reference() {
        type Sizes = (Size<3>, Size<3>, Size<4>, Size<5>, Size<6>);
        check(|(batch, heads, head_dim, height, width): Sizes, seed| {
            let mut random = Random::new(seed);
            let (heads, channels) = (heads.0, heads.0 * head_dim.0);
            let shape = (batch.0, channels, height.0, width.0);
            let qkv = std::array::from_fn(|_| random.tensor(shape));
            let op = Attention::new(shape, heads).unwrap();
            assert_matches_reference(&op, &qkv, |[q, k, v]| {
                attention(q, k, v, heads)
            });
        });
    }

    #[test]
    fn attention_refuses_heads_that_do_not_divide_the_channels() {
        let x = Random::new(0).tensor((1, 4, 2, 2));
        assert_eq!(attention(&x, &x, &x, 4).unwrap().dims(), [1, 4, 2, 2]);
        for heads in [0, 3, 5] {
            let error = attention(&x, &x, &x, heads).unwrap_err().to_string();
            assert!(error.contains("4 channels cannot be split"), "{error}");
        }
    }
}
