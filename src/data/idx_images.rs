//! Images of an IDX file that stays on the disk.

use super::idx::{
    GZIP, LONGEST_HEADER, NO_IMAGES, check_length, header, header_length,
};
use super::image_source::{IN_MEMORY, check_indices};
use super::stamp::Stamp;
use super::{ImageShape, ImageSource, Images};
use crate::{Error, Result};
use fs_err::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The images of an IDX file that is too large for the memory. They are read from
/// the file when they are needed.
///
/// ```
/// use ddpm::data::{IdxImages, ImageSource};
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("train-images-idx3-ubyte");
/// let bytes = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9, 5, 6];
/// ddpm::write_atomic(&path, &bytes)?;
/// assert!(!IdxImages::are_needed(&path)?); // four pixels fit the memory
/// let images = IdxImages::open(&path, |_, _| ())?;
/// assert_eq!((images.len(), images.shape()), (2, (1, 2).into()));
/// assert_eq!(images.images(&[1, 0])?.pixels(), [5, 6, 7, 9]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct IdxImages {
    path: PathBuf,
    file: Mutex<File>,
    stamp: Stamp,
    count: usize,
    shape: ImageShape,
    checksum: u32,
}

/// The number of bytes before the pixels.
const HEADER: u64 = header_length(3) as u64;

impl IdxImages {
    /// Returns whether a file is too large for the memory: it has more than 1 GiB
    /// and is not compressed. Other files are for
    /// [`from_folder`](super::from_folder).
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn are_needed(path: &Path) -> Result<bool> {
        let mut file = File::open(path)?;
        let mut start = vec![];
        file.by_ref().take(GZIP.len() as u64).read_to_end(&mut start)?;
        Ok(start != GZIP && file.metadata()?.len() > IN_MEMORY)
    }

    /// Opens a file that is not compressed, and reads it once, for its checksum.
    /// `progress` is called with the number of images read so far, and of all.
    ///
    /// # Errors
    /// If the file is not an IDX file of images, is cut off or goes on after them,
    /// or cannot be read.
    pub fn open(
        path: &Path,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Self> {
        let fail = |reason| Error::format(path.display().to_string(), reason);
        // Before the file is read, so that a later change is noticed.
        let stamp = Stamp::of(path);
        let mut file = File::open(path)?;
        let mut start = vec![];
        file.by_ref().take(LONGEST_HEADER).read_to_end(&mut start)?;
        if start.starts_with(&GZIP) {
            return Err(fail("it is compressed with gzip; unpack it".into()));
        }
        let ([count, height, width], announced) =
            header(&start, "images").map_err(fail)?;
        if count == 0 {
            return Err(fail(NO_IMAGES.to_owned()));
        }
        let there = file.metadata()?.len().saturating_sub(HEADER);
        check_length(there, announced).map_err(fail)?;

        file.seek(SeekFrom::Start(HEADER))?;
        let mut checksum = crc32fast::Hasher::new();
        let mut pixels = vec![0; 1 << 20];
        let one = announced / count as u64;
        let mut done = 0;
        while done < announced {
            let read = file.read(&mut pixels)?;
            if read == 0 {
                return Err(fail("it became shorter while it was read".into()));
            }
            checksum.update(&pixels[..read]);
            done += read as u64;
            let images = usize::try_from(done / one).unwrap_or(count);
            progress(images, count);
        }
        Ok(Self {
            path: path.to_owned(),
            file: Mutex::new(file),
            stamp,
            count,
            shape: (height, width).into(),
            checksum: checksum.finalize(),
        })
    }

    /// Reads the pixels of image `i`.
    fn read(file: &mut File, i: u32, pixels: &mut [u8]) -> io::Result<()> {
        let at = HEADER + u64::from(i) * pixels.len() as u64;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(pixels)
    }
}

impl ImageSource for IdxImages {
    fn len(&self) -> usize {
        self.count
    }

    fn shape(&self) -> ImageShape {
        self.shape
    }

    fn checksum(&self) -> u32 {
        self.checksum
    }

    fn images(&self, indices: &[u32]) -> Result<Images> {
        check_indices(indices, self.count)?;
        self.stamp.check(&self.path).map_err(|reason| {
            Error::format(self.path.display().to_string(), reason)
        })?;
        let values = self.shape.values();
        let mut pixels = vec![0; indices.len() * values];
        // A thread that panicked left the file at another place, which is no harm.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        for (image, &i) in pixels.chunks_exact_mut(values).zip(indices) {
            Self::read(&mut file, i, image)?;
        }
        Images::new(self.shape, pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::read_images;

    /// Returns a file of `count` images of 2×3 in a folder, and its bytes.
    fn file(folder: &Path, count: u8) -> (PathBuf, Vec<u8>) {
        let header = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3];
        let mut bytes = header.to_vec();
        bytes.extend((0..6 * count).map(|i| i.wrapping_mul(37)));
        let path = folder.join("train-images-idx3-ubyte");
        crate::write_atomic(&path, &bytes).unwrap();
        (path, bytes)
    }

    fn error(path: &Path) -> String {
        IdxImages::open(path, |_, _| ()).unwrap_err().to_string()
    }

    #[test]
    fn images_are_the_same_from_memory_and_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = file(folder.path(), 5);
        let memory = read_images(&bytes, "it").unwrap();
        let mut last = (0, 0);
        let images = IdxImages::open(&path, |done, all| last = (done, all));
        let images = images.unwrap();
        assert_eq!(last, (5, 5));
        assert_eq!((images.len(), images.shape()), (5, memory.shape()));
        assert_eq!(images.checksum(), crc32fast::hash(memory.pixels()));
        let chosen = images.images(&[4, 0, 4]).unwrap();
        let expected =
            [&bytes[16 + 24..], &bytes[16..22], &bytes[16 + 24..]].concat();
        assert_eq!(chosen.pixels(), expected);
        let error = images.images(&[5]).unwrap_err().to_string();
        assert!(error.contains("below 5"), "{error}");
    }

    #[test]
    fn a_file_that_changes_or_vanishes_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = file(folder.path(), 5);
        let images = IdxImages::open(&path, |_, _| ()).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        let error = images.images(&[0]).unwrap_err().to_string();
        assert!(error.contains("has changed"), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error = images.images(&[0]).unwrap_err().to_string();
        assert!(error.contains("no longer there"), "{error}");
    }

    /// The large file has no blocks on the disk.
    #[test]
    fn large_files_are_for_this_reader() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = file(folder.path(), 5);
        assert!(!IdxImages::are_needed(&path).unwrap());
        let grow = |bytes: &[u8]| {
            crate::write_atomic(&path, bytes).unwrap();
            let file = std::fs::File::options().write(true).open(&path);
            file.unwrap().set_len(IN_MEMORY + 1).unwrap();
        };
        grow(&bytes);
        assert!(IdxImages::are_needed(&path).unwrap());
        grow(&GZIP);
        assert!(!IdxImages::are_needed(&path).unwrap());
    }

    #[test]
    fn damage_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (path, bytes) = file(folder.path(), 5);
        let with = |bytes: &[u8]| {
            crate::write_atomic(&path, bytes).unwrap();
            error(&path)
        };
        assert!(with(&bytes[..bytes.len() - 1]).contains("29 of the 30 bytes"));
        assert!(with(&[&bytes[..], &[0]].concat()).contains("goes on"));
        assert!(with(&GZIP).contains("unpack it"));
        assert!(with(b"<html>").contains("it is a web page"));
        assert!(with(&[0, 0, 8, 3]).contains("within its header"));
        let (path, _) = file(folder.path(), 0);
        assert!(error(&path).contains("no images"));
    }
}
