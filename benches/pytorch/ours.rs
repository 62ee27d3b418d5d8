//! Our side of the comparison; `worker.py` is the other side.

use crate::case::{Answer, Case, LARGE, Row, What};
use anyhow::{Context, Result};
use candle_core::{DType, Device, Tensor, Var};
use candle_fused::{
    OpTime, attention, concat, conv2d, group_norm_silu, profile, silu,
    upsample_2x,
};
use candle_nn::VarBuilder;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{Denoiser, ModelConfig, Network, Parameters, UNet, UNetConfig};
use ddpm::optim::{Ema, Optimizer, ParamGroups};
use ddpm::sample::{SampleOptions, sample};
use ddpm::train::{Batches, TrainConfig, Trainer, add_noise};
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

type Run = Box<dyn FnMut() -> Result<()>>;

/// Answers the cases on standard input, until the input ends.
pub(crate) fn serve(device: &str) -> Result<()> {
    let device = ddpm::nn::device(device)?;
    let mut current: Option<(Case, Run)> = None;
    for line in std::io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        if current.as_ref().is_none_or(|(before, _)| *before != case) {
            drop(current.take()); // its memory first
            let run = prepare(&case, &device)?;
            current = Some((case, run));
        }
        let (case, run) = current.as_mut().context("no case")?;
        run()?;
        if case.what == What::Kernels {
            println!("{}", serde_json::to_string(&kernels(case, run)?)?);
            continue;
        }
        device.synchronize()?;
        let start = Instant::now();
        for _ in 0..case.runs {
            run()?;
        }
        device.synchronize()?;
        let seconds = start.elapsed().as_secs_f64() / case.runs as f64;
        let seconds = Some(seconds);
        let answer = Answer { seconds, peak_kb: peak(), ..Answer::default() };
        println!("{}", serde_json::to_string(&answer)?);
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Returns the peak memory of the process in kB, on Linux.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn config(widths: [usize; 3]) -> Result<ModelConfig<UNetConfig>> {
    let block_out_channels = widths.to_vec();
    Ok(ModelConfig {
        network: UNetConfig { block_out_channels, ..UNetConfig::digits() },
        schedule: Schedule::cosine(1000)?,
        prediction_type: PredictionType::Epsilon,
    })
}

/// Returns a network without gradients, as for sampling.
fn network(
    widths: [usize; 3],
    size: usize,
    device: &Device,
) -> Result<Denoiser<UNet>> {
    let parameters = Parameters::new(0, DType::F32, device);
    let shape = [1, size, size];
    config(widths)?.build(&parameters.builder(), &shape)?;
    let tensors = parameters.named().into_iter();
    let tensors = tensors.map(|(name, var)| (name, var.as_detached_tensor()));
    let vb = VarBuilder::from_tensors(tensors.collect(), DType::F32, device);
    Ok(config(widths)?.build(&vb, &shape)?)
}

fn prepare(case: &Case, device: &Device) -> Result<Run> {
    let Case { batch, size, widths, .. } = *case;
    let shape = [batch, 1, size, size];
    let x = Tensor::randn(0_f32, 1.0, &shape, device)?;
    Ok(match case.what {
        What::Step | What::Kernels => {
            let options =
                TrainConfig { batch_size: batch, ..TrainConfig::default() };
            let mut trainer = Trainer::new(config(widths)?, x, options)?;
            Box::new(move || {
                trainer.next().context("no step")??;
                Ok(())
            })
        }
        What::Forward => {
            let model = network(widths, size, device)?;
            let t = Tensor::ones(batch, DType::F32, device)?;
            Box::new(move || {
                black_box(model.network.infer(&x, &t)?);
                Ok(())
            })
        }
        What::Sample => {
            let model = network(widths, size, device)?;
            Box::new(move || {
                let options = SampleOptions::default();
                black_box(sample(&model, batch, &options)?);
                Ok(())
            })
        }
        What::Operation => operation(case)?,
        What::Flops | What::Launches => anyhow::bail!("PyTorch counts"),
    })
}

/// Runs a training step, and returns the time of each kernel of the network. The
/// last row is the rest: the mean of the gradients of the micro-batches.
fn kernels(case: &Case, run: &mut Run) -> Result<Answer> {
    let forward = Case { what: What::Forward, ..case.clone() };
    let (done, network) = profile(prepare(&forward, &Device::Cpu)?)?;
    done?;
    let start = Instant::now();
    let (done, times) = profile(run)?;
    let seconds = Some(start.elapsed().as_secs_f64());
    done?;
    let mut kernels = vec![];
    let mut mean = Row { what: "mean of gradients".into(), ..Row::default() };
    for time in times {
        let OpTime { op, calls, flops, forward, backward } = time;
        let forward = forward.as_secs_f64();
        if network.iter().all(|known| known.op != op) {
            mean.forward += forward;
            continue;
        }
        let backward = backward.as_secs_f64();
        kernels.push(Row { what: op, count: calls, flops, forward, backward });
    }
    kernels.push(mean);
    Ok(Answer { seconds, kernels, ..Answer::default() })
}

/// Returns a run of an Adam step and an EMA update.
fn adam() -> Result<Run> {
    let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    config(LARGE)?.build(&parameters.builder(), &[1, 28, 28])?;
    let mut adam = Optimizer::new(&parameters, &ParamGroups::default())?;
    let mut ema = Ema::new(&parameters, 0.9999)?;
    let mut gradients = vec![];
    for (_, var) in parameters.named() {
        gradients.push(var.as_tensor().randn_like(0.0, 1.0)?.detach());
    }
    Ok(Box::new(move || {
        adam.step(&gradients, 2e-4)?;
        Ok(ema.update(adam.steps())?)
    }))
}

/// Returns a run that draws the random numbers of a batch and computes `x_t`.
fn noise(case: &Case) -> Result<Run> {
    let shape = (case.batch, 1, case.size, case.size);
    let x = Tensor::zeros(shape, DType::F32, &Device::Cpu)?;
    let mut batches = Batches::new(x, case.batch, 0)?;
    let schedule = Schedule::cosine(1000)?;
    let mut k = 0;
    Ok(Box::new(move || {
        let batch = batches.batch(k, &schedule)?;
        let ddpm::train::Batch { x_0, t, epsilon } = &batch;
        black_box(add_noise(&schedule, x_0, epsilon, t)?);
        k += 1;
        Ok(())
    }))
}

fn operation(case: &Case) -> Result<Run> {
    match case.op.as_str() {
        "adam" => return adam(),
        "noise" => return noise(case),
        _ => {}
    }
    let Case { batch, size, backward, kernel, .. } = *case;
    let (c_in, c_out) = (case.channels[0], case.channels[1]);
    let draw = |shape: &[usize]| -> Result<Tensor> {
        let tensor = Tensor::randn(0_f32, 1.0, shape, &Device::Cpu)?;
        // Candle computes gradients for variables only.
        Ok(if backward {
            Var::from_tensor(&tensor)?.into_inner()
        } else {
            tensor
        })
    };
    let x = draw(&[batch, c_in, size, size])?;
    let other = draw(&[batch, c_out, size, size])?;
    let weight = draw(&[c_out, c_in, kernel, kernel])?;
    let bias = draw(&[batch, c_out])?;
    let (gamma, beta) = (draw(&[c_in])?, draw(&[c_in])?);
    let [k, v] =
        [draw(&[batch, c_in, size, size])?, draw(&[batch, c_in, size, size])?];
    let op = case.op.clone();
    let run = move || -> Result<Tensor> {
        Ok(match op.as_str() {
            "conv" => conv2d(&x, &weight, &bias, 1)?,
            "attention" => attention(&x, &k, &v, 8)?,
            "concat" => concat(&x, &other)?,
            "halve" => conv2d(&x, &weight, &bias, 2)?,
            "norm" => group_norm_silu(&x, &gamma, &beta, 8, 1e-5)?,
            "silu" => silu(&x)?,
            _ => upsample_2x(&x)?,
        })
    };
    Ok(Box::new(move || {
        let y = run()?;
        if backward {
            black_box(y.backward()?);
        }
        Ok(())
    }))
}
