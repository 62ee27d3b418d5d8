//! Grids and strips of images, as PNG.

use crate::math::{Schedule, forward};
use crate::random::{Purpose, stream};
use crate::{Error, Result, write_atomic};
use std::path::Path;

/// A picture of grey images on a transparent ground.
///
/// ```
/// // One image of a black and a white pixel, each ten wide.
/// let picture = ddpm::plot::grid(&[-1.0, 1.0], (1, 2), 1, 10)?;
/// assert_eq!(picture.size(), (20, 10));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    /// A grey value and an opacity for each pixel.
    pixels: Vec<[u8; 2]>,
}

/// Pixels between two images, at the size of the picture.
const GAP: usize = 4;

/// Images of `height` by `width` numbers in [-1, 1] (black to white; what is
/// beyond is cut off), in rows of `columns`, each pixel drawn as a square of
/// `scale` pixels.
///
/// # Errors
/// If there is no image, `images` is not a whole number of them, or the
/// picture would be too large.
///
/// ```
/// let digits = ddpm::data::mnist_10k()?;
/// let twelve = &digits.scaled()[..12 * 28 * 28];
/// let picture = ddpm::plot::grid(twelve, (28, 28), 6, 2)?;
/// assert_eq!(picture.size(), (6 * 56 + 5 * 4, 2 * 56 + 4));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn grid(
    images: &[f32],
    (height, width): (usize, usize),
    columns: usize,
    scale: usize,
) -> Result<Picture> {
    let size = height.saturating_mul(width);
    if size == 0 || images.is_empty() || !images.len().is_multiple_of(size) {
        return Err(Error::argument(
            "images",
            format!("one or more images of {height}x{width}"),
            format!("{} numbers", images.len()),
        ));
    }
    if columns == 0 || scale == 0 {
        let got = format!("{columns} and {scale}");
        return Err(Error::argument("columns and scale", "positive", got));
    }
    let count = images.len() / size;
    let columns = columns.min(count);
    let rows = count.div_ceil(columns);
    let length = |n: usize, side: usize| {
        let length = n
            .checked_mul(side.checked_mul(scale)?.checked_add(GAP)?)?
            .checked_sub(GAP)?;
        u32::try_from(length).ok().filter(|&l| l <= 1 << 15)
    };
    let (Some(w), Some(h)) = (length(columns, width), length(rows, height))
    else {
        let got = format!("{rows} rows of {columns}, {scale} times as large");
        return Err(Error::argument(
            "the picture",
            "at most 32768 pixels wide and high",
            got,
        ));
    };

    let mut pixels = vec![[0, 0]; w as usize * h as usize];
    for (i, image) in images.chunks(size).enumerate() {
        let left = i % columns * (width * scale + GAP);
        let top = i / columns * (height * scale + GAP);
        for y in 0..height * scale {
            let row = (top + y) * w as usize + left;
            let source = &image[y / scale * width..][..width];
            for (x, pixel) in
                pixels[row..row + width * scale].iter_mut().enumerate()
            {
                *pixel = [grey(source[x / scale]), 255];
            }
        }
    }
    Ok(Picture { width: w, height: h, pixels })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn grey(value: f32) -> u8 {
    // In 0..=255, and 0 for what is not a number.
    (127.5 * (value + 1.0)).round() as u8
}

/// One image noised to each of `times` (0 is the image itself), with the same
/// `ε` throughout; in a row, for [`grid`].
///
/// Equation: eq-closed-form
///
/// # Errors
/// If a time is beyond the schedule.
///
/// ```
/// use ddpm::{data, math::Schedule, plot};
/// let digit = &data::mnist_10k()?.scaled()[..28 * 28];
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// let strip = plot::noised_strip(digit, &schedule, &[0, 500, 1000], 42)?;
/// assert_eq!(strip.len(), 3 * 28 * 28);
/// assert_eq!(&strip[..28 * 28], digit);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn noised_strip(
    image: &[f32],
    schedule: &Schedule,
    times: &[usize],
    seed: u64,
) -> Result<Vec<f32>> {
    let mut epsilon = vec![0.0; image.len()];
    stream(seed, Purpose::Illustration, 0, 0).fill_normal(&mut epsilon);
    let mut strip = Vec::with_capacity(image.len() * times.len());
    for &t in times {
        let (signal, noise) = forward::closed_form_at(schedule, t)?;
        #[allow(clippy::cast_possible_truncation)] // pixels are f32
        let mix = |(x, e): (&f32, &f32)| {
            (signal * f64::from(*x) + noise * f64::from(*e)) as f32
        };
        strip.extend(image.iter().zip(&epsilon).map(mix));
    }
    Ok(strip)
}

impl Picture {
    /// The width and height, in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// None in practice: writing to memory does not fail.
    ///
    /// ```
    /// let picture = ddpm::plot::grid(&[-1.0, 1.0], (1, 2), 1, 10)?;
    /// let png = picture.png()?;
    /// assert!(png.starts_with(b"\x89PNG"));
    /// assert_eq!(png[16..24], [0, 0, 0, 20, 0, 0, 0, 10]); // its size
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn png(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![];
        let mut encoder =
            png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::GrayscaleAlpha);
        encoder.set_depth(png::BitDepth::Eight);
        encoder
            .write_header()
            .and_then(|mut writer| {
                writer.write_image_data(self.pixels.as_flattened())
            })
            .map_err(|error| Error::format("a picture", error.to_string()))?;
        Ok(bytes)
    }

    /// Writes the picture to a file, whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("pixels.png");
    /// let picture = ddpm::plot::grid(&[-1.0, 1.0], (1, 2), 1, 10)?;
    /// picture.save(&path)?;
    /// assert_eq!(ddpm::read(&path)?, picture.png()?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn save(&self, path: &Path) -> Result<()> {
        write_atomic(path, &self.png()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn is what a PNG reader gets back, gaps transparent.
    #[test]
    fn a_png_holds_the_images() {
        let images = [-1.0, 0.0, 1.0, 5.0, -5.0, f32::NAN];
        let picture = grid(&images, (1, 2), 2, 1).unwrap();
        assert_eq!(picture.size(), (8, 6));
        let png = picture.png().unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut bytes).unwrap();
        let (pixels, _) = bytes.as_chunks::<2>();
        assert_eq!(pixels, picture.pixels);
        assert_eq!(pixels[..3], [[0, 255], [128, 255], [0, 0]]);
        assert_eq!(pixels[6..8], [[255, 255], [255, 255]]);
        assert_eq!(pixels[40..42], [[0, 255], [0, 255]]);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let image = [0.0; 4];
        assert!(grid(&image, (2, 3), 1, 1).is_err());
        assert!(grid(&[], (2, 2), 1, 1).is_err());
        assert!(grid(&image, (2, 2), 0, 1).is_err());
        assert!(grid(&image, (2, 2), 1, usize::MAX).is_err());
        assert!(grid(&image, (2, 2), 1, 1 << 20).is_err());
    }
}
