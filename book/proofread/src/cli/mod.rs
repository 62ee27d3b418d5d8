//! The command line.

mod diagnostics;
mod json;

use clap::{Parser, Subcommand};
use proofread::{Marks, Notation, Report, check};
use std::path::{Path, PathBuf};

/// Check the mathematics in a text.
///
/// Every relation in the formulas of a Markdown or LaTeX file is read and
/// decided: an identity is tested in a prime field and at real points, an
/// inequality at real points, a claim about Gaussians by their calculus. What
/// is false is shown with the plainest counterexample that could be found.
#[derive(Parser, Debug)]
#[command(version, after_help = EXIT)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

const EXIT: &str = "\
Exit code: 0 if nothing is false, undecided, unknown or unlabelled; 1 if
something is; 2 if the check could not run.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Decide every relation of the texts
    Check {
        /// Markdown files, or LaTeX files whose names end in .tex
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What the symbols mean: a TOML file
        #[arg(long, value_name = "FILE")]
        notation: Option<PathBuf>,
        /// What a text that cannot be edited would say in its comments: a
        /// TOML file
        #[arg(long, value_name = "FILE")]
        marks: Option<PathBuf>,
        /// Print one JSON object for each relation
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command; false if something in the texts is wrong.
pub(crate) fn run(args: &Args) -> Result<bool, String> {
    match &args.command {
        Command::Check { files, notation, marks, json } => {
            let notation = read_notation(notation.as_deref())?;
            let (marks_name, marks_text, marks) =
                read_marks(marks.as_deref())?;
            let mut good = true;
            for file in files {
                let text = read(file)?;
                let name = file.display().to_string();
                let report = check(&name, &text, &notation, &marks);
                if *json {
                    json::print(&name, &text, &report)?;
                } else {
                    let marks = (marks_name.as_str(), marks_text.as_str());
                    diagnostics::print(&name, &text, marks, &report);
                }
                good &= report.is_good();
            }
            Ok(good)
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn read_notation(path: Option<&Path>) -> Result<Notation, String> {
    let Some(path) = path else { return Ok(Notation::default()) };
    let text = read(path)?;
    Notation::read(&text).map_err(|problems| {
        let name = path.display().to_string();
        for problem in &problems {
            diagnostics::problem(&name, &text, problem);
        }
        format!("{name} is not a notation file")
    })
}

type MarksFile = (String, String, Marks);

fn read_marks(path: Option<&Path>) -> Result<MarksFile, String> {
    let Some(path) = path else { return Ok(MarksFile::default()) };
    let text = read(path)?;
    let name = path.display().to_string();
    match Marks::read(&text) {
        Ok(marks) => Ok((name, text, marks)),
        Err(problem) => {
            diagnostics::problem(&name, &text, &problem);
            Err(format!("{name} is not a file of marks"))
        }
    }
}

/// How many relations have each status, as a line.
fn totals(report: &Report) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for outcome in &report.outcomes {
        *counts.entry(outcome.status).or_insert(0) += 1;
    }
    let parts = counts
        .iter()
        .map(|(status, count)| format!("{count} {}", status.name()));
    parts.collect::<Vec<_>>().join(", ")
}
