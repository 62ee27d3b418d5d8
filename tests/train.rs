//! Training approaches what is possible, can be stopped and resumed, and does
//! not go on with nonsense.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use candle_core::{DType, Device, Tensor};
use ddpm::data::Mixture;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{Denoiser, Mlp, MlpConfig, Network, Parameters};
use ddpm::train::{Batches, Settings, Times, Trainer, loss};
use ddpm::{Error, Result};
use std::fs;
use std::path::Path;

fn tensor(points: Vec<[f32; 2]>) -> Tensor {
    let count = points.len();
    let values = points.into_flattened();
    Tensor::from_vec(values, (count, 2), &Device::Cpu).unwrap()
}

/// The network that cannot be beaten.
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

fn denoiser<N>(network: N, prediction: PredictionType) -> Denoiser<N> {
    let schedule = Schedule::cosine(100).unwrap();
    Denoiser { network, schedule, prediction }
}

fn trainer(settings: Settings, width: usize) -> Trainer<Mlp> {
    trainer_of(settings, width, 2)
}

fn trainer_of(settings: Settings, width: usize, layers: usize) -> Trainer<Mlp> {
    let parameters = Parameters::new(settings.seed, DType::F32, &Device::Cpu);
    let mlp =
        Mlp::new(&MlpConfig { dim: 2, width, layers }, &parameters.builder())
            .unwrap();
    let data = tensor(Mixture::ring(4).unwrap().sample(4000, 0));
    let model = denoiser(mlp, PredictionType::Epsilon);
    Trainer::new(model, parameters, data, settings).unwrap()
}

/// On fresh points of a Gaussian mixture, the loss of the trained network is
/// above that of the known optimum, and within 5 % of it.
#[test]
fn the_loss_approaches_the_known_optimum() {
    let settings = Settings {
        batch: 256,
        learning_rate: 3e-3,
        decay_from: 300,
        ..Settings::default()
    };
    let mut trainer = trainer(settings, 64);
    for progress in trainer.by_ref().take(2500) {
        progress.unwrap();
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
    let optimum = value(loss(&perfect, &batch));
    let reached =
        value(trainer.with_average(|model| loss(model, &batch)).unwrap());
    assert!(reached > optimum, "{reached} beats the optimum {optimum}");
    assert!(reached < 1.05 * optimum, "{reached} against {optimum}");
}

/// The three predictions are trained on three targets, and the perfect `ε`
/// gives the same estimate of `x_0` through each of them.
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
        let loss = loss(&denoiser(Zero, prediction), &batch).unwrap();
        loss.to_scalar::<f32>().unwrap()
    };
    // E ε² = 1; x_0² = 4; v² = ᾱ + 4 (1-ᾱ) in the mean.
    let mean = schedule.iter().map(|at| at.alpha_bar()).sum::<f64>() / 100.0;
    let v = (mean + 4.0 * (1.0 - mean)) as f32;
    assert!((of_zero(PredictionType::Epsilon) - 1.0).abs() < 0.05);
    assert!((of_zero(PredictionType::X0) - 4.0).abs() < 1e-5);
    assert!((of_zero(PredictionType::V) - v).abs() < 0.15);
}

fn run(trainer: &mut Trainer<Mlp>, steps: usize) -> Vec<f64> {
    trainer.take(steps).map(|p| p.unwrap().loss).collect()
}

/// All of the state, as bytes.
fn bytes(trainer: &Trainer<Mlp>, folder: &Path) -> Vec<u8> {
    let path = folder.join("state");
    trainer.save(&path, "test").unwrap();
    fs::read(path).unwrap()
}

#[test]
fn the_seed_decides_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let state = |seed| {
        let settings = Settings { seed, batch: 8, ..Settings::default() };
        let mut trainer = trainer(settings, 16);
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
    let settings = Settings {
        batch: 8,
        warm_up: 15,
        weight_decay: 0.1,
        ..Settings::default()
    };
    let mut whole = trainer(settings, 16);
    let losses = run(&mut whole, 30);

    let mut first = trainer(settings, 16);
    run(&mut first, 12);
    first.save(&path, "test").unwrap();
    let mut second = trainer(settings, 16);
    second.load(&path, "test").unwrap();
    assert_eq!(second.steps(), 12);
    assert_eq!(run(&mut second, 18), losses[12..]);
    assert!(bytes(&whole, folder.path()) == bytes(&second, folder.path()));
}

#[test]
fn a_bad_checkpoint_is_named_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let settings = Settings { batch: 8, ..Settings::default() };
    let mut saved = trainer(settings, 16);
    run(&mut saved, 3);
    saved.save(&path, "test").unwrap();
    let good = fs::read(&path).unwrap();

    let mut other = trainer(settings, 16);
    let before = bytes(&other, folder.path());
    let mut refused = |content: &[u8], model: &str, why: &str| {
        fs::write(&path, content).unwrap();
        let error = other.load(&path, model).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(error.contains("checkpoint"), "{error}");
    };
    refused(&good, "another", "another model");
    refused(b"", "test", "cut off");
    refused(&good[..good.len() / 2], "test", "cut off");
    refused(&good[..good.len() - 1], "test", "cut off");
    // The header is JSON in JSON, so its quotes are escaped.
    let text = br#"\"version\":2"#;
    let version = good
        .windows(text.len())
        .position(|window| window == text)
        .expect("the header says its version");
    let mut newer = good.clone();
    newer[version + text.len() - 1] = b'9';
    refused(&newer, "test", "version 9");
    let mut noise = good.clone();
    noise[..8].fill(0xff);
    refused(&noise, "test", "cut off or damaged");
    let more = folder.path().join("more");
    let longer = trainer_of(settings, 16, 3);
    longer.save(&more, "test").unwrap();
    refused(&fs::read(&more).unwrap(), "test", "tensors, this network's");

    fs::write(&path, &good).unwrap();
    let error = trainer(settings, 32).load(&path, "test").unwrap_err();
    assert!(error.to_string().contains("has shape"), "{error}");
    let settings_2 = Settings { seed: 5, ..settings };
    let error = trainer(settings_2, 16).load(&path, "test").unwrap_err();
    assert!(error.to_string().contains("other settings"), "{error}");
    let missing = folder.path().join("nowhere");
    let error = other.load(&missing, "test").unwrap_err();
    assert!(matches!(error, Error::Io { .. }));

    assert!(bytes(&other, folder.path()) == before);
}

/// A run that blows up stops at the step where it does, before it spoils the
/// parameters, and says so.
#[test]
fn a_loss_that_is_not_finite_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        batch: 8,
        learning_rate: 1e30,
        warm_up: 0,
        ..Settings::default()
    };
    let mut trainer = trainer(settings, 16);
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

/// A parameter that the loss does not see is a mistake, and is named.
#[test]
fn a_parameter_without_gradient_is_an_error() {
    let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    let mlp = Mlp::new(
        &MlpConfig { dim: 2, width: 8, layers: 1 },
        &parameters.builder(),
    )
    .unwrap();
    parameters.builder().get(3, "forgotten").unwrap();
    let data = tensor(vec![[0.0, 1.0]; 4]);
    let model = denoiser(mlp, PredictionType::Epsilon);
    let settings = Settings::default();
    let mut trainer = Trainer::new(model, parameters, data, settings).unwrap();
    let error = trainer.next().unwrap().unwrap_err();
    assert!(error.to_string().contains("forgotten"), "{error}");
    assert!(trainer.next().is_none(), "the error is the last item");
}

/// Data must be of the parameters' type: a mix would fail in the first step,
/// with an error that names neither.
#[test]
fn data_of_another_type_are_refused() {
    let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    let mlp = Mlp::new(
        &MlpConfig { dim: 2, width: 8, layers: 1 },
        &parameters.builder(),
    )
    .unwrap();
    let data = tensor(vec![[0.0, 1.0]; 4]).to_dtype(DType::F64).unwrap();
    let model = denoiser(mlp, PredictionType::Epsilon);
    let settings = Settings::default();
    let error = Trainer::new(model, parameters, data, settings).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("f32") && error.contains("f64"), "{error}");
}

#[test]
fn settings_out_of_range_are_refused() {
    let good = Settings::default();
    let bad = [
        Settings { batch: 0, ..good },
        Settings { batch: usize::MAX, ..good },
        Settings { learning_rate: f64::NAN, ..good },
        Settings { learning_rate: 0.0, ..good },
        Settings { clip: -1.0, ..good },
        Settings { ema_decay: 1.0, ..good },
        Settings { weight_decay: -0.1, ..good },
        Settings { muon: f64::INFINITY, ..good },
        Settings {
            times: Times::Logistic { mean: 0.0, deviation: 0.0 },
            ..good
        },
    ];
    for settings in bad {
        let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
        let mlp = Mlp::new(
            &MlpConfig { dim: 2, width: 8, layers: 1 },
            &parameters.builder(),
        )
        .unwrap();
        let model = denoiser(mlp, PredictionType::Epsilon);
        let data = tensor(vec![[0.0, 1.0]; 4]);
        let made = Trainer::new(model, parameters, data, settings);
        assert!(made.is_err(), "{settings:?}");
    }
}
