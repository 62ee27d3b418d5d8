//! Stops runs of the digits lesson in every way and at every moment, and checks
//! that nothing is lost.
//!
//! ```text
//! cargo run -p faults
//! ```
//!
//! After each fault, every file under a final name is whole, and the run resumes to
//! the bytes of a run that never stopped. The program prints a table: the fault, at
//! how many points it was tried, what was left in the folder, and how many runs
//! resumed. It needs Linux with strace, which lets one operation of the system fail,
//! and unshare, which makes disks that are full or cannot be written.

mod disk;
mod folder;
mod injected;
mod lesson;
mod signals;
mod table;

use anyhow::Result;
use clap::Parser;
use lesson::Lesson;
use std::path::PathBuf;
use std::process::ExitCode;
use table::Table;

/// Stop the digits lesson in every way, and check that nothing is lost.
#[derive(Parser, Debug)]
struct Args {
    /// The program of the lesson
    #[arg(long, default_value = "target/debug/examples/digits")]
    program: PathBuf,
    /// Random moments for each signal
    #[arg(long, default_value_t = 4)]
    random: u32,
    /// Try one injected fault in N, the same ones each time
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Seed of the random moments
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Run the part that needs disks of its own; the program itself uses this
    #[arg(long, hide = true)]
    disks: bool,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let lesson = Lesson::new(&args.program)?;
    let mut table = Table::default();
    if args.disks {
        disk::faults(&lesson, &mut table);
    } else {
        Table::heading();
        injected::faults(&lesson, args.every, &mut table)?;
        signals::faults(&lesson, args.random, args.seed, &mut table)?;
        disk::in_namespace()?;
    }
    Ok(if table.all_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
