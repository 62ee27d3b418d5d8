//! Times the training step of the digits lesson with several processes on this
//! machine, and the exchange of gradients alone.
//!
//! ```text
//! cargo bench --features mpi --bench ranks
//! ```
//!
//! The program starts itself by `mpirun`, prints two tables, and writes nothing. It
//! takes two to three minutes. The second table is a model of several machines, not a
//! measurement.

#[allow(dead_code)] // one of the two recipes
#[path = "../examples/shared/recipe.rs"]
mod recipe;

use anyhow::{Context, Result, ensure};
use candle_core::{DType, Device, Tensor};
use ddpm::distributed::{Communicator, all_reduce_sum, communicator};
use ddpm::train::{TrainConfig, Trainer};
use recipe::Recipe;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The variable that tells a process the size of its batches.
const BATCH: &str = "DDPM_BENCH_BATCH";
/// The runs of each case, in turns, so that other work of the machine slows all.
const ROUNDS: usize = 5;
/// The steps that are timed in a run, after some that are not.
const STEPS: usize = 20;
const WARM_UP: usize = 5;

/// The assumptions of the model: 25 Gbit/s, and the time of a short message over
/// TCP.
const BYTES_PER_SECOND: f64 = 25e9 / 8.0;
const LATENCY: f64 = 50e-6;
/// The messages of a step, each time that the number of machines doubles: two for
/// each of two groups of parameters, one for the loss, one for requests to stop.
const MESSAGES: f64 = 6.0;

fn main() -> Result<()> {
    match std::env::var(BATCH) {
        Ok(batch) => rank(batch.parse()?),
        Err(_) => tables(),
    }
}

/// Times one process of several, and prints the medians if it is the first.
fn rank(batch_size: usize) -> Result<()> {
    let ranks: Arc<dyn Communicator> = communicator(&Device::Cpu)?.into();
    let images = ddpm::data::mnist_split()?.0;
    let model = Recipe::FAST.model(images.shape())?;
    let config = TrainConfig { batch_size, ..Recipe::FAST.config() };
    let images = images.to_tensor(&Device::Cpu)?;
    let trainer = Trainer::new(model, images, config)?;
    let mut trainer = trainer.share_with(Arc::clone(&ranks))?;
    let step = time(|| {
        trainer.next().context("training never ends")??;
        Ok(())
    })?;
    let parameters = trainer.parameters().count();
    let x = Tensor::zeros(parameters, DType::F32, &Device::Cpu)?;
    let exchange = time(|| Ok(all_reduce_sum(&*ranks, &x).map(drop)?))?;
    if ranks.rank() == 0 {
        println!("{step} {exchange} {parameters}");
    }
    Ok(())
}

/// Returns the median time of `f` in seconds.
fn time(mut f: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut times = vec![];
    for i in 0..WARM_UP + STEPS {
        let start = Instant::now();
        f()?;
        if i >= WARM_UP {
            times.push(start.elapsed().as_secs_f64());
        }
    }
    Ok(median(times))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The medians of a run.
struct Times {
    step: f64,
    exchange: f64,
    parameters: f64,
}

/// Runs processes on this machine, each with some threads.
fn run(ranks: usize, threads: usize, batch_size: usize) -> Result<Times> {
    let mut command = Command::new("mpirun");
    let options = "--oversubscribe --bind-to none -n";
    command.args(options.split_whitespace()).arg(ranks.to_string());
    command.arg(std::env::current_exe()?);
    for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] {
        command.env(name, "1"); // as in a container
    }
    command.env(BATCH, batch_size.to_string());
    let output = command
        .env("RAYON_NUM_THREADS", threads.to_string())
        .output()
        .context("Open MPI's mpirun is needed")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "mpirun failed: {error}");
    let said = String::from_utf8(output.stdout)?;
    let numbers = said.split_whitespace().map(str::parse);
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
    let [step, exchange, parameters] = numbers[..] else {
        anyhow::bail!("the first process said {said}");
    };
    Ok(Times { step, exchange, parameters })
}

/// Processes, threads of each, and images in a batch.
const CASES: [(usize, usize, usize); 5] =
    [(1, 1, 64), (1, 2, 64), (2, 1, 64), (4, 1, 64), (1, 2, 32)];

fn tables() -> Result<()> {
    let mut times: [Vec<Times>; CASES.len()] = Default::default();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for (times, (ranks, threads, batch)) in times.iter_mut().zip(CASES) {
            times.push(run(ranks, threads, batch)?);
        }
    }
    let [of_64 @ .., of_32] = times;
    println!("64 images in a batch, on this machine:\n");
    println!("| processes | threads of each | step | sum of gradients |");
    println!("| --- | --- | --- | --- |");
    for (times, (ranks, threads, _)) in of_64.iter().zip(CASES) {
        let step = median(times.iter().map(|t| t.step).collect());
        let exchange = median(times.iter().map(|t| t.exchange).collect());
        let exchange = match ranks {
            1 => "–".to_owned(),
            _ => format!("{:.1} ms", 1e3 * exchange),
        };
        println!("| {ranks} | {threads} | {step:.3} s | {exchange} |");
    }

    let step = median(of_32.iter().map(|t| t.step).collect());
    let parameters = of_32[0].parameters;
    println!(
        "\nA model of machines like this one, with 2 threads and 32 images each, \
         {} Gbit/s, and {} µs for a short message:\n",
        BYTES_PER_SECOND * 8e-9,
        LATENCY * 1e6,
    );
    println!("| machines | exchange | step | images/s |");
    println!("| --- | --- | --- | --- |");
    for machines in [1, 8, 64] {
        let n = f64::from(machines);
        let bytes = 4.0 * parameters * 2.0 * (n - 1.0) / n;
        let messages = MESSAGES * n.log2();
        let exchange = bytes / BYTES_PER_SECOND + messages * LATENCY;
        let all = step + exchange;
        println!(
            "| {machines} | {:.1} ms | {all:.3} s | {:.0} |",
            1e3 * exchange,
            32.0 * n / all,
        );
    }
    Ok(())
}
