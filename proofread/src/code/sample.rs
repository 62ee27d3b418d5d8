//! The symbols at one point, for the function to query.

use super::DIMENSION;
use crate::ball::{Point, Real};
use crate::claim::Claim;
use crate::eval::{Eval, Manner, Store};
use crate::expr::{Expr, Kind};
use crate::read::layout::pieces;
use crate::read::{self, Scope};
use crate::solve::Choice;
use crate::span::{Problem, Span};
use std::cell::RefCell;

/// The values of the symbols at one point.
#[derive(Debug)]
pub struct Sample<'a> {
    pub(super) claim: &'a Claim,
    pub(super) store: RefCell<Store>,
    pub(super) point: RefCell<Point>,
    pub(super) indices: Vec<(String, i64)>,
    pub(super) rng: RefCell<fastrand::Rng>,
}

impl<'a> Sample<'a> {
    pub(super) fn new(claim: &'a Claim, choice: &Choice, draw: u64) -> Self {
        let seed = claim.seed().wrapping_add(draw);
        let mut sizes = choice.sizes.clone();
        sizes.insert("d".into(), 3);
        // An affine example changes little if its arguments change little.
        let manner = Manner::Example { seed, affine: true };
        Self {
            claim,
            store: RefCell::new(Store::new(sizes, manner)),
            point: RefCell::new(Point::default()),
            indices: choice.indices.clone(),
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
        }
    }

    /// Returns the value of a number in the notation, or of an expression of
    /// such numbers.
    ///
    /// # Errors
    /// If the LaTeX has no meaning or no value here, or is a vector.
    pub fn number(&self, latex: &str) -> Result<f64, Problem> {
        match self.latex(latex)?.as_slice() {
            [x] => Ok(x.to_f64()),
            _ => Err(whole(latex, "this is a vector")),
        }
    }

    /// Returns the entries of a vector of the notation.
    ///
    /// # Errors
    /// If the LaTeX has no meaning or no value here, or is a number.
    pub fn vector(&self, latex: &str) -> Result<[f64; DIMENSION], Problem> {
        let entries = self.latex(latex)?;
        let entries: Vec<f64> = entries.iter().map(Real::to_f64).collect();
        entries.try_into().map_err(|_| whole(latex, "this is a number"))
    }

    /// Returns a size or an index.
    ///
    /// # Errors
    /// If the name is no size or index here.
    pub fn whole(&self, name: &str) -> Result<usize, Problem> {
        let index = self.indices.iter().find(|(known, _)| known == name);
        let value = match index {
            Some((_, value)) => Some(*value),
            None => self.store.borrow().sizes.get(name).copied(),
        };
        value
            .and_then(|value| usize::try_from(value).ok())
            .ok_or_else(|| whole(name, "this is no size or index here"))
    }

    /// Returns the numbers of a family such as `\beta_t` for all values of its
    /// index, in order.
    ///
    /// # Errors
    /// If [`number`](Self::number) would fail, or if `index` is no index.
    pub fn table(&self, latex: &str, index: &str) -> Result<Vec<f64>, Problem> {
        let range = self.claim.notation.indices.get(index);
        let (low, high) =
            range.ok_or_else(|| whole(index, "this is no index"))?;
        let (low, high) = {
            let mut store = self.store.borrow_mut();
            let eval = self.eval(&mut store, vec![]);
            (eval.bound(low), eval.bound(high))
        };
        let expr = self.read(latex)?;
        let one = |i: i64| {
            let bound = vec![(index.to_owned(), i)];
            let value = self.at(&expr, bound, vec![], None);
            match value.map_err(|why| whole(latex, &why))?.as_slice() {
                [x] => Ok(x.to_f64()),
                _ => Err(whole(latex, "this is a vector")),
            }
        };
        (low..=high).map(one).collect()
    }

    pub(super) fn eval<'b>(
        &'b self,
        store: &'b mut Store,
        bound: Vec<(String, i64)>,
    ) -> Eval<'b> {
        let Claim { notation, uses, .. } = self.claim;
        let indices = self.indices.iter().cloned().chain(bound).collect();
        Eval::new(notation, uses, store, indices)
    }

    fn read(&self, latex: &str) -> Result<Expr, Problem> {
        let mut scope = Scope::new(&self.claim.notation);
        read::expression(&pieces(latex, false)?, &mut scope)
    }

    fn latex(&self, latex: &str) -> Result<Vec<Real>, Problem> {
        let expr = self.read(latex)?;
        self.value(&expr).map_err(|why| whole(latex, &why))
    }

    pub(super) fn value(&self, expr: &Expr) -> Result<Vec<Real>, String> {
        self.at(expr, vec![], vec![], None)
    }

    /// Formats the symbols of an expression with their values.
    pub(super) fn in_words(&self, expr: &Expr) -> String {
        let mut words: Vec<String> = vec![];
        expr.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && let Ok(values) = self.value(e)
            {
                let name = crate::print::symbol(symbol);
                let numbers: Vec<_> =
                    values.iter().map(|x| x.to_f64().to_string()).collect();
                let word = format!("{name} = {}", numbers.join(", "));
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        });
        words.join("; ")
    }
}

fn whole(text: &str, message: &str) -> Problem {
    let span = Span::new(0, text.len());
    Problem::new(span, format!("{text}: {message}"))
}
