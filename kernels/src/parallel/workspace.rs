//! Scratch memory that each thread keeps between calls.
//!
//! New memory must be zeroed by the system and then brought into the cache;
//! memory that was used a moment ago is there already.

use std::cell::RefCell;

thread_local! {
    static WORKSPACE: RefCell<[Vec<f32>; 2]> = RefCell::default();
}

/// Calls `work` with two slices of these lengths, which hold whatever was
/// written to them before. `work` must not call this function again.
pub(crate) fn with_workspace<R>(
    lengths: [usize; 2],
    work: impl FnOnce([&mut [f32]; 2]) -> R,
) -> R {
    WORKSPACE.with_borrow_mut(|[a, b]| {
        for (buffer, length) in [&mut *a, &mut *b].into_iter().zip(lengths) {
            buffer.resize(length.max(buffer.len()), 0.0);
        }
        work([&mut a[..lengths[0]], &mut b[..lengths[1]]])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_workspace_keeps_memory_between_calls() {
        with_workspace([2, 3], |[a, b]| {
            assert_eq!((a.len(), b.len()), (2, 3));
            a.fill(7.0);
        });
        with_workspace([1, 9], |[a, b]| {
            assert_eq!((a.len(), b.len()), (1, 9));
            assert_eq!(a[0], 7.0);
        });
    }
}
