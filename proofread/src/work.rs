//! The limit on the work for one claim.
//!
//! Work is counted, not timed, so that a verdict is the same on every machine.
//! One unit is about the time of a product of two small fractions. A proof or a
//! search that has spent all of its units gives up, and the claim is undecided.

use std::cell::Cell;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    static OVERFLOWN: Cell<bool> = const { Cell::new(false) };
}

/// Notes that an exponent is too large for its type, so that the results of the
/// computation are not relied on.
pub(crate) fn overflow() {
    OVERFLOWN.set(true);
}

/// Runs `f`; returns none if an exponent was too large on the way.
pub(crate) fn without_overflow<T>(f: impl FnOnce() -> T) -> Option<T> {
    let outside = OVERFLOWN.replace(false);
    let result = f();
    let fits = !OVERFLOWN.replace(outside);
    fits.then_some(result)
}

/// Runs `f` with at most this many units of work.
pub(crate) fn within<T>(units: u64, f: impl FnOnce() -> T) -> T {
    let outside = LEFT.get();
    let given = units.min(outside);
    LEFT.set(given);
    let result = f();
    let spent = given - LEFT.get();
    LEFT.set(outside.saturating_sub(spent));
    result
}

/// Spends units.
pub(crate) fn spend(units: usize) {
    let units = u64::try_from(units).unwrap_or(u64::MAX);
    LEFT.set(LEFT.get().saturating_sub(units));
}

/// Returns whether all units are spent.
pub(crate) fn is_spent() -> bool {
    LEFT.get() == 0
}

/// Returns the units that are left.
pub(crate) fn left() -> u64 {
    LEFT.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overflow_is_seen_where_it_happens() {
        assert_eq!(without_overflow(|| 1), Some(1));
        let outer = without_overflow(|| {
            assert_eq!(without_overflow(overflow), None);
            2
        });
        assert_eq!(outer, Some(2));
    }

    #[test]
    fn what_is_spent_inside_is_spent_outside() {
        within(100, || {
            within(30, || {
                spend(20);
                assert!(!is_spent());
                spend(20);
                assert!(is_spent());
            });
            assert_eq!(left(), 70);
            within(1000, || spend(60));
            assert_eq!(left(), 10);
        });
        assert!(!is_spent());
    }
}
