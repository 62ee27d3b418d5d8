//! Requests to stop: Ctrl-C, SIGTERM and SIGHUP.

use anyhow::{Context, Result};
#[cfg(unix)]
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The number of requests so far, counted on a thread of its own.
#[derive(Clone)]
pub(crate) struct Stop(Arc<AtomicU32>);

impl Stop {
    /// Starts to count. The third request ends the program.
    pub(crate) fn watch() -> Result<Self> {
        let stop = Self(Arc::default());
        let counter = stop.clone();
        on_each_signal(move || {
            if counter.0.fetch_add(1, Ordering::SeqCst) >= 2 {
                std::process::exit(130);
            }
        })
        .context("cannot watch for Ctrl-C")?;
        Ok(stop)
    }

    pub(crate) fn requests(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Calls `f` for each Ctrl-C, and where a system or a job scheduler asks to stop:
/// for SIGTERM, and for SIGHUP, unless `nohup` has told the program to ignore it.
#[cfg(unix)]
fn on_each_signal(f: impl Fn() + Send + 'static) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::low_level::pipe;
    // Each signal writes a byte, so that two in a row count as two.
    let (read, write) = std::os::unix::net::UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if signal != SIGHUP || !ignores_hangup() {
            pipe::register(signal, write.try_clone()?)?;
        }
    }
    std::thread::spawn(move || {
        let bytes = BufReader::new(read).bytes();
        bytes.take_while(|byte| byte.is_ok()).for_each(|_| f());
    });
    Ok(())
}

#[cfg(not(unix))]
fn on_each_signal(f: impl Fn() + Send + 'static) -> Result<()> {
    Ok(ctrlc::set_handler(f)?)
}

/// Returns whether this program was started with SIGHUP ignored. Linux says so in
/// a file; elsewhere the answer is no.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status");
    let status = status.unwrap_or_default();
    let ignored = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|s| u64::from_str_radix(s.trim(), 16).ok());
    ignored.is_some_and(|signals| signals & 1 == 1) // bit 0 is signal 1, SIGHUP
}
