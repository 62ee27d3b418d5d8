//! The command line.

mod args;
mod explain;
mod input;
mod json;
mod mutate;
mod report;

pub(crate) use args::Args;

use args::{About, Command, Format};
use input::{Beside, File, Unusable};
use proofread::{Report, line_column};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// The result of a command; its number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// No errors in the texts.
    Good = 0,
    /// Errors in the texts.
    Wrong = 1,
    /// Input that could not be read.
    Unable = 2,
}

impl Ending {
    fn of(good: bool) -> Self {
        if good { Self::Good } else { Self::Wrong }
    }
}

/// Runs the command. Fails if its output cannot be written.
pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Ending> {
    match &args.command {
        Command::Check { files, about, json } => {
            each(files, about, *json, out, |checked, out| {
                if *json {
                    json::print(checked, out)?;
                } else {
                    report::print(checked, out)?;
                }
                Ok(Ending::of(checked.report.is_good()))
            })
        }
        Command::Explain { file, id, about } => {
            let files = std::slice::from_ref(file);
            each(files, about, false, out, |checked, out| {
                explain::print(checked, id, out)
            })
        }
        Command::Mutate { files, about, options } => {
            each(files, about, false, out, |checked, out| {
                mutate::print(checked, options, out)
            })
        }
    }
}

/// Prints on the standard output that the command broke down, if a program
/// reads JSON objects there.
pub(crate) fn broke_down(args: &Args, message: &str) -> Result<()> {
    if let Command::Check { json: true, .. } = args.command {
        let broken = Unusable::new("proofread", message.to_owned());
        json::unusable(&broken, &mut std::io::stdout().lock())?;
    }
    Ok(())
}

/// Checks every text and passes it to `then`. Returns the worst ending.
fn each(
    files: &[PathBuf],
    about: &About,
    json: bool,
    out: &mut dyn Write,
    mut then: impl FnMut(&Checked, &mut dyn Write) -> Result<Ending>,
) -> Result<Ending> {
    let unable = |broken: &Unusable, out: &mut dyn Write| {
        // A closed standard error is not an error.
        let _ = writeln!(anstream::stderr(), "{broken}");
        if json {
            json::unusable(broken, out)?;
        }
        Ok(Ending::Unable)
    };
    let mut beside = match Beside::read(about) {
        Ok(beside) => beside,
        Err(broken) => return unable(&broken, out),
    };
    let (mut worst, mut consumed) = (Ending::Good, false);
    for path in files {
        let file = match read(path, &mut consumed) {
            Ok(file) => file,
            Err(broken) => {
                worst = worst.max(unable(&broken, out)?);
                continue;
            }
        };
        let checked = Checked::new(file, beside, about.format);
        worst = worst.max(then(&checked, out)?);
        beside = checked.beside;
    }
    Ok(worst)
}

/// Reads a text; `-` is the standard input, which can be read once.
fn read(
    path: &Path,
    consumed: &mut bool,
) -> std::result::Result<File, Unusable> {
    if path != Path::new("-") {
        return File::read(path);
    }
    if std::mem::replace(consumed, true) {
        let message = "the standard input can be read once; name - once";
        return Err(Unusable::new("<stdin>", message.into()));
    }
    File::standard_input()
}

/// A text with its report.
struct Checked {
    /// A name whose ending gives the format of the text.
    name: String,
    file: File,
    beside: Beside,
    report: Report,
}

impl Checked {
    fn new(file: File, beside: Beside, format: Option<Format>) -> Self {
        let name = match format {
            Some(Format::Markdown) => "text.md",
            Some(Format::Tex) => "text.tex",
            None => &file.name,
        };
        let name = name.to_owned();
        let Beside { notation, marks, .. } = &beside;
        let report = proofread::check(&name, &file.text, notation, marks);
        Self { name, file, beside, report }
    }

    /// Formats a position as `name:line:column`.
    fn place(&self, offset: usize) -> String {
        let (line, column) = line_column(&self.file.text, offset);
        format!("{}:{line}:{column}", self.file.name)
    }
}
