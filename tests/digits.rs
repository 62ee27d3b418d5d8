//! Tests of the example `digits`: files, interruption, resuming, and mistakes.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use candle_core::{DType, Device};
use std::fs;
#[cfg(unix)]
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// Returns the path of the example's program, built with the profile of this
/// test.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // target/PROFILE/deps/this-test: the examples are beside deps.
        let test = std::env::current_exe().unwrap();
        let profile = test.ancestors().nth(2).unwrap();
        let name = format!("digits{}", std::env::consts::EXE_SUFFIX);
        let program = profile.join("examples").join(name);
        // `cargo test` has built the program; a filtered run may not have.
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--example", "digits"]);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
        program
    })
}

fn digits(out: &Path, arguments: &str) -> Command {
    let mut command = Command::new(program());
    command.args(arguments.split_whitespace()).arg("--out").arg(out);
    command
}

/// Runs the program and asserts that it succeeds.
fn run(out: &Path, arguments: &str) -> Output {
    let output = digits(out, arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

/// Runs the program, asserts that it fails, and returns the error message.
fn fail(out: &Path, arguments: &str) -> String {
    let output = digits(out, arguments).output().unwrap();
    assert!(!output.status.success(), "{arguments} should fail");
    let error = text(&output.stderr);
    assert!(!error.contains("panicked"), "{error}");
    error
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Options for a short run that still writes all files.
const SHORT: &str = "--samples 3 --sample-steps 4";

fn read(out: &Path, name: &str) -> Vec<u8> {
    fs::read(out.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn names(out: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_leaves_all_its_files() {
    let out = TempDir::new().unwrap();
    let output = run(out.path(), &format!("--steps 2 {SHORT}"));
    assert_eq!(
        names(out.path()),
        [
            "checkpoint.safetensors",
            "denoising.png",
            "loss.svg",
            "metrics.json",
            "samples.png",
            "samples.safetensors",
        ]
    );
    let said = text(&output.stdout);
    assert!(said.contains("2 steps") && said.contains("samples.png"), "{said}");

    let path = out.path().join("samples.safetensors");
    let tensors = candle_core::safetensors::load(path, &Device::Cpu).unwrap();
    let samples = &tensors["samples"];
    assert_eq!(samples.dims(), [3, 1, 28, 28]);
    assert_eq!(samples.dtype(), DType::F32);
    let largest = samples.abs().unwrap().max_all().unwrap();
    assert!(largest.to_scalar::<f32>().unwrap() <= 1.0);

    let metrics = read(out.path(), "metrics.json");
    let metrics: serde_json::Value = serde_json::from_slice(&metrics).unwrap();
    assert_eq!(metrics["steps"], 2);
    assert_eq!(metrics["seed"], 0);
    assert_eq!(metrics["device"], "cpu");
    assert_eq!(metrics["parameters"], 703_076);
    for name in ["images_per_second", "seconds", "loss"] {
        assert!(metrics[name].as_f64().unwrap() > 0.0, "{name}");
    }
    for name in ["samples.png", "denoising.png"] {
        assert!(read(out.path(), name).starts_with(b"\x89PNG"));
    }
}

/// The files of a run that must not depend on threads, the clock, or resuming.
const SAME: [&str; 5] = [
    "checkpoint.safetensors",
    "samples.safetensors",
    "samples.png",
    "denoising.png",
    "loss.svg",
];

#[test]
fn one_thread_or_two_whole_or_resumed_same_bytes() {
    let [whole, alone, parts] = [0; 3].map(|_| TempDir::new().unwrap());
    let arguments = format!("--steps 5 --seed 7 {SHORT}");
    let threads = |out: &TempDir, n: &str| {
        let mut command = digits(out.path(), &arguments);
        let status = command.env("RAYON_NUM_THREADS", n).output().unwrap();
        assert!(status.status.success());
    };
    threads(&whole, "2");
    threads(&alone, "1");
    run(parts.path(), &format!("--steps 3 --seed 7 {SHORT}"));
    run(parts.path(), &format!("--resume {arguments}"));
    for name in SAME {
        let expected = read(whole.path(), name);
        assert!(read(alone.path(), name) == expected, "{name}: one thread");
        assert!(read(parts.path(), name) == expected, "{name}: resumed");
    }
    let other = TempDir::new().unwrap();
    run(other.path(), &format!("--steps 5 --seed 8 {SHORT}"));
    let samples = "samples.safetensors";
    assert!(read(other.path(), samples) != read(whole.path(), samples));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_with_what_there_is() {
    let out = TempDir::new().unwrap();
    let mut child = digits(out.path(), &format!("--minutes 2 {SHORT}"))
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Without a terminal, the program writes a line after the first step.
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("step 1 "), "{line}");
    // Keep reading, so that the program can keep writing.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    assert!(child.wait().unwrap().success());
    assert_eq!(names(out.path()).len(), 6);

    // The run equals a run with this number of steps, and it can be resumed.
    let metrics = read(out.path(), "metrics.json");
    let metrics: serde_json::Value = serde_json::from_slice(&metrics).unwrap();
    let steps = metrics["steps"].as_u64().unwrap();
    assert!(steps > 0);
    let again = TempDir::new().unwrap();
    run(again.path(), &format!("--steps {steps} {SHORT}"));
    for name in SAME {
        assert!(read(out.path(), name) == read(again.path(), name), "{name}");
    }
    run(out.path(), &format!("--resume --steps {} {SHORT}", steps + 1));
}

/// The first Ctrl-C during sampling keeps the samples that are drawn so far.
#[cfg(unix)]
#[test]
fn ctrl_c_while_sampling_keeps_what_is_drawn() {
    let out = TempDir::new().unwrap();
    let many = "--steps 1 --samples 1000000 --sample-steps 1";
    let mut child = digits(out.path(), many)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    let mut said = said.lines().map(|line| line.unwrap());
    let some_drawn =
        |line: &String| line.starts_with("sampling") && !line.contains(" 0 of");
    said.find(some_drawn).unwrap();
    std::thread::spawn(move || said.for_each(drop));
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    assert!(child.wait().unwrap().success());
    let path = out.path().join("samples.safetensors");
    let tensors = candle_core::safetensors::load(path, &Device::Cpu).unwrap();
    let count = tensors["samples"].dim(0).unwrap();
    assert!(count >= 64 && count.is_multiple_of(64) && count < 1_000_000);
}

#[test]
fn a_fresh_run_puts_an_old_checkpoint_aside() {
    let out = TempDir::new().unwrap();
    run(out.path(), &format!("--steps 1 {SHORT}"));
    let old = read(out.path(), "checkpoint.safetensors");
    run(out.path(), &format!("--steps 1 --seed 2 {SHORT}"));
    assert!(read(out.path(), "checkpoint.previous.1.safetensors") == old);
    // The next run does not overwrite this checkpoint.
    run(out.path(), &format!("--steps 1 --seed 3 {SHORT}"));
    assert!(read(out.path(), "checkpoint.previous.1.safetensors") == old);
    assert!(read(out.path(), "checkpoint.previous.2.safetensors") != old);
}

#[test]
fn the_other_sampler_and_other_data() {
    let out = TempDir::new().unwrap();
    let data = TempDir::new().unwrap();
    // Twelve images of 8×8, not compressed.
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 8, 0, 0, 0, 8];
    bytes.extend((0..12 * 64).map(|i| (i % 256) as u8));
    fs::write(data.path().join("train-images-idx3-ubyte"), bytes).unwrap();
    let arguments = format!(
        "--steps 1 {SHORT} --sampler ddim --data {}",
        data.path().display()
    );
    run(out.path(), &arguments);
    let path = out.path().join("samples.safetensors");
    let tensors = candle_core::safetensors::load(path, &Device::Cpu).unwrap();
    assert_eq!(tensors["samples"].dims(), [3, 1, 8, 8]);
    // This checkpoint cannot be resumed with the embedded digits.
    let error = fail(out.path(), &format!("--resume --steps 2 {SHORT}"));
    assert!(error.contains("other data"), "{error}");
}

#[test]
fn mistakes_are_explained() {
    let out = TempDir::new().unwrap();
    let says = |arguments: &str, expected: &str| {
        let error = fail(out.path(), arguments);
        assert!(error.contains(expected), "{arguments}: {error}");
    };
    says("--device abacus", "cpu, cuda, cuda:0");
    if cfg!(not(feature = "cuda")) {
        says("--device cuda:0", "--features cuda");
    }
    if cfg!(not(feature = "metal")) {
        says("--device metal", "--features metal");
    }
    says("--minutes -1", "--minutes");
    says("--minutes soon", "a number of minutes");
    says("--minutes 1 --steps 1", "cannot be used with");
    says("--samples 0", "--samples");
    says("--resume", "run without --resume first");
    says("--data /nowhere", "no train-images-idx3-ubyte");
    says("--sample-steps 1001", "1..=1000");
    says("--sample-steps 0", "1..=1000");
    assert!(names(out.path()).is_empty(), "found before anything is written");

    let file = out.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = fail(&file, "--steps 1");
    assert!(error.contains("failed to create directory"), "{error}");

    fs::remove_file(&file).unwrap();

    let untrained = run(out.path(), &format!("--steps 0 {SHORT}"));
    let said = text(&untrained.stdout);
    assert!(said.contains("untrained") && !said.contains("NaN"), "{said}");
    assert!(!said.contains("loss.svg"), "{said}");
    let checkpoint = out.path().join("checkpoint.safetensors");
    let good = read(out.path(), "checkpoint.safetensors");
    fs::write(&checkpoint, &good[..good.len() / 3]).unwrap();
    says("--resume --steps 1", "cut off or damaged");
    says("--resume --steps 1 --seed 3", "cut off or damaged");
    fs::write(&checkpoint, &good).unwrap();
    says("--resume --steps 1 --seed 3", "seed is 0 in the file, and 3 here");
    // No temporary file is left.
    assert!(names(out.path()).iter().all(|name| !name.contains(".part")));
}
