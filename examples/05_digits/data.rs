//! The images to train on.

use crate::args::Args;
use crate::bar::Bar;
use crate::stop::Stop;
use anyhow::{Context, Result, ensure};
use candle_core::Device;
use ddpm::data::{self, ImageShape, Images, PictureFolder};
use ddpm::train::{Dataset, PictureDataset};
use std::path::Path;

/// The images of a run.
pub(crate) struct Data {
    pub(crate) set: Box<dyn Dataset>,
    pub(crate) shape: ImageShape,
    pub(crate) count: usize,
}

/// Opens the data that the command line names, or the embedded digits.
pub(crate) fn open(args: &Args, device: &Device, stop: &Stop) -> Result<Data> {
    let Some(folder) = &args.data else {
        return in_memory(&data::mnist_10k()?, device);
    };
    if data::has_idx_files(folder)? {
        ensure!(
            args.size.is_none(),
            "--size is for folders of PNG and JPEG files; images in IDX files \
             keep their size"
        );
        return in_memory(&data::from_folder(folder)?, device);
    }
    pictures(folder, args.size.map(|size| size as usize), device, stop)
}

fn in_memory(images: &Images, device: &Device) -> Result<Data> {
    let set = Box::new(images.to_tensor(device)?);
    Ok(Data { set, shape: images.shape(), count: images.len() })
}

fn pictures(
    folder: &Path,
    size: Option<usize>,
    device: &Device,
    stop: &Stop,
) -> Result<Data> {
    let mut bar = Bar::new("reading");
    let progress = |done: usize, all: usize| {
        if stop.requests() > 0 {
            note!("stopped while reading; nothing was written");
            std::process::exit(130);
        }
        let share = done as f64 / all as f64;
        bar.update(share, &format!("{done} of {all} pictures"));
    };
    let pictures = PictureFolder::open(folder, size, progress);
    let pictures = pictures.with_context(|| {
        format!(
            "{} has no IDX files of training images (train-images-idx3-ubyte), \
             so it was read as a folder of PNG and JPEG files; --size N makes \
             them squares of N pixels",
            folder.display(),
        )
    })?;
    let (shape, count) = (pictures.shape(), pictures.len());
    let classes = match pictures.classes() {
        [] => String::new(),
        classes => format!(", in {} classes", classes.len()),
    };
    bar.finish(&format!("{count} pictures of {shape}{classes}"));
    let left_out = pictures.left_out();
    if let Some(first) = left_out.first() {
        note!(
            "{} other files are left out, such as {}",
            left_out.len(),
            first.display()
        );
    }
    if !pictures.is_in_memory() {
        note!(
            "the pictures are too large for the memory, and are read from their \
             files in every step"
        );
    }
    let set = Box::new(PictureDataset::new(pictures, device.clone()));
    Ok(Data { set, shape, count })
}
