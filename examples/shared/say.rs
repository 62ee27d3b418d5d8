//! Output that goes on when nobody reads it: `println!` and `eprintln!` panic when
//! a pipe is closed, as by `digits | head -1`.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// True in a process that prints nothing.
static SILENT: AtomicBool = AtomicBool::new(false);

/// Lets this process print nothing: another one of the same run prints.
#[allow(dead_code)] // not every lesson runs as several processes
pub(crate) fn be_silent() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Returns whether this process prints nothing.
pub(crate) fn is_silent() -> bool {
    SILENT.load(Ordering::Relaxed)
}

/// Writes a line at once, among lines of other processes.
pub(crate) fn print(mut out: impl Write, line: fmt::Arguments) {
    if !is_silent() {
        let _ = out.write_all(format!("{line}\n").as_bytes());
    }
}

/// Prints a line to the standard output.
macro_rules! say {
    ($($text:tt)*) => {
        crate::say::print(std::io::stdout(), format_args!($($text)*))
    };
}

/// Prints a line to the standard error.
#[allow(unused_macros)] // not every lesson has notes
macro_rules! note {
    ($($text:tt)*) => {
        crate::say::print(std::io::stderr(), format_args!($($text)*))
    };
}
