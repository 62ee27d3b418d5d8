//! Evaluation: are the samples any good?
//!
//! No single number says it. Each measure here answers one question, and is blind
//! to others:
//!
//! | question | measure |
//! | --- | --- |
//! | Is each sample like a real image? | [`Recognizer`], precision |
//! | Do all samples together look like all real images? | [`frechet_distance`] |
//! | Are all kinds of real images among the samples? | recall in [`precision_recall`] |
//! | Are the samples copies of training images? | [`nearest`] |
//! | Is the network right at each timestep, on images it has not seen? | [`noise_error`] |
//! | How many bits does the bound give to such an image? | [`bits_per_dimension`] |
//!
//! The first three compare samples with real images in a space of features: the
//! inner activations of a [`Classifier`] that was trained on the real images. Copies
//! are sought among pixels. A
//! number from other features, other real images or another count of samples cannot
//! be compared with it. A measure of a random sample is an [`Estimate`]: it has a
//! standard error.

mod classifier;
mod estimate;
mod frechet;
mod held_out;
mod likelihood;
mod nearest;
mod precision_recall;
mod recognizer;

pub use classifier::{Classifier, ClassifierConfig};
pub use estimate::Estimate;
pub use frechet::{frechet_distance, gaussian_frechet_distance};
pub use held_out::noise_error;
pub use likelihood::{BitsPerDimension, bits_per_dimension};
pub use nearest::{Neighbour, nearest, nearest_distances};
pub use precision_recall::{PrecisionRecall, precision_recall};
pub use recognizer::{CONFIDENT, Recognizer, Verdict};
