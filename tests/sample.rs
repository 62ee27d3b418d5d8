//! Sampling follows the algorithms, number by number where the numbers are
//! known.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use candle_core::{DType, Device, Tensor};
use ddpm::Result;
use ddpm::math::posterior::ReverseVariance;
use ddpm::math::{
    PredictionType, Schedule, forward, parameterization, posterior,
};
use ddpm::nn::{
    Denoiser, Mlp, MlpConfig, ModelConfig, ModelPrediction, Network, Parameters,
};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{Method, SampleOptions, Sampler};

const METHODS: [Method; 4] = [
    Method::Ancestral(ReverseVariance::Beta),
    Method::Ancestral(ReverseVariance::BetaTilde),
    Method::Ddim { eta: 0.0 },
    Method::Ddim { eta: 1.0 },
];

/// The perfect network for data `N(mean, variance)`.
struct Perfect {
    schedule: Schedule,
    mean: f64,
    variance: f64,
}

impl Perfect {
    fn denoiser(steps: usize, mean: f64, variance: f64) -> Denoiser<Self> {
        let schedule = Schedule::linear(steps, 1e-3, 0.3).unwrap();
        Self::with_schedule(schedule, mean, variance)
    }

    fn with_schedule(
        schedule: Schedule,
        mean: f64,
        variance: f64,
    ) -> Denoiser<Self> {
        Denoiser {
            network: Self { schedule: schedule.clone(), mean, variance },
            schedule,
            prediction_type: PredictionType::Epsilon,
            sample_shape: vec![],
        }
    }
}

impl Network for Perfect {
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        // A sampler uses one timestep for the whole batch.
        let t = t.to_dtype(DType::F32)?.to_vec1::<f32>()?[0] as usize;
        let at = self.schedule.at(t)?;
        let c = forward::closed_form(at);
        let slope = c.epsilon / forward::variance(at, self.variance);
        Ok(((x_t - c.x_0 * self.mean)? * slope)?)
    }
}

fn network() -> Denoiser<Mlp> {
    let parameters = Parameters::new(1, DType::F32, &Device::Cpu);
    let config = ModelConfig {
        network: MlpConfig { dim: 2, width: 16, layers: 2 },
        schedule: Schedule::cosine(20).unwrap(),
        prediction_type: PredictionType::V,
    };
    config.build(&parameters.builder(), &[2]).unwrap()
}

fn all(method: Method) -> SampleOptions {
    let seed = 3;
    SampleOptions { method, clip_sample: false, seed, ..Default::default() }
}

/// Draws samples with all steps of the schedule.
fn sample<N: Network>(
    model: &Denoiser<N>,
    n: usize,
    options: SampleOptions,
) -> Vec<f32> {
    let steps = Some(model.schedule.steps());
    let options = SampleOptions { steps, ..options };
    let x = ddpm::sample::sample(model, n, &options).unwrap();
    x.flatten_all().unwrap().to_vec1().unwrap()
}

/// For Gaussian data the perfect network is a formula, and its samples have the mean
/// and the variance of the data.
#[test]
fn samples_have_the_moments_of_the_data() {
    let (mean, variance) = (1.5, 0.5);
    let schedule = Schedule::linear(1000, 1e-4, 0.02).unwrap();
    let model = Perfect::with_schedule(schedule, mean, variance);
    for method in METHODS {
        let samples = sample(&model, 10_000, all(method));
        let n = samples.len() as f64;
        let got = samples.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let square = |&x: &f32| (f64::from(x) - got).powi(2);
        let spread = samples.iter().map(square).sum::<f64>() / n;
        assert!((got - mean).abs() < 0.03, "{method:?}: mean {got}");
        assert!((spread - variance).abs() < 0.03, "{method:?}: {spread}");
    }
}

/// 40,000 samples of each method have the mean and the variance that the affine
/// steps predict, within 5 standard errors.
#[test]
fn samples_have_the_moments_that_the_steps_imply() {
    let model = Perfect::denoiser(60, 1.5, 0.5);
    for method in METHODS {
        let (mut mean, mut variance) = (0.0, 1.0);
        for at in model.schedule.iter().rev() {
            // Without noise, the step at x_t = 0 and at x_t = 1 gives the
            // affine map.
            let step = |x: f64| {
                let x_t = Tensor::new(&[x], &Device::Cpu).unwrap();
                let predicted = model.predict(&x_t, at, false).unwrap();
                let zero = || Ok(x_t.zeros_like()?);
                let x = method.step(at, &x_t, &predicted, zero).unwrap();
                x.to_vec1::<f64>().unwrap()[0]
            };
            let (offset, slope) = (step(0.0), step(1.0) - step(0.0));
            let noise = match method {
                _ if at.t() == 1 => 0.0,
                Method::Ancestral(choice) => choice.variance(at),
                Method::Ddim { eta } => eta * eta * posterior::variance(at),
                other => panic!("{other:?}"),
            };
            mean = slope * mean + offset;
            variance = slope * slope * variance + noise;
        }
        let samples = sample(&model, 40_000, all(method));
        let n = samples.len() as f64;
        let got = samples.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let square = |&x: &f32| (f64::from(x) - mean).powi(2);
        let spread = samples.iter().map(square).sum::<f64>() / n;
        let z = (got - mean) / (variance / n).sqrt();
        assert!(z.abs() < 5.0, "{method:?}: mean {got} against {mean}");
        let z = (spread / variance - 1.0) / (2.0 / n).sqrt();
        assert!(z.abs() < 5.0, "{method:?}: {spread} against {variance}");
        // Every method ends close to the mean and the variance of the data.
        assert!((mean - 1.5).abs() < 0.1 && (variance - 0.5).abs() < 0.1);
    }
}

/// Line 4 of Algorithm 2 is equation (11) of the paper, computed from `ε` or
/// from `x_0` and the posterior.
#[test]
fn the_ancestral_mean_is_equation_11() {
    let model = Perfect::denoiser(60, 0.7, 0.2);
    let x_t = Tensor::new(&[-1.0, 0.3, 2.0], &Device::Cpu).unwrap();
    for at in model.schedule.iter() {
        let predicted = model.predict(&x_t, at, false).unwrap();
        let method = Method::Ancestral(ReverseVariance::Beta);
        let zero = || Ok(x_t.zeros_like()?);
        let stepped = method.step(at, &x_t, &predicted, zero).unwrap();
        let c = parameterization::mean_from_epsilon(at);
        let mean =
            (&x_t * c.x_t).unwrap() + (predicted.epsilon * c.epsilon).unwrap();
        let difference = (stepped - mean.unwrap()).unwrap().abs().unwrap();
        let largest = difference.max_all().unwrap().to_scalar::<f64>();
        assert!(largest.unwrap() < 1e-12);
    }
}

/// Ancestral sampling with `β̃` and DDIM with `η = 1` are the same algorithm.
#[test]
fn ddim_with_eta_one_is_ancestral_sampling() {
    let model = Perfect::denoiser(60, 0.7, 0.2);
    let [tilde, ddim] =
        [METHODS[1], METHODS[3]].map(|method| sample(&model, 50, all(method)));
    for (a, b) in tilde.iter().zip(ddim) {
        assert!((a - b).abs() < 1e-4, "{a} against {b}");
    }
}

/// A sampler draws no noise at `t = 1`.
#[test]
fn the_last_step_adds_no_noise() {
    let schedule = Schedule::cosine(10).unwrap();
    let x = Tensor::new(&[0.5_f64], &Device::Cpu).unwrap();
    for method in METHODS {
        for at in schedule.iter() {
            let predicted =
                ModelPrediction { x_0: x.clone(), epsilon: x.clone() };
            let mut asked = false;
            let noise = || {
                asked = true;
                Ok(x.clone())
            };
            method.step(at, &x, &predicted, noise).unwrap();
            assert_eq!(
                asked,
                at.t() > 1 && method != Method::Ddim { eta: 0.0 }
            );
        }
    }
}

/// The first two samples are the same in a batch of two and in a batch of five,
/// and the third sample is the first sample of a batch that starts there.
#[test]
fn a_sample_does_not_depend_on_its_batch() {
    let model = network();
    for method in METHODS {
        let five = sample(&model, 5, all(method));
        assert_close(&sample(&model, 2, all(method)), &five[..4]);
        let third = SampleOptions { first_index: 2, ..all(method) };
        assert_close(&sample(&model, 1, third), &five[4..6]);
        let other = SampleOptions { seed: 4, ..all(method) };
        assert_ne!(sample(&model, 5, other), five);
    }
}

/// Asserts that samples from two batches agree. Their noise is the same to the
/// bit, but a matrix product may round differently in a batch of another size.
fn assert_close(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() < 1e-4, "{a} against {b}");
    }
}

/// Sampling starts from the noise of the stream `SampleStart`.
#[test]
fn sampling_starts_from_the_named_noise() {
    let model = network();
    let steps = Some(20);
    let options = SampleOptions { first_index: 7, steps, ..all(METHODS[0]) };
    let sampler = Sampler::new(&model, 1, &options).unwrap();
    let start: Vec<f32> = sampler.x().flatten_all().unwrap().to_vec1().unwrap();
    let mut noise = stream(3, Purpose::SampleStart, 0, 7);
    assert_eq!(start, [noise.normal() as f32, noise.normal() as f32]);
}

/// The noise of a step depends on its timestep, so a sampler that starts halfway
/// with what another has reached ends with the same samples.
#[test]
fn a_sampler_that_starts_halfway_ends_where_the_whole_one_does() {
    let model = network();
    for method in METHODS {
        let options = SampleOptions { steps: Some(20), ..all(method) };
        let states: Vec<_> = Sampler::new(&model, 4, &options)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let (halfway, end) = (&states[9], &states[19]);
        assert_eq!(halfway.t, 10);
        let options = SampleOptions { steps: Some(10), ..options };
        let x_10 = halfway.x.clone();
        let second = Sampler::starting_at(&model, 10, x_10, &options).unwrap();
        let last = second.last().unwrap().unwrap();
        let values = |x: &Tensor| x.to_vec2::<f32>().unwrap();
        assert_eq!(values(&last.x), values(&end.x));
    }
    let x = Tensor::zeros((1, 2), DType::F32, &Device::Cpu).unwrap();
    for t in [0, 21] {
        let options = SampleOptions::default();
        let error = Sampler::starting_at(&model, t, x.clone(), &options);
        let error = error.unwrap_err().to_string();
        assert!(error.contains("t runs from 1 to 20"), "{error}");
    }
}

#[test]
fn times_fall_to_zero_and_clipping_keeps_the_range() {
    let model = network();
    for steps in [1, 2, 7, 20] {
        let options =
            SampleOptions { steps: Some(steps), ..SampleOptions::default() };
        let sampler = Sampler::new(&model, 9, &options).unwrap();
        let mut last = 20;
        let states: Vec<_> = sampler.map(Result::unwrap).collect();
        assert_eq!(states.len(), steps);
        for state in &states {
            assert!(state.t < last);
            last = state.t;
            let largest = state.x_0.abs().unwrap().max_all().unwrap();
            assert!(largest.to_scalar::<f32>().unwrap() <= 1.0);
        }
        assert_eq!(last, 0);
    }
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let model = network();
    let refused = |n, options| Sampler::new(&model, n, &options).is_err();
    for steps in [0, 21] {
        let steps = Some(steps);
        assert!(refused(1, SampleOptions { steps, ..Default::default() }));
    }
    let method = Method::Ddim { eta: 1.5 };
    assert!(refused(1, SampleOptions { method, ..Default::default() }));
    let first_index = u32::MAX;
    let last = SampleOptions { first_index, ..Default::default() };
    assert!(refused(2, last));
}

/// These would fail in a step, or draw the noise of other samples.
#[test]
fn samples_that_do_not_fit_the_model_are_refused() {
    let model = network(); // of points, in f32
    let error = |x: Tensor, options| {
        let error = Sampler::starting_at(&model, 10, x, &options);
        error.unwrap_err().to_string()
    };
    let zeros = |shape: &[usize], dtype| {
        Tensor::zeros(shape, dtype, &Device::Cpu).unwrap()
    };
    let options = SampleOptions::default();
    for (shape, dtype) in
        [(&[5, 3][..], DType::F32), (&[5], DType::F32), (&[5, 2], DType::F64)]
    {
        let error = error(zeros(shape, dtype), options);
        assert!(error.contains("x_t must be f32 [5, 2]"), "{error}");
    }
    let none = error(zeros(&[], DType::F32), options);
    assert!(none.contains("the number of samples"), "{none}");
    let last = SampleOptions { first_index: u32::MAX, ..options };
    let last = error(zeros(&[2, 2], DType::F32), last);
    assert!(last.contains("first_index + n"), "{last}");
}

/// A network that cannot compute.
struct Broken;

impl Network for Broken {
    fn forward(&self, _: &Tensor, _: &Tensor) -> Result<Tensor> {
        Err(ddpm::Error::Timestep { t: 0, steps: 0 })
    }
}

#[test]
fn an_error_is_the_last_item() {
    let Denoiser { schedule, prediction_type, sample_shape, .. } =
        Perfect::denoiser(20, 0.0, 1.0);
    let network = Broken;
    let model = Denoiser { network, schedule, prediction_type, sample_shape };
    let options = SampleOptions::default();
    let mut sampler = Sampler::new(&model, 1, &options).unwrap();
    assert!(sampler.next().unwrap().is_err());
    assert!(sampler.next().is_none());
}

/// The default options work for a schedule of any length.
#[test]
fn default_options_work_for_any_schedule() {
    for (steps, expected) in [(1, 1), (7, 7), (50, 50), (200, 50)] {
        let model = Perfect::denoiser(steps, 0.0, 1.0);
        let sampler = Sampler::new(&model, 1, &SampleOptions::default());
        assert_eq!(sampler.unwrap().count(), expected);
        let method = Method::Ancestral(ReverseVariance::Beta);
        let options = SampleOptions { method, ..SampleOptions::default() };
        let sampler = Sampler::new(&model, 1, &options).unwrap();
        assert_eq!(sampler.count(), steps);
    }
}
