//! Settings of candle's CUDA devices.

use candle_core::{Device, Result};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Returns a CUDA device with one stream, and without events; for an ordinal always
/// the same device.
///
/// For every tensor, cudarc creates two events, so that one stream can wait for the
/// work of another one. A device from `Device::new_cuda` needs them: it has a stream
/// for each thread. This device has one stream for all threads, and a stream does its
/// work in the order in which it came. So nothing has to wait, as long as no other
/// stream touches its tensors.
///
/// Another stream touches them in one case: `Tensor::to_device` from this device to one
/// that `Device::new_cuda` opened on the same GPU. Call `Device::synchronize` on this
/// device before, or do not mix the two.
///
/// # Errors
/// If there is no such device, or candle was built without the feature `cuda`.
///
/// ```
/// # #[cfg(not(feature = "cuda"))]
/// assert!(candle_fused::cuda_device(0).is_err()); // in a build without CUDA
/// ```
pub fn cuda_device(ordinal: usize) -> Result<Device> {
    static OPEN: Mutex<BTreeMap<usize, Device>> = Mutex::new(BTreeMap::new());
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(device) = open.get(&ordinal) {
        return Ok(device.clone());
    }
    let device = Device::new_cuda_with_stream(ordinal)?;
    #[cfg(feature = "cuda")]
    #[allow(unsafe_code)]
    // SAFETY: All tensors of this device are used on its one stream. candle refuses
    // an operation on tensors of two devices, and here is one device for each GPU.
    // For `to_device` see the documentation above; between GPUs, cudarc waits anyway.
    unsafe {
        device.as_cuda_device()?.disable_event_tracking();
    }
    open.insert(ordinal, device.clone());
    Ok(device)
}

/// Calls `f`, and keeps the shapes and strides that operations copy to a CUDA device:
/// the next time they are there. On other devices it only calls `f`.
///
/// candle keeps every small copy for ever. So `f` must not copy data of its own to the
/// device, unless it copies the same data each time.
///
/// ```
/// use candle_core::Device;
/// let three = candle_fused::with_cached_shapes(&Device::Cpu, || 1 + 2);
/// assert_eq!(three, 3);
/// ```
pub fn with_cached_shapes<T>(device: &Device, f: impl FnOnce() -> T) -> T {
    #[cfg(feature = "cuda")]
    let _guard = match device {
        Device::Cuda(device) => Some(device.enable_cuda_graph_htod_cache()),
        _ => None,
    };
    #[cfg(not(feature = "cuda"))]
    let _ = device;
    f()
}
