//! The random symbols of an expectation's body that no subscript names.

use super::key;
use crate::eval::{Eval, Key};
use crate::expr::{Expectation, Expr, Kind, Over, Symbol};
use crate::value::Trouble;

/// Finds the noise and the process variables in the body and in the given
/// distributions, directly or through definitions. Without a subscript, adds
/// the noise to `normals`.
///
/// # Errors
/// If noise is missing from the subscript, or if an expectation without a
/// subscript is not over the process of a variable in its body.
pub(super) fn unnamed(
    eval: &Eval,
    expectation: &Expectation,
    normals: &mut Vec<Key>,
    covered: Option<&str>,
) -> Result<(), Trouble> {
    let notation = eval.notation;
    let is_bound =
        |name: &str| eval.overlay.iter().any(|((n, _), _)| n == name);
    let laws = expectation.over.iter().filter_map(|over| match over {
        Over::Drawn(_, law) => Some(&**law),
        _ => None,
    });
    let all = laws.chain([&expectation.body]);
    let all: Vec<_> = all.flat_map(|e| spoken_of(eval, e)).collect();
    let drawn = |name: &str| {
        expectation
            .over
            .iter()
            .any(|over| matches!(over, Over::Drawn(s, _) if s.name == *name))
    };
    for (symbol, hidden) in all {
        let name = &symbol.name;
        let is_noise = notation
            .symbols
            .get(&symbol.id())
            .is_some_and(|d| d.standard_normal);
        let of_process = notation
            .processes
            .values()
            .any(|p| p.variable == *name && Some(name.as_str()) != covered);
        if !is_noise && !of_process || drawn(name) {
            continue;
        }
        let with_subscript = !expectation.over.is_empty();
        if is_bound(name) {
            // An enclosing expectation binds this symbol. The symbol is fixed
            // here if this expectation has its own subscript.
            if with_subscript {
                continue;
            }
            let why = "a mean without a subscript inside of another: what is \
                       it over?";
            return Err(Trouble::Unsupported(why.into()));
        }
        let family = hidden && is_noise && !symbol.indices.is_empty();
        if family && !with_subscript {
            // The entries that a definition uses are unknown here, so an
            // expectation without a subscript is over all of them.
            for key in entries(eval, &symbol)? {
                if !normals.contains(&key) {
                    normals.push(key);
                }
            }
            continue;
        }
        if is_noise && !family && normals.iter().any(|(known, _)| known == name)
        {
            let known = key(eval, &symbol).map_err(|_| running())?;
            if normals.contains(&known) {
                continue;
            }
        }
        if is_noise && !with_subscript && !hidden {
            normals.push(key(eval, &symbol).map_err(|_| running())?);
        } else if is_noise && !with_subscript && symbol.indices.is_empty() {
            normals.push((name.clone(), vec![]));
        } else if is_noise || !with_subscript {
            let why =
                format!("{name} is random, but the expectation is not over it");
            return Err(Trouble::Unsupported(why));
        }
    }
    Ok(())
}

/// Returns all entries of a noise family.
fn entries(eval: &Eval, symbol: &Symbol) -> Result<Vec<Key>, Trouble> {
    let declared = eval.notation.symbols.get(&symbol.id());
    let range = declared.and_then(|d| d.range.as_ref());
    let (Some((low, high)), [_], None) =
        (range, symbol.indices.as_slice(), &eval.store.large)
    else {
        return Err(running());
    };
    let entry = |index| (symbol.name.clone(), vec![index]);
    Ok((eval.bound(low)..=eval.bound(high)).map(entry).collect())
}

fn running() -> Trouble {
    let why = "a mean over noise whose index runs: write what it is over";
    Trouble::Unsupported(why.into())
}

/// Returns the symbols of an expression and of the definitions that it uses,
/// each with whether the symbol occurs in a definition.
pub(super) fn spoken_of(eval: &Eval, body: &Expr) -> Vec<(Symbol, bool)> {
    let mut found: Vec<(Symbol, bool)> = vec![];
    let mut open = vec![(body, false)];
    while let Some((expr, hidden)) = open.pop() {
        visit_free(expr, &mut vec![], &mut |symbol| {
            // In a definition, `\eta_t` may have another `t` than outside.
            let this = (symbol.clone(), hidden);
            if found.contains(&this) {
                return;
            }
            found.push(this);
            let by_text = eval.uses.iter().filter(|used| {
                used.symbol.name == symbol.name
                    && used.symbol.arguments.len() == symbol.arguments.len()
            });
            open.extend(by_text.map(|used| (&used.body, true)));
            let declared = eval.notation.symbols.get(&symbol.id());
            let means = declared.and_then(|d| d.means.as_ref());
            open.extend(means.map(|means| (means, true)));
        });
    }
    found
}

/// Calls `f` with every symbol that no inner expectation binds.
fn visit_free<'a>(
    expr: &'a Expr,
    bound: &mut Vec<&'a str>,
    f: &mut dyn FnMut(&'a Symbol),
) {
    let before = bound.len();
    match &expr.kind {
        Kind::Symbol(symbol) if !bound.contains(&symbol.name.as_str()) => {
            f(symbol);
        }
        // A symbol with an index may have another index elsewhere.
        Kind::Expectation(mean) => {
            bound.extend(mean.over.iter().filter_map(|over| match over {
                Over::Variable(symbol) if symbol.indices.is_empty() => {
                    Some(symbol.name.as_str())
                }
                _ => None,
            }));
        }
        _ => {}
    }
    for child in expr.children() {
        visit_free(child, bound, f);
    }
    bound.truncate(before);
}
