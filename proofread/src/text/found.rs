//! Formulas and problems that are found in a text.

use super::defining::{Defining, Rule};
use super::latex::Reader;
use super::macros::Macros;
use super::spell::is_for_katex;
use super::stripped::Stripped;
use super::{Fragment, spell, tex};
use crate::span::{Problem, Span};
use std::ops::Range;

/// The formulas and problems that are found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) fragments: Vec<Fragment>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// The macros that hold at the current position.
    pub(super) macros: Macros,
    /// The end of the last formula so far.
    pub(super) reached: usize,
    /// True if a definition in a formula holds behind it, as in `MathJax`.
    pub(super) shares: bool,
}

/// The form in which a formula is typeset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Inline,
    Display,
    /// A display whose body is the rows of an environment.
    Rows,
}

/// A formula in a text.
#[derive(Clone, Debug)]
pub(super) struct Source<'a> {
    pub(super) text: &'a Stripped<'a>,
    /// The range between the delimiters.
    pub(super) inner: Range<usize>,
    /// The range with the delimiters, and with the id behind them.
    pub(super) outer: Range<usize>,
    pub(super) form: Form,
    /// True if `\|` is a bar, as in a table.
    pub(super) table: bool,
    /// True if the backslash of `\_` is an escape of Markdown.
    pub(super) escaped: bool,
    pub(super) id: Option<String>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        text: &'a Stripped<'a>,
        inner: Range<usize>,
        outer: Range<usize>,
        form: Form,
    ) -> Self {
        let (table, escaped, id) = (false, false, None);
        Self { text, inner, outer, form, table, escaped, id }
    }
}

impl Found {
    /// Adds a problem.
    pub(super) fn problem(&mut self, span: Span, message: &str, hint: &str) {
        let problem = Problem::new(span, message);
        self.problems.push(match hint {
            "" => problem,
            hint => problem.hint(hint),
        });
    }

    /// Adds a formula, its definitions, and the formulas in its prose.
    pub(super) fn formula(&mut self, source: Source) {
        self.relations_beside(&source);
        let place = self.place(&source);
        self.operators_beside(&source, place);
        let extent = source.text.span(source.outer.start, source.outer.end);
        let inner = source.inner.clone();
        let made = match spell::ours(source.text, inner, &self.macros) {
            Ok(made) => made,
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        };
        let source = match &made {
            Some(made) => {
                Source { text: made, inner: 0..made.text().len(), ..source }
            }
            None => source,
        };
        let text = source.text;
        let inner = source.inner.clone();
        let (start, end) = (text.place(inner.start), text.place(inner.end));
        let mut fragment = Fragment::new(source.form != Form::Inline);
        fragment.lead = place.lead;
        (fragment.begins, fragment.sentence) = (place.begins, place.sentence);
        if source.form == Form::Rows {
            fragment.insert("\\begin{aligned}", Span::new(start, start));
        }
        let mut reader = Reader::new(source, fragment, self);
        reader.all();
        let Reader { mut fragment, source, says, defines, prose, .. } = reader;
        if source.form == Form::Rows {
            fragment.insert("\\end{aligned}", Span::new(end, end));
        }
        let label = fragment.labels.first().map(|(_, name)| name.clone());
        fragment.id = source.id.or(label);
        // A formula that only defines macros shows nothing.
        if says || defines.is_empty() {
            let odd = |(d, _): &(Defining, bool)| !is_for_katex(&d.meaning);
            if defines.iter().any(odd) {
                self.problems.push(spell::local(extent));
            }
            self.add(fragment.end(end, extent), &defines);
        }
        for (defining, within) in &defines {
            self.behind(defining, *within, extent);
        }
        for range in prose {
            tex::within(text.part(range), self);
        }
    }

    /// Adds a formula with the macros that it needs.
    fn add(&mut self, mut fragment: Fragment, defines: &[(Defining, bool)]) {
        // KaTeX accepts a \newcommand only for a new name.
        let own = |name: &str| {
            self.shares
                && defines.iter().any(|(defining, _)| {
                    defining.name == name && defining.rule == Rule::New
                })
        };
        let (preamble, refused) = self.macros.preamble(&fragment.latex, own);
        fragment.preamble = preamble;
        for (name, why) in refused {
            // The name may come from the body of another macro.
            let place = fragment.latex.find(&name);
            let span = match place {
                Some(at) => fragment.in_file(Span::new(at, at + name.len())),
                None => fragment.extent,
            };
            self.problem(span, &format!("{name} {why}"), "");
        }
        // The call of a macro may end one formula and open the next.
        let extent = &mut fragment.extent;
        if extent.end > self.reached {
            extent.start = extent.start.max(self.reached);
            self.reached = extent.end;
        }
        self.fragments.push(fragment);
    }

    /// Applies a definition in a formula to the text behind the formula.
    fn behind(&mut self, defining: &Defining, within: bool, extent: Span) {
        if !self.shares {
            // A formula is a group.
            if defining.global {
                self.define(defining, extent);
            }
            return;
        }
        if within && !defining.global {
            let message = format!(
                "{} is defined within a group of a formula: MathJax and \
                 KaTeX differ in where it holds",
                defining.name
            );
            let hint = "define it outside of the group, or with \\gdef";
            self.problem(extent, &message, hint);
        }
        self.define(defining, extent);
    }

    /// Adds a definition at `span`.
    pub(super) fn define(&mut self, defining: &Defining, span: Span) {
        if let Some(message) = self.macros.define(defining, self.shares) {
            let hint = "write \\renewcommand, or another name";
            self.problem(span, &message, hint);
        }
    }
}
