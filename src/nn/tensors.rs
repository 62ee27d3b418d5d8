//! Named tensors in a file.

use crate::file_kind::kind_of;
use crate::{Error, Result, write_atomic};
use candle_core::{Device, Tensor};
use std::collections::HashMap;
use std::path::Path;

/// Writes tensors to a safetensors file, whole or not at all, sorted by name.
///
/// `note`, a key and a text, becomes the metadata of the file. There is at most
/// one, because safetensors does not order several: the same tensors must give the
/// same bytes.
///
/// # Errors
/// If the file cannot be written.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("samples.safetensors");
/// let samples = Tensor::zeros((2, 1, 28, 28), DType::F32, &Device::Cpu)?;
/// ddpm::nn::write_tensors(&path, &[("samples", &samples)], None)?;
/// let read = candle_core::safetensors::load(&path, &Device::Cpu)?;
/// assert_eq!(read["samples"].dims(), [2, 1, 28, 28]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn write_tensors(
    path: &Path,
    tensors: &[(&str, &Tensor)],
    note: Option<(&str, &str)>,
) -> Result<()> {
    write_atomic(path, &to_bytes(tensors, note)?)
}

/// Returns the bytes of the file that [`write_tensors`] writes.
pub(super) fn to_bytes(
    tensors: &[(&str, &Tensor)],
    note: Option<(&str, &str)>,
) -> Result<Vec<u8>> {
    let mut on_cpu = Vec::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        on_cpu.push((*name, tensor.to_device(&Device::Cpu)?));
    }
    let note = note
        .map(|(key, text)| HashMap::from([(key.to_owned(), text.to_owned())]));
    safetensors::serialize(on_cpu, note)
        .map_err(|error| Error::format("the tensors", error.to_string()))
}

/// Reads all tensors of a safetensors file to the CPU, by their names.
///
/// # Errors
/// If the file cannot be read, is cut off or damaged, or is not a safetensors file.
/// The message names the kind of the file, such as a web page.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{read_tensors, write_tensors};
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("samples.safetensors");
/// let samples = Tensor::zeros((2, 1, 28, 28), DType::F32, &Device::Cpu)?;
/// write_tensors(&path, &[("samples", &samples)], None)?;
/// assert_eq!(read_tensors(&path)?["samples"].dims(), [2, 1, 28, 28]);
///
/// ddpm::write_atomic(&path, b"<!DOCTYPE html>")?;
/// let error = read_tensors(&path).unwrap_err().to_string();
/// assert!(error.contains("no safetensors file, but a web page"), "{error}");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn read_tensors(path: &Path) -> Result<HashMap<String, Tensor>> {
    let bytes = fs_err::read(path)?;
    let fail = |reason| Error::format(path.display().to_string(), reason);
    if let Some(kind) = kind_of(&bytes) {
        return Err(fail(format!("it is no safetensors file, but {kind}")));
    }
    candle_core::safetensors::load_buffer(&bytes, &Device::Cpu).map_err(
        |error| {
            fail(format!(
                "it is no safetensors file, or it is cut off or damaged ({error})"
            ))
        },
    )
}
