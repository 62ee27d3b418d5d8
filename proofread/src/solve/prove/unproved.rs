//! Conditions for values of the sides that were not shown.

use crate::algebra::Normalizer;
use crate::term::{Obligation, Term};
use crate::value::{Q, Signs};

/// Returns the obligations that were not shown to hold on the whole domain, as
/// elements of the ring.
pub(super) fn unproved(
    normalizer: &mut Normalizer,
    obligations: &[Obligation],
) -> Vec<Open> {
    let mut open: Vec<Open> = vec![];
    for obligation in obligations {
        let Obligation { term, mut signs, exponent } = *obligation;
        if let Some(exponent) = exponent
            && normalizer
                .signs(exponent)
                .is_ok_and(|found| found.are(Signs::POSITIVE))
        {
            signs = Signs::NOT_NEGATIVE;
        }
        let Ok(ratio) = normalizer.ratio(term) else {
            open.push(Open { what: format!("{term:?}"), signs, exponent });
            continue;
        };
        if normalizer.signs(term).is_ok_and(|found| found.are(signs))
            || normalizer.follows(term, signs)
        {
            continue;
        }
        // Only the sign of the rational coefficient matters.
        let mut bare = ratio.clone();
        bare.number = if ratio.has_minus() && signs != Signs::NOT_ZERO {
            -Q::from_integer(1.into())
        } else {
            Q::from_integer(1.into())
        };
        let entry = Open { what: format!("{bare:?}"), signs, exponent };
        if !open.contains(&entry) {
            open.push(entry);
        }
    }
    open
}

/// An obligation that was not shown to hold.
#[derive(Debug, PartialEq)]
pub(super) struct Open {
    what: String,
    signs: Signs,
    pub(super) exponent: Option<Term>,
}
