//! Sampling, in batches.

use crate::args::{Args, SamplerKind};
use crate::bar::Bar;
use crate::learn::Run;
use anyhow::{Result, bail};
use candle_core::Tensor;
use ddpm::math::posterior::ReverseVariance;
use ddpm::sample::{Method, SampleOptions, Sampler};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// The batch size of sampling.
const BATCH: u32 = 64;
/// The rows and columns of the strip that shows the denoising.
const STRIP: (usize, usize) = (8, 10);

/// The samples of a run.
pub(crate) struct Samples {
    /// `(N, 1, H, W)` in [-1, 1], on the CPU.
    pub(crate) images: Tensor,
    /// The values of `images`, one after the other.
    pub(crate) pixels: Vec<f32>,
    pub(crate) count: usize,
    /// A few samples at several timesteps, one row for each sample.
    pub(crate) strip: Vec<f32>,
    /// The number of timesteps in a row of the strip.
    pub(crate) snapshots: usize,
    pub(crate) seconds: f64,
}

/// Draws the samples with the EMA of the parameters. A second Ctrl-C ends
/// sampling; the batches drawn so far are kept.
pub(crate) fn sample(
    run: &Run,
    args: &Args,
    stop: &AtomicU32,
) -> Result<Samples> {
    let before = stop.load(Ordering::SeqCst);
    if before > 0 {
        eprintln!(
            "stopped; sampling with the network as it is (Ctrl-C again to quit)"
        );
    }
    let method = match args.sampler {
        SamplerKind::Ddim => Method::Ddim { eta: 0.0 },
        SamplerKind::Ddpm => Method::Ancestral(ReverseVariance::BetaTilde),
    };
    let steps = args.sample_steps as usize;
    let model = run.trainer.ema_model()?;
    let start = Instant::now();
    let mut bar = Bar::new("sampling");
    let (mut batches, mut snapshots) = (vec![], vec![]);
    'all: for first in (0..args.samples).step_by(BATCH as usize) {
        let count = BATCH.min(args.samples - first);
        let options = SampleOptions {
            method,
            steps: Some(steps),
            clip_sample: true,
            seed: args.seed,
            first_index: first,
        };
        let mut sampler = Sampler::new(&model, count as usize, &options)?;
        if first == 0 {
            snapshots.push(top(sampler.x())?);
        }
        for k in 1..=steps {
            if stop.load(Ordering::SeqCst) > before {
                if batches.is_empty() {
                    bail!("stopped; the checkpoint is kept, --resume goes on");
                }
                break 'all;
            }
            let Some(state) = sampler.next() else { break };
            let state = state?;
            let done =
                f64::from(first) + f64::from(count) * k as f64 / steps as f64;
            bar.update(
                done / f64::from(args.samples),
                &format!("{first} of {} samples", args.samples),
            );
            // Evenly spaced steps; the last one is the sample.
            let gaps = STRIP.1 - 1;
            if first == 0 && k * gaps / steps > (k - 1) * gaps / steps {
                snapshots.push(top(&state.x)?);
            }
        }
        batches.push(sampler.x().to_device(&candle_core::Device::Cpu)?);
    }
    let seconds = start.elapsed().as_secs_f64();
    let images = Tensor::cat(&batches, 0)?;
    let count = images.dim(0)?;
    bar.finish(&format!("{count} samples in {seconds:.0} s"));
    Ok(Samples {
        pixels: images.flatten_all()?.to_vec1()?,
        count,
        images,
        strip: by_sample(&snapshots),
        snapshots: snapshots.len(),
        seconds,
    })
}

/// Returns the pixels of the first few samples of a batch.
fn top(x: &Tensor) -> Result<Vec<Vec<f32>>> {
    let rows = STRIP.0.min(x.dim(0)?);
    Ok(x.narrow(0, 0, rows)?.flatten_from(1)?.to_vec2()?)
}

/// Turns one list for each timestep into one row for each sample.
fn by_sample(snapshots: &[Vec<Vec<f32>>]) -> Vec<f32> {
    let rows = snapshots.first().map_or(0, Vec::len);
    (0..rows)
        .flat_map(|row| snapshots.iter().flat_map(move |m| m[row].clone()))
        .collect()
}
