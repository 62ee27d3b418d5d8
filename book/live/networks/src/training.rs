//! A training run of a page.

use crate::recipe::Recipe;
use crate::spiral;
use crate::theme::drawing;
use anyhow::bail;
use candle_core::Device;
use ddpm::math::PredictionType;
use ddpm::math::posterior::ReverseVariance;
use ddpm::nn::NetworkConfig;
use ddpm::plot;
use ddpm::sample::{Method, SampleOptions, sample};
use ddpm::train::{
    CheckpointInfo, StepReport, TrainConfig, Trainer, info_from_bytes,
};
use ddpm::{Result, data};

/// Steps of the sampler, evenly spaced over the timesteps of training.
const SAMPLE_STEPS: usize = 50;

/// What a page trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// Lesson 4: points of a spiral.
    Spiral,
    /// Lesson 5 with `--recipe paper`, on digits of 8x8 pixels.
    Paper,
    /// Lesson 5 with `--recipe fast`, on digits of 8x8 pixels.
    Fast,
}

impl Lesson {
    /// Returns the lesson of this name, if there is one: `spiral`, `paper` or `fast`.
    ///
    /// ```
    /// use networks::Lesson;
    /// assert_eq!(Lesson::from_name("spiral"), Some(Lesson::Spiral));
    /// assert_eq!(Lesson::from_name("cats"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Spiral, Self::Paper, Self::Fast];
        all.into_iter().find(|lesson| lesson.name() == name)
    }

    /// Returns the name of the lesson.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spiral => "spiral",
            Self::Paper => "paper",
            Self::Fast => "fast",
        }
    }

    /// Returns the lesson of a checkpoint, if it is one of these.
    fn of(info: &CheckpointInfo) -> Option<Self> {
        match (&*info.sample_shape, info.prediction_type) {
            ([2], _) => Some(Self::Spiral),
            ([1, 8, 8], PredictionType::Epsilon) => Some(Self::Paper),
            ([1, 8, 8], _) => Some(Self::Fast),
            _ => None,
        }
    }

    fn run(self, seed: u64) -> Result<Box<dyn Run>> {
        let cpu = Device::Cpu;
        let recipe = match self {
            Self::Spiral => {
                let points = spiral::points(seed, &cpu)?;
                let model = spiral::model(spiral::TIMESTEPS)?;
                let config = spiral::config(seed);
                return Ok(Box::new(Trainer::new(model, points, config)?));
            }
            Self::Paper => Recipe::PAPER,
            Self::Fast => Recipe::FAST,
        };
        let digits = data::digits_8x8()?;
        let model = recipe.model(digits.shape())?;
        let config = TrainConfig { seed, ..recipe.config() };
        let digits = digits.to_tensor(&cpu)?;
        Ok(Box::new(Trainer::new(model, digits, config)?))
    }
}

/// A training run.
///
/// ```
/// use networks::{Lesson, Training};
/// let mut training = Training::new(Lesson::Spiral, 0)?;
/// let report = training.step().unwrap()?;
/// assert_eq!((report.step, training.losses().len()), (1, 1));
/// assert_eq!(training.samples(5, 1)?.len(), 10); // five points of the plane
/// # Ok::<(), ddpm::Error>(())
/// ```
#[allow(missing_debug_implementations)] // it holds a network
pub struct Training {
    lesson: Lesson,
    seed: u64,
    run: Box<dyn Run>,
}

impl Training {
    /// Starts a run.
    ///
    /// # Errors
    /// None in practice: the data are part of the program.
    pub fn new(lesson: Lesson, seed: u64) -> Result<Self> {
        Ok(Self { lesson, seed, run: lesson.run(seed)? })
    }

    /// Continues a run from its checkpoint.
    ///
    /// # Errors
    /// If the file is damaged, or is no checkpoint of a lesson.
    ///
    /// ```
    /// use networks::{Lesson, Training};
    /// let mut first = Training::new(Lesson::Spiral, 7)?;
    /// first.step().unwrap()?;
    /// let mut second = Training::from_checkpoint(&first.checkpoint()?)?;
    /// assert_eq!(second.lesson(), Lesson::Spiral);
    /// assert_eq!(second.step().unwrap()?, first.step().unwrap()?);
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    pub fn from_checkpoint(bytes: &[u8]) -> anyhow::Result<Self> {
        let info = info_from_bytes(bytes)?;
        let Some(lesson) = Lesson::of(&info) else {
            let shape = info.sample_shape;
            bail!(
                "it is a checkpoint of data of shape {shape:?}; pages train on \
                 points of the plane, and on digits of 8x8 pixels"
            );
        };
        let mut training = Self::new(lesson, info.config.seed)?;
        training.run.load(bytes)?;
        Ok(training)
    }

    /// Returns the lesson of the run.
    pub fn lesson(&self) -> Lesson {
        self.lesson
    }

    /// Takes a training step; none after an error.
    ///
    /// # Errors
    /// If the loss is not finite.
    pub fn step(&mut self) -> Option<Result<StepReport>> {
        self.run.step()
    }

    /// Returns the loss of every step so far.
    pub fn losses(&self) -> &[f32] {
        self.run.losses()
    }

    /// Returns the seed of the run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Draws `count` samples with the averaged weights by 50 steps of Algorithm 2,
    /// and returns their values, one sample after another.
    ///
    /// # Errors
    /// If `count` is 0.
    pub fn samples(&self, count: usize, seed: u64) -> Result<Vec<f32>> {
        self.run.samples(
            count,
            &SampleOptions {
                method: Method::Ancestral(ReverseVariance::BetaTilde),
                steps: Some(SAMPLE_STEPS),
                // Points may lie outside of [-1, 1].
                clip_sample: self.lesson != Lesson::Spiral,
                seed,
                first_index: 0,
            },
        )
    }

    /// Returns the curve of the losses as a drawing for a page.
    ///
    /// # Errors
    /// If there was no step.
    pub fn loss_figure(&self) -> anyhow::Result<String> {
        drawing(plot::loss(self.losses())?.svg())
    }

    /// Returns the checkpoint of the run, a safetensors file.
    ///
    /// # Errors
    /// None in practice.
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        self.run.checkpoint()
    }
}

/// A trainer of any network.
trait Run {
    fn step(&mut self) -> Option<Result<StepReport>>;
    fn losses(&self) -> &[f32];
    fn samples(
        &self,
        count: usize,
        options: &SampleOptions,
    ) -> Result<Vec<f32>>;
    fn checkpoint(&self) -> Result<Vec<u8>>;
    fn load(&mut self, checkpoint: &[u8]) -> Result<()>;
}

impl<C: NetworkConfig> Run for Trainer<C> {
    fn step(&mut self) -> Option<Result<StepReport>> {
        self.next()
    }

    fn losses(&self) -> &[f32] {
        Trainer::losses(self)
    }

    fn samples(
        &self,
        count: usize,
        options: &SampleOptions,
    ) -> Result<Vec<f32>> {
        let samples = sample(&self.ema_model()?, count, options)?;
        Ok(samples.flatten_all()?.to_vec1()?)
    }

    fn checkpoint(&self) -> Result<Vec<u8>> {
        self.to_bytes()
    }

    fn load(&mut self, checkpoint: &[u8]) -> Result<()> {
        self.load_bytes(checkpoint)
    }
}
