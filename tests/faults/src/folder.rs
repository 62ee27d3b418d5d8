//! The folder of a run: its files must be whole at every moment.

use anyhow::{Context, Result, bail, ensure};
use safetensors::SafeTensors;
use std::fs;
use std::path::Path;

/// The files that a resumed run must reproduce.
pub(crate) const RESULTS: [&str; 2] =
    ["checkpoint.safetensors", "samples.safetensors"];

/// Reads the results of a run.
pub(crate) fn results(out: &Path) -> Result<[Vec<u8>; RESULTS.len()]> {
    let [a, b] = RESULTS.map(|name| {
        fs::read(out.join(name)).with_context(|| format!("{name} is missing"))
    });
    Ok([a?, b?])
}

/// Checks that every file under a final name is whole, and returns the names of
/// other files, without the random part.
pub(crate) fn check_whole(out: &Path) -> Result<Vec<String>> {
    let mut left = vec![];
    if !out.exists() {
        return Ok(left);
    }
    for entry in fs::read_dir(out)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            left.push(kind(&name));
            continue;
        }
        let bytes = fs::read(entry.path())?;
        is_whole(&name, &bytes).with_context(|| format!("{name} is broken"))?;
    }
    left.sort();
    Ok(left)
}

/// Returns `.lock` or `.*.part`, or the whole name of an unknown file.
fn kind(name: &str) -> String {
    let is_part = Path::new(name).extension().is_some_and(|e| e == "part");
    if is_part { ".*.part".to_owned() } else { name.to_owned() }
}

fn is_whole(name: &str, bytes: &[u8]) -> Result<()> {
    let extension = name.rsplit('.').next().unwrap_or_default();
    match extension {
        "safetensors" => drop(SafeTensors::deserialize(bytes)?),
        "png" => drop(image::load_from_memory(bytes)?),
        "json" => drop(serde_json::from_slice::<serde_json::Value>(bytes)?),
        "svg" => {
            let text = std::str::from_utf8(bytes)?;
            roxmltree::Document::parse(text)?;
        }
        _ => bail!("no run writes such a file"),
    }
    Ok(())
}

/// Checks that a run has removed what a stopped run had left.
pub(crate) fn check_clean(out: &Path) -> Result<()> {
    let left = check_whole(out)?;
    ensure!(left.is_empty(), "{} is still there", left.join(" and "));
    Ok(())
}
