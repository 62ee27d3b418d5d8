//! Execution of a notebook with the kernel.

use crate::home::Home;
use crate::name;
use crate::verify::Report;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

const SCRIPT: &str = include_str!("execute.py");

/// The result of executing a notebook.
#[derive(Debug)]
pub(crate) struct Run {
    /// The notebook as committed.
    pub(crate) committed: Value,
    /// The notebook as executed now.
    pub(crate) executed: Value,
    /// The file of the executed notebook.
    pub(crate) path: PathBuf,
    /// The timings of the cells, and what ended the run early.
    pub(crate) report: Report,
}

impl Run {
    /// Returns the run times of the cells that ran.
    pub(crate) fn seconds(&self) -> impl Iterator<Item = f64> {
        self.report.cells.iter().filter_map(|cell| cell.seconds)
    }
}

/// Executes a notebook and shows a progress bar.
///
/// # Errors
/// If the notebook cannot be read, or Jupyter cannot run. Failures of cells are
/// in the report.
pub(crate) fn execute(home: &Home, path: &Path) -> Result<Run> {
    let folder = home.path("executed");
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let name = name(path);
    let executed = folder.join(format!("{name}.ipynb"));
    let report = folder.join(format!("{name}.json"));
    // The log collects the messages of Cargo and the kernel.
    let log = folder.join(format!("{name}.log"));
    let path = path
        .canonicalize()
        .with_context(|| format!("no notebook {}", path.display()))?;
    // All notebooks share one folder, so each reuses what earlier ones
    // compiled. The notebooks run one after the other.
    let mut python = home
        .tool("python")
        .args(["-c", SCRIPT])
        .args([&path, &executed, &report])
        .env("EVCXR_TMPDIR", home.path("compiled"))
        .env("PYTHONWARNINGS", "ignore")
        .stdin(Stdio::null())
        .stderr(fs::File::create(&log).context("cannot write the log")?)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run Python")?;
    let style =
        ProgressStyle::with_template("{msg}: {pos} of {len} cells, {elapsed}")?;
    let bar = ProgressBar::no_length().with_style(style).with_message(name);
    bar.enable_steady_tick(std::time::Duration::from_secs(1));
    for line in
        BufReader::new(python.stdout.take().context("no output")?).lines()
    {
        let line = line?;
        let mut numbers = line.split(' ').map(str::parse);
        if let (Some(Ok(done)), Some(Ok(all))) =
            (numbers.next(), numbers.next())
        {
            bar.set_length(all);
            bar.set_position(done);
        }
    }
    bar.finish_and_clear();
    let status = python.wait()?;
    if !status.success() {
        let log = fs::read_to_string(&log).unwrap_or_default();
        bail!("Jupyter failed: {status}\n{log}");
    }
    Ok(Run {
        committed: read(&path)?,
        executed: read(&executed)?,
        report: serde_json::from_value(read(&report)?)?,
        path: executed,
    })
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is no notebook", path.display()))
}
