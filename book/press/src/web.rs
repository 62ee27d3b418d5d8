//! The module that runs on the pages, the crate `live` as WebAssembly, and the
//! formulas that it reads.

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

/// The folder of the site for what pages load.
const FOLDER: &str = "live";

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

/// The module that pages load, and the texts that it reads.
#[derive(Clone, Debug)]
pub struct Module {
    root: PathBuf,
    /// The formulas and the notation.
    texts: Arc<Mutex<(String, String)>>,
}

impl Module {
    /// Returns the module of the project in a folder, or none if Rust cannot compile
    /// for WebAssembly here.
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

    /// Compiles the module, and writes it to a site with the texts of the book that
    /// was printed last.
    ///
    /// # Errors
    /// If the module cannot be compiled, or the site cannot be written.
    pub fn copy_to(&self, site: &Path) -> Result<()> {
        let to = site.join(FOLDER);
        fs::create_dir_all(&to)?;
        let built = self.root.join("target").join(TARGET).join("web/live.wasm");
        self.cargo(
            "rustc",
            &["--package", "live", "--lib", "--crate-type", "cdylib"],
            &["--profile", "web", "--target", TARGET],
        )?;
        let paths: [&OsStr; 3] = ["--".as_ref(), built.as_ref(), to.as_ref()];
        self.cargo("run", &["--profile", "tool", "--package", "bind"], &paths)?;
        for entry in fs::read_dir(self.root.join("book/live/page"))? {
            let from = entry?.path();
            let name = from.file_name().context("a file without a name")?;
            fs::copy(&from, to.join(name))?;
        }
        let texts = self.texts.lock().map(|texts| texts.clone());
        let (formulas, notation) = texts.unwrap_or_default();
        fs::write(to.join("formulas.md"), formulas)?;
        fs::write(to.join("notation.toml"), notation)?;
        Ok(())
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
