//! Formulas as HTML, with `MathML` for screen readers.

use anyhow::{Result, anyhow};
use katex::dom_tree::DomSpan;
use katex::types::OutputFormat;
use katex::{KatexContext, Settings};
use std::cell::Cell;

thread_local! {
    static CONTEXT: KatexContext = KatexContext::default();
    /// The number of formulas typeset so far.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// Returns the result of `f` and the number of formulas that `f` typesets.
///
/// ```
/// let (html, count) = live::counted(|| live::typeset("x_t", false));
/// assert!(html?.contains("<math") && count == 1);
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn counted<T>(f: impl FnOnce() -> T) -> (T, usize) {
    let before = COUNT.get();
    let result = f();
    (result, COUNT.get() - before)
}

/// Returns the HTML of a formula, on one line and safe from Markdown.
///
/// # Errors
/// If `KaTeX` cannot read the formula, which the checker reports first.
///
/// ```
/// assert!(live::typeset(r"\sqrt{\alpha_t}", true)?.contains("<math"));
/// assert!(live::typeset(r"\frac{1}", true).is_err());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn typeset(latex: &str, display: bool) -> Result<String> {
    let settings = settings(display);
    let html = CONTEXT
        .with(|context| katex::render_to_string(context, latex, &settings))
        .map_err(|error| anyhow!("{error}"))?;
    COUNT.set(COUNT.get() + 1);
    Ok(escaped(&html))
}

/// Returns a display as a tree of elements with their heights.
///
/// # Errors
/// If `KaTeX` cannot read the formula, which the checker reports first.
pub(crate) fn tree(latex: &str) -> Result<DomSpan> {
    let settings = settings(true);
    CONTEXT
        .with(|context| katex::render_to_html_tree(context, latex, &settings))
        .map_err(|error| anyhow!("{error}"))
}

fn settings(display: bool) -> Settings {
    Settings::builder()
        .display_mode(display)
        .output(OutputFormat::HtmlAndMathml)
        .throw_on_error(true)
        .build()
}

/// Replaces line breaks, and escapes the characters that Markdown interprets.
fn escaped(html: &str) -> String {
    let mut safe = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        match c {
            '\n' => safe.push(' '),
            '*' | '_' | '~' | '`' | '[' | ']' | '\\' | '|' | '$' | '{'
            | '}'
                if !in_tag =>
            {
                safe.extend(["&#", &u32::from(c).to_string(), ";"]);
            }
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::typeset;

    #[test]
    fn what_is_typeset_is_safe_from_markdown() {
        let html = typeset(r"\tilde x_t \tilde y_t * [z]", false).unwrap();
        let mut text = String::new();
        let mut in_tag = false;
        for c in html.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => text.push(c),
                _ => {}
            }
        }
        assert!(!text.contains(['\\', '~', '*', '_', '[', '\n']), "{text}");
        assert!(html.contains("<math"), "MathML is there");
        assert!(typeset(r"\frac{1}", true).is_err());
    }
}
