//! A band of images: what is convolved at a time.
//!
//! A tile is a column of four pixels, and a row of tiles a row of numbers for
//! each entry of the transform. A band is some rows of tiles of one image, or
//! all rows of several small ones, one after the other in a line, with a zero
//! behind each. So the neighbours of a number to the left and to the right are
//! beside it, and outside the image they are zero: nothing has to be asked.
//! What is computed at the place of the zero is thrown away.

use super::transforms::TILE;

/// Numbers that the largest register holds.
const REGISTER: usize = 16;

/// Where the first number of a line is: before it is room for its neighbour.
pub(super) const FIRST: usize = REGISTER;

/// Positions in a line, about: what all channels take of so many fits the
/// cache.
const ENOUGH: usize = 256;

/// The shape of a band.
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    pub(super) images: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    /// The first row of tiles, and how many there are.
    pub(super) first: usize,
    pub(super) rows: usize,
}

impl Band {
    /// All rows of so many images that a line is long enough, and of no more
    /// than there are.
    pub(super) fn new(height: usize, width: usize, batch: usize) -> Self {
        let rows = height.div_ceil(TILE);
        let most = (ENOUGH / (rows * (width + 1))).clamp(1, batch);
        // As many in each: a band of few images is a short line.
        let images = batch.div_ceil(batch.div_ceil(most));
        Self { images, height, width, first: 0, rows }
    }

    pub(super) fn with_images(self, images: usize) -> Self {
        Self { images, ..self }
    }

    /// Bands of fewer rows, where a line would be too long.
    pub(super) fn split(self) -> impl Iterator<Item = Self> {
        let most = (ENOUGH / (self.width + 1)).max(1);
        let rows = if self.images > 1 { self.rows } else { most };
        (0..self.rows).step_by(rows).map(move |first| Self {
            first,
            rows: rows.min(self.rows - first),
            ..self
        })
    }

    /// From one row of a line to the next.
    fn stride(&self) -> usize {
        self.width + 1
    }

    /// Positions from the first number of a line to the zero before its end,
    /// in whole registers.
    pub(super) fn positions(&self) -> usize {
        let positions = self.images * self.rows * self.stride() - 1;
        positions.next_multiple_of(REGISTER)
    }

    /// Numbers in a line: before the first and behind the last is room for
    /// neighbours.
    pub(super) fn length(&self) -> usize {
        FIRST + self.positions() + REGISTER
    }

    /// For each row of tiles: its image, its first row of pixels, and where it
    /// begins among the positions.
    pub(super) fn places(
        &self,
    ) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
        let Self { images, first, rows, .. } = *self;
        let stride = self.stride();
        (0..images * rows).map(move |index| {
            let row = first + index % rows;
            (index / rows, TILE * row, index * stride)
        })
    }

    /// Row `y` of the pixels of channel `c` of `channels` of an image; there is
    /// none above and below.
    pub(super) fn pixels<'a>(
        &self,
        images: &'a [f32],
        image: usize,
        (c, channels): (usize, usize),
        y: Option<usize>,
    ) -> Option<&'a [f32]> {
        let y = y.filter(|&y| y < self.height)?;
        let row = (image * channels + c) * self.height + y;
        Some(&images[row * self.width..][..self.width])
    }
}
