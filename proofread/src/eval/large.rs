//! Sizes and indices that stand for all larger ones.
//!
//! A claim that asks only for entries near an index, near a size and near 0
//! comes to the same terms at all large sizes, entry by entry. So it is
//! evaluated at one large size, and what would differ at others is noticed: a
//! number that is large, an entry that is far from all of these.
//!
//! A product from 1 to a large index is its value a little before, of which
//! only the domain is known, times the factors from there on.

use super::{Eval, Key};
use crate::algebra::Normalizer;
use crate::expr::{Big, Expr, Kind};
use crate::notation::Declaration;
use crate::term::{Op, Term, Value, Variable};
use crate::value::{Interval, Q, Signs, Trouble};
use num_traits::{One, Zero};

/// What is as large as this stands for all larger numbers.
pub(crate) const LARGE: i64 = 1000;
/// The farthest entry.
const REACH: i64 = 30;
/// How far before an index a product is cut.
const BEFORE: i64 = 2;

/// Large sizes and indices, and what was asked of them.
#[derive(Clone, Debug)]
pub(crate) struct Large {
    /// The large numbers.
    anchors: Vec<i64>,
    /// How far from these an entry was.
    pub(crate) offset: i64,
    /// How far from 0 an entry was.
    pub(crate) constant: i64,
    /// Whether other sizes may make a difference.
    pub(crate) differs: bool,
}

impl Large {
    pub(crate) fn new(numbers: impl Iterator<Item = i64>) -> Self {
        let anchors = numbers.filter(|n| *n > LARGE).collect();
        Self { anchors, offset: 0, constant: 0, differs: false }
    }

    /// Notes that an entry was asked for.
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

    /// Notes that an index or a size was used as a number.
    pub(super) fn number(&mut self, number: i64) {
        self.differs |= number.abs() > LARGE;
    }

    /// Where the products to a large index are cut.
    pub(crate) fn cut(&self, index: i64) -> Option<i64> {
        let near = self.anchors.iter().filter(|a| (index - **a).abs() <= REACH);
        near.min().map(|anchor| anchor - BEFORE)
    }
}

impl Eval<'_> {
    /// The value of a product or sum to a large index, if the symbol is one.
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

    /// A product up to where it is cut: it lies in the declared domain, if one
    /// more factor keeps it there, or is any number.
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

    /// Whether a term was shown to lie in an interval.
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

/// The product or sum that a symbol with an index is defined as, from a number
/// to the index: `\prod_{s=1}^t \alpha_s`.
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
