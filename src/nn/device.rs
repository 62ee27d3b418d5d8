//! Devices by name.

use crate::{Error, Result};
use candle_core::Device;

/// The device of this name: `cpu`, `cuda` (the first GPU), `cuda:i` or
/// `metal`.
///
/// # Errors
/// If there is no such name, if the crate was built without the feature that
/// the device needs, or if the device does not answer.
///
/// ```
/// assert!(ddpm::nn::device("cpu")?.is_cpu());
/// let error = ddpm::nn::device("abacus").unwrap_err().to_string();
/// assert!(error.contains("cpu, cuda, cuda:0"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn device(name: &str) -> Result<Device> {
    match name {
        "cpu" => Ok(Device::Cpu),
        "metal" => built_with(name, "metal", cfg!(feature = "metal"))
            .and_then(|()| open(name, Device::new_metal(0))),
        _ => {
            let index = cuda_index(name).ok_or_else(|| Error::Device {
                name: name.to_owned(),
                reason: "the known names are cpu, cuda, cuda:0, cuda:1, …, \
                         and metal"
                    .to_owned(),
            })?;
            built_with(name, "cuda", cfg!(feature = "cuda"))
                .and_then(|()| open(name, Device::new_cuda(index)))
        }
    }
}

fn cuda_index(name: &str) -> Option<usize> {
    match name.strip_prefix("cuda")? {
        "" => Some(0),
        rest => rest.strip_prefix(':')?.parse().ok(),
    }
}

fn built_with(name: &str, feature: &str, enabled: bool) -> Result<()> {
    if enabled {
        return Ok(());
    }
    Err(Error::Device {
        name: name.to_owned(),
        reason: format!(
            "this build has no {feature} support; build with `--features \
             {feature}`"
        ),
    })
}

fn open(name: &str, opened: candle_core::Result<Device>) -> Result<Device> {
    opened.map_err(|error| Error::Device {
        name: name.to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        assert_eq!(cuda_index("cuda"), Some(0));
        assert_eq!(cuda_index("cuda:3"), Some(3));
        for name in ["cuda3", "cuda:", "cuda:-1", "gpu", ""] {
            assert_eq!(cuda_index(name), None, "{name}");
            assert!(device(name).is_err());
        }
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn a_missing_feature_is_named() {
        let error = device("cuda:1").unwrap_err().to_string();
        assert!(error.contains("--features cuda"), "{error}");
    }
}
