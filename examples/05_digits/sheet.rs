//! A picture of the training images.

use crate::args::Args;
use crate::data::Data;
use crate::layout::layout;
use anyhow::Result;
use candle_core::Device;
use ddpm::plot;
use std::path::PathBuf;

/// A picture of some of the images to train on, as the network sees them: resized
/// and cropped.
pub(crate) struct DataSheet(Option<(plot::Picture, PathBuf)>);

impl DataSheet {
    /// Draws the picture, unless the images are the embedded digits.
    pub(crate) fn new(args: &Args, data: &Data) -> Result<Self> {
        let (Some(_), Some(count)) = (&args.data, data.count) else {
            return Ok(Self(None));
        };
        let (columns, scale, shown) = layout(count.min(100), data.shape);
        // Evenly spaced, because files of one class follow each other.
        let chosen: Vec<u32> = (0..shown)
            .map(|i| u32::try_from(i * count / shown))
            .collect::<Result<_, _>>()?;
        let images = data.set.examples(&chosen)?.to_device(&Device::Cpu)?;
        let values = images.flatten_all()?.to_vec1::<f32>()?;
        let picture = plot::grid(&values, data.shape, columns, scale)?;
        Ok(Self(Some((picture, args.out.join("data.png")))))
    }

    /// Writes the picture and prints its name.
    pub(crate) fn save(&self) -> Result<()> {
        if let Self(Some((picture, path))) = self {
            picture.save(path)?;
            note!("some of the images: {}", path.display());
        }
        Ok(())
    }
}
