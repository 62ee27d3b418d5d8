//! Random claims: some have two unrelated sides, most have two similar sides.

use super::dice::Dice;
use super::expr::{Binary, Expr, Function};
use super::{Claim, DOMAINS, Sign, rewrite};

pub(super) fn claim(dice: &mut Dice) -> Claim {
    let domains = [0; 3].map(|_| dice.below(DOMAINS.len()));
    let left = expression(dice, 3);
    let (sign, right) = match dice.below(8) {
        0 => (dice.one(&Sign::ALL), expression(dice, 2)),
        1..=4 => {
            let mut right = rewrite::steps(&left, dice);
            if dice.below(4) == 0 {
                slip(&mut right, dice);
            }
            (Sign::Equal, right)
        }
        _ => {
            let right = rewrite::steps(&left, dice);
            let sign = dice.one(&[Sign::LessEqual, Sign::Less, Sign::NotEqual]);
            (sign, Expr::two(Binary::Add, right, not_negative(dice)))
        }
    };
    let conditions =
        (0..dice.below(3).saturating_sub(1)).map(|_| condition(dice)).collect();
    let undefined = dice.below(4) == 0;
    let (left, sign, right) = match (sign, dice.below(2)) {
        (Sign::Less, 1) => (right, Sign::Greater, left),
        (Sign::LessEqual, 1) => (right, Sign::GreaterEqual, left),
        _ => (left, sign, right),
    };
    Claim { left, sign, right, conditions, domains, undefined }
}

fn number(dice: &mut Dice) -> Expr {
    if dice.below(3) == 0 {
        let (over, under) =
            dice.one(&[(1, 2), (-1, 2), (2, 3), (-7, 4), (3, 79)]);
        return Expr::Number(over, under);
    }
    Expr::Number(dice.whole(-3, 5), 1)
}

fn leaf(dice: &mut Dice) -> Expr {
    match dice.below(4) {
        0 => number(dice),
        _ => Expr::Symbol(dice.below(3)),
    }
}

pub(super) fn expression(dice: &mut Dice, depth: usize) -> Expr {
    if depth == 0 {
        return leaf(dice);
    }
    match dice.below(12) {
        0 => leaf(dice),
        1..=6 => {
            let binary = dice.one(&[
                Binary::Add,
                Binary::Add,
                Binary::Sub,
                Binary::Sub,
                Binary::Mul,
                Binary::Mul,
                Binary::Div,
                Binary::Div,
                Binary::Max,
                Binary::Min,
            ]);
            let a = expression(dice, depth - 1);
            let less = dice.below(depth);
            let b = expression(dice, less);
            Expr::two(binary, a, b)
        }
        7 => {
            Expr::power(expression(dice, depth - 1), dice.one(&[2, 3, -1, -2]))
        }
        8 => Expr::root(dice.one(&[2, 2, 3, 4]), expression(dice, depth - 1)),
        _ => {
            let function = dice.one(&[
                Function::Abs,
                Function::Abs,
                Function::Log,
                Function::Exp,
                Function::Sin,
                Function::Cos,
                Function::Tanh,
            ]);
            Expr::of(function, expression(dice, depth - 1))
        }
    }
}

/// Returns an expression that is never negative, or sometimes any expression.
fn not_negative(dice: &mut Dice) -> Expr {
    let some = expression(dice, 1);
    match dice.below(7) {
        0 => Expr::power(some, 2),
        1 => Expr::of(Function::Abs, some),
        2 => Expr::of(Function::Exp, some),
        3 => Expr::root(2, some),
        4 => Expr::Number(0, 1),
        5 => Expr::two(Binary::Max, some, Expr::Number(0, 1)),
        _ => some,
    }
}

fn condition(dice: &mut Dice) -> (Expr, Sign, Expr) {
    let symbol = Expr::Symbol(dice.below(3));
    let sign = dice.one(&Sign::ALL[1..]);
    let right = match dice.below(3) {
        0 => Expr::Symbol(dice.below(3)),
        _ => number(dice),
    };
    (symbol, sign, right)
}

/// Changes one random subexpression, as a slip would.
fn slip(expr: &mut Expr, dice: &mut Dice) {
    let place = expr.at(dice.below(expr.size().min(256)));
    let old = place.clone();
    *place = match dice.below(5) {
        0 => Expr::two(Binary::Sub, Expr::Number(0, 1), old),
        1 => Expr::two(Binary::Add, old, Expr::Number(1, 1)),
        2 => Expr::two(Binary::Mul, Expr::Number(2, 1), old),
        3 => Expr::of(Function::Abs, old),
        _ => leaf(dice),
    };
}
