//! The interface of a network for training and sampling.

use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A network of the reverse process: it predicts `ε`, `x_0` or `v` from `x_t`.
///
/// Implement it for a network of your own, or for a function that is known in
/// closed form. Training and sampling call it from several threads at once.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::nn::Network;
///
/// /// Predicts zero.
/// struct Zero;
///
/// impl Network for Zero {
///     fn forward(&self, x_t: &Tensor, _t: &Tensor) -> ddpm::Result<Tensor> {
///         Ok(x_t.zeros_like()?)
///     }
/// }
///
/// let x_t = Tensor::new(&[[0.3_f64, -0.8]], &Device::Cpu)?;
/// let t = Tensor::new(&[500.0], &Device::Cpu)?;
/// let epsilon = Zero.forward(&x_t, &t)?;
/// assert_eq!(epsilon.to_vec2::<f64>()?, [[0.0, 0.0]]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub trait Network: Sync {
    /// Returns the prediction for each example, in the shape of `x_t`.
    ///
    /// `x_t` is `(B, …)`. `t` is `(B)`, the paper's timesteps `1 … T`, and has
    /// the type of `x_t`.
    ///
    /// A trainer calls this within [`value_and_grad`](candle_fused::value_and_grad),
    /// and on a CUDA device within
    /// [`with_cached_shapes`](candle_fused::with_cached_shapes). So it must compute
    /// no gradients itself, and copy no data to the device that differ from call to
    /// call.
    ///
    /// # Errors
    /// If a shape is wrong or the device fails.
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor>;

    /// Returns the prediction for sampling, without a gradient.
    ///
    /// # Errors
    /// As [`forward`](Self::forward).
    fn infer(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        Ok(self.forward(x_t, t)?.detach())
    }

    /// Returns the device of the parameters, on which samples are drawn; the
    /// CPU if not implemented.
    fn device(&self) -> Device {
        Device::Cpu
    }

    /// Returns the type of the parameters and of samples; `f32` if not
    /// implemented.
    fn dtype(&self) -> DType {
        DType::F32
    }
}

/// The sizes of a network. A trainer copies its network, and a file is loaded, by
/// building a network of these sizes.
///
/// [`UNetConfig`](super::UNetConfig) and [`MlpConfig`](super::MlpConfig)
/// implement it. To train a network of your own, implement it for its sizes:
///
/// ```
/// use candle_core::Tensor;
/// use candle_nn::VarBuilder;
/// use ddpm::nn::{Network, NetworkConfig};
/// use serde::{Deserialize, Serialize};
///
/// /// Predicts the same point for every input.
/// struct Constant {
///     point: Tensor, // (dim)
/// }
///
/// impl Network for Constant {
///     fn forward(&self, x_t: &Tensor, _t: &Tensor) -> ddpm::Result<Tensor> {
///         Ok(x_t.zeros_like()?.broadcast_add(&self.point)?)
///     }
/// }
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// struct ConstantConfig {
///     dim: usize,
/// }
///
/// impl NetworkConfig for ConstantConfig {
///     const KIND: &'static str = "constant";
///     type Network = Constant;
///
///     fn build(&self, vb: &VarBuilder) -> ddpm::Result<Constant> {
///         Ok(Constant { point: vb.get(self.dim, "point")? })
///     }
/// }
/// ```
pub trait NetworkConfig:
    Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned
{
    /// The name of this kind of network in files.
    const KIND: &'static str;

    /// The network.
    type Network: Network;

    /// Builds the network with parameters from `vb`.
    ///
    /// # Errors
    /// If a size is out of range, or `vb` lacks a parameter.
    fn build(&self, vb: &VarBuilder) -> Result<Self::Network>;
}

/// Checks that `x_t` is a batch of `shape`, in which `None` is any size, that `t`
/// is one timestep for each example, and that both have the type of the network.
pub(super) fn check_input(
    x_t: &Tensor,
    shape: &[Option<usize>],
    t: &Tensor,
    dtype: DType,
) -> Result<()> {
    let fits = |(found, size): (&usize, &Option<usize>)| {
        *found > 0 && size.is_none_or(|size| size == *found)
    };
    let ok = match x_t.dims() {
        [batch, found @ ..] if found.len() == shape.len() => {
            *batch > 0
                && found.iter().zip(shape).all(fits)
                && t.dims() == [*batch]
        }
        _ => false,
    };
    let name = "the input of the network";
    let sizes = shape.iter().fold("B".to_owned(), |all, size| match size {
        Some(size) => format!("{all}, {size}"),
        None => format!("{all}, n"),
    });
    let expected = format_args!(
        "x_t of shape ({sizes}), with at least one example, and t of shape (B)"
    );
    let got = format_args!("{:?} and {:?}", x_t.dims(), t.dims());
    Error::require(ok, name, expected, got)?;
    let [found, t] = [x_t.dtype(), t.dtype()];
    let ok = found == dtype && t == dtype;
    let expected =
        format_args!("of type {}, as its parameters are", dtype.as_str());
    let got = format_args!("{} and {}", found.as_str(), t.as_str());
    Error::require(ok, name, expected, got)
}

/// Checks that the output of a network has the shape and the type of its input.
pub(crate) fn check_output(x_t: &Tensor, output: &Tensor) -> Result<()> {
    let ok = (x_t.dims(), x_t.dtype()) == (output.dims(), output.dtype());
    let describe =
        |x: &Tensor| format!("{:?} of type {}", x.dims(), x.dtype().as_str());
    let expected =
        format_args!("of the shape and type of x_t, {}", describe(x_t));
    let name = "the output of the network";
    Error::require(ok, name, expected, format_args!("{}", describe(output)))
}
