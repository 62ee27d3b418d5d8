//! Variables that a subscript draws from a distribution: `x \sim q(x)`.

use super::Scope;
use super::brackets::bracket;
use super::densities::variables;
use super::expectations::one_over;
use super::expression::expression;
use super::names::{head, spelled};
use super::pieces::{Kind as P, Piece};
use super::primary::split_commas;
use super::probability::process;
use crate::expr::{Density, Expr, Kind, Over};
use crate::notation::Sort;
use crate::span::{Problem, Result, Span};
use crate::value::Interval;

/// Reads `x \sim q(x)` in a subscript. The variable must be the density's
/// variable, a uniform index, or a symbol with a Gaussian distribution.
pub(super) fn drawn(
    variable: &[Piece],
    law: &[Piece],
    piece: &Piece,
    scope: &mut Scope,
) -> Result<Option<Over>> {
    let place = variable.iter().chain(law).map(Piece::extent);
    let span = place.reduce(Span::to).unwrap_or(piece.extent());
    let named = law.first().and_then(head);
    if let Some(name) = named.and_then(|head| process(&head, scope)) {
        return of_process(variable, law, piece, (name, span), scope).map(Some);
    }
    if let [index] = variable
        && let Some(head) = head(index)
        && head.sub.is_none()
        && head.sup.is_none()
        && scope.notation.indices.contains_key(&head.name)
    {
        let range = uniform(law, span, scope)?;
        return Ok(Some(Over::Index(head.name, Some(Box::new(range)))));
    }
    let distribution = expression(law, scope)?;
    let Kind::Symbol(symbol) = expression(variable, scope)?.kind else {
        return Ok(None);
    };
    let Kind::Normal(normal) = &distribution.kind else { return Ok(None) };
    let Some(declared) = scope.notation.symbols.get(&symbol.id()) else {
        return Ok(None);
    };
    let bad = |message: String| Problem::new(span, message);
    if normal.at.is_some() {
        return Err(bad("a density in place of a distribution".into())
            .hint("write \\mathcal N(m, v I)"));
    }
    if declared.standard_normal {
        let is = |e: &Expr, value: i64| e.kind == Expr::whole(value).kind;
        let fits = is(&normal.mean, 0)
            && is(&normal.variance, 1)
            && normal.of_vectors == (declared.sort == Sort::Vector);
        if fits {
            return Ok(Some(Over::Variable(symbol)));
        }
        let message = format!("{} is not declared so", symbol.name);
        return Err(bad(message).hint(
            "declare it with standard_normal = true, and write \\mathcal N(0, I)",
        ));
    }
    let free = declared.means.is_none()
        && symbol.arguments.is_empty()
        && declared.domain == Interval::REALS;
    if !free {
        let message = format!(
            "{} has a meaning or a domain of its own, and is drawn from \
             another",
            symbol.name
        );
        return Err(bad(message));
    }
    Ok(Some(Over::Drawn(symbol, Box::new(distribution))))
}

/// Reads `x \sim q(x)`, or `x_0 \sim q`.
fn of_process(
    variable: &[Piece],
    law: &[Piece],
    piece: &Piece,
    (name, span): (String, Span),
    scope: &mut Scope,
) -> Result<Over> {
    let over = one_over(law, piece, scope)?;
    let family = scope.notation.processes[&name].variable.clone();
    let close = Piece::new(P::Group(vec![]), span);
    let of = variables(variable, &family, &close, scope)?;
    let Over::Density(density) = &over else {
        // `x_0 \sim q` means the marginal of the variable.
        let density = Density { name, of: vec![of], given: vec![] };
        return Ok(Over::Density(density));
    };
    if density.of.as_slice() != [of] {
        let message = "the variable is not the one of the density";
        return Err(Problem::new(span, message)
            .hint("write x \\sim q(x), with the same variable"));
    }
    Ok(over)
}

/// Returns the ends of `\mathcal U(1, T)` or `\{1, \dots, T\}`.
fn uniform(
    law: &[Piece],
    span: Span,
    scope: &mut Scope,
) -> Result<(Expr, Expr)> {
    let bad = || {
        Problem::new(span, "the numbers that this index takes are unclear")
            .hint("write t \\sim \\mathcal U(1, T)")
    };
    let is_bracket = |p: &Piece| matches!(p.kind, P::Open(_));
    let (first, rest) = law.split_first().ok_or_else(bad)?;
    let is_named = !is_bracket(first);
    let inside = if is_named {
        let name = spelled(std::slice::from_ref(first));
        let known =
            ["\\mathcal{U}", "\\mathrm{Uniform}", "\\mathrm{Unif}", "U"];
        let declared = scope.notation.symbols.keys().any(|id| id.name == name);
        if !known.contains(&name.as_str()) || declared {
            return Err(bad());
        }
        rest
    } else {
        law
    };
    let inside = within(inside).ok_or_else(bad)?;
    let (inside, nested) = match inside.first() {
        Some(first) if is_bracket(first) => {
            (within(inside).ok_or_else(bad)?, true)
        }
        _ => (inside, false),
    };
    let is_dots = |part: &[Piece]| matches!(part, [one] if one.kind == P::Dots);
    let parts = split_commas(inside);
    let (from, to) = match parts.as_slice() {
        // A set in braces is a range only if it has dots.
        [from, to] if is_named && !nested => (*from, *to),
        [from, dots, to] if is_dots(dots) => (*from, *to),
        [from, next, dots, to] if is_dots(dots) => {
            let (first, next) =
                (expression(from, scope)?, expression(next, scope)?);
            let number = |e: &Expr| match e.kind {
                Kind::Number { digits, decimals: 0 } => Some(digits),
                _ => None,
            };
            match (number(&first), number(&next)) {
                (Some(a), Some(b)) if a + 1 == b => (*from, *to),
                _ => return Err(bad()),
            }
        }
        _ => return Err(bad()),
    };
    Ok((expression(from, scope)?, expression(to, scope)?))
}

/// Returns the content of a bracket, if nothing else is in the pieces.
fn within(pieces: &[Piece]) -> Option<&[Piece]> {
    let (length, _) = bracket(pieces)?;
    let [open, inside @ .., close] = pieces else { return None };
    let plain = |p: &Piece| p.sub.is_none() && p.sup.is_none();
    (length == pieces.len() && plain(open) && plain(close)).then_some(inside)
}
