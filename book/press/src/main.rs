//! `cargo book`: print the book, or only check it.

mod serve;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor, parse_input};
use press::{Api, Press, check, copy_notebooks, root};
use proofread::{Fate, mutants};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Print the book: every formula checked, all code and figures from tested
/// sources.
#[derive(Parser, Debug)]
#[command(name = "cargo book", version, after_help = AFTER)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The folder with book.toml
    #[arg(long, global = true, value_name = "DIR", default_value = "book")]
    folder: PathBuf,
}

const AFTER: &str = "\
Without a command it is a preprocessor for mdBook and reads from it.
Exit code: 0 if all is well, 1 if something in the book is wrong.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Check everything and print the book into target/book
    Build,
    /// Print it, show it on this machine, and print it anew whenever a file
    /// changes
    Serve {
        /// The port to listen on
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
    /// Check everything, and print nothing
    Check,
    /// Break each equation in every small way, and see that it is noticed
    Mutate,
    /// Whether a renderer of mdBook can be served; for mdBook
    #[command(hide = true)]
    Supports { renderer: String },
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args = Args::parse();
    match &args.command {
        Some(Command::Build) => {
            build(&args.folder, &document(&args.folder)?).map(|_| ())
        }
        Some(Command::Serve { port }) => serve::serve(&args.folder, *port),
        Some(Command::Check) => checked(&args),
        Some(Command::Mutate) => mutate(&args),
        Some(Command::Supports { .. }) => Ok(()),
        None => preprocess(),
    }
}

/// The documentation of the library, which the pages link to.
fn document(folder: &Path) -> Result<Api> {
    println!("documenting the library (at first this takes a few minutes)");
    Api::document(&root(folder)?)
}

/// Prints the book, and says where.
fn build(folder: &Path, api: &Api) -> Result<PathBuf> {
    let start = Instant::now();
    let mut book = MDBook::load(folder)
        .with_context(|| format!("no book in {}", folder.display()))?;
    // Ours, without another process.
    book.with_preprocessor(Press { api: api.clone(), downloads: true });
    book.build()?;
    let site = book.build_dir_for("html").canonicalize()?;
    api.copy_to(&site)?;
    copy_notebooks(&root(folder)?, &site)?;
    let index = site.join("index.html");
    let seconds = start.elapsed().as_secs_f32();
    println!("printed in {seconds:.1} s: {}", index.display());
    Ok(site)
}

fn checked(args: &Args) -> Result<()> {
    let start = Instant::now();
    let manuscript = check(&args.folder)?;
    let complaints = manuscript.complaints();
    for complaint in &complaints {
        anstream::println!("{complaint}");
    }
    let count = manuscript.report.outcomes.len();
    let seconds = start.elapsed().as_secs_f32();
    println!("{count} relations checked in {seconds:.1} s");
    if complaints.is_empty() {
        return Ok(());
    }
    bail!("{} of the above are to be mended", complaints.len())
}

fn mutate(args: &Args) -> Result<()> {
    let manuscript = check(&args.folder)?;
    let (mut all, mut equal, mut undecided, mut survivors) = (0, 0, 0, 0);
    for outcome in &manuscript.report.outcomes {
        for mutant in mutants(outcome) {
            all += 1;
            match mutant.fate {
                Fate::Refuted | Fate::Malformed => {}
                Fate::Equal => equal += 1,
                Fate::Undecided => undecided += 1,
                Fate::Survived => {
                    survivors += 1;
                    let id = outcome.id.as_deref().unwrap_or("inline");
                    let (change, latex) = (&mutant.change, &mutant.latex);
                    println!("{id}: {change}: {:?}: {latex}", mutant.fate);
                }
            }
        }
    }
    println!(
        "{all} mutants: {equal} equal their originals, {undecided} would stop \
         the book as undecided, {survivors} survived"
    );
    // What is undecided is an error in the book, as what is refuted is.
    if survivors > 0 {
        bail!("{survivors} mutants survive");
    }
    Ok(())
}

fn preprocess() -> Result<()> {
    let (context, book) = parse_input(std::io::stdin())?;
    let book = Press::default().run(&context, book)?;
    serde_json::to_writer(std::io::stdout(), &book)?;
    Ok(())
}
