//! A band of images: what is convolved at a time.
//!
//! All rows of a few images, or some rows of a large one, stand one after the
//! other in a line, a line for each channel, with zeros between rows and between
//! images: as many as a tap may be away from the middle of its kernel. So the
//! neighbours of a number are always so many places from it, and outside the
//! image they are zero: nothing has to be asked. What is computed at the place of
//! a zero is thrown away.

/// Numbers that the largest register holds.
pub(super) const REGISTER: usize = 16;

/// Positions in a line, about: what all channels take of so many fits the
/// cache.
const ENOUGH: usize = 256;

/// The shape of a band.
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    pub(super) images: usize,
    /// Rows and columns of an image.
    pub(super) height: usize,
    pub(super) width: usize,
    /// The first row in the band, and how many there are.
    pub(super) first: usize,
    pub(super) rows: usize,
    /// Rows and columns of zeros between those of the images.
    pub(super) between: (usize, usize),
}

impl Band {
    /// All rows of so many images that a line is long enough, and of no more
    /// than there are.
    pub(super) fn new(
        (height, width): (usize, usize),
        between: (usize, usize),
        batch: usize,
    ) -> Self {
        let band =
            Self { images: 1, height, width, first: 0, rows: height, between };
        let most = (ENOUGH / (band.of_image() * band.stride())).clamp(1, batch);
        // As many in each: a band of few images is a short line.
        band.with_images(batch.div_ceil(batch.div_ceil(most)))
    }

    pub(super) fn with_images(self, images: usize) -> Self {
        Self { images, ..self }
    }

    /// Bands of fewer rows, where a line would be too long.
    pub(super) fn split(self) -> impl Iterator<Item = Self> {
        let most = (ENOUGH / self.stride()).max(1);
        let rows = if self.images > 1 { self.rows } else { most };
        (0..self.rows).step_by(rows).map(move |first| Self {
            first,
            rows: rows.min(self.rows - first),
            ..self
        })
    }

    /// From one row of a line to the next.
    pub(super) fn stride(&self) -> usize {
        self.width + self.between.1
    }

    /// Rows of a line that an image takes, zeros included.
    fn of_image(&self) -> usize {
        self.rows + self.between.0
    }

    /// Positions from the first number of a line to the last, in whole registers.
    pub(super) fn positions(&self) -> usize {
        let (rows, columns) = self.between;
        let positions =
            (self.images * self.of_image() - rows) * self.stride() - columns;
        positions.next_multiple_of(REGISTER)
    }

    /// Where the first number of a line is: before it is room for what taps see
    /// above it and to the left.
    pub(super) fn start(&self) -> usize {
        let (rows, columns) = self.between;
        (rows * self.stride() + columns).next_multiple_of(REGISTER)
    }

    /// Numbers in a line, with room behind the last, too.
    pub(super) fn length(&self) -> usize {
        self.start() + self.positions() + self.start()
    }

    /// For each row of the band: its image, which row of it, and where it begins
    /// among the positions.
    pub(super) fn places(
        &self,
    ) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
        let band = *self;
        (0..self.images).flat_map(move |image| {
            let rows = band.first..band.first + band.rows;
            rows.map(move |y| (image, y, band.place(image, y) - band.start()))
        })
    }

    /// The same of every row that taps may see, from the beginning of the line.
    pub(super) fn seen(
        &self,
    ) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
        let (band, above) = (*self, self.between.0);
        let end = (self.first + self.rows + above).min(self.height);
        (0..self.images).flat_map(move |image| {
            let rows = band.first.saturating_sub(above)..end;
            rows.map(move |y| (image, y, band.place(image, y)))
        })
    }

    /// Where row `y` of an image begins in a line.
    fn place(&self, image: usize, y: usize) -> usize {
        let row = image * self.of_image() + y;
        self.start() + row * self.stride() - self.first * self.stride()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two images of two rows and three columns, with a row and a column of
    /// zeros between.
    #[test]
    fn rows_stand_in_a_line_with_zeros_between() {
        let band = Band::new((2, 3), (1, 1), 2);
        let places: Vec<_> = band.places().collect();
        assert_eq!(places, [(0, 0, 0), (0, 1, 4), (1, 0, 12), (1, 1, 16)]);
        assert_eq!((band.start(), band.positions()), (16, 32));
    }

    /// Of a large image some rows at a time, and those around them.
    #[test]
    fn a_large_image_is_split() {
        let band = Band::new((30, 30), (1, 1), 5);
        assert_eq!(band.images, 1);
        let mut next = 0;
        for band in band.split() {
            assert_eq!(band.first, next);
            next += band.rows;
            let seen: Vec<_> = band.seen().map(|(_, y, _)| y).collect();
            let first = band.first.saturating_sub(1);
            assert_eq!(seen, (first..30.min(next + 1)).collect::<Vec<_>>());
        }
        assert_eq!(next, 30);
    }
}
