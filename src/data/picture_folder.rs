//! Folders of PNG and JPEG files.

use super::idx_folder::check_folder;
use super::image_source::{IN_MEMORY, check_indices};
use super::picture_file::{pixels_of, shape_of};
use super::picture_list::PictureList;
use super::stamp::Stamp;
use super::{ImageShape, ImageSource, Images};
use crate::{Error, Result};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A folder of PNG and JPEG files, all of which can be read as images of one
/// shape. If the folder has sub-folders, each sub-folder is a class.
///
/// ```
/// use ddpm::data::{ImageSource, PictureFolder};
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// let picture = ddpm::plot::grid(&[-1.0, 1.0], (1, 2), 1, 8)?; // 16×8
/// picture.save(&folder.join("left/a.png"))?;
/// picture.save(&folder.join("right/b.png"))?;
///
/// let pictures = PictureFolder::open(folder, None, |_, _| ())?;
/// assert_eq!((pictures.len(), pictures.shape()), (2, (8, 16).into()));
/// assert_eq!(pictures.classes(), ["left", "right"]);
/// let images = pictures.images(&[1])?;
/// assert_eq!(images.labels(), Some(&[1][..]));
///
/// // Resized, and the middle cut out.
/// let square = PictureFolder::open(folder, Some(4), |_, _| ())?;
/// assert_eq!(square.shape(), (4, 4).into());
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PictureFolder {
    list: PictureList,
    shape: ImageShape,
    checksum: u32,
    source: Source,
}

/// The place from which images come.
#[derive(Clone, Debug)]
enum Source {
    /// All pixels, if they fit [`IN_MEMORY`].
    Memory(Vec<u8>),
    /// The files, with the stamps that they had when the folder was opened.
    Files(Vec<Stamp>),
}

/// The number of files that are read at a time.
const CHUNK: usize = 64;

impl PictureFolder {
    /// Opens a folder: finds its PNG and JPEG files, and reads each of them, so
    /// that broken files are found now. If one picture or more is in colour, all
    /// images have three channels.
    ///
    /// With `size`, the square in the middle of each picture is cut out and resized
    /// to `size` pixels. Pictures of one size need no `size`.
    /// `progress` is called with the number of files read so far, and of all.
    ///
    /// # Errors
    /// If there are no pictures, some cannot be read, or they differ in size and
    /// `size` is `None`. The message names the files.
    pub fn open(
        folder: &Path,
        size: Option<usize>,
        progress: impl FnMut(usize, usize),
    ) -> Result<Self> {
        Self::open_and_keep(folder, size, IN_MEMORY, progress)
    }

    /// Opens a folder, and keeps the pixels in memory if they are at most `most`
    /// bytes.
    fn open_and_keep(
        folder: &Path,
        size: Option<usize>,
        most: u64,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Self> {
        check_folder(folder)?;
        let ok = size.is_none_or(|size| (1..=1 << 14).contains(&size));
        Error::require(ok, "size", "1 to 16384", size.unwrap_or(0))?;
        let list = PictureList::find(folder)?;
        let all = list.files.len();
        let mut shapes = vec![];
        let headers = read(&list, folder, shape_of, |shape| {
            shapes.push(shape);
            progress(shapes.len() / 10, all); // headers take little time
        });
        if let Err(error) = headers {
            // Whatever is broken elsewhere is named together with the headers.
            let whole = |path: &Path| pixels_of(path, (1, 1).into());
            read(&list, folder, whole, |_| ())?;
            return Err(error);
        }
        let shape = one_shape(&list, folder, &shapes, size)?;

        let bytes = shape.values().saturating_mul(all);
        let keep = bytes as u64 <= most;
        // Before the files are read, so that a later change is noticed.
        let mut source = if keep {
            Source::Memory(vec![])
        } else {
            Source::Files(
                list.files.iter().map(|path| Stamp::of(path)).collect(),
            )
        };
        let mut done = 0;
        let mut checksum = crc32fast::Hasher::new();
        read(
            &list,
            folder,
            |path| pixels_of(path, shape),
            |pixels| {
                checksum.update(&pixels);
                if let Source::Memory(kept) = &mut source {
                    kept.extend(pixels);
                }
                done += 1;
                progress(all / 10 + done * 9 / 10, all);
            },
        )?;
        progress(all, all);
        let checksum = checksum.finalize();
        Ok(Self { list, shape, checksum, source })
    }

    /// Returns the files, in the order of the images.
    pub fn files(&self) -> &[PathBuf] {
        &self.list.files
    }

    /// Returns what lies in the folder and is no picture by its name, or no file.
    pub fn left_out(&self) -> &[PathBuf] {
        &self.list.left_out
    }

    /// Returns the names of the classes, sorted; label `i` is class `i`. There are
    /// none if a picture lies outside of the sub-folders.
    pub fn classes(&self) -> &[String] {
        &self.list.classes
    }

    /// Returns the label of each picture, if there are classes.
    pub fn labels(&self) -> Option<&[u32]> {
        (!self.list.classes.is_empty()).then_some(&self.list.labels)
    }

    /// Returns whether all pixels are in memory; they are up to 1 GiB.
    pub fn is_in_memory(&self) -> bool {
        matches!(self.source, Source::Memory(_))
    }
}

impl ImageSource for PictureFolder {
    fn len(&self) -> usize {
        self.list.files.len()
    }

    fn shape(&self) -> ImageShape {
        self.shape
    }

    fn checksum(&self) -> u32 {
        self.checksum
    }

    /// Returns the images of these indices, with their labels. Images that are
    /// not in memory are read from their files.
    fn images(&self, indices: &[u32]) -> Result<Images> {
        let shape = self.shape;
        check_indices(indices, self.len())?;
        let image = |&i: &u32| {
            let i = i as usize;
            let path = &self.list.files[i];
            let pixels = match &self.source {
                Source::Memory(all) => {
                    let values = shape.values();
                    Ok(all[i * values..(i + 1) * values].to_vec())
                }
                Source::Files(stamps) => {
                    stamps[i].check(path).and_then(|()| pixels_of(path, shape))
                }
            };
            pixels.map_err(|reason| {
                Error::format(path.display().to_string(), reason)
            })
        };
        let pixels = indices.par_iter().map(image);
        let pixels = pixels.collect::<Result<Vec<_>>>()?.concat();
        let images = Images::new(shape, pixels)?;
        match self.labels() {
            Some(labels) => images.with_labels(
                indices.iter().map(|&i| labels[i as usize]).collect(),
            ),
            None => Ok(images),
        }
    }
}

/// Reads all files by `f`, on all threads, and hands the results to `take` in
/// order. An error names the files that cannot be read.
fn read<R: Send>(
    list: &PictureList,
    folder: &Path,
    f: impl Fn(&Path) -> Result<R, String> + Sync,
    mut take: impl FnMut(R),
) -> Result<()> {
    let mut broken = vec![];
    for files in list.files.chunks(CHUNK) {
        let results = files.par_iter().map(|path| f(path));
        let results: Vec<_> = results.collect();
        for (path, result) in files.iter().zip(results) {
            match result {
                Ok(value) => take(value),
                Err(reason) => {
                    let path = path.strip_prefix(folder).unwrap_or(path);
                    broken.push(format!("{}: {reason}", path.display()));
                }
            }
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let count = broken.len();
    broken.truncate(20);
    let more = match count - broken.len() {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    let reason = format!(
        "{count} of its pictures cannot be read; take them out, or mend \
         them:\n  {}{more}",
        broken.join("\n  ")
    );
    Err(Error::format(folder.display().to_string(), reason))
}

/// Returns the shape that all images will have.
fn one_shape(
    list: &PictureList,
    folder: &Path,
    shapes: &[ImageShape],
    size: Option<usize>,
) -> Result<ImageShape> {
    let channels = shapes.iter().map(|s| s.channels).max().unwrap_or(1);
    if let Some(size) = size {
        return Ok(ImageShape { channels, height: size, width: size });
    }
    let sides = |s: &ImageShape| (s.height, s.width);
    let first = shapes[0];
    let other = shapes.iter().position(|s| sides(s) != sides(&first));
    if let Some(other) = other {
        let mut sizes: Vec<_> = shapes.iter().map(sides).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let name = |i: usize| {
            let (path, (h, w)) = (&list.files[i], sides(&shapes[i]));
            let path = path.strip_prefix(folder).unwrap_or(path);
            format!("{} has {w}x{h} pixels", path.display())
        };
        let reason = format!(
            "its pictures have {} different sizes ({}, {}); give a size, and \
             they are resized and cropped to squares",
            sizes.len(),
            name(0),
            name(other)
        );
        return Err(Error::format(folder.display().to_string(), reason));
    }
    Ok(ImageShape { channels, ..first })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat, RgbImage};

    fn open(folder: &Path, size: Option<usize>) -> Result<PictureFolder> {
        PictureFolder::open(folder, size, |_, _| ())
    }

    fn error(folder: &Path) -> String {
        open(folder, None).unwrap_err().to_string()
    }

    /// A picture whose left half is red and whose right half is blue.
    fn two_halves(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, _| {
            image::Rgb(if x < width / 2 { [255, 0, 0] } else { [0, 0, 255] })
        })
        .into()
    }

    fn save(folder: &Path, name: &str, image: &DynamicImage) {
        let mut bytes = std::io::Cursor::new(vec![]);
        let format = ImageFormat::from_path(name).unwrap();
        image.write_to(&mut bytes, format).unwrap();
        crate::write_atomic(&folder.join(name), bytes.get_ref()).unwrap();
    }

    #[test]
    fn subfolders_are_classes_and_channels_come_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        save(folder, "b/1.png", &two_halves(4, 2));
        save(folder, "b/deeper/2.PNG", &two_halves(4, 2));
        save(folder, "a/3.png", &two_halves(4, 2).into_luma8().into());
        crate::write_atomic(&folder.join("a/notes.txt"), b"").unwrap();
        crate::write_atomic(&folder.join("a/.4.png"), b"").unwrap();
        crate::write_atomic(&folder.join("@eaDir/5.png"), b"").unwrap();
        let pictures = open(folder, None).unwrap();
        assert_eq!(pictures.classes(), ["a", "b"]);
        assert_eq!(pictures.labels(), Some(&[0, 1, 1][..]));
        assert_eq!(pictures.left_out(), [folder.join("a/notes.txt")]);
        // One picture in colour, and all have three channels.
        assert_eq!(pictures.shape(), (3, 2, 4).into());
        let images = pictures.images(&[1]).unwrap();
        let (red, blue) = ([255, 255, 0, 0], [0, 0, 255, 255]);
        let expected = [red, red, [0; 4], [0; 4], blue, blue].concat();
        assert_eq!(images.pixels(), expected);
        assert!(pictures.images(&[3]).is_err());

        save(folder, "outside.png", &two_halves(4, 2));
        let pictures = open(folder, None).unwrap();
        assert_eq!((pictures.len(), pictures.labels()), (4, None));
    }

    /// Files are read again when the pixels do not fit the memory; the images are
    /// the same.
    #[test]
    fn pictures_are_the_same_from_memory_and_from_files() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for (name, width) in [("1.png", 8), ("2.png", 12), ("3.jpg", 20)] {
            save(folder, name, &two_halves(width, 10));
        }
        let read = |most| {
            PictureFolder::open_and_keep(folder, Some(4), most, |_, _| ())
                .unwrap()
        };
        let (files, memory) = (read(3 * 48 - 1), read(3 * 48));
        assert!(memory.is_in_memory() && !files.is_in_memory());
        assert_eq!(files.checksum(), memory.checksum());
        let chosen = [2, 0, 2];
        let images = files.images(&chosen).unwrap();
        assert_eq!(images, memory.images(&chosen).unwrap());
        assert_eq!(images.len(), 3);

        let other = std::fs::read(folder.join("1.png")).unwrap();
        std::fs::write(folder.join("3.jpg"), other).unwrap();
        let error = files.images(&chosen).unwrap_err().to_string();
        assert!(error.contains("3.jpg is not usable: the file has changed"));
        std::fs::remove_file(folder.join("3.jpg")).unwrap();
        let error = files.images(&chosen).unwrap_err().to_string();
        assert!(error.contains("no longer there"), "{error}");
        assert_eq!(memory.images(&chosen).unwrap(), images);
    }

    /// To resize the whole picture first would take 8 GB.
    #[test]
    fn the_middle_of_a_long_picture_is_cut_out_before_it_is_resized() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        save(folder, "long.png", &two_halves(30_000, 1));
        let image = open(folder, Some(300)).unwrap().images(&[0]).unwrap();
        assert_eq!(image.shape(), (3, 300, 300).into());
        let tall =
            two_halves(4, 4).resize_exact(4, 20, image::imageops::Nearest);
        save(folder, "tall.png", &tall);
        let images = open(folder, Some(4)).unwrap().images(&[1]).unwrap();
        let red = &images.pixels()[..16];
        assert_eq!(red, [255, 255, 0, 0].repeat(4));
    }

    #[test]
    fn mixed_sizes_and_broken_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert!(error(folder).contains("no PNG or JPEG files; it has nothing"));
        save(folder, "a.png", &two_halves(8, 4));
        save(folder, "b.jpg", &two_halves(4, 8));
        let mixed = error(folder);
        assert!(mixed.contains("a.png has 8x4 pixels"), "{mixed}");
        assert!(mixed.contains("b.jpg has 4x8 pixels"), "{mixed}");
        assert_eq!(open(folder, Some(4)).unwrap().len(), 2);

        let whole = std::fs::read(folder.join("b.jpg")).unwrap();
        let cut = &whole[..whole.len() - 9];
        crate::write_atomic(&folder.join("cut.jpg"), cut).unwrap();
        let png = std::fs::read(folder.join("a.png")).unwrap();
        let cut = &png[..png.len() - 20];
        crate::write_atomic(&folder.join("cut.png"), cut).unwrap();
        crate::write_atomic(&folder.join("page.png"), b"<html>").unwrap();
        crate::write_atomic(&folder.join("film.jpg"), b"GIF89a").unwrap();
        let broken = error(folder);
        for expected in [
            "4 of its pictures",
            "cut.jpg: it is cut off",
            "cut.png: it is cut off",
            "page.png: it is a web page",
            "film.jpg: it is a GIF picture",
        ] {
            assert!(broken.contains(expected), "{expected}: {broken}");
        }
    }

    /// A phone appends a film to a photo, and puts a preview before it.
    #[test]
    fn the_end_of_a_photo_is_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        save(folder, "plain.jpg", &two_halves(8, 8));
        let plain = std::fs::read(folder.join("plain.jpg")).unwrap();
        let film = b"ftyp \xff\xda of another kind";
        let preview = [&[0xff, 0xe1, 0, 6], &[0xff, 0xda, 0xff, 0xd9][..]];
        let [start, rest] = [&plain[..2], &plain[2..]];
        let photo = [start, &preview.concat(), rest, film].concat();
        crate::write_atomic(&folder.join("photo.jpg"), &photo).unwrap();
        let both = open(folder, None).unwrap();
        let [a, b] = [0, 1].map(|i| both.images(&[i]).unwrap());
        assert_eq!(a.pixels(), b.pixels());

        let cut = &photo[..photo.len() - film.len() - 9];
        crate::write_atomic(&folder.join("photo.jpg"), cut).unwrap();
        assert!(error(folder).contains("photo.jpg: it is cut off"));
    }

    /// A camera that was turned says so in the file.
    #[test]
    fn turned_photos_stand_upright_and_transparent_parts_are_white() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let mut bytes = std::io::Cursor::new(vec![]);
        let format = ImageFormat::Jpeg;
        two_halves(16, 8).write_to(&mut bytes, format).unwrap();
        // EXIF with one entry: orientation (0x112), a short, 6: turn right.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\
                     \x06\0\0\0\0\0\0\0";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let jpeg = bytes.into_inner();
        let turned =
            [&jpeg[..2], &[0xff, 0xe1], &length, exif, &jpeg[2..]].concat();
        crate::write_atomic(&folder.join("a/turned.jpg"), &turned).unwrap();
        let turned = open(&folder.join("a"), None).unwrap();
        assert_eq!(turned.shape(), (3, 16, 8).into());
        let pixels = turned.images(&[0]).unwrap();
        let red = &pixels.pixels()[..16 * 8]; // above, where left was
        assert!(red[..32].iter().all(|&x| x > 200), "{red:?}");
        assert!(red[96..].iter().all(|&x| x < 60), "{red:?}");

        let clear = image::GrayAlphaImage::from_fn(2, 1, |x, _| {
            image::LumaA([0, if x == 0 { 0 } else { 255 }])
        });
        save(folder, "b/clear.png", &clear.into());
        let clear = open(&folder.join("b"), None).unwrap();
        assert_eq!(clear.shape(), (1, 2).into());
        assert_eq!(clear.images(&[0]).unwrap().pixels(), [255, 0]);
    }
}
