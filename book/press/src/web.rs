//! The modules that run on the pages, the crates `live` and `networks` as
//! WebAssembly, and what they read.

use crate::manuscript::Manuscript;
use crate::preprocessor::root;
use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// The target of the modules.
const TARGET: &str = "wasm32-unknown-unknown";

/// The crates that are modules, and their profiles.
const MODULES: [(&str, &str); 2] =
    [("live", "web"), ("networks", "web-networks")];

/// The folder of the site for what pages load.
const FOLDER: &str = "live";

/// The files that pages load beside the modules: scripts, and weights of networks.
const FILES: [&str; 2] = ["book/live/page", "book/live/weights"];

/// Returns all formulas of the book as one short Markdown text, in their order.
///
/// ```
/// let manuscript = press::check("..".as_ref())?;
/// let formulas = press::formulas(&manuscript);
/// assert!(formulas.contains("```math {#eq-closed-form}\n"));
/// assert!(formulas.len() < manuscript.text.len() / 2);
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn formulas(manuscript: &Manuscript) -> String {
    let mut text = String::new();
    let mut end = 0;
    for fragment in &manuscript.fragments {
        let extent = fragment.extent;
        // A formula in the prose of a display comes with the display.
        if extent.start >= end {
            text.push_str(&manuscript.text[extent.start..extent.end]);
            text.push_str("\n\n");
            end = extent.end;
        }
    }
    text
}

/// The modules that pages load, and the texts that they read.
#[derive(Clone, Debug)]
pub struct Modules {
    root: PathBuf,
    /// The formulas and the notation.
    texts: Arc<Mutex<(String, String)>>,
}

impl Modules {
    /// Returns the modules of the project in a folder, or none if Rust cannot
    /// compile for WebAssembly here.
    ///
    /// # Errors
    /// If the folder of the book does not exist.
    pub fn find(folder: &Path) -> Result<Option<Self>> {
        let root = root(folder)?;
        let rustc = Command::new("rustc")
            .args(["--print", "target-libdir", "--target", TARGET])
            .current_dir(&root)
            .stderr(Stdio::null())
            .output();
        let is_there = rustc.is_ok_and(|found| {
            let folder = String::from_utf8_lossy(&found.stdout);
            found.status.success() && Path::new(folder.trim()).is_dir()
        });
        Ok(is_there.then(|| Self { root, texts: Arc::default() }))
    }

    /// Keeps the texts of a book.
    pub(crate) fn keep(&self, manuscript: &Manuscript) {
        if let Ok(mut texts) = self.texts.lock() {
            *texts = (formulas(manuscript), manuscript.notation.clone());
        }
    }

    /// Compiles the modules, and writes them to a site with the texts of the book
    /// that was printed last.
    ///
    /// # Errors
    /// If a module cannot be compiled, or the site cannot be written.
    pub fn copy_to(&self, site: &Path) -> Result<()> {
        let to = site.join(FOLDER);
        fs::create_dir_all(&to)?;
        for (package, profile) in MODULES {
            self.compile(package, profile, &to)?;
        }
        for folder in FILES {
            for entry in fs::read_dir(self.root.join(folder))? {
                let from = entry?.path();
                let name = from.file_name().context("a file without a name")?;
                fs::copy(&from, to.join(name))?;
            }
        }
        let texts = self.texts.lock().map(|texts| texts.clone());
        let (formulas, notation) = texts.unwrap_or_default();
        fs::write(to.join("formulas.md"), formulas)?;
        fs::write(to.join("notation.toml"), notation)?;
        Ok(())
    }

    fn compile(&self, package: &str, profile: &str, to: &Path) -> Result<()> {
        let target = self.root.join("target").join(TARGET);
        let built = target.join(profile).join(format!("{package}.wasm"));
        self.cargo(
            "rustc",
            &["--package", package, "--lib", "--crate-type", "cdylib"],
            &["--profile", profile, "--target", TARGET],
        )?;
        let paths: [&OsStr; 3] = ["--".as_ref(), built.as_ref(), to.as_ref()];
        self.cargo("run", &["--profile", "tool", "--package", "bind"], &paths)
    }

    fn cargo(
        &self,
        command: &str,
        options: &[&str],
        more: &[impl AsRef<OsStr>],
    ) -> Result<()> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args([command, "--quiet"])
            .args(options)
            .args(more)
            .current_dir(&self.root)
            .status();
        let status = status.context("cannot run cargo")?;
        ensure!(
            status.success(),
            "the module of the pages was not built: cargo {command} {} failed",
            options.join(" ")
        );
        Ok(())
    }
}
