//! Lesson 6: evaluation by a classifier.
//!
//! A small classifier is trained on 9,000 of the embedded digits and tested on the
//! other 1,000. Then it classifies samples: the lesson prints the share that gets
//! a class with confidence above 0.9, and the number of samples of each class. The
//! lesson asserts a test accuracy of 98 %.
//!
//! ```text
//! cargo run --release --example judge -- runs/digits/samples.safetensors
//! ```

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod classifier;

use anyhow::{Context, Result, ensure};
use candle_core::{D, DType, Device, Tensor};
use candle_fused::value_and_grad;
use candle_nn::loss::cross_entropy;
use clap::Parser;
use classifier::Classifier;
use ddpm::nn::Parameters;
use ddpm::optim::{Optimizer, ParamGroups};
use ddpm::random::{Purpose, stream};
use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Evaluate samples of digits by an independent classifier.
#[derive(Parser, Debug)]
struct Args {
    /// File with a tensor `samples`, N x 1 x 28 x 28 in [-1, 1]
    samples: Option<PathBuf>,
    /// Epochs of training
    #[arg(long, default_value_t = 15)]
    epochs: u32,
    /// Device: cpu, cuda, cuda:1, … or metal
    #[arg(long, default_value = "cpu")]
    device: String,
    /// Seed of the classifier and its training
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const CONFIDENT: f32 = 0.9;
const TRAIN: usize = 9_000;
const BATCH: usize = 50;

fn main() -> Result<()> {
    let args = Args::parse();
    let device = ddpm::nn::device(&args.device)?;
    let samples = args.samples.as_deref().map(|path| load(path, &device));
    let samples = samples.transpose()?;
    let digits = ddpm::data::mnist_10k()?;
    let labels = digits.labels().context("the digits have labels")?;
    let shape = (digits.len(), 1, 28, 28);
    let images = Tensor::from_vec(digits.scaled(), shape, &device)?;

    let classifier = train(&args, &images, labels)?;
    let unseen = images.narrow(0, TRAIN, digits.len() - TRAIN)?;
    let verdicts = judge(&classifier, &unseen)?;
    let right = verdicts
        .iter()
        .zip(&labels[TRAIN..])
        .filter(|((class, _), label)| *class == usize::from(**label))
        .count();
    let accuracy = right as f64 / verdicts.len() as f64;
    println!("{right} of {} test digits classified correctly", verdicts.len());
    report("test digits", &verdicts);
    ensure!(accuracy >= 0.98, "accuracy {accuracy}, it should be 0.98");

    if let Some(samples) = samples {
        report("samples", &judge(&classifier, &samples)?);
    }
    Ok(())
}

/// Reads the samples from a file of the digits lesson.
fn load(path: &Path, device: &Device) -> Result<Tensor> {
    let tensors = candle_core::safetensors::load(path, device)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let samples = tensors
        .get("samples")
        .with_context(|| format!("no `samples` in {}", path.display()))?;
    ensure!(
        samples.rank() == 4 && samples.dims()[1..] == [1, 28, 28],
        "samples must be N x 1 x 28 x 28, these are {:?}",
        samples.dims()
    );
    Ok(samples.clone())
}

/// Trains a classifier by cross-entropy and Adam. The images of a batch are
/// shifted at random by up to two pixels, so that the classifier does not depend on
/// positions.
fn train(args: &Args, images: &Tensor, labels: &[u8]) -> Result<Classifier> {
    let device = images.device();
    let parameters = Parameters::new(args.seed, DType::F32, device);
    let classifier = Classifier::new(&parameters.builder())?;
    let mut adam = Optimizer::new(&parameters, &ParamGroups::default())?;
    let steps = args.epochs * u32::try_from(TRAIN / BATCH)?;
    for epoch in 0..args.epochs {
        let mut order: Vec<u32> = (0..u32::try_from(TRAIN)?).collect();
        let mut random = stream(args.seed, Purpose::Shuffle, epoch, 0);
        random.shuffle(&mut order);
        for chosen in order.chunks(BATCH) {
            let wanted: Vec<u32> =
                chosen.iter().map(|&i| labels[i as usize].into()).collect();
            let wanted = Tensor::new(wanted, device)?;
            let batch =
                images.index_select(&Tensor::new(chosen, device)?, 0)?;
            let (dy, dx) = (random.below(5), random.below(5));
            let batch = shifted(&batch, dy, dx)?;
            let loss = || cross_entropy(&classifier.forward(&batch)?, &wanted);
            let (_, gradients) = value_and_grad(loss)?;
            let gradients: Option<Vec<_>> = parameters
                .named()
                .iter()
                .map(|(_, var)| gradients.get(var).cloned())
                .collect();
            // The learning rate falls to zero along half a cosine.
            let done = f64::from(adam.steps()) / f64::from(steps);
            let rate = 2e-3 * (0.5 + 0.5 * (std::f64::consts::PI * done).cos());
            adam.step(
                &gradients.context("a parameter has no gradient")?,
                rate,
            )?;
        }
        eprintln!("epoch {} of {}", epoch + 1, args.epochs);
    }
    Ok(classifier)
}

/// Shifts images by `(dy - 2, dx - 2)` pixels and fills with background.
fn shifted(images: &Tensor, dy: usize, dx: usize) -> Result<Tensor> {
    // Padding is with zeros, and the background is -1.
    let padded =
        (images + 1.0)?.pad_with_zeros(2, 2, 2)?.pad_with_zeros(3, 2, 2)?;
    let (_, _, height, width) = images.dims4()?;
    Ok((padded.narrow(2, dy, height)?.narrow(3, dx, width)? - 1.0)?)
}

/// Returns the most likely class of each image, and its probability.
fn judge(
    classifier: &Classifier,
    images: &Tensor,
) -> Result<Vec<(usize, f32)>> {
    let mut verdicts = vec![];
    for first in (0..images.dim(0)?).step_by(BATCH) {
        let count = BATCH.min(images.dim(0)? - first);
        let batch = images.narrow(0, first, count)?;
        let logits = classifier.forward(&batch)?;
        let softmax = candle_nn::ops::softmax(&logits, D::Minus1)?;
        for row in softmax.to_vec2::<f32>()? {
            let best = (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b]));
            let best = best.unwrap_or(0);
            verdicts.push((best, row[best]));
        }
    }
    Ok(verdicts)
}

fn report(what: &str, verdicts: &[(usize, f32)]) {
    let mut counts = [0_u32; 10];
    let mut confident = 0_u32;
    for (class, confidence) in verdicts {
        counts[*class] += 1;
        confident += u32::from(*confidence > CONFIDENT);
    }
    let share = f64::from(confident) / verdicts.len() as f64;
    println!(
        "{what}: {share:.3} of {} classified with confidence above \
         {CONFIDENT}\n  each class, 0 to 9: {counts:?}",
        verdicts.len()
    );
}
