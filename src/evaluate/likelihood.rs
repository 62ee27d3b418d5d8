//! The variational bound of a trained model, in bits per dimension.

use super::Estimate;
use super::held_out::{of_examples, squared_errors};
use super::nearest::rows;
use crate::Result;
use crate::math::{Timestep, bound};
use crate::nn::{Denoiser, ModelPrediction, Network};
use candle_core::Tensor;

/// The variational bound in bits per dimension, and its three parts: means over
/// examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BitsPerDimension {
    /// `L_T`: the bits of `x_T` that are not noise.
    pub prior: Estimate,
    /// `Σ_{t=2}^T L_{t-1}`: the bits of all steps but the last.
    pub steps: Estimate,
    /// `L_0`: the bits of the pixels, once `x_1` is known.
    pub decoder: Estimate,
    /// The sum of the parts.
    pub total: Estimate,
}

/// Returns the variational bound of a model on pictures `x_0` `(N, …)` whose pixels
/// are bytes, scaled to [-1, 1]: how many bits an encoding by the model would spend on
/// a value. Fewer bits mean a better model of the pictures. The bound visits all `T`
/// timesteps; `progress` is called with the number of those that are done.
///
/// The model's steps have the variance `β_t`, also the last one, and its predictions of
/// `x_0` are clipped to [-1, 1]. (For the last step, the code of the DDPM paper uses
/// `β̃_2`, which is smaller and gives fewer bits.) Each timestep has noise of its own, by `seed`.
///
/// # Formula
/// `L_T + Σ_{t=2}^T L_{t-1} + L_0`, by [`bound::prior`], [`bound::step`] and
/// [`bound::discrete_decoder`].
///
/// Equation: eq-bound-split (Ho et al. 2020, eq. 5, 12 and 13)
///
/// # Errors
/// If there are no examples, a value is not in [-1, 1], the network refuses the shape
/// of the examples, or the device fails.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// # use ddpm::Result;
/// use ddpm::evaluate::bits_per_dimension;
/// use ddpm::math::{PredictionType, Schedule};
/// use ddpm::nn::{Denoiser, Network};
/// # struct Zero;
/// # impl Network for Zero {
/// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
/// #         Ok(x.zeros_like()?)
/// #     }
/// # }
///
/// // A network that predicts zero, as x_0, on pictures of medium grey. It is right, so
/// // that only the variances of its steps cost something.
/// let model = Denoiser {
///     network: Zero,
///     schedule: Schedule::linear(1000, 1e-4, 0.02)?,
///     prediction_type: PredictionType::X0,
///     sample_shape: vec![20],
/// };
/// let grey = Tensor::full(1_f32 / 255.0, (3, 20), &Device::Cpu)?;
/// let bits = bits_per_dimension(&model, &grey, 0, |_| ())?;
/// assert!(bits.total.value < 2.5, "{bits:?}");
/// // Black pictures are far from its prediction.
/// let black = Tensor::full(-1_f32, (3, 20), &Device::Cpu)?;
/// let bits = bits_per_dimension(&model, &black, 0, |_| ())?;
/// assert!(bits.total.value > 1000.0, "{bits:?}");
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn bits_per_dimension<N: Network>(
    model: &Denoiser<N>,
    x_0: &Tensor,
    seed: u64,
    mut progress: impl FnMut(usize),
) -> Result<BitsPerDimension> {
    let schedule = &model.schedule;
    let prior = rows(x_0)?.into_iter().map(|pixels| {
        let squares: f64 = pixels.iter().map(|x| x * x).sum();
        bound::prior(schedule, squares / pixels.len() as f64)
    });
    let prior: Vec<f64> = prior.collect();
    let [mut steps, mut decoder] = [0, 1].map(|_| vec![0.0; prior.len()]);
    for at in schedule.iter() {
        let of_step =
            |x_0: &Tensor, epsilon: &Tensor, predicted: &ModelPrediction| {
                if at.t() == 1 {
                    return last_step(at, x_0, &predicted.x_0);
                }
                let errors = squared_errors(&predicted.epsilon, epsilon)?;
                let nats =
                    errors.into_iter().map(|e| bound::step(at, at.beta(), e));
                nats.collect()
            };
        let nats = of_examples(model, x_0, at.t(), seed, true, of_step)?;
        let part = if at.t() == 1 { &mut decoder } else { &mut steps };
        part.iter_mut().zip(nats).for_each(|(sum, nats)| *sum += nats);
        progress(at.t());
    }
    let total = prior.iter().zip(&steps).zip(&decoder);
    let total: Vec<f64> = total.map(|((a, b), c)| a + b + c).collect();
    let [prior, steps, decoder, total] =
        [prior, steps, decoder, total].map(|nats| {
            let bits: Vec<f64> = nats.into_iter().map(bound::bits).collect();
            Estimate::mean(&bits)
        });
    Ok(BitsPerDimension { prior, steps, decoder, total })
}

/// Returns the nats for a pixel of each picture `x_0` `(B, …)` in the step from `x_1`,
/// whose mean is the prediction of `x_0`.
fn last_step(
    at: Timestep,
    x_0: &Tensor,
    predicted: &Tensor,
) -> Result<Vec<f64>> {
    let pictures = rows(x_0)?.into_iter().zip(rows(predicted)?);
    let of_picture = |(pixels, means): (Vec<f64>, Vec<f64>)| {
        let nats = pixels.iter().zip(means).map(|(&pixel, mean)| {
            bound::discrete_decoder(pixel, mean, at.beta())
        });
        Ok(nats.sum::<Result<f64>>()? / pixels.len() as f64)
    };
    pictures.map(of_picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{PredictionType, Schedule};
    use approx::assert_relative_eq;
    use candle_core::{DType, Device};

    /// A network that predicts one value of `x_0` everywhere.
    struct Constant(f64);

    impl Network for Constant {
        fn forward(&self, x_t: &Tensor, _: &Tensor) -> Result<Tensor> {
            Ok((x_t.zeros_like()? + self.0)?)
        }
    }

    fn model(x_0: f64) -> Denoiser<Constant> {
        Denoiser {
            network: Constant(x_0),
            schedule: Schedule::linear(50, 1e-4, 0.3).unwrap(),
            prediction_type: PredictionType::X0,
            sample_shape: vec![6],
        }
    }

    /// With `x̂_0 = x_0 + δ`, the error of the noise is `δ² ᾱ_t / (1-ᾱ_t)`, whatever
    /// the noise is.
    #[test]
    fn the_bound_of_a_constant_prediction_is_known() {
        let (pixel, delta) = (0.2, 0.3);
        let pixels = Tensor::full(pixel, (70, 6), &Device::Cpu).unwrap();
        let model = model(pixel + delta);
        let mut done = vec![];
        let found =
            bits_per_dimension(&model, &pixels, 3, |t| done.push(t)).unwrap();
        assert_eq!(done, (1..=50).collect::<Vec<_>>());

        let steps = model.schedule.iter().skip(1).map(|at| {
            let error = delta * delta * at.snr();
            bound::step(at, at.beta(), error).unwrap()
        });
        let beta_1 = model.schedule.at(1).unwrap().beta();
        let decoder = bound::discrete_decoder(pixel, pixel + delta, beta_1);
        let expected = [
            bound::prior(&model.schedule, pixel * pixel),
            steps.sum(),
            decoder.unwrap(),
        ];
        let parts = [found.prior, found.steps, found.decoder];
        for (part, nats) in parts.iter().zip(expected) {
            assert_relative_eq!(
                part.value,
                bound::bits(nats),
                max_relative = 1e-9
            );
        }
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        assert_relative_eq!(found.total.value, sum, max_relative = 1e-12);
        assert!(found.total.standard_error < 1e-9);
    }

    /// A better prediction spends fewer bits, and a prediction outside of [-1, 1] is
    /// clipped.
    #[test]
    fn better_predictions_spend_fewer_bits() {
        let white = Tensor::full(1.0, (2, 6), &Device::Cpu).unwrap();
        let total = |x_0: f64| {
            let bits = bits_per_dimension(&model(x_0), &white, 0, |_| ());
            bits.unwrap().total.value
        };
        assert!(total(1.0) < total(0.9) && total(0.9) < total(0.5));
        assert_eq!(total(1.0), total(2.0));
    }

    #[test]
    fn what_is_no_picture_of_bytes_is_refused() {
        let error = |value: f32, count: usize| {
            let x_0 = Tensor::full(value, (2, 6), &Device::Cpu).unwrap();
            let x_0 = x_0.narrow(0, 0, count).unwrap();
            let x_0 = x_0.to_dtype(DType::F64).unwrap();
            let bits = bits_per_dimension(&model(0.0), &x_0, 0, |_| ());
            bits.unwrap_err().to_string()
        };
        assert!(error(1.5, 2).contains("a pixel in [-1, 1]"));
        assert!(error(f32::NAN, 2).contains("finite"));
        assert!(error(0.0, 0).contains("N ≥ 1"));
    }
}
