//! A file in memory with the bytes of a test case.

use std::path::Path;
use tempfile::TempDir;

/// Calls `f` with the path of a file with these bytes.
pub(crate) fn with_file<R>(
    name: &str,
    bytes: &[u8],
    f: impl FnOnce(&Path) -> R,
) -> R {
    let folder = TempDir::new_in("/dev/shm").expect("memory");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("memory");
    f(&path)
}
