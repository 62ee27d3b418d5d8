//! Prose in a formula, and mathematics in the prose.

use super::Reader;
use crate::read::pieces::{Kind, Piece};
use crate::span::{Result, Span};
use katex::parser::parse_node::AnyParseNode as Node;
use katex::types::Mode;

/// The words collected so far.
#[derive(Default)]
struct Words {
    text: String,
    span: Option<Span>,
}

impl Reader<'_> {
    /// Reads the words of `\text{…}`. `$…$` among the words is mathematics of
    /// the formula.
    pub(super) fn words(
        &mut self,
        nodes: &[Node],
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let mut words = Words::default();
        self.prose(nodes, &mut words, out)?;
        self.end_words(&mut words, out);
        Ok(())
    }

    fn prose(
        &mut self,
        nodes: &[Node],
        words: &mut Words,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        for node in nodes {
            let inner = match node {
                Node::Styling(node) => Some(&node.body),
                Node::Sizing(node) => Some(&node.body),
                Node::Color(node) => Some(&node.body),
                Node::OrdGroup(node) => Some(&node.body),
                Node::Text(node) => Some(&node.body),
                Node::Hbox(node) => Some(&node.body),
                _ => None,
            };
            match (node, inner) {
                (Node::Spacing(leaf), _) => {
                    self.places.pass(leaf.loc.as_ref());
                    words.text.push(' ');
                }
                (_, Some(body)) if body.iter().all(is_prose) => {
                    self.prose(body, words, out)?;
                }
                (_, Some(body)) if !matches!(node, Node::Styling(_)) => {
                    self.prose(body, words, out)?;
                }
                (_, Some(body)) => {
                    self.end_words(words, out);
                    out.extend(self.all(body)?);
                }
                (node, None) if is_prose(node) => {
                    let single = std::slice::from_ref(node);
                    let (pieces, span) = self.inner(single)?;
                    let text = pieces.iter().map(Piece::text);
                    words.text.extend(text);
                    words.span =
                        Some(words.span.map_or(span, |all| all.to(span)));
                }
                (node, None) => {
                    self.end_words(words, out);
                    self.one(node, out)?;
                }
            }
        }
        Ok(())
    }

    fn end_words(&mut self, words: &mut Words, out: &mut Vec<Piece>) {
        let Words { text, span } = std::mem::take(words);
        if text.is_empty() {
            return;
        }
        let Some(span) = span else {
            self.space += 0.25;
            return;
        };
        self.push(Kind::Text(text.trim().to_owned()), span, out);
        if text.ends_with(' ') {
            self.space += 0.25;
        }
    }
}

/// Returns whether a node is prose, not mathematics.
fn is_prose(node: &Node) -> bool {
    match node {
        Node::Spacing(_) => true,
        Node::Styling(node) => {
            !node.body.is_empty() && node.body.iter().all(is_prose)
        }
        Node::OrdGroup(node) => node.body.iter().all(is_prose),
        Node::Text(node) => node.body.iter().all(is_prose),
        _ => node.mode() == Mode::Text,
    }
}
