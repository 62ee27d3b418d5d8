//! Images that can be had by their numbers.

use super::{ImageShape, Images};
use crate::{Error, Result};
use std::fmt;

/// Images of one shape, which may lie in files.
///
/// Train on one as [`train::ImageDataset`](crate::train::ImageDataset).
pub trait ImageSource: fmt::Debug + Send + Sync {
    /// Returns the number of images.
    fn len(&self) -> usize;

    /// Returns the shape of every image.
    fn shape(&self) -> ImageShape;

    /// Returns a checksum of all pixels.
    fn checksum(&self) -> u32;

    /// Returns the images of these indices.
    ///
    /// # Errors
    /// If an index is not below [`len`](Self::len), or a file can no longer be
    /// read or has changed.
    fn images(&self, indices: &[u32]) -> Result<Images>;

    /// Returns whether there are no images.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Pixels up to this number of bytes are kept in memory: 1 GiB. Others are read from
/// their files whenever they are needed.
pub(super) const IN_MEMORY: u64 = 1 << 30;

/// Checks that all indices are below `len`.
pub(super) fn check_indices(indices: &[u32], len: usize) -> Result<()> {
    let wrong = indices.iter().find(|&&i| i as usize >= len);
    let expected = format_args!("below {len}");
    let got = wrong.copied().unwrap_or(0);
    Error::require(wrong.is_none(), "index", expected, got)
}
