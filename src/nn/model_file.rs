//! Model files: the weights of a model, and what is needed to build it again.
//!
//! The file is a safetensors file. Parameters have their plain names, so that
//! candle-nn's `VarBuilder` finds them, and their averages have the same names
//! under `ema.`. The metadata is one line of JSON: the version, the kind and sizes
//! of the network, the prediction type, the betas of the schedule, and the shape
//! of a sample. A checkpoint of the trainer is such a file, with more in it.

use super::denoiser::{Denoiser, ModelConfig};
use super::network::NetworkConfig;
use super::tensors::to_bytes;
use crate::file_kind::kind_of;
use crate::math::{PredictionType, Schedule};
use crate::{Error, Result, write_atomic};
use candle_core::{DType, Device, Tensor, safetensors::load_buffer};
use candle_nn::VarBuilder;
use safetensors::{SafeTensors, View};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// The version of the format. Raise it when older files can no longer be read.
const VERSION: u32 = 5;

/// The key of the metadata.
const KEY: &str = "ddpm";

/// The description of a model, and in a checkpoint of its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    version: u32,
    /// The kind of network, and its sizes.
    kind: String,
    network: Value,
    pub(crate) prediction_type: PredictionType,
    pub(crate) sample_shape: Vec<usize>,
    /// `β_1 … β_T`.
    pub(crate) betas: Vec<f64>,
    /// The options of training; in a checkpoint alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) training: Option<Value>,
    /// A checksum of the tensors and of the rest of this header; in a file alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checksum: Option<u32>,
    /// A checksum of the training data; in a checkpoint alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) data_checksum: Option<u32>,
}

impl Header {
    pub(crate) fn new<C: NetworkConfig>(
        config: &ModelConfig<C>,
        sample_shape: &[usize],
    ) -> Result<Self> {
        Ok(Self {
            version: VERSION,
            kind: C::KIND.to_owned(),
            network: to_json(&config.network)?,
            prediction_type: config.prediction_type,
            sample_shape: sample_shape.to_vec(),
            betas: config.schedule.iter().map(|at| at.beta()).collect(),
            training: None,
            checksum: None,
            data_checksum: None,
        })
    }

    /// Writes a file with this header.
    pub(crate) fn write(
        &self,
        path: &Path,
        tensors: &[(String, Tensor)],
    ) -> Result<()> {
        write_atomic(path, &self.to_bytes(tensors)?)
    }

    /// Returns the bytes of a file with this header.
    pub(crate) fn to_bytes(
        &self,
        tensors: &[(String, Tensor)],
    ) -> Result<Vec<u8>> {
        let on_cpu = tensors.iter().map(|(name, tensor)| {
            Ok((name.as_str(), tensor.to_device(&Device::Cpu)?))
        });
        let on_cpu = on_cpu.collect::<Result<Vec<_>>>()?;
        let named: Vec<_> = on_cpu.iter().map(|(name, t)| (*name, t)).collect();
        let checksum = Some(self.checksum_with(named.clone())?);
        let header = to_json(&Self { checksum, ..self.clone() })?;
        let header = header.to_string();
        to_bytes(&named, Some((KEY, &header)))
    }

    /// Returns a checksum of this header, which has none yet, and of named tensors
    /// on the CPU, in the order of their names.
    fn checksum_with(&self, mut tensors: Vec<(&str, &Tensor)>) -> Result<u32> {
        tensors.sort_unstable_by_key(|(name, _)| *name);
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(to_json(self)?.to_string().as_bytes());
        for (name, tensor) in tensors {
            checksum.update(name.as_bytes());
            checksum.update(&View::data(tensor));
        }
        Ok(checksum.finalize())
    }
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value)
        .map_err(|error| Error::format("the header", error.to_string()))
}

/// A file in memory.
pub(crate) struct ModelFile {
    name: String,
    pub(crate) header: Header,
    pub(crate) tensors: HashMap<String, Tensor>,
}

impl ModelFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let name = format!("the model file {}", path.display());
        Self::read(name, &fs_err::read(path)?)
    }

    /// Reads the bytes of a file.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Self::read("the model file".to_owned(), bytes)
    }

    fn read(name: String, bytes: &[u8]) -> Result<Self> {
        let unusable = |reason| Error::format(name.clone(), reason);
        let mut header = read_header(bytes).map_err(unusable)?;
        let tensors = load_buffer(bytes, &Device::Cpu)
            .map_err(|error| unusable(damaged(error)))?;
        // Taken out: it says nothing about the model or the run.
        let wanted = header.checksum.take();
        let named = tensors.iter().map(|(name, t)| (&**name, t)).collect();
        // Random bytes never have the right checksum.
        let compares = !cfg!(fuzzing);
        if compares && wanted != Some(header.checksum_with(named)?) {
            return Err(unusable(damaged("its checksum is wrong")));
        }
        Ok(Self { name, header, tensors })
    }

    /// Says that the file is not usable.
    pub(crate) fn unusable(&self, reason: impl Into<String>) -> Error {
        Error::format(self.name.clone(), reason)
    }
}

fn read_header(bytes: &[u8]) -> Result<Header, String> {
    if let Some(kind) = kind_of(bytes) {
        return Err(format!("it is {kind}"));
    }
    // The length of the header, eight bytes, and the header.
    if bytes.get(8).is_some_and(|&first| first != b'{') {
        let reason = "it is no safetensors file, or it is cut off or damaged";
        return Err(reason.to_owned());
    }
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let header = metadata.metadata().as_ref().and_then(|m| m.get(KEY));
    let header = header.ok_or("it was not written by this library")?;
    // The version first: the rest may have another form.
    let bad = |error: serde_json::Error| format!("bad header: {error}");
    let value: Value = serde_json::from_str(header).map_err(bad)?;
    if value["version"] != VERSION {
        return Err(format!(
            "it has version {}, and this program reads version {VERSION}; use \
             the program that wrote it, or train again",
            value["version"]
        ));
    }
    serde_json::from_value(value).map_err(bad)
}

fn damaged(error: impl std::fmt::Display) -> String {
    format!("it is cut off or damaged ({error}); restore it, or train again")
}

/// The weights of a file to load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// The exponential moving average, which samples best.
    #[default]
    Ema,
    /// The parameters of the last training step.
    Last,
}

/// Loads a model that `Trainer::save_weights` or `Trainer::save` wrote, on
/// `device`. A file that `Trainer::save_ema` wrote has the averaged weights alone,
/// and both choices of `weights` load them. The network computes in `f64` if the
/// weights are `f64`, otherwise in `f32`.
///
/// # Errors
/// If the file cannot be read, is damaged, of another version, or of another
/// kind of network; or if the device fails.
///
/// ```
/// # use candle_core::{DType, Device, Tensor};
/// # use ddpm::math::{PredictionType, Schedule};
/// # use ddpm::nn::{MlpConfig, ModelConfig, Weights, load_model};
/// # use ddpm::train::{TrainConfig, Trainer};
/// # let config = ModelConfig {
/// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
/// #     schedule: Schedule::cosine(50)?,
/// #     prediction_type: PredictionType::Epsilon,
/// # };
/// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
/// # let mut trainer = Trainer::new(config, data, TrainConfig::default())?;
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("weights.safetensors");
/// trainer.save_weights(&path)?;
/// let model = load_model::<MlpConfig>(&path, Weights::Ema, &Device::Cpu)?;
/// let samples = ddpm::sample::sample(&model, 5, &Default::default())?;
/// assert_eq!(samples.dims(), [5, 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn load_model<C: NetworkConfig>(
    path: &Path,
    weights: Weights,
    device: &Device,
) -> Result<Denoiser<C::Network>> {
    build::<C>(ModelFile::open(path)?, weights, device)
}

/// Builds the model of a file whose bytes are in memory, as [`load_model`] does.
///
/// # Errors
/// As [`load_model`].
///
/// ```
/// # use candle_core::{DType, Device, Tensor};
/// # use ddpm::math::{PredictionType, Schedule};
/// # use ddpm::nn::{MlpConfig, ModelConfig, Weights, model_from_bytes};
/// # use ddpm::train::{TrainConfig, Trainer};
/// # let config = ModelConfig {
/// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
/// #     schedule: Schedule::cosine(50)?,
/// #     prediction_type: PredictionType::Epsilon,
/// # };
/// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
/// # let trainer = Trainer::new(config, data, TrainConfig::default())?;
/// let bytes = trainer.to_bytes()?;
/// let cpu = Device::Cpu;
/// let model = model_from_bytes::<MlpConfig>(&bytes, Weights::Ema, &cpu)?;
/// assert_eq!(model.sample_shape, [2]);
///
/// let error = model_from_bytes::<MlpConfig>(b"<html>", Weights::Ema, &cpu);
/// assert!(error.unwrap_err().to_string().contains("a web page"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn model_from_bytes<C: NetworkConfig>(
    bytes: &[u8],
    weights: Weights,
    device: &Device,
) -> Result<Denoiser<C::Network>> {
    build::<C>(ModelFile::from_bytes(bytes)?, weights, device)
}

fn build<C: NetworkConfig>(
    file: ModelFile,
    weights: Weights,
    device: &Device,
) -> Result<Denoiser<C::Network>> {
    let header = &file.header;
    let (found, kind) = (&header.kind, C::KIND);
    if found != kind {
        let kinds = format!("of kind {found}, expected {kind}");
        return Err(file.unusable(format!("its network is {kinds}")));
    }
    let network: C = serde_json::from_value(header.network.clone())
        .map_err(|error| file.unusable(format!("bad sizes: {error}")))?;
    let config = ModelConfig {
        network,
        schedule: Schedule::from_betas(header.betas.clone())?,
        prediction_type: header.prediction_type,
    };
    let has_ema = file.tensors.keys().any(|name| name.starts_with("ema."));
    let is_f64 = file.tensors.values().any(|x| x.dtype() == DType::F64);
    let dtype = if is_f64 { DType::F64 } else { DType::F32 };
    let vb = VarBuilder::from_tensors(file.tensors, dtype, device);
    let vb = match weights {
        Weights::Ema if has_ema => vb.pp("ema"),
        Weights::Ema | Weights::Last => vb,
    };
    config.build(&vb, &header.sample_shape)
}
