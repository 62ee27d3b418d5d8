//! `cargo notebooks`: opens the notebooks, or checks that their committed
//! outputs are reproducible.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `home` | the kernel, Python, and their folders |
//! | `execute` | execution of a notebook with the kernel |
//! | `verify` | the faults of an executed notebook |
//! | `compare` | comparison of outputs |

mod compare;
mod execute;
mod home;
mod verify;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use execute::execute;
use home::{Home, say, succeed};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verify::complaints;

/// Open the notebooks in Jupyter, with the Rust kernel.
#[derive(Parser, Debug)]
#[command(name = "cargo notebooks", version, after_help = AFTER)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Options for Jupyter, after `--`, such as --no-browser
    #[arg(last = true)]
    options: Vec<String>,
    /// The folder of notebooks
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "notebooks"
    )]
    folder: PathBuf,
}

const AFTER: &str = "\
The first time, it installs the kernel (six minutes or so on two cores) and
Jupyter (a minute) into target/notebooks, and nothing anywhere else; Cargo
keeps what it downloads where it always does. It needs Python 3.10 or later.
Exit code: 0 if all is well, 1 if something is wrong.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Open the notebooks in Jupyter; the default command
    Open,
    /// Install what is needed without opening Jupyter
    Install,
    /// Execute the notebooks and check that each cell shows its committed
    /// output
    Check {
        /// The notebooks to check; all in the folder by default
        names: Vec<PathBuf>,
    },
    /// Execute the notebooks and store their outputs
    Update {
        /// The notebooks to update; all in the folder by default
        names: Vec<PathBuf>,
    },
    /// Check that each notebook fails for the reason that it states
    MustFail {
        /// The folder of the failing notebooks
        cases: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let home = Home::of(&args.folder)?;
    let command = args.command.as_ref().unwrap_or(&Command::Open);
    home.prepare(match command {
        Command::Open | Command::Install => &["jupyterlab"],
        _ => &["nbclient", "jupyter_client"],
    })?;
    match command {
        Command::Open => open(&home, &args.options),
        Command::Install => Ok(()),
        Command::Check { names } => check(&home, names),
        Command::Update { names } => update(&home, names),
        Command::MustFail { cases } => must_fail(&home, cases),
    }
}

fn open(home: &Home, options: &[String]) -> Result<()> {
    say("opening JupyterLab; Ctrl-C here ends it");
    let mut lab = home.tool("jupyter-lab");
    // Whoever reaches JupyterLab can run programs: it listens on this machine
    // alone, also where its configuration says otherwise.
    lab.arg("--ServerApp.ip=127.0.0.1");
    succeed(lab.args(options).current_dir(&home.notebooks))
}

/// Returns the named notebooks, or all notebooks of a folder in order.
fn notebooks(folder: &Path, names: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if !names.is_empty() {
        let find = |name: &PathBuf| {
            let file = name.with_extension("ipynb");
            let places = [file.clone(), folder.join(&file)];
            places
                .into_iter()
                .find(|place| place.exists())
                .with_context(|| format!("no notebook {}", name.display()))
        };
        return names.iter().map(find).collect();
    }
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut all: Vec<_> =
        paths.filter(|p| p.extension().is_some_and(|e| e == "ipynb")).collect();
    all.sort();
    if all.is_empty() {
        bail!("no notebooks in {}", folder.display());
    }
    Ok(all)
}

/// Returns a notebook's name for messages.
fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn check(home: &Home, names: &[PathBuf]) -> Result<()> {
    let mut wrong = 0;
    for path in notebooks(&home.notebooks, names)? {
        let run = execute(home, &path)?;
        let found = complaints(&run);
        let total: f64 = run.seconds().sum();
        if found.is_empty() {
            println!("{}: as committed, {total:.0} s", name(&path));
            continue;
        }
        wrong += 1;
        for complaint in found {
            anstream::println!("{}: {complaint}", name(&path));
        }
    }
    if wrong > 0 {
        bail!("{wrong} notebooks do not do what they show");
    }
    Ok(())
}

fn update(home: &Home, names: &[PathBuf]) -> Result<()> {
    for path in notebooks(&home.notebooks, names)? {
        let run = execute(home, &path)?;
        let found = complaints(&run);
        let kept = |c: &&verify::Complaint| {
            !matches!(c.fault, verify::Fault::Differs | verify::Fault::Slow)
        };
        if let Some(complaint) = found.iter().find(kept) {
            bail!("{}: {complaint}\nit was not changed", name(&path));
        }
        fs::copy(&run.path, &path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let seconds: Vec<_> =
            run.seconds().map(|s| format!("{s:.1}")).collect();
        println!("{}: {} s", name(&path), seconds.join(" + "));
    }
    Ok(())
}

fn must_fail(home: &Home, folder: &Path) -> Result<()> {
    for path in notebooks(folder, &[])? {
        let run = execute(home, &path)?;
        let expected = &run.committed["metadata"]["ddpm"]["must_fail"];
        let found = complaints(&run);
        let faults: Vec<_> = found.iter().map(|c| c.fault).collect();
        let faults = serde_json::to_value(faults)?;
        let name = name(&path);
        if faults != serde_json::json!([expected]) {
            bail!("{name} should fail with {expected}, and did with {faults}");
        }
        // The words of the kernel that the book quotes.
        let quoted = run.committed["metadata"]["ddpm"]["says"].as_str();
        let said = found.iter().map(|c| c.to_string()).collect::<String>();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(quoted) = quoted
            && !said.contains(quoted)
        {
            bail!("{name} should say {quoted:?}, and said {said:?}");
        }
        println!("{name}: fails as it must: {expected}");
    }
    Ok(())
}
