//! Steps of algebra, as people make them: some hold everywhere, some on a part
//! of the domain, and a few nowhere.

use super::dice::Dice;
use super::expr::Binary::{Add, Div, Max, Min, Mul, Sub};
use super::expr::Expr::{self, Number, Of, Power, Root, Two};
use super::expr::Function::{Abs, Exp, Log};

/// Returns the expression after a few steps, each at a random place.
pub(super) fn steps(expr: &Expr, dice: &mut Dice) -> Expr {
    let mut found = expr.clone();
    for _ in 0..=dice.below(4) {
        let size = found.size().min(256);
        if size > 60 {
            break;
        }
        let place = found.at(dice.below(size));
        let kind = dice.below(4);
        *place = step(place, kind);
    }
    found
}

/// Rewrites the top of an expression; `kind` chooses among several steps.
fn step(expr: &Expr, kind: usize) -> Expr {
    let two = Expr::two;
    let of = Expr::of;
    let half = Number(1, 2);
    match (expr.clone(), kind) {
        // a + b becomes b + a, or (a² - b²) / (a - b).
        (Two(Add, a, b), 0 | 1) => two(Add, *b, *a),
        (Two(Add, a, b), 2) => {
            let squares = two(
                Sub,
                Expr::power(*a.clone(), 2),
                Expr::power(*b.clone(), 2),
            );
            two(Div, squares, two(Sub, *a, *b))
        }
        (Two(Sub, a, b), 0) => two(Add, *a, two(Mul, Number(-1, 1), *b)),
        (Two(Sub, a, b), _) => two(Mul, Number(-1, 1), two(Sub, *b, *a)),
        (Two(Mul, a, b), 0) => two(Mul, *b, *a),
        (Two(Mul, a, b), 1) => of(Exp, two(Add, of(Log, *a), of(Log, *b))),
        (Two(Mul, a, b), 2) => {
            // a b becomes ((a + b)² - (a² + b²)) / 2.
            let sum = Expr::power(two(Add, *a.clone(), *b.clone()), 2);
            let squares = two(Add, Expr::power(*a, 2), Expr::power(*b, 2));
            two(Mul, half, two(Sub, sum, squares))
        }
        (Two(Mul, a, b), _) => match *a {
            Two(Add, x, y) => {
                two(Add, two(Mul, *x, *b.clone()), two(Mul, *y, *b))
            }
            a => two(Div, a, Expr::power(*b, -1)),
        },
        (Two(Div, a, b), 0) => two(Mul, *a, Expr::power(*b, -1)),
        (Two(Div, a, b), 1) => {
            let over = two(Mul, *a, *b.clone());
            two(Div, over, Expr::power(*b, 2))
        }
        (Two(Div, a, b), _) => Expr::power(two(Div, *b, *a), -1),
        (Two(Max, a, b), _) => {
            let gap = of(Abs, two(Sub, *a.clone(), *b.clone()));
            two(Mul, half, two(Add, two(Add, *a, *b), gap))
        }
        (Two(Min, a, b), _) => {
            two(Sub, two(Add, *a.clone(), *b.clone()), two(Max, *a, *b))
        }
        (Power(a, 2), 0) => Expr::power(of(Abs, *a), 2),
        (Power(a, 2), _) => two(Mul, *a.clone(), *a),
        (Power(a, n), 0) if n < 0 => {
            two(Div, Number(1, 1), Expr::power(*a, -n))
        }
        (Root(2, a), kind) => match (*a, kind) {
            (Power(a, 2), 0) => *a,
            (Power(a, 2), _) => of(Abs, *a),
            (Two(Mul, a, b), _) => {
                two(Mul, Expr::root(2, *a), Expr::root(2, *b))
            }
            (a, _) => of(Exp, two(Mul, half, of(Log, a))),
        },
        (Root(degree, a), _) => match *a {
            Two(Div, a, b) => {
                two(Div, Expr::root(degree, *a), Expr::root(degree, *b))
            }
            a => Expr::root(2, Expr::power(Expr::root(degree, a), 2)),
        },
        (Of(Abs, a), 0) => *a,
        (Of(Abs, a), 1) => Expr::root(2, Expr::power(*a, 2)),
        (Of(Abs, a), _) => two(Max, *a.clone(), two(Mul, Number(-1, 1), *a)),
        (Of(Log, a), _) => match *a {
            Two(Mul, a, b) => two(Add, of(Log, *a), of(Log, *b)),
            Two(Div, a, b) => two(Sub, of(Log, *a), of(Log, *b)),
            Of(Exp, a) => *a,
            a => two(Mul, half, of(Log, Expr::power(a, 2))),
        },
        (Of(Exp, a), _) => match *a {
            Two(Add, a, b) => two(Mul, of(Exp, *a), of(Exp, *b)),
            Of(Log, a) => *a,
            a => Expr::power(of(Exp, two(Mul, half, a)), 2),
        },
        (a, 0) => two(Mul, a.clone(), two(Div, a.clone(), a)),
        (a, 1) => of(Log, of(Exp, a)),
        (a, 2) => of(Exp, of(Log, a)),
        (a, _) => Expr::root(2, Expr::power(a, 2)),
    }
}
