//! Signs in prose that change what a formula beside them says: `$1 = 1$ + 2`.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `before` | factors, signs and words before a formula |
//! | `behind` | operators and powers behind a formula, and formulas that go on |
//! | `denials` | words that deny a formula |
//! | `signs` | signs of operators |

mod before;
mod behind;
mod denials;
mod signs;

use super::beside;
use super::found::{Form, Found, Source};
use super::lead::Place;
use super::reach::commands;
use super::stripped::Stripped;
use crate::read::is_relation;
use crate::span::Span;
use before::before;
use behind::{behind, goes_on, is_continuation, is_plain};
use signs::is_operator;

impl Found {
    /// Reports an operator beside a formula that claims something.
    pub(super) fn operators_beside(&mut self, source: &Source, place: Place) {
        let text = source.text.text();
        let inner = &text[source.inner.clone()];
        self.going_on(source, place);
        if !claims(inner) {
            if source.form != Form::Inline && is_continuation(inner) {
                self.operator(
                    source.text,
                    source.inner.start,
                    source.inner.end,
                );
            }
            return;
        }
        let (start, end) = (source.outer.start, source.outer.end);
        let number = source.form == Form::Inline
            && inner.ends_with(|c: char| c.is_ascii_digit());
        if let Some(length) = behind(&text[end..], number, self.shares) {
            self.operator(source.text, end, end + length);
        }
        if let Some(length) = before(&text[..start]) {
            self.operator(source.text, start - length, start);
        }
    }

    /// Reports an operator between a formula that claims something and this formula, or
    /// at the start of this formula. A text is read line by line, so the claim may not
    /// have seen it.
    fn going_on(&mut self, source: &Source, place: Place) {
        let (text, start) = (source.text.text(), source.outer.start);
        let last = self.fragments.last();
        if place.begins || !last.is_some_and(|last| claims(&last.latex)) {
            return;
        }
        let gap = place.gap;
        let rest = beside::behind_space(gap, '\0');
        let at = start - rest.len();
        let Some(sign) = rest.chars().next() else {
            if is_plain(gap) && goes_on(&text[start..]) {
                self.operator(source.text, start, start + 1);
            }
            return;
        };
        let behind = beside::behind_space(&rest[sign.len_utf8()..], '\0');
        let is_list = gap.contains('\n') && sign == '+';
        if is_operator(sign) && behind.is_empty() && !is_list {
            self.operator(source.text, at, at + sign.len_utf8());
        }
    }

    fn operator(&mut self, text: &Stripped, start: usize, end: usize) {
        let message = "this changes what the formula beside it says, and is in \
                       no formula";
        let hint = "write one formula, such as $a = b + 1$";
        let span = text.span(start, end);
        let apart =
            |last: Span| last.end <= span.start || span.end <= last.start;
        if self.problems.last().is_none_or(|last| apart(last.span)) {
            self.problem(span, message, hint);
        }
    }
}

/// Returns whether a formula has a relation.
fn claims(inner: &str) -> bool {
    inner.contains(beside::is_relation) || commands(inner).any(is_relation)
}
