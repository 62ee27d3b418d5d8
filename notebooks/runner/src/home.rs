//! Where kernel, Python and all that Jupyter writes live: in `target/notebooks`
//! and nowhere else.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The kernel that the notebooks are checked with.
const KERNEL: &str = "0.22.0";

/// The folder of tools.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    folder: PathBuf,
    /// Where the notebooks are.
    pub(crate) notebooks: PathBuf,
}

impl Home {
    /// The home of the project that has its notebooks in `notebooks`.
    ///
    /// # Errors
    /// If there is no such folder.
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

    /// A place in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A program of the virtual environment, which keeps to this folder.
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

    /// Sees to it that the kernel and a Python with `packages` are there.
    ///
    /// # Errors
    /// If one of them cannot be installed.
    pub(crate) fn prepare(&self, packages: &[&str]) -> Result<()> {
        let kernel = self.kernel()?;
        self.python(packages)?;
        self.register(&kernel)
    }

    /// The kernel: one that Cargo has installed for all, if it is the right
    /// one, or ours.
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
            // Cargo's own list of what it has installed there.
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
        // What was installed last, so that pip is asked only about news.
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

    /// Tells Jupyter of the kernel.
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
                // Each kernel compiles in a folder of its own below it.
                "TMPDIR": temporary,
                "XDG_CONFIG_HOME": self.path("config"),
                "XDG_CACHE_HOME": self.path("cache"),
            },
        });
        let text = serde_json::to_string_pretty(&spec)?;
        fs::write(folder.join("kernel.json"), text)
            .context("cannot register the kernel")?;
        // What one kernel has compiled serves the next: at most these MiB.
        let settings = self.path("config/evcxr");
        fs::create_dir_all(&settings)
            .and_then(|()| {
                fs::write(settings.join("init.evcxr"), ":cache 2000\n")
            })
            .context("cannot configure the kernel")
    }
}

/// A line for the person who waits.
pub(crate) fn say(text: &str) {
    anstream::eprintln!("{text}");
}

/// Runs a command to its good end.
///
/// # Errors
/// If it cannot be started, or fails.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status =
        command.status().with_context(|| format!("cannot run {name}"))?;
    if !status.success() {
        bail!("{name} failed: {status}");
    }
    Ok(())
}
