//! A set of images in memory, grey or in colour.

use crate::{Error, Result};
use std::fmt;

/// The shape of an image: channels, height and width. It is shown as people say it,
/// width first.
///
/// ```
/// use ddpm::data::ImageShape;
/// let grey: ImageShape = (28, 20).into(); // height and width
/// assert_eq!(grey, ImageShape { channels: 1, height: 28, width: 20 });
/// let colour: ImageShape = (3, 28, 20).into();
/// assert_eq!((colour.values(), colour.to_string().as_str()), (1680, "20x28 in colour"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageShape {
    /// The number of channels: 1 for grey, 3 for colour (red, green, blue).
    pub channels: usize,
    /// The number of rows.
    pub height: usize,
    /// The number of columns.
    pub width: usize,
}

impl ImageShape {
    /// Returns the number of values of an image, `C · H · W`.
    pub fn values(self) -> usize {
        let Self { channels, height, width } = self;
        channels.saturating_mul(height).saturating_mul(width)
    }

    /// Checks that `count` values are a whole number of images.
    pub(crate) fn check(
        self,
        name: &'static str,
        count: usize,
        unit: &str,
    ) -> Result<()> {
        let values = self.values();
        let colours = matches!(self.channels, 1 | 3);
        let expected = "1 for grey or 3 for colour";
        Error::require(colours, "channels", expected, self.channels)?;
        let ok = values > 0 && count.is_multiple_of(values);
        let expected = format_args!("one or more images of {self}");
        Error::require(ok, name, expected, format_args!("{count} {unit}"))
    }
}

impl fmt::Display for ImageShape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let colour = if self.channels == 3 { " in colour" } else { "" };
        write!(f, "{}x{}{colour}", self.width, self.height)
    }
}

impl From<(usize, usize)> for ImageShape {
    /// Returns the shape of a grey image of this height and width.
    fn from((height, width): (usize, usize)) -> Self {
        Self { channels: 1, height, width }
    }
}

impl From<(usize, usize, usize)> for ImageShape {
    /// Returns the shape of an image of these channels, height and width.
    fn from((channels, height, width): (usize, usize, usize)) -> Self {
        Self { channels, height, width }
    }
}

/// Images of one shape, one byte a value, and their labels if known.
///
/// ```
/// use ddpm::data::Images;
/// let images = Images::new((2, 3), vec![7; 12])?.with_labels(vec![1, 4])?;
/// assert_eq!((images.len(), images.is_empty()), (2, false));
/// assert_eq!(images.shape(), (2, 3).into());
/// assert_eq!(images.pixels(), [7; 12]);
/// assert_eq!(images.labels(), Some(&[1, 4][..]));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    shape: ImageShape,
    pixels: Vec<u8>,
    labels: Option<Vec<u32>>,
}

impl Images {
    /// Creates images from their pixels: image after image, the channels of an
    /// image one after the other, row by row. `shape` is `(H, W)` for grey images,
    /// or `(C, H, W)`.
    ///
    /// # Errors
    /// If an image has no pixels or not 1 or 3 channels, or `pixels` is not a
    /// whole number of images.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// assert_eq!(Images::new((2, 3), vec![0; 12])?.len(), 2);
    /// assert_eq!(Images::new((3, 2, 2), vec![0; 12])?.len(), 1);
    /// let error = Images::new((2, 3), vec![0; 13]).unwrap_err().to_string();
    /// assert!(error.contains("images of 3x2, got 13 bytes"), "{error}");
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(shape: impl Into<ImageShape>, pixels: Vec<u8>) -> Result<Self> {
        let shape = shape.into();
        shape.check("pixels", pixels.len(), "bytes")?;
        Ok(Self { shape, pixels, labels: None })
    }

    /// Returns the same images with labels, one for each image.
    ///
    /// # Errors
    /// If there are not as many labels as images.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// let images = Images::new((2, 3), vec![0; 12])?;
    /// let error = images.clone().with_labels(vec![1]).unwrap_err();
    /// assert!(error.to_string().contains("one for each of the 2 images"));
    /// assert!(images.with_labels(vec![1, 4])?.labels().is_some());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn with_labels(mut self, labels: Vec<u32>) -> Result<Self> {
        let expected =
            format_args!("one for each of the {} images", self.len());
        let ok = labels.len() == self.len();
        Error::require(ok, "labels", expected, labels.len())?;
        self.labels = Some(labels);
        Ok(self)
    }

    /// Returns the first `count` images and the others, with their labels.
    ///
    /// # Panics
    /// If there are fewer images.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// let images = Images::new((1, 2), (0..6).collect())?;
    /// let (first, rest) = images.split_at(1);
    /// assert_eq!((first.pixels(), rest.pixels()), (&[0, 1][..], &[2, 3, 4, 5][..]));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn split_at(mut self, count: usize) -> (Self, Self) {
        let pixels = self.pixels.split_off(count * self.shape.values());
        let labels = self.labels.as_mut().map(|all| all.split_off(count));
        let rest = Self { shape: self.shape, pixels, labels };
        (self, rest)
    }

    /// Returns the number of images.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.shape.values()
    }

    /// Returns whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Returns the shape of an image.
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// Returns all pixels, 0 to 255, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Returns the labels, one for each image, if they are known.
    pub fn labels(&self) -> Option<&[u32]> {
        self.labels.as_deref()
    }

    /// Returns all pixels scaled from 0 … 255 to [-1, 1], the range of networks.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// let images = Images::new((1, 2), vec![0, 255])?;
    /// assert_eq!(images.scaled(), [-1.0, 1.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn scaled(&self) -> Vec<f32> {
        let scale = |&pixel: &u8| f32::from(pixel) / 127.5 - 1.0;
        self.pixels.iter().map(scale).collect()
    }

    /// Returns the images as a tensor `(N, C, H, W)` of values in [-1, 1], on
    /// `device`.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use ddpm::data::digits_8x8;
    /// let images = digits_8x8()?.to_tensor(&candle_core::Device::Cpu)?;
    /// assert_eq!(images.dims(), [1797, 1, 8, 8]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[cfg(feature = "nn")]
    pub fn to_tensor(
        &self,
        device: &candle_core::Device,
    ) -> Result<candle_core::Tensor> {
        let ImageShape { channels, height, width } = self.shape;
        let shape = (self.len(), channels, height, width);
        Ok(candle_core::Tensor::from_vec(self.scaled(), shape, device)?)
    }
}
