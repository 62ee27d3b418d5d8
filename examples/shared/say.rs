//! Output that goes on when nobody reads it: `println!` and `eprintln!` panic when
//! a pipe is closed, as by `digits | head -1`.

/// Prints a line to the standard output.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// Prints a line to the standard error.
#[allow(unused_macros)] // not every lesson has notes
macro_rules! note {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}
