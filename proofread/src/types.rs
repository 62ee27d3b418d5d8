//! Types of expressions: numbers, vectors and distributions.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `arithmetic` | sums and products |
//! | `symbols` | symbols, and the arguments of functions |
//! | `calculus` | cases and derivatives |
//! | `chance` | the variables of expectations |

mod arithmetic;
mod calculus;
mod chance;
mod symbols;

use crate::expr::{Expr, Kind, Normal, Symbol};
use crate::notation::{Notation, Sort};
use crate::relation::Relation;
use crate::span::{Problem, Result};

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Scalar,
    Vector,
    /// A distribution of numbers, or of vectors.
    Distribution(Sort),
}

impl Type {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scalar => "a number",
            Self::Vector => "a vector",
            Self::Distribution(Sort::Scalar) => "a distribution of numbers",
            Self::Distribution(Sort::Vector) => "a distribution of vectors",
        }
    }

    fn of(sort: Sort) -> Self {
        match sort {
            Sort::Scalar => Self::Scalar,
            Sort::Vector => Self::Vector,
        }
    }
}

/// Checks that the relation may stand between sides of these types.
pub(crate) fn check(
    left: &Expr,
    relation: Relation,
    right: &Expr,
    notation: &Notation,
) -> Result<()> {
    let (a, b) = (type_of(left, notation)?, type_of(right, notation)?);
    let span = left.span.to(right.span);
    let clash = || {
        let message = format!(
            "the left side is {}, the right side {}",
            a.name(),
            b.name()
        );
        Err(Problem::new(span, message))
    };
    match relation {
        Relation::Distributed => match (a, b) {
            (Type::Scalar, Type::Distribution(Sort::Scalar))
            | (Type::Vector, Type::Distribution(Sort::Vector)) => Ok(()),
            (Type::Vector, Type::Distribution(Sort::Scalar)) => clash()
                .map_err(|p| {
                    p.hint(
                        "a vector of independent entries is \\mathcal N(0, I)",
                    )
                }),
            _ => clash().map_err(|problem| match right.kind {
                Kind::Density(_) => problem.hint(
                    "a sample that is drawn claims nothing: mark the line with \
                     % prose: and a reason",
                ),
                _ => problem,
            }),
        },
        Relation::Equal
        | Relation::Defines
        | Relation::NotEqual
        | Relation::Approximately
        | Relation::Proportional
        | Relation::Tends => {
            let zero = is_zero(left) || is_zero(right);
            if a == b || zero && matches!(a, Type::Vector | Type::Scalar) {
                return Ok(());
            }
            clash()
        }
        Relation::Less
        | Relation::LessEqual
        | Relation::Greater
        | Relation::GreaterEqual => {
            if (a, b) == (Type::Scalar, Type::Scalar) {
                return Ok(());
            }
            let message = "only numbers are larger or smaller than others";
            Err(Problem::new(span, message))
        }
    }
}

fn is_zero(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Number { digits: 0, .. })
}

/// Returns the type of an expression.
#[allow(clippy::too_many_lines)] // a table, one row a kind
pub(crate) fn type_of(expr: &Expr, notation: &Notation) -> Result<Type> {
    let of = |e: &Expr| type_of(e, notation);
    let scalar = |e: &Expr, what: &str| match of(e)? {
        Type::Scalar => Ok(()),
        other => {
            let message =
                format!("{what} must be a number, this is {}", other.name());
            Err(Problem::new(e.span, message))
        }
    };
    match &expr.kind {
        Kind::Number { .. } | Kind::Density(_) => Ok(Type::Scalar),
        Kind::Symbol(symbol) => symbols::type_of(expr, symbol, notation),
        Kind::Sum(terms) => arithmetic::sum(terms, notation),
        Kind::Product(factors) => arithmetic::product(factors, notation),
        Kind::Quotient(over, under) => {
            scalar(under, "a denominator")?;
            of(over)
        }
        Kind::Power(base, exponent) => {
            let found = of(base)?;
            if found == Type::Vector {
                return Err(Problem::new(base.span, "a power of a vector").hint(
                    "write \\|x\\|^2 for the square of its length, and x^\\top y \
                     for an inner product",
                ));
            }
            if found != Type::Scalar {
                let message = "the base of a power must be a number";
                return Err(Problem::new(base.span, message));
            }
            scalar(exponent, "an exponent")?;
            Ok(Type::Scalar)
        }
        Kind::Root(inner) | Kind::OddRoot(_, inner) => {
            scalar(inner, "what stands under a root")?;
            Ok(Type::Scalar)
        }
        Kind::Function(_, inner) => {
            scalar(inner, "the argument of a function")?;
            Ok(Type::Scalar)
        }
        Kind::Big(big) => {
            scalar(&big.from, "the range of an index")?;
            scalar(&big.to, "the range of an index")?;
            let mut inner = notation.clone();
            let bound = crate::notation::Bound { size: None, offset: 1 };
            inner
                .indices
                .entry(big.index.clone())
                .or_insert((bound.clone(), bound));
            let body = type_of(&big.body, &inner)?;
            if big.product && body == Type::Vector {
                let message = "a product of vectors";
                return Err(Problem::new(big.body.span, message));
            }
            Ok(body)
        }
        Kind::Norm(inner) => match of(inner)? {
            Type::Distribution(_) => {
                Err(Problem::new(inner.span, "the length of a distribution"))
            }
            _ => Ok(Type::Scalar),
        },
        Kind::Inner(a, b) => match (of(a)?, of(b)?) {
            (Type::Vector, Type::Vector) => Ok(Type::Scalar),
            _ => Err(Problem::new(
                a.span.to(b.span),
                "an inner product of expressions that are not two vectors",
            )),
        },
        Kind::Normal(normal) => gaussian(normal, notation),
        Kind::Expectation(expectation) => {
            chance::drawn(expectation, notation)?;
            of(&expectation.body)
        }
        Kind::Divergence(p, q) => {
            for side in [p, q] {
                let fits =
                    matches!(side.kind, Kind::Density(_) | Kind::Normal(_));
                if !fits {
                    let message = "a divergence between what is no density";
                    return Err(Problem::new(side.span, message));
                }
                of(side)?;
            }
            Ok(Type::Scalar)
        }
        Kind::Cases(cases) => calculus::cases(cases, notation),
        Kind::Extremum(extremum) => {
            for value in &extremum.of {
                scalar(value, "what is compared")?;
            }
            if let Some(over) = &extremum.over {
                let stand_in = Expr::new(Kind::Symbol(over.clone()), expr.span);
                scalar(&stand_in, "what runs")?;
            }
            Ok(Type::Scalar)
        }
        Kind::Derivative(derivative) => {
            calculus::derivative(expr, derivative, notation)
        }
        Kind::Integral(integral) => {
            scalar(&integral.from, "an end of an integral")?;
            scalar(&integral.to, "an end of an integral")?;
            let by = Expr::new(Kind::Symbol(integral.by.clone()), expr.span);
            scalar(&by, "the variable of an integral")?;
            scalar(&integral.body, "what is integrated")?;
            Ok(Type::Scalar)
        }
        Kind::Limit(limit) => {
            let by = Expr::new(Kind::Symbol(limit.by.clone()), expr.span);
            scalar(&by, "the variable of a limit")?;
            of(&limit.of)
        }
        Kind::Entry(vector, index) => {
            scalar(index, "the number of an entry")?;
            match of(vector)? {
                Type::Vector => Ok(Type::Scalar),
                other => {
                    let message = format!("an entry of {}", other.name());
                    Err(Problem::new(expr.span, message))
                }
            }
        }
    }
}

/// Returns the type of a Gaussian. The point and the mean must be vectors if
/// the covariance is written with `I`, else numbers.
fn gaussian(normal: &Normal, notation: &Notation) -> Result<Type> {
    if type_of(&normal.variance, notation)? != Type::Scalar {
        let message = "a variance must be a number";
        return Err(Problem::new(normal.variance.span, message));
    }
    let wanted = if normal.of_vectors { Type::Vector } else { Type::Scalar };
    for part in normal.at.iter().chain([&normal.mean]) {
        let found = type_of(part, notation)?;
        if found != wanted && !is_zero(part) {
            let message = format!(
                "in a Gaussian of {}, this is {}",
                if normal.of_vectors { "vectors" } else { "numbers" },
                found.name()
            );
            let problem = Problem::new(part.span, message);
            return Err(if found == Type::Vector {
                problem.hint("the covariance of vectors is v I")
            } else {
                problem.hint("is a factor missing?")
            });
        }
    }
    Ok(match (&normal.at, normal.of_vectors) {
        (Some(_), _) => Type::Scalar,
        (None, true) => Type::Distribution(Sort::Vector),
        (None, false) => Type::Distribution(Sort::Scalar),
    })
}

/// Returns whether a symbol is the number π.
pub(crate) fn is_pi(symbol: &Symbol, notation: &Notation) -> bool {
    symbol.name == "\\pi" && !notation.symbols.contains_key(&symbol.id())
}
