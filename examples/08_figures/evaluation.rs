//! The measures of the samples.

use crate::bar::Bar;
use crate::digits::Digits;
use crate::samples::picture;
use crate::{COLUMNS, is_missing, markdown};
use anyhow::Result;
use candle_core::{Device, Tensor};
use ddpm::evaluate::{ClassifierConfig, Recognizer, nearest, noise_error};
use ddpm::nn::{Denoiser, UNet};
use ddpm::{plot, write_atomic};
use std::path::Path;

/// Trains the classifier.
pub(crate) fn recognizer(digits: &Digits) -> Result<Recognizer> {
    let config = ClassifierConfig::default();
    let epochs = f64::from(config.epochs);
    let mut bar = Bar::new("classifier");
    let progress = |epoch| bar.update(f64::from(epoch) / epochs, "epochs");
    let recognizer = digits.recognizer(config, progress)?;
    bar.finish("trained");
    Ok(recognizer)
}

/// Draws samples that are recognised as digits, and below them samples that are not.
pub(crate) fn verdicts(
    samples: &Tensor,
    recognizer: &Recognizer,
    out: &Path,
) -> Result<()> {
    let verdicts = recognizer.recognize(samples)?.0;
    let mut rows = vec![];
    for recognized in [true, false] {
        let found = (0_u32..).zip(&verdicts);
        let found = found.filter(|(_, v)| v.is_recognized() == recognized);
        let found: Vec<_> = found.map(|(i, _)| i).take(2 * COLUMNS).collect();
        let found = Tensor::new(found, samples.device())?;
        rows.push(samples.index_select(&found, 0)?);
    }
    let images = Tensor::cat(&rows, 0)?;
    picture(&images, COLUMNS)?.save(&out.join("verdicts.png"))?;
    Ok(())
}

/// Draws samples, and below each the training digits that are nearest to it.
pub(crate) fn neighbours(
    samples: &Tensor,
    digits: &Digits,
    out: &Path,
) -> Result<()> {
    const NEIGHBOURS: usize = 3;
    let samples = samples.narrow(0, 0, COLUMNS)?;
    let train = &digits.train.images;
    let found = nearest(&samples, train, NEIGHBOURS)?;
    let mut rows = vec![samples];
    for k in 0..NEIGHBOURS {
        let row = found.iter().map(|all| u32::try_from(all[k].index));
        let row = row.collect::<Result<Vec<_>, _>>()?;
        rows.push(train.index_select(&Tensor::new(row, &Device::Cpu)?, 0)?);
    }
    let images = Tensor::cat(&rows, 0)?;
    picture(&images, COLUMNS)?.save(&out.join("neighbours.png"))?;
    Ok(())
}

/// Draws the mean squared error of the predicted noise at several timesteps, on
/// training digits and on test digits.
pub(crate) fn held_out(
    model: &Denoiser<UNet>,
    digits: &Digits,
    out: &Path,
) -> Result<()> {
    const COUNT: usize = 1000;
    if !is_missing(out, "held-out.svg") {
        return Ok(());
    }
    let timesteps: Vec<usize> = [1, 5, 10, 20, 30, 40]
        .into_iter()
        .chain((50..=1000).step_by(50))
        .collect();
    let train = digits.train.images.narrow(0, 0, COUNT)?;
    let test = &digits.test.images;
    let mut rows = vec![];
    let mut curves = [vec![], vec![]];
    let mut bar = Bar::new("held out");
    for (i, &t) in timesteps.iter().enumerate() {
        let errors = [
            noise_error(model, &train, t, 0)?,
            noise_error(model, test, t, 0)?,
        ];
        for (curve, error) in curves.iter_mut().zip(&errors) {
            curve.push([t as f64, error.value]);
        }
        if [1, 10, 50, 100, 200, 500, 1000].contains(&t) {
            let [train, test] = errors.map(|error| {
                format!("{:.4} ± {:.4}", error.value, error.standard_error)
            });
            rows.push([t.to_string(), train, test]);
        }
        bar.update((i + 1) as f64 / timesteps.len() as f64, "timesteps");
    }
    bar.finish("all timesteps");
    let headings = ["t", "training digits", "test digits"];
    let table = markdown::table(headings, &rows);
    write_atomic(&out.join("held-out.md"), table.as_bytes())?;
    let [train, test] = curves;
    plot::curves(
        "The mean squared error of the predicted noise",
        "t",
        &[("training digits", train), ("test digits", test)],
    )?
    .save(&out.join("held-out.svg"))?;
    Ok(())
}
