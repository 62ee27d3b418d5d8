//! The report of a run: pictures, numbers, and a summary.

use crate::args::Args;
use crate::draw::{FILE, Samples};
use crate::folder;
use crate::layout;
use crate::learn::{CHECKPOINT, Run};
use anyhow::{Context, Result, ensure};
use candle_core::DType;
use ddpm::nn::write_tensors;
use ddpm::{plot, write_atomic};
use serde_json::{Value, json};

/// A loss above this is worse than that of predicting zero. Noise has a mean square of
/// about 1, and pixels have at most 1.
const WORST: f64 = 1.1;

/// The file of the numbers of a run.
const METRICS: &str = "metrics.json";

/// Writes the files and prints their names.
pub(crate) fn write(run: &Run, args: &Args, samples: &Samples) -> Result<()> {
    let shape = run.shape;
    let out = |name: &str| args.out.join(name);

    let older = read_metrics(args).ok().flatten();
    let metrics = metrics(run, args, samples, older.as_ref());
    if run.new_steps == 0 && !args.add && are_others(&metrics, older.as_ref()) {
        folder::keep_older(&args.out, folder::SAMPLES.into_iter())?;
    }
    write_tensors(&out(FILE), &[("samples", &samples.images)], None)?;
    let text = serde_json::to_string_pretty(&metrics)? + "\n";
    write_atomic(&out(METRICS), text.as_bytes())?;

    // Then the pictures.
    let (columns, scale, count) = layout::layout(samples.count, shape);
    let shown = &samples.pixels[..count * shape.values()];
    plot::grid(shown, shape, columns, scale)?.save(&out("samples.png"))?;
    let columns = samples.snapshots;
    let rows = samples.strip.len() / shape.values() / columns;
    let scale = layout::scale(columns, rows, shape);
    plot::grid(&samples.strip, shape, columns, scale)?
        .save(&out("denoising.png"))?;
    let losses = run.trainer.losses();
    if !losses.is_empty() {
        plot::loss(losses)?.save(&out("loss.svg"))?;
    }
    if let Some(path) = &args.weights {
        run.trainer.save_ema(path, DType::F16)?;
    }

    let loss = match recent_loss(run) {
        Some(loss) => format!("its loss is {loss:.4}"),
        None => "it is untrained".to_owned(),
    };
    let images = match run.images {
        Some(1) => " on one image".to_owned(),
        Some(images) => format!(" on {images} images"),
        None => String::new(),
    };
    let picture = match count {
        all if all == samples.count => "the samples".to_owned(),
        some => format!("the first {some} samples"),
    };
    let plural = if samples.new == 1 { "" } else { "s" };
    let in_all = match samples.count - samples.new {
        0 => String::new(),
        earlier => format!(", beside the {earlier} that there were"),
    };
    if let Some(loss) = recent_loss(run).filter(|&loss| loss > WORST) {
        note!(
            "warning: training diverged: the loss is {loss:.2}, and a network that \
             predicts zero has a loss below {WORST}; start anew with a lower \
             --learning-rate"
        );
    }
    say!(
        "A network of {} parameters had {} steps{images}; {loss}.\nIt drew {} \
         image{plural}{in_all}:",
        run.parameters,
        run.trainer.steps(),
        samples.new,
    );
    for (name, what) in [
        ("samples.png", picture.as_str()),
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
    if let Some(path) = &args.weights {
        say!("  {:<42} the averaged weights", path.display().to_string());
    }
    Ok(())
}

/// Returns the numbers of a run. If it did not train, those of training are the
/// older ones.
fn metrics(
    run: &Run,
    args: &Args,
    samples: &Samples,
    older: Option<&Value>,
) -> Value {
    let images = f64::from(run.new_steps) * run.config.batch_size as f64;
    let mut metrics = json!({
        "steps": run.trainer.steps(),
        "images_per_second": images / run.seconds,
        "seconds": run.seconds,
        "sampling_seconds": samples.seconds,
        "loss": recent_loss(run),
        "recipe": run.recipe.name(),
        "seed": run.config.seed,
        "device": args.device,
        "parameters": run.parameters,
        "batch": run.config.batch_size,
        "samples": samples.count,
        "sample_seed": samples.seed,
        "sampler": args.sampler.name(),
        "sample_steps": args.sample_steps,
    });
    if run.new_steps == 0 {
        for name in ["images_per_second", "seconds", "device"] {
            let older = older.map(|older| older[name].clone());
            metrics[name] = older.unwrap_or(Value::Null);
        }
    }
    metrics
}

/// Returns whether samples differ from older ones.
fn are_others(metrics: &Value, older: Option<&Value>) -> bool {
    let names = ["steps", "samples", "sample_seed", "sampler", "sample_steps"];
    older.is_none_or(|older| names.iter().any(|&n| older[n] != metrics[n]))
}

/// Reads the numbers of an older run in the folder, if there are any.
pub(crate) fn read_metrics(args: &Args) -> Result<Option<Value>> {
    let path = args.out.join(METRICS);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs_err::read_to_string(&path)?;
    let metrics = serde_json::from_str(&text)
        .with_context(|| format!("{} is damaged; remove it", path.display()))?;
    Ok(Some(metrics))
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
    let real = ink(&ddpm::data::mnist_split()?.0.scaled());
    ensure!(
        (drawn / real - 1.0).abs() < 1.0 / 3.0,
        "the samples have {drawn:.3} ink, real images {real:.3}"
    );
    Ok(())
}
