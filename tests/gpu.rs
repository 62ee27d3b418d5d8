//! A GPU gives the results of the CPU: the same function, the same training,
//! the same samples from the same seed.
//!
//! These tests need a GPU, and a build for it: `cargo test --release --features
//! cuda --test gpu`, or `--features metal`.

#![cfg(any(feature = "cuda", feature = "metal"))]

use candle_core::{DType, Device, Tensor};
use candle_fused::value_and_grad;
use ddpm::math::posterior::ReverseVariance;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{Denoiser, ModelConfig, Network, Parameters, UNet, UNetConfig};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{Method, SampleOptions, sample};
use ddpm::train::{TrainConfig, Trainer};
use std::fs;
use std::path::Path;

fn gpu() -> Device {
    let name = if cfg!(feature = "cuda") { "cuda" } else { "metal" };
    ddpm::nn::device(name).unwrap()
}

/// Returns normal random numbers, the same on every device.
fn random(shape: &[usize], seed: u64, device: &Device) -> Tensor {
    let mut values = vec![0_f32; shape.iter().product()];
    stream(seed, Purpose::Data, 0, 0).fill_normal(&mut values);
    Tensor::from_vec(values, shape, device).unwrap()
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// Asserts that two results are equal up to rounding, relative to the largest
/// number.
fn assert_close(cpu: &[f32], gpu: &[f32], tolerance: f32, what: &str) {
    assert_eq!(cpu.len(), gpu.len());
    let scale = cpu.iter().fold(1e-6_f32, |m, x| m.max(x.abs()));
    for (a, b) in cpu.iter().zip(gpu) {
        let off = (a - b).abs() / scale;
        assert!(off < tolerance, "{what}: {a} against {b}");
    }
}

/// Sets every parameter to draws from `N(0, 0.05²)`, the same on every device.
fn randomize(parameters: &Parameters, device: &Device) {
    for (seed, (_, var)) in (4..).zip(parameters.named()) {
        let values = (random(var.dims(), seed, device) * 0.05).unwrap();
        var.set(&values).unwrap();
    }
}

/// Returns the U-Net of the digits, with random parameters.
fn unet(device: &Device) -> (Denoiser<UNet>, Parameters) {
    let parameters = Parameters::new(3, DType::F32, device);
    let shape = [1, 28, 28];
    let model = config().build(&parameters.builder(), &shape).unwrap();
    randomize(&parameters, device);
    (model, parameters)
}

fn config() -> ModelConfig<UNetConfig> {
    ModelConfig {
        network: UNetConfig::digits(),
        schedule: Schedule::cosine(1000).unwrap(),
        prediction_type: PredictionType::V,
    }
}

/// The output and the gradient of every parameter agree.
#[test]
fn networks_agree() {
    let run = |device: &Device| {
        let (model, parameters) = unet(device);
        let x = random(&[4, 1, 28, 28], 2, device);
        let t = Tensor::new(&[1_f32, 9.0, 500.0, 1000.0], device).unwrap();
        let y = model.network.forward(&x, &t).unwrap();
        let loss = || -> ddpm::Result<Tensor> {
            Ok(model.network.forward(&x, &t)?.sqr()?.mean_all()?)
        };
        let (_, gradients) = value_and_grad(loss).unwrap();
        let mut all = vec![("the output".to_owned(), numbers(&y))];
        for (name, var) in parameters.named() {
            let gradient = gradients.get(&var).unwrap();
            all.push((name.clone(), numbers(gradient)));
        }
        all
    };
    for (cpu, gpu) in run(&Device::Cpu).iter().zip(run(&gpu())) {
        assert_close(&cpu.1, &gpu.1, 1e-3, &cpu.0);
    }
}

fn trainer(device: &Device) -> Trainer<UNetConfig> {
    let batch_size = 16;
    let train =
        TrainConfig { batch_size, warmup_steps: 2, ..TrainConfig::default() };
    let data = random(&[64, 1, 28, 28], 5, device);
    let trainer = Trainer::new(config(), data, train).unwrap();
    randomize(trainer.parameters(), device);
    trainer
}

fn losses(trainer: &mut Trainer<UNetConfig>, steps: usize) -> Vec<f32> {
    #[allow(clippy::cast_possible_truncation)]
    trainer.take(steps).map(|p| p.unwrap().loss as f32).collect()
}

/// Both devices use the same batches, timesteps and noise. The losses agree up
/// to rounding errors, which grow over a few steps.
#[test]
fn training_agrees() {
    let cpu = losses(&mut trainer(&Device::Cpu), 6);
    assert_close(&cpu, &losses(&mut trainer(&gpu()), 6), 1e-2, "losses");
}

/// A checkpoint from one device can be resumed on the other device.
#[test]
fn checkpoints_move_between_devices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let state = |trainer: &Trainer<UNetConfig>, to: &Path| {
        trainer.save(to).unwrap();
        fs::read(to).unwrap()
    };
    let mut first = trainer(&gpu());
    losses(&mut first, 3);
    let saved = state(&first, &path);
    let mut second = trainer(&Device::Cpu);
    second.load(&path).unwrap();
    assert!(state(&second, &folder.path().join("again")) == saved);
    let (a, b) = (losses(&mut first, 2), losses(&mut second, 2));
    assert_close(&b, &a, 1e-2, "losses");
}

/// The same seed draws the same samples on both devices, by every method.
#[test]
fn samples_agree() {
    let methods =
        [Method::Ancestral(ReverseVariance::Beta), Method::Ddim { eta: 0.0 }];
    for method in methods {
        let draw = |device: &Device| {
            let (model, _) = unet(device);
            let options = SampleOptions {
                method,
                steps: Some(10),
                seed: 3,
                ..SampleOptions::default()
            };
            numbers(&sample(&model, 3, &options).unwrap())
        };
        let what = format!("{method:?}");
        assert_close(&draw(&Device::Cpu), &draw(&gpu()), 1e-2, &what);
    }
}

/// NCCL refuses two processes on one GPU, so there is one process here.
#[cfg(feature = "nccl")]
#[test]
fn nccl_connects_a_gpu_with_itself() {
    use ddpm::distributed::{Communicator, Mpi, Nccl, sum};
    let gpu = gpu();
    let ranks = Nccl::start(Mpi::start().unwrap(), &gpu).unwrap();
    assert_eq!((ranks.rank(), ranks.size()), (0, 1));
    let x = random(&[5], 1, &gpu);
    assert_eq!(numbers(&sum(&ranks, &x).unwrap()), numbers(&x));
    assert!(ranks.send_recv(0, &x, 5).is_err());
}
