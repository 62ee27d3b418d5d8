//! Links in running text: to equations, to other chapters, to the library.

use crate::api::Api;
use crate::display::reference;
use crate::manuscript::Section;
use crate::{Equations, Manuscript};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// A line with its references made links.
pub(crate) fn references(
    line: &str,
    equations: &Equations,
    up: &str,
) -> Result<String> {
    let (mut done, mut rest) = (String::new(), line);
    while let Some(start) = rest.find("{@") {
        // Between backticks it is code.
        if rest[..start].matches('`').count() % 2 == 1 {
            let end = rest[start..].find('`').map_or(rest.len(), |i| start + i);
            done.push_str(&rest[..end]);
            rest = &rest[end..];
            // The backtick that closes; what follows is text again.
            if let Some(after) = rest.strip_prefix('`') {
                done.push('`');
                rest = after;
            }
            continue;
        }
        let length = rest[start..]
            .find('}')
            .with_context(|| format!("a reference without an end: {line}"))?;
        let id = &rest[start + 2..start + length];
        let equation = equations
            .get(id)
            .with_context(|| format!("no equation has the id {id}"))?;
        done.push_str(&rest[..start]);
        let link = reference(equation, up).map_err(anyhow::Error::msg)?;
        done.push_str(&link);
        rest = &rest[start + length + 1..];
    }
    Ok(done + rest)
}

/// Links to other chapters must lead to one.
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

/// A line with its links to items of the library, `[text](ddpm::…)`, made
/// links to their documentation.
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
            // Its text stays, without the bracket.
            let open = done.rfind('[').unwrap_or(0);
            done.replace_range(open..=open, "");
        }
        rest = after;
    }
    Ok(done + rest)
}
