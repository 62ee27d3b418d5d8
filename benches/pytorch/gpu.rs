//! The tables of a GPU: the times of training and sampling, and the kernels
//! that a training step starts.
//!
//! The tables are printed case by case, so a failure keeps the results before
//! it.

use crate::Bench;
use crate::case::{Case, Mode, What};
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// The channels of the network of the digits.
const DIGITS: [usize; 3] = [16, 32, 32];

/// Prints the tables. The cases that PyTorch must compile come last, and none
/// of them starts after `minutes`.
pub(crate) fn tables(
    bench: &mut Bench,
    quick: bool,
    minutes: f64,
) -> Result<()> {
    let begun = Instant::now();
    let late = Duration::from_secs_f64(60.0 * minutes);
    bench.head("Times");
    let (mut ours, mut theirs) = (bench.ours()?, bench.theirs()?);
    let eager = cases(quick).into_iter();
    let compiled = cases(quick).into_iter().flat_map(|case| {
        [Mode::Compile, Mode::ReduceOverhead].map(|mode| case.clone().by(mode))
    });
    for case in eager.chain(compiled) {
        if case.mode != Mode::Eager && begun.elapsed() > late {
            bench.say(&format!("| {} | no time | | | |", case.name()));
            continue;
        }
        let row = match bench.row(&case, &mut ours, &mut theirs) {
            Ok(row) => row,
            Err(error) => {
                // The failure may have ended one of the processes.
                (ours, theirs) = (bench.ours()?, bench.theirs()?);
                format!("| {} | failed: {error:#} | | | |", case.name())
            }
        };
        bench.say(&row);
    }
    bench.say("");
    if bench.device != "cpu" {
        launches(bench)?;
    }
    Ok(())
}

fn cases(quick: bool) -> Vec<Case> {
    let digits = |what, batch, runs| {
        let case = Case::network(what, batch, 28);
        Case { widths: DIGITS, runs, ..case }
    };
    if quick {
        return vec![digits(What::Step, 4, 1), digits(What::Sample, 2, 1)];
    }
    let large = Case::network(What::Step, 128, 28);
    vec![
        digits(What::Step, 128, 20),
        Case { runs: 20, ..large },
        digits(What::Step, 32, 20),
        digits(What::Sample, 256, 1),
        digits(What::Step, 512, 20),
    ]
}

/// Prints the number of kernels that PyTorch's training step starts, and their
/// time.
fn launches(bench: &mut Bench) -> Result<()> {
    let mut theirs = bench.theirs()?;
    let case = Case::network(What::Launches, 128, 28);
    let answer = theirs.ask(&Case { widths: DIGITS, ..case })?;
    let count = answer.count.context("it was not counted")?;
    let seconds = answer.seconds.context("no time")?;
    bench.say(&format!(
        "PyTorch's training step with 128 digits, operation by operation, \
         starts {count:.0} kernels and copies, which take {:.2} ms.\n",
        1e3 * seconds
    ));
    Ok(())
}
