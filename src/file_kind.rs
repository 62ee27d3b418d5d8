//! The kind of a file by its first bytes, for messages about a wrong file.

/// Returns the kind of a file that people give by mistake, with what to do; or
/// nothing if the first bytes are of no known kind.
///
/// The text continues a sentence: "it is …".
pub(crate) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.trim_ascii_start();
    let is = |start: &[u8]| bytes.starts_with(start);
    let html = |start: &str| {
        let first = text.get(..start.len()).unwrap_or_default();
        first.eq_ignore_ascii_case(start.as_bytes())
    };
    Some(match bytes {
        [] => "empty; get the file again",
        _ if html("<!doctype") || html("<html") || html("<?xml") => {
            "a web page, perhaps a message of the server; get the file again"
        }
        _ if is(b"version https://git-lfs") => {
            "a Git LFS pointer, not the file itself; run `git lfs pull`"
        }
        _ if is(b"PK\x03\x04") || is(b"PK\x05\x06") => {
            "a zip archive (.zip, .npz, .pt); unpack it"
        }
        _ if is(&[0x1f, 0x8b]) => "compressed with gzip; unpack it",
        _ if is(b"BZh") => "compressed with bzip2; unpack it",
        _ if is(b"\xfd7zXZ") => "compressed with xz; unpack it",
        _ if is(b"7z\xbc\xaf") => "a 7-Zip archive; unpack it",
        _ if bytes.get(257..262) == Some(b"ustar") => {
            "a tar archive; unpack it"
        }
        _ if is(b"\x93NUMPY") => "a NumPy array (.npy)",
        _ if is(b"\x89HDF") => "an HDF5 file",
        _ if is(b"PAR1") => "a Parquet file",
        [0x80, 2..=5, ..] => "a Python pickle",
        _ if is(b"\x89PNG") => "a PNG picture",
        _ if is(&[0xff, 0xd8, 0xff]) => "a JPEG picture",
        _ if is(b"GIF8") => "a GIF picture; convert it to PNG or JPEG",
        _ if is(b"BM") => "a BMP picture; convert it to PNG or JPEG",
        _ if is(b"II*\0") || is(b"MM\0*") => {
            "a TIFF picture; convert it to PNG or JPEG"
        }
        _ if is(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => {
            "a WebP picture; convert it to PNG or JPEG"
        }
        _ if bytes.get(4..8) == Some(b"ftyp") => {
            "a HEIC or AVIF picture, or a film; convert it to PNG or JPEG"
        }
        _ if is(b"%PDF") => "a PDF document",
        [0, 0, 8..=14, 1..=8, ..] => "an IDX file",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_first_bytes() {
        let kind = |bytes: &[u8]| kind_of(bytes).unwrap_or("unknown");
        assert!(kind(b"").contains("empty"));
        assert!(kind(b"\r\n<!DOCTYPE html>").contains("web page"));
        assert!(kind(b"version https://git-lfs.github.com").contains("LFS"));
        assert!(kind(b"PK\x03\x04").contains("zip"));
        assert!(kind(b"\x93NUMPY\x01").contains("NumPy"));
        let mut tar = [0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert!(kind(&tar).contains("tar"));
        assert!(kind(b"RIFF\0\0\0\0WEBPVP8").contains("WebP"));
        assert!(kind(b"\0\0\0\x1cftypheic").contains("HEIC"));
        assert!(kind(&[0, 0, 8, 3]).contains("IDX"));
        for unknown in [&b"h"[..], b"hello", &[0, 0, 8], &[0xff, 0xd8]] {
            assert_eq!(kind_of(unknown), None);
        }
    }
}
