//! Conversion of `KaTeX`'s layout tree to pieces.
//!
//! `KaTeX` also typesets the formulas in the book. The checker and the readers
//! of the book thus see the same parse.

use super::pieces::{Kind, Piece, dissolves, flat, word};
use super::signs::{atom, delimiter, join, operator, ordinary, styled};
use crate::span::{Problem, Result, Span};
pub(super) use alike::{same_in, standard};
use katex::parser::parse_node::{AnyParseNode as Node, ParseNodeOp};
use latex::{DEEPEST, Places};
pub(crate) use latex::{is_command, is_katex_macro};
use spaces::{blank, em};

mod alike;
mod arrays;
mod circles;
mod commands;
mod delimiters;
mod fractions;
mod groups;
mod latex;
mod leaves;
mod spaces;
mod stacked;
mod words;

#[cfg(test)]
pub(crate) use leaves::leaves;
pub(crate) use leaves::leaves_with;

/// Reads one formula.
pub(crate) fn pieces(latex: &str, display: bool) -> Result<Vec<Piece>> {
    pieces_with("", latex, display)
}

/// Reads one formula with the macros that a preamble defines.
pub(crate) fn pieces_with(
    preamble: &str,
    latex: &str,
    display: bool,
) -> Result<Vec<Piece>> {
    let (nodes, macros) = latex::parse(preamble, latex, display)?;
    let places = Places { latex, last: 0, macros };
    let mut reader = Reader { places, depth: 0, inside: 0, space: 0.0 };
    reader.all(&nodes)
}

/// Returns a node as a list of nodes.
fn single(node: &Node) -> &[Node] {
    std::slice::from_ref(node)
}

/// Renders a formula as `MathML`, with the macros that a preamble defines.
pub(crate) fn mathml(
    preamble: &str,
    latex: &str,
    display: bool,
) -> Result<String> {
    latex::mathml(preamble, latex, display)
}

/// The least width in em of a space that separates parts of a formula.
const WIDE: f64 = 0.9;

/// The width in em of the space between factors, `\,`, and a little more.
const THIN: f64 = 0.2;

/// Fonts that do not change the meaning of a number.
const PLAIN: [&str; 7] =
    ["mathrm", "textrm", "rm", "mathnormal", "mathit", "mathsf", "mathtt"];

/// Returns whether pieces are digits without scripts and spaces.
fn is_number(pieces: &[Piece]) -> bool {
    let digit = |p: &Piece| {
        matches!(p.kind, Kind::Digit(_)) && !p.has_script() && !p.spaced
    };
    pieces.iter().all(digit)
}

struct Reader<'a> {
    places: Places<'a>,
    depth: usize,
    /// The number of brackets, fractions and scripts around.
    inside: usize,
    /// The width in em of the space before the next piece.
    space: f64,
}

impl Reader<'_> {
    fn all(&mut self, nodes: &[Node]) -> Result<Vec<Piece>> {
        self.depth += 1;
        if self.depth > 4 * DEEPEST {
            let message = "the formula nests too deep";
            return Err(Problem::new(self.here(), message));
        }
        let mut pieces = vec![];
        for node in nodes {
            self.one(node, &mut pieces)?;
            join(&mut pieces)?;
        }
        self.depth -= 1;
        Ok(pieces)
    }

    /// Returns the end of the last leaf, as an empty span.
    fn here(&self) -> Span {
        Span::new(self.places.last, self.places.last)
    }

    /// Reads the contents of a node. Also returns their span.
    fn inner(&mut self, nodes: &[Node]) -> Result<(Vec<Piece>, Span)> {
        let space = std::mem::take(&mut self.space);
        self.inside += 1;
        let pieces = self.all(nodes)?;
        self.inside -= 1;
        self.space = space;
        let here = self.here();
        let span = pieces
            .iter()
            .map(|piece| piece.extent())
            .reduce(Span::to)
            .unwrap_or(here);
        Ok((pieces, span))
    }

    #[allow(clippy::too_many_lines)] // a table, one row a node
    fn one(&mut self, node: &Node, out: &mut Vec<Piece>) -> Result<()> {
        let (kind, span) = match node {
            Node::MathOrd(leaf) => {
                let span = self.places.leaf(leaf.loc.as_ref());
                alike::check(&leaf.text, span)?;
                (ordinary(leaf.text.as_str()), span)
            }
            Node::TextOrd(leaf) => {
                let span = self.places.leaf(leaf.loc.as_ref());
                alike::check(&leaf.text, span)?;
                (ordinary(leaf.text.as_str()), span)
            }
            Node::Atom(leaf) => {
                let span = self.places.leaf(leaf.loc.as_ref());
                (atom(leaf.family.as_ref(), leaf.text.as_str()), span)
            }
            Node::Delimsizing(leaf) => {
                let mut span = self.places.leaf(leaf.loc.as_ref());
                // The location covers \Big, but not the bracket behind it.
                let rest = self.places.latex.get(span.end..).unwrap_or("");
                let blank = rest.len() - rest.trim_start().len();
                if rest[blank..].starts_with(&leaf.delim) {
                    span.end += blank + leaf.delim.len();
                    self.places.last = span.end;
                }
                let class = format!("{:?}", leaf.mclass).to_lowercase();
                (delimiter(&leaf.delim, class.contains("close")), span)
            }
            Node::Middle(leaf) => {
                let span = self.places.leaf(leaf.loc.as_ref());
                (delimiter(&leaf.delim, false), span)
            }
            Node::LeftRight(node) => return self.left_right(node, out),
            Node::OrdGroup(node) => return self.unseen(&node.body, out),
            Node::Genfrac(node) => self.fraction(node)?,
            Node::Sqrt(node) => self.root(node)?,
            Node::SupSub(node) => return self.scripted(node, out),
            Node::Accent(node) => {
                let before = self.places.last;
                let (body, span) = self.inner(single(&node.base))?;
                let name = node.label.trim_start_matches('\\');
                let span = self.with_command(before, span, name);
                (Kind::Accent(node.label.clone(), flat(body)), span)
            }
            Node::Overline(node) => {
                let before = self.places.last;
                let (body, span) = self.inner(single(&node.body))?;
                let span = self.with_command(before, span, "overline");
                (Kind::Accent("\\bar".into(), flat(body)), span)
            }
            Node::Font(node) => {
                let before = self.places.last;
                let (body, span) = self.inner(single(&node.body))?;
                // A number is the same in these fonts: `2\mathrm{3}` is 23.
                if PLAIN.contains(&node.font.as_str()) && is_number(&body) {
                    for digit in body {
                        self.push(digit.kind, digit.span, out);
                    }
                    return Ok(());
                }
                let span = self.with_command(before, span, &node.font);
                (styled(&node.font, flat(body)), span)
            }
            Node::OperatorName(node) => {
                let (body, span) = self.inner(&node.body)?;
                (Kind::Word(word(&body)), span)
            }
            Node::Op(ParseNodeOp::Symbol { name, loc, .. }) => {
                let span = self.places.leaf(loc.as_ref());
                (operator(name), span)
            }
            Node::Op(ParseNodeOp::Body { body, .. }) => {
                let (body, span) = self.inner(body)?;
                (Kind::Word(word(&body)), span)
            }
            Node::Text(node) => return self.words(&node.body, out),
            Node::Hbox(node) => return self.words(&node.body, out),
            // A brace without a label changes nothing.
            Node::HorizBrace(node) => {
                return self.through(single(&node.base), out);
            }
            Node::Array(node) => return self.rows(node, out),
            Node::Cr(leaf) => {
                (Kind::Break, self.places.leaf(leaf.loc.as_ref()))
            }
            // These nodes change only the look.
            Node::Styling(node) => return self.through(&node.body, out),
            Node::Sizing(node) => return self.through(&node.body, out),
            Node::Color(node) => {
                if is_unseen(&node.color) {
                    let message = "a colour that may not be seen";
                    return Err(Problem::new(self.here(), message)
                        .hint("write it in another colour, or leave it out"));
                }
                return self.through(&node.body, out);
            }
            Node::Mclass(node) => return self.mclass(node, out),
            Node::Tag(node) => {
                self.through(&node.body, out)?;
                let (tag, span) = self.inner(&node.tag)?;
                (Kind::Tag(tag), span)
            }
            Node::HtmlMathMl(node) => return self.html(node, out),
            Node::Enclose(node) => {
                let before = self.places.last;
                if node.label.contains("box") {
                    return self.words(single(&node.body), out);
                }
                self.inner(single(&node.body))?;
                let message = "what is struck out is not read";
                return Err(self
                    .refuse(before, message)
                    .hint("take it away, or mark the formula as prose"));
            }
            Node::Underline(node) => {
                let before = self.places.last;
                let (body, span) = self.inner(single(&node.body))?;
                if body.len() > 1 {
                    out.extend(body);
                    return Ok(());
                }
                let span = self.with_command(before, span, "underline");
                (Kind::Accent("\\underline".into(), flat(body)), span)
            }
            Node::Smash(node) => return self.through(single(&node.body), out),
            Node::Spacing(leaf) => {
                self.places.pass(leaf.loc.as_ref());
                let none = matches!(&*leaf.text, "\\nobreak" | "\\allowbreak");
                self.space += if none { 0.0 } else { 0.25 };
                return Ok(());
            }
            Node::Kern(node) => {
                self.space += em(&node.dimension).max(0.0);
                return Ok(());
            }
            // These nodes show nothing, but take up space.
            Node::Phantom(_) | Node::Hphantom(_) => {
                self.space += 1.0;
                return Ok(());
            }
            Node::Rule(node)
                if node.width.number > 0.0 && node.height.number > 0.0 =>
            {
                let here = self.here();
                let message = "a line that is drawn: is it a sign?";
                return Err(Problem::new(here, message)
                    .hint("write the sign itself, such as - or \\frac"));
            }
            Node::Rule(node) => {
                self.space += em(&node.width).max(0.0);
                return Ok(());
            }
            Node::Vphantom(_) | Node::Internal(_) => return Ok(()),
            // Spaces that depend on the size, as in `\colon`.
            Node::MathChoice(node)
                if blank(&node.display) && blank(&node.text) =>
            {
                return Ok(());
            }
            Node::XArrow(node) => {
                let before = self.places.last;
                if let Some(body) = &node.body {
                    self.inner(single(body))?;
                }
                let message = "an arrow with a label has no meaning here";
                return Err(self.refuse(before, message));
            }
            other => {
                let here = self.here();
                let name = katex::parser::parse_node::NodeType::from(other);
                let message = format!("LaTeX that has no meaning here: {name}");
                return Err(Problem::new(here, message));
            }
        };
        self.push(kind, span, out);
        Ok(())
    }

    fn push(&mut self, kind: Kind, span: Span, out: &mut Vec<Piece>) {
        let space = std::mem::take(&mut self.space);
        let (spaced, wide, loose) = (space > 0.0, space > WIDE, space > THIN);
        out.push(Piece { spaced, wide, loose, ..Piece::new(kind, span) });
    }
}

/// Returns whether a colour is invisible on most pages.
fn is_unseen(colour: &str) -> bool {
    let colour = colour.trim().to_ascii_lowercase();
    let digits = colour.strip_prefix('#').unwrap_or("");
    matches!(colour.as_str(), "white" | "transparent")
        || matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c == 'f')
        || digits.len() == 8 && digits.ends_with("00")
}
