//! Input files of a command. A file that is not UTF-8 is an error that names
//! the likely encoding.

use super::args::About;
use proofread::{Marks, Notation, Problem, diagnostics};
use std::io::Read;
use std::path::Path;

/// A file that was read.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) text: String,
    /// The length in bytes of the byte-order mark, which the text lacks.
    pub(super) skipped: usize,
}

/// A file that cannot be used.
#[derive(Debug)]
pub(super) struct Unusable {
    pub(super) file: File,
    /// The problem of the whole file.
    pub(super) message: String,
    /// The problems at positions in the file.
    pub(super) problems: Vec<Problem>,
}

impl Unusable {
    /// Returns an error without a position in a text.
    pub(super) fn new(name: &str, message: String) -> Self {
        let file = File { name: name.to_owned(), ..File::default() };
        Self { file, message, problems: vec![] }
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let File { name, text, .. } = &self.file;
        for problem in &self.problems {
            writeln!(f, "{}", diagnostics::problem(name, text, problem))?;
        }
        write!(f, "error: {}", self.message)
    }
}

/// The notation and the marks for the texts of a command.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) notation: Notation,
    pub(super) notation_file: File,
    pub(super) marks: Marks,
    pub(super) marks_file: File,
}

impl Beside {
    pub(super) fn read(about: &About) -> Result<Self, Unusable> {
        let mut beside = Self::default();
        if let Some(path) = &about.notation {
            let file = File::read(path)?;
            match Notation::read(&file.text) {
                Ok(notation) => beside.notation = notation,
                Err(problems) => {
                    let name = &file.name;
                    let message = format!("{name} is not a notation file");
                    return Err(Unusable { file, message, problems });
                }
            }
            beside.notation_file = file;
        }
        if let Some(path) = &about.marks {
            let file = File::read(path)?;
            match Marks::read(&file.text) {
                Ok(marks) => beside.marks = marks,
                Err(problem) => {
                    let name = &file.name;
                    let message = format!("{name} is not a file of marks");
                    let problems = vec![problem];
                    return Err(Unusable { file, message, problems });
                }
            }
            beside.marks_file = file;
        }
        Ok(beside)
    }
}

impl File {
    /// Reads a file of UTF-8.
    pub(super) fn read(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| error.to_string());
        Self::of(name, bytes)
    }

    /// Reads the standard input.
    pub(super) fn standard_input() -> Result<Self, Unusable> {
        let mut bytes = vec![];
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        let read = read.map(|_| bytes).map_err(|error| error.to_string());
        Self::of("<stdin>".into(), read)
    }

    fn of(
        name: String,
        bytes: Result<Vec<u8>, String>,
    ) -> Result<Self, Unusable> {
        match bytes.and_then(decode) {
            Ok((text, skipped)) => Ok(Self { name, text, skipped }),
            Err(why) => {
                Err(Unusable::new(&name, format!("cannot read {name}: {why}")))
            }
        }
    }
}

/// Returns the text without its byte-order mark, and the mark's length.
fn decode(bytes: Vec<u8>) -> Result<(String, usize), String> {
    if let Some(encoding) = utf16(&bytes) {
        return Err(format!("it looks like {encoding}; save it as UTF-8"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(bare) => (bare.to_owned(), text.len() - bare.len()),
            None => (text, 0),
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let (byte, before) = (bytes[at], &bytes[..at]);
            let before = String::from_utf8_lossy(before);
            let (line, column) = proofread::line_column(&before, at);
            Err(format!(
                "not UTF-8: byte 0x{byte:02X} at line {line}, column \
                 {column}; is it Latin-1? Save it as UTF-8"
            ))
        }
    }
}

/// Returns the kind of UTF-16 that a file seems to be: by its byte-order mark,
/// or because every other byte of its first characters is zero.
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
        let text = |text: &str, skipped| Ok((text.to_owned(), skipped));
        assert_eq!(decoded("é $a$".as_bytes()), text("é $a$", 0));
        assert_eq!(decoded(b"\xEF\xBB\xBF# a"), text("# a", 3));
        assert_eq!(decoded(b""), text("", 0));
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
