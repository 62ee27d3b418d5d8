//! The gradient of a batch, from micro-batches that run in parallel.
//!
//! The loss of a batch is a sum over all values, divided by their number. So each
//! micro-batch passes forward and backward alone. A pairwise tree adds their
//! gradients: neighbours first, then their sums. The total is divided once. The
//! order of additions depends on the number of micro-batches, not on threads. Only
//! the running micro-batches hold activations in memory.
//!
//! If several ranks share the batch, each adds a branch of the tree, and then the
//! ranks add their sums. So the bits do not depend on the number of ranks either.

use super::loss::LossInputs;
use super::{Batch, LossWeight};
use crate::distributed::{self, Communicator};
use crate::nn::{Denoiser, Network, Parameters, micro_batches};
use crate::optim::Optimizer;
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use candle_fused::{add, scale, value_and_grad, with_cached_shapes};
use rayon::prelude::*;

/// Returns the loss of a batch, and its gradient: a tensor for each group of
/// parameters of the optimiser. `batch` is the share
/// of this rank in a batch of `size` examples.
///
/// # Errors
/// If a parameter has no gradient: it would never learn.
pub(super) fn gradients<N: Network>(
    model: &Denoiser<N>,
    parameters: &Parameters,
    optimizer: &Optimizer,
    (batch, size): (&Batch, usize),
    weight: LossWeight,
    ranks: &dyn Communicator,
) -> Result<(f64, Vec<Tensor>)> {
    let micro_batches = micro_batches(&batch.x_0, |first, count| {
        let part = batch.part(first, count)?;
        loss_and_gradient_sums(model, parameters, &part, weight)
    })?;
    let (losses, gradients): (Vec<f64>, Vec<Vec<Tensor>>) =
        micro_batches.into_iter().unzip();
    let empty = || Error::argument("batch", "not empty", 0);
    let first = gradients.first().ok_or_else(empty)?;
    let values: usize = batch.x_0.dims().iter().skip(1).product();
    let count = (size * values) as f64;
    let sum = |i: usize| {
        let terms = gradients.iter().map(|g| g[i].clone()).collect();
        Ok(pairwise_sum(terms, add)?)
    };
    let sums = (0..first.len()).into_par_iter().map(sum);
    let sums = optimizer.join(&sums.collect::<Result<Vec<_>>>()?)?;
    let means = sums.iter().map(|sum| {
        let sum = distributed::all_reduce_sum(ranks, sum)?;
        Ok(scale(&sum, count.recip())?)
    });
    let means = means.collect::<Result<_>>()?;
    let loss = Tensor::new(&[add_pairwise(losses)?], &Device::Cpu)?;
    let loss = add_pairwise(distributed::all_gather(ranks, &loss)?.to_vec1()?)?;
    Ok((loss / count, means))
}

fn add_pairwise(numbers: Vec<f64>) -> Result<f64> {
    Ok(pairwise_sum(numbers, |a, b| Ok(a + b))?)
}

/// Adds neighbours until one term is left; there must be one at least.
fn pairwise_sum<T: Clone>(
    mut terms: Vec<T>,
    add: impl Fn(&T, &T) -> candle_core::Result<T>,
) -> candle_core::Result<T> {
    while terms.len() > 1 {
        let pairs = terms.chunks(2).map(|pair| match pair {
            [a, b] => add(a, b),
            _ => Ok(pair[0].clone()),
        });
        terms = pairs.collect::<candle_core::Result<_>>()?;
    }
    Ok(terms.remove(0))
}

/// Returns the loss of a micro-batch as a sum, and its gradients.
fn loss_and_gradient_sums<N: Network>(
    model: &Denoiser<N>,
    parameters: &Parameters,
    batch: &Batch,
    weight: LossWeight,
) -> Result<(f64, Vec<Tensor>)> {
    let inputs = LossInputs::new(model, batch, weight)?;
    let backward = || value_and_grad(|| inputs.loss_sum(&model.network));
    let (loss, store) = with_cached_shapes(parameters.device(), backward)?;
    Ok((scalar(&loss)?, parameters.gradients(&store)?))
}

/// Returns the value of a tensor that has one.
pub(super) fn scalar(tensor: &Tensor) -> Result<f64> {
    let tensor = tensor.to_device(&Device::Cpu)?; // Metal has no f64
    Ok(tensor.to_dtype(DType::F64)?.to_scalar()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributed::Alone;
    use crate::math::{PredictionType, Schedule};
    use crate::nn::testing::randomize;
    use crate::nn::testing::{Draws, assert_close};
    use crate::nn::{UNet, UNetConfig};
    use crate::optim::ParamGroups;
    use candle_core::Device;

    /// The sum is a tree: rounding shows its order.
    #[test]
    fn pairwise_sum_adds_neighbours_first() {
        let (one, tiny) = (1.0, 2_f64.powi(-53));
        let sum = |terms| pairwise_sum(terms, |a, b| Ok(a + b)).unwrap();
        // 1 + tiny rounds to 1, but tiny + tiny is added to it.
        assert_eq!(sum(vec![one, tiny, tiny]), one);
        assert_eq!(sum(vec![one, 0.0, tiny, tiny]), one + 2.0 * tiny);
        assert_eq!(sum(vec![tiny, tiny, one]), one + 2.0 * tiny);
        assert_eq!(sum(vec![7.0]), 7.0);
    }

    /// Two micro-batches, the second smaller, against the whole batch at once.
    #[test]
    fn the_gradient_of_a_batch_does_not_depend_on_its_split() {
        let parameters = Parameters::new(1, DType::F64, &Device::Cpu);
        let config = UNetConfig {
            block_out_channels: vec![8, 8],
            ..UNetConfig::digits()
        };
        let model = Denoiser {
            network: UNet::new(&config, &parameters.builder()).unwrap(),
            schedule: Schedule::cosine(100).unwrap(),
            prediction_type: PredictionType::V,
            sample_shape: vec![1, 28, 28],
        };
        randomize(&parameters, 2, 0.1);
        let mut draws = Draws::new(3);
        let shape = [21, 1, 28, 28];
        let x_0 = draws.tensor(&shape);
        let epsilon = draws.tensor(&shape);
        let batch = Batch { x_0, epsilon, t: (1..=21).collect() };

        let weight = LossWeight::Simple;
        let optimizer =
            Optimizer::new(&parameters, &ParamGroups::default()).unwrap();
        let (loss, means) = gradients(
            &model,
            &parameters,
            &optimizer,
            (&batch, 21),
            weight,
            &Alone,
        )
        .unwrap();
        let (sum, whole) =
            loss_and_gradient_sums(&model, &parameters, &batch, weight)
                .unwrap();
        let whole = optimizer.join(&whole).unwrap();
        assert_eq!(means.len(), 1);
        let count = batch.x_0.elem_count() as f64;
        assert!((loss - sum / count).abs() < 1e-6 * loss, "{loss}");
        for (mean, sum) in means.iter().zip(&whole) {
            assert_close(mean, &(sum / count).unwrap(), 1e-10);
        }
    }
}
