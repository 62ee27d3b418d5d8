//! What became of each relation of a text.

use crate::expr::Kind;
use crate::solve::{Counterexample, Evidence, Tier};
use crate::span::{Problem, Span};
use serde::Serialize;

/// What a relation is, or was found to be.
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
    /// Not shown: a search found no counterexample.
    Searched,
    /// Introduces a symbol.
    Definition,
    /// Sets an index, such as `t = 1`: a condition, not a claim.
    Setting,
    /// False, and marked so: a counterexample was found.
    Refuted,
    /// No claim, and marked so.
    Malformed,
    /// Not to be tested, and marked so.
    Prose,
    /// False, and not marked so.
    False,
    /// Neither shown nor refuted.
    Undecided,
    /// Not understood: unreadable, or with an unknown symbol.
    Unknown,
    /// Marked as something that it is not.
    Mismarked,
}

impl Status {
    /// Whether a reader may rely on the text here. What was only searched
    /// counts where the notation allows it, which [`Report::is_good`] knows.
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

    /// The name, as in the report.
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

/// One relation of a text, and what became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The id of its formula.
    pub id: Option<String>,
    /// The label of its row, if the formula has labels.
    pub label: Option<String>,
    /// Its number within the formula, from 1.
    pub number: usize,
    /// Where it stands in the file, both sides.
    pub span: Span,
    /// Where the sign between the sides stands.
    pub sign: Span,
    /// The text of both sides and the sign between them.
    pub text: String,
    /// What it is.
    pub status: Status,
    /// How it was shown.
    pub evidence: Option<Evidence>,
    /// Where it fails.
    pub counterexample: Option<Counterexample>,
    /// The reason given in a mark.
    pub why: Option<String>,
    /// What is wrong, and where, if something is.
    pub problem: Option<Problem>,
    /// Whether it stands in a display.
    pub display: bool,
    pub(crate) claim: Option<std::sync::Arc<crate::claim::Claim>>,
}

impl Outcome {
    /// Both sides as they were read, as LaTeX with every bracket and product
    /// written out; nothing if they could not be read.
    pub fn read_as(&self) -> Option<(String, String)> {
        let claim = self.claim.as_ref()?;
        Some((claim.left.to_string(), claim.right.to_string()))
    }

    /// Whether the relation speaks of the symbol that `definition` introduces,
    /// and was checked with this meaning.
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

    /// The conditions that the relation was decided under, as LaTeX.
    pub fn conditions(&self) -> Vec<String> {
        let all = self.claim.iter().flat_map(|claim| &claim.conditions);
        let text = |(left, relation, right): &crate::expr::Condition| {
            format!("{left} {} {right}", relation.latex())
        };
        all.map(text).collect()
    }

    /// The definitions that the relation used, as LaTeX.
    pub fn uses(&self) -> Vec<String> {
        let uses = self.claim.iter().flat_map(|claim| &claim.uses);
        let text = |used: &crate::expr::Rewriting| {
            format!("{} := {}", crate::print::symbol(&used.symbol), used.body)
        };
        uses.map(text).collect()
    }

    /// The values of both sides at a few plain points.
    pub fn samples(&self, count: usize) -> Vec<Counterexample> {
        let Some(claim) = &self.claim else { return vec![] };
        crate::solve::samples(claim, count)
    }
}
