//! The outcome of each relation of a text.

use crate::expr::Kind;
use crate::solve::{Counterexample, Evidence, Tier};
use crate::span::{Problem, Span};
use serde::Serialize;

/// The status of a relation, as its text gives it or as the check found it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// An identity, decided in a ring of functions on the domain.
    Exact,
    /// A claim about densities or expectations, decided by the calculus of
    /// Gaussians.
    Gaussian,
    /// An inequality or a limit, shown on the whole domain.
    Certified,
    /// A relation that was not shown, and for which a search found no
    /// counterexample.
    Searched,
    /// A definition, which introduces a symbol.
    Definition,
    /// A setting of an index, such as `t = 1`: a condition, not a claim.
    Setting,
    /// A relation that is marked as false, and for which a counterexample was
    /// found.
    Refuted,
    /// A relation that is marked as no claim.
    Malformed,
    /// A relation that is marked as not to be tested.
    Prose,
    /// A false relation that is not marked as false.
    False,
    /// A relation that was neither shown nor refuted.
    Undecided,
    /// A relation that was not understood: unreadable, or with an unknown
    /// symbol.
    Unknown,
    /// A relation that is marked as something that it is not.
    Mismarked,
}

impl Status {
    /// Returns whether a reader may rely on the relation. This is false for a
    /// searched relation; [`Report::is_good`] accepts a searched relation where
    /// the notation allows it.
    ///
    /// [`Report::is_good`]: crate::Report::is_good
    pub fn is_good(self) -> bool {
        !matches!(
            self,
            Self::False
                | Self::Searched
                | Self::Undecided
                | Self::Unknown
                | Self::Mismarked
        )
    }

    /// Returns the name that the report uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Gaussian => "gaussian",
            Self::Certified => "certified",
            Self::Searched => "searched",
            Self::Definition => "definition",
            Self::Setting => "setting",
            Self::Refuted => "refuted",
            Self::Malformed => "malformed",
            Self::Prose => "prose",
            Self::False => "false",
            Self::Undecided => "undecided",
            Self::Unknown => "unknown",
            Self::Mismarked => "mismarked",
        }
    }
}

impl From<Tier> for Status {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Exact => Self::Exact,
            Tier::Gaussian => Self::Gaussian,
            Tier::Certified => Self::Certified,
            Tier::Searched => Self::Searched,
        }
    }
}

/// A relation of a text and the result of its check.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The id of the formula.
    pub id: Option<String>,
    /// The label of the row, if the formula has labels.
    pub label: Option<String>,
    /// The number of the relation within the formula, from 1.
    pub number: usize,
    /// The place of the relation in the file, including both sides.
    pub span: Span,
    /// The place of the sign between the sides.
    pub sign: Span,
    /// The text of both sides and the sign between them.
    pub text: String,
    /// The status of the relation.
    pub status: Status,
    /// The evidence, if the relation was shown to hold.
    pub evidence: Option<Evidence>,
    /// The counterexample, if one was found.
    pub counterexample: Option<Counterexample>,
    /// The reason given in a mark.
    pub why: Option<String>,
    /// The problem and its place, if there is one.
    pub problem: Option<Problem>,
    /// True if the relation stands in a display.
    pub display: bool,
    pub(crate) claim: Option<std::sync::Arc<crate::claim::Claim>>,
}

impl Outcome {
    /// Returns both sides as they were parsed, as LaTeX with every bracket and
    /// product written out; none if they could not be parsed.
    pub fn read_as(&self) -> Option<(String, String)> {
        let claim = self.claim.as_ref()?;
        Some((claim.left.to_string(), claim.right.to_string()))
    }

    /// Returns whether the relation contains the symbol that `definition`
    /// introduces, and was checked with this definition.
    ///
    /// ```
    /// use proofread::{Marks, Notation, check};
    /// let text = "```math {#eq-sum}\ns := a + b\n```\n\n\
    ///     ```math {#eq-double}\n2 s = 2 a + 2 b\n```\n";
    /// let scalar = "{ kind = 'scalar', in = '(0, oo)' }";
    /// let notation = format!("[symbols]\na = {scalar}\nb = {scalar}\n");
    /// let notation = Notation::read(&notation).unwrap();
    /// let report = check("x.md", text, &notation, &Marks::default());
    /// let [sum, double] = &report.outcomes[..] else { panic!() };
    /// assert!(double.speaks_of(sum) && !sum.speaks_of(double));
    /// ```
    pub fn speaks_of(&self, definition: &Self) -> bool {
        let (Some(claim), Some(other)) = (&self.claim, &definition.claim)
        else {
            return false;
        };
        match &other.left.kind {
            Kind::Symbol(symbol) if definition.status == Status::Definition => {
                let id = symbol.id();
                let known = claim.notation.symbols.get(&id);
                known.is_some_and(|known| known.means.is_some())
                    && claim.speaks_of(&id)
            }
            _ => false,
        }
    }

    /// Returns the conditions under which the relation was decided, as LaTeX.
    pub fn conditions(&self) -> Vec<String> {
        let all = self.claim.iter().flat_map(|claim| &claim.conditions);
        let text = |(left, relation, right): &crate::expr::Condition| {
            format!("{left} {} {right}", relation.latex())
        };
        all.map(text).collect()
    }

    /// Returns the definitions that the relation used, as LaTeX.
    pub fn uses(&self) -> Vec<String> {
        let uses = self.claim.iter().flat_map(|claim| &claim.uses);
        let text = |used: &crate::expr::Rewriting| {
            format!("{} := {}", crate::print::symbol(&used.symbol), used.body)
        };
        uses.map(text).collect()
    }

    /// Returns the values of both sides at `count` simple points, or fewer.
    pub fn samples(&self, count: usize) -> Vec<Counterexample> {
        let Some(claim) = &self.claim else { return vec![] };
        crate::solve::samples(claim, count)
    }
}
