//! The LaTeX of one formula, with the queries that operators need.

use super::tokens::{Kind, Token, tokens};
use crate::notation::Notation;
use crate::span::Span;
use std::ops::Range;

/// A replacement of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) span: Span,
    pub(super) with: String,
}

impl Edit {
    /// Applies this edit to a text.
    pub(super) fn of(&self, text: &str) -> String {
        let mut made = text.to_owned();
        made.replace_range(self.span.start..self.span.end, &self.with);
        made
    }
}

/// The LaTeX of one formula.
pub(super) struct Source<'a> {
    pub(super) latex: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) notation: &'a Notation,
}

/// Commands with one argument: accents, fonts, roots.
pub(super) const ACCENTS: [&str; 8] = [
    "\\bar",
    "\\tilde",
    "\\hat",
    "\\dot",
    "\\vec",
    "\\overline",
    "\\widehat",
    "\\widetilde",
];
pub(super) const FONTS: [&str; 9] = [
    "\\mathbf",
    "\\bm",
    "\\boldsymbol",
    "\\mathrm",
    "\\mathcal",
    "\\mathbb",
    "\\mathsf",
    "\\operatorname",
    "\\mathit",
];
pub(super) const FRACTIONS: [&str; 3] = ["\\frac", "\\tfrac", "\\dfrac"];

impl<'a> Source<'a> {
    pub(super) fn new(latex: &'a str, notation: &'a Notation) -> Self {
        Self { latex, tokens: tokens(latex), notation }
    }

    pub(super) fn text(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |token| token.text)
    }

    pub(super) fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|token| token.kind)
    }

    /// Returns the indices of all tokens of a kind.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = usize> {
        let is = move |i: &usize| self.kind(*i) == Some(kind);
        (0..self.tokens.len()).filter(is)
    }

    /// Returns the indices of all tokens with one of these texts.
    pub(super) fn named<'s>(
        &'s self,
        names: &'s [&str],
    ) -> impl Iterator<Item = usize> + 's {
        let is = move |i: &usize| names.contains(&self.text(*i));
        (0..self.tokens.len()).filter(is)
    }

    /// Returns the span of some tokens.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let end = range.end.saturating_sub(1).max(range.start);
        match (self.tokens.get(range.start), self.tokens.get(end)) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(self.latex.len(), self.latex.len()),
        }
    }

    /// Returns the LaTeX of some tokens.
    pub(super) fn slice(&self, range: &Range<usize>) -> &'a str {
        if range.is_empty() {
            return "";
        }
        let span = self.span(range);
        &self.latex[span.start..span.end]
    }

    /// Replaces some tokens.
    pub(super) fn put(
        &self,
        range: Range<usize>,
        with: impl Into<String>,
    ) -> Edit {
        let mut with = with.into();
        let span = self.span(&range);
        let letters = |c: char| c.is_ascii_alphabetic();
        // A space keeps a command apart from the letter after it.
        if with.ends_with(letters)
            && self.latex[span.end..].starts_with(letters)
        {
            with.push(' ');
        }
        if with.starts_with(letters)
            && self.latex[..span.start].ends_with(letters)
        {
            with.insert(0, ' ');
        }
        Edit { span, with }
    }

    /// Removes some tokens.
    pub(super) fn drop(&self, range: Range<usize>) -> Edit {
        self.put(range, " ")
    }

    /// Inserts text before a token.
    pub(super) fn insert(&self, i: usize, with: &str) -> Edit {
        let at = self.tokens.get(i).map_or(self.latex.len(), |t| t.span.start);
        Edit { span: Span::new(at, at), with: format!(" {with} ") }
    }

    /// Returns the index of the token after the group that begins at `i`: a
    /// braced or bracketed group, or one token with its arguments.
    pub(super) fn behind(&self, i: usize) -> usize {
        let text = self.text(i);
        match self.kind(i) {
            Some(Kind::Begin | Kind::Open) => {
                self.closing(i).map_or(i + 1, |close| close + 1)
            }
            Some(Kind::Command) if FRACTIONS.contains(&text) => {
                self.behind(self.behind(i + 1))
            }
            Some(Kind::Command) if text == "\\sqrt" => {
                let optional = self.text(i + 1) == "[";
                let next = if optional { self.behind(i + 1) } else { i + 1 };
                self.behind(next)
            }
            Some(Kind::Command)
                if ACCENTS.contains(&text)
                    || FONTS.contains(&text)
                    || text == "\\text" =>
            {
                self.behind(i + 1)
            }
            _ => (i + 1).min(self.tokens.len()),
        }
    }

    /// Returns the same index, after any scripts of the group.
    pub(super) fn scripted(&self, i: usize) -> usize {
        let mut end = self.behind(i);
        while self.kind(end) == Some(Kind::Script) {
            end = self.behind(end + 1);
        }
        end
    }

    /// Returns the group that begins at `i`, without its delimiters.
    pub(super) fn inner(&self, i: usize) -> Range<usize> {
        let end = self.behind(i);
        match self.kind(i) {
            Some(Kind::Begin | Kind::Open) => i + 1..end - 1,
            _ => i..end,
        }
    }

    /// Returns the token that closes the brace or bracket at `i`. A bracket
    /// must close within the braces that contain it.
    pub(super) fn closing(&self, i: usize) -> Option<usize> {
        let brace = self.kind(i) == Some(Kind::Begin);
        let (mut depth, mut j) = (0_usize, i);
        loop {
            match self.kind(j)? {
                Kind::Begin if brace => depth += 1,
                Kind::End if brace => depth -= 1,
                Kind::Open if !brace => depth += 1,
                Kind::Close if !brace => depth -= 1,
                Kind::Begin => j = self.closing(j)?,
                Kind::End => return None,
                _ => {}
            }
            if depth == 0 {
                return Some(j);
            }
            j += 1;
        }
    }

    /// Returns the tokens at which an expression begins: at the start, and
    /// after a relation, an opening bracket, a comma, or the opening brace of a
    /// fraction or root.
    pub(super) fn starts(&self) -> Vec<usize> {
        let begins = |&i: &usize| {
            let Some(before) = i.checked_sub(1) else { return true };
            let text = self.text(before);
            match self.kind(before) {
                Some(Kind::Open) => true,
                Some(Kind::Begin) => {
                    before.checked_sub(1).is_some_and(|command| {
                        let name = self.text(command);
                        FRACTIONS.contains(&name)
                            || matches!(name, "\\sqrt" | "}" | "^")
                    })
                }
                Some(Kind::Sign) => matches!(text, "=" | "<" | ">" | ","),
                Some(Kind::Command) => is_relation(text),
                Some(Kind::Cell) => before
                    .checked_sub(1)
                    .is_none_or(|i| self.kind(i) != Some(Kind::Close)),
                _ => false,
            }
        };
        let fits = |&i: &usize| {
            matches!(
                self.kind(i),
                Some(Kind::Letter | Kind::Digit | Kind::Command | Kind::Open)
            ) && !is_relation(self.text(i))
                && !self.in_words(i)
        };
        (0..self.tokens.len()).filter(begins).filter(fits).collect()
    }

    /// Checks whether a token is `\text` or a synonym.
    pub(super) fn in_words(&self, i: usize) -> bool {
        matches!(self.text(i), "\\text" | "\\textrm" | "\\mbox")
    }

    /// Returns the nesting depth of brackets and braces before each token.
    pub(super) fn depths(&self) -> Vec<i32> {
        let mut depth = 0;
        let each = self.tokens.iter().map(|token| {
            match token.kind {
                Kind::Begin | Kind::Open => depth += 1,
                Kind::End | Kind::Close => depth -= 1,
                _ => {}
            }
            match token.kind {
                Kind::Begin | Kind::Open => depth - 1,
                _ => depth,
            }
        });
        each.collect()
    }
}

const RELATIONS: [&str; 22] = [
    "=",
    "<",
    ">",
    "\\le",
    "\\leq",
    "\\ge",
    "\\geq",
    "\\ne",
    "\\neq",
    "\\approx",
    "\\propto",
    "\\sim",
    "\\to",
    "\\coloneqq",
    "\\in",
    "\\equiv",
    "\\rightarrow",
    "\\implies",
    "\\iff",
    "\\notin",
    "\\ll",
    "\\gg",
];

/// Checks whether a token is a relation.
pub(super) fn is_relation(text: &str) -> bool {
    RELATIONS.contains(&text)
}
