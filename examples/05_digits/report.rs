//! The report of a run: pictures, numbers, and a summary.

use crate::args::Args;
use crate::draw::Samples;
use crate::learn::Run;
use anyhow::{Result, ensure};
use ddpm::nn::write_tensors;
use ddpm::{plot, write_atomic};
use serde_json::json;

/// Writes the files and prints their names.
pub(crate) fn write(run: &Run, args: &Args, samples: &Samples) -> Result<()> {
    let size = (run.images.height(), run.images.width());
    // A square grid, of at most 400 samples.
    let shown = samples.count.min(400);
    let columns = shown.isqrt().max(1);
    let shown = &samples.pixels[..shown * size.0 * size.1];
    let out = |name: &str| args.out.join(name);

    write_tensors(
        &out("samples.safetensors"),
        &[("samples", &samples.images)],
        None,
    )?;
    let losses = run.trainer.losses();
    let images = f64::from(run.new_steps) * run.batch as f64;
    let metrics = json!({
        "steps": run.trainer.steps(),
        "images_per_second": images / run.seconds,
        "seconds": run.seconds,
        "sampling_seconds": samples.seconds,
        "loss": recent_loss(run),
        "seed": args.seed,
        "device": args.device,
        "parameters": run.parameters,
        "batch": run.batch,
        "samples": samples.count,
    });
    let text = serde_json::to_string_pretty(&metrics)? + "\n";
    write_atomic(&out("metrics.json"), text.as_bytes())?;

    // Then the pictures.
    plot::grid(shown, size, columns, 2)?.save(&out("samples.png"))?;
    plot::grid(&samples.strip, size, samples.snapshots, 2)?
        .save(&out("denoising.png"))?;
    if !losses.is_empty() {
        plot::loss(losses)?.save(&out("loss.svg"))?;
    }

    let loss = match recent_loss(run) {
        Some(loss) => format!("its loss is {loss:.4}"),
        None => "it is untrained".to_owned(),
    };
    println!(
        "A network of {} parameters had {} steps on {} images; {loss}.\nIt \
         drew {} images:",
        run.parameters,
        run.trainer.steps(),
        run.images.len(),
        samples.count,
    );
    for (name, what) in [
        ("samples.png", "the samples"),
        ("denoising.png", "some samples at several steps, from noise"),
        ("loss.svg", "the loss of every step"),
        ("samples.safetensors", "the samples as numbers"),
        ("metrics.json", "the numbers of this run"),
        ("checkpoint.safetensors", "to continue training: add --resume"),
    ] {
        if name == "loss.svg" && losses.is_empty() {
            continue;
        }
        println!("  {:<42} {what}", out(name).display().to_string());
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
    let real = ink(&run.images.scaled());
    ensure!(
        (drawn / real - 1.0).abs() < 1.0 / 3.0,
        "the samples have {drawn:.3} ink, real images {real:.3}"
    );
    Ok(())
}
