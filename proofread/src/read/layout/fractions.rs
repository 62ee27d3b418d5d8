//! Fractions and roots.

use super::super::pieces::{Kind, Piece, flat, word};
use super::{Reader, single};
use crate::span::{Problem, Result, Span};
use katex::parser::parse_node::{ParseNodeGenfrac, ParseNodeSqrt};

impl Reader<'_> {
    pub(super) fn fraction(
        &mut self,
        node: &ParseNodeGenfrac,
    ) -> Result<(Kind, Span)> {
        let before = self.places.last;
        let (over, a) = self.inner(single(&node.numer))?;
        let (under, b) = self.inner(single(&node.denom))?;
        let delimited = node.left_delim.is_some() || node.right_delim.is_some();
        if !node.has_bar_line || delimited {
            let what = "a binomial coefficient has no meaning here";
            return Err(self.refuse(before, what));
        }
        let span = self.with_command(before, a.to(b), "frac");
        Ok((Kind::Fraction(flat(over), flat(under)), span))
    }

    pub(super) fn root(
        &mut self,
        node: &ParseNodeSqrt,
    ) -> Result<(Kind, Span)> {
        let before = self.places.last;
        let index = match &node.index {
            Some(index) => word(&self.inner(single(index))?.0),
            None => "2".into(),
        };
        let (body, span) = self.inner(single(&node.body))?;
        let span = self.with_command(before, span, "sqrt");
        let Ok(degree @ 2..=64) = index.parse::<u32>() else {
            let message = "a root whose degree is no whole number";
            return Err(Problem::new(span, message)
                .hint("write a power, such as x^{1/n}"));
        };
        let body = flat(body);
        // A fourth root is the root of a root.
        if degree.is_power_of_two() {
            let mut kind = Kind::Root(2, body);
            for _ in 1..degree.trailing_zeros() {
                kind = Kind::Root(2, vec![Piece::new(kind, span)]);
            }
            return Ok((kind, span));
        }
        if degree % 2 == 0 {
            let message = "a root of this degree";
            return Err(Problem::new(span, message)
                .hint("write a root of a root, or a power"));
        }
        Ok((Kind::Root(degree, body), span))
    }
}
