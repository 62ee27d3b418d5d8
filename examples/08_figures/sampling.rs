//! Sampling: the path of some samples, and four methods side by side.

use crate::bar::Bar;
use crate::samples::{picture, read_samples};
use crate::{COLUMNS, is_missing, markdown};
use anyhow::Result;
use candle_core::Tensor;
use ddpm::evaluate::{Estimate, Recognizer};
use ddpm::math::posterior::ReverseVariance::{self, Beta, BetaTilde};
use ddpm::nn::{Denoiser, UNet, write_tensors};
use ddpm::sample::{Method, SampleOptions, Sampler, sample};
use ddpm::write_atomic;
use std::path::Path;

/// The timesteps at which the path of a sample is drawn.
const TIMESTEPS: [usize; COLUMNS] =
    [1000, 900, 800, 700, 600, 500, 400, 300, 200, 100, 50, 1];

/// Draws some samples at several timesteps, each above the prediction of `x_0`.
pub(crate) fn path(model: &Denoiser<UNet>, out: &Path) -> Result<()> {
    const SAMPLES: usize = 3;
    if !is_missing(out, "sampling.png") {
        return Ok(());
    }
    let sampler = Sampler::new(model, SAMPLES, &options(BetaTilde, true))?;
    let mut columns = vec![];
    let (mut t, mut x_t) = (model.schedule.steps(), sampler.x().clone());
    for state in sampler {
        let state = state?;
        if TIMESTEPS.contains(&t) {
            let both = Tensor::stack(&[x_t, state.x_0], 1)?;
            columns.push(both.unsqueeze(2)?); // (3, 2, 1, 1, 28, 28)
        }
        (t, x_t) = (state.t, state.x);
    }
    let rows = Tensor::cat(&columns, 2)?.flatten_to(2)?;
    picture(&rows, COLUMNS)?.save(&out.join("sampling.png"))?;
    Ok(())
}

fn options(variance: ReverseVariance, clip_sample: bool) -> SampleOptions {
    let method = Method::Ancestral(variance);
    SampleOptions { method, clip_sample, ..SampleOptions::default() }
}

/// The methods: a name, the variance, and whether the prediction of `x_0` is clipped.
const METHODS: [(&str, ReverseVariance, bool); 4] = [
    ("small (β̃), clipped", BetaTilde, true),
    ("small (β̃), not clipped", BetaTilde, false),
    ("large (β), clipped", Beta, true),
    ("large (β), not clipped", Beta, false),
];
/// The numbers of sampling steps.
const STEPS: [usize; 3] = [30, 100, 1000];

/// Draws samples by each method in several numbers of steps, and writes the share
/// of digits among them. Returns the samples of the first method in all steps.
pub(crate) fn methods(
    model: &Denoiser<UNet>,
    count: u32,
    recognizer: &Recognizer,
    out: &Path,
) -> Result<Tensor> {
    let mut bar = Bar::new("sampling");
    let mut drawn = vec![];
    for (i, (_, variance, clip)) in METHODS.into_iter().enumerate() {
        for (j, steps) in STEPS.into_iter().enumerate() {
            let path = out.join(format!("method-{i}-{steps}.safetensors"));
            if !path.exists() {
                let steps = Some(steps);
                let options =
                    SampleOptions { steps, ..options(variance, clip) };
                let samples = sample(model, count as usize, &options)?;
                write_tensors(&path, &[("samples", &samples)], None)?;
            }
            drawn.push(read_samples(&path)?);
            let part = (i * STEPS.len() + j + 1) as f64;
            let parts = (METHODS.len() * STEPS.len()) as f64;
            bar.update(part / parts, "methods");
        }
    }
    bar.finish("all methods");
    let row =
        |method: usize, steps: usize| &drawn[method * STEPS.len() + steps];
    let (few, all) = (0, STEPS.len() - 1);
    for (name, rows) in [
        ("clipping.png", [row(0, few), row(1, few), row(0, all), row(1, all)]),
        ("variances.png", [row(0, few), row(2, few), row(0, all), row(2, all)]),
    ] {
        let rows = rows.map(|samples| samples.narrow(0, 0, COLUMNS));
        let rows = rows.into_iter().collect::<candle_core::Result<Vec<_>>>()?;
        picture(&Tensor::cat(&rows, 0)?, COLUMNS)?.save(&out.join(name))?;
    }

    let mut rows = vec![];
    for (i, (name, ..)) in METHODS.into_iter().enumerate() {
        let share = |j| -> Result<String> {
            let (verdicts, _) = recognizer.recognize(row(i, j))?;
            let digits = verdicts.iter().filter(|v| v.is_recognized()).count();
            let Estimate { value, standard_error } =
                Estimate::share(digits, verdicts.len());
            Ok(format!("{value:.2} ± {standard_error:.2}"))
        };
        rows.push([name.to_owned(), share(0)?, share(1)?, share(2)?]);
    }
    let [few, more, most] = STEPS.map(|steps| format!("{steps} steps"));
    let headings = ["variance, prediction", &few, &more, &most];
    let table = markdown::table(headings, &rows);
    say!("{table}");
    write_atomic(&out.join("methods.md"), table.as_bytes())?;
    Ok(row(0, all).clone())
}
