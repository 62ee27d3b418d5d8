//! Leaves of `KaTeX`'s tree, to check that the parser reads everything that is
//! typeset.

use super::latex::{Places, parse};
use crate::span::{Result, Span};
use katex::parser::parse_node::{
    AnyParseNode as Node, ParseNodeArrayTag, ParseNodeOp,
};

/// Returns the spans of the letters, digits, signs and words of a formula.
/// Spaces and phantoms are not leaves.
#[cfg(test)]
pub(crate) fn leaves(latex: &str, display: bool) -> Result<Vec<Span>> {
    leaves_with("", latex, display)
}

/// Returns the same spans, with the macros that a preamble defines.
pub(crate) fn leaves_with(
    preamble: &str,
    latex: &str,
    display: bool,
) -> Result<Vec<Span>> {
    let (nodes, macros) = parse(preamble, latex, display)?;
    let places = Places { latex, last: 0, macros };
    let mut walk = Walk { places, found: vec![] };
    walk.all(&nodes);
    Ok(walk.found)
}

struct Walk<'a> {
    places: Places<'a>,
    found: Vec<Span>,
}

impl Walk<'_> {
    fn all(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.one(node));
    }

    fn leaf(&mut self, location: Option<&katex::types::SourceLocation>) {
        let span = self.places.leaf(location);
        self.found.push(span);
    }

    fn one(&mut self, node: &Node) {
        match node {
            Node::Atom(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::MathOrd(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::TextOrd(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::Delimsizing(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::Middle(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::AccentToken(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::OpToken(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::Verb(leaf) => self.leaf(leaf.loc.as_ref()),
            Node::Op(ParseNodeOp::Symbol { loc, .. }) => {
                self.leaf(loc.as_ref());
            }
            Node::Op(ParseNodeOp::Body { body, .. }) => self.all(body),
            Node::Array(array) => {
                array.body.iter().for_each(|row| self.all(row));
                for tag in array.tags.iter().flatten() {
                    if let ParseNodeArrayTag::Nodes(nodes) = tag {
                        self.all(nodes);
                    }
                }
            }
            Node::SupSub(node) => {
                let parts = [&node.base, &node.sub, &node.sup];
                parts.into_iter().flatten().for_each(|part| self.one(part));
            }
            Node::Genfrac(node) => {
                self.one(&node.numer);
                self.one(&node.denom);
            }
            Node::LeftRight(node) => self.all(&node.body),
            Node::Sqrt(node) => {
                if let Some(index) = &node.index {
                    self.one(index);
                }
                self.one(&node.body);
            }
            Node::OrdGroup(node) => self.all(&node.body),
            Node::Text(node) => self.all(&node.body),
            Node::Styling(node) => self.all(&node.body),
            Node::Font(node) => self.one(&node.body),
            Node::Color(node) => self.all(&node.body),
            Node::Accent(node) => self.one(&node.base),
            Node::AccentUnder(node) => self.one(&node.base),
            Node::Overline(node) => self.one(&node.body),
            Node::Underline(node) => self.one(&node.body),
            Node::Tag(node) => {
                self.all(&node.body);
                self.all(&node.tag);
            }
            Node::Enclose(node) => self.one(&node.body),
            Node::Hbox(node) => self.all(&node.body),
            Node::HorizBrace(node) => self.one(&node.base),
            Node::Href(node) => self.all(&node.body),
            Node::Html(node) => self.all(&node.body),
            // One of the two is typeset. The MathML has the meaning.
            Node::HtmlMathMl(node) => self.all(&node.mathml),
            Node::MathChoice(node) => self.all(&node.display),
            Node::Mclass(node) => self.all(&node.body),
            Node::OperatorName(node) => self.all(&node.body),
            Node::Pmb(node) => self.all(&node.body),
            Node::Raisebox(node) => self.one(&node.body),
            Node::Sizing(node) => self.all(&node.body),
            Node::Smash(node) => self.one(&node.body),
            Node::Vcenter(node) => self.one(&node.body),
            Node::Lap(node) => self.one(&node.body),
            Node::XArrow(node) => {
                let parts = [&node.body, &node.below];
                parts.into_iter().flatten().for_each(|part| self.one(part));
            }
            // These nodes are invisible.
            Node::Spacing(_)
            | Node::Phantom(_)
            | Node::Hphantom(_)
            | Node::Vphantom(_)
            | Node::Rule(_)
            | Node::ColorToken(_)
            | Node::Raw(_)
            | Node::Size(_)
            | Node::Url(_)
            | Node::Cr(_)
            | Node::Environment(_)
            | Node::Includegraphics(_)
            | Node::Infix(_)
            | Node::Internal(_)
            | Node::Kern(_)
            | Node::LeftRightRight(_)
            | Node::CdLabel(_)
            | Node::CdLabelParent(_) => {}
        }
    }
}
