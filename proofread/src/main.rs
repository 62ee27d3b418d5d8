//! The command: `proofread check`, `explain` and `mutate`.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = cli::Args::parse();
    // Formulas nest, and so do the calls that read them; this stack is
    // virtual memory until it is used.
    let worker = std::thread::Builder::new()
        .stack_size(1 << 28)
        .spawn(move || cli::run(&args));
    let result = match worker.map(|worker| worker.join()) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err("this is a bug: please report it".into()),
        Err(error) => Err(format!("cannot start a thread: {error}")),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            anstream::eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
