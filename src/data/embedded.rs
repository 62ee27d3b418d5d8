//! The digits that come with the crate.

use super::{Images, read_images, read_labels};
use crate::Result;

/// Returns the first 10,000 training images of MNIST, 28×28, with labels
/// (LeCun, Cortes and Burges; CC BY-SA 3.0).
///
/// # Errors
/// None in practice: the bytes are part of the program.
///
/// ```
/// let digits = ddpm::data::mnist_10k()?;
/// assert_eq!((digits.len(), digits.shape()), (10_000, (28, 28).into()));
/// assert_eq!(digits.labels().unwrap()[..5], [5, 0, 4, 1, 9]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn mnist_10k() -> Result<Images> {
    embedded(
        include_bytes!("../../data/mnist/train-10k-images-idx3-ubyte.gz"),
        include_bytes!("../../data/mnist/train-10k-labels-idx1-ubyte.gz"),
    )
}

/// Returns the digits of [`mnist_10k`] as 9,000 digits for training and 1,000 test
/// digits, which training must not see.
///
/// # Errors
/// None in practice: the bytes are part of the program.
///
/// ```
/// let (train, test) = ddpm::data::mnist_split()?;
/// assert_eq!((train.len(), test.len()), (9_000, 1_000));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn mnist_split() -> Result<(Images, Images)> {
    Ok(mnist_10k()?.split_at(9_000))
}

/// Returns 1,797 digits of 8×8 pixels, scaled from 0 … 16 to 0 … 255, with labels
/// (Alpaydin and Kaynak 1998; CC BY 4.0).
///
/// # Errors
/// None in practice: the bytes are part of the program.
///
/// ```
/// let digits = ddpm::data::digits_8x8()?;
/// assert_eq!((digits.len(), digits.shape()), (1797, (8, 8).into()));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn digits_8x8() -> Result<Images> {
    embedded(
        include_bytes!("../../data/digits8x8/train-images-idx3-ubyte.gz"),
        include_bytes!("../../data/digits8x8/train-labels-idx1-ubyte.gz"),
    )
}

fn embedded(images: &[u8], labels: &[u8]) -> Result<Images> {
    let images = read_images(images, "the embedded images")?;
    images.with_labels(read_labels(labels, "the embedded labels")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_all_there() {
        for digits in [mnist_10k().unwrap(), digits_8x8().unwrap()] {
            let mut counts = [0; 10];
            let labels = digits.labels().unwrap();
            labels.iter().for_each(|&l| counts[l as usize] += 1);
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
}
