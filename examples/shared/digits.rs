//! The digits for training and for tests, and a recogniser of them.

use anyhow::{Context, Result};
use candle_core::{Device, Tensor};
use ddpm::data::{Images, mnist_split};
use ddpm::evaluate::{Classifier, ClassifierConfig, Recognizer};

/// Images with their labels.
pub(crate) struct Set {
    pub(crate) images: Tensor, // (N, 1, 28, 28)
    pub(crate) labels: Vec<u32>,
}

/// 9,000 digits to train on, and 1,000 others.
pub(crate) struct Digits {
    pub(crate) train: Set,
    pub(crate) test: Set,
}

impl Digits {
    pub(crate) fn new(device: &Device) -> Result<Self> {
        let set = |images: Images| -> Result<Set> {
            let labels = images.labels().context("the digits have labels")?;
            let labels = labels.to_vec();
            Ok(Set { images: images.to_tensor(device)?, labels })
        };
        let (train, test) = mnist_split()?;
        Ok(Self { train: set(train)?, test: set(test)? })
    }

    /// Trains the classifier; `progress` is called after each epoch.
    pub(crate) fn recognizer(
        &self,
        config: ClassifierConfig,
        progress: impl FnMut(u32),
    ) -> Result<Recognizer> {
        let Set { images, labels } = &self.train;
        let classifier = Classifier::train(images, labels, config, progress)?;
        Ok(Recognizer::new(classifier, images, &self.test.images)?)
    }
}
