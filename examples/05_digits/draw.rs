//! Sampling, in batches.

use crate::args::{Args, SamplerKind};
use crate::bar::Bar;
use crate::learn::Run;
use crate::report;
use crate::stop::Stop;
use anyhow::{Context, Result, bail, ensure};
use candle_core::{DType, Device, Tensor};
use ddpm::data::ImageShape;
use ddpm::distributed::gather;
use ddpm::math::posterior::ReverseVariance;
use ddpm::sample::{Method, SampleOptions, Sampler};
use serde_json::json;
use std::time::Instant;

/// The batch size of sampling.
const BATCH: u32 = 64;
/// The rows and columns of the strip that shows the denoising.
pub(crate) const STRIP: (usize, usize) = (8, 10);
/// The file of the samples.
pub(crate) const FILE: &str = "samples.safetensors";

/// The samples of a run.
pub(crate) struct Samples {
    /// `(N, C, H, W)` in [-1, 1], on the CPU; the earlier samples come first.
    pub(crate) images: Tensor,
    /// The values of `images`, one after the other.
    pub(crate) pixels: Vec<f32>,
    /// The number of samples, and of new ones among them.
    pub(crate) count: usize,
    pub(crate) new: usize,
    /// The seed of the new ones.
    pub(crate) seed: u64,
    /// A few samples at several timesteps, one row for each sample.
    pub(crate) strip: Vec<f32>,
    /// The number of timesteps in a row of the strip.
    pub(crate) snapshots: usize,
    pub(crate) seconds: f64,
}

/// Reads the samples that `--add` adds to. They must have come from the same
/// network by the same steps, as `metrics.json` beside them says.
pub(crate) fn earlier(run: &Run, args: &Args) -> Result<Option<Tensor>> {
    if !args.add {
        return Ok(None);
    }
    let path = args.out.join(FILE);
    let name = path.display();
    ensure!(
        path.exists(),
        "there is nothing to add to: no {name}; run without --add first"
    );
    let samples = ddpm::nn::read_tensors(&path)?.remove("samples");
    let samples = samples
        .with_context(|| format!("{name} has no samples; run without --add"))?;
    let metrics = report::read_metrics(args)?.context(
        "metrics.json is not there, which says how the samples were drawn; move \
         them elsewhere, and run without --add",
    )?;
    let wanted = [
        ("steps", json!(run.trainer.steps())),
        ("sampler", json!(args.sampler.name())),
        ("sample_steps", json!(args.sample_steps)),
        ("samples", json!(samples.dims().first())),
    ];
    for (what, here) in wanted {
        ensure!(
            metrics[what] == here,
            "{what} was {} for the samples in {name}, and is {here} now; --add \
             is for samples of the same kind",
            metrics[what]
        );
    }
    let shape = [run.shape.channels, run.shape.height, run.shape.width];
    ensure!(
        samples.rank() == 4
            && samples.dims()[1..] == shape
            && samples.dtype() == DType::F32,
        "the samples in {name} have the shape {:?}, and new ones would be (N, C, \
         H, W) with {shape:?}; run without --add",
        samples.dims()
    );
    Ok(Some(samples))
}

/// Draws the samples with the EMA of the parameters, and returns them in the first
/// process. The processes draw one batch each at a time. Another request to stop
/// ends sampling; the batches drawn so far are kept.
pub(crate) fn sample(
    run: &Run,
    args: &Args,
    earlier: Option<Tensor>,
    stop: &Stop,
) -> Result<Option<Samples>> {
    let ranks = &run.ranks;
    let (enough, quit) = patience(run, args, stop)?;
    let method = match args.sampler {
        SamplerKind::Ddim => Method::Ddim { eta: 0.0 },
        SamplerKind::Ddpm => Method::Ancestral(ReverseVariance::BetaTilde),
    };
    let steps = args.sample_steps as usize;
    let seed = args.seed.unwrap_or(run.config.seed);
    let model = run.trainer.ema_model()?;
    // The index of a sample names its noise: new samples differ from earlier ones.
    let offset = earlier.as_ref().map_or(0, |samples| samples.dims()[0]);
    let offset = u32::try_from(offset)?;
    let start = Instant::now();
    let mut bar = Bar::new("sampling");
    let (mut batches, mut snapshots) = (vec![], vec![]);
    let count_at = |first: u32| BATCH.min(args.samples - first);
    let firsts: Vec<_> = (0..args.samples).step_by(BATCH as usize).collect();
    'all: for round in firsts.chunks(ranks.0.size()) {
        let ours = round.get(ranks.0.rank()).copied();
        let sampler = ours.map(|first| {
            let options = SampleOptions {
                method,
                steps: Some(steps),
                clip_sample: true,
                seed,
                first_index: offset + first,
            };
            Sampler::new(&model, count_at(first) as usize, &options)
        });
        let mut sampler = sampler.transpose()?;
        if let (Some(0), Some(sampler)) = (ours, &sampler) {
            snapshots.push(top(sampler.x())?);
        }
        let first = round[0];
        let counts: Vec<_> = round.iter().map(|&i| count_at(i)).collect();
        let count: u32 = counts.iter().sum();
        for k in 1..=steps {
            if ranks.requests(stop)? >= enough {
                if first == 0 {
                    bail!("{quit}");
                }
                break 'all;
            }
            let state =
                sampler.as_mut().and_then(Iterator::next).transpose()?;
            let done =
                f64::from(first) + f64::from(count) * k as f64 / steps as f64;
            let ready = if k == steps { first + count } else { first };
            bar.update(
                done / f64::from(args.samples),
                &format!("{ready} of {} samples", args.samples),
            );
            // Evenly spaced steps; the last one is the sample.
            let gaps = STRIP.1 - 1;
            let is_shown = k * gaps / steps > (k - 1) * gaps / steps;
            if let (Some(0), Some(state), true) = (ours, state, is_shown) {
                snapshots.push(top(&state.x)?);
            }
        }
        let x = sampler.as_ref().map(Sampler::x);
        batches.extend(collect(run, x, &counts)?);
    }
    if !ranks.is_first() {
        return Ok(None);
    }
    let seconds = start.elapsed().as_secs_f64();
    let drawn = Tensor::cat(&batches, 0)?;
    let new = drawn.dim(0)?;
    let images = match earlier {
        Some(earlier) => Tensor::cat(&[earlier, drawn], 0)?,
        None => drawn,
    };
    let stopped = if new == args.samples as usize {
        String::new()
    } else {
        format!(" of {}, then stopped", args.samples)
    };
    bar.finish(&format!("{new} samples{stopped} in {seconds:.0} s"));
    Ok(Some(Samples {
        pixels: images.flatten_all()?.to_vec1()?,
        count: images.dim(0)?,
        new,
        seed,
        images,
        strip: by_sample(&snapshots),
        snapshots: snapshots.len(),
        seconds,
    }))
}

/// Returns the number of requests that end sampling, and the message if nothing was
/// drawn by then.
fn patience(run: &Run, args: &Args, stop: &Stop) -> Result<(u32, String)> {
    let old = if args.out.join(FILE).exists() {
        "; the samples in the folder are of an earlier run"
    } else {
        ""
    };
    let quit = format!(
        "stopped; nothing was drawn{old}. The checkpoint is kept, and --resume \
         continues"
    );
    // If training was stopped, the next request is for sampling.
    match run.ranks.requests(stop)? {
        0 => Ok((1, quit)),
        1 => {
            note!(
                "stopped; sampling with the network as it is (Ctrl-C again to \
                 quit)"
            );
            Ok((2, quit))
        }
        _ => bail!("{quit}"),
    }
}

/// Returns in the first process the batches that the processes have drawn, of
/// `counts` images.
fn collect(
    run: &Run,
    batch: Option<&Tensor>,
    counts: &[u32],
) -> Result<Vec<Tensor>> {
    let ImageShape { channels, height, width } = run.shape;
    let ranks = &*run.ranks.0;
    let x = match batch {
        Some(batch) => batch.to_device(&Device::Cpu)?.flatten_all()?,
        None => Tensor::zeros(0, DType::F32, &Device::Cpu)?,
    };
    let count = |rank| counts.get(rank).map_or(0, |&count| count as usize);
    let values = (0..ranks.size()).map(|i| count(i) * run.shape.values());
    let all = gather(ranks, &x, &values.collect::<Vec<_>>())?;
    let drawn = all.iter().zip(counts).map(|(x, &count)| {
        Ok(x.reshape((count as usize, channels, height, width))?)
    });
    drawn.collect()
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
