//! The verdict, from the results at all choices of sizes and indices.

use super::one::Found;
use super::points::{self, Choice, SAY_WHERE};
use super::{Evidence, Tier, Verdict, every};
use crate::claim::Claim;
use crate::needs::Needs;
use crate::relation::Relation;

/// Returns the verdict from the results at all choices.
pub(super) fn conclude(
    claim: &Claim,
    needs: &Needs,
    choices: &[Choice],
    found: Found,
) -> Verdict {
    if found.vacuous == choices.len() {
        let why = "no point meets its condition, so it says nothing";
        return Verdict::Malformed(why.into());
    }
    let everywhere = found.undefined.len() + found.vacuous == choices.len();
    if everywhere {
        let why = "neither side has a value anywhere";
        return Verdict::Malformed(why.into());
    }
    let equation = matches!(
        claim.relation,
        Relation::Equal | Relation::Defines | Relation::Proportional
    );
    let tier = if claim.is_about_probabilities() {
        Tier::Gaussian
    } else if equation {
        Tier::Exact
    } else {
        Tier::Certified
    };
    let mut evidence = Evidence {
        tier,
        points: found.proved,
        ranges: points::in_words(choices),
        every: choices.iter().all(|c| c.sizes.is_empty()),
        only: None,
    };
    let complete = found.unproved.is_none() && found.dimensions.is_none();
    if complete && let Some(size) = every::larger(claim, needs) {
        let (low, _) = claim.notation.sizes[&size];
        let index = match needs.indices.iter().next() {
            Some(index) => format!(" and every {index}"),
            None => String::new(),
        };
        evidence.every = true;
        evidence.ranges = format!("every {size} \u{2265} {low}{index}");
    }
    evidence.every &= found.dimensions.is_none();
    if let Some((low, high)) = found.dimensions {
        let d = if low == high {
            format!("d = {low}")
        } else {
            format!("d = {low} to {high}")
        };
        let comma = if evidence.ranges.is_empty() { "" } else { ", " };
        evidence.ranges = format!("{}{comma}{d}", evidence.ranges);
    }
    if let Some(why) = found.unproved {
        if found.tested == 0 {
            return if found.unsupported {
                Verdict::Malformed(why)
            } else {
                Verdict::Undecided(why)
            };
        }
        evidence.tier = Tier::Searched;
        evidence.every = false;
        evidence.points = found.tested;
        evidence.only = Some(why);
        return Verdict::Holds(evidence);
    }
    if !found.undefined.is_empty() || found.where_defined {
        let places: Vec<String> =
            found.undefined.iter().map(Choice::in_words).collect();
        let places = match places.as_slice() {
            [] => String::new(),
            [only] => format!(": not at {only}"),
            [first, ..] => format!(": not at {first}, for one"),
        };
        let why = format!("it holds where both sides have values{places}");
        if claim.notation.allows_undefined {
            evidence.only = Some(why);
            return Verdict::Holds(evidence);
        }
        return Verdict::Undecided(why + SAY_WHERE);
    }
    Verdict::Holds(evidence)
}
