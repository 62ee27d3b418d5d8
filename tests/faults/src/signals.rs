//! Signals at random moments, a pipe that is closed, and a second run.

use crate::folder;
use crate::lesson::{Lesson, STEPS, error_of};
use crate::table::{Row, Table};
use anyhow::{Result, ensure};
use ddpm::random::{Purpose, Stream, stream};
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The name of the fault, and the signals that are sent, one after the other.
const SIGNALS: [(&str, &[&str]); 6] = [
    ("SIGKILL", &["KILL"]),
    ("SIGTERM", &["TERM"]),
    ("SIGHUP", &["HUP"]),
    ("Ctrl-C", &["INT"]),
    ("Ctrl-C twice", &["INT", "INT"]),
    ("Ctrl-C three times", &["INT", "INT", "INT"]),
];

pub(crate) fn faults(
    lesson: &Lesson,
    random: u32,
    seed: u64,
    table: &mut Table,
) -> Result<()> {
    let length = length(lesson)?;
    for (name, signals) in SIGNALS {
        let mut row = Row::default();
        for i in 0..random {
            let mut draws = stream(seed, Purpose::Data, 0, i);
            let result = at(lesson, signals, length, &mut draws);
            row.add(&format!("{name}, draw {i}"), result);
        }
        table.print(&format!("{name}, at random moments"), &row);
    }
    let mut row = Row::default();
    row.add("closed pipe", closed_pipe(lesson));
    table.print("a closed pipe, as of `2>&1 \\| head -1`", &row);
    let mut row = Row::default();
    row.add("second run", second_run(lesson));
    table.print("a second run in the same folder", &row);
    Ok(())
}

/// Returns the duration of a run.
fn length(lesson: &Lesson) -> Result<f64> {
    let folder = TempDir::new()?;
    let start = Instant::now();
    lesson.start(folder.path(), false, STEPS).output()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Sends signals to a run, the first one at a random moment.
fn at(
    lesson: &Lesson,
    signals: &[&str],
    length: f64,
    draws: &mut Stream,
) -> Result<Vec<String>> {
    let folder = TempDir::new()?;
    let out = folder.path().join("run");
    let child = lesson
        .start(&out, false, STEPS)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut child = child;
    sleep(Duration::from_secs_f64(length * draws.uniform()));
    for (i, signal) in signals.iter().enumerate() {
        if i > 0 {
            sleep(Duration::from_secs_f64(0.1 * length * draws.uniform()));
        }
        send(&child, signal)?;
    }
    ends(&mut child)?;
    let left = folder::check_whole(&out)?;
    lesson.resume(&out)?;
    Ok(left)
}

fn send(child: &Child, signal: &str) -> Result<()> {
    let id = child.id().to_string();
    // The run may have ended by now.
    Command::new("kill")
        .args(["-s", signal, &id])
        .stderr(Stdio::null())
        .status()?;
    Ok(())
}

/// Waits for the end of a run, which must come soon.
fn ends(child: &mut Child) -> Result<()> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > Duration::from_mins(2) {
            child.kill()?;
            anyhow::bail!("it hangs");
        }
        sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Reads one byte of the messages of a run, and then closes the pipe.
fn closed_pipe(lesson: &Lesson) -> Result<Vec<String>> {
    let folder = TempDir::new()?;
    let mut child = lesson
        .start(folder.path(), false, STEPS)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_exact(&mut [0])?;
    }
    let status = child.wait()?;
    ensure!(status.success(), "it ended with {status}");
    let left = folder::check_whole(folder.path())?;
    lesson.resume(folder.path())?;
    Ok(left)
}

/// Starts a second run in the folder of a first one. It must be refused, and harm
/// nothing; after the first one was killed, it must not be refused.
fn second_run(lesson: &Lesson) -> Result<Vec<String>> {
    let folder = TempDir::new()?;
    let out = folder.path();
    let mut first =
        lesson.start(out, false, 100_000).stderr(Stdio::null()).spawn()?;
    while !out.join(folder::RESULTS[0]).exists() {
        sleep(Duration::from_millis(10));
    }
    let second = lesson.start(out, false, STEPS).output()?;
    first.kill()?;
    first.wait()?;
    let said = error_of(&second);
    ensure!(!second.status.success(), "the second run was not refused");
    ensure!(said.contains("another run"), "it does not say why: {said}");
    let left = folder::check_whole(out)?;
    // The first run had another number of steps, so a new one starts here.
    std::fs::remove_file(out.join(folder::RESULTS[0]))?;
    lesson.resume(out)?;
    Ok(left)
}
