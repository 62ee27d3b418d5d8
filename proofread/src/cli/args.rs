//! Arguments of the program, and its help.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Check the mathematics in a text.
///
/// Every relation in the formulas of a Markdown or LaTeX file is read and
/// decided: algebra proves the relation on the whole domain, or a point of the
/// domain refutes it, or the relation is an error. A false relation is shown
/// with a counterexample.
#[derive(Parser, Debug)]
#[command(version, after_help = EXIT, after_long_help = FIRST)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT: &str = "\
Exit code: 0 if nothing is false, undecided, only searched, unknown or
unlabelled; 1 if something is; 2 if the check could not run.";

const FIRST: &str = "\
An example. Let notes.md say

    The gap is $\\sqrt{(1 - u)^2} = 1 - u$.

and notes.toml what its symbols are:

    [symbols]
    u = { kind = \"scalar\", in = \"(0, 1)\" }

Then `proofread check notes.md --notation notes.toml` proves the equation, and
`proofread explain notes.md 1 --notation notes.toml` shows how. Without the
domain it is false, and a counterexample is printed.

Exit code: 0 if nothing is false, undecided, only searched, unknown or
unlabelled; 1 if something is; 2 if the check could not run.";

const CHECK: &str = "\
Examples:
  proofread check notes.md --notation notes.toml
  proofread check paper.tex --notation notes.toml --marks paper.marks.toml
  pandoc notes.org -t markdown | proofread check - --notation notes.toml
  proofread check notes.md --json | jq 'select(.ok | not)'";

const EXPLAIN: &str = "\
Examples:
  proofread explain notes.md eq-gap --notation notes.toml
  proofread explain notes.md 12 --notation notes.toml
The second explains the relations that start on line 12.";

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Decide every relation of the texts
    #[command(after_help = CHECK)]
    Check {
        /// Markdown files, or LaTeX files whose names end in .tex; - is the
        /// standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        about: About,
        /// Print one JSON object for each relation and each problem
        #[arg(long)]
        json: bool,
    },
    /// Show how the relations of one formula were decided, step by step
    #[command(after_help = EXPLAIN)]
    Explain {
        /// The text; - is the standard input
        file: PathBuf,
        /// The id of a formula, or the line on which a relation starts
        id: String,
        #[command(flatten)]
        about: About,
    },
    /// Change the LaTeX of each formula, and the notation, in every small way,
    /// and see whether the checker notices
    #[command(after_help = super::mutate::HELP)]
    Mutate {
        /// Markdown or LaTeX files; - is the standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        options: super::mutate::Options,
    },
}

/// The files and the format for a text.
#[derive(clap::Args, Debug)]
pub(super) struct About {
    /// A TOML file with the meanings of the symbols
    #[arg(long, value_name = "FILE")]
    pub(super) notation: Option<PathBuf>,
    /// A TOML file of marks, for a text that cannot be edited
    #[arg(long, value_name = "FILE")]
    pub(super) marks: Option<PathBuf>,
    /// The format of the texts, if the file names do not say it
    #[arg(long)]
    pub(super) format: Option<Format>,
}

/// The format of a text.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// Markdown with formulas
    Markdown,
    /// LaTeX
    Tex,
}
