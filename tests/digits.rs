//! Tests of the example `digits`: files, interruption, resuming, and mistakes.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod shared;

use candle_core::{DType, Device, Tensor};
use ddpm::nn::{UNetConfig, Weights, load_model};
use shared::{example, text};
use std::fs;
#[cfg(unix)]
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output};
#[cfg(unix)]
use std::time::Duration;
use tempfile::TempDir;

fn digits(out: &Path, arguments: &str) -> Command {
    let mut command = Command::new(example("digits"));
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

/// The 8x8 digits of the crate are a folder of IDX files, too; and the averaged
/// weights alone, with half as many bytes, are the model.
#[test]
fn small_digits_are_learned_and_weights_are_written() {
    let out = TempDir::new().unwrap();
    let weights = out.path().join("ema.safetensors");
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits8x8");
    let (path, recipe) = (weights.display(), "--recipe paper");
    let options = format!("--steps 2 {recipe} --data {data} --weights {path}");
    let output = run(out.path(), &format!("{options} {SHORT}"));
    assert!(text(&output.stdout).contains("the averaged weights"));

    let checkpoint = out.path().join("checkpoint.safetensors");
    let cpu = Device::Cpu;
    let x = Tensor::ones((1, 1, 8, 8), DType::F32, &cpu).unwrap();
    let [small, full] = [(weights, Weights::Last), (checkpoint, Weights::Ema)]
        .map(|(path, weights)| {
            let model = load_model::<UNetConfig>(&path, weights, &cpu).unwrap();
            let at = model.schedule.at(500).unwrap();
            model.predict(&x, at, false).unwrap().epsilon
        });
    let error = (small - full).unwrap().abs().unwrap().max_all().unwrap();
    assert!(error.to_scalar::<f32>().unwrap() < 1e-3);
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

/// A run in the background that has written a certain line.
#[cfg(unix)]
struct Running {
    child: std::process::Child,
    /// What it writes after that line.
    rest: std::thread::JoinHandle<String>,
}

#[cfg(unix)]
impl Running {
    /// Starts a run and waits for the first line that `reached` accepts.
    fn new(mut run: Command, reached: impl Fn(&str) -> bool) -> Self {
        let mut child = run
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !reached(&line) {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "it ended");
        }
        // Keep reading, so that the program can keep writing.
        let rest = std::thread::spawn(move || {
            let mut rest = String::new();
            said.read_to_string(&mut rest).unwrap();
            rest
        });
        Self { child, rest }
    }

    /// Starts a run of two minutes, and waits for its first training step.
    fn in_training(out: &Path, arguments: &str) -> Self {
        let run = digits(out, &format!("--minutes 2 {arguments}"));
        Self::new(run, |line| line.contains("step 1 "))
    }

    fn send(&self, signal: &str) {
        let id = self.child.id().to_string();
        Command::new("kill").args([signal, &id]).status().unwrap();
    }

    /// Waits for the end, and returns the exit code and the rest of the output.
    fn end(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.rest.join().unwrap())
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_with_what_there_is() {
    let out = TempDir::new().unwrap();
    let going = Running::in_training(out.path(), SHORT);
    going.send("-INT");
    assert_eq!(going.end().0, Some(0));
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
    let going = Running::new(digits(out.path(), many), |line| {
        line.starts_with("sampling") && !line.contains(" 0 of")
    });
    going.send("-INT");
    assert_eq!(going.end().0, Some(0));
    let path = out.path().join("samples.safetensors");
    let tensors = candle_core::safetensors::load(path, &Device::Cpu).unwrap();
    let count = tensors["samples"].dim(0).unwrap();
    assert!(count >= 64 && count.is_multiple_of(64) && count < 1_000_000);
}

/// A job scheduler sends SIGTERM, a closed terminal SIGHUP.
#[cfg(unix)]
#[test]
fn other_signals_stop_a_run_as_ctrl_c_does() {
    for signal in ["-TERM", "-HUP"] {
        let out = TempDir::new().unwrap();
        let going = Running::in_training(out.path(), SHORT);
        going.send(signal);
        assert_eq!(going.end().0, Some(0), "{signal}");
        assert_eq!(names(out.path()).len(), 6, "{signal}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nohup_keeps_a_run_alive() {
    let out = TempDir::new().unwrap();
    let mut nohup = Command::new("nohup");
    nohup.arg(example("digits")).args(["--steps", "8", "--samples", "1"]);
    nohup.args(["--sample-steps", "1", "--out"]).arg(out.path());
    let going = Running::new(nohup, |line| line.contains("step 1 "));
    going.send("-HUP");
    assert_eq!(going.end().0, Some(0));
    let metrics = text(&read(out.path(), "metrics.json"));
    assert!(metrics.contains("\"steps\": 8"), "{metrics}");
}

/// The second request to stop ends sampling, also before it has begun, and the
/// third ends the program.
#[cfg(unix)]
#[test]
fn a_second_ctrl_c_quits_sampling_and_a_third_the_program() {
    let out = TempDir::new().unwrap();
    let mut going = Running::in_training(out.path(), "--samples 100000");
    // The system may join signals that follow each other at once; so there are
    // as many as it takes.
    while going.child.try_wait().unwrap().is_none() {
        going.send("-INT");
        std::thread::sleep(Duration::from_millis(50));
    }
    let (code, said) = going.end();
    assert!(matches!(code, Some(1 | 130)), "{code:?}: {said}");
    assert!(!said.contains("samples in"), "{said}");
    assert_eq!(code == Some(1), said.contains("nothing was drawn"), "{said}");
    fs::remove_file(out.path().join(".lock")).ok();
    assert_eq!(names(out.path()), ["checkpoint.safetensors"]);
    run(out.path(), &format!("--resume --steps 0 {SHORT}"));
}

/// Nobody reads the progress any more, as in `digits 2>&1 | head -1`.
#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_nothing() {
    let out = TempDir::new().unwrap();
    let arguments = format!("--steps 3 {SHORT}");
    let mut child = digits(out.path(), &arguments)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop((child.stderr.take(), child.stdout.take()));
    assert!(child.wait().unwrap().success());
    assert_eq!(names(out.path()).len(), 6);
}

#[cfg(unix)]
#[test]
fn a_second_run_in_the_same_folder_is_refused() {
    let out = TempDir::new().unwrap();
    let going = Running::in_training(out.path(), SHORT);
    let id = going.child.id().to_string();
    let error = fail(out.path(), &format!("--steps 1 {SHORT}"));
    assert!(error.contains(&format!("another run (process {id})")), "{error}");
    // A process that was killed holds nothing.
    going.send("-KILL");
    going.end();
    fs::write(out.path().join(".checkpoint.safetensors.a.part"), "x").unwrap();
    // A file of somebody else.
    let foreign = out.path().join(".film.part");
    fs::write(&foreign, "x").unwrap();
    let again = run(out.path(), &format!("--steps 1 {SHORT}"));
    let said = text(&again.stderr);
    assert!(said.contains("removed") && said.contains(".a.part"), "{said}");
    fs::remove_file(foreign).unwrap();
    assert!(names(out.path()).iter().all(|name| !name.starts_with('.')));
}

/// The disk is full when training ends; here a folder is in the way of the
/// checkpoint. The samples are drawn, and the training is saved elsewhere.
#[cfg(unix)]
#[test]
fn a_last_save_that_fails_loses_nothing() {
    let (out, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut command = digits(out.path(), &format!("--minutes 2 {SHORT}"));
    command.env("TMPDIR", elsewhere.path());
    let going = Running::new(command, |line| line.contains("step 1 "));
    let checkpoint = out.path().join("checkpoint.safetensors");
    fs::remove_file(&checkpoint).unwrap();
    fs::create_dir_all(checkpoint.join("in the way")).unwrap();
    going.send("-INT");
    let (code, said) = going.end();
    assert_eq!(code, Some(1));
    assert!(said.contains("the training is saved as"), "{said}");
    assert_eq!(names(out.path()).len(), 6);

    fs::remove_dir_all(&checkpoint).unwrap();
    let [saved] = &names(elsewhere.path())[..] else { panic!("one file") };
    fs::copy(elsewhere.path().join(saved), checkpoint).unwrap();
    run(out.path(), &format!("--resume --steps 0 {SHORT}"));
}

#[test]
fn other_samples_and_more_samples_need_no_training() {
    let (whole, parts) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    run(whole.path(), "--steps 1 --samples 70 --sample-steps 2");
    run(parts.path(), "--steps 1 --samples 60 --sample-steps 2");
    let samples = |out: &TempDir| {
        let path = out.path().join("samples.safetensors");
        ddpm::nn::read_tensors(&path).unwrap().remove("samples").unwrap()
    };
    let (all, first) = (samples(&whole), samples(&parts));
    let more = "--resume --steps 0 --samples 10 --sample-steps 2";
    let said = text(&run(parts.path(), &format!("{more} --add")).stdout);
    assert!(said.contains("10 images, beside the 60"), "{said}");
    let differ = |a: &candle_core::Tensor, b: &candle_core::Tensor| {
        let largest = (a - b).unwrap().abs().unwrap().max_all().unwrap();
        largest.to_scalar::<f32>().unwrap()
    };
    // A batch of another size may round in another way.
    let added = differ(&all, &samples(&parts));
    let kept = differ(&all.narrow(0, 0, 60).unwrap(), &first);

    // The same samples again replace nothing, and the time of training is kept.
    let metrics = || -> serde_json::Value {
        serde_json::from_slice(&read(parts.path(), "metrics.json")).unwrap()
    };
    let seconds = metrics()["seconds"].clone();
    assert!(seconds.as_f64().unwrap() > 0.0);
    let again = "--resume --steps 0 --samples 70 --sample-steps 2";
    run(parts.path(), again);
    assert_eq!(metrics()["seconds"], seconds);
    let previous = parts.path().join("samples.previous.1.safetensors");
    assert!(!previous.exists());

    // Other samples do not replace these.
    let before = read(parts.path(), "samples.safetensors");
    let checkpoint = read(parts.path(), "checkpoint.safetensors");
    run(parts.path(), &format!("{more} --seed 5"));
    assert!(fs::read(previous).unwrap() == before);
    assert_eq!(metrics()["sample_seed"], 5);
    let others = differ(&all.narrow(0, 0, 10).unwrap(), &samples(&parts));
    assert!(added.max(kept) < 1e-3 * others, "{added} {kept} {others}");
    assert!(read(parts.path(), "checkpoint.safetensors") == checkpoint);

    // Only samples of the same kind are added, and without training.
    let refused = |arguments: &str, why: &str| {
        let error = fail(parts.path(), arguments);
        assert!(error.contains(why), "{error}");
    };
    refused(&format!("{more} --add --sampler ddim"), "sampler was \"ddpm\"");
    refused(&format!("{more}1 --add"), "sample_steps was 2");
    refused("--resume --steps 2 --add", "add --steps 0");
}

#[test]
fn a_resumed_run_keeps_its_options_and_names_those_that_change() {
    let out = TempDir::new().unwrap();
    run(out.path(), &format!("--steps 1 --batch 8 --seed 4 {SHORT}"));
    let same = run(out.path(), &format!("--resume --steps 2 {SHORT}"));
    assert!(!text(&same.stderr).contains("byte-identical"));
    let metrics = text(&read(out.path(), "metrics.json"));
    assert!(metrics.contains("\"batch\": 8"), "{metrics}");
    assert!(metrics.contains("\"seed\": 4"), "{metrics}");
    let other = format!("--resume --steps 3 --batch 9 {SHORT}");
    let said = text(&run(out.path(), &other).stderr);
    assert!(said.contains("--batch was 8 so far, and is 9"), "{said}");
    let rate = format!("--resume --steps 4 --learning-rate 0.001 {SHORT}");
    let said = text(&run(out.path(), &rate).stderr);
    assert!(said.contains("--learning-rate was 0.003"), "{said}");
    assert!(!said.contains("--batch"), "{said}");
    let error = fail(out.path(), "--resume --steps 5 --seed 3");
    assert!(error.contains("leave --seed out"), "{error}");
}

/// The recipe is the checkpoint's: no option is needed, and another is refused.
#[test]
fn a_resumed_run_keeps_its_recipe() {
    let out = TempDir::new().unwrap();
    run(out.path(), &format!("--recipe paper --steps 1 --batch 2 {SHORT}"));
    let resumed = run(out.path(), &format!("--resume --steps 2 {SHORT}"));
    assert!(text(&resumed.stdout).contains("280177 parameters had 2 steps"));
    let metrics = text(&read(out.path(), "metrics.json"));
    assert!(metrics.contains("\"recipe\": \"paper\""), "{metrics}");
    let error = fail(out.path(), "--resume --steps 3 --recipe fast");
    assert!(error.contains("with --recipe paper, and cannot"), "{error}");
    run(out.path(), &format!("--resume --steps 0 --recipe paper {SHORT}"));
}

/// A folder as people have it: colour, several sizes, one folder for each class.
#[test]
fn pictures_in_colour_are_learned_and_drawn() {
    let (out, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for (i, name) in
        ["cats/1.png", "cats/2.png", "dogs/3.png"].iter().enumerate()
    {
        let values: Vec<f32> = (0..3 * 64)
            .map(|k| ((k * (i + 3)) % 7) as f32 / 3.5 - 1.0)
            .collect();
        let picture = ddpm::plot::grid(&values, (3, 8, 8), 1, i + 1).unwrap();
        picture.save(&data.path().join(name)).unwrap();
    }
    let folder = data.path().display();
    let error = fail(out.path(), &format!("--steps 1 {SHORT} --data {folder}"));
    assert!(error.contains("3 different sizes"), "{error}");
    assert!(error.contains("--size N"), "{error}");
    let arguments = format!("--steps 2 {SHORT} --data {folder} --size 12");
    let said = text(&run(out.path(), &arguments).stderr);
    assert!(said.contains("3 pictures of 12x12 in colour, in 2 classes"));
    let samples = out.path().join("samples.safetensors");
    let samples = &ddpm::nn::read_tensors(&samples).unwrap()["samples"];
    assert_eq!(samples.dims(), [3, 3, 12, 12]);
    assert_eq!(read(out.path(), "samples.png")[25], 6); // PNG's RGB and alpha
    // Another size is other data; a run that is refused changes nothing.
    let sheet = read(out.path(), "data.png");
    let other = format!("--resume --steps 3 {SHORT} --data {folder} --size 16");
    let error = fail(out.path(), &other);
    assert!(error.contains("other data") && error.contains("--size"));
    assert!(read(out.path(), "data.png") == sheet);
    // Samples need no data.
    let said = run(out.path(), &format!("--resume --steps 0 {SHORT}"));
    assert!(text(&said.stderr).contains("no data are read"));
    // A run does not learn from its own pictures.
    let inside = data.path().join("out");
    let error = fail(&inside, &format!("--steps 1 --data {folder} --size 12"));
    assert!(error.contains("lies in --data"), "{error}");
}

/// Pictures of samples get smaller where images are large.
#[test]
fn long_images_are_drawn_and_what_is_too_large_is_refused_first() {
    let (out, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let write = |width: u16, height: u8| {
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, height, 0, 0];
        bytes.extend(width.to_be_bytes());
        let pixels = 2 * usize::from(width) * usize::from(height);
        bytes.extend(vec![9; pixels]);
        let path = data.path().join("train-images-idx3-ubyte");
        fs::write(path, bytes).unwrap();
    };
    let arguments = format!(
        "--steps 1 --samples 20 --sample-steps 1 --data {}",
        data.path().display()
    );
    write(1000, 4);
    run(out.path(), &arguments);
    assert_eq!(names(out.path()).len(), 7); // with data.png
    let out = TempDir::new().unwrap();
    let many = arguments.replace("--samples 20", "--samples 1000000");
    let error = fail(out.path(), &many);
    assert!(error.contains("at most 268435"), "{error}");
    write(1000, 100);
    let error = fail(out.path(), &format!("{arguments} --batch 4096"));
    assert!(error.contains("--batch 4096 is too large"), "{error}");
    assert!(error.contains("at most 2684"), "{error}");
    write(1028, 4);
    let error = fail(out.path(), &arguments);
    assert!(error.contains("can have at most 1024x1024 pixels"), "{error}");
    assert!(names(out.path()).is_empty());
}

#[test]
fn a_fresh_run_puts_an_old_checkpoint_aside() {
    let out = TempDir::new().unwrap();
    run(out.path(), &format!("--steps 1 {SHORT}"));
    let old = read(out.path(), "checkpoint.safetensors");
    run(out.path(), &format!("--steps 1 --seed 2 {SHORT}"));
    assert!(read(out.path(), "checkpoint.previous.1.safetensors") == old);
    assert!(read(out.path(), "samples.previous.1.png").starts_with(b"\x89PNG"));
    // The next run does not overwrite this checkpoint.
    run(out.path(), &format!("--steps 1 --seed 3 {SHORT}"));
    assert!(read(out.path(), "checkpoint.previous.1.safetensors") == old);
    assert!(read(out.path(), "checkpoint.previous.2.safetensors") != old);
    // Without a checkpoint, the samples are kept, and so is a file of the user's.
    fs::remove_file(out.path().join("checkpoint.safetensors")).unwrap();
    fs::write(out.path().join("data.png"), "mine").unwrap();
    let samples = read(out.path(), "samples.safetensors");
    run(out.path(), &format!("--steps 1 --seed 4 {SHORT}"));
    assert!(read(out.path(), "samples.previous.3.safetensors") == samples);
    assert!(read(out.path(), "data.previous.3.png") == b"mine");
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
    for option in ["samples", "batch", "steps", "sample-steps"] {
        let error = fail(out.path(), &format!("--{option} -1"));
        assert!(error.contains(&format!("invalid value '-1' for '--{option}")));
    }
    says("--steps 1e3", "a whole number of steps");
    says("--samples 0", "--samples");
    says("--resume", "run without --resume first");
    says("--data /nowhere", "no such folder");
    says("--data . --size 30", "divisible by 4");
    says("--size 32", "--data");
    says("--learning-rate 0", "above 0 and at most 1");
    says("--add", "--resume");
    says("--sample-steps 1001", "1..=1000");
    says("--sample-steps 0", "1..=1000");
    assert!(names(out.path()).is_empty(), "found before anything is written");

    let file = out.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = fail(&file, "--steps 1");
    assert!(error.contains("is a file; name a folder"), "{error}");

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
    says("--resume --steps 1 --seed 3", "trained with --seed 0");
    // No temporary file is left.
    assert!(names(out.path()).iter().all(|name| !name.contains(".part")));
}

/// The weights must not replace the training, and a path that cannot be written is
/// an error before it.
#[test]
fn weights_have_a_file_of_their_own() {
    let out = TempDir::new().unwrap();
    run(out.path(), &format!("--steps 1 {SHORT}"));
    let checkpoint = read(out.path(), "checkpoint.safetensors");
    let says = |path: &Path, what: &str| {
        let mut command = digits(out.path(), "--resume --steps 2");
        let output = command.arg("--weights").arg(path).output().unwrap();
        let error = text(&output.stderr);
        assert!(!output.status.success() && error.contains(what), "{error}");
    };
    let own = out.path().join("checkpoint.safetensors");
    says(&own, "is another file of the run");
    says(out.path(), "is a folder");
    says(&own.join("weights.safetensors"), "checkpoint.safetensors");
    assert!(read(out.path(), "checkpoint.safetensors") == checkpoint);

    let weights = out.path().join("new/weights.safetensors");
    let mut command = digits(out.path(), &format!("--steps 1 {SHORT}"));
    let output = command.arg("--weights").arg(&weights).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(weights.exists());
}

/// Otherwise each process would train on its own, into the same folder.
#[cfg(not(feature = "mpi"))]
#[test]
fn a_program_without_mpi_is_no_rank() {
    for launcher in ["OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"] {
        let out = TempDir::new().unwrap();
        let mut command = digits(out.path(), "--steps 1");
        let output = command.env(launcher, "2").output().unwrap();
        assert!(!output.status.success());
        let error = text(&output.stderr);
        assert!(error.contains("--features mpi"), "{error}");
        assert!(names(out.path()).is_empty());
    }
    // A script of `sbatch` for two tasks that runs one program without `srun`.
    let out = TempDir::new().unwrap();
    let mut command = digits(out.path(), &format!("--steps 0 {SHORT}"));
    let output = command.env("SLURM_NTASKS", "2").output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}
