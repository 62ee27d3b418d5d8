//! Large sizes and indices that represent all larger ones.
//!
//! If a claim uses only entries near an index, near a size or near 0, it
//! becomes the same terms, entry by entry, at all large sizes. It is therefore
//! evaluated at one large size. [`Large`] records what could differ at other
//! sizes: a large index used as a number, or an entry far from these places.
//!
//! A product from 1 to a large index is split: a free variable stands for the
//! product up to a little before the index, and only its domain is known. The
//! remaining factors are written out.

use super::{Eval, Key};
use crate::algebra::Normalizer;
use crate::expr::{Big, Expr, Kind};
use crate::notation::Declaration;
use crate::term::{Op, Term, Value, Variable};
use crate::value::{Interval, Q, Signs, Trouble};
use num_traits::{One, Zero};

/// The threshold above which a number represents all larger numbers.
pub(crate) const LARGE: i64 = 1000;
/// The largest distance of an entry from 0 or from a large number.
const REACH: i64 = 30;
/// The distance before a large number at which a product is split.
const BEFORE: i64 = 2;

/// The large sizes and indices, and a record of how they were used.
#[derive(Clone, Debug)]
pub(crate) struct Large {
    /// The large numbers.
    anchors: Vec<i64>,
    /// The largest distance of a used entry from the large numbers.
    pub(crate) offset: i64,
    /// The largest index of a used entry near 0.
    pub(crate) constant: i64,
    /// True if other sizes may give different terms.
    pub(crate) differs: bool,
}

impl Large {
    pub(crate) fn new(numbers: impl Iterator<Item = i64>) -> Self {
        let anchors = numbers.filter(|n| *n > LARGE).collect();
        Self { anchors, offset: 0, constant: 0, differs: false }
    }

    /// Records that an entry was used.
    pub(crate) fn entry(&mut self, index: i64) {
        let anchors = self.anchors.iter().map(|a| (index - a).abs());
        let distance = anchors.min().unwrap_or(i64::MAX);
        if index.abs() < distance {
            self.constant = self.constant.max(index.abs());
        } else {
            self.offset = self.offset.max(distance);
        }
        self.differs |= distance.min(index.abs()) > REACH;
    }

    /// Records that an index or a size was used as a number.
    pub(super) fn number(&mut self, number: i64) {
        self.differs |= number.abs() > LARGE;
    }

    /// Returns the index at which products to a large index are split.
    pub(crate) fn cut(&self, index: i64) -> Option<i64> {
        let near = self.anchors.iter().filter(|a| (index - **a).abs() <= REACH);
        near.min().map(|anchor| anchor - BEFORE)
    }
}

impl Eval<'_> {
    /// Returns the value of a symbol that is a product or sum to a large index,
    /// or `None` for any other symbol.
    pub(super) fn cumulative(
        &mut self,
        declaration: &Declaration,
        key: &Key,
    ) -> Result<Option<Value>, Trouble> {
        let (Some(large), [index]) = (&self.store.large, key.1.as_slice())
        else {
            return Ok(None);
        };
        let (Some(big), true) = (
            running(declaration),
            *index > LARGE && self.may_keep(declaration),
        ) else {
            return Ok(None);
        };
        let Some(cut) = large.cut(*index).filter(|cut| cut <= index) else {
            return Ok(None);
        };
        if let Some(large) = &mut self.store.large {
            large.entry(cut);
        }
        let before = self.before(declaration, big, cut)?;
        let mut total = Value::Scalar(before);
        for s in cut + 1..=*index {
            let factor = self.factor(big, s)?;
            let terms = &mut self.store.terms;
            total = if big.product {
                total.times(&factor, terms)?
            } else {
                total.add(&factor, terms)?
            };
        }
        Ok(Some(total))
    }

    /// Returns a variable for the product or sum up to the split. Its domain is
    /// the declared domain if one more factor provably stays in that domain,
    /// and all real numbers otherwise.
    fn before(
        &mut self,
        declaration: &Declaration,
        big: &Big,
        cut: i64,
    ) -> Result<Term, Trouble> {
        let key = (format!("{}, before", declaration.name), vec![cut]);
        if let Some(known) = self.store.table.get(&key) {
            return known.clone().scalar();
        }
        let domain = &declaration.domain;
        let mut value = self.new_value(&key, domain);
        let start = if big.product { Q::one() } else { Q::zero() };
        let factor = self.factor(big, cut + 1)?.scalar()?;
        let terms = &mut self.store.terms;
        let next = if big.product {
            terms.mul(value, factor)
        } else {
            terms.add(value, factor)
        };
        if !domain.holds(&start) || !self.is_in(next, domain) {
            value = self.new_value(&key, &Interval::REALS);
        }
        self.store.table.insert(key, Value::Scalar(value));
        Ok(value)
    }

    fn new_value(&mut self, key: &Key, domain: &Interval) -> Term {
        let number = self.store.terms.new_variable(Variable {
            name: super::named(&key.0, &key.1),
            domain: domain.clone(),
            draw: domain.to_draw(),
        });
        self.store.terms.store(Op::Variable(number))
    }

    fn factor(&mut self, big: &Big, index: i64) -> Result<Value, Trouble> {
        self.inside(vec![(big.index.clone(), index)], vec![], &big.body)
    }

    /// Checks whether a term provably lies in an interval.
    fn is_in(&mut self, term: Term, domain: &Interval) -> bool {
        let terms = &mut self.store.terms;
        let ends = [
            (&domain.low, domain.with_low, false),
            (&domain.high, domain.with_high, true),
        ];
        ends.into_iter().all(|(end, with, above)| {
            let Some(end) = end else { return true };
            let end = terms.number(end.clone());
            let gap =
                if above { terms.sub(end, term) } else { terms.sub(term, end) };
            let wanted =
                if with { Signs::NOT_NEGATIVE } else { Signs::POSITIVE };
            let found = Normalizer::new(terms).signs(gap);
            found.is_ok_and(|found| found.are(wanted))
        })
    }
}

/// Returns the product or sum that defines an indexed symbol, if it runs from a
/// number to the index: `\prod_{s=1}^t \alpha_s`.
pub(crate) fn running(declaration: &Declaration) -> Option<&Big> {
    let [index] = declaration.indices.as_slice() else { return None };
    let Kind::Big(big) = &declaration.means.as_ref()?.kind else {
        return None;
    };
    let named =
        |expr: &Expr| matches!(&expr.kind, Kind::Symbol(s) if s.name == *index);
    let mut within = false;
    big.body.visit(&mut |e| within |= named(e));
    let from = matches!(big.from.kind, Kind::Number { decimals: 0, .. });
    let to = named(&big.to) && big.index != *index;
    let fits = from && to && !within && !declaration.ambient;
    fits.then_some(big)
}
