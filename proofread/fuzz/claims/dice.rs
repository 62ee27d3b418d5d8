//! Choices that hang on bytes, so that a fuzzer can steer them.

/// Chooses by bytes; when they are used up, always the first.
#[derive(Debug)]
pub(crate) struct Dice<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Dice<'a> {
    /// Dice that show these bytes, one after the other.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number below `count`, which is at most 256.
    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % count
    }

    /// One of some.
    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A whole number between two.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        let count = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(count)).unwrap_or(0)
    }
}
