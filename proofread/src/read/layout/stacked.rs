//! Text above, below or behind a base: scripts, labels of braces, reasons over
//! a relation.

use super::Reader;
use crate::read::pieces::{Kind, Piece, flat};
use crate::read::reasons::{is_reason, label_states};
use crate::read::signs::over_relation;
use crate::span::{Problem, Result, Span};
use katex::parser::parse_node::{
    AnyParseNode as Node, ParseNodeHtmlMathMl, ParseNodeMclass, ParseNodeOp,
    ParseNodeSupSub,
};

impl Reader<'_> {
    /// Reads a symbol that `KaTeX` builds from several, such as `\coloneqq`.
    pub(super) fn mclass(
        &mut self,
        node: &ParseNodeMclass,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let class = format!("{:?}", node.mclass).to_lowercase();
        let before = self.places.last;
        if let [Node::SupSub(stack)] = node.body.as_slice()
            && let Some(Node::Op(ParseNodeOp::Body {
                body,
                suppress_base_shift: Some(_),
                ..
            })) = stack.base.as_deref()
        {
            return self.stacked(body, stack, out);
        }
        let (mut body, span) = self.inner(&node.body)?;
        if let [only] = body.as_mut_slice() {
            only.span = self.with_any_command(before, only.span);
        }
        if class.contains("rel") {
            let text: String = body.iter().map(Piece::text).collect();
            self.push(Kind::Relation(text), span, out);
        } else {
            out.extend(body);
        }
        Ok(())
    }

    /// Reads `\overset{…}{…}`, `\underset{…}{…}` or `\stackrel{…}{…}`.
    fn stacked(
        &mut self,
        base: &[Node],
        stack: &ParseNodeSupSub,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let before = self.places.last;
        let parts = [&stack.sup, &stack.sub].map(Option::as_deref);
        let (node, over) = match parts {
            [Some(sup), _] => (sup, true),
            [_, Some(sub)] => (sub, false),
            _ => return self.through(base, out),
        };
        let (label, label_span) = self.inner(std::slice::from_ref(node))?;
        let (mut base, span) = self.inner(base)?;
        let whole = self.with_any_command(before, label_span.to(span));
        if let [only] = base.as_slice()
            && let Kind::Relation(sign) = &only.kind
        {
            let kind = over_relation(sign, &flat(label), whole)?;
            self.push(kind, whole, out);
            return Ok(());
        }
        let takes = matches!(
            base.first().map(|piece| &piece.kind),
            Some(Kind::Word(_) | Kind::Styled(..) | Kind::Big(_))
        );
        match base.as_mut_slice() {
            // `\underset{x}{\mathbb E}` and `\underset{a}{\min}`.
            [only] if takes && !over && only.sub.is_none() => {
                only.sub = Some(flat(label));
                only.span = whole;
                out.append(&mut base);
                Ok(())
            }
            _ => {
                let message = "what does the mark above or below this mean?";
                Err(Problem::new(whole, message).hint(
                    "a symbol with a mark is written with an accent, such as \\tilde",
                ))
            }
        }
    }

    /// Reads a sign that `KaTeX` builds differently in HTML and `MathML`. The
    /// `MathML` has the meaning.
    pub(super) fn html(
        &mut self,
        node: &ParseNodeHtmlMathMl,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let before = self.places.last;
        let (body, span) = self.inner(&node.mathml)?;
        let text: String = body.iter().map(Piece::text).collect();
        let relation = match text.as_str() {
            "≔" | ":=" => "\\coloneqq",
            "≕" => "=:",
            "≠" => "\\ne",
            "∉" => "\\notin",
            "\u{338}" => "\\not",
            _ => {
                let message = format!("{text} has no meaning here");
                return Err(self.refuse(before, &message));
            }
        };
        self.push(Kind::Relation(relation.into()), span, out);
        Ok(())
    }

    pub(super) fn scripted(
        &mut self,
        node: &ParseNodeSupSub,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        if let Some(Node::HorizBrace(brace)) = node.base.as_deref() {
            let scripts = [&node.sub, &node.sup];
            let [under, over] = scripts.map(Option::as_deref);
            let (label, other) =
                if brace.is_over { (over, under) } else { (under, over) };
            return self.labelled(
                std::slice::from_ref(&*brace.base),
                label,
                other,
                out,
            );
        }
        if let Some(Node::Enclose(_)) = node.base.as_deref() {
            let message = "a script on a box: it may be one on all of it";
            return Err(Problem::new(self.here(), message)
                .hint("write brackets around what has the script"));
        }
        let mut base = match &node.base {
            Some(base) => self.all(std::slice::from_ref(&**base))?,
            None => vec![],
        };
        let mut script = |node: &Option<Box<Node>>| match node {
            Some(node) => {
                let (pieces, _) = self.inner(std::slice::from_ref(&**node))?;
                Ok::<_, Problem>(Some(flat(pieces)))
            }
            None => Ok(None),
        };
        let (sub, sup) = (script(&node.sub)?, script(&node.sup)?);
        let Some(last) = base.last_mut() else {
            return Err(Problem::new(self.here(), "a script without a base"));
        };
        // `{x_t}^2`: the scripts of a group with one piece belong to the piece.
        if let Kind::Group(inner) = &last.kind
            && let [only] = inner.as_slice()
            && last.sub.is_none()
            && last.sup.is_none()
            && (only.sub.is_none() || sub.is_none())
            && (only.sup.is_none() || sup.is_none())
            && !matches!(only.kind, Kind::Fraction(..) | Kind::Group(_))
        {
            let Piece { spaced, wide, loose, .. } = *last;
            *last = Piece { spaced, wide, loose, ..only.clone() };
        }
        if (last.sub.is_some() && sub.is_some())
            || (last.sup.is_some() && sup.is_some())
        {
            return Err(Problem::new(
                last.extent(),
                "two scripts in one place",
            )
            .hint("put the base in brackets"));
        }
        match last.kind.clone() {
            Kind::Relation(sign) => {
                let mut kind = Kind::Relation(sign);
                for label in [sub, sup].into_iter().flatten() {
                    let Kind::Relation(sign) = kind else { break };
                    let all = label.iter().map(Piece::extent);
                    let span = all.fold(last.span, Span::to);
                    last.span = span;
                    kind = over_relation(&sign, &label, span)?;
                }
                last.kind = kind;
            }
            Kind::Operator(_)
            | Kind::Comma(_)
            | Kind::Open(_)
            | Kind::Text(_)
            | Kind::Dots
            | Kind::Tag(_) => {
                let scripts = sub.iter().chain(&sup).flatten();
                let span = scripts.map(Piece::extent).fold(last.span, Span::to);
                let message = "a script on what has none";
                return Err(Problem::new(span, message));
            }
            _ => {
                last.sub = sub.or(last.sub.take());
                last.sup = sup.or(last.sup.take());
            }
        }
        out.append(&mut base);
        Ok(())
    }

    /// Reads a base with a brace over or under it, and the brace's label. A
    /// label is a remark, unless it claims something. The parser of the base
    /// checks whether the label is a formula.
    fn labelled(
        &mut self,
        base: &[Node],
        label: Option<&Node>,
        other: Option<&Node>,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        self.through(base, out)?;
        let label = label.map_or(&[][..], std::slice::from_ref);
        let label = flat(self.inner(label)?.0);
        let claims = |p: &&Piece| {
            matches!(p.kind, Kind::Relation(_))
                || matches!(&p.kind, Kind::Text(text) if !is_reason(text))
        };
        if let Some(claim) = label.iter().find(claims) {
            return Err(label_states(claim.span));
        }
        if let Some(last) = out.last_mut() {
            last.label.extend(label);
        }
        if other.is_some() {
            let message = "a script that is not the label of the brace";
            return Err(Problem::new(self.here(), message)
                .hint("put the base in brackets, and the brace within"));
        }
        Ok(())
    }
}
