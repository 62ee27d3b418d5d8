//! The folder of the kernel, Python and all files that Jupyter writes:
//! `target/notebooks`.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of the kernel that checks the notebooks.
const KERNEL: &str = "0.22.0";

/// The folder of tools.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    folder: PathBuf,
    /// The folder of the notebooks.
    pub(crate) notebooks: PathBuf,
}

impl Home {
    /// Returns the home of the project whose notebooks are in `notebooks`.
    ///
    /// # Errors
    /// If there is no such folder, or the home cannot be created.
    pub(crate) fn of(notebooks: &Path) -> Result<Self> {
        let notebooks = notebooks.canonicalize().with_context(|| {
            format!("no notebooks in {}", notebooks.display())
        })?;
        let root = notebooks.parent().unwrap_or(&notebooks);
        let folder = root.join("target/notebooks");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder, notebooks })
    }

    /// Returns a path inside the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns a command that runs a program of the virtual environment, with
    /// all Jupyter files in this folder.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.program(name));
        for (variable, place) in [
            ("JUPYTER_CONFIG_DIR", "jupyter/config"),
            ("JUPYTER_DATA_DIR", "jupyter/data"),
            ("JUPYTER_RUNTIME_DIR", "jupyter/runtime"),
            ("IPYTHONDIR", "jupyter/ipython"),
        ] {
            command.env(variable, self.path(place));
        }
        command
    }

    fn program(&self, name: &str) -> PathBuf {
        let folder = if cfg!(windows) { "venv/Scripts" } else { "venv/bin" };
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.path(folder).join(name)
    }

    /// Installs the kernel and a Python with `packages`, if they are missing.
    ///
    /// # Errors
    /// If one of them cannot be installed.
    pub(crate) fn prepare(&self, packages: &[&str]) -> Result<()> {
        let kernel = self.kernel()?;
        self.python(packages)?;
        self.register(&kernel)
    }

    /// Returns the kernel: Cargo's global installation if its version is right,
    /// or else a local installation.
    fn kernel(&self) -> Result<PathBuf> {
        let name = "evcxr_jupyter";
        let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let cargo = cargo
            .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
        let ours = self.path("kernel");
        let program = |root: &Path| {
            let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            root.join("bin").join(file)
        };
        for root in cargo.iter().chain([&ours]) {
            // Cargo lists its installed packages in this file.
            let list = fs::read_to_string(root.join(".crates.toml"));
            let entry = format!("\"{name} {KERNEL} ");
            if list.is_ok_and(|list| list.contains(&entry)) {
                return Ok(program(root));
            }
        }
        say(
            "installing the Rust kernel for Jupyter, once: six minutes or so on two cores",
        );
        succeed(
            Command::new("cargo")
                .args(["install", name, "--locked", "--version", KERNEL])
                .arg("--root")
                .arg(&ours),
        )?;
        Ok(program(&ours))
    }

    fn python(&self, packages: &[&str]) -> Result<()> {
        if !self.program("python").exists() {
            say("making a virtual environment for Python");
            let python = std::env::var("PYTHON");
            let python = python.unwrap_or_else(|_| "python3".into());
            succeed(
                Command::new(&python)
                    .args(["-m", "venv"])
                    .arg(self.path("venv")),
            )
            .with_context(|| {
                format!(
                    "Jupyter needs Python 3.10 or later with venv; is {python} \
                     one? Set PYTHON to another"
                )
            })?;
        }
        let file = self.notebooks.join("requirements.txt");
        let pinned = fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let pinned: Vec<_> = pinned
            .lines()
            .filter(|line| packages.iter().any(|p| line.starts_with(p)))
            .collect();
        // This file records the last installation, so that pip runs only after
        // changes.
        let note = self.path("venv").join(packages.join("+"));
        if fs::read_to_string(&note).is_ok_and(|n| n == pinned.join("\n")) {
            return Ok(());
        }
        say(&format!("installing {}, once: a minute", packages.join(" and ")));
        succeed(
            self.tool("python")
                .args(["-m", "pip", "install", "--quiet"])
                .arg("--disable-pip-version-check")
                .args(&pinned),
        )?;
        fs::write(&note, pinned.join("\n")).context("cannot write a note")
    }

    /// Registers the kernel with Jupyter.
    fn register(&self, kernel: &Path) -> Result<()> {
        let folder = self.path("venv/share/jupyter/kernels/rust");
        fs::create_dir_all(&folder).context("cannot register the kernel")?;
        let temporary = self.path("tmp");
        fs::create_dir_all(&temporary).context("cannot make a folder")?;
        let spec = serde_json::json!({
            "argv": [kernel, "--control_file", "{connection_file}"],
            "display_name": "Rust",
            "language": "rust",
            "interrupt_mode": "message",
            "env": {
                // Each kernel compiles in its own folder inside this one.
                "TMPDIR": temporary,
                "XDG_CONFIG_HOME": self.path("config"),
                "XDG_CACHE_HOME": self.path("cache"),
            },
        });
        let text = serde_json::to_string_pretty(&spec)?;
        fs::write(folder.join("kernel.json"), text)
            .context("cannot register the kernel")?;
        // Kernels share a compilation cache of at most this many MiB.
        let settings = self.path("config/evcxr");
        fs::create_dir_all(&settings)
            .and_then(|()| {
                fs::write(settings.join("init.evcxr"), ":cache 2000\n")
            })
            .context("cannot configure the kernel")
    }
}

/// Prints a message for the user on stderr.
pub(crate) fn say(text: &str) {
    anstream::eprintln!("{text}");
}

/// Runs a command and waits for its success.
///
/// # Errors
/// If the command cannot be started, or fails.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status =
        command.status().with_context(|| format!("cannot run {name}"))?;
    if !status.success() {
        bail!("{name} failed: {status}");
    }
    Ok(())
}
