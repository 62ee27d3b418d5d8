//! From `KaTeX`'s tree, made for layout, to pieces.
//!
//! The LaTeX is parsed by `KaTeX`, the very parser that typesets it in the
//! book, so what is checked cannot be another reading of the bytes than what
//! is seen.

use super::pieces::{Kind, Piece, balanced, dissolves, flat, word};
use super::signs::{
    atom, delimiter, join_definition, operator, ordinary, styled,
};
use crate::span::{Problem, Result, Span};
use katex::parser::parse_node::{AnyParseNode as Node, ParseNodeOp};
use katex::{KatexContext, Settings};

/// The most bytes of one formula; a longer one is a mistake.
const LONGEST: usize = 20_000;
/// How deep brackets and commands may nest.
const DEEPEST: usize = 60;

thread_local! {
    static CONTEXT: KatexContext = KatexContext::default();
}

/// Reads one formula.
pub(crate) fn pieces(latex: &str, display: bool) -> Result<Vec<Piece>> {
    let whole = Span::new(0, latex.len());
    if latex.len() > LONGEST {
        let message = format!("a formula of more than {LONGEST} bytes");
        return Err(Problem::new(whole, message).hint("split it"));
    }
    if let Some(start) = latex.find("\\verb") {
        let span = Span::new(start, start + 5);
        return Err(Problem::new(span, "\\verb has no meaning here"));
    }
    check_depth(latex)?;
    // A bug in the parser is no reason for this program to stop.
    let parsed = std::panic::catch_unwind(|| {
        let settings = Settings::builder().display_mode(display).build();
        CONTEXT.with(|context| katex::parse(context, latex, &settings))
    });
    let nodes = match parsed {
        Ok(Ok(nodes)) => nodes,
        Ok(Err(error)) => {
            let start = error.position().unwrap_or(0).min(latex.len());
            let end = start + error.length().unwrap_or(0);
            let span = Span::new(start, end.clamp(start, latex.len()));
            let text = error.to_string();
            let message = text.split(" at position").next().unwrap_or(&text);
            return Err(Problem::new(span, message.trim()));
        }
        Err(_) => {
            let message = "the LaTeX parser failed on this formula";
            return Err(Problem::new(whole, message));
        }
    };
    let mut reader = Reader { latex, last: 0, depth: 0, spaced: false };
    reader.all(&nodes)
}

/// Refuses what nests too deep for a recursive parser.
fn check_depth(latex: &str) -> Result<()> {
    let (mut depth, mut commands) = (0_usize, 0_usize);
    let mut in_command = false;
    for (i, c) in latex.char_indices() {
        match c {
            // Commands in a row may take each other as arguments.
            '\\' => {
                in_command = true;
                commands += 1;
                continue;
            }
            c if in_command && c.is_ascii_alphabetic() => continue,
            '{' | '[' | '(' if !in_command => depth += 1,
            '}' | ']' | ')' if !in_command => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !in_command && !c.is_whitespace() && c != '{' {
            commands = 0;
        }
        in_command = false;
        if depth > DEEPEST || commands > 2 * DEEPEST {
            let span = Span::new(i, i + c.len_utf8());
            return Err(Problem::new(span, "the formula nests too deep"));
        }
    }
    Ok(())
}

struct Reader<'a> {
    latex: &'a str,
    /// Where the last leaf ended, for nodes that do not say where they are.
    last: usize,
    depth: usize,
    /// Whether a space was met that the next piece stands behind.
    spaced: bool,
}

type Location = Option<katex::types::SourceLocation>;

impl Reader<'_> {
    fn all(&mut self, nodes: &[Node]) -> Result<Vec<Piece>> {
        self.depth += 1;
        if self.depth > 4 * DEEPEST {
            let here = Span::new(self.last, self.last);
            return Err(Problem::new(here, "the formula nests too deep"));
        }
        let mut pieces = vec![];
        for node in nodes {
            self.one(node, &mut pieces)?;
            join_definition(&mut pieces);
        }
        self.depth -= 1;
        Ok(pieces)
    }

    /// The place of a leaf. A leaf that a macro made is where the last was.
    fn leaf(&mut self, location: &Location) -> Span {
        let here = Span::new(self.last, self.last);
        let Some(location) = location else { return here };
        if *location.input != *self.latex {
            return here;
        }
        // KaTeX counts the blanks behind a command as its own.
        let text = &self.latex[location.start..location.end];
        let end = location.start + text.trim_end().len();
        self.last = end;
        Span::new(location.start, end)
    }

    /// A stretch with the command before it, as in `\frac{a}{b}`, and the
    /// brace behind it: `KaTeX` gives no place for these.
    fn with_command(&mut self, before: usize, span: Span, name: &str) -> Span {
        let gap = self.latex.get(before..span.start).unwrap_or("");
        let start = gap
            .find(name)
            .and_then(|i| gap[..i].rfind('\\'))
            .map_or(span.start, |i| before + i);
        let whole = balanced(self.latex, Span::new(start, span.end));
        self.last = whole.end;
        whole
    }

    /// The same with whatever command stands right before it.
    fn with_any_command(&mut self, before: usize, span: Span) -> Span {
        let gap = self.latex.get(before..span.start).unwrap_or("");
        let Some(i) = gap.rfind('\\') else { return span };
        let command = &gap[i + 1..];
        let name = command.trim_end_matches(|c: char| !c.is_alphabetic());
        self.with_command(before, span, name)
    }

    /// The contents of a node, with the stretch of the text that they take.
    fn inner(&mut self, nodes: &[Node]) -> Result<(Vec<Piece>, Span)> {
        let pieces = self.all(nodes)?;
        let here = Span::new(self.last, self.last);
        let span = pieces
            .iter()
            .map(|piece| piece.extent())
            .reduce(Span::to)
            .unwrap_or(here);
        Ok((pieces, span))
    }

    #[allow(clippy::too_many_lines)] // a table, one row a node
    fn one(&mut self, node: &Node, out: &mut Vec<Piece>) -> Result<()> {
        let single = std::slice::from_ref::<Node>;
        let (kind, span) = match node {
            Node::MathOrd(leaf) => {
                let span = self.leaf(&leaf.loc);
                (ordinary(leaf.text.as_str()), span)
            }
            Node::TextOrd(leaf) => {
                let span = self.leaf(&leaf.loc);
                (ordinary(leaf.text.as_str()), span)
            }
            Node::Atom(leaf) => {
                let span = self.leaf(&leaf.loc);
                (atom(leaf.family.as_ref(), leaf.text.as_str()), span)
            }
            Node::Delimsizing(leaf) => {
                let mut span = self.leaf(&leaf.loc);
                // The place is that of \Big, without the bracket behind it.
                let rest = self.latex.get(span.end..).unwrap_or("");
                let blank = rest.len() - rest.trim_start().len();
                if rest[blank..].starts_with(&leaf.delim) {
                    span.end += blank + leaf.delim.len();
                    self.last = span.end;
                }
                let class = format!("{:?}", leaf.mclass).to_lowercase();
                (delimiter(&leaf.delim, class.contains("close")), span)
            }
            Node::Middle(leaf) => {
                let span = self.leaf(&leaf.loc);
                (delimiter(&leaf.delim, false), span)
            }
            // \left( and \right) are brackets like others.
            Node::LeftRight(node)
                if matches!(delimiter(&node.left, false), Kind::Open(_))
                    && matches!(
                        delimiter(&node.right, true),
                        Kind::Close(_)
                    )
                    && node.left != "."
                    && node.right != "." =>
            {
                let start = Span::new(self.last, self.last);
                out.push(Piece::new(delimiter(&node.left, false), start));
                out.extend(self.all(&node.body)?);
                let close = delimiter(&node.right, true);
                let mut end = Span::new(self.last, self.last);
                let text = format!("\\right{}", node.right);
                let rest = self.latex.get(self.last..).unwrap_or("");
                let blank = rest.len() - rest.trim_start().len();
                if rest[blank..].starts_with(&text) {
                    end.end += blank + text.len();
                    self.last = end.end;
                }
                out.push(Piece::new(close, end));
                return Ok(());
            }
            // \left. and \right. are typeset as nothing, as braces are.
            Node::LeftRight(node) if node.left == "." && node.right == "." => {
                return self.unseen(&node.body, out);
            }
            Node::LeftRight(node) => {
                let start = Span::new(self.last, self.last);
                let (body, span) = self.inner(&node.body)?;
                let mut group = vec![];
                if node.left != "." {
                    let open = delimiter(&node.left, false);
                    group.push(Piece::new(open, start));
                }
                group.extend(body);
                if node.right != "." {
                    let here = Span::new(self.last, self.last);
                    let close = delimiter(&node.right, true);
                    group.push(Piece::new(close, here));
                }
                (Kind::Group(group), span)
            }
            Node::OrdGroup(node) => return self.unseen(&node.body, out),
            Node::Genfrac(node) if node.has_bar_line => {
                let before = self.last;
                let (over, a) = self.inner(single(&node.numer))?;
                let (under, b) = self.inner(single(&node.denom))?;
                let span = self.with_command(before, a.to(b), "frac");
                (Kind::Fraction(flat(over), flat(under)), span)
            }
            Node::Sqrt(node) => {
                let before = self.last;
                let (body, span) = self.inner(single(&node.body))?;
                let span = self.with_command(before, span, "sqrt");
                let index = match &node.index {
                    Some(index) => word(&self.all(single(index))?),
                    None => "2".into(),
                };
                // A fourth root is the root of a root.
                let times = match index.as_str() {
                    "2" => 1,
                    "4" => 2,
                    "8" => 3,
                    _ => {
                        let message = "a root other than the square root";
                        return Err(Problem::new(span, message)
                            .hint("write a power, such as x^{1/3}"));
                    }
                };
                let mut kind = Kind::Root(flat(body));
                for _ in 1..times {
                    kind = Kind::Root(vec![Piece::new(kind, span)]);
                }
                (kind, span)
            }
            Node::SupSub(node) => return self.scripted(node, out),
            Node::Accent(node) => {
                let before = self.last;
                let (body, span) = self.inner(single(&node.base))?;
                let name = node.label.trim_start_matches('\\');
                let span = self.with_command(before, span, name);
                (Kind::Accent(node.label.clone(), flat(body)), span)
            }
            Node::Overline(node) => {
                let (body, span) = self.inner(single(&node.body))?;
                (Kind::Accent("\\bar".into(), flat(body)), span)
            }
            Node::Font(node) => {
                let before = self.last;
                let (body, span) = self.inner(single(&node.body))?;
                let span = self.with_command(before, span, &node.font);
                (styled(&node.font, flat(body)), span)
            }
            Node::OperatorName(node) => {
                let (body, span) = self.inner(&node.body)?;
                (Kind::Word(word(&body)), span)
            }
            Node::Op(ParseNodeOp::Symbol { name, loc, .. }) => {
                let span = self.leaf(loc);
                (operator(name), span)
            }
            Node::Op(ParseNodeOp::Body { body, .. }) => {
                let (body, span) = self.inner(body)?;
                (Kind::Word(word(&body)), span)
            }
            Node::Text(node) => {
                let (_, span) = self.inner(&node.body)?;
                // With its blanks, which KaTeX's tree has elsewhere.
                let text = self.latex.get(span.start..span.end).unwrap_or("");
                (Kind::Text(text.trim().to_owned()), span)
            }
            // A brace says what its base is; it changes nothing.
            Node::HorizBrace(node) => {
                return self.through(single(&node.base), out);
            }
            Node::Array(node) => return self.rows(node, out),
            Node::Cr(leaf) => (Kind::Break, self.leaf(&leaf.loc)),
            // What only changes the look.
            Node::Styling(node) => return self.through(&node.body, out),
            Node::Sizing(node) => return self.through(&node.body, out),
            Node::Color(node) => return self.through(&node.body, out),
            Node::Mclass(node) => return self.mclass(node, out),
            Node::Tag(node) => return self.through(&node.body, out),
            Node::HtmlMathMl(node) => return self.html(node, out),
            Node::Enclose(node) => {
                return self.through(single(&node.body), out);
            }
            Node::Underline(node) => {
                return self.through(single(&node.body), out);
            }
            Node::Spacing(leaf) => {
                self.leaf(&leaf.loc);
                let wide = !matches!(&*leaf.text, "\\nobreak" | "\\allowbreak");
                self.spaced |= wide;
                return Ok(());
            }
            Node::Kern(node) => {
                self.spaced |= node.dimension.number > 0.0;
                return Ok(());
            }
            Node::Phantom(_) | Node::Hphantom(_) => {
                self.spaced = true;
                return Ok(());
            }
            Node::Rule(_) | Node::Vphantom(_) | Node::Internal(_) => {
                return Ok(());
            }
            Node::MathChoice(node) => return self.through(&node.display, out),
            other => {
                let here = Span::new(self.last, self.last);
                let name = katex::parser::parse_node::NodeType::from(other);
                let message = format!("LaTeX that has no meaning here: {name}");
                return Err(Problem::new(here, message));
            }
        };
        self.push(kind, span, out);
        Ok(())
    }

    fn push(&mut self, kind: Kind, span: Span, out: &mut Vec<Piece>) {
        let spaced = std::mem::take(&mut self.spaced);
        out.push(Piece { spaced, ..Piece::new(kind, span) });
    }

    /// What stands between brackets that nobody sees.
    fn unseen(&mut self, nodes: &[Node], out: &mut Vec<Piece>) -> Result<()> {
        let (body, span) = self.inner(nodes)?;
        if dissolves(&body) {
            out.extend(body);
        } else {
            self.push(Kind::Group(body), span, out);
        }
        Ok(())
    }

    /// The rows of `aligned` and its like. A row whose first cell holds
    /// something is a line of its own, whatever it begins with.
    fn rows(
        &mut self,
        node: &katex::parser::parse_node::ParseNodeArray,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let aligns = node.col_separation_type.is_some();
        for (i, row) in node.body.iter().enumerate() {
            let here = Span::new(self.last, self.last);
            if row.len() > 1 && !aligns {
                let message = "a matrix, which has no meaning here";
                return Err(Problem::new(here, message));
            }
            let mut cells = vec![];
            for cell in row {
                let pieces = self.all(std::slice::from_ref(cell))?;
                cells.push(flat(pieces));
            }
            if i > 0 {
                let fresh = cells.len() > 1 && !cells[0].is_empty();
                let kind = if fresh { Kind::Line } else { Kind::Break };
                out.push(Piece::new(kind, here));
            }
            out.extend(cells.into_iter().flatten());
        }
        Ok(())
    }

    fn through(&mut self, nodes: &[Node], out: &mut Vec<Piece>) -> Result<()> {
        out.extend(self.all(nodes)?);
        Ok(())
    }

    /// A symbol that `KaTeX` builds from several, such as `\coloneqq`.
    fn mclass(
        &mut self,
        node: &katex::parser::parse_node::ParseNodeMclass,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let class = format!("{:?}", node.mclass).to_lowercase();
        let before = self.last;
        let (mut body, span) = self.inner(&node.body)?;
        if let [only] = body.as_mut_slice() {
            only.span = self.with_any_command(before, only.span);
        }
        if class.contains("rel") {
            let text: String = body.iter().map(Piece::text).collect();
            out.push(Piece::new(Kind::Relation(text), span));
        } else {
            out.extend(body);
        }
        Ok(())
    }

    fn html(
        &mut self,
        node: &katex::parser::parse_node::ParseNodeHtmlMathMl,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        let (body, span) = self.inner(&node.mathml)?;
        let text: String = body.iter().map(Piece::text).collect();
        let kind = match text.as_str() {
            "≔" | ":=" => Kind::Relation("\\coloneqq".into()),
            "≠" => Kind::Relation("\\ne".into()),
            _ => {
                out.extend(body);
                return Ok(());
            }
        };
        out.push(Piece::new(kind, span));
        Ok(())
    }

    fn scripted(
        &mut self,
        node: &katex::parser::parse_node::ParseNodeSupSub,
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
        let mut base = match &node.base {
            Some(base) => self.all(std::slice::from_ref(&**base))?,
            None => vec![],
        };
        let mut script = |node: &Option<Box<Node>>| match node {
            Some(node) => {
                let pieces = self.all(std::slice::from_ref(&**node))?;
                Ok::<_, Problem>(Some(flat(pieces)))
            }
            None => Ok(None),
        };
        let (sub, sup) = (script(&node.sub)?, script(&node.sup)?);
        let Some(last) = base.last_mut() else {
            let here = Span::new(self.last, self.last);
            return Err(Problem::new(here, "a script without a base"));
        };
        // `{x_t}^2`: the scripts of a group with one piece are that piece's.
        if let Kind::Group(inner) = &last.kind
            && let [only] = inner.as_slice()
            && last.sub.is_none()
            && last.sup.is_none()
            && (only.sub.is_none() || sub.is_none())
            && (only.sup.is_none() || sup.is_none())
            && !matches!(only.kind, Kind::Fraction(..) | Kind::Group(_))
        {
            *last = only.clone();
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
        last.sub = sub.or(last.sub.take());
        last.sup = sup.or(last.sup.take());
        out.append(&mut base);
        Ok(())
    }

    /// What has a brace over or under it, and a label there. A label is a
    /// remark, unless it claims something.
    fn labelled(
        &mut self,
        base: &[Node],
        label: Option<&Node>,
        other: Option<&Node>,
        out: &mut Vec<Piece>,
    ) -> Result<()> {
        self.through(base, out)?;
        let label = label.map_or(&[][..], std::slice::from_ref);
        let claim = |p: &Piece| matches!(p.kind, Kind::Relation(_));
        if let Some(claim) = flat(self.all(label)?).iter().find(|p| claim(p)) {
            let message = "the label of a brace states a relation";
            return Err(Problem::new(claim.span, message)
                .hint("write it as a formula of its own"));
        }
        if other.is_some() {
            let here = Span::new(self.last, self.last);
            let message = "a script that is not the label of the brace";
            return Err(Problem::new(here, message)
                .hint("put the base in brackets, and the brace within"));
        }
        Ok(())
    }
}
