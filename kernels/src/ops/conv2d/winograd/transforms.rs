//! The transforms of a strip: `V = Bᵀ d`, `Y = Aᵀ M` and `∂M = A ∂Y`.
//!
//! They combine rows of pixels, so a register holds neighbours of one row. The
//! last register of a row is padded with zeros. They overwrite the zero after the
//! row and the start of the next row. The next row is written afterwards.

use super::strip::{PADDING, Strip};
use crate::simd::multiply_add;
use pulp::{NullaryFnOnce, Simd};

/// Rows of pixels in a tile of the output.
pub(super) const TILE: usize = 4;

/// Entries of a transformed tile.
pub(super) const ENTRIES: usize = 6;

/// The matrix `Bᵀ`, from rows of pixels to entries.
pub(super) const B_T: [[f32; ENTRIES]; ENTRIES] = [
    [4.0, 0.0, -5.0, 0.0, 1.0, 0.0],
    [0.0, -4.0, -4.0, 1.0, 1.0, 0.0],
    [0.0, 4.0, -4.0, -1.0, 1.0, 0.0],
    [0.0, -2.0, -1.0, 2.0, 1.0, 0.0],
    [0.0, 2.0, -1.0, -2.0, 1.0, 0.0],
    [0.0, 4.0, 0.0, -5.0, 0.0, 1.0],
];

/// The matrix `Aᵀ`, from entries to rows of the output.
pub(super) const A_T: [[f32; ENTRIES]; TILE] = [
    [1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
    [0.0, 1.0, -1.0, 2.0, -2.0, 0.0],
    [0.0, 1.0, 1.0, 4.0, 4.0, 0.0],
    [0.0, 1.0, -1.0, 8.0, -8.0, 1.0],
];

/// The matrix `A`, from rows of `∂Y` to entries.
const A: [[f32; TILE]; ENTRIES] = transposed(A_T);

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

/// Returns the product of a constant matrix and a column of registers.
#[inline(always)]
fn product<S: Simd, const R: usize, const C: usize>(
    simd: S,
    matrix: [[f32; C]; R],
    column: [S::f32s; C],
) -> [S::f32s; R] {
    let mut result = [simd.splat_f32s(0.0); R];
    // The factors are constants, so the compiler decides these branches.
    for (sum, row) in result.iter_mut().zip(&matrix) {
        for (&factor, &value) in row.iter().zip(&column) {
            if factor == 1.0 {
                *sum = simd.add_f32s(*sum, value);
            } else if factor == -1.0 {
                *sum = simd.sub_f32s(*sum, value);
            } else if factor != 0.0 {
                *sum = multiply_add(simd, simd.splat_f32s(factor), value, *sum);
            }
        }
    }
    result
}

/// Loads a register of a row from `x` on, with zeros beyond the end of the row;
/// zeros if there is no row.
#[inline(always)]
fn load<S: Simd>(simd: S, row: Option<&[f32]>, x: usize) -> S::f32s {
    let Some(row) = row else { return simd.splat_f32s(0.0) };
    match S::as_simd_f32s(&row[x..]).0.first() {
        Some(&register) => register,
        None => simd.partial_load_f32s(&row[x..]),
    }
}

/// The six lines of one channel: entry `k` starts at `start + k step`.
#[derive(Clone, Copy)]
pub(super) struct ChannelLines {
    pub(super) strip: Strip,
    /// Rows of pixels of an image.
    pub(super) height: usize,
    /// The channel, and the number of channels of an image.
    pub(super) channel: usize,
    pub(super) channels: usize,
    pub(super) start: usize,
    pub(super) step: usize,
}

impl ChannelLines {
    /// Returns row `y` of the pixels of an image; none above and below it.
    fn pixels<'a>(
        &self,
        images: &'a [f32],
        image: usize,
        y: Option<usize>,
    ) -> Option<&'a [f32]> {
        let y = y.filter(|&y| y < self.height)?;
        let plane = image * self.channels + self.channel;
        let width = self.strip.width;
        Some(&images[(plane * self.height + y) * width..][..width])
    }

    /// Zeroes the padding of the lines.
    fn clear_padding(&self, lines: &mut [f32]) {
        let end = PADDING + self.strip.positions();
        for k in 0..ENTRIES {
            let line = &mut lines[self.start + k * self.step..];
            line[..PADDING].fill(0.0);
            // Together with the last positions, which may belong to no row.
            line[end - PADDING..self.strip.padded()].fill(0.0);
        }
    }

    /// Multiplies `R` rows of pixels by `matrix` for each tile, and writes the
    /// entries. The `R` rows start `above` rows above the tile.
    #[inline(always)]
    fn transform<S: Simd, const R: usize>(
        &self,
        simd: S,
        matrix: [[f32; R]; ENTRIES],
        above: usize,
        images: &[f32],
        lines: &mut [f32],
    ) {
        self.clear_padding(lines);
        for tile in self.strip.tile_rows() {
            let mut rows = [None; R];
            for (i, row) in rows.iter_mut().enumerate() {
                let y = (TILE * tile.row + i).checked_sub(above);
                *row = self.pixels(images, tile.image, y);
            }
            // Up to the zero after the row, if it begins a register.
            for x in (0..=self.strip.width).step_by(S::F32_LANES) {
                let mut column = [simd.splat_f32s(0.0); R];
                for (value, &row) in column.iter_mut().zip(&rows) {
                    *value = load(simd, row, x);
                }
                let entries = product(simd, matrix, column);
                let offset = self.start + PADDING + tile.position + x;
                for (k, entry) in entries.into_iter().enumerate() {
                    let line = &mut lines[offset + k * self.step..];
                    S::as_mut_simd_f32s(&mut line[..S::F32_LANES]).0[0] = entry;
                }
            }
        }
    }
}

/// `V = Bᵀ d` of one channel of `images`. A tile sees one row above it, and one
/// below.
pub(super) struct InputTransform<'a, S> {
    pub(super) simd: S,
    pub(super) images: &'a [f32],
    pub(super) lines: ChannelLines,
    pub(super) v: &'a mut [f32],
}

impl<S: Simd> NullaryFnOnce for InputTransform<'_, S> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.lines.transform(self.simd, B_T, 1, self.images, self.v);
    }
}

/// `∂M = A ∂Y` of one channel of `images`.
pub(super) struct GradientTransform<'a, S> {
    pub(super) simd: S,
    pub(super) images: &'a [f32],
    pub(super) lines: ChannelLines,
    pub(super) dm: &'a mut [f32],
}

impl<S: Simd> NullaryFnOnce for GradientTransform<'_, S> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.lines.transform(self.simd, A, 0, self.images, self.dm);
    }
}

/// `Y = Aᵀ M` of one channel of `images`, with `bias(image)` added to every
/// pixel. The lines of `M` have no padding before their first position.
pub(super) struct OutputTransform<'a, S, F> {
    pub(super) simd: S,
    pub(super) m: &'a [f32],
    pub(super) lines: ChannelLines,
    pub(super) bias: F,
    pub(super) images: &'a mut [f32],
}

impl<S: Simd, F: Fn(usize) -> f32> NullaryFnOnce for OutputTransform<'_, S, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, m, lines, bias, images } = self;
        let ChannelLines { strip, height, channel, channels, start, step } =
            lines;
        let width = strip.width;
        for tile in strip.tile_rows() {
            let bias = simd.splat_f32s(bias(tile.image));
            let y = TILE * tile.row;
            let rows = TILE.min(height - y); // the last tile may stick out
            let first = (tile.image * channels + channel) * height + y;
            let pixels = &mut images[first * width..][..rows * width];
            for x in (0..width).step_by(S::F32_LANES) {
                let mut column = [simd.splat_f32s(0.0); ENTRIES];
                for (k, value) in column.iter_mut().enumerate() {
                    let line = &m[start + k * step + tile.position + x..];
                    *value = S::as_simd_f32s(&line[..S::F32_LANES]).0[0];
                }
                let sums = product(simd, A_T, column);
                for (row, sum) in pixels.chunks_exact_mut(width).zip(sums) {
                    let sum = simd.add_f32s(sum, bias);
                    match S::as_mut_simd_f32s(&mut row[x..]).0.first_mut() {
                        Some(register) => *register = sum,
                        None => simd.partial_store_f32s(&mut row[x..], sum),
                    }
                }
            }
        }
    }
}
