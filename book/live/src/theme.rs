//! Drawings in the colours of a page's theme.

use anyhow::{Result, bail};

/// The selectors for the dark theme: in a figure's own style sheet, and within
/// a page.
const SYSTEM_IS_DARK: &str = "@media (prefers-color-scheme: dark) {";
const PAGE_IS_DARK: &str = ":is(.coal,.navy,.ayu) figure {";

/// Returns a drawing for a figure of a page, on one line.
pub(crate) fn drawing(svg: &str) -> Result<String> {
    // The page's theme applies here, not the system's.
    if !svg.contains(SYSTEM_IS_DARK) {
        bail!("it has no colours for a dark theme");
    }
    let svg = svg.replace(SYSTEM_IS_DARK, PAGE_IS_DARK);
    let svg: Vec<&str> = svg.lines().map(str::trim).collect();
    Ok(svg.concat())
}
