//! The gradient of a batch, from parts that are worked on side by side.
//!
//! The loss of a batch is a mean over its examples, and the gradient of a mean
//! is the mean of the gradients: each part goes forth and back by itself, and
//! parts are added up in their order. What is kept for the way back is that of
//! the parts at work, not that of the whole batch.

use super::{Batch, loss};
use crate::nn::{Denoiser, Network, Parameters, in_parts};
use crate::{Error, Result};
use candle_core::{DType, Tensor, Var};

/// A loss, and its gradient in the order of [`Parameters::named`].
type Gradients = (f64, Vec<Tensor>);

/// The loss of a batch and the gradient of every parameter; one without is an
/// error, not a parameter that silently never learns.
pub(super) fn gradients<N: Network>(
    model: &Denoiser<N>,
    parameters: &Parameters,
    batch: &Batch,
) -> Result<Gradients> {
    let parts = in_parts(&batch.x_0, |first, count| {
        let part = batch.part(first, count)?;
        let weight = count as f64 / batch.t.len() as f64;
        weighted(of_part(model, parameters, &part)?, weight)
    })?;
    let sum = parts.into_iter().map(Ok).reduce(|a, b| sum(a?, b?));
    sum.unwrap_or_else(|| Err(Error::argument("batch", "not empty", 0)))
}

fn of_part<N: Network>(
    model: &Denoiser<N>,
    parameters: &Parameters,
    batch: &Batch,
) -> Result<Gradients> {
    let loss = loss(model, batch)?;
    let store = loss.backward()?;
    let gradient = |(name, var): (String, Var)| {
        let gradient = store.get(&var).map(Tensor::detach);
        gradient.ok_or(Error::NoGradient { name })
    };
    let gradients = parameters.named().into_iter().map(gradient);
    Ok((scalar(&loss)?, gradients.collect::<Result<_>>()?))
}

/// The number of a tensor that has only one.
pub(super) fn scalar(tensor: &Tensor) -> Result<f64> {
    Ok(tensor.to_dtype(DType::F32)?.to_scalar::<f32>()?.into())
}

fn weighted((loss, all): Gradients, weight: f64) -> Result<Gradients> {
    if weight == 1.0 {
        return Ok((loss, all));
    }
    let all = all.iter().map(|g| g * weight);
    Ok((weight * loss, all.collect::<candle_core::Result<_>>()?))
}

fn sum((loss, all): Gradients, (more, others): Gradients) -> Result<Gradients> {
    let sums = all.iter().zip(&others).map(|(a, b)| a + b);
    Ok((loss + more, sums.collect::<candle_core::Result<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Prediction, Schedule};
    use crate::nn::testing::{Draws, assert_close};
    use crate::nn::{UNet, UNetConfig};
    use candle_core::Device;

    /// In parts, the last of them smaller, as in one piece.
    #[test]
    fn the_gradient_of_a_batch_is_the_mean_of_its_parts() {
        let parameters = Parameters::new(1, DType::F64, &Device::Cpu);
        let config =
            UNetConfig { channels: vec![8, 8], ..UNetConfig::digits() };
        let model = Denoiser {
            network: UNet::new(config, &parameters.builder()).unwrap(),
            schedule: Schedule::cosine(100).unwrap(),
            prediction: Prediction::V,
        };
        parameters.randomize(2, 0.1).unwrap();
        let mut draws = Draws::new(3);
        let shape = [21, 1, 28, 28];
        let x_0 = draws.tensor(&shape);
        let epsilon = draws.tensor(&shape);
        let batch = Batch { x_0, epsilon, t: (1..=21).collect() };

        let (loss, parts) = gradients(&model, &parameters, &batch).unwrap();
        let (whole, all) = of_part(&model, &parameters, &batch).unwrap();
        assert!((loss - whole).abs() < 1e-6 * whole, "{loss} and {whole}");
        for (part, whole) in parts.iter().zip(&all) {
            assert_close(part, whole, 1e-10);
        }
    }
}
