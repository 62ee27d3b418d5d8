//! What a chapter asks for between double braces, on a line of its own:
//!
//! - `{{#code src/math/forward.rs:one_step}}`: that function, as it stands;
//! - `{{#figure noised "What is to be seen"}}`: a figure, with its caption;
//! - `{{#notation}}`, `{{#equations}}`, `{{#graph}}`, `{{#totals}}`, `{{#notes}}`: pages made
//!   by machine.
//!
//! And in running text `{@eq-id}`, a reference, and `[words](ddpm::path)`, a
//! link to the documentation of an item.

use crate::api::Api;
use crate::display::reference;
use crate::manuscript::Section;
use crate::{Equations, Manuscript, code, figures, graph, pages};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The text between the formulas, with all of this done.
///
/// # Errors
/// If something that a chapter asks for is not there.
pub(crate) fn expand(
    text: &str,
    manuscript: &Manuscript,
    equations: &Equations,
    api: &Api,
    up: &str,
) -> Result<String> {
    let mut done = String::with_capacity(text.len());
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```");
        let trimmed = line.trim();
        if let Some(inner) =
            trimmed.strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"))
            && !fenced
        {
            let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
            let made = match name {
                "code" => snippet(manuscript, api, argument.trim(), up)?,
                "figure" => figure(argument.trim())?,
                "notation" => pages::notation(manuscript)?,
                "equations" => pages::equations(equations, api, up)?,
                "graph" => graph::draw(equations, up),
                "totals" => format!("{}.\n", manuscript.report.totals()),
                "notes" => pages::notes(manuscript)?,
                _ => bail!("nothing is known of {trimmed}"),
            };
            done.push_str(&made);
            done.push('\n');
        } else if fenced {
            done.push_str(line);
        } else {
            check_links(line, manuscript)?;
            let line = items(line, api, up)?;
            done.push_str(&referred(&line, equations, up)?);
        }
    }
    Ok(done)
}

/// A line with its references made links.
fn referred(line: &str, equations: &Equations, up: &str) -> Result<String> {
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
fn check_links(line: &str, manuscript: &Manuscript) -> Result<()> {
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
fn items(line: &str, api: &Api, up: &str) -> Result<String> {
    let (mut done, mut rest) = (String::new(), line);
    while let Some(start) = rest.find("](ddpm::") {
        let target = &rest[start + 2..];
        let (path, after) = target
            .split_once(')')
            .with_context(|| format!("a link without an end: {line}"))?;
        done.push_str(&rest[..start]);
        match api.page(path)? {
            Some(page) => done.extend(["](", up, "api/", &page, ")"]),
            // Its text stays, without the bracket.
            None => {
                let open = done.rfind('[').unwrap_or(0);
                done.replace_range(open..=open, "");
            }
        }
        rest = after;
    }
    Ok(done + rest)
}

fn snippet(
    manuscript: &Manuscript,
    api: &Api,
    argument: &str,
    up: &str,
) -> Result<String> {
    let (file, name) = argument.split_once(':').with_context(|| {
        format!("{argument}: which function? Say file.rs:function")
    })?;
    let (text, lines) = code::function(&manuscript.root, file, name)?;
    let place = match api.lines(file, lines) {
        Some(page) => format!("<a href=\"{up}api/{page}\">{file}</a>"),
        None => file.to_owned(),
    };
    Ok(format!("```rust\n{text}\n```\n\n<p class=\"source\">{place}</p>\n"))
}

fn figure(argument: &str) -> Result<String> {
    let (name, caption) = argument.split_once(' ').unwrap_or((argument, ""));
    let caption = caption.trim().trim_matches('"');
    if caption.is_empty() {
        bail!("the figure {name} has no caption");
    }
    let svg = figures::draw(name)?;
    let svg: Vec<&str> = svg.lines().map(str::trim).collect();
    Ok(format!(
        "<figure>{}<figcaption>{caption}</figcaption></figure>\n",
        svg.concat()
    ))
}
