//! Limits of sums, products, powers and functions, from the limits of their
//! parts.

use super::{Approach, Limit};
use crate::expr::Function;
use crate::term::Term;
use crate::value::Signs;

impl Approach<'_> {
    pub(super) fn sum(&mut self, parts: &[Term], depth: u32) -> Option<Limit> {
        let (mut finite, mut infinite) = (vec![], None);
        for part in parts {
            match self.limit(*part, depth)? {
                Limit::Finite(term) => finite.push(term),
                Limit::Infinite(minus) => {
                    if infinite.is_some_and(|known| known != minus) {
                        return None;
                    }
                    infinite = Some(minus);
                }
            }
        }
        let sum = self.terms.sum(&finite);
        Some(infinite.map_or(Limit::Finite(sum), Limit::Infinite))
    }

    pub(super) fn product(
        &mut self,
        parts: &[Term],
        depth: u32,
    ) -> Option<Limit> {
        let (mut finite, mut infinite) = (vec![], None);
        for part in parts {
            match self.limit(*part, depth)? {
                Limit::Finite(term) => finite.push(term),
                Limit::Infinite(minus) => {
                    infinite = Some(infinite.unwrap_or(false) ^ minus);
                }
            }
        }
        let product = self.terms.product(&finite);
        let Some(minus) = infinite else {
            return Some(Limit::Finite(product));
        };
        let signs = self.signs(product)?;
        if signs.are(Signs::POSITIVE) {
            Some(Limit::Infinite(minus))
        } else if signs.are(Signs::NEGATIVE) {
            Some(Limit::Infinite(!minus))
        } else {
            None
        }
    }

    pub(super) fn power(
        &mut self,
        limit: Limit,
        base: Term,
        n: i64,
    ) -> Option<Limit> {
        match limit {
            Limit::Infinite(minus) if n > 0 => {
                Some(Limit::Infinite(minus && n % 2 != 0))
            }
            Limit::Infinite(_) if n < 0 => {
                Some(Limit::Finite(self.terms.zero()))
            }
            Limit::Infinite(_) => None,
            Limit::Finite(at) => {
                let signs = self.signs(at)?;
                if n < 0 && signs == Signs::ZERO {
                    let minus = n % 2 != 0 && self.sign_near(base)?;
                    return Some(Limit::Infinite(minus));
                }
                let power = self.terms.power(at, n).ok()?;
                self.finite(power)
            }
        }
    }

    pub(super) fn function(
        &mut self,
        function: Function,
        of: Term,
        depth: u32,
    ) -> Option<Limit> {
        let limit = self.limit(of, depth)?;
        let zero = self.terms.zero();
        match (function, limit) {
            (Function::Log, Limit::Finite(at))
                if self.signs(at)? == Signs::ZERO =>
            {
                Some(Limit::Infinite(true))
            }
            (Function::Log, Limit::Finite(at)) => {
                let log = self.terms.log(at).ok()?;
                self.finite(log)
            }
            (_, Limit::Finite(at)) => {
                let value = self.terms.apply(function, at).ok()?;
                self.finite(value)
            }
            (Function::Exp, Limit::Infinite(true)) => Some(Limit::Finite(zero)),
            (Function::Exp | Function::Log, Limit::Infinite(false)) => {
                Some(Limit::Infinite(false))
            }
            (Function::Tanh, Limit::Infinite(minus)) => {
                let one = self.terms.whole(if minus { -1 } else { 1 });
                Some(Limit::Finite(one))
            }
            _ => None,
        }
    }
}
