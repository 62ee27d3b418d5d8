//! Tests of the lessons beside `digits`: help, a closed pipe, and the judge.

mod shared;

use candle_core::{DType, Device, Tensor};
use ddpm::nn::write_tensors;
use ddpm::random::{Purpose, stream};
use shared::{example, text};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

#[test]
fn every_lesson_has_help_and_refuses_unknown_options() {
    let lessons = [
        "one_step",
        "chain",
        "posterior",
        "swiss_roll",
        "digits",
        "judge",
        "recipes",
    ];
    for lesson in lessons {
        let run = |argument| {
            Command::new(example(lesson)).arg(argument).output().unwrap()
        };
        let help = run("--help");
        assert!(help.status.success(), "{lesson}");
        let said = text(&help.stdout);
        assert!(said.contains("Usage:") && !said.starts_with("Usage:"));
        let unknown = run("--no-such-option");
        assert_eq!(unknown.status.code(), Some(2), "{lesson}");
    }
}

/// As in `posterior | head -1`.
#[test]
fn a_closed_pipe_is_no_panic() {
    let folder = TempDir::new().unwrap();
    for lesson in ["one_step", "posterior"] {
        let mut child = Command::new(example(lesson))
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert!(child.wait().unwrap().success(), "{lesson}");
    }
}

/// A run with fewer steps is no failure, and an untrained network is drawn, too. A
/// run continues from its checkpoint.
#[test]
fn the_swiss_roll_is_drawn_after_any_number_of_steps() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("roll");
    let run = |options: &[&str]| {
        let mut roll = Command::new(example("swiss_roll"));
        roll.args(options).args(["--timesteps", "20", "--out"]).arg(&out);
        let output = roll.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    for (steps, files) in [("0", 3), ("3", 4)] {
        run(&["--steps", steps]);
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), files);
    }
    let checkpoint = || std::fs::read(out.join("checkpoint.safetensors"));
    assert!(run(&["--steps", "5", "--resume"]).contains("after step 3"));
    let resumed = checkpoint().unwrap();
    run(&["--steps", "5"]);
    assert_eq!(resumed, checkpoint().unwrap());
}

/// Evaluates images `(N, 1, 28, 28)` after two epochs, and returns the output.
fn judge(folder: &Path, images: &Tensor) -> (bool, String) {
    let path = folder.join("samples.safetensors");
    write_tensors(&path, &[("samples", images)], None).unwrap();
    let mut judge = Command::new(example("judge"));
    let output = judge.args(["--epochs", "2"]).arg(path).output().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    (output.status.success(), said)
}

/// Returns the share of digits among the samples.
fn share(said: &str) -> f64 {
    let line = said.lines().find_map(|line| line.strip_prefix("samples: "));
    line.unwrap()[..5].parse().unwrap()
}

#[test]
fn what_is_no_digit_is_not_called_a_digit() {
    let folder = TempDir::new().unwrap();
    let digits = ddpm::data::mnist_10k().unwrap();
    let digits = digits.to_tensor(&Device::Cpu).unwrap();
    let digits = digits.narrow(0, 9_900, 100).unwrap();
    let constant = |value: f32| {
        Tensor::full(value, (20, 1, 28, 28), &Device::Cpu).unwrap()
    };
    let mut noise = vec![0.0; 20 * 784];
    stream(1, Purpose::Data, 0, 0).fill_normal(&mut noise);
    let noise = Tensor::from_vec(noise, (20, 1, 28, 28), &Device::Cpu);
    let noise = noise.unwrap().clamp(-1.0, 1.0).unwrap();
    let none = [
        constant(-1.0),
        constant(0.0),
        constant(1.0),
        noise,
        digits.narrow(0, 0, 20).unwrap().neg().unwrap(), // inverted
    ];
    let none = Tensor::cat(&none, 0).unwrap();
    let (ok, said) = judge(folder.path(), &none);
    assert!(ok && share(&said) == 0.0, "{said}");

    // Real digits are; in another type, and with two broken ones among them.
    let broken = (constant(0.0) * f64::NAN).unwrap().narrow(0, 0, 2).unwrap();
    let real = Tensor::cat(&[digits, broken], 0).unwrap();
    let (ok, said) = judge(folder.path(), &real.to_dtype(DType::F64).unwrap());
    assert!(ok && share(&said) > 0.8, "{said}");
    assert!(said.contains("2 hold a NaN or an infinity"), "{said}");
}

#[test]
fn samples_that_cannot_be_evaluated_are_refused_before_training() {
    let folder = TempDir::new().unwrap();
    let digits = ddpm::data::digits_8x8().unwrap();
    let digits = digits.to_tensor(&Device::Cpu).unwrap();
    let zeros = |shape: &[usize], dtype| {
        Tensor::zeros(shape, dtype, &Device::Cpu).unwrap()
    };
    let bytes = zeros(&[2, 1, 28, 28], DType::U8);
    let large = (zeros(&[2, 1, 28, 28], DType::F32) + 255.0).unwrap();
    let none = zeros(&[0, 1, 28, 28], DType::F32);
    for (samples, expected) in [
        (&digits, "N x 1 x 28 x 28"),
        (&bytes, "of type u8"),
        (&large, "from 255 to 255"),
        (&none, "there are no samples"),
    ] {
        let (ok, said) = judge(folder.path(), samples);
        assert!(!ok && said.contains(expected), "{said}");
        assert!(!said.contains("epoch"), "{said}");
    }
}
