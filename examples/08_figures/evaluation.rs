//! The measures of the samples.

use crate::bar::Bar;
use crate::digits::Digits;
use crate::samples::picture;
use crate::{COLUMNS, is_missing, markdown};
use anyhow::Result;
use candle_core::{DType, Device, Tensor};
use ddpm::evaluate::{
    BitsPerDimension, ClassifierConfig, Estimate, Recognizer,
    bits_per_dimension, nearest, noise_error,
};
use ddpm::math::{self, Schedule};
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

/// Writes the variational bound on training digits and on test digits, part by part,
/// what its last step would need for a perfect prediction, and what an encoding needs
/// that knows no digits.
pub(crate) fn bound(
    model: &Denoiser<UNet>,
    digits: &Digits,
    out: &Path,
) -> Result<()> {
    const COUNT: usize = 200;
    if !is_missing(out, "bits.md") {
        return Ok(());
    }
    let mut bar = Bar::new("bound");
    let mut done = 0.0;
    let mut columns = vec![];
    for images in [&digits.train.images, &digits.test.images] {
        let images = images.narrow(0, 0, COUNT)?;
        let bits = bits_per_dimension(model, &images, 0, |_| {
            done += 0.5 / model.schedule.steps() as f64;
            bar.update(done, "timesteps");
        })?;
        let BitsPerDimension { prior, steps, decoder, total } = bits;
        let perfect = perfect_last_step(&model.schedule, &images)?;
        let frequencies = by_frequencies(&digits.train.images, &images)?;
        columns.push([prior, steps, decoder, total, perfect, frequencies]);
    }
    bar.finish("all timesteps");
    let names = [
        "<i>L<sub>T</sub></i>",
        "all steps but the last",
        "the last step, t = 1",
        "the bound",
        "the last step, if its prediction were perfect",
        "each pixel by its frequency",
    ];
    let cell = |bits: Estimate| format!("{bits:.4}");
    let row = |i: usize| {
        let [train, test] = [columns[0][i], columns[1][i]].map(cell);
        [names[i].to_owned(), train, test]
    };
    let headings = ["bits for each pixel", "training digits", "test digits"];
    let rows: Vec<_> = (0..names.len()).map(row).collect();
    let table = markdown::table(headings, &rows);
    write_atomic(&out.join("bits.md"), table.as_bytes())?;
    Ok(())
}

/// Returns the bits for each pixel of an encoding that knows how often each byte occurs
/// in the training digits, and nothing else.
fn by_frequencies(train: &Tensor, images: &Tensor) -> Result<Estimate> {
    let bytes = |images: &Tensor| -> Result<Vec<Vec<u8>>> {
        let bytes = ((images.flatten_from(1)? + 1.0)? * 127.5)?.round()?;
        Ok(bytes.to_dtype(DType::U8)?.to_vec2()?)
    };
    let mut counts = [1.0; 256]; // a byte that never occurs has a code, too
    bytes(train)?
        .iter()
        .flatten()
        .for_each(|byte| counts[usize::from(*byte)] += 1.0);
    let total: f64 = counts.iter().sum();
    let bits = bytes(images)?.into_iter().map(|pixels| {
        let bits = pixels
            .iter()
            .map(|byte| (total / counts[usize::from(*byte)]).log2());
        bits.sum::<f64>() / pixels.len() as f64
    });
    Ok(Estimate::mean(&bits.collect::<Vec<_>>()))
}

/// Returns the bits for each pixel that the last step spends if it predicts every
/// pixel.
fn perfect_last_step(schedule: &Schedule, images: &Tensor) -> Result<Estimate> {
    let variance = schedule.at(1)?.beta();
    let rows = images.flatten_from(1)?.to_vec2::<f32>()?;
    let bits = rows.iter().map(|pixels| {
        let nats = pixels.iter().map(|&pixel| {
            let pixel = f64::from(pixel);
            math::bound::discrete_decoder(pixel, pixel, variance)
        });
        let nats: f64 = nats.sum::<ddpm::Result<f64>>()?;
        Ok(math::bound::bits(nats / pixels.len() as f64))
    });
    Ok(Estimate::mean(&bits.collect::<Result<Vec<_>>>()?))
}
