//! The command line.

mod explain;
mod file;
mod json;
mod mutate;
mod report;

use clap::{Parser, Subcommand};
use proofread::{
    Marks, Notation, Problem, Report, check, diagnostics, line_column,
};
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
        #[command(flatten)]
        about: About,
        /// Print one JSON object for each relation
        #[arg(long)]
        json: bool,
    },
    /// Show how the relations of one formula were decided, step by step
    Explain {
        /// The text
        file: PathBuf,
        /// The id of a formula, or LINE for one without
        id: String,
        #[command(flatten)]
        about: About,
    },
    /// Change the LaTeX of each formula, and the notation, in every small way,
    /// and see whether the checker notices
    #[command(after_help = mutate::HELP)]
    Mutate {
        /// Markdown or LaTeX files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        options: mutate::Options,
    },
}

/// What goes with a text.
#[derive(clap::Args, Debug)]
struct About {
    /// What the symbols mean: a TOML file
    #[arg(long, value_name = "FILE")]
    notation: Option<PathBuf>,
    /// What a text that cannot be edited would say in its comments: a TOML
    /// file
    #[arg(long, value_name = "FILE")]
    marks: Option<PathBuf>,
}

/// Runs the command; false if something in the texts is wrong.
pub(crate) fn run(args: &Args) -> Result<bool, String> {
    match &args.command {
        Command::Check { files, about, json } => {
            let mut good = true;
            for file in files {
                let checked = Checked::read(file, about)?;
                if *json {
                    json::print(&checked)?;
                } else {
                    report::print(&checked);
                }
                good &= checked.report.is_good();
            }
            Ok(good)
        }
        Command::Explain { file, id, about } => {
            explain::print(&Checked::read(file, about)?, id)
        }
        Command::Mutate { files, about, options } => {
            let mut good = true;
            for file in files {
                good &= mutate::run(file, about, options)?;
            }
            Ok(good)
        }
    }
}

/// A text with all that was found in it.
struct Checked {
    name: String,
    text: String,
    marks_name: String,
    marks_text: String,
    report: Report,
}

impl Checked {
    fn read(path: &Path, about: &About) -> Result<Self, String> {
        let notation = read_notation(about.notation.as_deref())?;
        let (marks_name, marks_text, marks) =
            read_marks(about.marks.as_deref())?;
        let text = file::read(path)?;
        let name = path.display().to_string();
        let report = check(&name, &text, &notation, &marks);
        Ok(Self { name, text, marks_name, marks_text, report })
    }

    /// Where a place is: `name:line:column`.
    fn place(&self, offset: usize) -> String {
        let (line, column) = line_column(&self.text, offset);
        format!("{}:{line}:{column}", self.name)
    }
}

fn read_notation(path: Option<&Path>) -> Result<Notation, String> {
    let Some(path) = path else { return Ok(Notation::default()) };
    let text = file::read(path)?;
    let name = path.display().to_string();
    Notation::read(&text).map_err(|all| problems(&name, &text, &all))
}

/// Prints the problems of a notation file, and says in a line that it is none.
fn problems(name: &str, text: &str, all: &[Problem]) -> String {
    for problem in all {
        anstream::println!("{}", diagnostics::problem(name, text, problem));
    }
    format!("{name} is not a notation file")
}

type MarksFile = (String, String, Marks);

fn read_marks(path: Option<&Path>) -> Result<MarksFile, String> {
    let Some(path) = path else { return Ok(MarksFile::default()) };
    let text = file::read(path)?;
    let name = path.display().to_string();
    match Marks::read(&text) {
        Ok(marks) => Ok((name, text, marks)),
        Err(problem) => {
            anstream::println!(
                "{}",
                diagnostics::problem(&name, &text, &problem)
            );
            Err(format!("{name} is not a file of marks"))
        }
    }
}
