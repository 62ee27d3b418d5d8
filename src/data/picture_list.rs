//! The PNG and JPEG files in a folder, and their classes.

use super::idx_folder::list as names;
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// The pictures in a folder, by the names of their files.
#[derive(Clone, Debug, Default)]
pub(super) struct PictureList {
    pub(super) files: Vec<PathBuf>,
    /// The class of each file, and the names of the classes; without
    /// sub-folders there are none.
    pub(super) labels: Vec<u32>,
    pub(super) classes: Vec<String>,
    /// Other files in the folder.
    pub(super) left_out: Vec<PathBuf>,
}

impl PictureList {
    /// Lists the files of a folder and of its sub-folders, sorted.
    pub(super) fn find(folder: &Path) -> Result<Self> {
        let hidden = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            // Copies and thumbnails of macOS and Synology.
            let is_system = ["__MACOSX", "@eaDir"].contains(&&*name);
            entry.depth() > 0 && (name.starts_with('.') || is_system)
        };
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let mut list = Self::default();
        let mut classes = vec![];
        for entry in walk.into_iter().filter_entry(|entry| !hidden(entry)) {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(folder).display();
                let cause = error.io_error().map_or_else(
                    || "it is a link to a folder above it".to_owned(),
                    |error| format!("it cannot be read ({error})"),
                );
                let reason = format!("{cause}; take it out, or mend its link");
                Error::format(path.to_string(), reason)
            })?;
            if entry.file_type().is_dir() {
                continue;
            }
            let extension = entry.path().extension().unwrap_or_default();
            let extension = extension.to_string_lossy().to_lowercase();
            let is_picture = entry.file_type().is_file() // no pipe, no device
                && ["png", "jpg", "jpeg", "jpe", "jfif"].contains(&&*extension);
            if !is_picture {
                list.left_out.push(entry.into_path());
                continue;
            }
            let below = entry.path().strip_prefix(folder).ok();
            let class = below.and_then(|path| path.parent()?.iter().next());
            classes.push(class.map(|c| c.to_string_lossy().into_owned()));
            list.files.push(entry.into_path());
        }
        // A class is the sub-folder of the first level; all or none have one.
        if let Some(classes) = classes.into_iter().collect::<Option<Vec<_>>>() {
            list.classes.clone_from(&classes);
            list.classes.sort();
            list.classes.dedup();
            let label = |c: &String| list.classes.binary_search(c).unwrap_or(0);
            let labels = classes.iter().map(|c| u32::try_from(label(c)));
            list.labels = labels.map(|label| label.unwrap_or(0)).collect();
        }
        let count = list.files.len();
        if count == 0 || u32::try_from(count).is_err() {
            let reason = match count {
                0 => format!(
                    "it has no PNG or JPEG files; it has {}",
                    names(&list.left_out)
                ),
                _ => "it has more than 2^32 pictures".to_owned(),
            };
            return Err(Error::format(folder.display().to_string(), reason));
        }
        Ok(list)
    }
}
