//! Claims that hold for every size, not only for the listed sizes.
//!
//! Suppose that a claim is about entries near an index `t`, near the size `T`
//! and near 0. If `T` is large, there are only a few cases: `t` is near 0, or
//! near `T`, or far from both. Each case is proved once, at numbers that stand
//! for all larger ones (see `eval::large`). Sizes that are too small for this
//! are proved one by one.

use super::instance::Instance;
use super::one;
use super::points::{self, Choice};
use super::proportion;
use super::prove::Proof;
use crate::claim::Claim;
use crate::eval::{LARGE, Manner};
use crate::expr::{Expr, Kind};
use crate::needs::Needs;
use crate::notation::{Bound, Notation, is_whole};
use crate::relation::Relation;
use std::sync::Arc;

/// The size that stands for all larger ones, and an index far from it and from
/// 0.
const SIZE: i64 = 1000 * LARGE;
const FAR: i64 = 400 * LARGE + 7;
/// The largest distance from 0 or from the size at which an index is tried.
const AROUND: i64 = 9;

/// Returns the name of the size if a claim that was shown for the listed sizes
/// is shown for every larger size, too.
pub(super) fn larger(claim: &Claim, needs: &Needs) -> Option<String> {
    let mut sizes = needs.sizes.iter().filter(|size| *size != "d");
    let (Some(size), None) = (sizes.next(), sizes.next()) else { return None };
    let mut indices = needs.indices.iter();
    let (index, None) = (indices.next(), indices.next()) else { return None };
    if claim.relation == Relation::Tends || !compares_plainly(claim) {
        return None;
    }
    let low = match index {
        Some(index) => first(&claim.notation, index, size)?,
        None => 0,
    };
    let choice = |t: i64| Choice {
        sizes: [(size.clone(), SIZE)].into(),
        indices: index.map(|index| (index.clone(), t)).into_iter().collect(),
        large: true,
    };
    let mut reach = holds(claim, &choice(FAR))?;
    reach.constant = reach.constant.max(claim.largest_number());
    let mut around = reach.around()?;
    if index.is_some() {
        // The claim at an index near an end may use entries farther away.
        loop {
            for t in low..=low + around {
                let there = holds(claim, &choice(t))?;
                reach.offset = reach.offset.max(there.offset);
                reach.constant = reach.constant.max(there.constant - t);
            }
            for t in SIZE - around..=SIZE {
                let there = holds(claim, &choice(t))?;
                reach.offset = reach.offset.max(there.offset);
                reach.constant = reach.constant.max(there.constant);
            }
            if reach.around()? <= around {
                break;
            }
            around = reach.around()?;
        }
    }
    let (_, listed) = claim.notation.sizes[size];
    let both = |choice: &Choice| {
        let index = choice.indices.first().map_or(low, |(_, t)| *t);
        let size = choice.sizes.get(size).copied().unwrap_or(0);
        index <= low + around && size - index <= around
    };
    small(claim, size, listed + 1, low + 2 * around + 1, both)?;
    Some(size.clone())
}

/// Returns the first value of an index that runs up to a size.
fn first(notation: &Notation, index: &str, size: &str) -> Option<i64> {
    let (low, high) = notation.indices.get(index)?;
    let ends = |bound: &Bound| bound.size.as_deref() == Some(size);
    let fits = low.size.is_none() && ends(high) && high.offset == 0;
    fits.then_some(low.offset)
}

/// Returns whether each condition on whole numbers compares an index, a size or
/// a number with another, each with a number added. Such a condition holds for
/// all indices that are far from 0 and from the size, or for none.
fn compares_plainly(claim: &Claim) -> bool {
    let notation = &claim.notation;
    let is_number = |e: &Expr| matches!(e.kind, Kind::Number { .. });
    let is_name =
        |e: &Expr| matches!(&e.kind, Kind::Symbol(s) if is_whole(s, notation));
    let is_plain = |e: &Expr| match &e.kind {
        Kind::Sum(terms) => {
            let mut names = 0;
            terms.iter().all(|(minus, term)| {
                names += usize::from(is_name(term));
                is_number(term) || !minus && is_name(term)
            }) && names <= 1
        }
        _ => is_name(e),
    };
    let mut sides = claim.conditions.iter().flat_map(|(a, _, b)| [a, b]);
    sides.all(|side| {
        let mut speaks = false;
        side.visit(&mut |e| speaks |= is_name(e));
        !speaks || is_plain(side)
    })
}

/// The distance of entries from the index or the size, and from 0.
#[derive(Clone, Copy, Default)]
struct Reach {
    offset: i64,
    constant: i64,
}

impl Reach {
    /// Returns the distance from 0 or from the size within which an index may
    /// meet an entry there; none if this is too far to try.
    fn around(self) -> Option<i64> {
        let around = self.offset + self.offset.max(self.constant) + 1;
        (around <= AROUND).then_some(around)
    }
}

/// Proves a claim at a choice that stands for others. Returns the distances of
/// its entries from the index and from 0; none if the claim is not proved, or
/// may differ at the others.
fn holds(claim: &Claim, choice: &Choice) -> Option<Reach> {
    if !super::admits::admits(claim, &claim.notation, choice).ok()? {
        return Some(Reach::default());
    }
    let mut instance = one::instance(claim, choice, Manner::Any).ok()?;
    let reach = |instance: &Instance| {
        let large = instance.store.large.as_ref()?;
        let (offset, constant) = (large.offset, large.constant);
        (!large.differs).then_some(Reach { offset, constant })
    };
    // This returns early if the claim may differ at the others.
    reach(&instance)?;
    if instance.is_vacuous() {
        return Some(Reach::default());
    }
    is_proved(claim, choice, &mut instance).then(|| reach(&instance))?
}

/// Proves a claim at the choices of sizes between two numbers that belong to no
/// other case: the index is near 0 and near the size.
fn small(
    claim: &Claim,
    size: &str,
    from: i64,
    to: i64,
    both: impl Fn(&Choice) -> bool,
) -> Option<()> {
    if from > to {
        return Some(());
    }
    let mut notation = (*claim.notation).clone();
    notation.sizes.insert(size.to_owned(), (from, to));
    let claim = Claim { notation: Arc::new(notation), ..claim.clone() };
    let needs = Needs::of(&claim.expressions(), &claim.uses, &claim.notation);
    let choices = points::points(&claim, &needs).ok()?;
    for choice in choices.into_iter().filter(both) {
        let mut instance = one::instance(&claim, &choice, Manner::Any).ok()?;
        if instance.is_vacuous() {
            continue;
        }
        if !is_proved(&claim, &choice, &mut instance) {
            return None;
        }
    }
    Some(())
}

/// Returns whether a claim is proved at a choice, as far as the notation asks.
fn is_proved(claim: &Claim, choice: &Choice, instance: &mut Instance) -> bool {
    let proved = match one::proved(claim, choice, instance) {
        Proof::Holds => true,
        Proof::WhereDefined => claim.notation.allows_undefined,
        Proof::None(_) => false,
    };
    proved && proportion::has_factor(instance)
}
