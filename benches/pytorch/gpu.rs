//! The tables of a GPU: training and sampling, and what a training step starts.
//!
//! They are printed case by case, so that a failure leaves what was measured
//! before.

use crate::Bench;
use crate::case::{Case, Mode, What};
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// The channels of the network of the digits.
const DIGITS: [usize; 3] = [16, 32, 32];

/// Prints them. Cases that PyTorch must compile come last, and none of these is
/// begun after `minutes`.
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
                // One of them may have ended with it.
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

/// Returns the share of PyTorch's time in kernels.
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
