//! Devices by name.

use crate::{Error, Result};
use candle_core::Device;
use candle_fused::cuda_device;

/// Returns the device of this name: `cpu`, `cuda` (the first GPU), `cuda:i` or
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
    let fail = |expected: String| Error::argument("device", expected, name);
    let opened = match (name, cuda_index(name)) {
        ("cpu", _) => Ok(Device::Cpu),
        ("metal", _) if cfg!(feature = "metal") => Device::new_metal(0),
        (_, Some(index)) if cfg!(feature = "cuda") => cuda_device(index),
        ("metal", _) | (_, Some(_)) => {
            let feature = name.split(':').next().unwrap_or(name);
            let build = format!("build with `--features {feature}`");
            return Err(fail(format!("in this build: {build}")));
        }
        _ => return Err(fail("cpu, cuda, cuda:0, cuda:1, … or metal".into())),
    };
    opened.map_err(|error| fail(format!("available ({error})")))
}

fn cuda_index(name: &str) -> Option<usize> {
    match name.strip_prefix("cuda")? {
        "" => Some(0),
        rest => rest.strip_prefix(':')?.parse().ok(),
    }
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
