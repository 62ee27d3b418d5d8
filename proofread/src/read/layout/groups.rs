//! Invisible groups: TeX's own braces.

use super::{Kind, Piece, Reader, dissolves};
use crate::span::{Result, Span};
use katex::parser::parse_node::AnyParseNode as Node;

impl Reader<'_> {
    /// Reads the content of invisible brackets.
    pub(super) fn unseen(
        &mut self,
        nodes: &[Node],
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let mut body = self.all(nodes)?;
        if dissolves(&body) {
            out.extend(body);
            return Ok(());
        }
        let here = self.here();
        let all = body.iter().map(Piece::extent).reduce(Span::to);
        let group = Piece::new(Kind::Group(vec![]), all.unwrap_or(here));
        let (mut spaced, mut wide, mut loose) = (false, false, false);
        if let Some(first) = body.first_mut() {
            spaced = std::mem::take(&mut first.spaced);
            wide = std::mem::take(&mut first.wide);
            loose = std::mem::take(&mut first.loose);
        }
        out.push(Piece {
            kind: Kind::Group(body),
            spaced,
            wide,
            loose,
            ..group
        });
        Ok(())
    }

    pub(super) fn through(
        &mut self,
        nodes: &[Node],
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        out.extend(self.all(nodes)?);
        Ok(())
    }
}
