//! One factor: a number, a symbol, a bracket, a function, a big operator.

use super::expression::{Cursor, TRANSPOSED, expression, product, unexpected};
use super::names::{Head, head, separates, spelled, with_sub};
use super::pieces::{Kind as P, Piece};
use super::unknown::unknown;
use super::{Scope, calculus, probability};
use crate::expr::{Big, Expr, Function, Kind, Symbol};
use crate::span::{Problem, Result, Span};

/// How deep expressions may nest.
const DEEPEST: usize = 100;

/// The next factor with its power; none if something else follows.
pub(super) fn factor(
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Option<Expr>> {
    if scope.depth > DEEPEST {
        return Err(Problem::new(cursor.here(), "this nests too deep"));
    }
    scope.depth += 1;
    let result = any_factor(cursor, scope);
    scope.depth -= 1;
    result
}

fn any_factor(cursor: &mut Cursor, scope: &mut Scope) -> Result<Option<Expr>> {
    let Some(piece) = cursor.take() else { return Ok(None) };
    match &piece.kind {
        P::Digit(_) => number(piece, cursor, scope).map(Some),
        P::Open(open) => {
            let (inside, close) = cursor.until_close(piece)?;
            if matches!(&**open, "\\lfloor" | "\\lceil") {
                let span = piece.span.to(close.span);
                let message = "rounding to a whole number has no meaning here";
                return Err(Problem::new(span, message));
            }
            // ⟨x, y⟩
            if let ("\\langle", [x, y]) =
                (open.as_str(), split_commas(inside).as_slice())
            {
                let (x, y) = (expression(x, scope)?, expression(y, scope)?);
                let span = piece.span.to(close.span);
                let kind = Kind::Inner(Box::new(x), Box::new(y));
                return scripted(Expr::new(kind, span), close, scope).map(Some);
            }
            let mut inner = expression(inside, scope)?;
            inner.span = piece.span.to(close.span);
            scripted(inner, close, scope).map(Some)
        }
        P::Group(inside)
            if matches!(
                inside.first().map(|p| &p.kind),
                Some(P::Operator(_))
            ) =>
        {
            let message = "a sign within braces: is it one of the sum?";
            Err(Problem::new(piece.extent(), message)
                .hint("write brackets, or take the braces away"))
        }
        P::Group(inside) => {
            let mut inner = expression(inside, scope)?;
            inner.span = inner.span.to(piece.span);
            scripted(inner, piece, scope).map(Some)
        }
        P::Bar { double } => norm(piece, *double, cursor, scope).map(Some),
        P::Fraction(over, under) => {
            if let Some(derivative) =
                calculus::derivative(piece, over, under, cursor, scope)
            {
                return derivative.map(Some);
            }
            let (over, under) =
                (expression(over, scope)?, expression(under, scope)?);
            let span = over.span.to(under.span).to(piece.span);
            let kind = Kind::Quotient(Box::new(over), Box::new(under));
            scripted(Expr::new(kind, span), piece, scope).map(Some)
        }
        P::Root(degree, inside) => {
            let inner = Box::new(expression(inside, scope)?);
            let span = piece.span.to(inner.span);
            let kind = match degree {
                2 => Kind::Root(inner),
                degree => Kind::OddRoot(*degree, inner),
            };
            let root = Expr::new(kind, span);
            scripted(root, piece, scope).map(Some)
        }
        P::Cases(rows) => {
            let cases = calculus::cases(piece, rows, scope)?;
            scripted(cases, piece, scope).map(Some)
        }
        P::Big(name) if name == "\\int" => {
            calculus::integral(piece, cursor, scope).map(Some)
        }
        P::Big(name) => big(piece, name, cursor, scope).map(Some),
        P::Word(word) => self::word(piece, word, cursor, scope).map(Some),
        // A number in a font of its own, as in \mathbf{0}.
        P::Styled(_, digits)
            if digits.iter().all(|p| matches!(p.kind, P::Digit(_))) =>
        {
            let mut inner = expression(digits, scope)?;
            inner.span = inner.span.to(piece.span);
            scripted(inner, piece, scope).map(Some)
        }
        P::Letter(_) | P::Accent(..) | P::Styled(..) => {
            symbol(piece, cursor, scope).map(Some)
        }
        P::Text(text) => {
            let message = format!("words within an expression: {text}");
            Err(Problem::new(piece.extent(), message))
        }
        _ => Err(unexpected(piece)),
    }
}

/// An expression with the scripts of the piece that ends it: a power only.
pub(super) fn scripted(expr: Expr, piece: &Piece, scope: &mut Scope) -> Result<Expr> {
    if let Some(sub) = &piece.sub {
        let span = sub.first().map_or(piece.span, |p| p.span);
        let message = "a subscript on what is not a symbol";
        return Err(Problem::new(span, message));
    }
    raised(expr, piece, scope)
}

/// An expression to the power that the piece's superscript says.
fn raised(base: Expr, piece: &Piece, scope: &mut Scope) -> Result<Expr> {
    match &piece.sup {
        Some(sup) => raise(base, sup, scope),
        None => Ok(base),
    }
}

pub(super) fn raise(
    base: Expr,
    sup: &[Piece],
    scope: &mut Scope,
) -> Result<Expr> {
    if let [only] = sup
        && only.kind == P::Letter("\\top".into())
    {
        let span = base.span.to(only.span);
        let name = TRANSPOSED.to_owned();
        let symbol = Symbol { name, indices: vec![], arguments: vec![base] };
        return Ok(Expr::new(Kind::Symbol(symbol), span));
    }
    if let [open, inner @ .., close] = sup
        && matches!(open.kind, P::Open(_))
        && super::clauses::bracket(sup).is_some_and(|(n, _)| n == sup.len())
        && inner.len() == 1
    {
        let span = open.span.to(close.span);
        let message = "a superscript in brackets: a label or a power?";
        return Err(Problem::new(span, message)
            .hint("write a power without brackets, a label as a subscript"));
    }
    let exponent = expression(sup, scope)?;
    let span = base.span.to(exponent.span);
    let kind = Kind::Power(Box::new(base), Box::new(exponent));
    Ok(Expr::new(kind, span))
}

/// Digits with no space between them are one number; the last may carry a
/// power.
fn number(
    first: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let (mut text, mut span, mut last) = (String::new(), first.span, first);
    let mut next = Some(first);
    while let Some(Piece { kind: P::Digit(c), .. }) = next {
        text.push(*c);
        span = span.to(last.span);
        if last.sub.is_some() || last.sup.is_some() {
            break;
        }
        next = cursor
            .peek()
            .filter(|p| matches!(p.kind, P::Digit(_)) && !p.spaced);
        if let Some(piece) = next {
            cursor.take();
            last = piece;
        }
    }
    if text.ends_with('.') {
        let message = "a number that ends with a point";
        return Err(Problem::new(span, message));
    }
    let decimals = text.split_once('.').map_or("", |(_, after)| after);
    let digits = text.replacen('.', "", 1).parse::<i64>();
    let (Ok(digits), Ok(decimals @ 0..=18)) =
        (digits, u32::try_from(decimals.len()))
    else {
        let message = "this is not a number of at most 18 digits";
        return Err(Problem::new(span, message));
    };
    // `1\,000` looks like a thousand, `2\,3` like a product.
    let rest = cursor.pieces.get(cursor.next..).unwrap_or(&[]);
    let group = rest.iter().take_while(|p| matches!(p.kind, P::Digit(_)));
    if last.sup.is_none()
        && group.count() == 3
        && let Some(next) = rest.first().filter(|first| first.spaced)
    {
        let message = "a space between digits: one number, or a product?";
        return Err(Problem::new(span.to(next.span), message)
            .hint("write 1{,}000 for a number, \\cdot for a product"));
    }
    let number = Expr::new(Kind::Number { digits, decimals }, span);
    if let Some(sign) = cursor.peek().filter(|p| p.kind == P::Letter("\\%".into())) {
        cursor.take();
        if last.sub.is_some() || last.sup.is_some() {
            let message = "a power of a percentage";
            return Err(Problem::new(span.to(sign.span), message));
        }
        let hundred = Box::new(Expr::new(Expr::whole(100).kind, sign.span));
        let kind = Kind::Quotient(Box::new(number), hundred);
        return scripted(Expr::new(kind, span.to(sign.span)), sign, scope);
    }
    scripted(number, last, scope)
}

/// `|x|` or `‖x‖`.
fn norm(
    open: &Piece,
    double: bool,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    if open.sub.is_some() || open.sup.is_some() {
        let message = "a script on a bar that opens";
        return Err(Problem::new(open.extent(), message));
    }
    let rest = &cursor.pieces[cursor.next..];
    if let Some(norm) = two_bars(open, double, rest, cursor, scope) {
        return norm;
    }
    let mut depth = 0_i32;
    let place = rest.iter().position(|piece| {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        depth == 0 && piece.kind == P::Bar { double }
    });
    let Some(place) = place else {
        let message = "this bar is not closed by another";
        return Err(Problem::new(open.span, message));
    };
    let inner = expression(&rest[..place], scope)?;
    let close = &rest[place];
    cursor.next += place + 1;
    let span = open.span.to(close.span);
    let norm = Expr::new(Kind::Norm(Box::new(inner)), span);
    // ‖x‖_2 is the Euclidean norm, spelled out.
    let two = |sub: &[Piece]| spelled(sub) == "2";
    if close.sub.as_deref().is_some_and(two) {
        return raised(norm, close, scope);
    }
    scripted(norm, close, scope)
}

/// `||x||`: two single bars at each side.
fn two_bars(
    open: &Piece,
    double: bool,
    rest: &[Piece],
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Option<Result<Expr>> {
    let bar = |piece: &Piece| piece.kind == P::Bar { double: false };
    let first = rest.first().filter(|first| bar(first) && !double)?;
    if first.span.start != open.span.end {
        return None;
    }
    let mut depth = 0_i32;
    let place = rest.iter().skip(1).position(|piece| {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        depth == 0 && bar(piece)
    })? + 1;
    let (third, fourth) = (rest.get(place)?, rest.get(place + 1)?);
    if !bar(fourth) || third.span.end != fourth.span.start {
        return None;
    }
    let bare = |piece: &Piece| piece.sub.is_none() && piece.sup.is_none();
    let span = open.span.to(fourth.span);
    if !bare(first) || !bare(third) {
        let message = "a script within a norm";
        return Some(Err(Problem::new(span, message)));
    }
    cursor.next += place + 2;
    let inner = match expression(&rest[1..place], scope) {
        Ok(inner) => inner,
        Err(problem) => return Some(Err(problem)),
    };
    let norm = Expr::new(Kind::Norm(Box::new(inner)), span);
    let two = |sub: &[Piece]| spelled(sub) == "2";
    if fourth.sub.as_deref().is_some_and(two) {
        return Some(raised(norm, fourth, scope));
    }
    Some(scripted(norm, fourth, scope))
}

/// `\sum_{s=1}^{t} body` and `\prod`: the body is the rest of the term.
fn big(
    piece: &Piece,
    name: &str,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint(format!("write {name}_{{s=1}}^{{T}}"))
    };
    let sub = piece.sub.as_deref().unwrap_or(&[]);
    let (first, rest) = sub
        .split_first()
        .ok_or_else(|| bad("the running index is not said"))?;
    let Some(Head { name: index, sub: None, sup: None }) = head(first) else {
        return Err(bad("this cannot be a running index"));
    };
    let declared = scope.notation.indices.get(&index).cloned();
    let mut from = match rest.split_first() {
        None => None,
        Some((relation, value)) => {
            let value = expression(value, scope)?;
            let P::Relation(text) = &relation.kind else {
                return Err(bad("the range of the index is not clear"));
            };
            match text.as_str() {
                "=" | "\\ge" | "\\geq" | "≥" => Some(value),
                ">" => {
                    let kind = Kind::Sum(vec![
                        (false, value),
                        (false, Expr::whole(1)),
                    ]);
                    Some(Expr::new(kind, relation.span))
                }
                _ => return Err(bad("the range of the index is not clear")),
            }
        }
    };
    let mut to = match &piece.sup {
        Some(sup) => Some(expression(sup, scope)?),
        None => None,
    };
    // A range that is not written out is that of the notation.
    if let Some((low, high)) = declared {
        from = from.or_else(|| Some(low.expr()));
        to = to.or_else(|| Some(high.expr()));
    }
    let (Some(from), Some(to)) = (from, to) else {
        return Err(bad("the range of the index is not said"));
    };
    // A second product over the same index is not within the first.
    let rest = &cursor.pieces[cursor.next..];
    let mut depth = 0_i32;
    let again = |piece: &Piece| {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        let runs = piece.sub.as_deref().and_then(|sub| head(sub.first()?));
        depth == 0
            && matches!(piece.kind, P::Big(_))
            && runs.is_some_and(|head| head.name == index)
    };
    let places: Vec<bool> = rest.iter().map(again).collect();
    // Nested ones stand right behind each other.
    let nested =
        rest.iter().take_while(|p| matches!(p.kind, P::Big(_))).count();
    let end = places.iter().skip(nested).position(|&again| again);
    let end = end.map_or(rest.len(), |i| i + nested);
    scope.bound.push(index.clone());
    let mut inner = Cursor::new(&rest[..end]);
    let body = product(&mut inner, scope);
    cursor.next += inner.next.min(end);
    scope.bound.pop();
    let body = body?;
    let span = piece.extent().to(body.span);
    let product = name == "\\prod";
    let big = Big { product, index, from, to, body };
    Ok(Expr::new(Kind::Big(Box::new(big)), span))
}

/// The function that a word names.
fn function(word: &str) -> Option<Function> {
    match word {
        "log" | "ln" => Some(Function::Log),
        "exp" => Some(Function::Exp),
        "sin" => Some(Function::Sin),
        "cos" => Some(Function::Cos),
        "tanh" => Some(Function::Tanh),
        _ => None,
    }
}

/// `\log`, `\exp`, `\mathrm{KL}` and the like.
fn word(
    piece: &Piece,
    word: &str,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let Some(function) = function(word) else {
        return match word {
            "KL" => probability::divergence(piece, cursor, scope),
            "E" => probability::expectation(piece, cursor, scope),
            "min" | "max" => {
                calculus::extremum(piece, word == "max", cursor, scope)
            }
            _ => symbol(piece, cursor, scope),
        };
    };
    if let Some(sub) = &piece.sub {
        let span = sub.first().map_or(piece.span, |p| p.span);
        return Err(Problem::new(span, "a logarithm to another base")
            .hint("divide by the logarithm of the base"));
    }
    let called = |argument: Expr, end: Span| {
        let kind = Kind::Function(function, Box::new(argument));
        Expr::new(kind, piece.span.to(end))
    };
    let Some(next) = cursor.peek() else {
        return Err(Problem::new(piece.span, "its argument is missing"));
    };
    // A power behind the bracket is one of the value: f(x)^2 is (f(x))^2.
    let (value, power) = match &next.kind {
        P::Open(_) => {
            cursor.take();
            let (inside, close) = cursor.until_close(next)?;
            (called(expression(inside, scope)?, close.span), Some(close))
        }
        // f{(x)}
        P::Group(inside)
            if matches!(inside.first().map(|p| &p.kind), Some(P::Open(_))) =>
        {
            cursor.take();
            (called(expression(inside, scope)?, next.span), Some(next))
        }
        _ => {
            let argument = argument(cursor, scope)?;
            let end = argument.span;
            (called(argument, end), None)
        }
    };
    if piece
        .sup
        .as_deref()
        .is_some_and(|sup| spelled(sup).starts_with(['-', '−']))
    {
        let message = "an inverse function, or one over it?";
        return Err(Problem::new(piece.extent(), message));
    }
    let value = raised(value, piece, scope)?;
    match power {
        Some(close) => scripted(value, close, scope),
        None => Ok(value),
    }
}

/// The argument of a function without brackets: the factors up to the next
/// sign or function.
fn argument(cursor: &mut Cursor, scope: &mut Scope) -> Result<Expr> {
    let rest = &cursor.pieces[cursor.next..];
    let is_function = |piece: &Piece| match &piece.kind {
        P::Word(word) => function(word).is_some(),
        _ => false,
    };
    // `\log \exp(a)`: a function right behind is the argument.
    let end = rest.iter().skip(1).position(is_function);
    let end = end.map_or(rest.len(), |i| i + 1);
    let mut inner = Cursor::new(&rest[..end]);
    let result = product(&mut inner, scope)?;
    cursor.next += inner.next.min(end);
    Ok(result)
}

/// A symbol with its indices, arguments and power.
pub(super) fn symbol(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let Some(head) = head(piece) else {
        let message = "this cannot be read as a symbol";
        return Err(Problem::new(piece.extent(), message));
    };
    if let Some(special) = probability::special(piece, &head, cursor, scope) {
        return special;
    }
    let (name, indices) = resolve(&head, scope)?;
    let arguments = arguments(piece, &name, cursor, scope)?;
    let inverse = head.sup.as_deref().is_some_and(|sup| {
        matches!(sup.first().map(|p| &p.kind), Some(P::Operator(sign)) if matches!(&**sign, "-" | "−"))
    });
    if inverse && arguments.is_some() {
        let message = "an inverse function, or one over it?";
        return Err(Problem::new(piece.extent(), message)
            .hint("write \\frac{1}{f(a)} for one over it"));
    }
    let (arguments, close) = match arguments {
        Some((arguments, close)) => (arguments, Some(close)),
        None => (vec![], None),
    };
    let symbol = Symbol { name, indices, arguments };
    if let Some(entry) = entry(piece, &symbol, scope) {
        return match &head.sup {
            Some(sup) => raise(entry, sup, scope),
            None => Ok(entry),
        };
    }
    let Symbol { name, indices, arguments } = &symbol;
    let known = scope.notation.symbols.contains_key(&symbol.id())
        || arguments.is_empty() && indices.is_empty() && scope.is_whole(name);
    if !known {
        return Err(unknown(piece, &symbol, scope));
    }
    let mut span = piece.extent();
    if let Some(close) = close {
        span = span.to(close.span);
    }
    let mut expr = Expr::new(Kind::Symbol(symbol), span);
    if let Some(sup) = &head.sup {
        expr = raise(expr, sup, scope)?;
    }
    match close {
        Some(close) => scripted(expr, close, scope),
        None => Ok(expr),
    }
}

/// The name and the indices of a symbol: a subscript may be either.
fn resolve(head: &Head, scope: &mut Scope) -> Result<(String, Vec<Expr>)> {
    let Some(sub) = &head.sub else { return Ok((head.name.clone(), vec![])) };
    let whole = with_sub(&head.name, sub);
    let named =
        |name: &str| scope.notation.symbols.keys().any(|id| id.name == name);
    if named(&whole) {
        return Ok((whole, vec![]));
    }
    match indices(sub, scope)? {
        Some(indices) => Ok((head.name.clone(), indices)),
        None => Ok((whole, vec![])),
    }
}

/// A subscript as indices, if it is made of whole numbers.
pub(super) fn indices(
    sub: &[Piece],
    scope: &mut Scope,
) -> Result<Option<Vec<Expr>>> {
    let whole = |piece: &Piece| match &piece.kind {
        P::Digit(_) | P::Operator(_) => true,
        _ if separates(piece) => true,
        P::Open(_) | P::Close(_) => true,
        _ => head(piece)
            .is_some_and(|h| h.sub.is_none() && scope.is_whole(&h.name)),
    };
    if !sub.iter().all(whole) {
        return Ok(None);
    }
    let parts = sub.split(separates);
    let indices = parts.map(|part| expression(part, scope));
    indices.collect::<Result<_>>().map(Some)
}

type Call<'a> = (Vec<Expr>, &'a Piece);

/// The arguments of a symbol that the notation knows as a function.
fn arguments<'a>(
    piece: &Piece,
    name: &str,
    cursor: &mut Cursor<'a>,
    scope: &mut Scope,
) -> Result<Option<Call<'a>>> {
    let symbols = &scope.notation.symbols;
    let arities: Vec<usize> = symbols
        .keys()
        .filter(|id| id.name == name && id.arguments > 0)
        .map(|id| id.arguments)
        .collect();
    let Some(open) = cursor.peek() else { return Ok(None) };
    if !matches!(open.kind, P::Open(_)) {
        return Ok(None);
    }
    let before = cursor.next;
    cursor.take();
    let (inside, close) = cursor.until_close(open)?;
    let commas = top_commas(inside);
    if arities.is_empty() && commas == 0 {
        cursor.next = before; // a product
        return Ok(None);
    }
    if !arities.contains(&(commas + 1)) {
        let span = piece.extent().to(close.span);
        let message =
            format!("{name} is not known as a function of {}", commas + 1);
        let hint = if arities.is_empty() {
            "declare it with its parameters in the notation file".to_owned()
        } else {
            format!("the notation has it with {arities:?} arguments")
        };
        return Err(Problem::new(span, message).hint(hint));
    }
    let arguments = split_commas(inside)
        .into_iter()
        .map(|part| expression(part, scope))
        .collect::<Result<Vec<_>>>()?;
    Ok(Some((arguments, close)))
}

fn top_commas(pieces: &[Piece]) -> usize {
    split_commas(pieces).len() - 1
}

/// Splits at the commas that are in no bracket.
pub(super) fn split_commas(pieces: &[Piece]) -> Vec<&[Piece]> {
    let (mut parts, mut depth, mut start) = (vec![], 0_i32, 0);
    for (i, piece) in pieces.iter().enumerate() {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Comma(_) if depth == 0 => {
                parts.push(&pieces[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&pieces[start..]);
    parts
}

/// `x_j`: an entry of a vector that has no index of its own.
fn entry(piece: &Piece, symbol: &Symbol, scope: &Scope) -> Option<Expr> {
    let Symbol { name, indices, arguments } = symbol;
    let [index] = indices.as_slice() else { return None };
    let symbols = &scope.notation.symbols;
    let vector = symbols.get(&crate::expr::Id::plain(name))?;
    let family = symbols.keys().any(|id| id.name == *name && id.indices > 0);
    let is_vector = vector.sort == crate::notation::Sort::Vector;
    if !is_vector || family || !arguments.is_empty() {
        return None;
    }
    let counts = match &index.kind {
        Kind::Number { decimals: 0, digits } => *digits > 0,
        Kind::Symbol(symbol) => scope.bound.contains(&symbol.name),
        _ => false,
    };
    if !counts {
        return None;
    }
    let whole = Symbol { indices: vec![], ..symbol.clone() };
    let whole = Expr::new(Kind::Symbol(whole), piece.span);
    let kind = Kind::Entry(Box::new(whole), Box::new(index.clone()));
    Some(Expr::new(kind, piece.extent()))
}
