//! An expression of the text against a Rust function.
//!
//! The text is evaluated with 256 bits at random points of its domain, the
//! function is called with the same numbers as `f64`, and both must agree to
//! the digits that the expression's condition leaves: what a change of the
//! inputs in their last digit does to the value, any function may be off by.

use crate::ball::{Numbers, Point, Real, with_bits};
use crate::claim::Claim;
use crate::document::Report;
use crate::eval::{Eval, Key, Manner, Store};
use crate::expr::{Expr, Kind};
use crate::needs::Needs;
use crate::read::layout::pieces;
use crate::read::{self, Scope};
use crate::solve::{Choice, Sampler};
use crate::span::{Problem, Span};
use crate::term::Value;
use crate::value::Trouble;
use std::cell::RefCell;
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

/// Values of the symbols at one point.
#[derive(Debug)]
pub struct Sample<'a> {
    claim: &'a Claim,
    store: RefCell<Store>,
    point: RefCell<Point>,
    indices: Vec<(String, i64)>,
    rng: RefCell<fastrand::Rng>,
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

impl<'a> Sample<'a> {
    fn new(claim: &'a Claim, choice: &Choice, draw: u64) -> Self {
        let seed = claim.seed().wrapping_add(draw);
        let mut sizes = choice.sizes.clone();
        sizes.insert("d".into(), 3);
        // Any function must change little where its arguments do.
        let manner = Manner::Example { seed, affine: true };
        Self {
            claim,
            store: RefCell::new(Store::new(sizes, manner)),
            point: RefCell::new(Point::default()),
            indices: choice.indices.clone(),
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
        }
    }

    /// A number that the notation knows, or any expression of such numbers.
    ///
    /// # Errors
    /// If the LaTeX has no meaning or no value here, or is a vector.
    pub fn number(&self, latex: &str) -> Result<f64, Problem> {
        match self.latex(latex)?.as_slice() {
            [x] => Ok(x.to_f64()),
            _ => Err(whole(latex, "this is a vector")),
        }
    }

    /// A vector that the notation knows.
    ///
    /// # Errors
    /// If the LaTeX has no meaning or no value here, or is a number.
    pub fn vector(&self, latex: &str) -> Result<[f64; DIMENSION], Problem> {
        let entries = self.latex(latex)?;
        let entries: Vec<f64> = entries.iter().map(Real::to_f64).collect();
        entries.try_into().map_err(|_| whole(latex, "this is a number"))
    }

    /// A size or an index.
    ///
    /// # Errors
    /// If it is none here.
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

    /// The numbers of a family such as `\beta_t` for all values of its index,
    /// from the first to the last.
    ///
    /// # Errors
    /// As [`number`](Self::number), or if `index` is none.
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

    fn eval<'b>(
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

    fn value(&self, expr: &Expr) -> Result<Vec<Real>, String> {
        self.at(expr, vec![], vec![], None)
    }

    /// The entries of an expression with indices bound and symbols given; with
    /// `nudges` every quantity is moved by a little of its own.
    fn at(
        &self,
        expr: &Expr,
        bound: Vec<(String, i64)>,
        overlay: Vec<(Key, Value)>,
        nudges: Option<fastrand::Rng>,
    ) -> Result<Vec<Real>, String> {
        let mut store = self.store.borrow_mut();
        let value = {
            let mut eval = self.eval(&mut store, bound);
            eval.overlay = overlay;
            eval.value(expr).map_err(|trouble| no_value(&trouble))?
        };
        // What was met for the first time gets a value now.
        let mut point = self.point.borrow_mut();
        Sampler::complete(
            &store.terms,
            &mut point,
            DIMENSION,
            &mut self.rng.borrow_mut(),
        );
        let Some(mut rng) = nudges else {
            return entries(&store, &point, value);
        };
        let mut moved = point.clone();
        // In one order, whatever order the tables have.
        let mut numbers: Vec<_> = moved.variables.iter_mut().collect();
        numbers.sort_by_key(|(number, _)| **number);
        for (_, value) in numbers {
            *value *= nudge(&mut rng);
        }
        let mut vectors: Vec<_> = moved.vectors.iter_mut().collect();
        vectors.sort_by_key(|(atom, _)| **atom);
        for entry in vectors.into_iter().flat_map(|(_, entries)| entries) {
            *entry *= nudge(&mut rng);
        }
        entries(&store, &moved, value)
    }

    /// The value where every symbol is moved by a little of its own: code gets
    /// them rounded, also those that follow from others.
    fn moved(&self, turn: u64, expr: &Expr) -> Result<Vec<Real>, String> {
        let mut rng = fastrand::Rng::with_seed(turn);
        let mut overlay: Vec<(Key, Value)> = vec![];
        let mut symbols = vec![];
        expr.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && symbol.arguments.is_empty()
            {
                symbols.push((symbol.clone(), e.clone()));
            }
        });
        for (symbol, expr) in symbols {
            let key = {
                let mut store = self.store.borrow_mut();
                let eval = self.eval(&mut store, vec![]);
                let indices = symbol.indices.iter().map(|i| eval.whole(i));
                let Ok(indices) = indices.collect::<Result<_, _>>() else {
                    continue;
                };
                (symbol.name.clone(), indices)
            };
            if overlay.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let mut store = self.store.borrow_mut();
            let value = self.eval(&mut store, vec![]).value(&expr);
            let Ok(value) = value else { continue };
            let factor = nudge(&mut rng);
            let factor = store.terms.number(factor);
            overlay.push((key, value.scaled(factor, &mut store.terms)));
        }
        self.at(expr, vec![], overlay, Some(rng))
    }

    /// The symbols of an expression with their values.
    fn in_words(&self, expr: &Expr) -> String {
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

fn entries(
    store: &Store,
    point: &Point,
    value: Value,
) -> Result<Vec<Real>, String> {
    let mut numbers = Numbers::new(&store.terms, point);
    let entries = match value {
        Value::Scalar(term) => numbers.value(term).map(|x| vec![x]),
        Value::Vector(vector) => numbers.vector(&vector).map(|mut x| {
            x.resize(DIMENSION, Real::whole(0));
            x
        }),
    };
    entries.map_err(|trouble| no_value(&trouble))
}

/// A factor that moves a number by a little, this way or that.
fn nudge(rng: &mut fastrand::Rng) -> crate::value::Q {
    let under = num_bigint::BigInt::from(1) << NUDGE;
    let step = crate::value::Q::new(1.into(), under);
    let one = crate::value::whole(1);
    if rng.bool() { one + step } else { one - step }
}

fn no_value(trouble: &Trouble) -> String {
    format!("no value here: {trouble:?}")
}

fn whole(text: &str, message: &str) -> Problem {
    let span = Span::new(0, text.len());
    Problem::new(span, format!("{text}: {message}"))
}
