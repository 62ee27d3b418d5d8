//! Times our training step against PyTorch's, in one run.
//!
//! ```text
//! cargo bench --bench pytorch
//! ```
//!
//! The network is the `UNet2DModel` of the `diffusers` library with 32, 64 and
//! 64 channels, and our network of the same structure and number of parameters.
//! Two processes take turns, so that other work of the machine slows both; each
//! turn begins with a run that is not counted. The benchmark writes a table,
//! `benches/RESULTS.md`. It takes ten minutes to half an hour, after an
//! installation of some gigabytes; `-- --quick` gives a first result in a few
//! minutes. With `-- --device cuda` it prints the tables for `benches/gpu/run`.

mod case;
mod gpu;
mod ours;
mod peak;
mod side;

use anyhow::{Context, Result};
use case::{Answer, Case, Mode, What};
use clap::Parser;
use side::Side;
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Time this library against PyTorch.
#[derive(Parser, Debug)]
struct Args {
    /// Pairs of runs of each case
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Time the training step and the forward pass only, in three pairs, and
    /// write no file
    #[arg(long)]
    quick: bool,
    /// Print the tables for benches/gpu/run, on this device: cuda, or cpu to
    /// try it without a GPU
    #[arg(long)]
    device: Option<String>,
    /// A Python with PyTorch and diffusers, instead of one that is installed
    /// here
    #[arg(long)]
    python: Option<PathBuf>,
    /// Minutes after which no case starts that PyTorch must compile
    #[arg(long, default_value_t = 4.0)]
    minutes: f64,
    /// Threads of each side
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Answer cases on standard input; the program itself uses this
    #[arg(long, hide = true)]
    serve: bool,
    /// The flag that Cargo passes
    #[arg(long, hide = true)]
    bench: bool,
}

const HEAD: &str = "\
# Against PyTorch

Written by `cargo bench --bench pytorch`. Medians of runs that took turns; the
ratio is PyTorch's time over ours, so above 1 we are faster, with the quartiles
of the pairs beside it.
";

const ALONE: &str = "\
One operation alone goes back by way of candle, which copies its arguments and
adds gradients to zeros; in the network it does not, and takes what stands under
“Where a training step goes”.
";

fn main() -> Result<()> {
    let args = Args::parse();
    if args.serve {
        return ours::serve(args.device.as_deref().unwrap_or("cpu"));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = match args.python {
        Some(python) => python,
        None => side::install(&root.join("target/bench/venv"))?,
    };
    let mut bench = Bench {
        rounds: if args.quick { 3 } else { args.rounds },
        threads: args.threads,
        python,
        device: args.device.clone().unwrap_or_else(|| "cpu".to_owned()),
        speed: None,
        text: String::new(),
    };
    if args.device.is_some() {
        return gpu::tables(&mut bench, args.quick, args.minutes);
    }
    let mut speed =
        Speed { flops: bench.count()?, peak: peak::measure(args.threads) };
    bench.speed = Some(speed);
    bench.say(HEAD);
    bench.say(&format!(
        "{}, with {} numbers in a register. Multiply-add peak of {} threads, \
         measured: {:.0} GFLOP/s.\n",
        peak::processor(),
        peak::lanes(),
        args.threads,
        speed.peak / 1e9
    ));
    bench.say(&format!(
        "A forward pass of one image of 28×28 takes {:.3} GFLOP in \
         convolutions and matrix products, a training step three times that.\n",
        speed.flops / 1e9
    ));
    bench.table("The network", &network(args.quick))?;
    if args.quick {
        return Ok(());
    }
    bench.kernels()?;
    bench.memory()?;
    bench.table("How the cost grows with the batch", &batches())?;
    bench.table("How the cost grows with the image", &sizes())?;
    bench.table("Operations", &operations())?;
    bench.say(ALONE);
    bench.threads = 1;
    speed.peak = peak::measure(1);
    bench.speed = Some(speed);
    bench.table("The network, on one thread", &network(true))?;
    let path = root.join("benches/RESULTS.md");
    std::fs::write(&path, bench.text)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn network(quick: bool) -> Vec<Case> {
    let step = Case::network(What::Step, 128, 28);
    let forward = Case::network(What::Forward, 128, 28);
    let mut cases = vec![step.clone(), forward.clone()];
    if !quick {
        cases.extend([step.by(Mode::Compile), forward.by(Mode::Compile)]);
    }
    cases
}

fn batches() -> Vec<Case> {
    let batches = [1, 8, 32, 128, 512];
    let cases = batches.map(|b| {
        [What::Step, What::Forward].map(|what| Case::network(what, b, 28))
    });
    cases.concat()
}

fn sizes() -> Vec<Case> {
    [28, 48, 64].map(|size| Case::network(What::Step, 32, size)).to_vec()
}

fn operations() -> Vec<Case> {
    let mut cases = vec![];
    for (channels, size, kernel) in [
        ([32, 32], 28, 3),
        ([96, 32], 28, 3),
        ([64, 64], 28, 3),
        ([64, 64], 14, 3),
        ([64, 64], 7, 3),
        ([96, 32], 28, 1),
    ] {
        cases.push(Case::operation("conv", channels, size, kernel));
    }
    for (op, channels, size) in [
        ("halve", [32, 32], 28),
        ("norm", [32, 32], 28),
        ("norm", [64, 64], 14),
        ("silu", [32, 32], 28),
        ("attention", [64, 64], 7),
        ("concat", [64, 32], 28),
        ("upsample", [64, 64], 14),
    ] {
        let kernel = if op == "halve" { 3 } else { 1 };
        cases.push(Case::operation(op, channels, size, kernel));
    }
    let both = |case: Case| [case.clone(), case.with_backward()];
    let mut cases: Vec<_> = cases.into_iter().flat_map(both).collect();
    cases.push(Case::operation("noise", [1, 1], 28, 1));
    cases.push(Case::operation("adam", [1, 1], 28, 1));
    cases
}

/// The speed of the cores, and the operations of a forward pass.
#[derive(Clone, Copy)]
struct Speed {
    /// The peak of the cores, in operations per second.
    peak: f64,
    /// The number of operations of a forward pass of one 28×28 image.
    flops: f64,
}

struct Bench {
    rounds: usize,
    threads: usize,
    python: PathBuf,
    device: String,
    /// The speed, or `None` for the tables of a GPU.
    speed: Option<Speed>,
    text: String,
}

impl Bench {
    /// Returns the number of operations of a forward pass of one image.
    fn count(&self) -> Result<f64> {
        let counted = self.theirs()?.ask(&Case::network(What::Flops, 1, 28))?;
        counted.count.context("it was not counted")
    }

    fn ours(&self) -> Result<Side> {
        Side::ours(&self.device, self.threads)
    }

    fn theirs(&self) -> Result<Side> {
        Side::theirs(&self.python, &self.device, self.threads)
    }

    fn say(&mut self, text: &str) {
        println!("{text}");
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn table(&mut self, title: &str, cases: &[Case]) -> Result<()> {
        self.head(title);
        let (mut ours, mut theirs) = (self.ours()?, self.theirs()?);
        for case in cases {
            let row = self.row(case, &mut ours, &mut theirs)?;
            self.say(&row);
        }
        self.say("");
        Ok(())
    }

    fn head(&mut self, title: &str) {
        let (share, line) = match self.speed {
            Some(_) => (" share of peak, ours |", " --- |"),
            None => ("", ""),
        };
        self.say(&format!(
            "## {title}\n\n| what | PyTorch, ms | ours, ms | ratio | from … to \
             |{share}\n| --- | --- | --- | --- | --- |{line}"
        ));
    }

    /// Times both sides in turns, and returns a row of the table. The first
    /// turn of each side is not counted.
    fn row(
        &self,
        case: &Case,
        ours: &mut Side,
        theirs: &mut Side,
    ) -> Result<String> {
        let (mut a, mut b) = (vec![], vec![]);
        for round in 0..=self.rounds {
            let time = |side: &mut Side| -> Result<f64> {
                side.ask(case)?.seconds.context("no time")
            };
            let (mine, other) = (time(ours)?, time(theirs)?);
            if round > 0 {
                a.push(mine);
                b.push(other);
            }
        }
        let ratios = a.iter().zip(&b).map(|(ours, theirs)| theirs / ours);
        let ratios = sorted(ratios.collect());
        let (ours, theirs) = (median(&sorted(a)), median(&sorted(b)));
        let mut row = format!(
            "| {} | {:.2} | {:.2} | **{:.2}** | {:.2} … {:.2} |",
            case.name(),
            theirs * 1e3,
            ours * 1e3,
            median(&ratios),
            ratios[ratios.len() / 4],
            ratios[ratios.len() * 3 / 4],
        );
        let Some(speed) = self.speed else { return Ok(row) };
        let whole = speed.flops * case.batch as f64;
        let flops = match case.what {
            _ if case.size != 28 && case.op.is_empty() => None,
            What::Step => Some(3.0 * whole),
            What::Forward => Some(whole),
            _ => case.flops(),
        };
        match flops {
            Some(flops) => {
                let share = 100.0 * flops / ours / speed.peak;
                write!(row, " {share:.0} % |")?;
            }
            None => row.push_str(" |"),
        }
        Ok(row)
    }

    /// Prints the time of each kernel in a training step: medians of several
    /// steps.
    fn kernels(&mut self) -> Result<()> {
        let peak = self.speed.context("no peak")?.peak;
        let mut ours = self.ours()?;
        let case = Case::network(What::Kernels, 128, 28);
        let mut answers = vec![];
        for _ in 0..=self.rounds {
            answers.push(ours.ask(&case)?);
        }
        self.say(
            "## Where a training step goes\n\nOurs, 128 images of 28×28: \
             kernel by kernel, as often as it is used by one of the parts \
             that the batch is cut into. The times of all parts are added up \
             and divided by the number of threads. The share of the peak \
             counts the products that the formula has; Winograd's way takes \
             half of them, so it may pass 100 %.\n\n\
             | kernel | uses | forward, ms | backward, ms | share of peak |\n\
             | --- | --- | --- | --- | --- |",
        );
        let steps = &answers[1..];
        let of = |f: &dyn Fn(&Answer) -> f64| {
            median(&sorted(steps.iter().map(f).collect()))
        };
        let (mut all, mut text) = (0.0, String::new());
        // A micro-batch starts this kernel once: the timestep embedding.
        let parts = answers[0].kernels[0].count;
        let threads = self.threads as f64;
        for (i, row) in answers[0].kernels.iter().enumerate() {
            let forward = of(&|a| a.kernels[i].forward) / threads;
            let backward = of(&|a| a.kernels[i].backward) / threads;
            all += forward + backward;
            let flops = 3.0 * row.flops / (forward + backward) / peak;
            let share = if row.flops > 0.0 {
                format!("{:.0} %", 100.0 * flops)
            } else {
                String::new()
            };
            writeln!(
                text,
                "| {} | {} | {:.1} | {:.1} | {share} |",
                row.what,
                row.count / parts,
                1e3 * forward,
                1e3 * backward
            )?;
        }
        let step = of(&|a| a.seconds.unwrap_or(f64::NAN));
        self.say(text.trim_end());
        self.say(&format!(
            "\nTogether {:.0} ms of a step of {:.0} ms; the rest is the batch, \
             the loss, Adam and the average.\n",
            1e3 * all,
            1e3 * step
        ));
        Ok(())
    }

    /// Prints the peak memory of training steps, each side in its own process.
    fn memory(&mut self) -> Result<()> {
        let step = Case::network(What::Step, 128, 28);
        let mut peaks = vec![];
        for mut side in [self.theirs()?, self.ours()?] {
            // Each turn has two steps, one of them to warm up.
            for _ in 0..4 {
                side.ask(&step)?;
            }
            let peak = side.ask(&step)?.peak_kb.context("no memory")?;
            peaks.push(peak as f64 / 1024.0);
        }
        self.say(&format!(
            "## Memory\n\nThe most memory that a process has had after ten \
             training steps of 128 images: PyTorch {:.0} MiB, ours {:.0} MiB.\n",
            peaks[0], peaks[1]
        ));
        Ok(())
    }
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
