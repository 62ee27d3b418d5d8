//! The notebooks as pages of the book: their cells and the outputs of their
//! last execution. Their formulas are checked like all others.

use crate::manuscript::{Section, read};
use crate::pages::{escaped, wide};
use crate::{Manuscript, Press};
use anyhow::{Context, Result, bail};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the notebooks, in the project and in the site.
const FOLDER: &str = "notebooks";

/// Returns the sorted notebook files of a project, which may have none.
fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join(FOLDER);
    if !folder.exists() {
        return Ok(vec![]);
    }
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        paths.filter(|p| p.extension().is_some_and(|e| e == "ipynb")).collect();
    files.sort();
    Ok(files)
}

/// Adds a page for each notebook at the end of a book.
///
/// # Errors
/// If a notebook cannot be read or has no title.
pub(crate) fn bind_in(root: &Path, book: &mut Book) -> Result<()> {
    for file in files(root)? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let content = markdown(&name, &notebook(&file)?);
        let title = content
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .with_context(|| format!("{name} has no title"))?
            .to_owned();
        let path = format!("{FOLDER}/{name}.md");
        let page = Chapter::new(&title, content, path, vec![]);
        book.items.push(BookItem::Chapter(page));
    }
    Ok(())
}

/// Copies the notebook files into a site, for download.
///
/// # Errors
/// If a file cannot be copied.
pub fn copy_notebooks(root: &Path, site: &Path) -> Result<()> {
    let folder = site.join(FOLDER);
    fs_err::create_dir_all(&folder)?;
    for file in files(root)? {
        let copy = folder.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &copy)
            .with_context(|| format!("cannot write {}", copy.display()))?;
    }
    Ok(())
}

fn notebook(path: &Path) -> Result<Value> {
    serde_json::from_str(&read(path)?)
        .with_context(|| format!("{} is no notebook", path.display()))
}

/// Returns a text that a notebook stores whole or as a list of lines.
fn text(value: &Value) -> String {
    match value {
        Value::Array(lines) => lines.iter().map(text).collect(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

/// Returns the cells as Markdown. A directive, `{{#output name cell}}`,
/// replaces each output, so that no formula is searched for in the output.
fn markdown(name: &str, notebook: &Value) -> String {
    let mut page = String::new();
    let cells = notebook["cells"].as_array().into_iter().flatten();
    for (i, cell) in cells.enumerate() {
        let source = text(&cell["source"]);
        // Writing to a string cannot fail.
        let _ = if cell["cell_type"] == "code" {
            write!(page, "```rust\n{source}\n```\n\n{{{{#output {name} {i}}}}}")
        } else if i == 0 {
            // A link to the file goes below the title.
            let (title, rest) =
                source.split_once('\n').unwrap_or((&source, ""));
            write!(page, "{title}\n\n{{{{#notebook {name}}}}}\n{rest}")
        } else {
            write!(page, "{source}")
        };
        page.push_str("\n\n");
    }
    page
}

/// Returns the outputs of a cell as HTML.
///
/// # Errors
/// If there is no such cell, or an output is of an unknown kind.
pub(crate) fn output(root: &Path, argument: &str) -> Result<String> {
    let (name, cell) = argument.split_once(' ').context("which cell?")?;
    let file = root.join(FOLDER).join(name).with_extension("ipynb");
    let notebook = notebook(&file)?;
    let cell = &notebook["cells"][cell.parse::<usize>()?];
    if cell["execution_count"].is_null() {
        bail!("{name} was not executed: run `cargo notebooks update`");
    }
    let outputs = cell["outputs"].as_array().context("no outputs")?;
    let all: Result<String> = outputs.iter().map(shown).collect();
    Ok(format!("<div class=\"output\">{}</div>\n", all?))
}

fn shown(output: &Value) -> Result<String> {
    let plain = |text: &str| {
        format!("<pre tabindex=\"0\"><samp>{}</samp></pre>", escaped(text))
    };
    if output["output_type"] == "stream" {
        return Ok(plain(&text(&output["text"])));
    }
    let of = |kind: &str| {
        let data = output["data"].get(kind);
        data.map(text)
    };
    if let Some(svg) = of("image/svg+xml") {
        return live::element(&svg, "");
    }
    if let Some(png) = of("image/png") {
        let png = png.replace('\n', "");
        let alt = "What the cell above has drawn";
        return Ok(live::picture_element(&png, alt, ""));
    }
    if let Some(html) = of("text/html") {
        return Ok(wide("Table", &html));
    }
    let other = of("text/plain").context("an output of an unknown kind")?;
    Ok(plain(&other))
}

/// Returns the lines below a notebook's title: links to its chapter and file.
///
/// # Errors
/// If no chapter has the notebook's number.
pub(crate) fn head(
    name: &str,
    manuscript: &Manuscript,
    press: &Press,
) -> Result<String> {
    let chapter = manuscript.sections.iter().find(|s| belongs(name, s));
    let chapter = chapter.with_context(|| format!("{name} has no chapter"))?;
    let page = chapter.path.with_extension("html");
    let page = page.display();
    Ok(format!(
        "<p class=\"notebook\">The notebook of \
         <a href=\"../{page}\">this chapter</a>, as it was executed{}.</p>\n",
        download(name, "", press)
    ))
}

/// Returns the link at the end of a chapter to its notebook, if it has one.
pub(crate) fn offer(
    section: &Section,
    manuscript: &Manuscript,
    press: &Press,
) -> Option<String> {
    let stem = |s: &Section| Some(s.path.file_stem()?.to_str()?.to_owned());
    let mut pages =
        manuscript.sections.iter().filter(|s| s.path.starts_with(FOLDER));
    let name = pages.find_map(|s| stem(s).filter(|n| belongs(n, section)))?;
    Some(format!(
        "<p class=\"notebook\">Try it: the notebook of this chapter, \
         <a href=\"{FOLDER}/{name}.html\">as it was executed</a>{}.</p>\n",
        download(&name, &format!("{FOLDER}/"), press)
    ))
}

fn download(name: &str, folder: &str, press: &Press) -> String {
    if !press.downloads {
        return String::new();
    }
    format!(
        ", or <a href=\"{folder}{name}.ipynb\" download>to download</a> into \
         the project's folder <code>{FOLDER}</code>"
    )
}

/// Checks whether a notebook, such as `04-closed-form`, belongs to a chapter,
/// here `4.`.
fn belongs(name: &str, chapter: &Section) -> bool {
    let number =
        |text: &str| text.split(['-', '.']).next()?.parse::<u32>().ok();
    let of_chapter = chapter.number.as_deref().and_then(number);
    of_chapter.is_some() && of_chapter == number(name)
}
