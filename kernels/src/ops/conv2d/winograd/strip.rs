//! The layout of the images of a convolution: strips.
//!
//! A strip holds all tile rows of a few images, or some tile rows of a large
//! one. For each channel it is one line of values: the tile rows one after the
//! other, each followed by one zero. So the left and right neighbour of a value
//! stand next to it, and beyond the edge of the image they are zero, without a
//! branch. Whatever a kernel computes at the position of such a zero is
//! discarded.

use crate::simd::WIDEST;

/// The largest number of positions in a line, unless one tile row is longer.
/// The values of all channels at 256 positions fit the cache.
const TARGET: usize = 256;

/// Values before the first position of a line, and after the last.
pub(super) const PADDING: usize = WIDEST;

/// Some tile rows of some images.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    pub(super) images: usize,
    /// Columns of an image.
    pub(super) width: usize,
    /// The first tile row of each image, and their number.
    first_row: usize,
    rows: usize,
}

/// A tile row in a strip.
pub(super) struct TileRow {
    pub(super) image: usize,
    pub(super) row: usize,
    /// The first position of the tile row in a line.
    pub(super) position: usize,
}

impl Strip {
    /// Returns a strip of all `rows` tile rows of as many images as fit a line,
    /// and of no more than `batch`.
    pub(super) fn new(rows: usize, width: usize, batch: usize) -> Self {
        let strip = Self { images: 1, width, first_row: 0, rows };
        let most = (TARGET / (rows * strip.row_stride())).clamp(1, batch);
        // Balanced strips: otherwise the last one would be short.
        let strips = batch.div_ceil(most);
        strip.with_images(batch.div_ceil(strips))
    }

    pub(super) fn with_images(self, images: usize) -> Self {
        Self { images, ..self }
    }

    /// Splits a strip of one image into strips of fewer rows, if its lines would
    /// be too long.
    pub(super) fn split(self) -> impl Iterator<Item = Self> {
        let most = (TARGET / self.row_stride()).max(1);
        let rows = if self.images > 1 { self.rows } else { most };
        (0..self.rows).step_by(rows).map(move |first_row| Self {
            first_row,
            rows: rows.min(self.rows - first_row),
            ..self
        })
    }

    /// Returns the distance from one tile row of a line to the next.
    fn row_stride(&self) -> usize {
        self.width + 1
    }

    /// Returns the positions of a line, rounded up to whole registers. The zero
    /// after the last row does not count.
    pub(super) fn positions(&self) -> usize {
        let rows = self.images * self.rows;
        (rows * self.row_stride() - 1).next_multiple_of(WIDEST)
    }

    /// Returns the values of a line with its padding.
    pub(super) fn padded(&self) -> usize {
        PADDING + self.positions() + PADDING
    }

    /// Iterates over the tile rows of the strip.
    pub(super) fn tile_rows(&self) -> impl Iterator<Item = TileRow> + use<> {
        let strip = *self;
        (0..strip.images * strip.rows).map(move |i| TileRow {
            image: i / strip.rows,
            row: strip.first_row + i % strip.rows,
            position: i * strip.row_stride(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(strip: Strip) -> Vec<(usize, usize, usize)> {
        let rows = strip.tile_rows();
        rows.map(|row| (row.image, row.row, row.position)).collect()
    }

    /// Two images of two tile rows and three columns.
    #[test]
    fn tile_rows_follow_each_other_with_a_zero_between() {
        let strip = Strip::new(2, 3, 2);
        let expected = [(0, 0, 0), (0, 1, 4), (1, 0, 8), (1, 1, 12)];
        assert_eq!(rows(strip), expected);
        assert_eq!(strip.positions(), 16);
    }

    #[test]
    fn split_covers_every_row_of_a_large_image_once() {
        let strip = Strip::new(30, 30, 5);
        assert_eq!(strip.images, 1);
        let all: Vec<_> = strip.split().flat_map(rows).collect();
        let found: Vec<_> =
            all.iter().map(|&(image, row, _)| (image, row)).collect();
        assert_eq!(found, (0..30).map(|row| (0, row)).collect::<Vec<_>>());
        assert!(strip.split().all(|part| part.positions() <= TARGET));
    }
}
