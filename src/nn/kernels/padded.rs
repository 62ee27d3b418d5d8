//! Images with a margin of zeros, one after the other in a row.
//!
//! A 3×3 convolution asks for the neighbours of every pixel. If each row of an
//! image is followed by one zero, and each image by one row of them, then the
//! neighbour one column and one row away is always at the same distance in
//! memory, and outside the image it is a zero: nothing has to be asked. The
//! zero after a row is also the one before the next.
//!
//! The positions of the margin are computed along with the pixels and thrown
//! away. Several small images in a row waste little of a vector register.

use super::Real;

/// Numbers that the largest vector register holds.
const REGISTER: usize = 16;

/// The shape of a row of images.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padded {
    pub(super) images: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Padded {
    /// From one row of an image to the next.
    pub(super) fn stride(&self) -> usize {
        self.width + 1
    }

    /// Positions from the first pixel of a channel to the last of its last
    /// image, and the margin beside it.
    pub(super) fn positions(&self) -> usize {
        (self.images * (self.height + 1) - 1) * self.stride()
    }

    /// Where the first pixel is: behind it is room for the row above and the
    /// pixel before that, and it begins a register.
    pub(super) fn first(&self) -> usize {
        (self.stride() + 1).next_multiple_of(REGISTER)
    }

    /// Where the nine neighbours of the first pixel are, row by row.
    pub(super) fn neighbours(&self) -> [usize; 9] {
        let above = self.first() - self.stride() - 1;
        std::array::from_fn(|i| above + i / 3 * self.stride() + i % 3)
    }

    /// Numbers in a channel: all positions and what is before and behind them,
    /// rounded up to whole registers.
    pub(super) fn length(&self) -> usize {
        let positions = self.positions().next_multiple_of(REGISTER);
        let below = self.stride() + 1;
        (self.first() + positions + below).next_multiple_of(REGISTER)
    }

    /// For each row of pixels of one channel of images that have `channels`:
    /// where it is among the positions, where in the images, and of which
    /// image.
    fn rows(
        self,
        (index, channels): (usize, usize),
    ) -> impl Iterator<Item = (usize, usize, usize)> {
        let Self { images, height, width } = self;
        (0..images).flat_map(move |image| {
            let plane = (image * channels + index) * height * width;
            (0..height).map(move |y| {
                let position = (image * (height + 1) + y) * (width + 1);
                (position, plane + y * width, image)
            })
        })
    }

    /// Lays all channels of `images` out in `room`, each with a margin of
    /// zeros.
    pub(super) fn lay_out<T: Real>(self, images: &[T], room: &mut Vec<T>) {
        let channels = images.len() / (self.images * self.height * self.width);
        room.clear();
        room.resize(channels * self.length(), T::zero());
        let places = room.chunks_exact_mut(self.length());
        for (index, place) in places.enumerate() {
            for (position, start, _) in self.rows((index, channels)) {
                let position = self.first() + position;
                place[position..position + self.width]
                    .copy_from_slice(&images[start..start + self.width]);
            }
        }
    }

    /// Takes the pixels of channel `index` of `channels` back from their
    /// positions, and adds to each that of its image.
    pub(super) fn take_back<T: Real>(
        self,
        positions: &[T],
        (index, channels): (usize, usize),
        add: impl Fn(usize) -> T,
        images: &mut [T],
    ) {
        for (position, start, image) in self.rows((index, channels)) {
            let (add, row) = (add(image), start..start + self.width);
            let positions = &positions[position..position + self.width];
            for (pixel, &x) in images[row].iter_mut().zip(positions) {
                *pixel = x + add;
            }
        }
    }
}
