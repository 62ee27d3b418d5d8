//! Comparison of an expression of the text with a Rust function.
//!
//! The expression is evaluated with 256 bits at random points of its domain,
//! and the function is called with the same numbers as `f64`. The allowed error
//! depends on the condition of the expression: a function may be off by as much
//! as the value changes when the inputs change in their last digit.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `sample` | the symbols at one point, for the function to query |
//! | `values` | values at a point, and at perturbed points |

mod sample;
mod values;

pub use sample::Sample;

use crate::ball::with_bits;
use crate::claim::Claim;
use crate::document::Report;
use crate::expr::Expr;
use crate::needs::Needs;
use std::error::Error;
use std::sync::Arc;

/// The dimension of vectors in a comparison.
const DIMENSION: usize = 3;

/// A side of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The expression before the relation sign.
    Left,
    /// The expression after the relation sign.
    Right,
}

/// One side of a relation, to compare with a function.
#[derive(Clone, Debug)]
pub struct Expression {
    claim: Arc<Claim>,
    side: Side,
}

/// The number or vector that a function returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Output {
    /// A number.
    Number(f64),
    /// A vector.
    Vector([f64; DIMENSION]),
}

impl From<f64> for Output {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<[f64; DIMENSION]> for Output {
    fn from(x: [f64; DIMENSION]) -> Self {
        Self::Vector(x)
    }
}

/// The result of a successful comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The number of points at which both values agreed.
    pub points: usize,
    /// The largest error, as a fraction of the allowed error.
    pub worst: f64,
}

impl Report {
    /// Returns one side of relation `number`, counted from 1, of the formula
    /// `id`. Returns `None` if there is no such relation or it could not be
    /// read.
    pub fn expression(
        &self,
        id: &str,
        number: usize,
        side: Side,
    ) -> Option<Expression> {
        let outcome = self
            .outcomes
            .iter()
            .find(|o| o.id.as_deref() == Some(id) && o.number == number)?;
        let claim = Arc::clone(outcome.claim.as_ref()?);
        Some(Expression { claim, side })
    }
}

/// The number of random points for each choice of sizes and indices.
const DRAWS: u64 = 3;
/// The exponent `n` of the relative perturbation of the inputs, `2^-n`.
const NUDGE: i32 = 60;
/// The factor of `f64::EPSILON * (|value| + condition)` in the allowed error.
const UNITS: f64 = 16.0;

impl Expression {
    /// Calls `code` at random points and compares its results with the text.
    ///
    /// # Errors
    /// If the values differ or `code` fails, a description of the first such
    /// point.
    ///
    /// ```
    /// use proofread::{Marks, Notation, Side, check};
    /// let notation = Notation::read("
    ///     [symbols]
    ///     a = { kind = 'scalar', in = '(0, 1)' }
    ///     b = { kind = 'scalar' }
    /// ").unwrap();
    /// let text = "$$ b = \\sqrt{1 - a} $$ {#eq-b}";
    /// let report = check("x.md", text, &notation, &Marks::default());
    /// let root = report.expression("eq-b", 1, Side::Right).unwrap();
    /// let good = root.compare(|at| Ok((1.0 - at.number("a")?).sqrt()));
    /// assert!(good.unwrap().points > 0);
    /// let bad = root.compare(|at| Ok((1.0 + at.number("a")?).sqrt()));
    /// assert!(bad.unwrap_err().contains("the code says"));
    /// ```
    pub fn compare<O: Into<Output>>(
        &self,
        code: impl Fn(&Sample) -> Result<O, Box<dyn Error>>,
    ) -> Result<Agreement, String> {
        let needs = {
            let Claim { uses, notation, .. } = &*self.claim;
            Needs::of(&[self.expr()], uses, notation)
        };
        let choices = crate::solve::points(&self.claim, &needs)?;
        let mut agreement = Agreement { points: 0, worst: 0.0 };
        for choice in &choices {
            for draw in 0..DRAWS {
                let sample = Sample::new(&self.claim, choice, draw);
                let share = with_bits(256, || self.one(&sample, &code))
                    .map_err(|why| {
                        format!("at {}: {why}", choice.in_words())
                    })?;
                agreement.points += 1;
                agreement.worst = agreement.worst.max(share);
            }
        }
        Ok(agreement)
    }

    fn expr(&self) -> &Expr {
        match self.side {
            Side::Left => &self.claim.left,
            Side::Right => &self.claim.right,
        }
    }

    /// Returns the error at one point, as a fraction of the allowed error.
    fn one<O: Into<Output>>(
        &self,
        sample: &Sample,
        code: impl Fn(&Sample) -> Result<O, Box<dyn Error>>,
    ) -> Result<f64, String> {
        let expected = sample.value(self.expr())?;
        let found = match code(sample).map_err(|e| e.to_string())?.into() {
            Output::Number(x) => vec![x],
            Output::Vector(x) => x.to_vec(),
        };
        if found.len() != expected.len() {
            return Err("a number against a vector".into());
        }
        let mut condition = vec![0.0_f64; found.len()];
        for turn in 0..4 {
            let moved = sample.moved(turn, self.expr())?;
            let pairs = moved.iter().zip(&expected);
            for (c, (a, b)) in condition.iter_mut().zip(pairs) {
                *c = c.max(a.sub(b).abs().shifted(NUDGE).to_f64());
            }
        }
        let mut worst = 0.0_f64;
        for ((found, expected), condition) in
            found.iter().zip(&expected).zip(&condition)
        {
            let expected = expected.to_f64();
            let allowed = UNITS * f64::EPSILON * (expected.abs() + condition);
            let error = (found - expected).abs();
            if error.is_nan() || error > allowed {
                let symbols = sample.in_words(self.expr());
                return Err(format!(
                    "{symbols}: the text says {expected}, the code says \
                     {found}"
                ));
            }
            worst = worst.max(error / allowed.max(f64::MIN_POSITIVE));
        }
        Ok(worst)
    }
}
