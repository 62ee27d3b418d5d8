//! The command: `proofread check`, `explain` and `mutate`.

mod cli;

use clap::Parser;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::Arc;

/// The bytes of the stack of a thread.
const STACK: usize = 1 << 28;

fn main() -> ExitCode {
    let args = Arc::new(cli::Args::parse());
    let ours = Arc::clone(&args);
    // Formulas nest, and the parser and the proofs recurse, so all threads need a
    // large stack. A stack is virtual memory until it is used.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    pool.build_global().ok(); // which fails only if there is a pool already
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let args = ours;
        let mut out = anstream::stdout().lock();
        let ending = cli::run(&args, &mut out)?;
        out.flush().map(|()| ending)
    });
    let message = match worker.map(|worker| worker.join()) {
        Ok(Ok(Ok(ending))) => return ExitCode::from(ending as u8),
        // The reader of the output has read enough and closed the pipe.
        Ok(Ok(Err(error))) if error.kind() == ErrorKind::BrokenPipe => {
            return ExitCode::from(2);
        }
        Ok(Ok(Err(error))) => format!("cannot write the output: {error}"),
        Ok(Err(_)) => "this is a bug: please report it".into(),
        Err(error) => format!("cannot start a thread: {error}"),
    };
    let _ = writeln!(anstream::stderr(), "error: {message}");
    let _ = cli::broke_down(&args, &message);
    ExitCode::from(2)
}
