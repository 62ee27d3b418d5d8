//! Stamps of files, by which a change is noticed.

use std::path::Path;
use std::time::SystemTime;

/// The length of a file and the time of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    changed: Option<SystemTime>,
}

impl Stamp {
    /// Returns the stamp of the file of this name; of no file, an empty one.
    pub(super) fn of(path: &Path) -> Self {
        let metadata = std::fs::metadata(path);
        metadata.map_or(Self { length: 0, changed: None }, |metadata| Self {
            length: metadata.len(),
            changed: metadata.modified().ok(),
        })
    }

    /// Checks that the file of this name still has this stamp.
    pub(super) fn check(self, path: &Path) -> Result<(), String> {
        if Self::of(path) == self {
            Ok(())
        } else if path.exists() {
            Err("the file has changed since it was opened; put the old one back, \
                 or start a new run"
                .to_owned())
        } else {
            Err("it is no longer there".to_owned())
        }
    }
}
