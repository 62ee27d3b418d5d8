//! Settings of candle's CUDA devices.

use candle_core::{Device, Result};

/// Opens a CUDA device with one stream, and without events.
///
/// For every tensor, cudarc creates two events, so that one stream can wait for the
/// work of another one. A device from `Device::new_cuda` needs them: it has a stream
/// for each thread. This device has one stream for all threads, and a stream does its
/// work in the order in which it came.
///
/// # Errors
/// If there is no such device, or candle was built without the feature `cuda`.
///
/// ```
/// # #[cfg(not(feature = "cuda"))]
/// assert!(candle_fused::cuda_device(0).is_err()); // in a build without CUDA
/// ```
pub fn cuda_device(ordinal: usize) -> Result<Device> {
    let device = Device::new_cuda_with_stream(ordinal)?;
    #[cfg(feature = "cuda")]
    #[allow(unsafe_code)]
    // SAFETY: All tensors of this device are used on its one stream. candle refuses
    // an operation on tensors of two devices, and a second device of the same GPU,
    // with a stream of its own, counts as another one.
    unsafe {
        device.as_cuda_device()?.disable_event_tracking();
    }
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
