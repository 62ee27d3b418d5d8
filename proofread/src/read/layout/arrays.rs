//! Rows and columns.

use super::Reader;
use crate::read::pieces::{Kind, Piece, flat};
use crate::span::{Problem, Result, Span};
use katex::parser::parse_node::{
    ColSeparationType, ParseNodeArray, ParseNodeArrayTag,
};

impl Reader<'_> {
    /// Reads the rows of `aligned` and similar environments, with a separator
    /// between two cells and between two rows.
    pub(super) fn rows(
        &mut self,
        node: &ParseNodeArray,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let joined = matches!(
            node.col_separation_type,
            Some(ColSeparationType::Align | ColSeparationType::Alignat)
        );
        let gathers =
            node.col_separation_type == Some(ColSeparationType::Gather);
        let before = self.places.last;
        let mut pieces = vec![];
        for (i, row) in node.body.iter().enumerate() {
            let here = self.here();
            if i > 0 {
                let kind =
                    if joined || gathers { Kind::Break } else { Kind::Line };
                pieces.push(Piece::new(kind, here));
            }
            for (j, cell) in row.iter().enumerate() {
                if j > 0 {
                    let kind = if joined { Kind::Cell } else { Kind::Column };
                    pieces.push(Piece::new(kind, self.here()));
                }
                self.space = 0.0;
                let mut cell = flat(self.all(std::slice::from_ref(cell))?);
                if i > 0
                    && j == 0
                    && let Some(first) = cell.first_mut()
                {
                    self.starred(first);
                }
                pieces.extend(cell);
            }
            let tag = node.tags.as_ref().and_then(|tags| tags.get(i));
            if let Some(ParseNodeArrayTag::Nodes(tag)) = tag {
                let (tag, span) = self.inner(tag)?;
                self.push(Kind::Tag(tag), span, &mut pieces);
            }
        }
        self.space = 0.0;
        let is_apart = |p: &Piece| matches!(p.kind, Kind::Line | Kind::Column);
        let relates =
            pieces.iter().any(|p| matches!(p.kind, Kind::Relation(_)));
        let apart = pieces.iter().any(is_apart);
        if apart && (self.inside > 0 || !relates) {
            let message = "a matrix, which has no meaning here";
            return Err(self.refuse(before, message));
        }
        if self.inside > 0 && pieces.iter().any(|p| p.kind == Kind::Break) {
            let continues = self.inside == 1;
            if !continues {
                let message = "rows within an expression";
                return Err(self.refuse(before, message));
            }
        }
        let brackets = pieces.iter().map(|piece| match piece.kind {
            Kind::Open(_) => 1,
            Kind::Close(_) => -1,
            _ => 0,
        });
        if brackets.sum::<i32>() != 0 {
            let message = "a bracket in these rows that they do not close";
            return Err(self.refuse(before, message));
        }
        // Text beside the rows does not belong to the last row.
        let here = self.here();
        if !out.is_empty() {
            let start = pieces.first().map_or(here, |piece| piece.span);
            let start = Span::new(start.start, start.start);
            out.push(Piece::new(Kind::Break, start));
        }
        out.extend(pieces);
        out.push(Piece::new(Kind::Break, here));
        Ok(())
    }

    /// Makes the star of `\\*` a part of the sign that ends the row before.
    fn starred(&self, first: &mut Piece) {
        let before = self.places.latex.get(..first.span.start);
        let star = matches!(
            &first.kind,
            Kind::Operator(sign) if matches!(&**sign, "*" | "∗" | "\\ast")
        );
        if star && before.is_some_and(|before| before.ends_with("\\\\")) {
            first.kind = Kind::Tag(vec![]);
        }
    }

    /// Reads the rows behind one brace.
    pub(super) fn cases(
        &mut self,
        node: &ParseNodeArray,
    ) -> Result<Vec<Vec<Vec<Piece>>>> {
        let mut rows = vec![];
        for row in &node.body {
            let mut cells = vec![];
            for cell in row {
                let (cell, _) = self.inner(std::slice::from_ref(cell))?;
                cells.push(flat(cell));
            }
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(cells);
            }
        }
        if rows.is_empty() {
            let message = "a brace around nothing";
            return Err(Problem::new(self.here(), message));
        }
        Ok(rows)
    }

    /// Returns the span from `\begin` behind `before` up to the last `\end`
    /// that closes here.
    pub(super) fn environment(&mut self, before: usize) -> Span {
        let latex = self.places.latex;
        let gap = latex.get(before..).unwrap_or("");
        let start = before + gap.len() - gap.trim_start().len();
        let rest = latex.get(self.places.last..).unwrap_or("");
        let blank = rest.len()
            - rest.trim_start_matches(['}', ' ', '\n', '\\', ',']).len();
        let behind = &rest[blank.saturating_sub(1)..];
        if let Some(name) = behind.strip_prefix("\\end{")
            && let Some(length) = name.find('}')
        {
            self.places.last +=
                blank.saturating_sub(1) + "\\end{".len() + length + 1;
        }
        Span::new(start, self.places.last)
    }
}
