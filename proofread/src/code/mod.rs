//! An expression of the text against a Rust function.
//!
//! The text is evaluated with 256 bits at random points of its domain, the
//! function is called with the same numbers as `f64`, and both must agree to
//! the digits that the expression's condition leaves: what a change of the
//! inputs in their last digit does to the value, any function may be off by.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `sample` | the symbols at one point, for code to ask |
//! | `values` | values at a point, and beside it |

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

/// The dimension in which vectors are compared.
const DIMENSION: usize = 3;

/// Which side of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What stands before its sign.
    Left,
    /// What stands behind it.
    Right,
}

/// One side of a relation, to compare with code.
#[derive(Clone, Debug)]
pub struct Expression {
    claim: Arc<Claim>,
    side: Side,
}

/// A number or a vector that code returns.
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

/// What came of a comparison that went well.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// At how many points both agreed.
    pub points: usize,
    /// The largest error, as a share of what was allowed.
    pub worst: f64,
}

impl Report {
    /// One side of relation `number`, from 1, of the formula `id`; nothing if
    /// there is none, or it was not understood.
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

/// Seeds of the points; each is another world at every choice of indices.
const DRAWS: u64 = 3;
/// How far inputs are moved, as a power of two, to see what that does.
const NUDGE: i32 = 60;
/// How many units in the last digit of the inputs a function may lose.
const UNITS: f64 = 16.0;

impl Expression {
    /// Calls `code` at random points and compares.
    ///
    /// # Errors
    /// The first point at which both differ, or `code` fails, in words.
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

    /// The error at one point, as a share of what is allowed.
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
