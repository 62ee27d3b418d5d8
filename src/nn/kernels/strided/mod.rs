//! Convolutions of any kernel and stride, without patches.
//!
//! With stride `s`, a tap of the kernel meets every `s`-th row and column of the
//! input, and those are an image of their own: phase `(r, r')` of `x` is
//! `x^{rr'}_{a,b} = x_{as+r, bs+r'}`. Say tap `i` is `d = i - P` rows from the
//! middle, and `d = qs + r` with `0 ≤ r < s`, and likewise `j`, `q'` and `r'`
//! along columns. Then, since `us + d = (u + q)s + r`,
//!
//! ```text
//! y_{m,u,v} = Σ_c Σ_{i,j} w_{m,c,i,j} x^{rr'}_{c, u+q, v+q'},
//! ```
//!
//! and every tap is a phase, moved by `q` and `q'`. Phases stand in lines with
//! zeros around them, so moved means: read from another place on. Nothing is
//! laid out once for each tap, as patches are.
//!
//! Backward, with `G` the gradient of `y`:
//!
//! - `∂w_{m,c,i,j} = Σ_{u,v} G_{m,u,v} x^{rr'}_{c, u+q, v+q'}`;
//! - `∂x^{rr'}_{c,a,b} = Σ_m Σ_{i,j} w_{m,c,i,j} G_{m, a-q, b-q'}`, for each phase
//!   the sum over the taps that meet it.

mod planes;
mod sums;

use super::band::Band;
use super::conv2d::Conv2d;
use super::few::Few;
use super::products::Blocked;
use planes::Planes;
use pulp::Simd;
use sums::{Sum, add_weights, convolve};

/// A tap: its place in the kernel, the phase it meets, and how many rows and
/// columns from there.
#[derive(Clone, Copy)]
struct Tap {
    index: usize,
    phase: usize,
    moved: (isize, isize),
}

impl Conv2d {
    fn taps(&self) -> Vec<Tap> {
        let (kernel, stride) = (self.kernel, self.stride);
        let split = |i: usize| {
            let d = i.cast_signed() - (kernel / 2).cast_signed();
            let stride = stride.cast_signed();
            (d.div_euclid(stride), d.rem_euclid(stride).cast_unsigned())
        };
        let tap = |index| {
            let (down, row) = split(index / kernel);
            let (right, column) = split(index % kernel);
            let phase = row * stride + column;
            Tap { index, phase, moved: (down, right) }
        };
        (0..kernel * kernel).map(tap).collect()
    }

    /// The band of a few images.
    fn band(&self) -> Band {
        let reach = (self.kernel / 2).div_ceil(self.stride);
        let size = (self.out_height(), self.out_width());
        Band::new(size, (reach, reach), self.batch)
    }
}

pub(super) struct Forward<'a> {
    pub(super) op: &'a Conv2d,
    pub(super) x: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) bias: &'a [f32],
}

impl Blocked for Forward<'_> {
    type Output = Vec<f32>;

    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { op, x, weight, bias } = self;
        let (inputs, outputs) = (op.c_in, op.c_out);
        let taps = op.taps();
        let size = taps.len();
        let weight = |m, c, tap| weight[(m * inputs + c) * size + tap];
        let sums = [Sum::<M>::new(0, (outputs, inputs), taps, weight)];
        let (from, to) = (Planes::of_x(op), Planes::of_y(op));
        let band = op.band();
        let few = Few::of(op, band.images);
        few.forward(x, |first, x, y| {
            let band = band.with_images(y.len() / few.of_y);
            let add = |image, m| bias[(first + image) * outputs + m];
            convolve(simd, band, (from, x), &sums, add, (to, y));
        })
    }
}

pub(super) struct Backward<'a> {
    pub(super) op: &'a Conv2d,
    pub(super) x: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) dy: &'a [f32],
    pub(super) needs_x: bool,
}

impl Blocked for Backward<'_> {
    /// `∂x`, zero unless it is needed, and `∂w`.
    type Output = (Vec<f32>, Vec<f32>);

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output {
        let Self { op, x, weight, dy, needs_x } = self;
        let (inputs, outputs) = (op.c_in, op.c_out);
        let taps = op.taps();
        let size = taps.len();
        let (of_x, of_y) = (Planes::of_x(op), Planes::of_y(op));
        let weight_back = |c, m, tap| weight[(m * inputs + c) * size + tap];
        let mut sums = vec![];
        for phase in 0..of_x.phases() {
            let met = taps.iter().filter(|tap| tap.phase == phase);
            let back = |&Tap { index, moved: (down, right), .. }: &Tap| Tap {
                index,
                phase: 0,
                moved: (-down, -right),
            };
            let met: Vec<_> = met.map(back).collect();
            // A phase that no tap meets stays zero.
            if !met.is_empty() {
                let channels = (inputs, outputs);
                sums.push(Sum::<M>::new(phase, channels, met, weight_back));
            }
        }
        let band = op.band();
        let few = Few::of(op, band.images);
        few.backward(x, dy, weight.len(), |x, dy, grad_x, grad_weight| {
            let band = band.with_images(x.len() / few.of_x);
            let (from, to) = ((of_x, x), (of_y, dy));
            add_weights::<S, M>(simd, band, &taps, from, to, grad_weight);
            if needs_x {
                let (from, to) = ((of_y, dy), (of_x, grad_x));
                convolve(simd, band, from, &sums, |_, _| 0.0, to);
            }
        })
    }
}
