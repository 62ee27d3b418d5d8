//! All of a trainer's state in one file: a checkpoint.
//!
//! A checkpoint is a [model file](crate::nn::load_model) with more in it: the
//! state of the optimiser, the losses, and in the header the options of the run,
//! the step, and a checksum of the data.

use super::{TrainConfig, Trainer};
use crate::Result;
use crate::nn::{Header, ModelFile, NetworkConfig, to_json};
use candle_core::{Device, Tensor, Var};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// What the header of a checkpoint says about training.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Training {
    step: u32,
    config: TrainConfig,
    data_checksum: u32,
}

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
        let training = Training {
            step: self.steps(),
            config: self.config,
            data_checksum: self.data_checksum,
        };
        let mut header = self.header()?;
        header.training = Some(to_json(&training)?);
        let mut tensors = tensors(self.weights());
        tensors.extend(self::tensors(self.optimizer_state()));
        let losses = self.losses.as_slice();
        // On the CPU: some devices have no empty tensors.
        let losses = Tensor::from_slice(losses, losses.len(), &Device::Cpu)?;
        tensors.push((LOSSES.to_owned(), losses));
        header.write(path, &self.model.schedule, tensors)
    }

    /// Writes the weights alone, without what only training needs: the
    /// parameters by their names, their averages under `ema.`.
    ///
    /// [`load_model`](crate::nn::load_model) reads the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save_weights(&self, path: &Path) -> Result<()> {
        let header = self.header()?;
        header.write(path, &self.model.schedule, tensors(self.weights()))
    }

    /// Restores the state that [`save`](Self::save) wrote. A trainer that had
    /// failed can continue afterwards.
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
        let file = ModelFile::open(path)?;
        let Some(training) = &file.header.training else {
            return Err(file.unusable(
                "it has weights alone; a checkpoint is needed to continue \
                 training",
            ));
        };
        let training: Training = serde_json::from_value(training.clone())
            .map_err(|error| file.unusable(format!("bad header: {error}")))?;
        self.check_header(&file, &training)?;

        // Everything is read and checked before anything is changed.
        let vars: Vec<_> =
            self.weights().chain(self.optimizer_state()).collect();
        let names = file.names();
        let unknown = names.iter().find(|name| {
            *name != LOSSES && vars.iter().all(|(known, _)| known != *name)
        });
        if let Some(name) = unknown {
            let reason = format!("this model has no tensor {name}");
            return Err(file.unusable(reason));
        }
        let mut loaded = vec![];
        for (name, var) in vars {
            let Some(tensor) = file.tensor(&name, var.device())? else {
                return Err(file.unusable(format!("it has no tensor {name}")));
            };
            if tensor.shape() != var.shape() || tensor.dtype() != var.dtype() {
                let (found, here) = (tensor.dims(), var.dims());
                let (found_type, here_type) = (tensor.dtype(), var.dtype());
                return Err(file.unusable(format!(
                    "{name} is {found_type:?} {found:?} in the file, and \
                     {here_type:?} {here:?} here"
                )));
            }
            loaded.push((var.clone(), tensor));
        }
        let losses = file.tensor(LOSSES, &Device::Cpu)?;
        let losses: Vec<f32> = match losses {
            Some(losses) if losses.dims() == [training.step as usize] => {
                losses.to_vec1()?
            }
            _ => return Err(file.unusable("its losses do not fit its step")),
        };

        for (var, tensor) in loaded {
            var.set(&tensor)?;
        }
        self.optimizer.set_steps(training.step);
        self.losses = losses;
        self.failed = false;
        Ok(())
    }

    fn header(&self) -> Result<Header> {
        Header::new(&self.model_config, &self.model.sample_shape)
    }

    fn weights(&self) -> impl Iterator<Item = (String, Var)> {
        let averages = self.ema.state().map(|(name, var)| (name, var.clone()));
        self.parameters.named().into_iter().chain(averages)
    }

    fn optimizer_state(&self) -> impl Iterator<Item = (String, Var)> {
        self.optimizer.state().map(|(name, var)| (name, var.clone()))
    }

    /// Refuses a file of another model, other options or other data.
    fn check_header(
        &self,
        file: &ModelFile,
        training: &Training,
    ) -> Result<()> {
        let header = self.header()?;
        let model = |header: &Header| {
            to_json(&Header { training: None, ..header.clone() })
        };
        let (found, here) = (model(&file.header)?, model(&header)?);
        if let Some(difference) = difference("", &found, &here) {
            let reason = format!("it is of another model: {difference}");
            return Err(file.unusable(reason));
        }
        if file.schedule()? != self.model.schedule {
            let reason = "it was trained with another noise schedule";
            return Err(file.unusable(reason));
        }
        if training.data_checksum != self.data_checksum {
            return Err(file.unusable("it was trained on other data"));
        }
        let (found, here) =
            (to_json(&training.config)?, to_json(&self.config)?);
        match difference("", &found, &here) {
            None => Ok(()),
            Some(difference) => Err(file.unusable(format!(
                "it was trained with other options: {difference}; use the \
                 same, or start a new run"
            ))),
        }
    }
}

fn tensors(vars: impl Iterator<Item = (String, Var)>) -> Vec<(String, Tensor)> {
    vars.map(|(name, var)| (name, var.as_detached_tensor())).collect()
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
