//! Self-attention: every pixel asks every other.
//!
//! For one head of one image let `q`, `k` and `v` be of shape `(d, N)`: `d`
//! numbers for each of `N` pixels. Then, for pixel `i`,
//!
//! - `S_{ji} = Σ_s k_{sj} q_{si} / √d`,
//! - `W_{ji} = e^{S_{ji}} / Σ_l e^{S_{li}}`: softmax over `j`,
//! - `o_{si} = Σ_j v_{sj} W_{ji}`.
//!
//! Backward, with `G` the gradient of `o`:
//!
//! - `∂v_{sj} = Σ_i G_{si} W_{ji}` and `∂W_{ji} = Σ_s v_{sj} G_{si}`,
//! - `∂S_{ji} = W_{ji} (∂W_{ji} - Σ_l W_{li} ∂W_{li})`,
//! - `∂q_{si} = Σ_j k_{sj} ∂S_{ji} / √d`, `∂k_{sj} = Σ_i q_{si} ∂S_{ji} / √d`.
//!
//! `W` is computed again rather than kept. Its rows are those of `j`, so that
//! all but two of the sums run over rows, and each register holds pixels `i`
//! side by side; rows are filled up with zeros to whole registers.

use super::op::{Gradient, Kernel};
use super::parts::computed_with;
use super::real::{Real, vectorized};
use super::sums::fold_2;
use super::value::Value;
use candle_core::{D, Result, Shape, Tensor};
use pulp::NullaryFnOnce;

/// Attention among the pixels of `qkv` `(B, 3C, H, W)`, whose channels are the
/// queries, then the keys, then the values; each in `heads` groups of channels
/// that attend by themselves: `(B, C, H, W)`.
///
/// Source: Vaswani and others 2017, section 3.2.
///
/// # Errors
/// If the channels do not fall into three times `heads` groups, or `qkv` is
/// empty.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::kernels::attention;
///
/// // All keys are 0, so every pixel attends to all alike.
/// let zeros = Tensor::zeros((1, 2, 1, 2), DType::F32, &Device::Cpu)?;
/// let values = Tensor::new(&[[[[1_f32, 3.0]]]], &Device::Cpu)?;
/// let qkv = Tensor::cat(&[zeros, values], 1)?;
/// let mean = attention(&qkv, 1)?.flatten_all()?;
/// assert_eq!(mean.to_vec1::<f32>()?, [2.0, 2.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn attention<V: Value>(qkv: &V, heads: usize) -> Result<V> {
    let (batch, channels, height, width) = qkv.shape().dims4()?;
    if heads == 0 || !channels.is_multiple_of(3 * heads) {
        candle_core::bail!(
            "{channels} channels are not queries, keys and values in {heads} heads"
        )
    }
    let size = channels / 3 / heads;
    V::compute(Attention { batch, heads, size, height, width }, [qkv])
}

struct Attention {
    batch: usize,
    heads: usize,
    /// Channels of a head.
    size: usize,
    height: usize,
    width: usize,
}

impl Attention {
    fn pixels(&self) -> usize {
        self.height * self.width
    }

    fn channels(&self) -> usize {
        self.heads * self.size
    }

    /// Numbers of an image in the result; in the argument there are three
    /// times as many.
    fn image(&self) -> usize {
        self.channels() * self.pixels()
    }

    /// Numbers of a head.
    fn head(&self) -> usize {
        self.size * self.pixels()
    }

    /// Queries, keys and values of a head of an image.
    fn split<'a, T>(&self, image: &'a [T], head: usize) -> [&'a [T]; 3] {
        std::array::from_fn(|i| {
            &image[i * self.image() + head * self.head()..][..self.head()]
        })
    }
}

/// Numbers of the widest register.
const REGISTER: usize = 16;

/// Rows of pixels, each filled up to whole registers.
#[derive(Default)]
struct Rows<T> {
    wide: usize,
    data: Vec<T>,
}

impl<T: Real> Rows<T> {
    #[inline(always)]
    fn zero(&mut self, count: usize, width: usize) {
        self.wide = width.next_multiple_of(REGISTER);
        self.data.clear();
        self.data.resize(count * self.wide, T::zero());
    }

    /// Rows of `values`, each of `width`.
    #[inline(always)]
    fn fill(&mut self, values: &[T], width: usize) {
        self.zero(values.len() / width, width);
        for (row, values) in self.iter_mut().zip(values.chunks(width)) {
            row[..width].copy_from_slice(values);
        }
    }

    #[inline(always)]
    fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.data.chunks_exact(self.wide)
    }

    #[inline(always)]
    fn iter_mut(&mut self) -> impl Iterator<Item = &mut [T]> {
        self.data.chunks_exact_mut(self.wide)
    }

    /// Sets row `j` to `Σ_s factors[s, j] rows[s]`.
    #[inline(always)]
    fn mix(&mut self, factors: &[T], rows: &Self, count: usize) {
        self.zero(count, rows.wide);
        for (j, row) in self.iter_mut().enumerate() {
            let factors = factors.iter().skip(j).step_by(count);
            for (&factor, other) in factors.zip(rows.iter()) {
                add_multiple(row, factor, other);
            }
        }
    }

    /// Sets `out[s, i]` to `scale Σ_j factors[s, j] self[j, i]`.
    #[inline(always)]
    fn mix_back(&self, factors: &[T], scale: T, count: usize, out: &mut [T]) {
        let mut sum = vec![T::zero(); self.wide];
        let outs = out.chunks_mut(count).zip(factors.chunks(count));
        for (out, factors) in outs {
            sum.fill(T::zero());
            for (&factor, row) in factors.iter().zip(self.iter()) {
                add_multiple(&mut sum, factor, row);
            }
            for (out, &sum) in out.iter_mut().zip(&sum) {
                *out = scale * sum;
            }
        }
    }

    /// Sets `out[s, j]` to `scale Σ_i other[s, i] self[j, i]`.
    #[inline(always)]
    fn products(&self, other: &Self, scale: T, count: usize, out: &mut [T]) {
        for (out, other) in out.chunks_mut(count).zip(other.iter()) {
            for (out, row) in out.iter_mut().zip(self.iter()) {
                *out = scale * dot(other, row);
            }
        }
    }
}

#[inline(always)]
fn add_multiple<T: Real>(sum: &mut [T], factor: T, row: &[T]) {
    for (sum, &x) in sum.iter_mut().zip(row) {
        *sum = factor.mul_add(x, *sum);
    }
}

#[inline(always)]
fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    fold_2(a, b, |sum, a, b| a.mul_add(b, sum))
}

/// What a thread needs for one head.
#[derive(Default)]
struct Room<T> {
    queries: Rows<T>,
    weights: Rows<T>,
    grad: Rows<T>,
    grad_weights: Rows<T>,
    /// One number for each pixel.
    pixels: Vec<T>,
}

/// `W`, from queries and keys.
#[inline(always)]
fn attend<T: Real>(op: &Attention, q: &[T], k: &[T], room: &mut Room<T>) {
    let count = op.pixels();
    room.queries.fill(q, count);
    room.weights.mix(k, &room.queries, count);
    let wide = room.weights.wide;
    let scale = op.scale::<T>();
    // The largest of each column, so that no exponential is too large.
    room.pixels.clear();
    room.pixels.resize(wide, T::neg_infinity());
    for row in room.weights.iter() {
        for (largest, &s) in room.pixels.iter_mut().zip(row) {
            *largest = if s > *largest { s } else { *largest };
        }
    }
    for row in room.weights.iter_mut() {
        for (w, &largest) in row.iter_mut().zip(&room.pixels) {
            *w = ((*w - largest) * scale).fast_exp();
        }
    }
    room.pixels.fill(T::zero());
    for row in room.weights.iter() {
        add_multiple(&mut room.pixels, T::one(), row);
    }
    for sum in &mut room.pixels {
        *sum = sum.recip();
    }
    for row in room.weights.iter_mut() {
        for (w, &of_sum) in row.iter_mut().zip(&room.pixels) {
            *w *= of_sum;
        }
    }
}

/// The forward pass of one image.
struct Forward<'a, T> {
    op: &'a Attention,
    qkv: &'a [T],
    out: &'a mut [T],
    room: &'a mut Room<T>,
}

impl<T: Real> NullaryFnOnce for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, qkv, out, room } = self;
        for (head, out) in out.chunks_mut(op.head()).enumerate() {
            let [q, k, v] = op.split(qkv, head);
            attend(op, q, k, room);
            room.weights.mix_back(v, T::one(), op.pixels(), out);
        }
    }
}

/// The backward pass of one image.
struct Backward<'a, T> {
    op: &'a Attention,
    qkv: &'a [T],
    grad: &'a [T],
    grad_qkv: &'a mut [T],
    room: &'a mut Room<T>,
}

impl<T: Real> NullaryFnOnce for Backward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { op, qkv, grad, grad_qkv, room } = self;
        let (count, scale) = (op.pixels(), op.scale());
        let (grad_q, grad_kv) = grad_qkv.split_at_mut(op.image());
        let (grad_k, grad_v) = grad_kv.split_at_mut(op.image());
        let places = grad_q
            .chunks_mut(op.head())
            .zip(grad_k.chunks_mut(op.head()))
            .zip(grad_v.chunks_mut(op.head()))
            .zip(grad.chunks(op.head()));
        for (head, (((grad_q, grad_k), grad_v), grad)) in places.enumerate() {
            let [q, k, v] = op.split(qkv, head);
            attend(op, q, k, room);
            room.grad.fill(grad, count);
            room.weights.products(&room.grad, T::one(), count, grad_v);
            room.grad_weights.mix(v, &room.grad, count);
            // Σ_l W_{li} ∂W_{li}, then ∂S in the place of ∂W.
            room.pixels.fill(T::zero());
            let rows = room.weights.iter().zip(room.grad_weights.iter());
            for (w, dw) in rows {
                let pairs = w.iter().zip(dw);
                for (sum, (&w, &dw)) in room.pixels.iter_mut().zip(pairs) {
                    *sum = w.mul_add(dw, *sum);
                }
            }
            let rows = room.weights.iter().zip(room.grad_weights.iter_mut());
            for (w, dw) in rows {
                let pairs = w.iter().zip(&room.pixels);
                for (dw, (&w, &sum)) in dw.iter_mut().zip(pairs) {
                    *dw = w * (*dw - sum);
                }
            }
            room.grad_weights.mix_back(k, scale, count, grad_q);
            room.grad_weights.products(&room.queries, scale, count, grad_k);
        }
    }
}

impl Attention {
    /// `1/√d`.
    #[inline(always)]
    fn scale<T: Real>(&self) -> T {
        T::from_f64((self.size as f64).sqrt().recip())
    }
}

impl Kernel<1> for Attention {
    const NAME: &'static str = "attention";

    fn arguments(&self) -> [Shape; 1] {
        let channels = 3 * self.channels();
        [(self.batch, channels, self.height, self.width).into()]
    }

    fn result(&self) -> Shape {
        (self.batch, self.channels(), self.height, self.width).into()
    }

    fn flops(&self) -> f64 {
        4.0 * (self.batch * self.image() * self.pixels()) as f64
    }

    fn forward<T: Real>(&self, [qkv]: [&[T]; 1]) -> Vec<T> {
        let sizes = (qkv.len() / 3, self.image());
        let (out, _) = computed_with(sizes, Room::default, |room, i, out| {
            let qkv = &qkv[3 * i * self.image()..][..3 * self.image()];
            vectorized(Forward { op: self, qkv, out, room });
        });
        out
    }

    fn backward<T: Real>(
        &self,
        [qkv]: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Gradient<T>; 1] {
        let sizes = (qkv.len(), 3 * self.image());
        let (out, _) = computed_with(sizes, Room::default, |room, i, out| {
            let qkv = &qkv[3 * i * self.image()..][..3 * self.image()];
            let grad = &grad[i * self.image()..][..self.image()];
            vectorized(Backward { op: self, qkv, grad, grad_qkv: out, room });
        });
        [Gradient::New(out)]
    }

    fn composed(&self, [qkv]: [&Tensor; 1]) -> Result<Tensor> {
        let Self { batch, heads, size, height, width } = *self;
        let part = |i: usize| -> Result<Tensor> {
            qkv.narrow(1, i * heads * size, heads * size)?
                .reshape((batch, heads, size, height * width))?
                .transpose(2, 3)? // (B, heads, N, size)
                .contiguous()
        };
        let (q, k, v) = (part(0)?, part(1)?, part(2)?);
        let scores = (q.matmul(&k.t()?)? * self.scale::<f64>())?;
        // Not `softmax_last_dim`: it has no backward, and says nothing.
        let weights = candle_nn::ops::softmax(&scores, D::Minus1)?;
        let mixed = weights.matmul(&v)?.transpose(2, 3)?;
        mixed.reshape((batch, heads * size, height, width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_same_op};
    use crate::testing::check;

    #[test]
    fn agrees_with_candle_forward_and_backward() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let (batch, heads, size) =
                (1 + draw.below(3), 1 + draw.below(3), 1 + draw.below(4));
            // Fewer pixels than a register holds, and more.
            let (height, width) = (1 + draw.below(5), 1 + draw.below(6));
            let qkv = draw.tensor(&[batch, 3 * heads * size, height, width]);
            let op = Attention { batch, heads, size, height, width };
            assert_same_op(
                &[qkv],
                |[qkv]| attention(qkv, heads),
                |arguments| op.composed(arguments),
            );
        });
    }

    #[test]
    fn channels_that_are_not_three_times_the_heads_are_refused() {
        let mut draw = Draws::new(0);
        let qkv = draw.tensor(&[1, 12, 2, 2]);
        assert_eq!(attention(&qkv, 4).unwrap().dims(), [1, 4, 2, 2]);
        for heads in [0, 3, 5] {
            assert!(attention(&qkv, heads).is_err());
        }
    }
}
