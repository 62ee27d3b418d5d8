//! From images to the lines of their phases, and back.

use crate::nn::kernels::band::Band;
use crate::nn::kernels::conv2d::Conv2d;

/// The planes of `channels` channels of some images, `height` by `width`, of
/// which every `stride`-th row and column is taken.
#[derive(Clone, Copy)]
pub(super) struct Planes {
    pub(super) channels: usize,
    height: usize,
    width: usize,
    stride: usize,
}

impl Planes {
    pub(super) fn of_x(op: &Conv2d) -> Self {
        let Conv2d { c_in, height, width, stride, .. } = *op;
        Self { channels: c_in, height, width, stride }
    }

    pub(super) fn of_y(op: &Conv2d) -> Self {
        let (height, width) = (op.out_height(), op.out_width());
        Self { channels: op.c_out, height, width, stride: 1 }
    }

    pub(super) fn phases(&self) -> usize {
        self.stride * self.stride
    }

    /// Where the numbers of row `y` of a phase are, of channel `c` of an image,
    /// each a stride from the one before.
    fn row(
        &self,
        (image, c): (usize, usize),
        phase: usize,
        y: usize,
    ) -> std::ops::Range<usize> {
        let y = y * self.stride + phase / self.stride;
        let first = (phase % self.stride).min(self.width);
        if y >= self.height {
            return 0..0;
        }
        let row = (image * self.channels + c) * self.height + y;
        row * self.width + first..(row + 1) * self.width
    }

    /// Rows of a band in its lines: of each channel, every phase.
    pub(super) fn lay<R: Iterator<Item = (usize, usize, usize)>>(
        &self,
        band: Band,
        rows: impl Fn() -> R,
        images: &[f32],
        lines: &mut [f32],
    ) {
        lines.fill(0.0);
        let each = lines.chunks_exact_mut(band.length()).enumerate();
        for (index, line) in each {
            let (c, phase) = (index / self.phases(), index % self.phases());
            for (image, y, place) in rows() {
                let row = &images[self.row((image, c), phase, y)];
                let line = &mut line[place..][..band.width];
                if self.stride == 1 {
                    line.copy_from_slice(row);
                } else {
                    let row = row.iter().step_by(self.stride);
                    line.iter_mut().zip(row).for_each(|(l, &x)| *l = x);
                }
            }
        }
    }

    /// Puts a phase of channel `c` back from a line, with `add(image)` added.
    pub(super) fn put(
        &self,
        band: Band,
        (c, phase): (usize, usize),
        line: &[f32],
        add: impl Fn(usize) -> f32,
        images: &mut [f32],
    ) {
        for (image, y, place) in band.places() {
            let row = &mut images[self.row((image, c), phase, y)];
            let line = &line[place..][..band.width];
            let add = add(image);
            let row = row.iter_mut().step_by(self.stride);
            row.zip(line).for_each(|(x, l)| *x = l + add);
        }
    }
}
