//! The content security policy of the pages: scripts come from files of the site, and
//! nothing is loaded from elsewhere.

use crate::manuscript::read;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// The policy. Pages may also be opened as files, which some browsers do not count as
/// `'self'`. Formulas and drawings have inline styles.
const POLICY: &str = "default-src 'none'; \
    script-src 'self' file: 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; \
    style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; \
    font-src 'self' file: data:; base-uri 'self'; form-action 'none'";

/// The folder of the site for scripts that mdBook writes into its pages.
const FOLDER: &str = "scripts";

const OPENING: &str = "<script>";
const CLOSING: &str = "</script>";

/// Gives each page of a site the policy, and moves its inline scripts to files.
///
/// # Errors
/// If a page is not as mdBook writes it, or cannot be written.
pub fn protect(site: &Path) -> Result<()> {
    fs::create_dir_all(site.join(FOLDER))?;
    for (folder, up) in [(site.to_owned(), ""), (site.join("notebooks"), "../")]
    {
        let entries = fs::read_dir(&folder).into_iter().flatten();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "html") {
                let page = protected(&read(&path)?, site, up);
                let page = page.with_context(|| path.display().to_string())?;
                fs::write(&path, page)?;
            }
        }
    }
    Ok(())
}

/// Returns a page with the policy, without inline scripts. `up` is the path to the
/// site.
fn protected(page: &str, site: &Path, up: &str) -> Result<String> {
    let head = "<head>";
    let (before, mut rest) = page.split_once(head).context("no <head>")?;
    let mut made = format!(
        "{before}{head}\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"{POLICY}\">"
    );
    while let Some((before, after)) = rest.split_once(OPENING) {
        let (script, after) =
            after.split_once(CLOSING).context("a script without an end")?;
        let name = format!("{:016x}.js", hash(script));
        fs::write(site.join(FOLDER).join(&name), script)?;
        made.push_str(before);
        let source = format!("{up}{FOLDER}/{name}");
        made.extend(["<script src=\"", &source, "\">", CLOSING]);
        rest = after;
    }
    made.push_str(rest);
    ensure!(
        !made.contains(" onclick=") && !made.contains("javascript:"),
        "a script in an attribute, which the policy forbids"
    );
    Ok(made)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_go_to_files() {
        let site = tempfile::tempdir().unwrap();
        let page = "<html><head><title>a</title><script>b()</script></head>\
                    <body><script src=\"c.js\"></script></body></html>";
        fs::write(site.path().join("a.html"), page).unwrap();
        protect(site.path()).unwrap();
        let page = read(&site.path().join("a.html")).unwrap();
        assert!(page.contains("Content-Security-Policy"));
        assert!(!page.contains(OPENING) && page.contains("src=\"c.js\""));
        let name = page.split("scripts/").nth(1).unwrap();
        let name = name.split('"').next().unwrap();
        let script = read(&site.path().join(FOLDER).join(name)).unwrap();
        assert_eq!(script, "b()");
        let bad =
            protected("<head></head><a onclick=\"b()\">", site.path(), "");
        assert!(bad.unwrap_err().to_string().contains("the policy forbids"));
    }
}
