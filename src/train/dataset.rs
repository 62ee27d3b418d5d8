//! The examples to train on: a tensor in memory, or images in their files.

use crate::data::ImageSource;
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use safetensors::View;
use std::fmt;

/// A set of examples that a [`Trainer`](super::Trainer) draws its batches from.
///
/// A tensor `(N, …)` is one. Implement it for examples that do not fit the memory:
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::train::{Batches, Dataset};
///
/// /// A billion points on the unit circle, computed when they are needed.
/// #[derive(Debug)]
/// struct Circle;
///
/// impl Dataset for Circle {
///     fn len(&self) -> usize {
///         1_000_000_000
///     }
///     fn sample_shape(&self) -> Vec<usize> {
///         vec![2]
///     }
///     fn examples(&self, indices: &[u32]) -> ddpm::Result<Tensor> {
///         let angles = Tensor::new(indices, &Device::Cpu)?.to_dtype(DType::F32)?;
///         Ok(Tensor::stack(&[angles.sin()?, angles.cos()?], 1)?)
///     }
///     fn checksum(&self) -> ddpm::Result<u32> {
///         Ok(0) // there is one circle
///     }
/// }
/// assert_eq!(Circle.examples(&[3, 5])?.dims(), [2, 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[allow(clippy::len_without_is_empty)] // no trainer takes an empty one
pub trait Dataset: fmt::Debug + Send + Sync {
    /// Returns the number of examples.
    fn len(&self) -> usize;

    /// Returns the shape of an example, without the batch.
    fn sample_shape(&self) -> Vec<usize>;

    /// Returns the examples of these indices as a tensor `(B, …)`.
    ///
    /// # Errors
    /// If an example cannot be read, or the device fails.
    fn examples(&self, indices: &[u32]) -> Result<Tensor>;

    /// Returns a number that differs for other data, by which a checkpoint knows
    /// its data.
    ///
    /// # Errors
    /// If the data cannot be read, or the device fails.
    fn checksum(&self) -> Result<u32>;

    /// Returns the type of the examples; `f32` if not implemented.
    fn dtype(&self) -> DType {
        DType::F32
    }

    /// Returns the device of the examples; the CPU if not implemented.
    fn device(&self) -> Device {
        Device::Cpu
    }

    /// Checks that all values are finite, if that is quick.
    ///
    /// # Errors
    /// If a value is infinite or not a number; the message names the example.
    fn check_finite(&self) -> Result<()> {
        Ok(())
    }
}

impl<D: Dataset + ?Sized> Dataset for Box<D> {
    fn len(&self) -> usize {
        (**self).len()
    }

    fn sample_shape(&self) -> Vec<usize> {
        (**self).sample_shape()
    }

    fn examples(&self, indices: &[u32]) -> Result<Tensor> {
        (**self).examples(indices)
    }

    fn checksum(&self) -> Result<u32> {
        (**self).checksum()
    }

    fn dtype(&self) -> DType {
        (**self).dtype()
    }

    fn device(&self) -> Device {
        (**self).device()
    }

    fn check_finite(&self) -> Result<()> {
        (**self).check_finite()
    }
}

impl Dataset for Tensor {
    fn len(&self) -> usize {
        self.dims().first().copied().unwrap_or(0)
    }

    fn sample_shape(&self) -> Vec<usize> {
        self.dims().get(1..).unwrap_or_default().to_vec()
    }

    fn examples(&self, indices: &[u32]) -> Result<Tensor> {
        let indices = Tensor::new(indices, Tensor::device(self))?;
        Ok(self.index_select(&indices, 0)?)
    }

    fn checksum(&self) -> Result<u32> {
        let on_cpu = self.to_device(&Device::Cpu)?;
        Ok(crc32fast::hash(&View::data(&on_cpu)))
    }

    fn dtype(&self) -> DType {
        Tensor::dtype(self)
    }

    fn device(&self) -> Device {
        Tensor::device(self).clone()
    }

    fn check_finite(&self) -> Result<()> {
        // NaN and infinity are the values whose product with 0 is not 0.
        let products = (self * 0.0)?.flatten_all()?;
        if products.sum_all()?.to_dtype(DType::F64)?.to_scalar::<f64>()? == 0.0
        {
            return Ok(());
        }
        let values = products.to_dtype(DType::F32)?.to_vec1::<f32>()?;
        let at = values.iter().position(|&x| x != 0.0).unwrap_or(0);
        let example = at / self.sample_shape().iter().product::<usize>().max(1);
        let value = self.flatten_all()?.get(at)?.to_dtype(DType::F64)?;
        let value = value.to_scalar::<f64>()?;
        let got = format!("{value} in example {example}, counted from 0");
        Err(Error::argument("every value of the data", "finite", got))
    }
}

/// Images that may lie in files, as tensors `(B, C, H, W)` of values in [-1, 1] on
/// a device.
///
/// ```
/// use ddpm::data::{IdxImages, ImageSource};
/// use ddpm::train::{Dataset, ImageDataset};
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("train-images-idx3-ubyte");
/// # let bytes = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9, 5, 6];
/// # ddpm::write_atomic(&path, &bytes)?;
/// let images = IdxImages::open(&path, |_, _| ())?; // two images of 1×2
/// let data = ImageDataset::new(images, candle_core::Device::Cpu);
/// assert_eq!(data.examples(&[0])?.dims(), [1, 1, 1, 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageDataset<S> {
    images: S,
    device: Device,
}

impl<S: ImageSource> ImageDataset<S> {
    /// Creates the data set of these images on `device`.
    pub fn new(images: S, device: Device) -> Self {
        Self { images, device }
    }
}

impl<S: ImageSource> Dataset for ImageDataset<S> {
    fn len(&self) -> usize {
        self.images.len()
    }

    fn sample_shape(&self) -> Vec<usize> {
        let shape = self.images.shape();
        vec![shape.channels, shape.height, shape.width]
    }

    fn examples(&self, indices: &[u32]) -> Result<Tensor> {
        self.images.images(indices)?.to_tensor(&self.device)
    }

    fn checksum(&self) -> Result<u32> {
        Ok(self.images.checksum())
    }

    fn device(&self) -> Device {
        self.device.clone()
    }
}
