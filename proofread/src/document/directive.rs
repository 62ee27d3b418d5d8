//! Directives of a formula, one at a time.

use super::about::{About, Said};
use super::checker::Checker;
use crate::claim::Limit;
use crate::define;
use crate::expr::{Kind, Symbol};
use crate::marks::Expected;
use crate::read::layout::pieces;
use crate::read::{Scope, read_conditions};
use crate::span::{Problem, Span};
use crate::text::{Directive, Key};
use std::cell::Cell;
use std::sync::Arc;

impl Checker<'_> {
    /// Adds a directive to `about`, or returns the problem of the directive.
    pub(super) fn directive(
        &mut self,
        directive: &Directive,
        about: &mut About,
    ) -> Result<(), Problem> {
        let Directive { key, value, span } = directive;
        let at = |message: String| Problem::new(*span, message);
        let moved = |mut problem: Problem| {
            problem.span = *span;
            problem
        };
        match key {
            Key::Uses => {
                for id in value.split_whitespace() {
                    let Some(offer) = self.known.get(id) else {
                        return Err(at(format!(
                            "nothing before has the id {id}"
                        ))
                        .hint("a formula may use only what stands before it"));
                    };
                    if offer.bad {
                        return Err(at(format!(
                            "{id} was not shown, so nothing may rest on it"
                        )));
                    }
                    if offer.rewritings.is_empty() && offer.in_force {
                        let message = format!(
                            "what {id} defines holds without being used"
                        );
                        return Err(at(message).hint("delete this id"));
                    }
                    if offer.rewritings.is_empty() {
                        return Err(at(format!("{id} defines no symbol")));
                    }
                    for (rewriting, _) in &offer.rewritings {
                        let symbol = &rewriting.symbol;
                        let name = &symbol.name;
                        let same =
                            about.uses.iter().find(|u| u.symbol == *symbol);
                        if same == Some(rewriting) {
                            let message = format!("{id} is used already");
                            return Err(at(message).hint("delete one"));
                        }
                        if same.is_some() {
                            let message =
                                format!("{name} is given two meanings here");
                            return Err(at(message));
                        }
                        about.uses.push(rewriting.clone());
                    }
                }
            }
            Key::For => {
                let found = pieces(value, false).map_err(moved)?;
                let mut scope = Scope::new(&self.notation);
                let all = read_conditions(&found, &mut scope);
                about.conditions.extend(all.map_err(moved)?);
            }
            Key::Define => {
                let notation = Arc::make_mut(&mut self.notation);
                define::local(value, notation).map_err(moved)?;
            }
            Key::Tolerance if about.tolerance.is_some() => {
                return Err(second(*span, "tolerance"));
            }
            Key::Varies if about.varies.is_some() => {
                return Err(second(*span, "variable"));
            }
            Key::Tolerance => match value.parse::<f64>() {
                Ok(x) if x > 0.0 && x <= 0.1 => about.tolerance = Some(x),
                _ => {
                    return Err(at("a tolerance is in (0, 0.1]".into()));
                }
            },
            Key::Varies => about.varies = Some(self.varies(value, *span)?),
            // The fragment has its id already; the code is for tests to call.
            Key::Id | Key::Code => {}
            Key::Refuted | Key::Malformed | Key::Prose | Key::Definition => {
                let expected = match key {
                    Key::Refuted => Expected::Refuted,
                    Key::Malformed => Expected::Malformed,
                    Key::Prose => Expected::Prose,
                    _ => Expected::Definition,
                };
                if value.is_empty() && expected != Expected::Definition {
                    return Err(at("say why".into()));
                }
                let (span, why) = (*span, value.clone());
                let heard = Cell::new(false);
                about.statuses.push(Said { span, expected, why, heard });
            }
        }
        Ok(())
    }

    /// Reads `x_t`, or `h \to 0`.
    pub(super) fn varies(
        &self,
        value: &str,
        span: Span,
    ) -> Result<(Symbol, Option<Limit>), Problem> {
        let bad = || {
            Problem::new(span, "this is no variable")
                .hint("write a symbol, such as x_t, or a limit, h \\to 0")
        };
        let (name, limit) = match value.split_once("\\to") {
            Some((name, limit)) => (name, Some(limit.trim())),
            None => (value, None),
        };
        let limit = match limit {
            Some("\\infty") => Some(Limit::Infinity),
            Some(number) => {
                Some(Limit::Number(number.parse().map_err(|_| bad())?))
            }
            None => None,
        };
        let found = pieces(name, false)?;
        let mut scope = Scope::new(&self.notation);
        match crate::read::expression(&found, &mut scope)?.kind {
            Kind::Symbol(symbol) => Ok((symbol, limit)),
            _ => Err(bad()),
        }
    }
}

/// Returns the problem of a second directive or mark, where one is allowed.
pub(super) fn second(span: Span, what: &str) -> Problem {
    let message = format!("a second {what} of this formula");
    Problem::new(span, message).hint("a formula has one: delete the other")
}
