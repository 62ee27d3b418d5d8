//! A set of grey images in memory.

use crate::{Error, Result};

/// Grey images of one size, one byte a pixel, and their labels if known.
///
/// ```
/// use ddpm::data::Images;
/// let images = Images::new(2, 3, vec![7; 12])?.with_labels(vec![1, 4])?;
/// assert_eq!((images.len(), images.is_empty()), (2, false));
/// assert_eq!((images.height(), images.width()), (2, 3));
/// assert_eq!(images.pixels(), [7; 12]);
/// assert_eq!(images.labels(), Some(&[1, 4][..]));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    height: usize,
    width: usize,
    pixels: Vec<u8>,
    labels: Option<Vec<u8>>,
}

impl Images {
    /// Creates images from their pixels, row by row, image after image.
    ///
    /// # Errors
    /// If an image has no pixels, or `pixels` is not a whole number of images.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// let images = Images::new(2, 3, vec![0; 12])?;
    /// assert_eq!((images.len(), images.height(), images.width()), (2, 2, 3));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(height: usize, width: usize, pixels: Vec<u8>) -> Result<Self> {
        let size = height.checked_mul(width).unwrap_or(0);
        Error::require(
            size > 0 && pixels.len().is_multiple_of(size),
            "pixels",
            format_args!("one or more images of {height}x{width}"),
            format_args!("{} bytes", pixels.len()),
        )?;
        Ok(Self { height, width, pixels, labels: None })
    }

    /// Returns the same images with labels, one for each image.
    ///
    /// # Errors
    /// If there are not as many labels as images.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// let images = Images::new(2, 3, vec![0; 12])?;
    /// let error = images.clone().with_labels(vec![1]).unwrap_err();
    /// assert!(error.to_string().contains("one for each of the 2 images"));
    /// assert!(images.with_labels(vec![1, 4])?.labels().is_some());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn with_labels(mut self, labels: Vec<u8>) -> Result<Self> {
        let expected =
            format_args!("one for each of the {} images", self.len());
        let ok = labels.len() == self.len();
        Error::require(ok, "labels", expected, labels.len())?;
        self.labels = Some(labels);
        Ok(self)
    }

    /// Returns the number of images.
    pub fn len(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }

    /// Returns whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Returns the number of rows of an image.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Returns the number of columns of an image.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns all pixels, 0 to 255, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Returns the labels, one for each image, if they are known.
    pub fn labels(&self) -> Option<&[u8]> {
        self.labels.as_deref()
    }

    /// Returns all pixels scaled from 0 … 255 to [-1, 1], the range of networks.
    ///
    /// ```
    /// use ddpm::data::Images;
    /// let images = Images::new(1, 2, vec![0, 255])?;
    /// assert_eq!(images.scaled(), [-1.0, 1.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn scaled(&self) -> Vec<f32> {
        let scale = |&pixel: &u8| f32::from(pixel) / 127.5 - 1.0;
        self.pixels.iter().map(scale).collect()
    }
}
