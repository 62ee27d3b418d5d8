//! The lesson: its command lines, and the bytes that it writes if nothing fails.

use crate::folder::{self, RESULTS};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The run that is stopped. It saves a checkpoint after every step.
const RUN: &str = "--batch 16 --save-minutes 0 --samples 2 --sample-steps 2";
/// The steps of a whole run.
pub(crate) const STEPS: u32 = 4;

/// The program, and the results of a run that was not stopped.
pub(crate) struct Lesson {
    program: PathBuf,
    whole: [Vec<u8>; RESULTS.len()],
    /// The folder for temporary files, where a run saves its training if it cannot
    /// save it where it belongs.
    elsewhere: TempDir,
}

impl Lesson {
    /// Runs the program once without a fault.
    pub(crate) fn new(program: &Path) -> Result<Self> {
        let program = fs::canonicalize(program).with_context(|| {
            format!(
                "no program {}; run `cargo build --example digits` first",
                program.display()
            )
        })?;
        let whole = [vec![], vec![]];
        let mut lesson = Self { program, whole, elsewhere: TempDir::new()? };
        let folder = TempDir::new()?;
        let output = lesson.start(folder.path(), false, STEPS).output()?;
        ensure!(output.status.success(), "{}", error_of(&output));
        lesson.whole = folder::results(folder.path())?;
        Ok(lesson)
    }

    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    pub(crate) fn environment(&self, command: &mut Command) {
        command.env("TMPDIR", self.elsewhere.path()).env("RUST_BACKTRACE", "0");
    }

    /// Returns the arguments of a run.
    pub(crate) fn arguments(
        out: &Path,
        resumes: bool,
        steps: u32,
    ) -> Vec<String> {
        let mut all: Vec<_> = RUN.split(' ').map(str::to_owned).collect();
        all.extend(["--steps".to_owned(), steps.to_string()]);
        all.extend(["--out".to_owned(), out.display().to_string()]);
        if resumes {
            all.push("--resume".to_owned());
        }
        all
    }

    /// Returns the command of a run.
    pub(crate) fn start(
        &self,
        out: &Path,
        resumes: bool,
        steps: u32,
    ) -> Command {
        let mut command = Command::new(&self.program);
        command.args(Self::arguments(out, resumes, steps));
        self.environment(&mut command);
        command
    }

    /// Resumes a stopped run, or starts it anew if it had no checkpoint yet. Then
    /// the results must be those of the whole run.
    pub(crate) fn resume(&self, out: &Path) -> Result<()> {
        self.go_on(out, out.join(RESULTS[0]).exists())
    }

    /// Resumes a run or starts a new one, whose results must be those of the whole
    /// run.
    pub(crate) fn go_on(&self, out: &Path, resumes: bool) -> Result<()> {
        let output = self.start(out, resumes, STEPS).output()?;
        ensure!(
            output.status.success(),
            "it does not resume: {}",
            error_of(&output)
        );
        let same = folder::results(out)? == self.whole;
        ensure!(same, "the resumed run differs from one that never stopped");
        folder::check_clean(out)
    }
}

pub(crate) fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
