//! Grids and strips of images, as PNG.

use crate::data::ImageShape;
use crate::math::{Schedule, forward};
use crate::random::{Purpose, stream};
use crate::{Error, Result, write_atomic};
use std::path::Path;

/// A picture of images, grey or in colour, on a transparent background.
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
    /// True for red, green, blue and opacity; false for grey and opacity.
    in_colour: bool,
    /// The values of each pixel, one byte each.
    pixels: Vec<u8>,
}

/// Pixels of the picture between two images.
const GAP: usize = 4;

/// Draws images in rows of `columns`, each pixel as a square of `scale` pixels.
/// `shape` is `(H, W)` for grey images, or `(C, H, W)` with one channel or three. -1
/// is black and 1 is white; values beyond are clipped.
///
/// # Errors
/// If `images` is not one image or more, or the picture would have more than
/// 32768 pixels in a row or column, or more than 2^28 pixels in all.
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
    shape: impl Into<ImageShape>,
    columns: usize,
    scale: usize,
) -> Result<Picture> {
    let shape = shape.into();
    let ImageShape { channels, height, width } = shape;
    let ok = !images.is_empty();
    Error::require(ok, "images", "one or more images", "none")?;
    shape.check("images", images.len(), "values")?;
    let got = format_args!("{columns} and {scale}");
    let ok = columns > 0 && scale > 0;
    Error::require(ok, "columns and scale", "positive", got)?;
    let size = shape.values();
    let count = images.len() / size;
    let columns = columns.min(count);
    let rows = count.div_ceil(columns);
    let length = |n: usize, side: usize| {
        n.saturating_mul(side.saturating_mul(scale).saturating_add(GAP)) - GAP
    };
    let (w, h) = (length(columns, width), length(rows, height));
    let expected = "at most 32768 pixels wide and high, and 2^28 pixels in all";
    let ok = w.max(h) <= 1 << 15 && w * h <= 1 << 28;
    let got = format_args!("{w} wide and {h} high");
    Error::require(ok, "the picture", expected, got)?;

    let plane = height * width; // the values of a channel
    let mut pixels = vec![0; w * h * (channels + 1)];
    for (i, image) in images.chunks(size).enumerate() {
        let left = i % columns * (width * scale + GAP);
        let top = i / columns * (height * scale + GAP);
        for y in 0..height * scale {
            let row = (top + y) * w + left;
            let source = y / scale * width;
            for x in 0..width * scale {
                let at = (row + x) * (channels + 1);
                let pixel = &mut pixels[at..=at + channels];
                for (c, value) in pixel[..channels].iter_mut().enumerate() {
                    *value = byte(image[c * plane + source + x / scale]);
                }
                pixel[channels] = 255;
            }
        }
    }
    let [width, height] = [w, h].map(|l| u32::try_from(l).unwrap_or(0));
    Ok(Picture { width, height, in_colour: channels == 3, pixels })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn byte(value: f32) -> u8 {
    // In 0..=255, and 0 for what is not a number.
    (127.5 * (value + 1.0)).round() as u8
}

/// Returns `x_t` of one image at each of `timesteps`, with the same `ε` for all;
/// 0 is the image itself. The images follow each other, for [`grid`].
///
/// Equation: eq-closed-form
///
/// # Errors
/// If a timestep is beyond the schedule.
///
/// ```
/// use ddpm::{data, math::Schedule, plot};
/// let digit = &data::mnist_10k()?.scaled()[..28 * 28];
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// let strip = plot::noisy_strip(digit, &schedule, &[0, 500, 1000], 42)?;
/// assert_eq!(strip.len(), 3 * 28 * 28);
/// assert_eq!(&strip[..28 * 28], digit);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn noisy_strip(
    image: &[f32],
    schedule: &Schedule,
    timesteps: &[usize],
    seed: u64,
) -> Result<Vec<f32>> {
    let mut epsilon = vec![0.0; image.len()];
    stream(seed, Purpose::Illustration, 0, 0).fill_normal(&mut epsilon);
    let mut strip = Vec::with_capacity(image.len() * timesteps.len());
    for &t in timesteps {
        let c = forward::closed_form_at(schedule, t)?;
        #[allow(clippy::cast_possible_truncation)] // pixels are f32
        let mix = |(x, e): (&f32, &f32)| {
            (c.x_0 * f64::from(*x) + c.epsilon * f64::from(*e)) as f32
        };
        strip.extend(image.iter().zip(&epsilon).map(mix));
    }
    Ok(strip)
}

impl Picture {
    /// Returns the width and height, in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Returns the picture as a PNG file.
    ///
    /// # Errors
    /// If the encoder fails; none is known.
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
        encoder.set_color(if self.in_colour {
            png::ColorType::Rgba
        } else {
            png::ColorType::GrayscaleAlpha
        });
        encoder.set_depth(png::BitDepth::Eight);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&self.pixels))
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
    /// assert_eq!(std::fs::read(&path).unwrap(), picture.png()?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn save(&self, path: &Path) -> Result<()> {
        write_atomic(path, &self.png()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG reader gets back the pixels, with transparent gaps.
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
        assert_eq!(bytes, picture.pixels);
        let (pixels, _) = bytes.as_chunks::<2>();
        assert_eq!(pixels[..3], [[0, 255], [128, 255], [0, 0]]);
        assert_eq!(pixels[6..8], [[255, 255], [255, 255]]);
        assert_eq!(pixels[40..42], [[0, 255], [0, 255]]);
    }

    /// Channels come one after the other, and become the bytes of each pixel.
    #[test]
    fn a_picture_in_colour_has_its_colours() {
        let red_and_white = [1.0, 1.0, -1.0, 1.0, -1.0, 1.0];
        let picture = grid(&red_and_white, (3, 1, 2), 1, 1).unwrap();
        assert_eq!(picture.pixels, [255, 0, 0, 255, 255, 255, 255, 255]);
        assert!(grid(&[0.0; 4], (2, 1, 2), 1, 1).is_err());
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
