//! Links in running text, to equations, other chapters and the library.

use crate::api::Api;
use crate::display::reference;
use crate::manuscript::Section;
use crate::references::next;
use crate::{Equations, Manuscript};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Replaces the references in a line by links.
pub(crate) fn references(
    line: &str,
    equations: &Equations,
    up: &str,
) -> Result<String> {
    let (mut done, mut rest) = (String::new(), line);
    while let Some((before, inside)) = next(rest) {
        let (id, after) = inside
            .split_once('}')
            .with_context(|| format!("a reference without an end: {line}"))?;
        let equation = equations
            .get(id)
            .with_context(|| format!("no equation has the id {id}"))?;
        done.extend([before, &reference(equation, up)?]);
        rest = after;
    }
    Ok(done + rest)
}

/// Checks that links to other chapters lead to existing chapters.
pub(crate) fn check(line: &str, manuscript: &Manuscript) -> Result<()> {
    for rest in line.split("](").skip(1) {
        let target = rest.split([')', '#']).next().unwrap_or("");
        let is_chapter = Path::new(target)
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("md"));
        let known = |s: &Section| s.path == Path::new(target);
        if is_chapter
            && !target.contains("://")
            && !manuscript.sections.iter().any(known)
        {
            bail!("a link to {target}, which is no chapter");
        }
    }
    Ok(())
}

/// Replaces the library links in a line, `[text](ddpm::…)`, by links to the
/// documentation.
pub(crate) fn items(line: &str, api: &Api, up: &str) -> Result<String> {
    let (mut done, mut rest) = (String::new(), line);
    while let Some(start) = rest.find("](ddpm::") {
        let target = &rest[start + 2..];
        let (path, after) = target
            .split_once(')')
            .with_context(|| format!("a link without an end: {line}"))?;
        done.push_str(&rest[..start]);
        if let Some(page) = api.page(path)? {
            done.extend(["](", up, "api/", &page, ")"]);
        } else {
            // Without documentation, only the text of the link stays.
            let open = done.rfind('[').unwrap_or(0);
            done.replace_range(open..=open, "");
        }
        rest = after;
    }
    Ok(done + rest)
}
