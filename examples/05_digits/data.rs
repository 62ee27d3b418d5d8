//! The images to train on.

use crate::args::Args;
use crate::bar::Bar;
use crate::folder;
use crate::stop::Stop;
use anyhow::{Result, bail, ensure};
use candle_core::{DType, Device, Tensor};
use ddpm::data::{self, IdxImages, ImageShape, ImageSource, PictureFolder};
use ddpm::train::{CheckpointInfo, Dataset, ImageDataset};
use std::path::{Path, PathBuf};

/// The images of a run.
pub(crate) struct Data {
    pub(crate) set: Box<dyn Dataset>,
    pub(crate) shape: ImageShape,
    /// The number of images, if they were read.
    pub(crate) count: Option<usize>,
    /// True if `--size` can change the shape.
    pub(crate) can_be_resized: bool,
}

/// The description of an earlier run's data. It is enough to draw samples, but not
/// to train.
#[derive(Debug)]
struct Unread {
    info: CheckpointInfo,
    device: Device,
}

impl Dataset for Unread {
    fn len(&self) -> usize {
        1
    }

    fn sample_shape(&self) -> Vec<usize> {
        self.info.sample_shape.clone()
    }

    fn examples(&self, indices: &[u32]) -> ddpm::Result<Tensor> {
        let shape = [&[indices.len()], &*self.info.sample_shape].concat();
        Ok(Tensor::zeros(shape, DType::F32, &self.device)?)
    }

    fn checksum(&self) -> ddpm::Result<u32> {
        Ok(self.info.data_checksum)
    }

    fn device(&self) -> Device {
        self.device.clone()
    }
}

impl Data {
    /// Describes the data of a run that only draws samples.
    pub(crate) fn unread(
        info: &CheckpointInfo,
        device: &Device,
    ) -> Result<Self> {
        let [channels, height, width] = info.sample_shape[..] else {
            bail!("the checkpoint is no checkpoint of this lesson");
        };
        let (info, device) = (info.clone(), device.clone());
        let set = Box::new(Unread { info, device });
        let shape = (channels, height, width).into();
        Ok(Self { set, shape, count: None, can_be_resized: false })
    }

    /// Opens the data that the command line names, or the embedded digits.
    pub(crate) fn open(
        args: &Args,
        device: &Device,
        stop: &Stop,
    ) -> Result<Self> {
        let Some(folder) = &args.data else {
            return Self::in_memory(&data::mnist_split()?.0, device);
        };
        if let Some(file) = data::idx_file(folder)? {
            ensure!(
                args.size.is_none(),
                "--size is for folders of PNG and JPEG files; images in IDX files \
                 keep their size"
            );
            if IdxImages::are_needed(&file)? {
                return from_idx_file(&file, &args.out, device, stop);
            }
            let images = data::from_folder(folder)?;
            note!(
                "reading: {} images of {}, from {}",
                images.len(),
                images.shape(),
                file.display()
            );
            return Self::in_memory(&images, device);
        }
        pictures(folder, &args.out, args.size, device, stop)
    }

    fn in_memory(images: &data::Images, device: &Device) -> Result<Self> {
        let set = Box::new(images.to_tensor(device)?);
        let (shape, count) = (images.shape(), Some(images.len()));
        Ok(Self { set, shape, count, can_be_resized: false })
    }

    /// Makes the data of images that lie in files.
    fn in_files(
        images: impl ImageSource + 'static,
        device: &Device,
        can_be_resized: bool,
    ) -> Self {
        let (shape, count) = (images.shape(), Some(images.len()));
        let set = Box::new(ImageDataset::new(images, device.clone()));
        Self { set, shape, count, can_be_resized }
    }
}

/// Shows in `bar` how many images are read. Ends the program if it is to stop.
fn reading(
    bar: &mut Bar,
    unit: &str,
    out: &Path,
    stop: &Stop,
) -> impl FnMut(usize, usize) {
    move |done: usize, all: usize| {
        if stop.requests() > 0 {
            note!("stopped while reading; nothing was written");
            folder::release(out);
            std::process::exit(130);
        }
        let share = done as f64 / all as f64;
        bar.update(share, &format!("{done} of {all} {unit}"));
    }
}

fn from_idx_file(
    file: &Path,
    out: &Path,
    device: &Device,
    stop: &Stop,
) -> Result<Data> {
    let mut bar = Bar::new("reading");
    let progress = reading(&mut bar, "images", out, stop);
    let images = IdxImages::open(file, progress)?;
    let (count, shape) = (images.len(), images.shape());
    let file = file.display();
    bar.finish(&format!("{count} images of {shape}, from {file}"));
    note!(
        "the images are too large for the memory, and are read from their file in \
         every step"
    );
    Ok(Data::in_files(images, device, false))
}

fn pictures(
    folder: &Path,
    out: &Path,
    size: Option<usize>,
    device: &Device,
    stop: &Stop,
) -> Result<Data> {
    // Where links lead: a run would learn from its own pictures.
    if let (Ok(folder), Ok(out)) = (folder.canonicalize(), out.canonicalize()) {
        ensure!(
            !out.starts_with(&folder),
            "--out {} lies in --data {}, and the pictures of this run would be \
             read in the next; name another folder",
            out.display(),
            folder.display()
        );
    }
    let mut bar = Bar::new("reading");
    let progress = reading(&mut bar, "pictures", out, stop);
    let pictures = match PictureFolder::open(folder, size, progress) {
        Ok(pictures) => pictures,
        Err(error) => {
            let error = error.to_string();
            let hint = if error.contains("no PNG or JPEG files") {
                ", and no IDX files of training images (train-images-idx3-ubyte)"
            } else if error.contains("different sizes") {
                ": --size N"
            } else {
                ""
            };
            bail!("{error}{hint}")
        }
    };
    let (shape, count) = (pictures.shape(), pictures.len());
    let classes = match pictures.classes() {
        [] => String::new(),
        classes => format!(", in {} classes", classes.len()),
    };
    if classes.is_empty() && has_subfolders(&pictures, folder) {
        note!(
            "there are no classes: some pictures lie outside of the sub-folders"
        );
    }
    let plural = if count == 1 { "" } else { "s" };
    bar.finish(&format!("{count} picture{plural} of {shape}{classes}"));
    // One name of each kind: a.webp, b.gif, Thumbs.db.
    let kind = |path: &&PathBuf| path.extension().map(|e| e.to_owned());
    let mut examples: Vec<_> = pictures.left_out().iter().collect();
    examples.sort_by_key(kind);
    examples.dedup_by_key(|path| kind(path));
    let names = examples.iter().take(5).filter_map(|path| path.file_name());
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    if !names.is_empty() {
        note!(
            "{} in the folder are no PNG or JPEG files by their names, and are left \
             out, such as {}",
            pictures.left_out().len(),
            names.join(", ")
        );
    }
    if !pictures.is_in_memory() {
        note!(
            "the pictures are too large for the memory, and are read from their \
             files in every step"
        );
    }
    Ok(Data::in_files(pictures, device, true))
}

/// Returns whether a picture lies in a sub-folder.
fn has_subfolders(pictures: &PictureFolder, folder: &Path) -> bool {
    let files = pictures.files().iter();
    files.map(|file| file.parent()).any(|parent| parent != Some(folder))
}
