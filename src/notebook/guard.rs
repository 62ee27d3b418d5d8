//! A panic in a cell ends the process.

/// Makes every later panic end the process with exit code 101.
///
/// By default the kernel shows a panic and continues, so a notebook with a failed
/// assertion would look successful. After this call the kernel reports that its
/// process has ended. All variables are then lost: run the notebook again from its
/// first cell.
///
/// ```
/// ddpm::notebook::guard();
/// assert_eq!(1 + 1, 2); // else: exit code 101
/// ```
pub fn guard() {
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        eprintln!("run the notebook again from its first cell");
        std::process::exit(101);
    }));
}
