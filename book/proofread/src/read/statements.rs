//! What a formula says: chains of relations, and conditions on them.

use super::Scope;
use super::expression::expression;
use super::names::head;
use super::pieces::{Kind as P, Piece};
use crate::expr::Expr;
use crate::span::{Problem, Result, Span};

/// A relation between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// `=`
    Equal,
    /// `:=` or `\coloneqq`: the left side is defined.
    Defines,
    /// `\ne`
    NotEqual,
    /// `<`
    Less,
    /// `\le`
    LessEqual,
    /// `>`
    Greater,
    /// `\ge`
    GreaterEqual,
    /// `\approx`
    Approximately,
    /// `\propto`
    Proportional,
    /// `\sim`
    Distributed,
    /// `\to`
    Tends,
}

/// One thing that a formula says.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    /// `a = b = c`.
    Chain(Chain),
    /// An expression alone, which claims nothing.
    Term(Result<Expr>, Span),
}

/// Sides joined by relations. A side that cannot be read spoils only the
/// relations that it takes part in.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) sides: Vec<(Result<Expr>, Span)>,
    pub(crate) relations: Vec<(Result<Relation>, Span)>,
    /// `\text{for } t \ge 2`: chains that must hold for this one to apply.
    pub(crate) conditions: Vec<Chain>,
    /// The index of a list such as `t = 1, \dots, T`, which claims nothing.
    pub(crate) list: bool,
}

/// Reads all that the pieces of one formula say.
pub(crate) fn statements(
    pieces: &[Piece],
    scope: &mut Scope,
) -> Vec<Statement> {
    let mut reader = Reader { done: vec![], raw: Raw::default() };
    reader.read(pieces);
    reader.done.into_iter().filter_map(|raw| raw.read(scope)).collect()
}

/// A statement before its sides are read.
#[derive(Clone, Debug, Default)]
struct Raw {
    sides: Vec<Vec<Piece>>,
    relations: Vec<(String, Span)>,
    conditions: Vec<Raw>,
    list: bool,
    /// Whether this is a condition on the statement before.
    condition: bool,
}

struct Reader {
    done: Vec<Raw>,
    raw: Raw,
}

impl Reader {
    fn read(&mut self, pieces: &[Piece]) {
        let pieces = unwrap_aligned(pieces);
        let mut depth = 0_i32;
        let mut i = 0;
        while let Some(piece) = pieces.get(i) {
            match &piece.kind {
                P::Open(_) => depth += 1,
                P::Close(_) => depth -= 1,
                _ => {}
            }
            let next = pieces.get(i + 1).map(|p| &p.kind);
            match &piece.kind {
                P::Relation(text) if depth <= 0 => {
                    if self.raw.sides.is_empty() {
                        self.raw.sides.push(vec![]);
                    }
                    self.raw.relations.push((text.clone(), piece.span));
                    self.raw.sides.push(vec![]);
                }
                P::Break => match next {
                    // A line that begins so goes on with the one before.
                    Some(P::Relation(_) | P::Operator(_)) => {}
                    _ if self.incomplete() || depth > 0 => {}
                    _ => {
                        depth = 0;
                        self.finish();
                    }
                },
                P::Comma(_) if depth <= 0 => {
                    if next == Some(&P::Dots) {
                        // `t = 1, \dots, T`
                        self.raw.list = true;
                        i += 1;
                    } else if !self.raw.list {
                        self.finish();
                    }
                }
                P::Text(text) if depth <= 0 => {
                    let first = text.split_whitespace().next().unwrap_or("");
                    let condition = matches!(
                        first.trim_end_matches(','),
                        "for" | "if" | "when" | "where" | "with"
                    );
                    self.finish();
                    self.raw.condition =
                        condition && !text.starts_with("where");
                }
                _ => self.side().push(piece.clone()),
            }
            i += 1;
        }
        self.finish();
    }

    fn side(&mut self) -> &mut Vec<Piece> {
        if self.raw.sides.is_empty() {
            self.raw.sides.push(vec![]);
        }
        let last = self.raw.sides.len() - 1;
        &mut self.raw.sides[last]
    }

    /// Whether more must follow: nothing, a relation or an operator is last.
    fn incomplete(&self) -> bool {
        match self.raw.sides.last() {
            None => false,
            Some(side) => side
                .last()
                .is_none_or(|last| matches!(last.kind, P::Operator(_))),
        }
    }

    fn finish(&mut self) {
        let mut raw = std::mem::take(&mut self.raw);
        // A full stop ends a sentence, not a number.
        if let Some(side) = raw.sides.last_mut()
            && side.last().is_some_and(|p| p.kind == P::Digit('.'))
        {
            side.pop();
        }
        if raw.sides.iter().all(Vec::is_empty) && raw.relations.is_empty() {
            self.raw.condition = raw.condition;
            return;
        }
        match self.done.last_mut() {
            Some(before) if raw.condition => before.conditions.push(raw),
            _ => self.done.push(raw),
        }
    }
}

/// `\begin{aligned}…\end{aligned}` alone is what it holds.
fn unwrap_aligned(mut pieces: &[Piece]) -> &[Piece] {
    while let [only] = pieces
        && let P::Group(inner) = &only.kind
        && only.sub.is_none()
        && only.sup.is_none()
        && !matches!(
            inner.first().map(|p| &p.kind),
            Some(P::Open(_) | P::Bar { .. })
        )
    {
        pieces = inner;
    }
    pieces
}

impl Raw {
    fn read(self, scope: &mut Scope) -> Option<Statement> {
        if self.relations.is_empty() {
            let side = self.sides.into_iter().next()?;
            let span = extent(&side);
            // An index or a process alone, or a name such as `p_\theta`.
            if let [only] = side.as_slice()
                && let Some(head) = head(only)
                && is_name(&head, scope)
            {
                return None;
            }
            if side.iter().all(|p| p.kind == P::Dots) {
                return None;
            }
            return Some(Statement::Term(expression(&side, scope), span));
        }
        self.chain(scope).map(Statement::Chain)
    }

    fn chain(self, scope: &mut Scope) -> Option<Chain> {
        let relations: Vec<_> = self
            .relations
            .iter()
            .map(|(text, span)| (relation(text, *span), *span))
            .collect();
        let mut sides: Vec<(Result<Expr>, Span)> = vec![];
        for (i, side) in self.sides.iter().enumerate() {
            let place = match i.checked_sub(1) {
                Some(before) => relations[before].1,
                None => relations[0].1,
            };
            if side.is_empty() {
                let message = "a side of this relation is missing";
                sides.push((Err(Problem::new(place, message)), place));
                continue;
            }
            // Of `t = 1, \dots, T` only the ends are read.
            sides.push((expression(side, scope), extent(side)));
        }
        let conditions = self
            .conditions
            .into_iter()
            .filter_map(|condition| condition.chain(scope))
            .collect();
        Some(Chain { sides, relations, conditions, list: self.list })
    }
}

/// Whether a symbol alone is one that needs no value: an index, a size, a
/// process, or a family without its index.
fn is_name(head: &super::names::Head, scope: &Scope) -> bool {
    let name = match &head.sub {
        Some(sub) => super::names::with_sub(&head.name, sub),
        None => head.name.clone(),
    };
    let family = |(known, _): &(String, usize)| *known == name;
    scope.notation.processes.contains_key(&name)
        || scope.is_whole(&name)
        || scope.notation.symbols.keys().any(family)
}

fn extent(pieces: &[Piece]) -> Span {
    pieces.iter().map(Piece::extent).reduce(Span::to).unwrap_or_default()
}

fn relation(text: &str, span: Span) -> Result<Relation> {
    Ok(match text {
        "=" => Relation::Equal,
        "\\coloneqq" | ":=" | "≔" | "\\mathrel{:}=" | "\\triangleq" => {
            Relation::Defines
        }
        "\\ne" | "\\neq" | "≠" => Relation::NotEqual,
        "<" | "\\lt" => Relation::Less,
        "\\le" | "\\leq" | "≤" | "\\leqslant" => Relation::LessEqual,
        ">" | "\\gt" => Relation::Greater,
        "\\ge" | "\\geq" | "≥" | "\\geqslant" => Relation::GreaterEqual,
        "\\approx" | "≈" | "\\simeq" => Relation::Approximately,
        "\\propto" | "∝" => Relation::Proportional,
        "\\sim" | "∼" => Relation::Distributed,
        "\\to" | "\\rightarrow" | "→" | "\\longrightarrow" => Relation::Tends,
        other => {
            let message = format!("the relation {other} has no meaning here");
            return Err(Problem::new(span, message));
        }
    })
}
