//! Algorithms 1 and 2 of the DDPM paper, each in one function, against the library.

use candle_core::{DType, Device, Tensor};
use ddpm::Result;
use ddpm::data::swiss_roll;
use ddpm::math::posterior::ReverseVariance;
use ddpm::math::{PredictionType, Schedule, parameterization};
use ddpm::nn::{Denoiser, Mlp, MlpConfig, ModelConfig, Network, Parameters};
use ddpm::optim::{Optimizer, ParamGroups};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{Method, SampleOptions, sample};
use ddpm::train::{Batch, Batches, TrainConfig, Trainer, add_noise};

const SEED: u64 = 3;
const LEARNING_RATE: f64 = 1e-3;

/// Algorithm 1: trains a network, and returns the loss of each step.
fn algorithm_1(
    network: &Mlp,
    parameters: &Parameters,
    batches: &mut Batches,
    schedule: &Schedule,
    steps: u32,
) -> Result<Vec<f64>> {
    let mut optimizer = Optimizer::new(parameters, &ParamGroups::default())?;
    let mut losses = vec![];
    for k in 0..steps {
        // Lines 2 to 4: draw examples, and a timestep and noise for each.
        let Batch { x_0, t, epsilon } = batches.batch(k, schedule)?;
        // x_t = √ᾱ_t x_0 + √(1-ᾱ_t) ε
        let x_t = add_noise(schedule, &x_0, &epsilon, &t)?;
        // ‖ε - ε_θ(x_t, t)‖², a mean over the batch and all dimensions.
        let t: Vec<f64> = t.into_iter().map(|t| t as f64).collect();
        let t = Tensor::new(t, x_t.device())?;
        let error = (epsilon - network.forward(&x_t, &t)?)?;
        let loss = error.sqr()?.mean_all()?;
        // Line 5: a gradient step.
        let store = loss.backward()?;
        let gradient =
            |(_, var): (_, candle_core::Var)| store.get(&var).cloned();
        let gradients: Option<Vec<_>> =
            parameters.named().into_iter().map(gradient).collect();
        let gradients = gradients.expect("the loss depends on every parameter");
        optimizer.step(&gradients, LEARNING_RATE)?;
        losses.push(loss.to_scalar()?);
    }
    Ok(losses)
}

/// Algorithm 2: draws `count` points. `z(t)` returns standard normal noise for the
/// step to `x_t`.
fn algorithm_2(
    network: &impl Network,
    schedule: &Schedule,
    count: usize,
    z: impl Fn(usize) -> Result<Tensor>,
) -> Result<Tensor> {
    // Line 1: x_T ~ N(0, I).
    let mut x = z(schedule.steps())?;
    // Line 2: for t = T, …, 1.
    for t in (1..=schedule.steps()).rev() {
        let at = schedule.at(t)?;
        let timesteps = Tensor::full(t as f64, count, x.device())?;
        let epsilon = network.forward(&x, &timesteps)?;
        // μ_θ(x_t, t) = (x_t - β_t / √(1-ᾱ_t) ε_θ(x_t, t)) / √α_t
        let c = parameterization::mean_from_epsilon(at);
        let mean = ((&x * c.x_t)? + (epsilon * c.epsilon)?)?;
        // Lines 3 and 4: x_{t-1} = μ_θ + σ_t z, with z = 0 in the last step.
        let sigma = ReverseVariance::Beta.variance(at).sqrt();
        x = if t > 1 { (mean + (z(t - 1)? * sigma)?)? } else { mean };
    }
    Ok(x)
}

fn data() -> Tensor {
    let points = swiss_roll(1000, SEED).into_flattened();
    let points = Tensor::from_vec(points, (1000, 2), &Device::Cpu).unwrap();
    points.to_dtype(DType::F64).unwrap()
}

fn config() -> ModelConfig<MlpConfig> {
    ModelConfig {
        network: MlpConfig { dim: 2, width: 16, layers: 2 },
        schedule: Schedule::linear(40, 1e-3, 0.3).unwrap(),
        prediction_type: PredictionType::Epsilon,
    }
}

fn model(parameters: &Parameters) -> Denoiser<Mlp> {
    config().build(&parameters.builder(), &[2]).unwrap()
}

#[test]
fn a_trainer_runs_algorithm_1() {
    let parameters = Parameters::new(SEED, DType::F64, &Device::Cpu);
    let Denoiser { network, schedule, .. } = model(&parameters);
    let mut batches = Batches::new(data(), 64, SEED).unwrap();
    let losses =
        algorithm_1(&network, &parameters, &mut batches, &schedule, 50);
    let losses = losses.unwrap();

    let train = TrainConfig {
        seed: SEED,
        batch_size: 64,
        learning_rate: LEARNING_RATE,
        warmup_steps: 0,
        max_grad_norm: None,
        ..TrainConfig::default()
    };
    let trainer = Trainer::new(config(), data(), train).unwrap();
    for (report, loss) in trainer.zip(&losses) {
        approx::assert_relative_eq!(
            report.unwrap().loss,
            *loss,
            max_relative = 1e-9
        );
    }
    assert!(losses[49] < 0.9 * losses[0], "{losses:?}"); // it learns
}

#[test]
fn a_sampler_runs_algorithm_2() {
    const COUNT: usize = 5;
    let parameters = Parameters::new(SEED, DType::F64, &Device::Cpu);
    let model = model(&parameters);
    // The noise of the sampler, by the names of its streams.
    let z = |t: usize| {
        let (purpose, step) = if t == model.schedule.steps() {
            (Purpose::SampleStart, 0)
        } else {
            (Purpose::SampleNoise, u32::try_from(t + 1).unwrap())
        };
        let mut noise = vec![0_f32; 2 * COUNT];
        for (index, point) in (0..).zip(noise.chunks_mut(2)) {
            stream(SEED, purpose, step, index).fill_normal(point);
        }
        let noise = Tensor::from_vec(noise, (COUNT, 2), &Device::Cpu)?;
        Ok(noise.to_dtype(DType::F64)?)
    };
    let points = algorithm_2(&model.network, &model.schedule, COUNT, z);
    let points = points.unwrap().to_vec2::<f64>().unwrap();

    let options = SampleOptions {
        method: Method::Ancestral(ReverseVariance::Beta),
        clip_sample: false,
        seed: SEED,
        ..SampleOptions::default()
    };
    let samples = sample(&model, COUNT, &options).unwrap();
    let samples = samples.to_vec2::<f64>().unwrap();
    for (point, sample) in points.concat().iter().zip(samples.concat()) {
        approx::assert_relative_eq!(*point, sample, max_relative = 1e-9);
    }
}
