//! The sizes and indices at which a claim is tested.
//!
//! Indices are concrete: every size runs through its range, and every index
//! through its own, both ends included, so that `t = 1` and `t = T` are always
//! among them.

use super::admits::admits;
use crate::claim::Claim;
use crate::eval::{Large, Manner, Store};
use crate::needs::Needs;
use crate::notation::{Bound, Notation};
use crate::value::Trouble;
use std::collections::BTreeMap;

/// A choice of all sizes and free indices.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    pub(crate) sizes: BTreeMap<String, i64>,
    pub(crate) indices: Vec<(String, i64)>,
    /// True if large sizes and indices stand for all larger ones.
    pub(crate) large: bool,
}

/// The largest number of choices that are decided.
pub(super) const MOST: usize = 2000;
/// The number of choices above which they are not even listed.
const MANY: usize = 200_000;

/// Returns all choices that meet the claim's conditions.
pub(crate) fn points(
    claim: &Claim,
    needs: &Needs,
) -> Result<Vec<Choice>, String> {
    let notation = &*claim.notation;
    if needs.numbered_dimension && needs.has_vectors(notation) {
        return Err(
            "an index runs to d, the dimension of vectors, and vectors are \
                    here: declare another size for the index, such as D"
                .into(),
        );
    }
    let mut points = vec![Choice::default()];
    for size in &needs.sizes {
        // The dimension stays a symbol, unless it numbers a family.
        if size == "d" && !needs.numbered_dimension {
            continue;
        }
        let (low, high) = notation.sizes[size];
        let extended = |point: Choice| {
            (low..=high).map(move |value| {
                let mut point = point.clone();
                point.sizes.insert(size.clone(), value);
                point
            })
        };
        points = points.into_iter().flat_map(extended).collect();
        if points.len() > MANY {
            return Err("it depends on too many sizes".into());
        }
    }
    for index in ordered(needs, notation) {
        let (low, high) = &notation.indices[index];
        let mut extended = vec![];
        for point in points {
            let value = |bound: &Bound| {
                let size = bound.size.as_ref();
                size.map_or(0, |size| point.value(size)) + bound.offset
            };
            let (low, high) = (value(low), value(high));
            if high.saturating_sub(low) > 10_000 || extended.len() > MANY {
                return Err("it has too many free indices".into());
            }
            for i in low..=high {
                let mut point = point.clone();
                point.indices.push((index.clone(), i));
                extended.push(point);
            }
        }
        points = extended;
    }
    let mut admitted = vec![];
    for point in points {
        if admits(claim, notation, &point)? {
            admitted.push(point);
        }
    }
    if admitted.len() > MOST {
        return Err(format!(
            "it has {} choices of sizes and indices, and at most {MOST} are \
             decided: list fewer sizes in the notation",
            admitted.len()
        ));
    }
    Ok(admitted)
}

/// Returns the free indices, each after those that its range depends on.
fn ordered<'a>(needs: &'a Needs, notation: &Notation) -> Vec<&'a String> {
    let depends = |index: &String| {
        let (low, high) = &notation.indices[index];
        let bounds = [&low.size, &high.size];
        bounds.into_iter().flatten().any(|s| notation.indices.contains_key(s))
    };
    let (last, first): (Vec<_>, Vec<_>) =
        needs.indices.iter().partition(|index| depends(index));
    first.into_iter().chain(last).collect()
}

/// Returns the ranges of choices in words: `T = 3 to 8, t = 1 to 8`.
pub(super) fn in_words(points: &[Choice]) -> String {
    let mut ranges: Vec<(String, i64, i64)> = vec![];
    for point in points {
        let sizes = point.sizes.iter().map(|(name, v)| (name, *v));
        let indices = point.indices.iter().map(|(name, v)| (name, *v));
        for (name, value) in sizes.chain(indices) {
            match ranges.iter_mut().find(|(known, ..)| known == name) {
                Some((_, low, high)) => {
                    *low = value.min(*low);
                    *high = value.max(*high);
                }
                None => ranges.push((name.clone(), value, value)),
            }
        }
    }
    let one = |(name, low, high): (String, i64, i64)| {
        if low == high {
            format!("{name} = {low}")
        } else {
            format!("{name} = {low} to {high}")
        }
    };
    ranges.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

impl Choice {
    /// Returns a store for the terms of a claim at this choice.
    pub(super) fn store(&self, manner: Manner) -> Store {
        let mut store = Store::new(self.sizes.clone(), manner);
        let numbers = self.indices.iter().map(|(_, value)| *value);
        let all = self.sizes.values().copied().chain(numbers);
        store.large = self.large.then(|| Large::new(all));
        store
    }

    /// Returns the value of a size or an index.
    fn value(&self, name: &str) -> i64 {
        let index = self.indices.iter().find(|(known, _)| known == name);
        match index {
            Some((_, value)) => *value,
            None => self.sizes.get(name).copied().unwrap_or(0),
        }
    }

    /// Returns the choice in words: `T = 3, t = 1`.
    pub(crate) fn in_words(&self) -> String {
        in_words(std::slice::from_ref(self))
    }
}

/// The end of a reason that a condition on the claim would remove.
pub(crate) const SAY_WHERE: &str = "; say where it holds";

/// Returns a sentence that says why a claim has no meaning at a choice, and
/// what to do.
pub(super) fn meaningless(trouble: &Trouble, point: &Choice) -> String {
    let place = point.in_words();
    let place =
        if place.is_empty() { String::new() } else { format!("at {place}, ") };
    match trouble {
        Trouble::OutOfRange(what) => format!("{place}{what}{SAY_WHERE}"),
        Trouble::Division => format!("{place}it divides by zero{SAY_WHERE}"),
        Trouble::Undefined(what) => format!("{place}it takes {what}"),
        Trouble::Circle(name) => format!(
            "{name} is defined by itself, through the definitions that this formula uses"
        ),
        Trouble::Budget => format!("{place}it takes too much work"),
        Trouble::Unsupported(what) => format!("{place}{what}"),
        Trouble::Unclear => format!("{place}it is not clear what it comes to"),
    }
}
