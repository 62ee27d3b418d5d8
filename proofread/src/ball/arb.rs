//! Tests of balls against Arb, another implementation of ball arithmetic, on
//! 3000 random expressions. `tests/balls/make.py` made the expressions, and
//! documents the format of a line.

use super::{Numbers, Point, Real, with_bits};
use crate::expr::Function;
use crate::term::{Op, Term, Terms};
use crate::value::{Q, Trouble};
use num_bigint::BigInt;
use num_traits::Pow;
use std::cmp::Ordering;

/// Returns `DIGITS 10^POWER`.
fn decimal(digits: &str, power: i64) -> Q {
    let digits: BigInt = digits.parse().unwrap();
    let ten = BigInt::from(10).pow(power.unsigned_abs());
    if power < 0 { Q::new(digits, ten) } else { Q::from(digits * ten) }
}

fn number(token: &str) -> Q {
    if let Some((digits, power)) = token.split_once('e') {
        return decimal(digits, power.parse().unwrap());
    }
    let (over, under) = token.split_once('/').unwrap_or((token, "1"));
    Q::new(over.parse().unwrap(), under.parse().unwrap())
}

/// Builds a term from its postfix form, without simplification.
fn term(expression: &str, terms: &mut Terms) -> Term {
    let mut stack: Vec<Term> = vec![];
    for token in expression.split(' ') {
        let mut pop = || stack.pop().unwrap();
        let op = match token {
            "+" | "*" | "max" | "min" => {
                let (y, x) = (pop(), pop());
                match token {
                    "+" => Op::Sum(vec![x, y]),
                    "*" => Op::Product(vec![x, y]),
                    _ => Op::Extremum(token == "max", vec![x, y]),
                }
            }
            "-" => {
                let (y, x) = (pop(), pop());
                let minus = terms.store(Op::Number(number("-1")));
                let y = terms.store(Op::Product(vec![minus, y]));
                Op::Sum(vec![x, y])
            }
            "/" | "pow" => {
                let (y, x) = (pop(), pop());
                if token == "/" {
                    Op::Quotient(x, y)
                } else {
                    Op::RealPower(x, y)
                }
            }
            "abs" => Op::Absolute(pop()),
            "log" => Op::Function(Function::Log, pop()),
            "exp" => Op::Function(Function::Exp, pop()),
            "sin" => Op::Function(Function::Sin, pop()),
            "cos" => Op::Function(Function::Cos, pop()),
            "tanh" => Op::Function(Function::Tanh, pop()),
            "pi" => Op::Pi,
            _ => {
                if let Some(exponent) = token.strip_prefix('^') {
                    Op::Power(pop(), exponent.parse().unwrap())
                } else if let Some(degree) = token.strip_prefix('r') {
                    Op::Root(degree.parse().unwrap(), pop())
                } else {
                    Op::Number(number(token))
                }
            }
        };
        stack.push(terms.store(op));
    }
    let [only] = stack.as_slice() else { panic!("{expression}") };
    *only
}

fn value(expression: &str, bits: usize) -> Result<Real, Trouble> {
    let mut terms = Terms::default();
    let term = term(expression, &mut terms);
    let point = Point::default();
    with_bits(bits, || Numbers::new(&terms, &point).value(term))
}

/// Returns what is wrong with a value that is known to lie in a small interval,
/// if anything.
fn against(
    found: Result<Real, Trouble>,
    bits: usize,
    lost: f64,
    digits: &str,
    power: i64,
) -> Option<String> {
    // Where Arb loses few of its 128 bits, a ball must not lose many.
    let calm = lost < 30.0 && bits >= 256;
    let needed = bits as f64 - 2.0 * lost - 20.0;
    match found {
        Ok(ball) => {
            let (over, under) = with_bits(2048, || {
                let truth = Real::rational(&decimal(digits, power));
                let radius = Real::rational(&decimal("1", power));
                let off = ball.sub(&truth);
                (off.sub(&radius).sign(), off.add(&radius).sign())
            });
            let known = ball.size() - ball.error();
            if over == Some(Ordering::Greater) || under == Some(Ordering::Less)
            {
                Some(format!("off: {ball:?}"))
            } else if calm && known < needed {
                Some(format!("wide: {known} bits"))
            } else {
                None
            }
        }
        Err(Trouble::Unclear) if !calm => None,
        Err(trouble) => Some(format!("{trouble:?}")),
    }
}

/// Checks that each ball contains the true value and is small, and that an
/// expression without a value gets none.
#[test]
fn balls_hold_what_arb_says() {
    let lines = include_str!("../../tests/balls/expressions.txt").lines();
    let (mut wrong, mut values, mut none, mut unclear) = (vec![], 0, 0, 0);
    for line in lines.filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split(';').collect();
        for bits in [64, 128, 192, 256, 448] {
            let found = value(fields[0], bits);
            let problem = match fields.as_slice() {
                [_, "none"] => {
                    none += 1;
                    found.ok().map(|ball| format!("has no value: {ball:?}"))
                }
                [_, "?"] => {
                    unclear += 1;
                    (found.as_ref().err() != Some(&Trouble::Unclear))
                        .then(|| format!("unclear: {found:?}"))
                }
                [_, lost, digits, power] => {
                    values += 1;
                    let lost = lost.parse().unwrap();
                    against(found, bits, lost, digits, power.parse().unwrap())
                }
                _ => Some("not a line".into()),
            };
            wrong.extend(problem.map(|why| format!("{line} {bits}: {why}")));
        }
    }
    assert!(values > 12_000 && none > 900 && unclear > 500);
    let count = wrong.len();
    wrong.sort_by_key(|line: &String| !line.contains(": off"));
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{count}: {wrong:#?}");
}
