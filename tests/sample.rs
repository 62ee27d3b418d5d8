//! Sampling does what the algorithms say, number by number where that can be
//! known.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use candle_core::{DType, Device, Tensor};
use ddpm::Result;
use ddpm::math::posterior::ReverseVariance;
use ddpm::math::{
    PredictionType, Schedule, forward, parameterization, posterior,
};
use ddpm::nn::{Denoiser, Estimate, Mlp, MlpConfig, Network, Parameters};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{Options, Rule, Sampler};

const RULES: [Rule; 4] = [
    Rule::Ancestral(ReverseVariance::Beta),
    Rule::Ancestral(ReverseVariance::BetaTilde),
    Rule::Ddim(0.0),
    Rule::Ddim(1.0),
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
        Denoiser {
            network: Self { schedule: schedule.clone(), mean, variance },
            schedule,
            prediction: PredictionType::Epsilon,
        }
    }
}

impl Network for Perfect {
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        // A sampler asks for one time at a time.
        let t = t.to_dtype(DType::F32)?.to_vec1::<f32>()?[0] as usize;
        let (signal, noise) = forward::closed_form(self.schedule.at(t)?);
        let slope = noise / (signal * signal * self.variance + noise * noise);
        Ok(((x_t - signal * self.mean)? * slope)?)
    }
}

fn network() -> Denoiser<Mlp> {
    let parameters = Parameters::new(1, DType::F32, &Device::Cpu);
    let network = Mlp::new(
        &MlpConfig { dim: 2, width: 16, layers: 2 },
        &parameters.builder(),
    )
    .unwrap();
    let schedule = Schedule::cosine(20).unwrap();
    Denoiser { network, schedule, prediction: PredictionType::V }
}

fn all(rule: Rule) -> Options {
    Options { rule, steps: None, clip: false, seed: 3, first: 0 }
}

fn sample<N: Network>(
    model: &Denoiser<N>,
    shape: &[usize],
    options: Options,
) -> Vec<f32> {
    let sampler = Sampler::new(model, shape, &Device::Cpu, options).unwrap();
    let last = sampler.last().unwrap().unwrap();
    assert_eq!(last.t, 0);
    last.x.flatten_all().unwrap().to_vec1().unwrap()
}

/// 40,000 samples of each rule have the mean and the variance that following
/// the affine steps predicts, within 5 standard errors.
#[test]
fn samples_have_the_moments_that_the_steps_imply() {
    let model = Perfect::denoiser(60, 1.5, 0.5);
    for rule in RULES {
        let (mut mean, mut variance) = (0.0, 1.0);
        for at in model.schedule.iter().rev() {
            // The step at x_t = 0 and 1, without noise, gives the affine map.
            let step = |x: f64| {
                let x_t = Tensor::new(&[x], &Device::Cpu).unwrap();
                let estimate = model.estimate(&x_t, at, false).unwrap();
                let zero = || Ok(x_t.zeros_like()?);
                let x = rule.step(at, &x_t, &estimate, zero).unwrap();
                x.to_vec1::<f64>().unwrap()[0]
            };
            let (offset, slope) = (step(0.0), step(1.0) - step(0.0));
            let noise = match rule {
                _ if at.t() == 1 => 0.0,
                Rule::Ancestral(choice) => choice.at(at),
                Rule::Ddim(eta) => eta * posterior::variance(at),
            };
            mean = slope * mean + offset;
            variance = slope * slope * variance + noise;
        }
        let samples = sample(&model, &[40_000], all(rule));
        let n = samples.len() as f64;
        let got = samples.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let square = |&x: &f32| (f64::from(x) - mean).powi(2);
        let spread = samples.iter().map(square).sum::<f64>() / n;
        let z = (got - mean) / (variance / n).sqrt();
        assert!(z.abs() < 5.0, "{rule:?}: mean {got} against {mean}");
        let z = (spread / variance - 1.0) / (2.0 / n).sqrt();
        assert!(z.abs() < 5.0, "{rule:?}: {spread} against {variance}");
        // And all of them land near the data.
        assert!((mean - 1.5).abs() < 0.1 && (variance - 0.5).abs() < 0.1);
    }
}

/// Line 4 of Algorithm 2 is the paper's equation (11), whichever way round it
/// is computed: by ε, or by `x_0` and the posterior.
#[test]
fn the_ancestral_mean_is_equation_11() {
    let model = Perfect::denoiser(60, 0.7, 0.2);
    let x_t = Tensor::new(&[-1.0, 0.3, 2.0], &Device::Cpu).unwrap();
    for at in model.schedule.iter() {
        let estimate = model.estimate(&x_t, at, false).unwrap();
        let rule = Rule::Ancestral(ReverseVariance::Beta);
        let zero = || Ok(x_t.zeros_like()?);
        let stepped = rule.step(at, &x_t, &estimate, zero).unwrap();
        let (of_x, of_epsilon) = parameterization::mean_from_epsilon(at);
        let mean =
            (&x_t * of_x).unwrap() + (estimate.epsilon * of_epsilon).unwrap();
        let difference = (stepped - mean.unwrap()).unwrap().abs().unwrap();
        let largest = difference.max_all().unwrap().to_scalar::<f64>();
        assert!(largest.unwrap() < 1e-12);
    }
}

/// Ancestral sampling with `β̃` and DDIM with `η = 1` are one algorithm.
#[test]
fn ddim_with_eta_one_is_ancestral_sampling() {
    let model = Perfect::denoiser(60, 0.7, 0.2);
    let [tilde, ddim] =
        [RULES[1], RULES[3]].map(|rule| sample(&model, &[50], all(rule)));
    for (a, b) in tilde.iter().zip(ddim) {
        assert!((a - b).abs() < 1e-4, "{a} against {b}");
    }
}

/// At `t = 1` the noise is never asked for.
#[test]
fn the_last_step_adds_no_noise() {
    let schedule = Schedule::cosine(10).unwrap();
    let x = Tensor::new(&[0.5_f64], &Device::Cpu).unwrap();
    for rule in RULES {
        for at in schedule.iter() {
            let estimate = Estimate { x_0: x.clone(), epsilon: x.clone() };
            let mut asked = false;
            let noise = || {
                asked = true;
                Ok(x.clone())
            };
            rule.step(at, &x, &estimate, noise).unwrap();
            assert_eq!(asked, at.t() > 1 && rule != Rule::Ddim(0.0));
        }
    }
}

/// The first two samples are the same in a batch of two and of five, and the
/// third is the first of a batch that starts there.
#[test]
fn a_sample_does_not_depend_on_its_batch() {
    let model = network();
    for rule in RULES {
        let five = sample(&model, &[5, 2], all(rule));
        assert_close(&sample(&model, &[2, 2], all(rule)), &five[..4]);
        let third = Options { first: 2, ..all(rule) };
        assert_close(&sample(&model, &[1, 2], third), &five[4..6]);
        let other = Options { seed: 4, ..all(rule) };
        assert_ne!(sample(&model, &[5, 2], other), five);
    }
}

/// The noise is the same to the bit; a matrix product may round differently
/// in a batch of another size.
fn assert_close(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() < 1e-4, "{a} against {b}");
    }
}

/// `x_T` is noise by the stream that is named for it.
#[test]
fn sampling_starts_from_the_named_noise() {
    let model = network();
    let options = Options { first: 7, ..all(RULES[0]) };
    let sampler = Sampler::new(&model, &[1, 2], &Device::Cpu, options).unwrap();
    let start: Vec<f32> = sampler.x().flatten_all().unwrap().to_vec1().unwrap();
    let mut noise = stream(3, Purpose::SampleStart, 0, 7);
    assert_eq!(start, [noise.normal() as f32, noise.normal() as f32]);
}

#[test]
fn times_fall_to_zero_and_clipping_keeps_the_range() {
    let model = network();
    for steps in [1, 2, 7, 20] {
        let options =
            Options { steps: Some(steps), clip: true, ..Options::default() };
        let sampler =
            Sampler::new(&model, &[9, 2], &Device::Cpu, options).unwrap();
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
    let refused = |shape: &[usize], options| {
        Sampler::new(&model, shape, &Device::Cpu, options).is_err()
    };
    for steps in [0, 21] {
        let options = Options { steps: Some(steps), ..Options::default() };
        assert!(refused(&[1, 2], options));
    }
    let options = Options { steps: None, ..Options::default() };
    assert!(refused(&[], options));
    let eta = Options { rule: Rule::Ddim(1.5), ..options };
    let mut sampler = Sampler::new(&model, &[1, 2], &Device::Cpu, eta).unwrap();
    assert!(sampler.next().unwrap().is_err());
    assert!(sampler.next().is_none(), "an error is the last item");
    let beyond = Options { first: u32::MAX, ..options };
    assert!(refused(&[2, 2], beyond));
}
