//! One PNG or JPEG file: its header, and its pixels.

use super::ImageShape;
use crate::file_kind::kind_of;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};
use std::io::Cursor;
use std::path::Path;

/// The most bytes of the pixels of a file: 512 MiB. A small file may announce many
/// more.
const MOST_BYTES: u64 = 1 << 29;

/// Returns the shape of the picture in a file as its header has it.
///
/// # Errors
/// A reason to show after the name of the file.
pub(super) fn shape_of(path: &Path) -> Result<ImageShape, String> {
    let bytes = read(path)?;
    let mut decoder = decoder(&bytes)?;
    let (width, height) = decoder.dimensions();
    let (mut height, mut width) = (height as usize, width as usize);
    let orientation = decoder.orientation().map_err(unreadable)?;
    if orientation.to_exif() > 4 {
        std::mem::swap(&mut height, &mut width); // turned by 90 degrees
    }
    let channels = if decoder.color_type().has_color() { 3 } else { 1 };
    Ok(ImageShape { channels, height, width })
}

/// Reads the picture in a file as bytes of `shape`, channel after channel. Of a
/// picture of another size, the middle is cut out and resized. Transparent parts
/// become white.
///
/// # Errors
/// A reason to show after the name of the file.
pub(super) fn pixels_of(
    path: &Path,
    shape: ImageShape,
) -> Result<Vec<u8>, String> {
    let bytes = read(path)?;
    let mut decoder = decoder(&bytes)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    let image = DynamicImage::from_decoder(decoder);
    let mut image = image.map_err(unreadable)?;
    image.apply_orientation(orientation);
    if image.color().has_alpha() {
        image = on_white(&image);
    }
    let [height, width] =
        [shape.height, shape.width].map(|n| u32::try_from(n).unwrap_or(1));
    if (image.height(), image.width()) != (height, width) {
        // Cut first: to resize a long picture as a whole would need much memory.
        image = middle(&image, width, height);
        image = image.resize_exact(width, height, FilterType::Lanczos3);
    }
    if shape.channels == 1 {
        return Ok(image.into_luma8().into_raw());
    }
    let pixels = image.into_rgb8();
    let channel = |c: usize| pixels.pixels().map(move |pixel| pixel.0[c]);
    Ok((0..3).flat_map(channel).collect())
}

/// Returns the largest part in the middle of the picture that has the proportions
/// `width : height`.
fn middle(image: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    let [w, h, width, height] =
        [image.width(), image.height(), width, height].map(u64::from);
    // w : h, with the longer side cut.
    let [cut_w, cut_h] =
        [w.min(h * width / height).max(1), h.min(w * height / width).max(1)];
    let side = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let (x, y) = (side((w - cut_w) / 2), side((h - cut_h) / 2));
    image.crop_imm(x, y, side(cut_w), side(cut_h))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| error.to_string())
}

fn unreadable(error: ImageError) -> String {
    match error {
        ImageError::Limits(_) => {
            "it needs more than 512 MiB of memory; make it smaller".to_owned()
        }
        error => broken(error),
    }
}

fn broken(error: impl std::fmt::Display) -> String {
    format!("it is cut off or damaged ({error}); get the file again")
}

/// Returns a decoder for the bytes of a PNG or JPEG file, whatever its name.
fn decoder(bytes: &[u8]) -> Result<impl ImageDecoder + '_, String> {
    let reader = ImageReader::new(Cursor::new(bytes));
    let reader = reader.with_guessed_format().map_err(broken)?;
    match reader.format() {
        Some(ImageFormat::Png) => {}
        Some(ImageFormat::Jpeg) if is_whole_jpeg(bytes) => {}
        Some(ImageFormat::Jpeg) => return Err(broken("it has no end")),
        _ => {
            let kind = kind_of(bytes).unwrap_or("no picture");
            return Err(format!("it is {kind}"));
        }
    }
    let decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if decoder.total_bytes() > MOST_BYTES {
        return Err(format!(
            "it has {width}x{height} pixels, more than fit 512 MiB; make it \
             smaller"
        ));
    }
    Ok(decoder)
}

/// Returns whether a JPEG file has a scan and the marker of its end. The decoder
/// fills what is missing with grey, without a word. What follows the end is no part
/// of the picture: phones append a film.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    // In a scan, 0 follows a byte 0xff of the data, and restarts are no ends.
    let marks = |pair: &[u8]| {
        pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7)
    };
    let mut rest = bytes.get(2..).unwrap_or_default(); // behind the start
    let mut has_scan = false;
    while let Some(at) = rest.windows(2).position(marks) {
        let marker = rest[at + 1];
        rest = &rest[at + 2..];
        if marker == END {
            return has_scan;
        }
        has_scan |= marker == START_OF_SCAN;
        // A segment has its length, and may hold a preview with an end of its own.
        let [high, low, ..] = rest else { return false };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        rest = rest.get(length..).unwrap_or_default();
    }
    false
}

/// Returns the picture on a white background.
fn on_white(image: &DynamicImage) -> DynamicImage {
    let mut pixels = image.to_rgba8();
    for pixel in pixels.pixels_mut() {
        let [.., alpha] = pixel.0.map(u32::from);
        for value in &mut pixel.0[..3] {
            let mixed = u32::from(*value) * alpha + 255 * (255 - alpha);
            *value = u8::try_from((mixed + 127) / 255).unwrap_or(255);
        }
    }
    // Grey stays grey: its three channels are equal.
    DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
}
