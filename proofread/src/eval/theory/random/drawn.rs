//! Checks of the order in which variables are drawn.

use super::key;
use super::unnamed::spoken_of;
use crate::eval::{Eval, Key};
use crate::expr::{Expr, Kind};
use crate::value::Trouble;

/// Checks that no variable is drawn twice and that no variable is drawn after a
/// variable whose distribution depends on it.
pub(super) fn in_order(
    eval: &Eval,
    laws: &[(Key, &Expr)],
    normals: &[Key],
    family: Option<&str>,
) -> Result<(), Trouble> {
    for (i, (drawn, law)) in laws.iter().enumerate() {
        let later: Vec<&Key> = laws[i..].iter().map(|(key, _)| key).collect();
        let mut early = false;
        for (symbol, hidden) in spoken_of(eval, law) {
            let same = later.iter().filter(|later| later.0 == symbol.name);
            // The index that a definition gives the symbol is unknown here.
            early |= same.clone().any(|later| {
                hidden && !later.1.is_empty()
                    || key(eval, &symbol).is_ok_and(|k| k == **later)
                    || key(eval, &symbol).is_err()
            });
        }
        law.visit(&mut |e| {
            let names = match e.kind {
                Kind::Density(_) | Kind::Expectation(_) => {
                    crate::expr::names(e)
                }
                _ => vec![],
            };
            early |= later.iter().any(|later| names.contains(&later.0));
        });
        let twice = laws[..i].iter().any(|(other, _)| other == drawn)
            || normals.iter().any(|other| other.0 == drawn.0)
            || family == Some(drawn.0.as_str());
        if early || twice {
            let name = &drawn.0;
            let why =
                format!("{name} is drawn twice, or after what depends on it");
            return Err(Trouble::Unsupported(why));
        }
    }
    Ok(())
}
