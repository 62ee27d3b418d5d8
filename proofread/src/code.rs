//! An expression of the text against a Rust function.
//!
//! The text is evaluated with 256 bits at random points of its domain, the
//! function is called with the same numbers as `f64`, and both must agree to
//! the digits that the expression's condition leaves: what a change of the
//! inputs in their last digit does to the value, any function may be off by.

use crate::decide::{Claim, Point};
use crate::document::{Prepared, Report};
use crate::eval::Eval;
use crate::expr::{Expr, Kind};
use crate::needs::Needs;
use crate::read::layout::pieces;
use crate::read::{self, Scope};
use crate::source::Reals;
use crate::span::{Problem, Span};
use crate::value::{DIMENSION, Number, Real, Trouble, Value};
use crate::world::{World, nudged};
use std::cell::RefCell;
use std::error::Error;
use std::sync::Arc;

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
    prepared: Arc<Prepared>,
    side: Side,
}

/// Values of the symbols at one point.
#[derive(Debug)]
pub struct Sample<'a> {
    prepared: &'a Prepared,
    world: RefCell<World<Reals>>,
    indices: Vec<(String, i64)>,
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
    #[must_use]
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
        let prepared = Arc::clone(outcome.claim.as_ref()?);
        Some(Expression { prepared, side })
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
        let (prepared, expr) = (&*self.prepared, self.expr());
        let claim = prepared.claim(expr, expr);
        let needs = claim.needs();
        let points = crate::decide::points(&claim, &needs)?;
        let mut agreement = Agreement { points: 0, worst: 0.0 };
        for point in &points {
            for draw in 0..DRAWS {
                let seed = claim.seed.wrapping_add(draw);
                let world = filled(&claim, &needs, point, seed)?;
                let sample = Sample {
                    prepared,
                    world: RefCell::new(world),
                    indices: point.indices.clone(),
                };
                let share = self
                    .one(&sample, &code)
                    .map_err(|why| format!("at {}: {why}", point.in_words()))?;
                agreement.points += 1;
                agreement.worst = agreement.worst.max(share);
            }
        }
        Ok(agreement)
    }

    fn expr(&self) -> &Expr {
        match self.side {
            Side::Left => &self.prepared.left,
            Side::Right => &self.prepared.right,
        }
    }

    /// The error at one point, as a share of what is allowed.
    fn one<O: Into<Output>>(
        &self,
        sample: &Sample,
        code: impl Fn(&Sample) -> Result<O, Box<dyn Error>>,
    ) -> Result<f64, String> {
        let expected = entries(&sample.value(self.expr())?);
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
            let pairs = moved.entries().iter().zip(&expected);
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

fn filled(
    claim: &Claim,
    needs: &Needs,
    point: &Point,
    seed: u64,
) -> Result<World<Reals>, String> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut world = (0..100)
        .find_map(|_| claim.world(Reals::new(rng.fork()), needs, point))
        .ok_or("no values were found that lie in their domains")?;
    // Any function must change little where its arguments do.
    world.affine = true;
    Ok(world)
}

fn entries(value: &Value<Real>) -> Vec<Real> {
    value.entries().to_vec()
}

impl Sample<'_> {
    /// A number that the notation knows, or any expression of such numbers.
    ///
    /// # Errors
    /// If the LaTeX has no meaning or no value here, or is a vector.
    pub fn number(&self, latex: &str) -> Result<f64, Problem> {
        match self.latex(latex)? {
            Value::Scalar(x) => Ok(x.to_f64()),
            Value::Vector(_) => Err(whole(latex, "this is a vector")),
        }
    }

    /// A vector that the notation knows.
    ///
    /// # Errors
    /// If the LaTeX has no meaning or no value here, or is a number.
    pub fn vector(&self, latex: &str) -> Result<[f64; DIMENSION], Problem> {
        match self.latex(latex)? {
            Value::Vector(x) => Ok(x.map(|x| x.to_f64())),
            Value::Scalar(_) => Err(whole(latex, "this is a number")),
        }
    }

    /// A size or an index.
    ///
    /// # Errors
    /// If it is none here.
    pub fn whole(&self, name: &str) -> Result<usize, Problem> {
        let index = self.indices.iter().find(|(known, _)| known == name);
        let value = match index {
            Some((_, value)) => Some(*value),
            None => self.world.borrow().sizes.get(name).copied(),
        };
        value
            .and_then(|value| usize::try_from(value).ok())
            .ok_or_else(|| whole(name, "this is no size or index here"))
    }

    /// The numbers of a family such as `\beta_t` for all values of its index,
    /// from the first to the last.
    ///
    /// # Errors
    /// As [`number`](Self::number), or if `index` is none.
    pub fn table(&self, latex: &str, index: &str) -> Result<Vec<f64>, Problem> {
        let range = self.prepared.notation.indices.get(index);
        let (low, high) =
            range.ok_or_else(|| whole(index, "this is no index"))?;
        let (low, high) = {
            let mut world = self.world.borrow_mut();
            let eval = self.eval(&mut world);
            (eval.bound(low), eval.bound(high))
        };
        let expr = self.read(latex)?;
        let one = |i: i64| {
            let mut world = self.world.borrow_mut();
            let mut eval = self.eval(&mut world);
            eval.indices.push((index.to_owned(), i));
            let value = eval.scalar(&expr);
            value
                .map(|x| x.to_f64())
                .map_err(|trouble| whole(latex, &no_value(&trouble)))
        };
        (low..=high).map(one).collect()
    }

    fn eval<'a>(&'a self, world: &'a mut World<Reals>) -> Eval<'a, Reals> {
        let Prepared { notation, uses, .. } = self.prepared;
        Eval::new(notation, uses, world, self.indices.clone())
    }

    fn read(&self, latex: &str) -> Result<Expr, Problem> {
        let mut scope = Scope::new(&self.prepared.notation);
        read::expression(&pieces(latex, false)?, &mut scope)
    }

    fn latex(&self, latex: &str) -> Result<Value<Real>, Problem> {
        let expr = self.read(latex)?;
        self.value(&expr).map_err(|why| whole(latex, &why))
    }

    fn value(&self, expr: &Expr) -> Result<Value<Real>, String> {
        let mut world = self.world.borrow_mut();
        self.eval(&mut world).value(expr).map_err(|trouble| no_value(&trouble))
    }

    /// The value where every number is moved a little, and every symbol of the
    /// expression by a little of its own: code gets them rounded, also those
    /// that follow from others.
    fn moved(&self, turn: u64, expr: &Expr) -> Result<Value<Real>, String> {
        let mut rng = fastrand::Rng::with_seed(turn);
        let mut world = self.world.borrow().clone();
        world.nudge(turn, NUDGE);
        let mut eval = self.eval(&mut world);
        let mut overlay = vec![];
        expr.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && symbol.arguments.is_empty()
                && let Ok(value) = eval.value(e)
            {
                let indices = symbol.indices.iter().map(|i| eval.whole(i));
                let Ok(indices) = indices.collect() else { return };
                let key = (symbol.name.clone(), indices);
                overlay.push((key, nudged(&value, &mut rng, NUDGE)));
            }
        });
        eval.overlay = overlay;
        eval.value(expr).map_err(|trouble| no_value(&trouble))
    }

    /// The symbols of an expression with their values.
    fn in_words(&self, expr: &Expr) -> String {
        let mut words: Vec<String> = vec![];
        expr.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && let Ok(value) = self.value(e)
            {
                let name = crate::print::symbol(symbol);
                let values = entries(&value);
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

fn no_value(trouble: &Trouble) -> String {
    format!("no value here: {trouble:?}")
}

fn whole(text: &str, message: &str) -> Problem {
    let span = Span::new(0, text.len());
    Problem::new(span, format!("{text}: {message}"))
}
