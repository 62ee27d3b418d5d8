//! Random numbers and entries of vectors.

use super::Sampler;
use crate::value::{Interval, Q, whole};
use num_traits::Zero;

/// The manner in which a point is drawn.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Manner {
    Plain,
    Even,
    Wide,
}

impl Sampler {
    /// Returns an entry of a vector.
    pub(super) fn entry(&mut self, manner: Manner) -> Q {
        match manner {
            Manner::Plain => whole(self.rng.i64(-1..=2)),
            Manner::Wide => {
                let size = self.one_of([1, 8, 64, 512]);
                Q::new((size * self.rng.i64(-16..=16)).into(), 8.into())
            }
            Manner::Even => Q::new(self.rng.i64(-16..=16).into(), 8.into()),
        }
    }

    /// Returns a number of a domain.
    pub(super) fn number(
        &mut self,
        domain: &Interval,
        draw: &Interval,
        manner: Manner,
    ) -> Q {
        let value = match manner {
            Manner::Plain => self.plain(draw),
            Manner::Even => self.on_grid(draw, 1024),
            Manner::Wide => self.wide(domain),
        };
        if domain.holds(&value) { value } else { self.on_grid(draw, 64) }
    }

    /// Returns a number that is easy to read.
    fn plain(&mut self, interval: &Interval) -> Q {
        let part = interval.to_draw();
        let (Some(low), Some(high)) = (&part.low, &part.high) else {
            return Q::zero();
        };
        if high - low >= whole(4) {
            let values = [1, -1, 2, -2, 0, 3, -3];
            let value = whole(self.one_of(values));
            if interval.holds(&value) {
                return value;
            }
        }
        let n = self.one_of([2, 4, 10]);
        self.on_grid(&part, n)
    }

    /// Returns `low + (high - low) k/n`, without an end that the interval
    /// excludes.
    fn on_grid(&mut self, interval: &Interval, n: i64) -> Q {
        let part = interval.to_draw();
        let (Some(low), Some(high)) = (&part.low, &part.high) else {
            return Q::zero();
        };
        let from = i64::from(!part.with_low);
        let to = n - i64::from(!part.with_high);
        let k = self.rng.i64(from..=to.max(from));
        low + (high - low) * Q::new(k.into(), n.into())
    }

    /// Returns one of some numbers. The draw is the same for words of 32 and of 64
    /// bits.
    fn one_of<const N: usize>(&mut self, numbers: [i64; N]) -> i64 {
        let all = N as u64;
        let i = self.rng.u64(0..all);
        usize::try_from(i).map_or(numbers[0], |i| numbers[i])
    }

    /// Returns an end or a number near it, 0 or ±1, or a small or large number.
    fn wide(&mut self, domain: &Interval) -> Q {
        let small = Q::new(
            self.rng.i64(1..=9).into(),
            num_bigint::BigInt::from(2).pow(self.rng.u32(1..=30)),
        );
        let large =
            whole(self.rng.i64(1..=99)) * whole(10).pow(self.rng.i32(0..=3));
        match (&domain.low, &domain.high, self.rng.u8(0..8)) {
            (Some(low), _, 0 | 1) => low + &small,
            (Some(low), _, 2) => low.clone(),
            (_, Some(high), 3 | 4) => high - &small,
            (_, Some(high), 5) => high.clone(),
            (_, _, 0 | 6) => large,
            (_, _, 1 | 7) => -large,
            (_, _, 2) => whole(self.rng.i64(-2..=2)),
            (_, _, 3) => small,
            (_, _, 4) => -small,
            _ => self.on_grid(domain, 4096),
        }
    }
}
