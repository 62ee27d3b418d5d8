//! The gradient of a batch, from parts that are worked on side by side.
//!
//! The loss of a batch is a mean over its examples, and the gradient of a mean
//! is the mean of the gradients: each part goes forth and back by itself, and
//! their mean is taken in their order. What is kept for the way back is that of
//! the parts at work, not that of the whole batch.

use super::{Batch, loss};
use crate::nn::kernels::Update;
use crate::nn::{Denoiser, Network, Parameters, in_parts};
use crate::{Error, Result};
use candle_core::{DType, Tensor, Var};
use rayon::prelude::*;

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
        Ok((count, of_part(model, parameters, &part)?))
    })?;
    mean(parts)
}

/// The mean of parts of so many examples, as a running mean.
fn mean(parts: Vec<(usize, Gradients)>) -> Result<Gradients> {
    let (mut losses, mut gradients, mut kept) = (0.0, vec![], vec![]);
    let mut examples = 0;
    for (count, (loss, gradient)) in parts {
        losses += count as f64 * loss;
        // What the mean before keeps of itself.
        kept.push(examples as f64 / (examples + count) as f64);
        examples += count;
        gradients.push(gradient);
    }
    if gradients.len() == 1 {
        return Ok((losses / examples as f64, gradients.remove(0)));
    }
    let Some(first) = gradients.first() else {
        return Err(Error::argument("batch", "not empty", 0));
    };
    let of_parameter = |i: usize| {
        let mut mean = first[i].copy()?;
        for (gradient, &kept) in gradients.iter().zip(&kept).skip(1) {
            mean =
                Update::Mean(kept).apply(&mean, &gradient[i], &gradient[i])?;
        }
        Ok(mean)
    };
    let parameters = (0..first.len()).into_par_iter();
    let means = parameters.map(of_parameter).collect::<Result<_>>()?;
    Ok((losses / examples as f64, means))
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
