//! Memory that a thread needs again and again, and therefore keeps: what is new
//! has to be made zero first.

use std::cell::RefCell;

thread_local! {
    static ROOM: RefCell<[Vec<f32>; 2]> = RefCell::default();
}

/// `work`, with two rooms of these lengths. What was in them before still is.
pub(super) fn with_room<R>(
    lengths: [usize; 2],
    work: impl FnOnce([&mut [f32]; 2]) -> R,
) -> R {
    ROOM.with_borrow_mut(|[a, b]| {
        for (room, length) in [&mut *a, &mut *b].into_iter().zip(lengths) {
            room.resize(length.max(room.len()), 0.0);
        }
        work([&mut a[..lengths[0]], &mut b[..lengths[1]]])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_long_as_asked_and_stays() {
        with_room([2, 3], |[a, b]| {
            assert_eq!((a.len(), b.len()), (2, 3));
            a.fill(7.0);
        });
        with_room([1, 9], |[a, b]| {
            assert_eq!((a.len(), b.len()), (1, 9));
            assert_eq!(a[0], 7.0);
        });
    }
}
