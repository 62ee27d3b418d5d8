//! Deciding a relation.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `points` | the sizes and indices at which a claim is tested |
//! | `pool` | worlds of values, drawn once for several indices |
//! | `exact` | identities, in the field |
//! | `numeric` | everything else, at real points |
//! | `counterexample` | the plainest point at which a claim fails |

mod counterexample;
mod exact;
mod numeric;
mod points;
mod pool;

pub use counterexample::Counterexample;
pub(crate) use counterexample::samples;
pub(crate) use points::{Point, points};

use crate::eval::{Eval, Rewriting};
use crate::expr::{Expr, Kind, Symbol};
use crate::needs::Needs;
use crate::notation::Notation;
use crate::read::Relation;
use crate::value::{Trouble, Value};
use crate::world::{Source, World};

/// How a relation was shown to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// In the prime field.
    Exact,
    /// By the calculus of Gaussians, at real points.
    Gaussian,
    /// At real points of 256 bits.
    Numeric,
    /// By sampling: within six standard errors, which are 1 in 10 at most.
    Sampled,
}

/// What a relation was found to be.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// It holds wherever it was tested.
    Holds(Evidence),
    /// It is false, and here is where.
    Fails(Counterexample),
    /// Neither; with the reason.
    Undecided(String),
    /// It is no claim: something in it has no meaning.
    Malformed(String),
}

/// How strongly a relation was tested.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// By which means.
    pub tier: Tier,
    /// At how many points.
    pub points: usize,
    /// The binary logarithm of a bound on the probability that a false
    /// relation passes at one choice of sizes and indices; exact tier only.
    pub false_pass: Option<f64>,
    /// The sizes and indices, in words.
    pub ranges: String,
    /// Whether functions without a meaning were taken as affine in their
    /// vectors: then the claim is shown for these only.
    pub affine: bool,
}

/// A relation to decide, and what it may use.
#[derive(Clone, Debug)]
pub(crate) struct Claim<'a> {
    pub(crate) left: &'a Expr,
    pub(crate) relation: Relation,
    pub(crate) right: &'a Expr,
    pub(crate) conditions: &'a [(Expr, Relation, Expr)],
    pub(crate) uses: &'a [Rewriting],
    pub(crate) notation: &'a Notation,
    pub(crate) tolerance: Option<f64>,
    /// The symbol that a proportionality or a limit is about, and where it
    /// goes.
    pub(crate) varies: Option<&'a (Symbol, Option<Limit>)>,
    pub(crate) seed: u64,
}

/// Where the variable of a limit goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    Number(i64),
    Infinity,
}

/// The values of both sides.
type Sides<N> = (Value<N>, Value<N>);

impl Claim<'_> {
    pub(crate) fn needs(&self) -> Needs {
        let mut all = vec![self.left, self.right];
        for (left, _, right) in self.conditions {
            all.extend([left, right]);
        }
        Needs::of(&all, self.uses, self.notation)
    }

    /// A world with values for all that the claim needs; none if this draw
    /// found no values in their domains.
    pub(crate) fn world<S: Source>(
        &self,
        source: S,
        needs: &Needs,
        point: &Point,
    ) -> Option<World<S>> {
        let mut world = World::new(source, point.sizes.clone());
        world.fill(self.notation, self.uses, needs).then_some(world)
    }

    /// Both sides in one world.
    fn sides<S: Source>(
        &self,
        world: &mut World<S>,
        point: &Point,
    ) -> Result<Sides<S::Number>, Trouble> {
        let indices = point.indices.clone();
        let mut eval = Eval::new(self.notation, self.uses, world, indices);
        Ok((eval.value(self.left)?, eval.value(self.right)?))
    }
}

/// Decides a relation by the strongest means that apply, and looks for the
/// plainest counterexample if it is false.
pub(crate) fn decide(claim: &Claim) -> Verdict {
    match decide_only(claim) {
        // Where each try takes thousands of evaluations, the first has to do.
        Verdict::Fails(first) if first.sampled => Verdict::Fails(first),
        Verdict::Fails(first) => {
            let needs = claim.needs();
            let points = points(claim, &needs).unwrap_or_default();
            let plain = counterexample::find(claim, &needs, &points);
            Verdict::Fails(plain.unwrap_or(first))
        }
        other => other,
    }
}

/// Decides a relation by the strongest means that apply; a counterexample is
/// the first that was met.
pub(crate) fn decide_only(claim: &Claim) -> Verdict {
    if claim.relation == Relation::Distributed {
        return distributed(claim);
    }
    let needs = claim.needs();
    let points = match points(claim, &needs) {
        Ok(points) => points,
        Err(why) => return Verdict::Malformed(why),
    };
    if points.is_empty() {
        let why = "no size and index meets its condition, so it says nothing";
        return Verdict::Malformed(why.into());
    }
    let evidence = |tier, tested, false_pass| Evidence {
        tier,
        points: tested,
        false_pass,
        ranges: points::in_words(&points),
        affine: matches!(tier, Tier::Gaussian | Tier::Sampled)
            && needs.has_functions(claim.notation),
    };
    let exact = match claim.relation {
        Relation::Equal => exact::test(claim, &needs, &points),
        _ => exact::Outcome::NotAlgebraic,
    };
    match exact {
        exact::Outcome::Malformed(why) => return Verdict::Malformed(why),
        exact::Outcome::Holds { tested, false_pass } => {
            // What the field says must hold for real numbers too.
            return match numeric::test(claim, &needs, &points) {
                numeric::Outcome::Holds { .. } => Verdict::Holds(evidence(
                    Tier::Exact,
                    tested,
                    Some(false_pass),
                )),
                numeric::Outcome::Fails(found) => Verdict::Fails(found),
                numeric::Outcome::Malformed(why) => Verdict::Malformed(why),
                numeric::Outcome::Unclear(why) => Verdict::Undecided(why),
            };
        }
        exact::Outcome::Fails | exact::Outcome::NotAlgebraic => {}
    }
    match numeric::test_widely(claim, &needs, &points) {
        numeric::Outcome::Fails(found) => Verdict::Fails(found),
        numeric::Outcome::Malformed(why) => Verdict::Malformed(why),
        numeric::Outcome::Unclear(why) => Verdict::Undecided(why),
        numeric::Outcome::Holds { .. }
            if matches!(exact, exact::Outcome::Fails) =>
        {
            Verdict::Undecided(
                "it fails in the prime field, where every square root of a \
                 positive number is a square, but no real counterexample was \
                 found"
                    .into(),
            )
        }
        numeric::Outcome::Holds { tested, sampled } => {
            let tier = if sampled {
                Tier::Sampled
            } else if needs.processes.is_empty()
                && !is_about_probabilities(claim)
            {
                Tier::Numeric
            } else {
                Tier::Gaussian
            };
            Verdict::Holds(evidence(tier, tested, None))
        }
    }
}

/// `ε ~ N(m, v I)`, of a symbol that the notation says is standard normal.
fn distributed(claim: &Claim) -> Verdict {
    let declared = match &claim.left.kind {
        Kind::Symbol(symbol) => claim.notation.symbols.get(&symbol.id()),
        _ => None,
    };
    let Kind::Normal(normal) = &claim.right.kind else {
        let why = "only a Gaussian can stand on the right of this sign";
        return Verdict::Undecided(why.into());
    };
    if !declared.is_some_and(|d| d.standard_normal) {
        return Verdict::Undecided(
            "the notation does not say how this is distributed".into(),
        );
    }
    let (zero, one) = (Expr::whole(0), Expr::whole(1));
    let part = |left, right| Claim {
        left,
        relation: Relation::Equal,
        right,
        ..claim.clone()
    };
    match decide(&part(&normal.mean, &zero)) {
        Verdict::Holds(_) => match decide(&part(&normal.variance, &one)) {
            Verdict::Holds(evidence) => {
                Verdict::Holds(Evidence { tier: Tier::Gaussian, ..evidence })
            }
            other => other,
        },
        other => other,
    }
}

/// Whether a side is a product of densities.
fn has_density(claim: &Claim) -> bool {
    let mut sides = [claim.left, claim.right].into_iter();
    sides.any(crate::probability::has_density)
}

/// Whether the calculus of Gaussians is needed.
fn is_about_probabilities(claim: &Claim) -> bool {
    let mut found = false;
    for side in [claim.left, claim.right] {
        side.visit(&mut |e| {
            found |= matches!(
                e.kind,
                Kind::Normal(_)
                    | Kind::Density(_)
                    | Kind::Expectation(_)
                    | Kind::Divergence(..)
            );
        });
    }
    found
}
