//! All that is found in a text.

use super::latex::Reader;
use super::macros::Definition;
use super::stripped::Stripped;
use super::{Fragment, dollars};
use crate::span::{Problem, Span};
use std::ops::Range;

/// All that is found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) fragments: Vec<Fragment>,
    pub(super) problems: Vec<Problem>,
    pub(super) definitions: Vec<Definition>,
}

/// How a formula is typeset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Inline,
    Display,
    /// A display whose body is the rows of an environment.
    Rows,
}

/// A formula as it stands in a text.
#[derive(Clone, Debug)]
pub(super) struct Source<'a> {
    pub(super) text: &'a Stripped<'a>,
    /// What stands between the delimiters.
    pub(super) inner: Range<usize>,
    /// The same with the delimiters, and with the id behind them.
    pub(super) outer: Range<usize>,
    pub(super) form: Form,
    /// Whether `\|` is a bar, as in a table.
    pub(super) table: bool,
    /// Whether the backslash of `\_` is one for Markdown.
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

    /// Adds a formula, and what its text says beside it.
    pub(super) fn formula(&mut self, source: Source) {
        let text = source.text;
        let (inner, outer) = (source.inner.clone(), source.outer.clone());
        let (start, end) = (text.place(inner.start), text.place(inner.end));
        let mut fragment = Fragment::new(source.form != Form::Inline);
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
        let extent = text.span(outer.start, outer.end);
        // A formula that only defines macros shows nothing.
        if says || !defines {
            self.fragments.push(fragment.end(end, extent));
        }
        for range in prose {
            self.within(text, range);
        }
    }

    /// Adds the inline formulas of prose that stands between the rows of a
    /// display.
    fn within(&mut self, text: &Stripped, range: Range<usize>) {
        let mut at = range.start;
        while let Some(i) = text.text()[at..range.end].find('$') {
            let start = at + i + 1;
            let rest = &text.text()[start..range.end];
            let Some(length) = dollars::close(rest, "$", true) else {
                return;
            };
            let inner = start..start + length;
            let outer = start - 1..inner.end + 1;
            at = outer.end;
            self.formula(Source::new(text, inner, outer, Form::Inline));
        }
    }
}
