//! `\left … \right`, with the spans of both.

use super::super::pieces::{Kind, Piece};
use super::super::signs::delimiter;
use super::Reader;
use crate::span::{Result, Span};
use katex::parser::parse_node::{AnyParseNode as Node, ParseNodeLeftRight};

impl Reader<'_> {
    pub(super) fn left_right(
        &mut self,
        node: &ParseNodeLeftRight,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let open = delimiter(&node.left, false);
        let close = delimiter(&node.right, true);
        let (left, right) = (node.left != ".", node.right != ".");
        // \left( and \right) are ordinary brackets.
        if let (true, true, Kind::Open(_), Kind::Close(_)) =
            (left, right, &open, &close)
        {
            let start = self.fence("\\left", &node.left);
            self.push(open, start, out);
            self.space = 0.0;
            self.inside += 1;
            out.extend(self.all(&node.body)?);
            self.inside -= 1;
            self.space = 0.0;
            let end = self.fence("\\right", &node.right);
            self.push(close, end, out);
            return Ok(());
        }
        // \left. and \right. are invisible, as TeX's own braces are.
        if !left && !right {
            return self.unseen(&node.body, out);
        }
        if node.left == "\\{"
            && !right
            && let [Node::Array(array)] = node.body.as_slice()
        {
            let before = self.places.last;
            self.fence("\\left", &node.left);
            let rows = self.cases(array)?;
            self.fence("\\right", ".");
            let span = self.environment(before);
            self.push(Kind::Cases(rows), span, out);
            return Ok(());
        }
        let start = self.fence("\\left", &node.left);
        let (body, span) = self.inner(&node.body)?;
        let mut group = vec![];
        if left {
            group.push(Piece::new(open, start));
        }
        group.extend(body);
        let end = self.fence("\\right", &node.right);
        if right {
            group.push(Piece::new(close, end));
        }
        self.push(Kind::Group(group), start.to(span).to(end), out);
        Ok(())
    }

    /// Returns the span of `\left(` or `\right)`: `KaTeX` gives no location.
    fn fence(&mut self, command: &str, delimiter: &str) -> Span {
        let here = self.here();
        let rest = self.places.latex.get(here.end..).unwrap_or("");
        let blank = rest.len() - rest.trim_start().len();
        let Some(behind) = rest[blank..].strip_prefix(command) else {
            return here;
        };
        let gap = behind.len() - behind.trim_start().len();
        if !behind[gap..].starts_with(delimiter) {
            return here;
        }
        let start = here.end + blank;
        let end = start + command.len() + gap + delimiter.len();
        self.places.last = end;
        Span::new(start, end)
    }
}
