//! Reading a text file, and saying which encoding it has if that is not UTF-8.

use std::path::Path;

/// Reads a file of UTF-8, without the byte-order mark.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let name = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| format!("cannot read {name}: {error}"))?;
    decode(bytes).map_err(|why| format!("cannot read {name}: {why}"))
}

fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if let Some(encoding) = utf16(&bytes) {
        return Err(format!("it looks like {encoding}; save it as UTF-8"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(text) => text.to_owned(),
            None => text,
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let (byte, before) = (bytes[at], &bytes[..at]);
            let before = String::from_utf8_lossy(before);
            let (line, column) = proofread::line_column(&before, at);
            Err(format!(
                "not UTF-8: byte 0x{byte:02X} at line {line}, column \
                 {column}; is it Latin-1?"
            ))
        }
    }
}

/// The kind of UTF-16 that a file looks like: by its byte-order mark, or
/// because every other byte of its first characters is zero.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    let start = &bytes[..bytes.len().min(64) & !1];
    let zeros = |first: usize| {
        !start.is_empty()
            && start.iter().skip(first).step_by(2).all(|&byte| byte == 0)
    };
    match bytes {
        [0xFF, 0xFE, ..] => Some("UTF-16 (little-endian)"),
        [0xFE, 0xFF, ..] => Some("UTF-16 (big-endian)"),
        _ if zeros(0) && zeros(1) => None,
        _ if zeros(1) => Some("UTF-16 (little-endian)"),
        _ if zeros(0) => Some("UTF-16 (big-endian)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decode_names_the_encoding() {
        let decoded = |bytes: &[u8]| decode(bytes.to_vec());
        assert_eq!(decoded("é $a$".as_bytes()).unwrap(), "é $a$");
        assert_eq!(decoded(b"\xEF\xBB\xBF# a").unwrap(), "# a");
        assert_eq!(decoded(b"").unwrap(), "");
        let latin = decoded(b"a\nb\n\xC3\xA9 Pr\xFCf").unwrap_err();
        let place = "not UTF-8: byte 0xFC at line 3, column 5";
        assert!(latin.starts_with(place), "{latin}");
        for (bytes, kind) in [
            (&b"\xFF\xFEa\0"[..], "little-endian"),
            (b"\xFE\xFF\0a", "big-endian"),
            (b"#\0 \0a\0", "little-endian"),
            (b"\0#\0 \0a", "big-endian"),
        ] {
            assert!(decoded(bytes).unwrap_err().contains(kind));
        }
    }
}
