//! IDX, the file format of MNIST, compressed with gzip or not.
//!
//! A file has a magic number, the sizes, and the bytes. The reader does not trust
//! it: it multiplies the sizes without overflow, decompresses no more than they
//! announce, and refuses a file that is longer. If a file is not an IDX file, the
//! message names its kind, such as a web page.

use super::Images;
use super::image_source::IN_MEMORY;
use crate::file_kind::kind_of;
use crate::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::cmp::Ordering;
use std::io::Read;

/// The message for a file without images.
pub(super) const NO_IMAGES: &str = "it holds no images";

/// The first bytes of a file that is compressed with gzip.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The number of bytes of the longest header, which has eight dimensions.
pub(super) const LONGEST_HEADER: u64 = 36;

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
    let ([count, height, width], pixels) = read(bytes, what, "images")?;
    if count == 0 {
        return Err(Error::format(what, NO_IMAGES));
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
    let ([_], labels) = read(bytes, what, "labels")?;
    Ok(labels.into_iter().map(u32::from).collect())
}

/// Returns the sizes and the body of an IDX file of bytes with `N` dimensions.
fn read<const N: usize>(
    bytes: &[u8],
    what: &str,
    wanted: &str,
) -> Result<([usize; N], Vec<u8>)> {
    let fail = |reason: String| Error::format(what, reason);
    let compressed = bytes.starts_with(&GZIP);
    let mut reader: Box<dyn Read> = if compressed {
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

    // As much as any header, to say what another file is.
    let mut start = vec![];
    reader
        .by_ref()
        .take(LONGEST_HEADER)
        .read_to_end(&mut start)
        .map_err(broken)?;
    let (sizes, announced) = header(&start, wanted).map_err(fail)?;
    if compressed && announced > IN_MEMORY {
        return Err(fail(format!(
            "unpacked, it would have {announced} bytes, and a compressed file \
             may have at most 1 GiB; unpack it (gunzip)"
        )));
    }

    // One byte more than announced, to see whether there is more.
    let mut body = start[header_length(N)..].to_vec();
    let left = (announced + 1).saturating_sub(body.len() as u64);
    reader.take(left).read_to_end(&mut body).map_err(broken)?;
    check_length(body.len() as u64, announced).map_err(fail)?;
    Ok((sizes, body))
}

/// Returns the number of bytes of a header with this number of dimensions.
pub(super) const fn header_length(dimensions: usize) -> usize {
    4 * (dimensions + 1)
}

/// Returns the sizes that a header announces, and the number of bytes after it;
/// or what is wrong. `start` is the start of the file, `N` the number of its
/// dimensions, and `wanted` names its contents.
pub(super) fn header<const N: usize>(
    start: &[u8],
    wanted: &str,
) -> Result<([usize; N], u64), String> {
    let (magic, sizes) = start.split_at(start.len().min(4));
    let dimensions = magic.last().copied().map(usize::from);
    if !(magic.starts_with(&[0, 0, 8]) && dimensions == Some(N)) {
        let other = other_file(start);
        return Err(format!(
            "it must be an IDX file of {wanted}, and it is {other}"
        ));
    }
    let (sizes, _) = sizes.as_chunks::<4>();
    let Some(sizes) = sizes.first_chunk::<N>() else {
        return Err("it ends within its header; get it again".to_owned());
    };
    let sizes = sizes.map(|size| u32::from_be_bytes(size) as usize);
    if let Some(i) = sizes.iter().skip(1).position(|&size| size == 0) {
        let side = ["height", "width"][i.min(1)];
        return Err(format!("its header announces a {side} of 0"));
    }
    let mut sizes_left = sizes.iter().map(|&size| size as u64);
    match sizes_left.try_fold(1_u64, u64::checked_mul) {
        Some(announced) => Ok((sizes, announced)),
        None => Err(format!(
            "its header announces more bytes than any file has: {sizes:?}; get \
             the file again"
        )),
    }
}

/// Checks that a file has as many bytes after its header as the header announces.
pub(super) fn check_length(there: u64, announced: u64) -> Result<(), String> {
    match there.cmp(&announced) {
        Ordering::Less => Err(format!(
            "it ends after {there} of the {announced} bytes that its header \
             announces; get the file again"
        )),
        Ordering::Greater => Err(format!(
            "it goes on after the {announced} bytes that its header announces; \
             get the file again"
        )),
        Ordering::Equal => Ok(()),
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
        assert!(
            error(&file(IMAGES, &[u32::MAX; 3], &[]))
                .contains("more bytes than any file has")
        );
        let large = file(IMAGES, &[1 << 20, 32, 33], &[5; 12]);
        assert!(error(&large).contains("12 of the 1107296256 bytes"));
        assert!(error(&gzip(&large)).contains("unpack it (gunzip)"));
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
