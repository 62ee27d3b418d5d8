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
    Term(Result<Expr>),
}

/// Sides joined by relations. A side that cannot be read spoils only the
/// relations that it takes part in.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) sides: Vec<(Result<Expr>, Span)>,
    pub(crate) relations: Vec<(Result<Relation>, Span)>,
    /// `\text{for } t \ge 2`: chains that must hold for this one to apply.
    pub(crate) conditions: Vec<Chain>,
    /// Whether it is a list such as `t = 1, \dots, T`, which claims nothing.
    pub(crate) list: bool,
}

/// Reads all that the pieces of one formula say.
pub(crate) fn statements(
    pieces: &[Piece],
    scope: &mut Scope,
) -> Vec<Statement> {
    let whole = scope.notation.indices.keys().cloned().collect();
    let mut reader = Reader { whole, done: vec![], raw: Raw::default() };
    reader.read(pieces);
    let mut said: Vec<Statement> = vec![];
    for raw in reader.done {
        let Some(statement) = raw.read(scope) else { continue };
        // What sets an index behind a claim is a condition on the claim.
        match (said.last_mut(), statement) {
            (Some(Statement::Chain(claim)), Statement::Chain(chain))
                if !claim.sets_index(scope) && chain.sets_index(scope) =>
            {
                claim.conditions.push(chain);
            }
            (_, statement) => said.push(statement),
        }
    }
    said
}

impl Chain {
    /// Whether it only says what values an index takes.
    fn sets_index(&self, scope: &Scope) -> bool {
        let pairs = self.sides.windows(2);
        let relation = |(relation, _): &(Result<Relation>, Span)| matches!(relation, Ok(relation) if *relation != Relation::Defines);
        self.relations.iter().all(relation)
            && pairs.into_iter().all(|pair| match pair {
                [(Ok(left), _), (Ok(right), _)] => {
                    crate::define::sets_index(left, right, scope.notation)
                }
                _ => false,
            })
    }
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
    /// The names of indices.
    whole: Vec<String>,
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
                P::Line => {
                    depth = 0;
                    self.finish();
                }
                P::Break => match next {
                    // A line that begins so goes on with the one before;
                    // `\\\\ -a = b` does not.
                    Some(P::Relation(_)) => {}
                    Some(P::Operator(sign))
                        if sign == "+" || !has_relation(&pieces[i + 1..]) => {}
                    _ if self.incomplete() || depth > 0 => {}
                    _ => {
                        depth = 0;
                        self.finish();
                    }
                },
                P::Comma(_) if depth <= 0 => {
                    let dots =
                        next == Some(&P::Dots) || leads_to_dots(&pieces[i..]);
                    if dots && self.is_list_of_indices() {
                        // `t = 1, \dots, T`
                        self.raw.list = true;
                        self.side().push(piece.clone());
                    } else if self.raw.list && self.open_list() {
                        self.side().push(piece.clone());
                    } else {
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

    /// Whether what stands here so far is `t = 1`, or terms without a relation.
    fn is_list_of_indices(&self) -> bool {
        match (self.raw.relations.as_slice(), self.raw.sides.as_slice()) {
            ([], _) => true,
            ([(sign, _)], [name, _]) => {
                let name = match name.as_slice() {
                    [only] => head(only),
                    _ => None,
                };
                sign == "="
                    && name.is_some_and(|h| {
                        h.sub.is_none() && self.whole.contains(&h.name)
                    })
            }
            _ => false,
        }
    }

    /// Whether the dots of a list stand last, so that its end must follow.
    fn open_list(&mut self) -> bool {
        self.side().last().is_some_and(|p| p.kind == P::Dots)
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

/// Whether a relation stands before the line ends.
fn has_relation(pieces: &[Piece]) -> bool {
    let line = pieces
        .iter()
        .take_while(|p| !matches!(p.kind, P::Break | P::Line | P::Comma(_)));
    line.into_iter().any(|p| matches!(p.kind, P::Relation(_)))
}

/// Whether a comma leads on to the dots of a list: `, 1, \dots`.
fn leads_to_dots(pieces: &[Piece]) -> bool {
    let rest = pieces.iter().skip(1);
    let next: Vec<&P> = rest
        .map(|p| &p.kind)
        .skip_while(|kind| matches!(kind, P::Digit(_)))
        .take(2)
        .collect();
    matches!(next.as_slice(), [P::Comma(_), P::Dots])
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
            // `x_0, x_1, \dots, x_T` is a list of terms.
            if side.iter().any(|p| p.kind == P::Dots) {
                let bad = side
                    .split(|p| matches!(p.kind, P::Comma(_)))
                    .filter(|part| {
                        !matches!(part, [] | [Piece { kind: P::Dots, .. }])
                    })
                    .find_map(|part| expression(part, scope).err());
                return bad.map(|bad| Statement::Term(Err(bad)));
            }
            // An index or a process alone, or a name such as `p_\theta`.
            if let [only] = side.as_slice()
                && let Some(head) = head(only)
                && is_name(&head, scope)
            {
                return None;
            }
            // A tuple is no expression; its entries are.
            if let [open, inner @ .., close] = side.as_slice()
                && matches!(open.kind, P::Open(_))
                && matches!(close.kind, P::Close(_))
                && inner.iter().any(|p| matches!(p.kind, P::Comma(_)))
            {
                let bad = inner
                    .split(|p| matches!(p.kind, P::Comma(_)))
                    .find_map(|part| expression(part, scope).err());
                return bad.map(|bad| Statement::Term(Err(bad)));
            }
            return Some(Statement::Term(expression(&side, scope)));
        }
        self.chain(scope).map(Statement::Chain)
    }

    /// `t = 1, \dots, T` or `t \in \{1, \dots, T\}` as `1 \le t \le T`.
    fn as_list(&self, scope: &mut Scope) -> Option<Chain> {
        let [name, values] = self.sides.as_slice() else { return None };
        let [(sign, span)] = self.relations.as_slice() else { return None };
        let values = match (sign.as_str(), values.as_slice()) {
            ("=", values) if self.list => values,
            ("\\in" | "∈", [open, inner @ .., close])
                if matches!(open.kind, P::Open(_))
                    && matches!(close.kind, P::Close(_)) =>
            {
                inner
            }
            _ => return None,
        };
        let dots = values.iter().position(|p| p.kind == P::Dots)?;
        let comma = |p: &Piece| matches!(p.kind, P::Comma(_));
        let first = values[..dots].split(comma).next()?;
        let last = values[dots + 1..].rsplit(comma).next()?;
        let ends = [first, last];
        let side = |pieces: &[Piece], scope: &mut Scope| {
            (expression(pieces, scope), extent(pieces))
        };
        let sides =
            vec![side(ends[0], scope), side(name, scope), side(ends[1], scope)];
        let relations = vec![(Ok(Relation::LessEqual), *span); 2];
        Some(Chain { sides, relations, conditions: vec![], list: true })
    }

    fn chain(self, scope: &mut Scope) -> Option<Chain> {
        if self.relations.is_empty() {
            return None; // `for all t` sets no condition
        }
        if let Some(list) = self.as_list(scope) {
            return Some(list);
        }
        // That something is an element of a set claims nothing here.
        if self.relations.iter().any(|(sign, _)| sign == "\\in" || sign == "∈")
        {
            return None;
        }
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
    let family = |id: &crate::expr::Id| id.name == name;
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
