//! IDX, the file format of MNIST, compressed with gzip or not.
//!
//! A file has a magic number, the sizes, and the bytes. The reader does not trust
//! it: it multiplies the sizes without overflow, decompresses no more than they
//! announce, and refuses a file that is longer.

use super::Images;
use crate::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::io::Read;

const IMAGES: u32 = 2051;
const LABELS: u32 = 2049;

/// The largest number of bytes that a file may announce: 4 GiB.
const MAX_BYTES: u64 = 1 << 32;

/// Reads images; `what` names the source in messages.
///
/// # Errors
/// If the bytes are not an IDX file of images, or are cut off, damaged, or
/// followed by more.
///
/// ```
/// use ddpm::data::read_images;
/// let bytes = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9];
/// assert_eq!(read_images(&bytes, "two pixels")?.pixels(), [7, 9]);
/// let error = read_images(&bytes[..17], "half").unwrap_err().to_string();
/// assert!(error.contains("ends after 1 of the 2 bytes"), "{error}");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn read_images(bytes: &[u8], what: &str) -> Result<Images> {
    let (sizes, pixels) = read::<3>(bytes, what, IMAGES, "images")?;
    let size = |i: usize| usize::try_from(sizes[i]).unwrap_or(usize::MAX);
    Images::new(size(1), size(2), pixels).map_err(|_| {
        let reason = format!("images of {}x{} pixels", sizes[1], sizes[2]);
        Error::format(what, reason)
    })
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
/// let images = [0, 0, 8, 3, 0, 0, 0, 0];
/// let error = read_labels(&images, "images").unwrap_err().to_string();
/// assert!(error.contains("starts with the number 2049"), "{error}");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn read_labels(bytes: &[u8], what: &str) -> Result<Vec<u8>> {
    read::<1>(bytes, what, LABELS, "labels").map(|(_, labels)| labels)
}

/// Returns the sizes and the body of an IDX file with `N` dimensions.
fn read<const N: usize>(
    bytes: &[u8],
    what: &str,
    magic: u32,
    kind: &str,
) -> Result<([u32; N], Vec<u8>)> {
    let fail = |reason: String| Err(Error::format(what, reason));
    let mut reader: Box<dyn Read> = if bytes.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(bytes))
    } else {
        Box::new(bytes)
    };

    let mut header = [[0; 4]; 4];
    let header = &mut header[..=N];
    if let Err(error) = reader.read_exact(header.as_flattened_mut()) {
        return fail(format!("its header cannot be read: {error}"));
    }
    let found = u32::from_be_bytes(header[0]);
    if found != magic {
        return fail(format!(
            "an IDX file of {kind} starts with the number {magic}, this one \
             with {found}"
        ));
    }
    let sizes: [u32; N] =
        std::array::from_fn(|i| u32::from_be_bytes(header[i + 1]));
    let announced = sizes.iter().try_fold(1_u64, |product, &size| {
        product.checked_mul(u64::from(size)).filter(|&p| p <= MAX_BYTES)
    });
    let Some(announced) = announced else {
        return fail(format!("it announces more than 4 GiB: {sizes:?}"));
    };

    // One byte more than announced, to see whether there is more.
    let mut body = vec![];
    if let Err(error) = reader.take(announced + 1).read_to_end(&mut body) {
        return fail(format!(
            "it cannot be read beyond byte {} of {announced}: {error}",
            body.len()
        ));
    }
    match (body.len() as u64).cmp(&announced) {
        std::cmp::Ordering::Less => fail(format!(
            "it ends after {} of the {announced} bytes that its header \
             announces; get the file again",
            body.len()
        )),
        std::cmp::Ordering::Greater => fail(format!(
            "it goes on after the {announced} bytes that its header announces"
        )),
        std::cmp::Ordering::Equal => Ok((sizes, body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

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
            let n = u8::try_from(seed % 5).unwrap();
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
        assert!(error(&[]).contains("header"));
        assert!(error(&file(LABELS, &[2, 2, 3], &[5; 12])).contains("2049"));
        let mut long = good.clone();
        long.push(0);
        assert!(error(&long).contains("goes on"));
        assert!(error(&file(IMAGES, &[2, 0, 3], &[])).contains("0x3"));
        assert!(error(&file(IMAGES, &[u32::MAX; 3], &[])).contains("4 GiB"));
        let mut junk = gzip(&good);
        junk.push(0);
        assert!(read_images(&junk, "it").is_err());
        let packed = gzip(&good);
        assert!(error(&packed[..packed.len() - 9]).contains("cannot be read"));
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
