//! Calls of `KaTeX`, the LaTeX parser.

use super::circles;
use crate::span::{Problem, Result, Span};
use katex::macro_expander::MacroMap;
use katex::macros::builtins::BUILTIN_MACROS;
use katex::parser::parse_node::AnyParseNode as Node;
use katex::types::{Mode, OutputFormat, ParseError, SourceLocation};
use katex::{KatexContext, Settings};
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;

/// The maximal length of a formula in bytes; a longer formula is a mistake.
const LONGEST: usize = 20_000;
/// The maximal nesting depth of brackets and commands.
pub(super) const DEEPEST: usize = 60;

thread_local! {
    static CONTEXT: KatexContext = KatexContext::default();
    /// The preamble that was read last, and its macros.
    static PREAMBLE: RefCell<(String, MacroMap)> = RefCell::default();
}

/// Returns the tree of a formula, and the names of its preamble's macros.
pub(super) fn parse(
    preamble: &str,
    latex: &str,
    display: bool,
) -> Result<(Vec<Node>, Vec<String>)> {
    circles::check(preamble, latex)?;
    let macros = macros(preamble)?;
    let names = macros.keys().cloned().collect();
    let settings =
        Settings::builder().display_mode(display).macros(macros).build();
    let nodes = call(latex, |context| katex::parse(context, latex, &settings))?;
    Ok((nodes, names))
}

/// Renders a formula as `MathML`.
pub(super) fn mathml(
    preamble: &str,
    latex: &str,
    display: bool,
) -> Result<String> {
    circles::check(preamble, latex)?;
    let settings = Settings::builder()
        .display_mode(display)
        .macros(macros(preamble)?)
        .output(OutputFormat::Mathml)
        .build();
    call(latex, |context| katex::render_to_string(context, latex, &settings))
}

/// Calls `KaTeX` with a formula.
fn call<T>(
    latex: &str,
    with: impl FnOnce(&KatexContext) -> std::result::Result<T, ParseError>,
) -> Result<T> {
    let whole = Span::new(0, latex.len());
    if latex.len() > LONGEST {
        let message = format!("a formula of more than {LONGEST} bytes");
        return Err(Problem::new(whole, message).hint("split it"));
    }
    if let Some(start) = latex.find("\\verb") {
        let span = Span::new(start, start + 5);
        return Err(Problem::new(span, "\\verb has no meaning here"));
    }
    check_depth(latex)?;
    // A panic in `KaTeX` must not stop this program.
    let done =
        std::panic::catch_unwind(AssertUnwindSafe(|| CONTEXT.with(with)));
    match done {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(error)) => {
            let start = error.position().unwrap_or(0).min(latex.len());
            let end = start + error.length().unwrap_or(0);
            let span = Span::new(start, end.clamp(start, latex.len()));
            let why = error.kind.to_string();
            let why = why.replace("got 'EOF'", "found the end");
            let message = format!("this LaTeX cannot be read: {why}");
            Err(Problem::new(span, message))
        }
        Err(_) => {
            let message = "the LaTeX parser failed on this formula";
            Err(Problem::new(whole, message))
        }
    }
}

/// Returns whether `KaTeX` has a macro of that name, which LaTeX may lack.
pub(crate) fn is_katex_macro(name: &str) -> bool {
    BUILTIN_MACROS.contains_key(name)
}

/// Returns whether LaTeX has a command of that name, according to `KaTeX`.
pub(crate) fn is_command(name: &str) -> bool {
    CONTEXT.with(|context| {
        context.functions.contains_key(name)
            || context.symbols.contains(Mode::Math, name)
            || context.symbols.contains(Mode::Text, name)
    })
}

/// Returns the macros that a preamble defines.
fn macros(preamble: &str) -> Result<MacroMap> {
    if preamble.trim().is_empty() {
        return Ok(MacroMap::default());
    }
    let known = PREAMBLE.with_borrow(|(text, macros)| {
        (text == preamble).then(|| macros.clone())
    });
    if let Some(macros) = known {
        return Ok(macros);
    }
    let parsed = std::panic::catch_unwind(|| {
        let settings = Settings::builder().global_group(true).build();
        let parsed =
            CONTEXT.with(|context| katex::parse(context, preamble, &settings));
        parsed.map(|_| settings.macros.into_inner())
    });
    let bad = |message: &str| {
        let message = format!("the macros of the preamble: {message}");
        Problem::new(Span::default(), message)
    };
    let macros = match parsed {
        Ok(Ok(macros)) => macros,
        Ok(Err(error)) => return Err(bad(&error.to_string())),
        Err(_) => return Err(bad("the LaTeX parser failed on them")),
    };
    PREAMBLE.set((preamble.to_owned(), macros.clone()));
    Ok(macros)
}

/// Refuses a formula that nests too deep for a recursive parser.
fn check_depth(latex: &str) -> Result<()> {
    let (mut depth, mut commands) = (0_usize, 0_usize);
    let mut in_command = false;
    for (i, c) in latex.char_indices() {
        match c {
            // Commands in a row may take each other as arguments.
            '\\' => {
                in_command = true;
                commands += 1;
                continue;
            }
            c if in_command && c.is_ascii_alphabetic() => continue,
            '{' | '[' | '(' if !in_command => depth += 1,
            '}' | ']' | ')' if !in_command => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !in_command && !c.is_whitespace() && c != '{' {
            commands = 0;
        }
        in_command = false;
        if depth > DEEPEST || commands > 2 * DEEPEST {
            let span = Span::new(i, i + c.len_utf8());
            return Err(Problem::new(span, "the formula nests too deep"));
        }
    }
    Ok(())
}

/// The locations of leaves.
pub(super) struct Places<'a> {
    pub(super) latex: &'a str,
    /// The end of the last leaf, for nodes without a location.
    pub(super) last: usize,
    /// The names of the macros of the preamble.
    pub(super) macros: Vec<String>,
}

impl Places<'_> {
    /// Returns the span of the next leaf. A leaf from a macro has the span of
    /// the macro call, or an empty span behind the last leaf.
    pub(super) fn leaf(&mut self, location: Option<&SourceLocation>) -> Span {
        let here = match location {
            Some(location) if *location.input == *self.latex => location,
            _ => return self.call(),
        };
        // KaTeX counts the blanks behind a command as part of the command.
        let text = &self.latex[here.start..here.end];
        let end = here.start + text.trim_end().len();
        self.last = end;
        Span::new(here.start, end)
    }

    /// Skips a space, if it has a location.
    pub(super) fn pass(&mut self, location: Option<&SourceLocation>) {
        if let Some(location) = location
            && *location.input == *self.latex
        {
            self.leaf(Some(location));
        }
    }

    /// Returns the span of the macro call behind the last leaf.
    fn call(&mut self) -> Span {
        let here = Span::new(self.last, self.last);
        let rest = self.latex.get(self.last..).unwrap_or("");
        let skipped =
            rest.len() - rest.trim_start_matches([' ', '{', '\n', '&']).len();
        let rest = &rest[skipped..];
        let Some(name) = rest.strip_prefix('\\') else { return here };
        let length =
            name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
        let name = &rest[..=length];
        let known = self.macros.iter().any(|known| known == name)
            || BUILTIN_MACROS.contains_key(name);
        if !known {
            return here;
        }
        let start = self.last + skipped;
        self.last = start + name.len();
        Span::new(start, self.last)
    }
}
