//! The digits that come with the crate, and folders of IDX files.

use super::{Images, read_images, read_labels};
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// Returns the first 10,000 training images of MNIST, 28×28, with labels
/// (LeCun, Cortes and Burges; CC BY-SA 3.0).
///
/// # Errors
/// None in practice: the bytes are part of the program.
///
/// ```
/// let digits = ddpm::data::mnist_10k()?;
/// assert_eq!((digits.len(), digits.height(), digits.width()), (10_000, 28, 28));
/// assert_eq!(digits.labels().unwrap()[..5], [5, 0, 4, 1, 9]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn mnist_10k() -> Result<Images> {
    embedded(
        include_bytes!("../../data/mnist/train-10k-images-idx3-ubyte.gz"),
        include_bytes!("../../data/mnist/train-10k-labels-idx1-ubyte.gz"),
    )
}

/// Returns 1,797 digits of 8×8 pixels, scaled from 0 … 16 to 0 … 255, with labels
/// (Alpaydin and Kaynak 1998; CC BY 4.0).
///
/// # Errors
/// None in practice: the bytes are part of the program.
///
/// ```
/// let digits = ddpm::data::digits_8x8()?;
/// assert_eq!((digits.len(), digits.height(), digits.width()), (1797, 8, 8));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn digits_8x8() -> Result<Images> {
    embedded(
        include_bytes!("../../data/digits8x8/images-idx3-ubyte.gz"),
        include_bytes!("../../data/digits8x8/labels-idx1-ubyte.gz"),
    )
}

fn embedded(images: &[u8], labels: &[u8]) -> Result<Images> {
    let images = read_images(images, "the embedded images")?;
    images.with_labels(read_labels(labels, "the embedded labels")?)
}

/// Reads the training part of an IDX data set (MNIST, Fashion-MNIST) in a folder:
/// `train-images-idx3-ubyte`, and `train-labels-idx1-ubyte` if it is there,
/// each with or without `.gz`.
///
/// # Errors
/// If the images are missing, a file cannot be read, or the numbers of images
/// and labels differ.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("train-images-idx3-ubyte");
/// let bytes = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9];
/// ddpm::write_atomic(&path, &bytes)?;
/// let images = ddpm::data::from_folder(folder.path())?;
/// assert_eq!(images.pixels(), [7, 9]);
/// assert_eq!(images.labels(), None); // there is no file of them
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn from_folder(folder: &Path) -> Result<Images> {
    let Some(path) = find(folder, "train-images-idx3-ubyte") else {
        return Err(Error::format(
            folder.display().to_string(),
            "there is no train-images-idx3-ubyte in it, with or without .gz; \
             name the folder that holds the IDX files",
        ));
    };
    let bytes = fs_err::read(&path)?;
    let images = read_images(&bytes, &path.display().to_string())?;
    let Some(path) = find(folder, "train-labels-idx1-ubyte") else {
        return Ok(images);
    };
    let what = path.display().to_string();
    let labels = read_labels(&fs_err::read(&path)?, &what)?;
    images
        .with_labels(labels)
        .map_err(|error| Error::format(what, error.to_string()))
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    [folder.join(name), folder.join(format!("{name}.gz"))]
        .into_iter()
        .find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_digits_are_all_there() {
        for digits in [mnist_10k().unwrap(), digits_8x8().unwrap()] {
            let mut counts = [0; 10];
            let labels = digits.labels().unwrap();
            labels.iter().for_each(|&l| counts[usize::from(l)] += 1);
            let fair = digits.len() / 10;
            assert!(counts.iter().all(|&n| n > fair * 8 / 10));
            assert_eq!(digits.pixels().iter().max(), Some(&255));
            // Mostly background, and never nothing else.
            let images = digits.pixels().chunks(digits.pixels().len() / 100);
            for image in images {
                let ink = image.iter().filter(|&&p| p > 127).count();
                assert!(ink > 0 && ink < image.len() / 2);
            }
        }
    }

    #[test]
    fn a_folder_is_read_and_its_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = from_folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains("no train-images-idx3-ubyte"), "{error}");

        let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7];
        fs::write(folder.path().join("train-images-idx3-ubyte"), images)
            .unwrap();
        let read = from_folder(folder.path()).unwrap();
        assert_eq!((read.pixels(), read.labels()), (&[7][..], None));

        let labels = [0, 0, 8, 1, 0, 0, 0, 2, 3, 4];
        fs::write(folder.path().join("train-labels-idx1-ubyte"), labels)
            .unwrap();
        let error = from_folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains("one for each of the 1 images"), "{error}");
    }
}
