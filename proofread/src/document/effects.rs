//! Marks and directives without an effect.

use super::about::About;
use super::checker::Checker;
use crate::read::{Chain, Relation, Statement};
use crate::span::Problem;
use crate::text::{Fragment, Key};

impl Checker<'_> {
    /// Reports comments of a formula that apply to nothing.
    pub(super) fn effects(
        &mut self,
        fragment: &Fragment,
        about: &About,
        said: &[Statement],
    ) {
        for status in &about.statuses {
            if !status.heard.get() {
                let message = "this mark speaks of no line";
                let hint = "write it behind the line that it speaks of, or \
                            on a line of its own above";
                let problem = Problem::new(status.span, message).hint(hint);
                self.problem(fragment, problem);
            }
        }
        let chains = said.iter().filter_map(|statement| match statement {
            Statement::Chain(chain) => Some(chain),
            _ => None,
        });
        let signs: Vec<_> =
            chains.flat_map(|chain: &Chain| &chain.relations).collect();
        // The directive may be about a relation that was not understood.
        if signs.iter().any(|(sign, _)| sign.is_err()) {
            return;
        }
        let any = |of: &[Relation]| {
            signs.iter().any(|(sign, _)| {
                sign.as_ref().is_ok_and(|sign| of.contains(sign))
            })
        };
        let mut ids = 0;
        for directive in &about.directives {
            ids += usize::from(directive.key == Key::Id);
            let message = match directive.key {
                Key::Id if ids > 1 => "a second id of this formula",
                Key::Uses | Key::For if signs.is_empty() => {
                    "this changes nothing: the formula has no relation"
                }
                Key::Tolerance if !any(&[Relation::Approximately]) => {
                    "this changes nothing: the formula has no ≈"
                }
                Key::Varies
                    if !any(&[Relation::Proportional, Relation::Tends]) =>
                {
                    "this changes nothing: the formula has no ∝ and no limit"
                }
                _ => continue,
            };
            let problem = Problem::new(directive.span, message);
            self.problem(fragment, problem.hint("delete it"));
        }
    }
}
