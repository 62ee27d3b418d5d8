//! Training approaches the optimum, can be stopped and resumed, and stops at a
//! loss that is not finite.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use ddpm::data::Mixture;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{
    Denoiser, Mlp, MlpConfig, ModelConfig, Network, NetworkConfig, UNetConfig,
    Weights, load_model,
};
use ddpm::optim::{Adam, Muon, ParamGroups, UpdateRule};
use ddpm::sample::{SampleOptions, sample};
use ddpm::train::{
    Batches, LossWeight, TimestepSampler, TrainConfig, Trainer, loss, read_info,
};
use ddpm::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

fn tensor(points: Vec<[f32; 2]>) -> Tensor {
    let count = points.len();
    let values = points.into_flattened();
    Tensor::from_vec(values, (count, 2), &Device::Cpu).unwrap()
}

/// The perfect network for a Gaussian mixture.
struct Perfect {
    mixture: Mixture,
    schedule: Schedule,
}

impl Network for Perfect {
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        let (x_t, t) = (x_t.to_vec2::<f32>()?, t.to_vec1::<f32>()?);
        let epsilon = |(x, t): (&Vec<f32>, &f32)| {
            let at = self.schedule.at(*t as usize)?;
            let x_t = [f64::from(x[0]), f64::from(x[1])];
            Ok(self.mixture.epsilon(at, x_t).map(|e| e as f32))
        };
        let rows = x_t.iter().zip(&t).map(epsilon);
        Ok(tensor(rows.collect::<Result<_>>()?))
    }
}

fn denoiser<N>(network: N, prediction_type: PredictionType) -> Denoiser<N> {
    let schedule = Schedule::cosine(100).unwrap();
    let sample_shape = vec![2];
    Denoiser { network, schedule, prediction_type, sample_shape }
}

fn model(width: usize, layers: usize) -> ModelConfig<MlpConfig> {
    ModelConfig {
        network: MlpConfig { dim: 2, width, layers },
        schedule: Schedule::cosine(100).unwrap(),
        prediction_type: PredictionType::Epsilon,
    }
}

/// A file has the betas of a schedule, and would give back another schedule.
#[test]
fn a_schedule_that_a_file_cannot_hold_is_refused() {
    let halves = Schedule::from_betas(vec![0.5; 60]).unwrap();
    let data = tensor(vec![[0.0, 0.0]]);
    let created = |schedule: &Schedule| {
        let model = ModelConfig { schedule: schedule.clone(), ..model(8, 1) };
        let trainer = Trainer::new(model, data.clone(), TrainConfig::default());
        trainer.map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(created(&halves), Ok(()));
    // One step that removes all but 2^-60 of the signal: β rounds to 1.
    let one = halves.respace(&[60]).unwrap();
    assert!(created(&one).unwrap_err().contains("its betas give"));
}

fn trainer(config: TrainConfig, width: usize) -> Trainer<MlpConfig> {
    trainer_of(config, width, 2)
}

fn trainer_of(
    config: TrainConfig,
    width: usize,
    layers: usize,
) -> Trainer<MlpConfig> {
    let data = tensor(Mixture::ring(4).unwrap().sample(4000, 0));
    Trainer::new(model(width, layers), data, config).unwrap()
}

/// On new points of a Gaussian mixture, the loss of the trained network is
/// above the loss of the perfect network, by less than 5 %.
#[test]
fn the_loss_approaches_the_known_optimum() {
    let config = TrainConfig {
        batch_size: 256,
        learning_rate: 3e-3,
        decay_from: Some(300),
        ..TrainConfig::default()
    };
    let mut trainer = trainer(config, 64);
    for report in trainer.by_ref().take(2500) {
        report.unwrap();
    }

    let mixture = Mixture::ring(4).unwrap();
    let fresh = tensor(mixture.sample(20_000, 99));
    let schedule = Schedule::cosine(100).unwrap();
    let batch =
        Batches::new(fresh, 20_000, 99).unwrap().batch(0, &schedule).unwrap();
    let perfect =
        denoiser(Perfect { mixture, schedule }, PredictionType::Epsilon);
    let value = |loss: Result<Tensor>| {
        f64::from(loss.unwrap().to_scalar::<f32>().unwrap())
    };
    let optimum = value(loss(&perfect, &batch, LossWeight::Simple));
    let model = trainer.into_model().unwrap();
    let reached = value(loss(&model, &batch, LossWeight::Simple));
    assert!(reached > optimum, "{reached} beats the optimum {optimum}");
    assert!(reached < 1.05 * optimum, "{reached} against {optimum}");
}

/// Each prediction type has its own target: for a network that predicts 0, the
/// loss is the mean square of the target.
#[test]
fn the_loss_is_that_of_the_prediction() {
    struct Zero;
    impl Network for Zero {
        fn forward(&self, x_t: &Tensor, _: &Tensor) -> Result<Tensor> {
            Ok(x_t.zeros_like()?)
        }
    }
    let data = tensor(vec![[2.0, 2.0]; 8]);
    let schedule = Schedule::cosine(100).unwrap();
    let mut batches = Batches::new(data, 4096, 1).unwrap();
    let batch = batches.batch(0, &schedule).unwrap();
    let of_zero = |prediction| {
        let model = denoiser(Zero, prediction);
        let loss = loss(&model, &batch, LossWeight::Simple).unwrap();
        loss.to_scalar::<f32>().unwrap()
    };
    // E ε² = 1, x_0² = 4, and E v² = ᾱ + 4 (1-ᾱ), averaged over t.
    let mean = schedule.iter().map(|at| at.alpha_bar()).sum::<f64>() / 100.0;
    let v = (mean + 4.0 * (1.0 - mean)) as f32;
    assert!((of_zero(PredictionType::Epsilon) - 1.0).abs() < 0.05);
    assert!((of_zero(PredictionType::X0) - 4.0).abs() < 1e-5);
    assert!((of_zero(PredictionType::V) - v).abs() < 0.15);
}

fn run(trainer: &mut Trainer<MlpConfig>, steps: usize) -> Vec<f64> {
    trainer.take(steps).map(|p| p.unwrap().loss).collect()
}

/// Returns the state as bytes.
fn bytes(trainer: &Trainer<MlpConfig>, folder: &Path) -> Vec<u8> {
    let path = folder.join("state");
    trainer.save(&path).unwrap();
    fs::read(path).unwrap()
}

#[test]
fn the_seed_decides_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let state = |seed| {
        let config =
            TrainConfig { seed, batch_size: 8, ..TrainConfig::default() };
        let mut trainer = trainer(config, 16);
        run(&mut trainer, 20);
        bytes(&trainer, folder.path())
    };
    assert!(state(1) == state(1));
    assert!(state(1) != state(2));
}

#[test]
fn a_resumed_run_is_the_run_that_never_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let config = TrainConfig {
        batch_size: 8,
        warmup_steps: 15,
        optimizer: ParamGroups::all(UpdateRule::Adam(Adam {
            weight_decay: 0.1,
            ..Adam::default()
        })),
        ..TrainConfig::default()
    };
    let mut whole = trainer(config, 16);
    let losses = run(&mut whole, 30);

    let mut first = trainer(config, 16);
    run(&mut first, 12);
    first.save(&path).unwrap();
    let mut second = trainer(config, 16);
    second.load(&path).unwrap();
    assert_eq!(second.steps(), 12);
    assert_eq!(run(&mut second, 18), losses[12..]);
    assert!(bytes(&whole, folder.path()) == bytes(&second, folder.path()));
}

#[test]
fn a_bad_checkpoint_is_named_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let config = TrainConfig { batch_size: 8, ..TrainConfig::default() };
    let mut saved = trainer(config, 16);
    run(&mut saved, 3);
    saved.save(&path).unwrap();
    let good = fs::read(&path).unwrap();

    let mut other = trainer(config, 16);
    let before = bytes(&other, folder.path());
    let mut refused = |content: &[u8], why: &str| {
        fs::write(&path, content).unwrap();
        let error = other.load(&path).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(error.contains("checkpoint"), "{error}");
    };
    refused(b"", "it is empty");
    refused(b"<!DOCTYPE html>", "it is a web page");
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    refused(&flipped, "its checksum is wrong");
    // A beta of the schedule, in the header.
    let text = br#"\"betas\":[0."#;
    let beta = good.windows(text.len()).position(|window| window == text);
    let mut flipped = good.clone();
    let digit = &mut flipped[beta.unwrap() + text.len() + 5];
    *digit = if *digit == b'1' { b'2' } else { b'1' };
    refused(&flipped, "its checksum is wrong");
    refused(&good[..good.len() / 2], "cut off");
    refused(&good[..good.len() - 1], "cut off");
    let mut noise = good.clone();
    noise[..8].fill(0xff);
    refused(&noise, "cut off or damaged");
    // The header is JSON inside JSON, so its quotes are escaped.
    let text = br#"\"version\":5"#;
    let version = good
        .windows(text.len())
        .position(|window| window == text)
        .expect("the header says its version");
    let mut older = good.clone();
    older[version + text.len() - 1] = b'4';
    refused(&older, "it has version 4, and this program reads version 5");
    let path_2 = folder.path().join("checkpoint.2");
    saved.save_weights(&path_2).unwrap();
    refused(&fs::read(&path_2).unwrap(), "it has weights alone");
    fs::write(&path, &good).unwrap();

    // The error names the setting that differs.
    let data = || tensor(Mixture::ring(4).unwrap().sample(4000, 0));
    let differs = |made: Result<Trainer<MlpConfig>>, why: &str| {
        let error = made.unwrap().load(&path).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    };
    let new = |width| Trainer::new(model(width, 2), data(), config);
    differs(new(32), "network.width is 16 in the file, and 32 here");
    let other_type =
        ModelConfig { prediction_type: PredictionType::X0, ..model(16, 2) };
    let made = Trainer::new(other_type, data(), config);
    differs(
        made,
        "prediction_type is \"epsilon\" in the file, and \"x0\" here",
    );
    let schedule = Schedule::cosine(101).unwrap();
    let other_schedule = ModelConfig { schedule, ..model(16, 2) };
    let made = Trainer::new(other_schedule, data(), config);
    differs(made, "another noise schedule");
    let seed = TrainConfig { seed: 5, ..config };
    let made = Trainer::new(model(16, 2), data(), seed);
    differs(made, "seed is 0 in the file, and 5 here");
    let hidden = UpdateRule::Muon(Muon::default());
    let optimizer = ParamGroups { hidden, ..ParamGroups::default() };
    let made =
        Trainer::new(model(16, 2), data(), TrainConfig { optimizer, ..config });
    differs(made, "optimizer.hidden");
    let made = Trainer::new(model(16, 2), tensor(vec![[0.5; 2]; 9]), config);
    differs(made, "other data");

    let missing = folder.path().join("nowhere");
    let error = other.load(&missing).unwrap_err();
    assert!(matches!(error, Error::Io(_)));
    assert!(bytes(&other, folder.path()) == before);
}

/// Another batch size or learning rate is no other run.
#[test]
fn some_options_may_change_in_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let config = TrainConfig { batch_size: 8, ..TrainConfig::default() };
    let mut first = trainer(config, 16);
    run(&mut first, 3);
    first.save(&path).unwrap();
    let info = read_info(&path).unwrap();
    assert_eq!((info.config, info.steps), (config, 3));
    let changed = TrainConfig { batch_size: 12, learning_rate: 1e-3, ..config };
    let mut second = trainer(changed, 16);
    second.load(&path).unwrap();
    let report = second.next().unwrap().unwrap();
    assert_eq!((report.step, report.learning_rate), (4, 4e-2 * 1e-3));
}

/// The message names the example, and comes before training.
#[test]
fn data_that_cannot_be_learned_are_refused() {
    let refused = |data: Tensor, why: &str| {
        let made = Trainer::new(model(16, 2), data, TrainConfig::default());
        let error = made.unwrap_err();
        assert!(matches!(error, Error::Argument { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    };
    let mut points = vec![[0.5, -0.5]; 9];
    points[7][1] = f32::NAN;
    refused(tensor(points.clone()), "finite, got NaN in example 7");
    points[7][1] = f32::NEG_INFINITY;
    refused(tensor(points), "finite, got -inf in example 7");
    refused(tensor(vec![]), "1 to 2^32 - 1 examples, got 0");
    let tensor = Tensor::new(&[[1_u8, 2]], &Device::Cpu).unwrap();
    refused(tensor, "f32 or f64, got u8");
    let number = Tensor::new(1_f32, &Device::Cpu).unwrap();
    refused(number, "the data must be");
}

/// A checkpoint holds the model: candle-nn finds the weights by plain names,
/// and the EMA weights under `ema.`.
#[test]
fn weights_are_found_by_plain_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let config = TrainConfig { batch_size: 8, ..TrainConfig::default() };
    let mut trainer = trainer(config, 16);
    run(&mut trainer, 5);
    let x_t = tensor(vec![[0.5, -1.0]]);
    let epsilon = |model: &Denoiser<Mlp>| {
        let at = model.schedule.at(30).unwrap();
        let predicted = model.predict(&x_t, at, false).unwrap();
        predicted.epsilon.to_vec2::<f32>().unwrap()
    };
    for save in [Trainer::save, Trainer::save_weights] {
        save(&trainer, &path).unwrap();
        for (weights, expected) in [
            (Weights::Last, trainer.model().unwrap()),
            (Weights::Ema, trainer.ema_model().unwrap()),
        ] {
            let loaded =
                load_model::<MlpConfig>(&path, weights, &Device::Cpu).unwrap();
            assert_eq!(epsilon(&loaded), epsilon(&expected));
            assert_eq!(loaded.schedule, expected.schedule);
        }
        let (dtype, device) = (DType::F32, Device::Cpu);
        let bytes = fs::read(&path).unwrap();
        let vb = candle_nn::VarBuilder::from_buffered_safetensors(
            bytes, dtype, &device,
        );
        let vb = vb.unwrap();
        assert!(vb.contains_tensor("hidden.0.weight"));
        assert!(vb.pp("ema").contains_tensor("hidden.0.weight"));
    }
    // The averaged weights alone: there are no others.
    trainer.save_ema(&path, DType::F32).unwrap();
    for weights in [Weights::Last, Weights::Ema] {
        let loaded = load_model::<MlpConfig>(&path, weights, &Device::Cpu);
        let expected = trainer.ema_model().unwrap();
        assert_eq!(epsilon(&loaded.unwrap()), epsilon(&expected));
    }
    trainer.save_ema(&path, DType::F64).unwrap();
    let loaded = load_model::<MlpConfig>(&path, Weights::Ema, &Device::Cpu);
    assert_eq!(loaded.unwrap().network.dtype(), DType::F64);

    let error = load_model::<UNetConfig>(&path, Weights::Ema, &Device::Cpu);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("of kind mlp, expected unet"), "{error}");
}

/// A run stops at the first step with a loss that is not finite, before the
/// step changes the parameters, and the error names the step.
#[test]
fn a_loss_that_is_not_finite_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let config = TrainConfig {
        batch_size: 8,
        learning_rate: 1e30,
        warmup_steps: 0,
        ..TrainConfig::default()
    };
    let mut trainer = trainer(config, 16);
    let mut steps = 0;
    let error = loop {
        let before = bytes(&trainer, folder.path());
        match trainer.next().unwrap() {
            Ok(_) => steps += 1,
            Err(error) => {
                assert!(bytes(&trainer, folder.path()) == before);
                break error;
            }
        }
        assert!(steps < 100, "a learning rate of 1e30 must diverge");
    };
    let Error::Diverged { step, value, .. } = error else { panic!("{error}") };
    assert_eq!(step, steps + 1);
    assert!(!value.is_finite());
    assert!(error.to_string().contains(&format!("at step {step}")));
}

/// After a failure the trainer continues from a checkpoint.
#[test]
fn a_failed_run_continues_after_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let config = TrainConfig {
        batch_size: 8,
        learning_rate: 1e30,
        warmup_steps: 0,
        ..TrainConfig::default()
    };
    let mut trainer = trainer(config, 16);
    trainer.save(&path).unwrap();
    while trainer.next().is_some() {}
    trainer.load(&path).unwrap();
    assert_eq!(trainer.next().unwrap().unwrap().step, 1);
}

/// An MLP with a parameter that it does not use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Forgetful(MlpConfig);

impl NetworkConfig for Forgetful {
    const KIND: &'static str = "forgetful";
    type Network = Mlp;

    fn build(&self, vb: &VarBuilder) -> Result<Mlp> {
        vb.get(3, "forgotten")?;
        self.0.build(vb)
    }
}

/// A parameter without influence on the loss is an error, which names the
/// parameter.
#[test]
fn a_parameter_without_gradient_is_an_error() {
    let ModelConfig { network, schedule, prediction_type } = model(8, 1);
    let network = Forgetful(network);
    let model = ModelConfig { network, schedule, prediction_type };
    let data = tensor(vec![[0.0, 1.0]; 4]);
    let mut trainer =
        Trainer::new(model, data, TrainConfig::default()).unwrap();
    let error = trainer.next().unwrap().unwrap_err();
    assert!(error.to_string().contains("forgotten"), "{error}");
    assert!(trainer.next().is_none(), "the error is the last item");
}

/// Predicts a multiple of `x_t`.
struct Gain(Tensor); // a number

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct GainConfig;

impl Network for Gain {
    fn forward(&self, x_t: &Tensor, _: &Tensor) -> Result<Tensor> {
        Ok(x_t.broadcast_mul(&self.0)?)
    }
}

impl NetworkConfig for GainConfig {
    const KIND: &'static str = "gain";
    type Network = Gain;

    fn build(&self, vb: &VarBuilder) -> Result<Gain> {
        Ok(Gain(vb.get((), "gain")?))
    }
}

/// A parameter may be a single number, without dimensions.
#[test]
fn a_number_alone_is_trained_saved_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let new = || {
        let ModelConfig { schedule, prediction_type, .. } = model(8, 1);
        let model =
            ModelConfig { network: GainConfig, schedule, prediction_type };
        let data = tensor(vec![[0.0, 1.0]; 4]);
        Trainer::new(model, data, TrainConfig::default()).unwrap()
    };
    let gain = |trainer: &Trainer<GainConfig>| {
        let gain = trainer.model().unwrap().network.0;
        gain.to_scalar::<f32>().unwrap()
    };
    let mut trainer = new();
    let before = gain(&trainer);
    trainer.next().unwrap().unwrap();
    trainer.save(&path).unwrap();
    assert_ne!(gain(&trainer), before);
    let mut other = new();
    other.load(&path).unwrap();
    assert_eq!(gain(&other), gain(&trainer));
    let losses = [&mut trainer, &mut other]
        .map(|trainer| trainer.next().unwrap().unwrap().loss);
    assert_eq!(losses[0], losses[1]);
}

/// The network has the data type of the training data: `f32` or `f64`.
#[test]
fn data_decide_the_type_of_the_network() {
    let config = TrainConfig { batch_size: 8, ..TrainConfig::default() };
    let data = |dtype| tensor(vec![[0.0, 1.0]; 4]).to_dtype(dtype).unwrap();
    let mut trainer =
        Trainer::new(model(8, 1), data(DType::F64), config).unwrap();
    trainer.next().unwrap().unwrap();
    let samples =
        sample(&trainer.ema_model().unwrap(), 3, &SampleOptions::default());
    assert_eq!(samples.unwrap().dtype(), DType::F64);
    let error = Trainer::new(model(8, 1), data(DType::U8), config);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("f32 or f64, got u8"), "{error}");
}

/// Later steps do not change a model that the trainer has returned.
#[test]
fn models_are_copies() {
    let config = TrainConfig { batch_size: 8, ..TrainConfig::default() };
    let mut trainer = trainer(config, 16);
    run(&mut trainer, 1);
    let x_t = tensor(vec![[0.5, -1.0]]);
    let t = Tensor::new(&[30_f32], &Device::Cpu).unwrap();
    let output = |model: &Denoiser<Mlp>| {
        let y = model.network.infer(&x_t, &t).unwrap();
        y.to_vec2::<f32>().unwrap()
    };
    let models = [trainer.model().unwrap(), trainer.ema_model().unwrap()];
    let before = models.each_ref().map(output);
    run(&mut trainer, 3);
    assert_eq!(models.each_ref().map(output), before);
    assert_ne!(output(&trainer.model().unwrap()), before[0]);
    assert_ne!(output(&trainer.ema_model().unwrap()), before[1]);
}

#[test]
fn options_out_of_range_are_refused() {
    let good = TrainConfig::default();
    let adam = Adam { weight_decay: -0.1, ..Adam::default() };
    let factor = f64::INFINITY;
    let muon = Muon { learning_rate_factor: factor, ..Muon::default() };
    let hidden = UpdateRule::Muon(muon);
    let biases_and_norms = UpdateRule::Muon(Muon::default());
    let groups = ParamGroups::default();
    let bad = [
        TrainConfig { batch_size: 0, ..good },
        TrainConfig { batch_size: usize::MAX, ..good },
        TrainConfig { learning_rate: f64::NAN, ..good },
        TrainConfig { learning_rate: 0.0, ..good },
        TrainConfig { max_grad_norm: Some(-1.0), ..good },
        TrainConfig { decay_from: Some(0), ..good },
        TrainConfig { ema_decay: 1.0, ..good },
        TrainConfig {
            optimizer: ParamGroups::all(UpdateRule::Adam(adam)),
            ..good
        },
        TrainConfig { optimizer: ParamGroups { hidden, ..groups }, ..good },
        TrainConfig {
            optimizer: ParamGroups { biases_and_norms, ..groups },
            ..good
        },
        TrainConfig {
            timestep_sampler: TimestepSampler::LogitNormal {
                mean: 0.0,
                std: 0.0,
            },
            ..good
        },
        TrainConfig { loss_weight: LossWeight::MinSnr { gamma: 0.0 }, ..good },
    ];
    for config in bad {
        let data = tensor(vec![[0.0, 1.0]; 4]);
        let made = Trainer::new(model(8, 1), data, config);
        assert!(made.is_err(), "{config:?}");
    }
}
