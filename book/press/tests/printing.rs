//! Small books: what is right is printed, and what is wrong is refused with its
//! place.

use mdbook_driver::MDBook;
use press::Press;
use std::fs;
use std::path::Path;

const NOTATION: &str = r"
[symbols]
a = { kind = 'scalar', in = '(0, oo)' }
b = { kind = 'scalar', in = '(0, oo)' }
";

const GOOD: &str = r"# One

Say $a + b = b + a$, and

```math {#eq-square}
(a + b)^2 = a^2 + 2 a b + b^2
```

or ~ in {@eq-square}, and `{@code}` is none.

{{#code src.rs:one}}
";

/// A book with one chapter, a table, and notes.
fn book(folder: &Path, chapter: &str) -> anyhow::Result<String> {
    let root = folder.join("book");
    fs::create_dir_all(root.join("src"))?;
    fs::write(folder.join("src.rs"), "fn one() -> u8 {\n    1\n}\n")?;
    fs::write(root.join("book.toml"), "[book]\ntitle = 'Test'\n")?;
    fs::write(root.join("notation.toml"), NOTATION)?;
    fs::write(root.join("notes.md"), "one\nA line of the notes.\n")?;
    fs::write(root.join("src/table.md"), "| a |\n| --- |\n| 7 |\n")?;
    fs::write(root.join("src/SUMMARY.md"), "- [One](one.md)\n")?;
    fs::write(root.join("src/one.md"), chapter)?;
    let mut book = MDBook::load(&root)?;
    book.with_preprocessor(Press::default());
    book.build()?;
    Ok(fs::read_to_string(root.join("book/one.html"))?)
}

fn printed(chapter: &str) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    book(folder.path(), chapter)
}

fn refused(chapter: &str) -> String {
    format!("{:#}", printed(chapter).unwrap_err())
}

#[test]
fn a_page_has_its_formulas_marks_and_code() {
    let page = printed(GOOD).unwrap();
    for part in [
        "id=\"eq-square\"",
        ">(1.1)<",
        "class=\"mark exact\"",
        "shown by algebra",
        "href=\"one.html#eq-square\"",
        "fn one() -&gt; u8",
        "<math",
        "<code>{@code}</code>",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert!(!page.contains('$'), "no formula is left over");
}

#[test]
fn tables_terms_and_quotations_are_printed() {
    let page = printed(
        "# One\n\nA **path** leads on. **No term.**\n\n{{#table table.md}}\n\n\
         {{#note 2 \"A line … notes\"}}\n\n{{#terms}}\n",
    );
    let page = page.unwrap();
    for part in [
        "<dfn id=\"term-path\">path</dfn>",
        "<strong>No term.</strong>",
        "<td>7</td>",
        "A line … notes",
        "href=\"one.html#term-path\"",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    for (chapter, why) in [
        ("{{#table none.md}}", "cannot read"),
        ("{{#note 2 \"A word\"}}", "line 2 of the notes does not say"),
        ("{{#note 9 \"A line\"}}", "line 9 of the notes does not say"),
        ("{{#note A line}}", "which words?"),
        ("**path** **Path**\n\n{{#terms}}", "introduced twice"),
    ] {
        let said = refused(&format!("# One\n\n{chapter}\n"));
        assert!(said.contains(why), "{chapter}: {said}");
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    let false_line = GOOD.replace("2 a b", "a b");
    let said = refused(&false_line);
    assert!(said.contains("book/src/one.md:6:13"), "{said}");
    assert!(said.contains("the left side is "), "{said}");
    for (good, bad, why) in [
        ("{@eq-square}", "{@eq-none}", "no equation has the id eq-none"),
        ("src.rs:one", "src.rs:two", "src.rs has no function two"),
        ("src.rs:one", "lost.rs:one", "cannot read"),
        ("{{#code src.rs:one}}", "{{#figure lost \"A.\"}}", "no figure lost"),
        ("{{#code src.rs:one}}", "{{#cod src.rs:one}}", "nothing is known"),
        ("and `{@", "[there](no.md) `{@", "no.md, which is no chapter"),
        (" {#eq-square}", "", "a display without an id"),
        ("$a + b", "$c + b", "unknown symbol c"),
        ("a + b = b + a", "a + b = b", "this relation is false"),
    ] {
        let said = refused(&GOOD.replace(good, bad));
        assert!(said.contains(why), "{bad}: {said}");
    }
}

/// A notebook for the chapter, with one formula and one cell that printed.
fn notebook(formula: &str) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("notebooks"))?;
    let notebook = serde_json::json!({ "cells": [
        { "cell_type": "markdown", "source": ["# 1. One\n", formula] },
        { "cell_type": "code", "source": "println!(\"$a < b$\");",
          "execution_count": 1,
          "outputs": [{ "output_type": "stream", "text": "$a < b$\n" }] },
    ]});
    let path = folder.path().join("notebooks/01-one.ipynb");
    fs::write(path, notebook.to_string())?;
    let chapter = book(folder.path(), GOOD)?;
    assert!(chapter.contains("href=\"notebooks/01-one.html\""), "{chapter}");
    let page = folder.path().join("book/book/notebooks/01-one.html");
    Ok(fs::read_to_string(page)?)
}

#[test]
fn a_notebook_is_a_page_and_its_formulas_are_checked() {
    let page = notebook("$a + b = b + a$").unwrap();
    for part in ["class=\"katex\"", "href=\"../one.html\"", "<samp>$a &lt; b$"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let error = format!("{:#}", notebook("$a + b = b - a$").unwrap_err());
    assert!(error.contains("notebooks/01-one.md"), "{error}");
    assert!(error.contains("false"), "{error}");
}
