//! The report of a run: pictures, numbers, and a summary.

use crate::args::Args;
use crate::draw::{FILE, Samples};
use crate::layout::{layout, strip_scale};
use crate::learn::{CHECKPOINT, Run};
use anyhow::{Context, Result, ensure};
use ddpm::nn::write_tensors;
use ddpm::{plot, write_atomic};
use serde_json::json;

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
    let plural = if samples.new == 1 { "" } else { "s" };
    let in_all = match samples.count - samples.new {
        0 => String::new(),
        earlier => format!(", beside the {earlier} that there were"),
    };
    say!(
        "A network of {} parameters had {} steps{images}; {loss}.\nIt drew {} \
         image{plural}{in_all}:",
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
