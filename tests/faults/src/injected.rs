//! Faults of single operations of the system: every write, sync, rename and so on
//! of a run fails once, and once the process is killed at it.

use crate::folder;
use crate::lesson::{Lesson, STEPS, error_of};
use crate::table::{Row, Table};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::{NamedTempFile, TempDir};

/// The operations of a run on its files, each with the error that it gets.
const OPERATIONS: [(&str, &str); 8] = [
    ("mkdir", "EACCES"),
    ("write", "ENOSPC"),
    ("fsync", "EIO"),
    ("rename", "EIO"),
    ("renameat", "EIO"),
    ("ftruncate", "EIO"),
    ("unlink", "EIO"),
    ("unlinkat", "EIO"),
];

/// The situations in which a run starts.
#[derive(Clone, Copy, Debug)]
enum Start {
    /// A new folder.
    New,
    /// A folder with a checkpoint after two steps.
    Resumed,
    /// A folder with an older run, whose files must be kept.
    Again,
}

/// Prints a row for each operation, its error, and a kill at it.
pub(crate) fn faults(
    lesson: &Lesson,
    every: usize,
    table: &mut Table,
) -> Result<()> {
    let mut rows: BTreeMap<(usize, Fault), Row> = BTreeMap::new();
    let mut number = 0;
    for start in [Start::New, Start::Resumed, Start::Again] {
        let before = prepare(lesson, start)?;
        let counts = count(lesson, start, before.path())?;
        for (i, (operation, error)) in OPERATIONS.into_iter().enumerate() {
            let count = counts.get(operation).copied().unwrap_or(0);
            for k in 1..=count {
                number += 1;
                if number % every != 0 {
                    continue;
                }
                for fault in [Fault::Error, Fault::Kill] {
                    let what = match fault {
                        Fault::Error => format!("error={error}"),
                        Fault::Kill => "signal=SIGKILL".to_owned(),
                    };
                    let inject = format!("{operation}:{what}:when={k}");
                    let result = at(lesson, start, before.path(), &inject);
                    let point = format!("{inject} of {count}, {start:?}");
                    let row = rows.entry((i, fault)).or_default();
                    row.add(&point, result);
                }
            }
        }
    }
    for (&(i, fault), row) in &rows {
        let (operation, error) = OPERATIONS[i];
        let fault = match fault {
            Fault::Error => format!("{operation} fails with {error}"),
            Fault::Kill => format!("SIGKILL at {operation}"),
        };
        table.print(&fault, row);
    }
    Ok(())
}

/// The faults of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Error,
    Kill,
}

/// Returns a folder as a run finds it.
fn prepare(lesson: &Lesson, start: Start) -> Result<TempDir> {
    let folder = TempDir::new()?;
    if !matches!(start, Start::New) {
        let output = lesson.start(folder.path(), false, STEPS / 2).output()?;
        ensure!(output.status.success(), "{}", error_of(&output));
    }
    Ok(folder)
}

/// Copies the files of a folder, if there are any, into a new one.
fn copy(before: &Path, out: &Path) -> Result<()> {
    for entry in fs::read_dir(before)? {
        let entry = entry?;
        fs::create_dir_all(out)?;
        fs::copy(entry.path(), out.join(entry.file_name()))?;
    }
    Ok(())
}

/// Runs the lesson under strace.
/// Returns its output, and the log of operations.
fn traced(
    lesson: &Lesson,
    start: Start,
    out: &Path,
    options: &[&str],
) -> Result<(Output, String)> {
    let log = NamedTempFile::new()?;
    let mut strace = Command::new("strace");
    // No `--seccomp-bpf`: strace 6.1 then injects no signals.
    strace.args(["--follow-forks", "--quiet=all", "--output"]);
    strace.arg(log.path()).args(options).arg(lesson.program());
    let resumes = matches!(start, Start::Resumed);
    strace.args(Lesson::arguments(out, resumes, STEPS));
    lesson.environment(&mut strace);
    let output = strace.output().context("strace is needed")?;
    Ok((output, fs::read_to_string(log)?))
}

/// Counts the operations of a run that nothing stops.
fn count(
    lesson: &Lesson,
    start: Start,
    before: &Path,
) -> Result<BTreeMap<String, usize>> {
    let folder = TempDir::new()?;
    let out = folder.path().join("run");
    copy(before, &out)?;
    let names: Vec<_> = OPERATIONS.iter().map(|(name, _)| *name).collect();
    let options = ["--trace", &names.join(",")];
    let (output, log) = traced(lesson, start, &out, &options)?;
    ensure!(output.status.success(), "{}", error_of(&output));
    let mut counts = BTreeMap::new();
    for line in log.lines() {
        // The line is `PID write(4, …) = 4`.
        let call = line.split_whitespace().nth(1).unwrap_or_default();
        let name = call.split('(').next().unwrap_or_default();
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    Ok(counts)
}

/// Tries a fault at one point, and returns what was left in the folder.
fn at(
    lesson: &Lesson,
    start: Start,
    before: &Path,
    inject: &str,
) -> Result<Vec<String>> {
    let folder = TempDir::new()?;
    let out = folder.path().join("run");
    copy(before, &out)?;
    let operation = inject.split(':').next().unwrap_or_default();
    let options = ["--trace", operation, "--inject", inject];
    let (output, log) = traced(lesson, start, &out, &options)?;
    ensure!(
        log.contains("(INJECTED)") || log.contains("killed by SIGKILL"),
        "strace injected nothing"
    );
    let said = error_of(&output);
    ensure!(!said.contains("panicked"), "it panicked: {said}");
    let left = folder::check_whole(&out)?;
    if let (Start::Again, Ok(results)) = (start, folder::results(before)) {
        for bytes in results {
            ensure!(holds(&out, &bytes)?, "an older file is lost");
        }
    }
    match start {
        Start::Again => lesson.go_on(&out, false)?,
        _ => lesson.resume(&out)?,
    }
    Ok(left)
}

/// Returns whether a file of the folder has these bytes.
fn holds(out: &Path, bytes: &[u8]) -> Result<bool> {
    for entry in fs::read_dir(out)? {
        if fs::read(entry?.path())? == bytes {
            return Ok(true);
        }
    }
    Ok(false)
}
