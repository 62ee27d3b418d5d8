//! The transforms of a band: `V = Bᵀ d`, `Y = Aᵀ M` and `∂M = A ∂Y`.
//!
//! They combine rows of pixels, so each register holds neighbours in a row. The
//! last register of a row is filled up with zeros, which fall on the zero
//! behind the row and on what comes after it, and is written later.

use crate::nn::kernels::band::{Band, REGISTER};
use pulp::{NullaryFnOnce, Simd};

/// Pixels of the result in a tile.
pub(super) const TILE: usize = 4;

/// Entries of a tile's transform.
pub(super) const ENTRIES: usize = 6;

/// `Bᵀ`: from pixels to entries.
pub(super) const B: [[f32; ENTRIES]; ENTRIES] = [
    [4.0, 0.0, -5.0, 0.0, 1.0, 0.0],
    [0.0, -4.0, -4.0, 1.0, 1.0, 0.0],
    [0.0, 4.0, -4.0, -1.0, 1.0, 0.0],
    [0.0, -2.0, -1.0, 2.0, 1.0, 0.0],
    [0.0, 2.0, -1.0, -2.0, 1.0, 0.0],
    [0.0, 4.0, 0.0, -5.0, 0.0, 1.0],
];

/// `Aᵀ`: from entries to pixels of the result.
pub(super) const A: [[f32; ENTRIES]; TILE] = [
    [1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
    [0.0, 1.0, -1.0, 2.0, -2.0, 0.0],
    [0.0, 1.0, 1.0, 4.0, 4.0, 0.0],
    [0.0, 1.0, -1.0, 8.0, -8.0, 1.0],
];

/// `A`.
const A_BACK: [[f32; TILE]; ENTRIES] = transposed(A);

const fn transposed<const R: usize, const C: usize>(
    matrix: [[f32; C]; R],
) -> [[f32; R]; C] {
    let mut result = [[0.0; R]; C];
    let mut i = 0;
    while i < R * C {
        result[i % C][i / C] = matrix[i / C][i % C];
        i += 1;
    }
    result
}

/// The product of a matrix that is known here and a column.
#[inline(always)]
fn product<S: Simd, const R: usize, const C: usize>(
    simd: S,
    matrix: [[f32; C]; R],
    column: [S::f32s; C],
) -> [S::f32s; R] {
    let mut result = [simd.splat_f32s(0.0); R];
    for (sum, row) in result.iter_mut().zip(&matrix) {
        for (&factor, &value) in row.iter().zip(&column) {
            if factor == 1.0 {
                *sum = simd.add_f32s(*sum, value);
            } else if factor == -1.0 {
                *sum = simd.sub_f32s(*sum, value);
            } else if factor != 0.0 {
                *sum = simd.mul_add_f32s(simd.splat_f32s(factor), value, *sum);
            }
        }
    }
    result
}

/// A register of a row from `x` on, with zeros behind the end; of no row, zeros.
#[inline(always)]
fn load<S: Simd>(simd: S, row: Option<&[f32]>, x: usize) -> S::f32s {
    let Some(row) = row else { return simd.splat_f32s(0.0) };
    match S::as_simd_f32s(&row[x..]).0.first() {
        Some(&register) => register,
        None => simd.partial_load_f32s(&row[x..]),
    }
}

/// Where the first number of a line is.
pub(super) const FIRST: usize = REGISTER;

/// What a transform works on: a band whose rows are tiles, of images of so many
/// rows of pixels and `channels`, of which it takes `c`; and six lines, entry `k`
/// at `start + k step`.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    pub(super) band: Band,
    pub(super) height: usize,
    pub(super) c: usize,
    pub(super) channels: usize,
    pub(super) start: usize,
    pub(super) step: usize,
}

impl Lines {
    /// Row `y` of the pixels of an image; there is none above and below.
    fn pixels<'a>(
        &self,
        images: &'a [f32],
        image: usize,
        y: Option<usize>,
    ) -> Option<&'a [f32]> {
        let y = y.filter(|&y| y < self.height)?;
        let row = (image * self.channels + self.c) * self.height + y;
        Some(&images[row * self.band.width..][..self.band.width])
    }

    /// Makes what is around the rows zero.
    fn clear(&self, lines: &mut [f32]) {
        let end = FIRST + self.band.positions();
        for k in 0..ENTRIES {
            let line = &mut lines[self.start + k * self.step..];
            line[..FIRST].fill(0.0);
            // The last row begins before, and is written later.
            line[end - FIRST..self.band.length()].fill(0.0);
        }
    }

    /// Writes `matrix` times rows `first` and on of each tile.
    #[inline(always)]
    fn write<S: Simd, const R: usize>(
        &self,
        simd: S,
        matrix: [[f32; R]; ENTRIES],
        above: usize,
        images: &[f32],
        lines: &mut [f32],
    ) {
        self.clear(lines);
        for (image, tile, position) in self.band.places() {
            let mut rows = [None; R];
            for (i, row) in rows.iter_mut().enumerate() {
                let y = (TILE * tile + i).checked_sub(above);
                *row = self.pixels(images, image, y);
            }
            // The zero behind the row, too, where it begins a register.
            for x in (0..=self.band.width).step_by(S::F32_LANES) {
                let mut column = [simd.splat_f32s(0.0); R];
                for (value, &row) in column.iter_mut().zip(&rows) {
                    *value = load(simd, row, x);
                }
                let entries = product(simd, matrix, column);
                let place = self.start + FIRST + position + x;
                for (k, entry) in entries.into_iter().enumerate() {
                    let line = &mut lines[place + k * self.step..];
                    S::as_mut_simd_f32s(&mut line[..S::F32_LANES]).0[0] = entry;
                }
            }
        }
    }
}

/// `V = Bᵀ d` of a channel of `images`: a tile sees a row more above, and one
/// more below.
pub(super) struct Input<'a, S> {
    pub(super) simd: S,
    pub(super) images: &'a [f32],
    pub(super) lines: Lines,
    pub(super) v: &'a mut [f32],
}

impl<S: Simd> NullaryFnOnce for Input<'_, S> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.lines.write(self.simd, B, 1, self.images, self.v);
    }
}

/// `∂M = A ∂Y` of a channel of `images`.
pub(super) struct OutputGradient<'a, S> {
    pub(super) simd: S,
    pub(super) images: &'a [f32],
    pub(super) lines: Lines,
    pub(super) dm: &'a mut [f32],
}

impl<S: Simd> NullaryFnOnce for OutputGradient<'_, S> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.lines.write(self.simd, A_BACK, 0, self.images, self.dm);
    }
}

/// `Y = Aᵀ M`, with `add(image)` added to every pixel, of a channel of
/// `images`; the lines have no room before their first number.
pub(super) struct Output<'a, S, F> {
    pub(super) simd: S,
    pub(super) m: &'a [f32],
    pub(super) lines: Lines,
    pub(super) add: F,
    pub(super) images: &'a mut [f32],
}

impl<S: Simd, F: Fn(usize) -> f32> NullaryFnOnce for Output<'_, S, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, m, lines, add, images } = self;
        let Lines { band, height, c, channels, start, step } = lines;
        for (image, tile, position) in band.places() {
            let add = simd.splat_f32s(add(image));
            let y = TILE * tile;
            let row = (image * channels + c) * height + y;
            let rows = TILE.min(height - y); // the last may stick out
            let pixels = &mut images[row * band.width..][..rows * band.width];
            for x in (0..band.width).step_by(S::F32_LANES) {
                let mut column = [simd.splat_f32s(0.0); ENTRIES];
                for (k, value) in column.iter_mut().enumerate() {
                    let line = &m[start + k * step + position + x..];
                    *value = S::as_simd_f32s(&line[..S::F32_LANES]).0[0];
                }
                let sums = product(simd, A, column);
                let rows = pixels.chunks_exact_mut(band.width);
                for (row, sum) in rows.zip(sums) {
                    let sum = simd.add_f32s(sum, add);
                    match S::as_mut_simd_f32s(&mut row[x..]).0.first_mut() {
                        Some(register) => *register = sum,
                        None => simd.partial_store_f32s(&mut row[x..], sum),
                    }
                }
            }
        }
    }
}
