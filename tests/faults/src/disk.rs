//! Disks that are full or cannot be written, in a namespace of their own.

use crate::folder;
use crate::lesson::{Lesson, STEPS, error_of};
use crate::table::{Row, Table};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Runs this program again, where it may mount disks.
pub(crate) fn in_namespace() -> Result<()> {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]);
    command.arg(std::env::current_exe()?).args(std::env::args_os().skip(1));
    let status = command.arg("--disks").status();
    let status = status.context("unshare, of util-linux, is needed")?;
    ensure!(
        status.success(),
        "a disk that was full or read-only lost something"
    );
    Ok(())
}

pub(crate) fn faults(lesson: &Lesson, table: &mut Table) {
    let mut row = Row::default();
    // From a disk for nothing to a disk for nearly all: a checkpoint has 11 MB.
    for kilobytes in (0..30_000).step_by(1_500) {
        let result = full(lesson, kilobytes.max(4));
        row.add(&format!("{kilobytes} kB"), result);
    }
    table.print("a full disk, of 4 kB to 29 MB", &row);
    let mut row = Row::default();
    for steps in 0..STEPS {
        row.add(&format!("after {steps} steps"), read_only(lesson, steps));
    }
    table.print("a folder that becomes read-only", &row);
}

fn mount(path: &Path, options: &str) -> Result<()> {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", options, "none"]).arg(path);
    let status = command.status().context("mount is needed")?;
    ensure!(status.success(), "cannot mount a disk with {options}");
    Ok(())
}

/// A run on a disk of some size; then the disk grows, and the run resumes.
fn full(lesson: &Lesson, kilobytes: u32) -> Result<Vec<String>> {
    let folder = TempDir::new()?;
    mount(folder.path(), &format!("size={kilobytes}k"))?;
    let out = folder.path().join("run");
    let output = lesson.start(&out, false, STEPS).output()?;
    let said = error_of(&output);
    ensure!(!said.contains("panicked"), "it panicked: {said}");
    ensure!(
        output.status.success() || said.contains("No space left"),
        "it does not say why it failed: {said}"
    );
    let left = folder::check_whole(&out)?;
    mount_again(folder.path(), "size=100m")?;
    lesson.resume(&out)?;
    Command::new("umount").arg(folder.path()).status()?;
    Ok(left)
}

fn mount_again(path: &Path, options: &str) -> Result<()> {
    let mut command = Command::new("mount");
    let options = format!("remount,{options}");
    let status = command.args(["-o", &options]).arg(path).status()?;
    ensure!(status.success(), "cannot mount a disk again with {options}");
    Ok(())
}

/// A run that cannot write to the folder of an earlier one.
fn read_only(lesson: &Lesson, steps: u32) -> Result<Vec<String>> {
    let folder = TempDir::new()?;
    mount(folder.path(), "size=100m")?;
    let out = folder.path().join("run");
    lesson.start(&out, false, steps).output()?;
    mount_again(folder.path(), "ro")?;
    let output = lesson.start(&out, true, STEPS).output()?;
    let said = error_of(&output);
    ensure!(!output.status.success(), "it says that it has written");
    ensure!(said.contains("Read-only"), "it does not say why: {said}");
    let left = folder::check_whole(&out)?;
    mount_again(folder.path(), "rw")?;
    lesson.resume(&out)?;
    Command::new("umount").arg(folder.path()).status()?;
    Ok(left)
}
