//! All of a trainer's state in one file.
//!
//! A safetensors file: the parameters, Adam's moments, the averages and the
//! losses as tensors, and as metadata a line of JSON with the version, the
//! step, the settings and a description of the network. It is written whole
//! or not at all.

use super::{Settings, Trainer};
use crate::nn::{Network, write_tensors};
use crate::{Error, Result, read};
use candle_core::{Device, Tensor};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Raised whenever an old checkpoint can no longer be read.
const VERSION: u32 = 2;

/// The metadata key of [`Header`].
const KEY: &str = "ddpm";

/// What a checkpoint says of itself.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Header {
    version: u32,
    step: u32,
    /// The network and the process, as the caller describes them.
    model: String,
    settings: Settings,
}

impl<N: Network> Trainer<N> {
    /// Writes everything that [`load`](Self::load) needs to go on as if
    /// nothing had happened. `model` describes the network, schedule and
    /// data; only a trainer with the same description may load it.
    ///
    /// # Errors
    /// If the file cannot be written; a file that was there is then still
    /// there.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{Prediction, Schedule};
    /// # use ddpm::nn::{Denoiser, Mlp, Parameters};
    /// # use ddpm::train::{Settings, Trainer};
    /// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// # let model = Denoiser {
    /// #     network: Mlp::new(2, 8, 1, &parameters.builder())?,
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction: Prediction::Epsilon,
    /// # };
    /// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// # let settings = Settings { batch: 16, ..Settings::default() };
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("checkpoint.safetensors");
    /// let mut trainer = Trainer::new(model, parameters, data, settings)?;
    /// trainer.next().unwrap()?;
    /// trainer.save(&path, "mlp of width 8")?;
    /// let saved = candle_core::safetensors::load(&path, &Device::Cpu)?;
    /// assert_eq!(saved["losses"].dims(), [1]); // one step
    /// assert_eq!(saved["parameter/out.bias"].dims(), [2]);
    /// assert_eq!(saved["ema/out.bias"].dims(), [2]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn save(&self, path: &Path, model: &str) -> Result<()> {
        let header = Header {
            version: VERSION,
            step: self.steps(),
            model: model.to_owned(),
            settings: self.settings,
        };
        let header = serde_json::to_string(&header)
            .map_err(|error| Error::format("the header", error.to_string()))?;
        let tensors = self.tensors()?;
        let named: Vec<_> =
            tensors.iter().map(|(name, t)| (name.as_str(), t)).collect();
        write_tensors(path, &named, Some((KEY, &header)))
    }

    /// Puts this trainer in the state that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// If the file cannot be read, is cut off or damaged, is of another
    /// version, or of another model or settings; the trainer is then as it
    /// was.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{Prediction, Schedule};
    /// # use ddpm::nn::{Denoiser, Mlp, Parameters};
    /// # use ddpm::train::{Settings, Trainer};
    /// # fn new_trainer() -> ddpm::Result<Trainer<Mlp>> {
    /// #     let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// #     let model = Denoiser {
    /// #         network: Mlp::new(2, 8, 1, &parameters.builder())?,
    /// #         schedule: Schedule::cosine(50)?,
    /// #         prediction: Prediction::Epsilon,
    /// #     };
    /// #     let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// #     let settings = Settings { batch: 16, ..Settings::default() };
    /// #     Trainer::new(model, parameters, data, settings)
    /// # }
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("checkpoint.safetensors");
    /// // Two trainers, made in the same way.
    /// let (mut first, mut second) = (new_trainer()?, new_trainer()?);
    /// first.next().unwrap()?;
    /// first.save(&path, "mlp of width 8")?;
    /// assert!(second.load(&path, "something else").is_err());
    /// second.load(&path, "mlp of width 8")?;
    /// assert_eq!((second.steps(), second.losses()), (1, first.losses()));
    /// assert_eq!(second.next().unwrap()?, first.next().unwrap()?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn load(&mut self, path: &Path, model: &str) -> Result<()> {
        let bytes = read(path)?;
        let header = read_header(&bytes, path)?;
        self.check(&header, model).map_err(|why| unusable(path, why))?;
        let file = SafeTensors::deserialize(&bytes)
            .map_err(|error| unusable(path, cut_off(&error.to_string())))?;

        // Everything is read and checked before anything is changed.
        let tensors = self.tensors()?;
        let (found, expected) = (file.len(), tensors.len());
        if found > expected {
            let reason = format!(
                "it has {found} tensors, this network's has {expected}"
            );
            return Err(unusable(path, reason));
        }
        let mut loaded = BTreeMap::new();
        for (name, expected) in tensors {
            let view = file.tensor(&name).map_err(|_| {
                unusable(path, format!("it has no tensor {name}"))
            })?;
            let is_losses = name == LOSSES;
            let shape_fits = if is_losses {
                view.shape() == [header.step as usize]
            } else {
                view.shape() == expected.dims()
            };
            if !shape_fits || view.dtype() != expected.dtype().into() {
                let (found, shape) = (view.shape(), expected.dims());
                let reason = format!(
                    "{name} has shape {found:?}, this network's has {shape:?}"
                );
                return Err(unusable(path, reason));
            }
            let cpu = Device::Cpu;
            let device =
                if is_losses { &cpu } else { self.parameters.device() };
            let tensor = Tensor::from_raw_buffer(
                view.data(),
                expected.dtype(),
                view.shape(),
                device,
            )?;
            loaded.insert(name, tensor);
        }
        self.restore(&loaded, header.step)
    }

    fn check(&self, header: &Header, model: &str) -> Result<(), String> {
        if header.model != model {
            return Err(format!(
                "it is of another model.\n  checkpoint: {}\n  this run:   \
                 {model}",
                header.model
            ));
        }
        if header.settings != self.settings {
            return Err(format!(
                "it was trained with other settings; use the same, or start \
                 anew in another folder.\n  checkpoint: {:?}\n  this run:   \
                 {:?}",
                header.settings, self.settings
            ));
        }
        Ok(())
    }

    /// Every tensor of the state, by name.
    fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        let mut tensors = vec![];
        let state = self.adam.moments.iter().zip(&self.ema.averages);
        for ((name, var), ((m, v), average)) in
            self.parameters.named().iter().zip(state)
        {
            let [parameter, first, second, ema] = names(name);
            tensors.push((parameter, var.as_tensor().clone()));
            tensors.push((first, m.clone()));
            tensors.push((second, v.clone()));
            tensors.push((ema, average.clone()));
        }
        let losses = self.losses.as_slice();
        // On the CPU always: some devices have no empty tensors.
        let losses = Tensor::from_slice(losses, losses.len(), &Device::Cpu)?;
        tensors.push((LOSSES.to_owned(), losses));
        Ok(tensors)
    }

    fn restore(
        &mut self,
        loaded: &BTreeMap<String, Tensor>,
        step: u32,
    ) -> Result<()> {
        let state = self.adam.moments.iter_mut().zip(&mut self.ema.averages);
        for ((name, var), ((m, v), average)) in
            self.parameters.named().iter().zip(state)
        {
            let [parameter, first, second, ema] = names(name);
            var.set(&loaded[&parameter])?;
            *m = loaded[&first].clone();
            *v = loaded[&second].clone();
            *average = loaded[&ema].clone();
        }
        self.adam.steps = step;
        self.losses = loaded[LOSSES].to_vec1()?;
        Ok(())
    }
}

/// What the tensor of the losses is called.
const LOSSES: &str = "losses";

/// What a parameter, its two moments and its average are called.
fn names(parameter: &str) -> [String; 4] {
    ["parameter", "adam.m", "adam.v", "ema"]
        .map(|kind| format!("{kind}/{parameter}"))
}

fn read_header(bytes: &[u8], path: &Path) -> Result<Header> {
    let (_, metadata) = SafeTensors::read_metadata(bytes)
        .map_err(|error| unusable(path, cut_off(&error.to_string())))?;
    let header = metadata.metadata().as_ref().and_then(|m| m.get(KEY));
    let Some(header) = header else {
        return Err(unusable(path, "it is no checkpoint of this crate"));
    };
    // The version first: the rest may have changed its form.
    let value: serde_json::Value = serde_json::from_str(header)
        .map_err(|error| unusable(path, format!("bad header: {error}")))?;
    let version = value["version"].as_u64();
    if version != Some(u64::from(VERSION)) {
        return Err(unusable(
            path,
            format!(
                "it has version {}, this program reads version {VERSION}; use \
                 the program that wrote it, or start anew",
                version.map_or("unknown".to_owned(), |v| v.to_string())
            ),
        ));
    }
    serde_json::from_value(value)
        .map_err(|error| unusable(path, format!("bad header: {error}")))
}

fn cut_off(error: &str) -> String {
    format!("it is cut off or damaged ({error}); start anew, or restore it")
}

fn unusable(path: &Path, reason: impl Into<String>) -> Error {
    Error::format(format!("the checkpoint {}", path.display()), reason)
}
