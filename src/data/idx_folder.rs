//! Folders of IDX files, under the names that people have.

use super::{Images, read_images, read_labels};
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// Reads the training part of an IDX data set (MNIST, Fashion-MNIST, EMNIST) in a
/// folder: the images, and the labels if they are there.
///
/// The name of the images ends with `train-images-idx3-ubyte`, the name of the
/// labels with `train-labels-idx1-ubyte`. A dot may stand for a dash, and `.gz` may
/// follow. If the folder has no such file, its sub-folders are searched, and
/// their sub-folders.
///
/// # Errors
/// If there is no such folder, the images are missing or there are several, a file
/// cannot be read, or the numbers of images and labels differ.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("MNIST/raw/train-images.idx3-ubyte");
/// let bytes = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9];
/// ddpm::write_atomic(&path, &bytes)?;
/// let images = ddpm::data::from_folder(folder.path())?;
/// assert_eq!(images.pixels(), [7, 9]);
/// assert_eq!(images.labels(), None); // there is no file of them
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn from_folder(folder: &Path) -> Result<Images> {
    check_folder(folder)?;
    let fail = |reason| Error::format(folder.display().to_string(), reason);
    let Some(path) = find(folder, IMAGES)? else {
        return Err(fail(nothing_found(folder)));
    };
    let bytes = fs_err::read(&path)?;
    let images = read_images(&bytes, &path.display().to_string())?;
    let labels = plain(&path).replace("images", "labels");
    let labels = labels.replace("idx3", "idx1");
    let Some(path) = find(folder, &labels)? else {
        return Ok(images);
    };
    let what = path.display().to_string();
    let labels = read_labels(&fs_err::read(&path)?, &what)?;
    images
        .with_labels(labels)
        .map_err(|error| Error::format(what, error.to_string()))
}

/// Returns the file of images that [`from_folder`] reads, if there is one.
///
/// # Errors
/// If there is no such folder, it cannot be read, or it has several data sets.
pub fn idx_file(folder: &Path) -> Result<Option<PathBuf>> {
    check_folder(folder)?;
    find(folder, IMAGES)
}

const IMAGES: &str = "train-images-idx3-ubyte";

/// The depth to which sub-folders are searched: torchvision has `MNIST/raw`.
const DEPTH: usize = 2;

/// Returns an error unless `folder` is one.
pub(super) fn check_folder(folder: &Path) -> Result<()> {
    let fail =
        |reason: &str| Err(Error::format(folder.display().to_string(), reason));
    match fs_err::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => fail("it is a file; name the folder that it lies in"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fail("there is no such folder")
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the file with this name in one of its forms in `folder`, or in its
/// sub-folders if it has none.
fn find(folder: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    for _ in 0..=DEPTH {
        let mut found = vec![];
        let mut below = vec![];
        for folder in &folders {
            found.extend(files_like(folder, name)?);
            below.extend(entries(folder)?.into_iter().filter(|p| p.is_dir()));
        }
        if let Some(path) = only(found, folder)? {
            return Ok(Some(path));
        }
        folders = below;
    }
    Ok(None)
}

/// Returns the name of a file as its publisher wrote it: in lower case, without
/// `.gz`, with dashes.
fn plain(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    name.strip_suffix(".gz").unwrap_or(&name).replace('.', "-")
}

/// Returns the files in `folder` whose plain name ends with `name`. A file with
/// and without `.gz` counts once.
fn files_like(folder: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let mut found = entries(folder)?;
    found.retain(|path| plain(path).ends_with(name) && path.is_file());
    found.dedup_by_key(|path| plain(path)); // they are sorted
    Ok(found)
}

/// Returns the paths in a folder, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs_err::read_dir(folder)?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths = paths.collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Returns the only path, if there is one.
fn only(mut paths: Vec<PathBuf>, folder: &Path) -> Result<Option<PathBuf>> {
    if paths.len() < 2 {
        return Ok(paths.pop());
    }
    let reason = format!(
        "it has several data sets ({}); copy one into a folder of its own",
        list(&paths)
    );
    Err(Error::format(folder.display().to_string(), reason))
}

/// Returns the names of the first few paths.
pub(super) fn list(paths: &[PathBuf]) -> String {
    let names = paths.iter().take(5).map(|path| {
        path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match paths.len() {
        0 => "nothing".to_owned(),
        1..=5 => names,
        more => format!("{names} and {} more", more - 5),
    }
}

/// Returns a message for a folder without a data set, with the names in it.
fn nothing_found(folder: &Path) -> String {
    let there = entries(folder).unwrap_or_default();
    format!(
        "there is no {IMAGES} in it, with or without .gz; it has {}; name the \
         folder that holds the IDX files of the training images",
        list(&there)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: [u8; 17] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7];

    fn error(folder: &Path) -> String {
        from_folder(folder).unwrap_err().to_string()
    }

    #[test]
    fn a_folder_is_read_under_every_name_that_people_have() {
        for name in [
            "train-images-idx3-ubyte",
            "train-images.idx3-ubyte",
            "emnist-letters-train-images-idx3-ubyte",
            "MNIST/raw/train-images-idx3-ubyte",
            "train-images-idx3-ubyte/train-images-idx3-ubyte",
            "Train-Images-idx3-ubyte.gz",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            crate::write_atomic(&path, &IMAGE).unwrap();
            let read = from_folder(folder.path()).unwrap();
            assert_eq!((read.pixels(), read.labels()), (&[7][..], None));

            let labels = name.replace("images", "labels").replace("3-", "1-");
            let labels = labels.replace("Images", "Labels");
            let labels = folder.path().join(labels);
            let bytes = [0, 0, 8, 1, 0, 0, 0, 1, 3];
            crate::write_atomic(&labels, &bytes).unwrap();
            let read = from_folder(folder.path()).unwrap();
            assert_eq!(read.labels(), Some(&[3][..]), "{name}");
        }
    }

    #[test]
    fn the_faults_of_a_folder_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert!(error(path).contains("it has nothing"), "{}", error(path));
        assert!(error(&path.join("nowhere")).contains("no such folder"));
        let test = path.join("t10k-images-idx3-ubyte");
        crate::write_atomic(&test, &IMAGE).unwrap();
        assert!(error(path).contains("it has t10k-images-idx3-ubyte"));
        assert!(error(&test).contains("it is a file"));

        let letters = path.join("emnist-letters-train-images-idx3-ubyte");
        crate::write_atomic(&letters, &IMAGE).unwrap();
        assert_eq!(from_folder(path).unwrap().pixels(), [7]);
        let labels = path.join("emnist-letters-train-labels-idx1-ubyte");
        let two = [0, 0, 8, 1, 0, 0, 0, 2, 3, 4];
        crate::write_atomic(&labels, &two).unwrap();
        assert!(error(path).contains("one for each of the 1 images"));
        let digits = path.join("emnist-digits-train-images-idx3-ubyte");
        crate::write_atomic(&digits, &IMAGE).unwrap();
        assert!(error(path).contains("several data sets"), "{}", error(path));
    }
}
