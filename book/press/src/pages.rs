//! Generated pages: the notation, all equations, totals.

use crate::api::Api;
use crate::display::link;
use crate::manuscript::read;
use crate::{Equation, Equations, Manuscript};
use anyhow::{Result, anyhow, bail};
use live::{in_words, readable_relation, typeset};
use proofread::{Marks, Notation, Report, line_column};
use std::fmt::Write;
use std::path::Path;

/// Returns a table of the symbols of the notation file.
pub(crate) fn notation(manuscript: &Manuscript) -> Result<String> {
    let file: toml::Table = manuscript.notation.parse()?;
    let mut rows = String::new();
    let typeset = |latex: &str| typeset(latex, false);
    for group in ["sizes", "indices", "symbols", "processes"] {
        let Some(toml::Value::Table(entries)) = file.get(group) else {
            continue;
        };
        for (latex, entry) in entries {
            let text = |key: &str| match entry {
                toml::Value::Table(entry) => {
                    entry.get(key).and_then(|v| v.as_str()).unwrap_or("")
                }
                _ => "",
            };
            let what = match entry.as_str() {
                Some(range) => whole_number(group, range),
                None => text("note").to_owned(),
            };
            let mut means = text("means").to_owned() + text("step");
            if !means.is_empty() {
                means = typeset(&means)?;
            }
            let symbol = typeset(latex)?;
            let what = with_subscripts(&what);
            let domain = text("in").replace("oo", "∞").replace('_', "&#95;");
            writeln!(
                rows,
                "<tr><td>{symbol}</td><td>{what}</td><td>{domain}</td>\
                 <td>{means}</td></tr>"
            )?;
        }
    }
    let headings =
        ["Symbol", "What it is", "Where it lies", "What it stands for"];
    Ok(table(&headings, &rows))
}

/// Describes a size, which the checker draws from a range, or an index.
fn whole_number(group: &str, range: &str) -> String {
    let (first, last) = range.split_once("..").unwrap_or((range, range));
    let drawn = if group == "sizes" { " in the checks" } else { "" };
    if first == last {
        return format!("a whole number, {first}{drawn}");
    }
    format!("a whole number, {first} to {last}{drawn}")
}

/// Returns plain text such as `x_0` and `x_{t-1}` as HTML with subscripts.
fn with_subscripts(text: &str) -> String {
    let mut parts = text.split('_');
    let mut html = escaped(parts.next().unwrap_or_default());
    for part in parts {
        let inner = part.strip_prefix('{').and_then(|p| p.split_once('}'));
        let first = part.char_indices().nth(1).map_or(part.len(), |(i, _)| i);
        let (below, rest) = inner.unwrap_or_else(|| part.split_at(first));
        let below = below.replace('-', "−");
        html.extend(["<sub>", &below, "</sub>", &escaped(rest)]);
    }
    html
}

/// Returns a table of all displays: status, code, dependencies.
pub(crate) fn equations(
    equations: &Equations,
    api: &Api,
    up: &str,
) -> Result<String> {
    let mut rows = String::new();
    for equation in equations.iter() {
        let Equation { code, rests_on, cites, .. } = equation;
        let mut statuses: Vec<_> =
            equation.outcomes.iter().map(|o| o.status.name()).collect();
        statuses.dedup();
        let links = |ids: &[String]| {
            let links = equations.named(ids).map(|other| link(other, up));
            links.collect::<Vec<_>>().join(", ")
        };
        let code: Result<Vec<_>> =
            code.iter().map(|path| api.item(path, up)).collect();
        writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            link(equation, up),
            statuses.join(", "),
            code?.join("<br>"),
            links(rests_on),
            links(cites),
        )?;
    }
    let headings = ["Equation", "Shown", "As code", "Rests on", "From"];
    Ok(table(&headings, &rows))
}

/// Returns a quotation from the notes: a line number and the words, with `…` between
/// pieces of the line.
///
/// # Errors
/// If the words do not stand there.
pub(crate) fn note(manuscript: &Manuscript, argument: &str) -> Result<String> {
    let parsed = argument.split_once(' ').and_then(|(line, words)| {
        Some((line.parse::<usize>().ok()?, words.trim().trim_matches('"')))
    });
    let (number, words) = parsed
        .ok_or_else(|| anyhow!("which words? Say a line and \"words\""))?;
    let text = read(&manuscript.root.join("book/notes.md"))?;
    let line = text.lines().nth(number.wrapping_sub(1)).unwrap_or_default();
    let mut rest = line;
    for piece in words.split('…').map(str::trim) {
        let Some((_, after)) = rest.split_once(piece) else {
            bail!("line {number} of the notes does not say {piece:?}");
        };
        rest = after;
    }
    Ok(format!("> {}\n>\n> (line {number})\n", escaped(words)))
}

/// Returns the text of the notes that the book grew out of, and its report.
///
/// # Errors
/// If the notes are not as they are marked, or a file of theirs is missing.
///
/// ```
/// let (text, report) = press::check_notes("../..".as_ref())?;
/// assert!(text.starts_with('#') && report.is_good());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn check_notes(root: &Path) -> Result<(String, Report)> {
    let read = |name| read(&root.join("book").join(name));
    let (text, notation, marks) = (
        read("notes.md")?,
        read("notes.notation.toml")?,
        read("notes.marks.toml")?,
    );
    let notation = Notation::read(&notation)
        .map_err(|_| anyhow!("the notation of the notes is wrong"))?;
    let marks = Marks::read(&marks)
        .map_err(|_| anyhow!("the marks of the notes are wrong"))?;
    let report = proofread::check("notes.md", &text, &notation, &marks);
    if !report.is_good() {
        bail!("the notes are not as they are marked");
    }
    Ok((text, report))
}

/// Returns a table of the notes that the book grew out of: each relation and
/// its outcome.
pub(crate) fn notes(manuscript: &Manuscript) -> Result<String> {
    let (text, report) = check_notes(&manuscript.root)?;
    let mut rows = String::new();
    for outcome in &report.outcomes {
        let (line, _) = line_column(&text, outcome.span.start);
        let (name, how) = (outcome.status.name(), in_words(outcome));
        let formula = readable_relation(outcome);
        writeln!(
            rows,
            "<tr><td>{line}</td><td>{formula}</td>\
             <td class=\"evidence\"><strong class=\"{name}\">{name}</strong>\
             {how}</td></tr>"
        )?;
    }
    let found = table(&["Line", "Relation", "What was found"], &rows);
    Ok(format!("{}.\n\n{found}", report.totals()))
}

/// Escapes a text for HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Returns a table with headings and rows.
fn table(headings: &[&str], rows: &str) -> String {
    let headings = headings.join("</th><th>");
    wide(
        "Table",
        &format!(
            "<table><thead><tr><th>{headings}</th></tr></thead><tbody>\n{rows}</tbody>\
             </table>"
        ),
    )
}

/// Returns a scrollable region for content that may be wider than the page.
pub(crate) fn wide(label: &str, inner: &str) -> String {
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" \
         aria-label=\"{label}\">{inner}</div>\n"
    )
}
