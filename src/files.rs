//! Files that are written whole or not at all.

use crate::Result;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes a file whole or not at all: under a temporary name in the same folder,
/// synced to the disk, then renamed to `path`. Missing folders are created.
///
/// # Errors
/// If a folder or the file cannot be written. An older file of this name is then
/// unchanged, and the temporary file is removed.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("a/new/folder/numbers.txt");
/// ddpm::write_atomic(&path, b"1 2 3")?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"1 2 3");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    write(&Disk, path, bytes).map_err(|cause| {
        let message = format!("cannot write {}: {cause}", path.display());
        io::Error::new(cause.kind(), message).into()
    })
}

/// The operations of a write. Tests replace them, to let each one fail.
trait Storage {
    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        Ok(file.persist(path).map(drop)?)
    }
}

struct Disk;

impl Storage for Disk {}

fn write(storage: &impl Storage, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs_err::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    // As for any new file; tempfile's own files are for their owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    storage.write(&mut file, bytes)?;
    storage.sync(file.as_file())?;
    storage.rename(file, path)?;
    // The file is complete. Syncing the folder makes the rename durable, where
    // the system can open and sync folders.
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| storage.sync(&folder));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::fs;

    /// Lets operation number `fails` fail, counted from 0.
    struct Faulty {
        fails: u32,
        done: Cell<u32>,
    }

    impl Faulty {
        fn next(&self) -> io::Result<()> {
            let number = self.done.replace(self.done.get() + 1);
            if number == self.fails {
                return Err(io::Error::other("injected"));
            }
            Ok(())
        }
    }

    impl Storage for Faulty {
        fn write(&self, file: &mut NamedTempFile, b: &[u8]) -> io::Result<()> {
            Disk.write(file, &b[..b.len() / 2])?;
            self.next()?;
            Disk.write(file, &b[b.len() / 2..])
        }

        fn sync(&self, file: &File) -> io::Result<()> {
            self.next()?;
            Disk.sync(file)
        }

        fn rename(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            self.next()?;
            Disk.rename(file, path)
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| {
            entry.unwrap().file_name().to_string_lossy().into_owned()
        });
        names.collect()
    }

    /// A write, a sync, a rename and a sync of the folder: whichever fails, the
    /// file is the old or the new one, and no other file is left.
    #[test]
    fn write_atomic_survives_a_fault_of_each_operation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        for fails in 0..4 {
            write_atomic(&path, b"old").unwrap();
            let storage = Faulty { fails, done: Cell::new(0) };
            let result = write(&storage, &path, b"new");
            // A file whose folder cannot be synced is there all the same.
            let renamed = fails == 3;
            assert_eq!(result.is_ok(), renamed, "{fails}: {result:?}");
            let expected: &[u8] = if renamed { b"new" } else { b"old" };
            assert_eq!(fs::read(&path).unwrap(), expected, "{fails}");
            assert_eq!(names(folder.path()), ["x"], "{fails}");
            if cfg!(unix) {
                assert_eq!(
                    storage.done.get(),
                    if renamed { 4 } else { fails + 1 }
                );
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_written_file_has_the_permissions_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode =
            |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        let (ours, usual) = (folder.path().join("a"), folder.path().join("b"));
        write_atomic(&ours, b"").unwrap();
        fs::write(&usual, b"").unwrap();
        assert_eq!(mode(&ours), mode(&usual));
    }

    #[test]
    fn a_path_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_atomic(&file, b"in the way").unwrap();
        let error = write_atomic(&file.join("x"), b"").unwrap_err().to_string();
        assert!(error.contains("cannot write"), "{error}");
        assert!(error.contains("file/x"), "{error}");
        // A folder where the file should go: the rename fails, cleanly.
        let taken = folder.path().join("taken");
        fs::create_dir_all(taken.join("inside")).unwrap();
        let error = write_atomic(&taken, b"").unwrap_err().to_string();
        assert!(error.contains("cannot write"), "{error}");
        assert_eq!(names(folder.path()).len(), 2);
    }
}
