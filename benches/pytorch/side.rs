//! The two sides: processes that answer line by line, and wait in between.

use crate::case::{Answer, Case};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

const REQUIREMENTS: &str = include_str!("requirements.txt");
const WORKER: &str = include_str!("worker.py");

/// A process that answers cases.
pub(crate) struct Side {
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Side {
    /// Starts our side: this program again, as a server.
    pub(crate) fn ours(device: &str, threads: usize) -> Result<Self> {
        let mut ours = Command::new(std::env::current_exe()?);
        Self::start(ours.args(["--serve", "--device", device]), threads)
    }

    /// Starts PyTorch's side.
    pub(crate) fn theirs(
        python: &Path,
        device: &str,
        threads: usize,
    ) -> Result<Self> {
        let mut theirs = Command::new(python);
        Self::start(theirs.args(["-c", WORKER, device]), threads)
    }

    fn start(command: &mut Command, threads: usize) -> Result<Self> {
        for name in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]
        {
            command.env(name, threads.to_string());
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start a side")?;
        let to = child.stdin.take().context("no input")?;
        let from = child.stdout.take().context("no output")?;
        Ok(Self { child, to, from: BufReader::new(from).lines() })
    }

    /// Sends a case, and waits for the answer.
    pub(crate) fn ask(&mut self, case: &Case) -> Result<Answer> {
        // The threads of the other side spin for a while after their work.
        std::thread::sleep(Duration::from_millis(100));
        writeln!(self.to, "{}", serde_json::to_string(case)?)?;
        self.to.flush()?;
        let line = self.from.next().context("a side has ended early")??;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        // The process holds no results that could be lost.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Installs PyTorch in a virtual environment at `venv`, if it is not there, and
/// returns the Python of this environment.
pub(crate) fn install(venv: &Path) -> Result<PathBuf> {
    let note = venv.join("installed.txt");
    let installed = venv.join("bin/python");
    if std::fs::read_to_string(&note).is_ok_and(|n| n == REQUIREMENTS) {
        return Ok(installed);
    }
    eprintln!("installing PyTorch and diffusers, once: some gigabytes");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    run(Command::new(python).args(["-m", "venv"]).arg(venv))?;
    let packages = REQUIREMENTS.lines();
    run(Command::new(&installed)
        .args(["-m", "pip", "install", "--quiet"])
        .args(packages))?;
    std::fs::write(&note, REQUIREMENTS).context("cannot write a note")?;
    Ok(installed)
}

fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("cannot run {command:?}"))?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}
