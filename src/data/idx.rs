//! IDX, the file format of MNIST, compressed with gzip or not.
//!
//! A file has a magic number, the sizes, and the bytes. The reader does not trust
//! it: it multiplies the sizes without overflow, decompresses no more than they
//! announce, and refuses a file that is longer. If a file is not an IDX file, the
//! message names its kind, such as a web page.

use super::Images;
use crate::file_kind::kind_of;
use crate::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The largest number of bytes that a file may announce: 4 GiB.
const MAX_BYTES: u64 = 1 << 32;

/// Reads images; `what` names the source in messages.
///
/// # Errors
/// If the bytes are not an IDX file of images, or are cut off, damaged, or
/// followed by more; or if there are no images.
///
/// ```
/// use ddpm::data::read_images;
/// let bytes = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9];
/// assert_eq!(read_images(&bytes, "two pixels")?.pixels(), [7, 9]);
/// let error = read_images(&bytes[..17], "half").unwrap_err().to_string();
/// assert!(error.contains("ends after 1 of the 2 bytes"), "{error}");
/// let error = read_images(b"<html>", "half").unwrap_err().to_string();
/// assert!(error.contains("it is a web page"), "{error}");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn read_images(bytes: &[u8], what: &str) -> Result<Images> {
    let ([count, height, width], pixels) = read(bytes, what, 3, "images")?;
    if count == 0 {
        return Err(Error::format(what, "it holds no images"));
    }
    Images::new((height, width), pixels)
}

/// Reads labels; `what` names the source in messages.
///
/// # Errors
/// As [`read_images`].
///
/// ```
/// use ddpm::data::read_labels;
/// let bytes = [0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4];
/// assert_eq!(read_labels(&bytes, "three labels")?, [5, 0, 4]);
/// let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9];
/// let error = read_labels(&images, "images").unwrap_err().to_string();
/// assert!(error.contains("it is an IDX file of images, 1x1x2"), "{error}");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn read_labels(bytes: &[u8], what: &str) -> Result<Vec<u32>> {
    let ([_], labels) = read(bytes, what, 1, "labels")?;
    Ok(labels.into_iter().map(u32::from).collect())
}

/// Returns the sizes and the body of an IDX file of bytes with `N` `dimensions`.
fn read<const N: usize>(
    bytes: &[u8],
    what: &str,
    dimensions: u8,
    wanted: &str,
) -> Result<([usize; N], Vec<u8>)> {
    let fail = |reason: String| Error::format(what, reason);
    let mut reader: Box<dyn Read> = if bytes.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(bytes))
    } else {
        Box::new(bytes)
    };
    let broken = |error| {
        fail(format!(
            "its compressed bytes are cut off or damaged ({error}); get the \
             file again"
        ))
    };

    // As much as a header with eight dimensions, to say what another file is.
    let mut start = vec![];
    reader.by_ref().take(36).read_to_end(&mut start).map_err(broken)?;
    let (magic, sizes) = start.split_at(start.len().min(4));
    if !(magic.starts_with(&[0, 0, 8]) && magic.last() == Some(&dimensions)) {
        let other = other_file(&start);
        let wanted = format!("it must be an IDX file of {wanted}");
        return Err(fail(format!("{wanted}, and it is {other}")));
    }
    let (sizes, _) = sizes.as_chunks::<4>();
    let Some(sizes) = sizes.first_chunk::<N>() else {
        return Err(fail("it ends within its header; get it again".into()));
    };
    let sizes = sizes.map(|size| u32::from_be_bytes(size) as usize);
    if let Some(i) = sizes.iter().skip(1).position(|&size| size == 0) {
        let side = ["height", "width"][i.min(1)];
        return Err(fail(format!("its header announces a {side} of 0")));
    }
    let announced = sizes.iter().try_fold(1_u64, |product, &size| {
        product.checked_mul(size as u64).filter(|&p| p <= MAX_BYTES)
    });
    let Some(announced) = announced else {
        return Err(fail(format!(
            "it announces more than 4 GiB: {sizes:?}; get the file again"
        )));
    };

    // One byte more than announced, to see whether there is more.
    let mut body = start[4 * (N + 1)..].to_vec();
    let left = (announced + 1).saturating_sub(body.len() as u64);
    reader.take(left).read_to_end(&mut body).map_err(broken)?;
    match (body.len() as u64).cmp(&announced) {
        std::cmp::Ordering::Less => Err(fail(format!(
            "it ends after {} of the {announced} bytes that its header \
             announces; get the file again",
            body.len()
        ))),
        std::cmp::Ordering::Greater => Err(fail(format!(
            "it goes on after the {announced} bytes that its header announces; \
             get the file again"
        ))),
        std::cmp::Ordering::Equal => Ok((sizes, body)),
    }
}

/// Says what a file is that starts with these bytes, and is not the IDX file that
/// was expected.
fn other_file(start: &[u8]) -> String {
    if let [0, 0, kind @ 8..=14, dimensions @ 1..=8, sizes @ ..] = start {
        let kind = match kind {
            8 => "bytes",
            9 => "signed bytes",
            11 => "16-bit integers",
            12 => "32-bit integers",
            13 => "32-bit floats",
            14 => "64-bit floats",
            _ => "unknown numbers",
        };
        let (sizes, _) = sizes.as_chunks::<4>();
        let sizes: Vec<_> = sizes
            .iter()
            .take(usize::from(*dimensions))
            .map(|&size| u32::from_be_bytes(size).to_string())
            .collect();
        let what = match (kind, dimensions) {
            ("bytes", 1) => "labels",
            ("bytes", 2) => "images without height and width (N x values)",
            ("bytes", 3) => "images",
            ("bytes", 4) => "four dimensions, as of images in colour",
            _ => kind,
        };
        let advice = match (kind, dimensions) {
            ("bytes", 1 | 3) => "",
            ("bytes", 4) => {
                "; save such images as PNG files, and name their folder"
            }
            _ => "; images are bytes of three dimensions, N x H x W",
        };
        return format!("an IDX file of {what}, {}{advice}", sizes.join("x"));
    }
    match start {
        [1..=8, 8..=14, 0, 0, ..] => "an IDX file with the bytes of each \
                                      number in reverse order (little endian)"
            .to_owned(),
        [0x1f, 0x8b, ..] => {
            "compressed with gzip twice; unpack it once".to_owned()
        }
        _ => kind_of(start).map_or_else(
            || {
                let start = &start[..start.len().min(8)];
                format!("a file that starts with the bytes {start:02x?}")
            },
            str::to_owned,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    const IMAGES: u32 = 2051;
    const LABELS: u32 = 2049;

    fn file(magic: u32, sizes: &[u32], body: &[u8]) -> Vec<u8> {
        let mut bytes = magic.to_be_bytes().to_vec();
        sizes.iter().for_each(|s| bytes.extend(s.to_be_bytes()));
        bytes.extend(body);
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(vec![], Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn error(bytes: &[u8]) -> String {
        let error = read_images(bytes, "it").unwrap_err();
        assert!(matches!(error, Error::Format { .. }));
        error.to_string()
    }

    #[test]
    fn what_is_written_is_read_compressed_or_not() {
        check(|seed| {
            let n = u8::try_from(seed % 5 + 1).unwrap();
            let body: Vec<u8> =
                (0..6 * n).map(|i| i.wrapping_mul(37)).collect();
            let bytes = file(IMAGES, &[n.into(), 2, 3], &body);
            let images = read_images(&bytes, "it").unwrap();
            assert_eq!(images.pixels(), body);
            assert_eq!(images.len(), usize::from(n));
            assert_eq!(read_images(&gzip(&bytes), "it").unwrap(), images);
        });
        let labels = file(LABELS, &[3], &[1, 2, 3]);
        assert_eq!(read_labels(&labels, "it").unwrap(), [1, 2, 3]);
    }

    #[test]
    fn damage_is_found_and_named() {
        let good = file(IMAGES, &[2, 2, 3], &[5; 12]);
        assert!(error(&good[..9]).contains("within its header"));
        let mut long = good.clone();
        long.push(0);
        assert!(error(&long).contains("goes on"));
        assert!(
            error(&file(IMAGES, &[2, 0, 3], &[])).contains("a height of 0")
        );
        assert!(error(&file(IMAGES, &[u32::MAX; 3], &[])).contains("4 GiB"));
        let mut junk = gzip(&good);
        junk.push(0);
        assert!(read_images(&junk, "it").is_err());
        let packed = gzip(&good);
        let cut = error(&packed[..packed.len() - 9]);
        assert!(cut.contains("get the file again"), "{cut}");
        assert!(error(&file(IMAGES, &[0, 28, 28], &[])).contains("no images"));
    }

    /// Other files that people have are named in words.
    #[test]
    fn another_file_is_named() {
        let says = |bytes: &[u8], expected: &str| {
            for bytes in [bytes, &gzip(bytes)] {
                let error = error(bytes);
                assert!(error.contains(expected), "{error}");
            }
        };
        says(b"", "empty");
        says(b"<!DOCTYPE html><html></html>", "a web page");
        says(b"version https://git-lfs.github.com/spec/v1", "Git LFS");
        says(b"PK\x03\x04", "a zip archive");
        says(&file(LABELS, &[3], &[1, 2, 3]), "labels, 3");
        says(&file(LABELS + 1, &[2, 784], &[]), "2x784");
        says(&file(IMAGES + 1, &[4, 3, 32, 32], &[]), "in colour, 4x3x32x32");
        says(&file(0xd03, &[2, 2, 2], &[]), "32-bit floats, 2x2x2");
        says(&[3, 8, 0, 0, 40, 0, 0, 0], "little endian");
        says(b"hello", "the bytes [68, 65, 6c, 6c, 6f]");
        let once = gzip(&file(IMAGES, &[1, 1, 1], &[7]));
        assert!(error(&gzip(&once)).contains("gzip twice"));
    }

    /// However a file is cut, it is an error, never a panic.
    #[test]
    fn every_cut_is_an_error() {
        let good = file(IMAGES, &[2, 2, 3], &[5; 12]);
        for bytes in [gzip(&good), good] {
            for length in 0..bytes.len() {
                assert!(read_images(&bytes[..length], "it").is_err());
            }
        }
    }
}
