//! The report of a run: pictures, numbers, and a summary.

use crate::args::Args;
use crate::data::Data;
use crate::draw::{FILE, STRIP, Samples};
use crate::learn::{CHECKPOINT, Run};
use anyhow::{Context, Result, ensure};
use candle_core::Device;
use ddpm::data::ImageShape;
use ddpm::nn::write_tensors;
use ddpm::{plot, write_atomic};
use serde_json::json;
use std::path::PathBuf;

/// The largest number of samples that are drawn in a picture.
const SHOWN: usize = 400;
/// The desired width and height of a picture of samples, and the largest width
/// that a picture can have, in pixels.
const COMFORTABLE: usize = 4096;
const WIDEST: usize = 1 << 15;

/// The most memory that the samples may take, in bytes: 4 GiB.
const MEMORY: usize = 1 << 32;

/// Checks before training that the samples can be drawn.
pub(crate) fn check(args: &Args, shape: ImageShape) -> Result<()> {
    let (count, rows) = (args.samples as usize, STRIP.0);
    let most = MEMORY / 4 / shape.values();
    ensure!(
        count <= most,
        "--samples {count} is too many for the memory: of images of {shape}, \
         --out takes at most {most}"
    );
    // One column more: the noise that sampling starts from.
    strip_scale(STRIP.1 + 1, rows, shape)
        .and(layout(count, shape))
        .map(drop)
        .with_context(|| format!("images of {shape} are too large to be drawn"))
}

/// A picture of some of the images to train on, as the network sees them: resized
/// and cropped.
pub(crate) struct DataSheet(Option<(plot::Picture, PathBuf)>);

impl DataSheet {
    /// Draws the picture, unless the images are the embedded digits.
    pub(crate) fn new(args: &Args, data: &Data) -> Result<Self> {
        let (Some(_), Some(count)) = (&args.data, data.count) else {
            return Ok(Self(None));
        };
        let too_large = "the images are too large to be drawn";
        let (columns, scale, shown) =
            layout(count.min(100), data.shape).context(too_large)?;
        // Evenly spaced, because files of one class follow each other.
        let chosen: Vec<u32> = (0..shown)
            .map(|i| u32::try_from(i * count / shown))
            .collect::<Result<_, _>>()?;
        let images = data.set.examples(&chosen)?.to_device(&Device::Cpu)?;
        let values = images.flatten_all()?.to_vec1::<f32>()?;
        let picture = plot::grid(&values, data.shape, columns, scale)?;
        Ok(Self(Some((picture, args.out.join("data.png")))))
    }

    /// Writes the picture and prints its name.
    pub(crate) fn save(&self) -> Result<()> {
        if let Self(Some((picture, path))) = self {
            picture.save(path)?;
            note!("some of the images: {}", path.display());
        }
        Ok(())
    }
}

/// Returns columns, scale, and the number of samples in a picture of `count`
/// samples: a square grid, or less of it if that becomes too large.
fn layout(count: usize, shape: ImageShape) -> Option<(usize, usize, usize)> {
    let shown = count.min(SHOWN);
    let wanted = shown.isqrt().max(1);
    let scale = if fits(wanted, wanted, shape, 2, COMFORTABLE) { 2 } else { 1 };
    let side = |n: usize| fits(n, 1, shape, scale, COMFORTABLE);
    let columns = (1..=wanted).rev().find(|&n| side(n)).unwrap_or(1);
    let below = |n: usize| fits(1, n, shape, scale, COMFORTABLE);
    let rows = shown.div_ceil(columns);
    let rows = (1..=rows).rev().find(|&n| below(n)).unwrap_or(1);
    fits(columns, rows, shape, scale, WIDEST).then_some((
        columns,
        scale,
        shown.min(rows * columns),
    ))
}

/// Returns the scale of a strip whose columns must all be there.
fn strip_scale(
    columns: usize,
    rows: usize,
    shape: ImageShape,
) -> Option<usize> {
    let limits = [(2, COMFORTABLE), (1, WIDEST)];
    let (scale, _) = limits
        .into_iter()
        .find(|&(scale, limit)| fits(columns, rows, shape, scale, limit))?;
    Some(scale)
}

/// Returns whether a grid is at most `limit` pixels wide and high.
fn fits(
    columns: usize,
    rows: usize,
    shape: ImageShape,
    scale: usize,
    limit: usize,
) -> bool {
    let [width, height] = [(columns, shape.width), (rows, shape.height)]
        .map(|(n, side)| n.saturating_mul(side.saturating_mul(scale) + 4));
    width.max(height) <= limit && width * height <= 1 << 28
}

/// Writes the files and prints their names.
pub(crate) fn write(run: &Run, args: &Args, samples: &Samples) -> Result<()> {
    let shape = run.shape;
    let out = |name: &str| args.out.join(name);

    write_tensors(&out(FILE), &[("samples", &samples.images)], None)?;
    let losses = run.trainer.losses();
    let images = f64::from(run.new_steps) * run.config.batch_size as f64;
    let metrics = json!({
        "steps": run.trainer.steps(),
        "images_per_second": images / run.seconds,
        "seconds": run.seconds,
        "sampling_seconds": samples.seconds,
        "loss": recent_loss(run),
        "seed": run.config.seed,
        "device": args.device,
        "parameters": run.parameters,
        "batch": run.config.batch_size,
        "samples": samples.count,
        "sampler": args.sampler.name(),
        "sample_steps": args.sample_steps,
    });
    let text = serde_json::to_string_pretty(&metrics)? + "\n";
    write_atomic(&out("metrics.json"), text.as_bytes())?;

    // Then the pictures.
    let too_large = "the samples are too large to be drawn";
    let (columns, scale, shown) =
        layout(samples.count, shape).context(too_large)?;
    let shown = &samples.pixels[..shown * shape.values()];
    plot::grid(shown, shape, columns, scale)?.save(&out("samples.png"))?;
    let columns = samples.snapshots;
    let rows = samples.strip.len() / shape.values() / columns;
    let scale = strip_scale(columns, rows, shape).context(too_large)?;
    plot::grid(&samples.strip, shape, columns, scale)?
        .save(&out("denoising.png"))?;
    if !losses.is_empty() {
        plot::loss(losses)?.save(&out("loss.svg"))?;
    }

    let loss = match recent_loss(run) {
        Some(loss) => format!("its loss is {loss:.4}"),
        None => "it is untrained".to_owned(),
    };
    let images = match run.images {
        Some(images) => format!(" on {images} images"),
        None => String::new(),
    };
    let in_all = match samples.count - samples.new {
        0 => String::new(),
        earlier => format!(", beside the {earlier} that there were"),
    };
    say!(
        "A network of {} parameters had {} steps{images}; {loss}.\nIt drew {} \
         images{in_all}:",
        run.parameters,
        run.trainer.steps(),
        samples.new,
    );
    for (name, what) in [
        ("samples.png", "the samples"),
        ("denoising.png", "some samples at several steps, from noise"),
        ("loss.svg", "the loss of every step"),
        ("samples.safetensors", "the samples as numbers"),
        ("metrics.json", "the numbers of this run"),
        (CHECKPOINT, "to continue training: add --resume"),
    ] {
        let missing = match name {
            "loss.svg" => losses.is_empty(),
            CHECKPOINT => !run.saved,
            _ => false,
        };
        if missing {
            continue;
        }
        say!("  {:<42} {what}", out(name).display().to_string());
    }
    Ok(())
}

/// Returns the mean loss of the last 100 steps, if there were any.
fn recent_loss(run: &Run) -> Option<f64> {
    let losses = run.trainer.losses();
    let recent = &losses[losses.len().saturating_sub(100)..];
    let sum: f64 = recent.iter().map(|&loss| f64::from(loss)).sum();
    (!recent.is_empty()).then(|| sum / recent.len() as f64)
}

/// Checks the claims of the lesson's header.
pub(crate) fn assert_reached(
    run: &Run,
    args: &Args,
    samples: &Samples,
) -> Result<()> {
    let Some(loss) = recent_loss(run) else { return Ok(()) };
    // The promise is about these digits, and about more than a handful.
    let few = samples.count < 50 || args.sample_steps < 20;
    if run.trainer.steps() <= 500 || args.data.is_some() || few {
        return Ok(());
    }
    ensure!(loss < 0.15, "the loss is {loss:.3}, it should be below 0.15");
    let ink = |values: &[f32]| {
        let sum: f64 = values.iter().map(|&x| f64::from(x) + 1.0).sum();
        sum / 2.0 / values.len() as f64
    };
    let drawn = ink(&samples.pixels);
    let real = ink(&ddpm::data::mnist_10k()?.scaled());
    ensure!(
        (drawn / real - 1.0).abs() < 1.0 / 3.0,
        "the samples have {drawn:.3} ink, real images {real:.3}"
    );
    Ok(())
}
