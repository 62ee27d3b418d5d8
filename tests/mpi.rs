//! Several processes train and draw the very bytes of one process, and end together
//! when one of them fails. Needs Open MPI's `mpirun`.

mod shared;

use shared::{example, text};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Four micro-batches of 16 images; three batches of samples and a smaller one.
const RUN: &str = "--batch 64 --samples 200 --sample-steps 2";
/// A run of `--steps` is over long before.
const LIMIT: Duration = Duration::from_mins(5);

/// Returns the command `mpirun`, for processes on this machine.
fn mpirun() -> Command {
    let mut command = Command::new("mpirun");
    // Through the loopback: containers may have no shared memory.
    let options = "--oversubscribe --bind-to none --mca btl self,tcp \
                   --mca btl_tcp_if_include lo";
    command.args(options.split_whitespace());
    for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] {
        command.env(name, "1"); // as in a container
    }
    command.env("RAYON_NUM_THREADS", "1").env("RUST_BACKTRACE", "0");
    command
}

/// Adds `ranks` processes of a program to a command of `mpirun`.
fn add(
    command: &mut Command,
    ranks: u32,
    program: &Path,
    out: &Path,
    arguments: &str,
) {
    command.arg("-n").arg(ranks.to_string()).arg(program);
    command.args(arguments.split_whitespace()).arg("--out").arg(out);
}

/// Waits for a program, which must end in time, and returns its exit code and what
/// it said.
fn end(mut child: Child) -> (Option<i32>, String) {
    let mut pipe = child.stderr.take().unwrap();
    let reader = thread::spawn(move || {
        let mut said = vec![];
        pipe.read_to_end(&mut said).unwrap();
        text(&said)
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("it hangs: {}", reader.join().unwrap());
        }
        thread::sleep(Duration::from_millis(50));
    };
    (status.code(), reader.join().unwrap())
}

fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs the digits lesson, by several processes or without `mpirun`.
fn run(ranks: Option<u32>, out: &Path, arguments: &str) {
    let program = example("digits");
    let mut command = Command::new(&program);
    command.args(arguments.split_whitespace()).arg("--out").arg(out);
    if let Some(ranks) = ranks {
        command = mpirun();
        add(&mut command, ranks, &program, out, arguments);
    }
    let (code, said) = end(start(&mut command));
    assert_eq!(code, Some(0), "{said}");
}

/// Returns the checkpoint and the samples of a run.
fn results(out: &Path) -> [Vec<u8>; 2] {
    ["checkpoint.safetensors", "samples.safetensors"]
        .map(|name| fs::read(out.join(name)).unwrap())
}

#[test]
fn one_two_and_four_processes_write_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let out = |name: &str| folder.path().join(name);
    let arguments = format!("--steps 4 {RUN}");
    run(None, &out("alone"), &arguments);
    let alone = results(&out("alone"));
    for ranks in [1, 2, 4] {
        let out = out(&ranks.to_string());
        run(Some(ranks), &out, &arguments);
        assert!(results(&out) == alone, "{ranks} processes");
        let files = fs::read_dir(out).unwrap().count();
        assert_eq!(files, 6, "only the first process writes");
    }
    // Two processes, resumed by one, resumed by four.
    let mixed = out("mixed");
    run(Some(2), &mixed, &format!("--steps 1 {RUN}"));
    run(None, &mixed, &format!("--resume --steps 2 {RUN}"));
    run(Some(4), &mixed, &format!("--resume --steps 4 {RUN}"));
    assert!(results(&mixed) == alone, "resumed");
    // The comparison fails for another run.
    run(Some(2), &out("seed"), &format!("{arguments} --seed 1"));
    assert!(results(&out("seed")) != alone);
}

/// Runs two processes that differ, which must fail, and returns what they say.
fn differ(programs: [&Path; 2], arguments: [&str; 2]) -> String {
    let folder = TempDir::new().unwrap();
    let mut command = mpirun();
    add(&mut command, 1, programs[0], folder.path(), arguments[0]);
    command.arg(":");
    add(&mut command, 1, programs[1], folder.path(), arguments[1]);
    let (code, said) = end(start(&mut command));
    assert_ne!(code, Some(0), "{said}");
    said
}

#[test]
fn processes_that_differ_are_refused() {
    let program = example("digits");
    let arguments = format!("--steps 2 {RUN}");
    let folder = TempDir::new().unwrap();
    // Another build: the same program, but not the same file.
    let other: PathBuf = folder.path().join("digits");
    let mut bytes = fs::read(&program).unwrap();
    bytes.push(0);
    fs::write(&other, bytes).unwrap();
    let mode = fs::metadata(&program).unwrap().permissions();
    fs::set_permissions(&other, mode).unwrap();
    let said = differ([&program, &other], [&arguments; 2]);
    assert!(said.contains("the program of rank 1"), "{said}");

    let seed = format!("{arguments} --seed 1");
    let said = differ([&program; 2], [&arguments, &seed]);
    assert!(said.contains("the options or the data of rank 1"), "{said}");
}

#[test]
fn numbers_of_processes_that_do_not_fit_are_refused() {
    for (ranks, arguments, expected) in [
        (3, "--batch 64 --steps 1", "2, 4, 8 or another power of two, got 3"),
        (4, "--batch 32 --steps 1", "such as 64, got 32"),
    ] {
        let folder = TempDir::new().unwrap();
        let mut command = mpirun();
        let program = example("digits");
        add(&mut command, ranks, &program, folder.path(), arguments);
        let (code, said) = end(start(&mut command));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

/// Starts two processes, sends a signal to the second one after the first steps,
/// and returns the exit code and what they say.
fn signalled(signal: &str, out: &Path) -> (Option<i32>, String) {
    let mut command = mpirun();
    let arguments = format!("--steps 100000 {RUN}");
    add(&mut command, 2, &example("digits"), out, &arguments);
    let mut child = start(&mut command);
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("step 1") {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "it ended");
    }
    // The second process is the child that started last.
    let parent = child.id().to_string();
    let mut find = Command::new("pgrep");
    let found = find.args(["--newest", "--parent", &parent]).output().unwrap();
    let second = text(&found.stdout);
    Command::new("kill").args([signal, second.trim()]).status().unwrap();
    child.stderr = Some(lines.into_inner());
    end(child)
}

#[test]
fn a_killed_process_ends_the_run_and_loses_no_checkpoint() {
    let folder = TempDir::new().unwrap();
    let (code, said) = signalled("-KILL", folder.path());
    assert_ne!(code, Some(0), "{said}");
    let resumed = format!("--resume --steps 2 {RUN}");
    run(None, folder.path(), &resumed);
    let whole = TempDir::new().unwrap();
    run(None, whole.path(), &format!("--steps 2 {RUN}"));
    assert!(results(folder.path()) == results(whole.path()));
}

#[test]
fn a_request_to_stop_that_one_process_gets_stops_all() {
    let folder = TempDir::new().unwrap();
    let (code, said) = signalled("-TERM", folder.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("stopped; sampling"), "{said}");
    assert!(said.contains("200 samples"), "{said}");
}
