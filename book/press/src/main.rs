//! `cargo book`: builds the book, or only checks it.

mod serve;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor, parse_input};
use press::{
    Api, Manuscript, Modules, Press, check, copy_notebooks, protect, root,
};
use proofread::{Fate, Marks, mutants, table};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// The checker stores many small terms; this allocator is much faster for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Build the book: every formula checked, all code and figures from tested
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
    /// Check everything and build the book in target/book
    Build,
    /// Build the book, serve it on this machine, and rebuild it whenever a file
    /// changes
    Serve {
        /// The port to listen on
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
    /// Check everything without building the book
    Check,
    /// Change the LaTeX of each formula, and the notation, in every small way,
    /// and check that each change is noticed
    Mutate {
        /// Read all mutants, but decide only one in N, the same ones each time
        #[arg(long, value_name = "N", default_value_t = 1)]
        every: u64,
        /// List all mutants with their fates
        #[arg(long)]
        list: bool,
    },
    /// Tell mdBook that every renderer is supported
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
        Some(Command::Mutate { every, list }) => {
            mutate(&args.folder, *every, *list)
        }
        Some(Command::Supports { .. }) => Ok(()),
        None => preprocess(),
    }
}

/// Generates the documentation of the library, which the pages link to.
fn document(folder: &Path) -> Result<Api> {
    println!("documenting the library (at first this takes a few minutes)");
    Api::document(&root(folder)?)
}

/// Builds the book, and prints the path of its index page.
fn build(folder: &Path, api: &Api) -> Result<PathBuf> {
    let start = Instant::now();
    let mut book = MDBook::load(folder)
        .with_context(|| format!("no book in {}", folder.display()))?;
    let modules = Modules::find(folder)?;
    if modules.is_none() {
        println!(
            "the equations cannot be edited on the pages without WebAssembly: \
             rustup target add wasm32-unknown-unknown"
        );
    }
    // The preprocessor runs inside this process.
    let press = Press {
        api: api.clone(),
        downloads: true,
        modules: modules.clone(),
        ..Press::default()
    };
    let tally = press.tally.clone();
    book.with_preprocessor(press);
    book.build()?;
    let site = book.build_dir_for("html").canonicalize()?;
    tally.compare(&site)?;
    protect(&site)?;
    api.copy_to(&site)?;
    copy_notebooks(&root(folder)?, &site)?;
    if let Some(modules) = modules {
        modules.copy_to(&site)?;
    }
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

/// Generates and judges the mutants of the book; fails if a mutant survives.
fn mutate(folder: &Path, every: u64, list: bool) -> Result<()> {
    let start = Instant::now();
    let manuscript = check(folder)?;
    let Manuscript { text, notation, .. } = &manuscript;
    let marks = Marks::default();
    let found = mutants("book.md", text, notation, &marks, every);
    let found = found
        .map_err(|_| anyhow::anyhow!("the notation file cannot be read"))?;
    let mut survivors = 0;
    for mutant in &found {
        let survived = mutant.fate == Fate::Survived;
        survivors += usize::from(survived);
        if !survived && !list {
            continue;
        }
        let file = if mutant.in_notation {
            Path::new("notation.toml")
        } else {
            &manuscript.section(mutant.span.start).path
        };
        let (file, latex) = (file.display(), mutant.latex.trim());
        let (operator, fate) = (mutant.operator, mutant.fate.name());
        println!("{file}: {operator}: {fate}: {}\n{latex}\n", mutant.why);
    }
    print!("{}", table(&found));
    let seconds = start.elapsed().as_secs_f32();
    println!("{} mutants in {seconds:.0} s", found.len());
    if survivors > 0 {
        bail!("{survivors} mutants are read as the book is");
    }
    Ok(())
}

fn preprocess() -> Result<()> {
    let (context, book) = parse_input(std::io::stdin())?;
    let book = Press::default().run(&context, book)?;
    serde_json::to_writer(std::io::stdout(), &book)?;
    Ok(())
}
