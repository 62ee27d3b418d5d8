//! Relations that define a symbol.

use super::checker::Checker;
use super::domains::outside;
use crate::claim::Claim;
use crate::define;
use crate::expr::{Expr, Kind};
use crate::relation::Relation;
use crate::span::Problem;
use std::sync::Arc;

impl Checker<'_> {
    /// Returns whether an equation with this left side first uses its symbol.
    pub(super) fn introduces(&self, left: &Expr) -> bool {
        let Kind::Symbol(symbol) = &left.kind else { return false };
        let (id, notation) = (symbol.id(), &self.notation);
        let free =
            || notation.symbols.get(&id).is_some_and(|d| d.means.is_none());
        notation.implicit && self.announced.contains(&id) && free()
    }

    /// Defines a symbol. A symbol that the text declares keeps the definition.
    /// For a symbol that the notation file leaves free, the definition holds
    /// only where a formula uses it.
    pub(super) fn define(
        &mut self,
        prepared: &Claim,
        id: Option<&String>,
    ) -> Result<(), Problem> {
        let first = define::first_index(&prepared.conditions);
        if !prepared.conditions.is_empty() && first.is_none() {
            let span = prepared.left.span;
            let message = "a definition that holds only under a condition";
            let hint = match &prepared.left.kind {
                Kind::Symbol(symbol) if !symbol.indices.is_empty() => {
                    "only the first value of its index can be kept in mind, \
                     as \\text{for } t \\ge 2 says it of t"
                }
                _ => "leave the condition out: this has no index",
            };
            return Err(Problem::new(span, message).hint(hint));
        }
        if let Kind::Symbol(symbol) = &prepared.left.kind
            && let Some(known) = self.notation.symbols.get(&symbol.id())
        {
            if known.standard_normal {
                let message = format!(
                    "{} is random by the notation, and cannot be defined",
                    symbol.name
                );
                return Err(Problem::new(prepared.left.span, message));
            }
            let fixed = |e: &&Expr| {
                matches!(&e.kind, Kind::Symbol(s)
                    if self.notation.sizes.contains_key(&s.name)
                        || crate::types::is_pi(s, &self.notation))
            };
            if let Some(argument) = symbol.arguments.iter().find(fixed) {
                let message = format!(
                    "{argument} has a meaning already, and cannot be a \
                     parameter"
                );
                return Err(Problem::new(prepared.left.span, message)
                    .hint("name the parameter by an index or a symbol"));
            }
            let is_number = |e: &&Expr| !matches!(e.kind, Kind::Symbol(_));
            if let Some(point) = symbol.arguments.iter().find(is_number) {
                let message = "this says what a function is at one point only";
                return Err(Problem::new(point.span, message)
                    .hint("define the function with a parameter"));
            }
            let domain = known.domain.clone();
            let is_free = known.means.is_none();
            let given = (&*prepared.conditions, &*prepared.uses);
            let (body, span) = (&prepared.right, prepared.right.span);
            let verdicts = &mut self.verdicts;
            let decide = |claim| verdicts.of(&Arc::new(claim));
            if is_free
                && let Some(why) = outside(
                    symbol,
                    body,
                    &domain,
                    given,
                    &prepared.notation,
                    decide,
                )
            {
                return Err(Problem::new(span, why));
            }
            if is_free && !self.announced.contains(&symbol.id()) {
                let (name, step) =
                    (&symbol.name, prepared.relation != Relation::Defines);
                if crate::notation::mentions(body, symbol) {
                    let message = format!("{name} is defined by itself");
                    return Err(Problem::new(span, message));
                }
                if first.is_some() {
                    let message = format!(
                        "{name} is declared by the notation for all its \
                         indices, and this defines only some"
                    );
                    return Err(Problem::new(prepared.left.span, message)
                        .hint(
                            "define a symbol that the notation does not have",
                        ));
                }
                return self.give(symbol, body, id, step);
            }
            if self.announced.contains(&symbol.id())
                && let Some(path) = self.circle(symbol, body)
            {
                let message =
                    format!("this definition goes in a circle: {path}");
                return Err(Problem::new(span, message));
            }
        }
        // A refused definition defines nothing.
        let mut notation = (*self.notation).clone();
        define::enter(&prepared.left, &prepared.right, &mut notation)?;
        if let Some((index, first)) = first {
            define::start_at(&prepared.left, &index, first, &mut notation)?;
        }
        self.notation = Arc::new(notation);
        Ok(())
    }
}
