//! The mdBook preprocessor, which makes a book ready to be rendered.

use crate::api::Api;
use crate::directives::expand;
use crate::display::display;
use crate::equations::Equations;
use crate::manuscript::{Manuscript, Section};
use crate::notebooks;
use crate::tally::{Tally, same};
use crate::web::Modules;
use anyhow::{Context, Result, bail};
use live::{counted, typeset};
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

/// Checks and typesets the mathematics of a book, inserts code and draws
/// figures.
///
/// ```no_run
/// let mut book = mdbook_driver::MDBook::load("book")?;
/// book.with_preprocessor(press::Press::default());
/// book.build()?;
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Press {
    /// The documentation that pages link to.
    pub api: Api,
    /// True if the site contains the notebook files.
    pub downloads: bool,
    /// The modules that the site contains, with which readers edit displays.
    pub modules: Option<Modules>,
    /// The number of formulas on each page.
    pub tally: Tally,
}

impl Preprocessor for Press {
    fn name(&self) -> &'static str {
        "press"
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> Result<Book> {
        let mut book = book;
        notebooks::bind_in(&root(&context.root)?, &mut book)?;
        let manuscript = Manuscript::read(&context.root, &book)?;
        refuse_what_is_wrong(&manuscript)?;
        if let Some(modules) = &self.modules {
            modules.keep(&manuscript);
        }
        let mut pages = ready(&manuscript, self)?;
        book.for_each_chapter_mut(|chapter| {
            let page = chapter.path.as_ref().and_then(|p| pages.remove(p));
            if let Some(page) = page {
                chapter.content = page;
            }
        });
        Ok(book)
    }
}

/// Reads and checks the book in a folder without printing it.
///
/// # Errors
/// If the book cannot be read, or a directive or a link refers to something
/// missing. Errors in the mathematics are in the manuscript.
///
/// ```
/// let manuscript = press::check("..".as_ref())?; // this book
/// assert!(manuscript.complaints().is_empty());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn check(folder: &Path) -> Result<Manuscript> {
    let mut book = MDBook::load(folder)
        .with_context(|| format!("no book in {}", folder.display()))?;
    notebooks::bind_in(&root(folder)?, &mut book.book)?;
    let manuscript = Manuscript::read(folder, &book.book)?;
    if manuscript.complaints().is_empty() {
        ready(&manuscript, &Press::default())?;
    }
    Ok(manuscript)
}

/// Returns the folder of the project that contains a book.
///
/// # Errors
/// If the book's folder does not exist.
///
/// ```
/// assert!(press::root("..".as_ref())?.join("Cargo.toml").exists());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn root(folder: &Path) -> Result<PathBuf> {
    let folder = folder
        .canonicalize()
        .with_context(|| format!("no book in {}", folder.display()))?;
    Ok(folder.parent().unwrap_or(&folder).to_owned())
}

/// Refuses to print a book with any error.
fn refuse_what_is_wrong(manuscript: &Manuscript) -> Result<()> {
    let complaints = manuscript.complaints();
    if complaints.is_empty() {
        return Ok(());
    }
    bail!("{}\nthe book is not printed", complaints.join("\n"))
}

/// The LaTeX length in bytes below which a formula stays on one line with the
/// punctuation after it.
const SHORT: usize = 30;

/// Makes all chapters ready for Markdown, each in a thread of its own, and
/// counts their formulas. Returns the chapters by their files.
fn ready(
    manuscript: &Manuscript,
    press: &Press,
) -> Result<BTreeMap<PathBuf, String>> {
    let equations = Equations::of(manuscript);
    let page = |section| -> Result<String> {
        let (content, typeset) =
            counted(|| printed(section, manuscript, &equations, press));
        let content = content?;
        press.tally.add(section, &content, typeset)?;
        Ok(content)
    };
    let page = &page;
    thread::scope(|scope| {
        let sections = manuscript.sections.iter();
        let pages = sections.map(|s| (s, scope.spawn(move || page(s))));
        let pages: Vec<_> = pages.collect();
        let joined = pages.into_iter().map(|(section, page)| {
            let page = page.join().unwrap_or_else(|_| bail!("it panicked"));
            let page = page.with_context(|| section.path.display().to_string());
            Ok((section.path.clone(), page?))
        });
        joined.collect()
    })
}

/// Makes a chapter ready for Markdown.
fn printed(
    section: &Section,
    manuscript: &Manuscript,
    equations: &Equations,
    press: &Press,
) -> Result<String> {
    let up = "../".repeat(section.path.components().count() - 1);
    let mut content = String::new();
    let mut at = section.range.start;
    let mut found = vec![];
    for fragment in &manuscript.fragments {
        let extent = fragment.extent;
        if !section.range.contains(&extent.start) {
            continue;
        }
        found.push(extent);
        // A formula in the prose of a display is typeset with the display.
        if extent.start < at {
            continue;
        }
        let between = &manuscript.text[at..extent.start];
        without_formulas(between)?;
        content.push_str(&expand(between, manuscript, equations, press, &up)?);
        if fragment.display {
            let id = fragment.id.as_deref();
            let equation = id.and_then(|id| equations.get(id));
            let equation = equation.context("a display without an id")?;
            let html = display(equation, equations, press, &up)?;
            content.extend(["\n", &html, "\n\n"]);
        } else {
            let html = typeset(&fragment.latex, false)?;
            // Punctuation stays on the line of the formula that it ends.
            let stop = manuscript.text[extent.end..]
                .chars()
                .next()
                .filter(|c| ".,;:?!)".contains(*c));
            if let (Some(stop), true) = (stop, fragment.latex.len() < SHORT) {
                content.push_str("<span class=\"together\">");
                content.push_str(&html);
                content.push(stop);
                content.push_str("</span>");
                at = extent.end + stop.len_utf8();
                continue;
            }
            content.push_str(&html);
        }
        at = extent.end;
    }
    same(section, manuscript, &found)?;
    let rest = &manuscript.text[at..section.range.end];
    without_formulas(rest)?;
    content.push_str(&expand(rest, manuscript, equations, press, &up)?);
    if let Some(line) = notebooks::offer(section, manuscript, press) {
        content.extend(["\n\n", &line]);
    }
    Ok(content)
}

/// Checks that a text contains no unchecked mathematics as HTML.
fn without_formulas(text: &str) -> Result<()> {
    for sign in ["<math", "class=\"katex", "class='katex"] {
        anyhow::ensure!(
            !text.contains(sign),
            "a formula written as HTML, {sign} …, is not checked; write it \
             as LaTeX"
        );
    }
    Ok(())
}
