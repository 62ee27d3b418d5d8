//! Files that are either whole or not there.

use crate::{Error, Result};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the writes of this process.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// Writes a file so that its name never stands for half of it: under a
/// temporary name in the same folder, flushed to the disk, then renamed over
/// whatever was there. Missing folders are made.
///
/// # Errors
/// If a folder or the file cannot be written; what was there before is then
/// still there, and the temporary file is removed.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("made/on/the/way/numbers.txt");
/// ddpm::write_atomic(&path, b"1 2 3")?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"1 2 3");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    create_folder(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // A name of its own for each write, also from two threads at once.
    let write = WRITES.fetch_add(1, Ordering::Relaxed);
    let temporary =
        folder.join(format!(".{name}.{}.{write}.part", std::process::id()));
    let written = write_synced(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path));
    // The file is in place; some file systems cannot make that durable.
    let _ = sync_folder(folder);
    written.map_err(|cause| {
        // Nothing more can be done if this fails too.
        let _ = fs::remove_file(&temporary);
        Error::Io { action: "write", path: path.to_owned(), cause }
    })
}

/// The bytes of a file.
///
/// # Errors
/// If it cannot be read.
///
/// ```
/// let error = ddpm::read(std::path::Path::new("nowhere")).unwrap_err();
/// assert!(error.to_string().starts_with("cannot read nowhere"));
/// ```
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|cause| Error::Io {
        action: "read",
        path: path.to_owned(),
        cause,
    })
}

/// Makes a folder, and those above it, if they are missing.
///
/// # Errors
/// If it cannot be made, or a file stands in its place.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("runs/digits");
/// ddpm::create_folder(&path)?;
/// ddpm::create_folder(&path)?; // it may be there already
/// assert!(path.is_dir());
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|cause| Error::Io {
        action: "create the folder",
        path: folder.to_owned(),
        cause,
    })
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the rename itself durable; only Unix lets a folder be opened.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        write_atomic(&path, b"old").unwrap();
        write_atomic(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_atomic(&file, b"in the way").unwrap();
        let error = write_atomic(&file.join("x"), b"").unwrap_err();
        assert!(error.to_string().contains("create the folder"), "{error}");
        // A folder where the file should go: the rename fails, cleanly.
        let taken = folder.path().join("taken");
        create_folder(&taken.join("inside")).unwrap();
        let error = write_atomic(&taken, b"").unwrap_err();
        assert!(error.to_string().contains("cannot write"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
