//! Directives of a chapter, in double braces, each on a line of its own:
//!
//! - `{{#code src/math/forward.rs:one_step}}`: the source of that function, or
//!   `{{#code src/nn/unet.rs:UNet::forward}}`, of that method;
//! - `{{#figure one-step "A caption"}}`: a figure drawn for this page,
//!   with its caption, or `{{#figure loss.svg "…"}}`, an SVG file beside the
//!   chapters;
//! - `{{#table recipes.md}}`: a table that a lesson wrote, in a file beside the
//!   chapters;
//! - `{{#notebook 04-closed-form}}` and `{{#output 04-closed-form 3}}`: the
//!   links of a notebook, and the outputs of one of its cells;
//! - `{{#note 3 "words"}}`: words of a line of the notes, quoted;
//! - `{{#notation}}`, `{{#equations}}`, `{{#graph}}`, `{{#totals}}`,
//!   `{{#notes}}`, `{{#terms}}`: generated pages.
//!
//! Running text may contain `{@eq-id}`, a reference, and `[words](ddpm::path)`,
//! a link to the documentation of an item.

use crate::api::Api;
use crate::manuscript::read;
use crate::{Equations, Manuscript, Press};
use crate::{code, graph, links, notebooks, pages, terms};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Expands the directives and links in the text between formulas.
///
/// # Errors
/// If a directive or a link refers to something that does not exist.
pub(crate) fn expand(
    text: &str,
    manuscript: &Manuscript,
    equations: &Equations,
    press: &Press,
    up: &str,
) -> Result<String> {
    let api = &press.api;
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
                "figure" => figure(manuscript, press, argument.trim())?,
                "table" => table(manuscript, argument.trim())?,
                "notebook" => notebooks::head(argument, manuscript, press)?,
                "output" => notebooks::output(&manuscript.root, argument)?,
                "notation" => pages::notation(manuscript)?,
                "equations" => pages::equations(equations, api, up)?,
                "graph" => graph::draw(equations, up),
                "totals" => format!("{}.\n", manuscript.report.totals()),
                "notes" => pages::notes(manuscript)?,
                "note" => pages::note(manuscript, argument.trim())?,
                "terms" => terms::index(manuscript)?,
                _ => bail!("nothing is known of {trimmed}"),
            };
            done.push_str(&made);
            done.push('\n');
        } else if fenced {
            done.push_str(line);
        } else {
            links::check(line, manuscript)?;
            let line = links::items(&terms::mark(line), api, up)?;
            done.push_str(&links::references(&line, equations, up)?);
        }
    }
    Ok(done)
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

/// Returns a table that a lesson wrote. It scrolls where the page is narrow.
fn table(manuscript: &Manuscript, name: &str) -> Result<String> {
    let rows = read(&manuscript.source.join(name))?;
    let label = format!("Table {}", name.trim_end_matches(".md"));
    // Between empty lines, Markdown reads the table within HTML.
    Ok(pages::wide(&label, &format!("\n\n{rows}\n")))
}

/// Returns a figure that is drawn now, or an SVG file beside the chapters.
fn figure(
    manuscript: &Manuscript,
    press: &Press,
    argument: &str,
) -> Result<String> {
    let (name, caption) = argument.split_once(' ').unwrap_or((argument, ""));
    let caption = caption.trim().trim_matches('"');
    if caption.is_empty() {
        bail!("the figure {name} has no caption");
    }
    let is_file = Path::new(name).extension().is_some_and(|e| e == "svg");
    let caption = format!("<figcaption>{caption}</figcaption>");
    let figure = if is_file {
        live::element(&read(&manuscript.source.join(name))?, &caption)
    } else {
        live::figure(name, &caption, press.modules.is_some())
    };
    figure.with_context(|| format!("the figure {name}"))
}
