//! Links from the book to the library's documentation, and to its source as
//! rustdoc shows it.

use crate::manuscript::read;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The documentation to link to, if any. The site contains a copy in the folder
/// `api`.
///
/// ```no_run
/// let api = press::Api::document(".".as_ref())?; // runs `cargo doc`
/// api.copy_to("target/book".as_ref())?;
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Api {
    folder: Option<PathBuf>,
}

impl Api {
    /// Runs `cargo doc` for the library.
    ///
    /// # Errors
    /// If `cargo doc` fails.
    pub fn document(root: &Path) -> Result<Self> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let done = Command::new(cargo)
            .args(["doc", "--no-deps", "--package", "ddpm", "--lib"])
            .current_dir(root)
            .status()
            .context("cannot run cargo")?;
        if !done.success() {
            bail!("`cargo doc --package ddpm` failed: {done}");
        }
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { folder: Some(target.join("doc")) })
    }

    /// Copies the documentation into the site.
    ///
    /// # Errors
    /// If a file cannot be copied.
    pub fn copy_to(&self, site: &Path) -> Result<()> {
        match &self.folder {
            Some(folder) => copy(folder, &site.join("api")),
            None => Ok(()),
        }
    }

    /// Returns the page and the anchor of an item, such as
    /// `ddpm/math/forward/fn.one_step.html`, or `None` without documentation.
    ///
    /// # Errors
    /// If the library has no such item.
    pub(crate) fn page(&self, path: &str) -> Result<Option<String>> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let parts: Vec<&str> = path.split("::").collect();
        let [modules @ .., name] = parts.as_slice() else { return Ok(None) };
        let kinds = ["fn", "struct", "enum", "trait", "constant"];
        if let Some(page) = listed(folder, modules, &kinds, name) {
            return Ok(Some(page));
        }
        let module = format!("{}/index.html", parts.join("/"));
        if folder.join(&module).exists() {
            return Ok(Some(module));
        }
        if let [modules @ .., of] = modules
            && let Some(page) =
                listed(folder, modules, &["struct", "enum", "trait"], of)
        {
            let place = format!("id=\"method.{name}\"");
            if read(&folder.join(&page))?.contains(&place) {
                return Ok(Some(format!("{page}#method.{name}")));
            }
        }
        bail!("the documentation has no item {path}")
    }

    /// Returns a link to an item's documentation and a link to its source.
    ///
    /// # Errors
    /// If the library has no such item.
    pub(crate) fn item(&self, path: &str, up: &str) -> Result<String> {
        let Some(page) = self.page(path)? else {
            return Ok(format!("<code>{path}</code>"));
        };
        let source = self.source(&page).with_context(|| {
            format!("the documentation of {path} has no source")
        })?;
        Ok(format!(
            "<a href=\"{up}api/{page}\"><code>{path}</code></a> \
             (<a href=\"{up}api/{source}\">source</a>)"
        ))
    }

    /// Returns the lines of a file in rustdoc's source pages, or `None` if
    /// rustdoc does not show the file.
    pub(crate) fn lines(
        &self,
        file: &str,
        (first, last): (usize, usize),
    ) -> Option<String> {
        let file = file.strip_prefix("src/")?;
        let page = format!("src/ddpm/{file}.html");
        let shown = self.folder.as_ref()?.join(&page).exists();
        shown.then(|| format!("{page}#{first}-{last}"))
    }

    /// Returns the page and the lines of an item's source, from the link next
    /// to the item.
    fn source(&self, page: &str) -> Option<String> {
        let (file, place) = page.split_once('#').unwrap_or((page, ""));
        let text = read(&self.folder.as_ref()?.join(file)).ok()?;
        let at = match place {
            "" => 0,
            place => text.find(&format!("id=\"{place}\""))?,
        };
        let (_, link) = text[at..].split_once("class=\"src")?;
        let (_, link) = link.split_once("href=\"")?;
        let (link, _) = link.split_once('"')?;
        Some(link.trim_start_matches("../").to_owned())
    }
}

/// Returns the page of an item of one of these kinds that a module defines or
/// re-exports.
fn listed(
    folder: &Path,
    modules: &[&str],
    kinds: &[&str],
    name: &str,
) -> Option<String> {
    let module = modules.join("/");
    let files = || kinds.iter().map(|kind| format!("{kind}.{name}.html"));
    let own = files()
        .map(|file| format!("{module}/{file}"))
        .find(|page| folder.join(page).exists());
    own.or_else(|| {
        let index = read(&folder.join(&module).join("index.html")).ok()?;
        // Re-exports appear as links such as
        // `href="gaussian/struct.Gaussian.html"`.
        files().find_map(|file| {
            let (before, _) = index.split_once(&format!("/{file}\""))?;
            let (_, inner) = before.rsplit_once('"')?;
            Some(format!("{module}/{inner}/{file}"))
        })
    })
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs_err::create_dir_all(to)?;
    let entries = fs::read_dir(from)
        .with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&from, &to)?;
        } else if entry.file_name() != ".lock" {
            fs::copy(&from, &to)
                .with_context(|| format!("cannot write {}", to.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Api;
    use std::fs;

    #[test]
    fn items_are_found_with_their_source() {
        let folder = tempfile::tempdir().unwrap();
        let math = folder.path().join("ddpm/math");
        fs::create_dir_all(&math).unwrap();
        let link = "<a class=\"src\" href=\"../../src/ddpm/m.rs.html#3-5\">";
        fs::write(math.join("fn.f.html"), link).unwrap();
        let method = link.replace("3-5", "7-9");
        let page = format!("{link}<section id=\"method.g\">{method}");
        fs::write(math.join("struct.S.html"), page).unwrap();
        fs::create_dir_all(folder.path().join("ddpm/all")).unwrap();
        let index = "<a href=\"../math/struct.S.html\">S</a>";
        fs::write(folder.path().join("ddpm/all/index.html"), index).unwrap();
        let api = Api { folder: Some(folder.path().to_owned()) };
        let item = |path| api.item(path, "../").unwrap();
        assert_eq!(
            item("ddpm::math::f"),
            "<a href=\"../api/ddpm/math/fn.f.html\"><code>ddpm::math::f</code>\
             </a> (<a href=\"../api/src/ddpm/m.rs.html#3-5\">source</a>)"
        );
        let method = item("ddpm::math::S::g");
        assert!(method.contains("struct.S.html#method.g"), "{method}");
        assert!(method.contains("m.rs.html#7-9"), "{method}");
        // `all` re-exports `S`.
        let page = api.page("ddpm::all::S::g").unwrap().unwrap();
        assert_eq!(page, "ddpm/all/../math/struct.S.html#method.g");
        for lost in ["ddpm::math::h", "ddpm::math::S::h", "ddpm::other::f"] {
            let error = api.item(lost, "").unwrap_err().to_string();
            assert_eq!(error, format!("the documentation has no item {lost}"));
        }
        let none = Api::default().item("ddpm::math::h", "").unwrap();
        assert_eq!(none, "<code>ddpm::math::h</code>");
    }
}
