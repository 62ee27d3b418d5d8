//! Checkpoints: the state of a trainer in one file.
//!
//! A checkpoint is a [model file](crate::nn::load_model) with more in it: the
//! state of the optimiser, the loss of every step, and in the header the options
//! of the run and a checksum of the data.

use super::{TrainConfig, Trainer};
use crate::Result;
use crate::math::PredictionType;
use crate::nn::{Header, ModelFile, NetworkConfig, to_json};
use candle_core::{DType, Device, Tensor};
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// The options of training that another run may continue with.
const MAY_DIFFER: [&str; 6] = [
    "batch_size",
    "learning_rate",
    "warmup_steps",
    "decay_from",
    "max_grad_norm",
    "ema_decay",
];

/// The description of a checkpoint: what it takes to continue its run.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckpointInfo {
    /// The options of training.
    pub config: TrainConfig,
    /// The number of steps.
    pub steps: usize,
    /// The quantity that the network predicts.
    pub prediction_type: PredictionType,
    /// The shape of an example.
    pub sample_shape: Vec<usize>,
    /// The [checksum](super::Dataset::checksum) of the data.
    pub data_checksum: u32,
}

/// Reads the description of a checkpoint, to continue with the same options, or to
/// see which differ.
///
/// # Errors
/// If the file cannot be read, is damaged or of another version, or has weights
/// alone.
///
/// ```
/// # use candle_core::{DType, Device, Tensor};
/// # use ddpm::math::{PredictionType, Schedule};
/// # use ddpm::nn::{MlpConfig, ModelConfig};
/// # use ddpm::train::{TrainConfig, Trainer, read_info};
/// # let model = ModelConfig {
/// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
/// #     schedule: Schedule::cosine(50)?,
/// #     prediction_type: PredictionType::Epsilon,
/// # };
/// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("checkpoint.safetensors");
/// let config = TrainConfig { batch_size: 64, ..TrainConfig::default() };
/// Trainer::new(model, data, config)?.save(&path)?;
/// let info = read_info(&path)?;
/// assert_eq!((info.config, info.steps), (config, 0));
/// assert_eq!(info.sample_shape, [2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn read_info(path: &Path) -> Result<CheckpointInfo> {
    info(&ModelFile::open(path)?)
}

/// Returns the description of a checkpoint whose bytes are in memory.
///
/// # Errors
/// As [`read_info`].
pub fn info_from_bytes(bytes: &[u8]) -> Result<CheckpointInfo> {
    info(&ModelFile::from_bytes(bytes)?)
}

fn info(file: &ModelFile) -> Result<CheckpointInfo> {
    let header = &file.header;
    let training = header.training.as_ref().zip(header.data_checksum);
    let Some((training, data_checksum)) = training else {
        return Err(file.unusable(WEIGHTS_ALONE));
    };
    let config = TrainConfig::deserialize(training)
        .map_err(|error| file.unusable(format!("bad header: {error}")))?;
    let steps = file.tensors.get(LOSSES).map_or(0, Tensor::elem_count);
    let sample_shape = header.sample_shape.clone();
    let prediction_type = header.prediction_type;
    Ok(CheckpointInfo {
        config,
        steps,
        prediction_type,
        sample_shape,
        data_checksum,
    })
}

const WEIGHTS_ALONE: &str =
    "it has weights alone; a checkpoint is needed to continue training";

/// The name of the tensor of all losses.
const LOSSES: &str = "losses";

impl<C: NetworkConfig> Trainer<C> {
    /// Writes a checkpoint: everything that [`load`](Self::load) needs to
    /// continue as if the run had not stopped.
    ///
    /// # Errors
    /// If the file cannot be written; an older file of this name is then still
    /// there.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # let model = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// # let config = TrainConfig::default();
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("checkpoint.safetensors");
    /// let mut trainer = Trainer::new(model, data, config)?;
    /// trainer.next().unwrap()?;
    /// trainer.save(&path)?;
    /// let saved = candle_core::safetensors::load(&path, &Device::Cpu)?;
    /// assert_eq!(saved["losses"].dims(), [1]); // one step
    /// assert_eq!(saved["linear_out.bias"].dims(), [2]);
    /// assert_eq!(saved["ema.linear_out.bias"].dims(), [2]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn save(&self, path: &Path) -> Result<()> {
        self.header()?.write(path, &self.contents()?)
    }

    /// Returns the bytes of the checkpoint that [`save`](Self::save) writes, where
    /// there are no files.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # fn new_trainer() -> ddpm::Result<Trainer<MlpConfig>> {
    /// #     let model = ModelConfig {
    /// #         network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #         schedule: Schedule::cosine(50)?,
    /// #         prediction_type: PredictionType::Epsilon,
    /// #     };
    /// #     let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// #     Trainer::new(model, data, TrainConfig::default())
    /// # }
    /// let mut first = new_trainer()?;
    /// first.next().unwrap()?;
    /// let bytes = first.to_bytes()?;
    ///
    /// let mut second = new_trainer()?;
    /// second.load_bytes(&bytes)?;
    /// assert_eq!(second.to_bytes()?, bytes);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.header()?.to_bytes(&self.contents()?)
    }

    /// Returns all tensors of a checkpoint.
    fn contents(&self) -> Result<Vec<(String, Tensor)>> {
        let mut tensors = self.state()?;
        let losses = self.losses.as_slice();
        // On the CPU: some devices have no empty tensors.
        let losses = Tensor::from_slice(losses, losses.len(), &Device::Cpu)?;
        tensors.push((LOSSES.to_owned(), losses));
        Ok(tensors)
    }

    /// Writes the weights alone, without what only training needs: the
    /// parameters by their names, their averages under `ema.`.
    ///
    /// [`load_model`](crate::nn::load_model) reads the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save_weights(&self, path: &Path) -> Result<()> {
        self.model_header()?.write(path, &self.weights()?)
    }

    /// Writes the averaged weights alone, as numbers of a type: `f16` takes half as
    /// much space as `f32`, and rounds each weight by at most one part in 2048.
    ///
    /// [`load_model`](crate::nn::load_model) reads the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig, Weights, load_model};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # let model = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// # let trainer = Trainer::new(model, data, TrainConfig::default())?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("ema.safetensors");
    /// trainer.save_ema(&path, DType::F16)?;
    /// load_model::<MlpConfig>(&path, Weights::Ema, &Device::Cpu)?;
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn save_ema(&self, path: &Path, dtype: DType) -> Result<()> {
        let mut weights = self.ema.tensors()?;
        for (_, tensor) in &mut weights {
            *tensor = tensor.to_dtype(dtype)?;
        }
        self.model_header()?.write(path, &weights)
    }

    /// Restores the state that [`save`](Self::save) wrote. A trainer that had
    /// failed can continue afterwards.
    ///
    /// The batch size, the learning rate with its warm-up and decay, the largest
    /// norm of the gradient, and the decay of the average may differ from those in
    /// the file ([`read_info`] returns them). Training then goes on with the
    /// options of this trainer, and the result is no longer byte-identical to an
    /// uninterrupted run with either options. All other options must be the same.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, is of another version, or of
    /// another model, other options or other data, which are named. The trainer
    /// is then unchanged.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # fn new_trainer(seed: u64) -> ddpm::Result<Trainer<MlpConfig>> {
    /// #     let model = ModelConfig {
    /// #         network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #         schedule: Schedule::cosine(50)?,
    /// #         prediction_type: PredictionType::Epsilon,
    /// #     };
    /// #     let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// #     let config = TrainConfig { seed, ..TrainConfig::default() };
    /// #     Trainer::new(model, data, config)
    /// # }
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("checkpoint.safetensors");
    /// let mut first = new_trainer(0)?;
    /// first.next().unwrap()?;
    /// first.save(&path)?;
    ///
    /// let mut second = new_trainer(0)?;
    /// second.load(&path)?;
    /// assert_eq!((second.steps(), second.losses()), (1, first.losses()));
    /// assert_eq!(second.next().unwrap()?, first.next().unwrap()?);
    ///
    /// let error = new_trainer(7)?.load(&path).unwrap_err().to_string();
    /// assert!(error.contains("seed is 0 in the file, and 7 here"), "{error}");
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn load(&mut self, path: &Path) -> Result<()> {
        self.restore(ModelFile::open(path)?)
    }

    /// Restores the state from the bytes of a checkpoint, as [`load`](Self::load)
    /// does.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.restore(ModelFile::from_bytes(bytes)?)
    }

    fn restore(&mut self, mut file: ModelFile) -> Result<()> {
        self.check_header(&file)?;

        // Everything is read and checked before anything is changed.
        let losses = file.tensors.remove(LOSSES);
        let Some(losses) = losses.and_then(|losses| losses.to_vec1().ok())
        else {
            return Err(file.unusable("it has no list of losses"));
        };
        let mut loaded = vec![];
        for (name, here) in self.state()? {
            let Some(tensor) = file.tensors.remove(&name) else {
                return Err(file.unusable(format!("it has no tensor {name}")));
            };
            let [found, ours] =
                [&tensor, &here].map(|tensor| (tensor.dtype(), tensor.dims()));
            if found != ours {
                let found = format!("{name} is {found:?} in the file");
                let reason = format!("{found}, and {ours:?} here");
                return Err(file.unusable(reason));
            }
            let tensor = tensor.to_device(here.device())?;
            loaded.push((here, tensor));
        }
        if let Some(name) = file.tensors.keys().min() {
            let reason = format!("this model has no tensor {name}");
            return Err(file.unusable(reason));
        }

        for (here, tensor) in loaded {
            // All of it; flat, because a number alone has no dimension 0.
            here.flatten_all()?.slice_set(&tensor.flatten_all()?, 0, 0)?;
        }
        self.optimizer.set_steps(u32::try_from(losses.len()).unwrap_or(0));
        self.losses = losses;
        self.failed = false;
        Ok(())
    }

    fn model_header(&self) -> Result<Header> {
        Header::new(&self.model_config, &self.model.sample_shape)
    }

    pub(super) fn header(&self) -> Result<Header> {
        let mut header = self.model_header()?;
        header.training = Some(to_json(&self.config)?);
        header.data_checksum = Some(self.data_checksum);
        Ok(header)
    }

    /// Returns the weights and the state of the optimiser.
    pub(super) fn state(&self) -> Result<Vec<(String, Tensor)>> {
        Ok([self.weights()?, self.optimizer.state()?].concat())
    }

    fn weights(&self) -> Result<Vec<(String, Tensor)>> {
        let mut weights = self.ema.state()?;
        for (name, var) in self.parameters.named() {
            weights.push((name, var.as_detached_tensor()));
        }
        Ok(weights)
    }

    /// Refuses a file of another model, other options or other data.
    fn check_header(&self, file: &ModelFile) -> Result<()> {
        let (found, here) = (&file.header, &self.header()?);
        let reason = if found.training.is_none() {
            WEIGHTS_ALONE.to_owned()
        } else if found.betas != here.betas {
            "it was trained with another noise schedule".to_owned()
        } else if found.data_checksum != here.data_checksum {
            "it was trained on other data; use the same, or start a new run"
                .to_owned()
        } else {
            let [mut found, mut here] = [to_json(found)?, to_json(here)?];
            for option in MAY_DIFFER {
                found["training"][option] = Value::Null;
                here["training"][option] = Value::Null;
            }
            match difference("", &found, &here) {
                None => return Ok(()),
                Some(it) => format!("{it}; use the same, or start a new run"),
            }
        };
        Err(file.unusable(reason))
    }
}

/// Names the first value in which two JSON values differ.
fn difference(path: &str, found: &Value, here: &Value) -> Option<String> {
    if found == here {
        return None;
    }
    if let (Value::Object(found), Value::Object(here)) = (found, here) {
        let inner = |key: &String| {
            let path = match path {
                "" => key.clone(),
                _ => format!("{path}.{key}"),
            };
            let [found, here] = [found, here]
                .map(|object| object.get(key).unwrap_or(&Value::Null));
            difference(&path, found, here)
        };
        return found.keys().chain(here.keys()).find_map(inner);
    }
    Some(format!("{path} is {found} in the file, and {here} here"))
}
