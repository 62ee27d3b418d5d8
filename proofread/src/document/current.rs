//! The current formula as a whole: what is noted before its relations are decided,
//! because it may stand behind them.

use super::every::every_size;
use super::given::Given;
use super::settings::only_sets;
use crate::expr::{Condition, Kind, Rewriting};
use crate::notation::Notation;
use crate::read::pieces::Piece;
use crate::read::{Chain, Relation, Statement};
use crate::span::Result;
use crate::text::{Fragment, Lead};

/// The formula that the checker is in.
#[derive(Clone, Debug, Default)]
pub(super) struct Current {
    /// The definitions in the formula.
    pub(super) definitions: Vec<Given>,
    /// The conditions on its claims.
    pub(super) conditions: Vec<Condition>,
    /// The premises of its implications.
    pub(super) premises: Vec<Condition>,
    /// True if the current chain follows from a premise.
    pub(super) guarded: bool,
    /// True if the formula is inline and only sets indices and sizes.
    pub(super) only_sets: bool,
    /// True if a part that may be a condition or a premise was not understood.
    pub(super) doubtful: bool,
    /// The size that the formula says `for all` of.
    pub(super) every_size: Option<String>,
}

impl Current {
    /// Reads these from the statements of a formula.
    pub(super) fn new(
        pieces: &[Piece],
        said: &[Statement],
        fragment: &Fragment,
        notation: &Notation,
    ) -> Self {
        let display = fragment.display;
        let chains = || {
            said.iter().filter_map(|statement| match statement {
                Statement::Chain(chain) => Some(chain),
                _ => None,
            })
        };
        let conditions = |guarded| {
            let mut found = vec![];
            let chains = chains().filter(|chain| chain.guarded == guarded);
            for condition in chains.flat_map(|c| &c.conditions).flatten() {
                if !found.contains(condition) {
                    found.push(condition.clone());
                }
            }
            found
        };
        let definitions = chains().flat_map(|chain| {
            (0..chain.relations.len()).filter_map(|i| definition(chain, i))
        });
        let all = [conditions(false), conditions(true)].concat();
        Self {
            definitions: definitions.map(Given::beside).collect(),
            conditions: conditions(false),
            premises: conditions(true),
            guarded: false,
            only_sets: !display
                && fragment.lead != Lead::Claims
                && only_sets(pieces, said, notation),
            doubtful: is_doubtful(said, display),
            every_size: every_size(pieces, &all, notation),
        }
    }
}

/// Returns the definition at a sign of a chain.
pub(super) fn definition(chain: &Chain, i: usize) -> Option<Rewriting> {
    let (Ok(Relation::Defines), _) = chain.relations.get(i)? else {
        return None;
    };
    let ((Ok(left), _), (Ok(body), _)) =
        (chain.sides.get(i)?, chain.sides.get(i + 1)?)
    else {
        return None;
    };
    let Kind::Symbol(symbol) = &left.kind else { return None };
    Some(Rewriting { symbol: symbol.clone(), body: body.clone() })
}

/// Returns whether a formula has a part that was not understood, or that stands
/// alone, and that may be a condition or a premise of its claims.
fn is_doubtful(said: &[Statement], display: bool) -> bool {
    said.iter().any(|statement| match statement {
        Statement::Chain(chain) => {
            let unknown = chain.relations.iter().any(|(sign, _)| sign.is_err());
            // `a \to b` may be an implication.
            let tends = |sign: &Result<Relation>| *sign == Ok(Relation::Tends);
            let several = chain.relations.len() > 1;
            chain.conditions.is_err()
                || unknown
                || several && chain.relations.iter().any(|(s, _)| tends(s))
        }
        Statement::Term(term) => term.is_err(),
        Statement::Values(..) => display,
        Statement::Member(..) => false,
    })
}
