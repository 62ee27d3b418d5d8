//! The value of an expression at one point.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `symbols` | what symbols and functions stand for |
//! | `roots` | square roots |

mod roots;
mod symbols;

use crate::expr::{Big, Expr, Function, Kind, Symbol};
use crate::notation::Notation;
use crate::value::{Number, Trouble, Value};
use crate::world::{Source, World};
use roots::{halves, rational_root};

/// A definition that a formula may use: `symbol := body`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rewriting {
    pub(crate) symbol: Symbol,
    pub(crate) body: Expr,
}

/// The most expressions that are evaluated for one value.
const STEPS: u32 = 200_000;
/// How deep definitions may lead.
const DEPTH: u32 = 200;

/// Everything that a value depends on.
pub(crate) struct Eval<'a, S: Source> {
    pub(crate) notation: &'a Notation,
    pub(crate) uses: &'a [Rewriting],
    pub(crate) world: &'a mut World<S>,
    /// The running indices, the innermost last.
    pub(crate) indices: Vec<(String, i64)>,
    /// Values that stand for symbols: the arguments of functions.
    pub(crate) overlay: Vec<(Key, Value<S::Number>)>,
    /// Symbols whose definitions are being evaluated.
    pending: Vec<Key>,
    /// How many expressions were evaluated.
    pub(crate) steps: u32,
    /// Whether an expectation is being sampled.
    pub(crate) sampling: bool,
    depth: u32,
}

/// A symbol at concrete indices.
pub(crate) type Key = (String, Vec<i64>);

type Outcome<N> = Result<Value<N>, Trouble>;

impl<'a, S: Source> Eval<'a, S> {
    pub(crate) fn new(
        notation: &'a Notation,
        uses: &'a [Rewriting],
        world: &'a mut World<S>,
        indices: Vec<(String, i64)>,
    ) -> Self {
        let (overlay, pending) = (vec![], vec![]);
        Self {
            notation,
            uses,
            world,
            indices,
            overlay,
            pending,
            steps: 0,
            sampling: false,
            depth: 0,
        }
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, expr: &Expr) -> Outcome<S::Number> {
        self.steps += 1;
        if self.steps > STEPS || self.depth > DEPTH {
            return Err(Trouble::Budget);
        }
        self.depth += 1;
        let value = self.compute(expr);
        self.depth -= 1;
        value
    }

    pub(crate) fn scalar(&mut self, expr: &Expr) -> Result<S::Number, Trouble> {
        self.value(expr)?.scalar()
    }

    fn compute(&mut self, expr: &Expr) -> Outcome<S::Number> {
        let scalar = Value::Scalar;
        match &expr.kind {
            Kind::Number { digits, decimals } => {
                Ok(scalar(Number::decimal(*digits, *decimals)))
            }
            Kind::Symbol(symbol) => self.symbol(symbol),
            Kind::Sum(terms) => {
                let mut total = Value::Scalar(S::Number::whole(0));
                for (minus, term) in terms {
                    let term = self.value(term)?;
                    total = if *minus {
                        total.sub(&term)?
                    } else {
                        total.add(&term)?
                    };
                }
                Ok(total)
            }
            Kind::Product(factors) => {
                let mut total = Value::Scalar(S::Number::whole(1));
                for factor in factors {
                    total = total.times(&self.value(factor)?)?;
                }
                Ok(total)
            }
            Kind::Quotient(over, under) => {
                let over = self.value(over)?;
                let under = self.scalar(under)?;
                Ok(over.scaled(&S::Number::whole(1).div(&under)?))
            }
            Kind::Power(base, exponent) => self.power(base, exponent),
            Kind::Root(inner) => {
                if let Some((over, under)) = rational_root(inner) {
                    let (over, under) =
                        (S::Number::whole(over), S::Number::whole(under));
                    return over.div(&under).map(scalar);
                }
                self.require_squares(inner)?;
                let radicand = self.scalar(inner)?;
                self.world.radicand(&radicand);
                radicand.sqrt().map(scalar)
            }
            Kind::Function(Function::Log, inner) => {
                S::log(self, inner).map(scalar)
            }
            Kind::Function(function, inner) => {
                self.scalar(inner)?.apply(*function).map(scalar)
            }
            Kind::Big(big) => self.big(big),
            Kind::Norm(inner) => match self.value(inner)? {
                Value::Scalar(x) => x.mul(&x).sqrt().map(scalar),
                Value::Vector(x) => {
                    let vector = Value::Vector(x);
                    vector.inner(&vector)?.sqrt().map(scalar)
                }
            },
            Kind::Inner(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                a.inner(&b).map(scalar)
            }
            Kind::Normal(_)
            | Kind::Density(_)
            | Kind::Expectation(_)
            | Kind::Divergence(..) => S::probability(self, expr),
            Kind::OddRoot(..) => Err(Trouble::Unsupported(
                "a root other than the square root".into(),
            )),
            Kind::Cases(_) => Err(Trouble::Unsupported("cases".into())),
            Kind::Extremum(_) => {
                Err(Trouble::Unsupported("a minimum or maximum".into()))
            }
            Kind::Derivative(_) => {
                Err(Trouble::Unsupported("a derivative".into()))
            }
            Kind::Integral(_) => {
                Err(Trouble::Unsupported("an integral".into()))
            }
            Kind::Entry(..) => {
                Err(Trouble::Unsupported("an entry of a vector".into()))
            }
        }
    }

    fn power(&mut self, base: &Expr, exponent: &Expr) -> Outcome<S::Number> {
        // The square of a norm needs no root.
        if let (Kind::Norm(inner), Ok(even)) =
            (&base.kind, self.whole(exponent))
            && even % 2 == 0
        {
            let value = self.value(inner)?;
            let square = value.inner(&value)?;
            return square.powi(even / 2).map(Value::Scalar);
        }
        let base_value = self.scalar(base)?;
        if let Ok(exponent) = self.whole(exponent) {
            return base_value.powi(exponent).map(Value::Scalar);
        }
        // `p^{3/2}` is made of roots.
        if let Some((over, roots)) = halves(exponent) {
            let mut root = base_value;
            for _ in 0..roots {
                self.world.radicand(&root);
                root = root.sqrt()?;
            }
            return root.powi(over).map(Value::Scalar);
        }
        base_value.power(&self.scalar(exponent)?).map(Value::Scalar)
    }

    fn big(&mut self, big: &Big) -> Outcome<S::Number> {
        let start = Value::Scalar(S::Number::whole(i64::from(big.product)));
        self.over_range(big, start, |eval, total| {
            let value = eval.value(&big.body)?;
            if big.product { total.times(&value) } else { total.add(&value) }
        })
    }

    /// The logarithm of a product over a range, as a sum of logarithms.
    pub(crate) fn log_of_product(
        &mut self,
        big: &Big,
    ) -> Result<S::Number, Trouble> {
        self.over_range(big, S::Number::whole(0), |eval, total| {
            Ok(total.add(&S::log(eval, &big.body)?))
        })
    }

    /// Takes one step at each value of the running index.
    fn over_range<T>(
        &mut self,
        big: &Big,
        start: T,
        mut step: impl FnMut(&mut Self, T) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let (from, to) = (self.whole(&big.from)?, self.whole(&big.to)?);
        if to.saturating_sub(from) > 10_000 {
            return Err(Trouble::Budget);
        }
        let mut total = start;
        for i in from..=to {
            self.indices.push((big.index.clone(), i));
            let next = step(self, total);
            self.indices.pop();
            total = next?;
        }
        Ok(total)
    }

    /// An expression that is a whole number: an index, a range, an exponent.
    pub(crate) fn whole(&self, expr: &Expr) -> Result<i64, Trouble> {
        let not = || Trouble::Unsupported("not a whole number".into());
        match &expr.kind {
            Kind::Number { digits, decimals: 0 } => Ok(*digits),
            Kind::Symbol(symbol)
                if symbol.indices.is_empty() && symbol.arguments.is_empty() =>
            {
                self.named_whole(&symbol.name).ok_or_else(not)
            }
            Kind::Sum(terms) => {
                let mut total = 0_i64;
                for (minus, term) in terms {
                    let term = self.whole(term)?;
                    let signed =
                        if *minus { term.checked_neg() } else { Some(term) };
                    total = signed
                        .and_then(|term| total.checked_add(term))
                        .ok_or(Trouble::Budget)?;
                }
                Ok(total)
            }
            Kind::Product(factors) => {
                let mut total = 1_i64;
                for factor in factors {
                    total = total
                        .checked_mul(self.whole(factor)?)
                        .ok_or(Trouble::Budget)?;
                }
                Ok(total)
            }
            _ => Err(not()),
        }
    }

    fn named_whole(&self, name: &str) -> Option<i64> {
        let bound = self.indices.iter().rev().find(|(known, _)| known == name);
        bound
            .map(|(_, value)| *value)
            .or_else(|| self.world.sizes.get(name).copied())
    }
}
