//! Properties of the whole, on random expressions.

use crate::decide::{Verdict, decide_only};
use crate::document::Prepared;
use crate::expr::{Big, Expr, Function, Kind, Symbol};
use crate::mutate::{Fate, changes, fate};
use crate::notation::Notation;
use crate::read::layout::pieces;
use crate::read::{self, Relation, Scope};
use crate::span::Span;
use crate::types::{self, Type};
use quickcheck::{QuickCheck, TestResult};
use std::sync::Arc;

fn notation() -> Notation {
    Notation::read(
        r"
        [sizes]
        T = '3..4'
        [indices]
        t = '1..T'
        [symbols]
        'a' = { kind = 'scalar' }
        'b' = { kind = 'scalar' }
        'p' = { kind = 'scalar', in = '(0, oo)' }
        '\bar\gamma_t' = { kind = 'scalar', in = '(0, 1)', range = '0..T' }
        'x' = { kind = 'vector' }
        'y' = { kind = 'vector' }
        '\mu_\theta(x, t)' = { kind = 'vector' }
        ",
    )
    .unwrap()
}

/// Random expressions of a type.
struct Maker(fastrand::Rng);

fn e(kind: Kind) -> Expr {
    Expr::new(kind, Span::default())
}

fn symbol(name: &str, indices: Vec<Expr>, arguments: Vec<Expr>) -> Expr {
    e(Kind::Symbol(Symbol { name: name.into(), indices, arguments }))
}

impl Maker {
    fn index(&mut self) -> Expr {
        let t = symbol("t", vec![], vec![]);
        match self.0.u8(0..3) {
            0 => t,
            1 => e(Kind::Sum(vec![(false, t), (true, Expr::whole(1))])),
            _ => Expr::whole(self.0.i64(0..3)),
        }
    }

    fn leaf(&mut self) -> Expr {
        match self.0.u8(0..6) {
            0 => Expr::whole(self.0.i64(0..20)),
            1 => e(Kind::Number { digits: self.0.i64(1..999), decimals: 2 }),
            2 => {
                let index = self.index();
                symbol("\\bar{\\gamma}", vec![index], vec![])
            }
            _ => symbol(["a", "b", "p"][self.0.usize(0..3)], vec![], vec![]),
        }
    }

    fn terms(&mut self, depth: u32, vector: bool) -> Expr {
        let count = self.0.usize(1..4);
        let mut terms: Vec<_> = (0..count)
            .map(|_| (self.0.bool(), self.one(depth, vector)))
            .collect();
        if count == 1 {
            terms[0].0 = true; // a single term with a plus is no sum
        }
        e(Kind::Sum(terms))
    }

    fn one(&mut self, depth: u32, vector: bool) -> Expr {
        if vector { self.vector(depth) } else { self.scalar(depth) }
    }

    fn scalar(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return self.leaf();
        }
        let d = depth - 1;
        match self.0.u8(0..12) {
            0..=2 => self.terms(d, false),
            3 | 4 => {
                let factors = (0..self.0.usize(2..4)).map(|_| self.scalar(d));
                e(Kind::Product(factors.collect()))
            }
            5 => {
                let (a, b) = (self.scalar(d), self.scalar(d));
                e(Kind::Quotient(Box::new(a), Box::new(b)))
            }
            6 => {
                let base = self.scalar(d);
                let exponent = Expr::whole(self.0.i64(0..4));
                e(Kind::Power(Box::new(base), Box::new(exponent)))
            }
            7 => e(Kind::Root(Box::new(self.scalar(d)))),
            8 => e(Kind::Function(Function::Exp, Box::new(self.scalar(d)))),
            9 => {
                let body = self.scalar(d);
                let index = "s".to_owned();
                let (from, to) = (self.index(), self.index());
                let product = self.0.bool();
                let big = Big { product, index, from, to, body };
                e(Kind::Big(Box::new(big)))
            }
            10 => e(Kind::Norm(Box::new(self.vector(d)))),
            _ => {
                let (x, y) = (self.vector(d), self.vector(d));
                e(Kind::Inner(Box::new(x), Box::new(y)))
            }
        }
    }

    fn vector(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return symbol(["x", "y"][self.0.usize(0..2)], vec![], vec![]);
        }
        let d = depth - 1;
        match self.0.u8(0..4) {
            0 | 1 => self.terms(d, true),
            2 => {
                let factors = vec![self.scalar(d), self.vector(d)];
                e(Kind::Product(factors))
            }
            _ => {
                let at = self.vector(d);
                let t = symbol("t", vec![], vec![]);
                symbol("\\mu_{\\theta}", vec![], vec![at, t])
            }
        }
    }
}

fn check(property: fn(u64) -> TestResult, tests: u64) {
    QuickCheck::new().tests(tests).quickcheck(property);
}

/// An expression written as LaTeX and read again is the same expression.
#[test]
fn printing_and_reading_is_the_identity() {
    fn property(seed: u64) -> TestResult {
        let notation = notation();
        let mut maker = Maker(fastrand::Rng::with_seed(seed));
        let vector = maker.0.bool();
        let expr = maker.one(4, vector);
        let latex = expr.to_string();
        let read = pieces(&latex, true).and_then(|pieces| {
            read::expression(&pieces, &mut Scope::new(&notation))
        });
        match read {
            Ok(read) if read == expr => TestResult::passed(),
            Ok(read) => TestResult::error(format!("{latex}\n{read}")),
            Err(problem) => TestResult::error(format!("{latex}: {problem}")),
        }
    }
    check(property, 500);
}

/// The type of what was made for a type is that type.
#[test]
fn types_are_as_they_were_made() {
    fn property(seed: u64) -> TestResult {
        let notation = notation();
        let mut maker = Maker(fastrand::Rng::with_seed(seed));
        let vector = maker.0.bool();
        let expr = maker.one(3, vector);
        let wanted = if vector { Type::Vector } else { Type::Scalar };
        TestResult::from_bool(types::type_of(&expr, &notation) == Ok(wanted))
    }
    check(property, 300);
}

/// A rational expression rewritten by a random law of algebra.
fn rewritten(expr: &Expr, rng: &mut fastrand::Rng) -> Expr {
    let expr = match &expr.kind {
        Kind::Sum(terms) => {
            let mut terms: Vec<_> = terms
                .iter()
                .map(|(minus, term)| (*minus, rewritten(term, rng)))
                .collect();
            rng.shuffle(&mut terms);
            e(Kind::Sum(terms))
        }
        Kind::Product(factors) => {
            let mut factors: Vec<_> =
                factors.iter().map(|f| rewritten(f, rng)).collect();
            rng.shuffle(&mut factors);
            match factors.as_slice() {
                // a (b + c) = a b + a c
                [rest @ .., Expr { kind: Kind::Sum(terms), .. }]
                    if !rest.is_empty() =>
                {
                    let spread = terms.iter().map(|(minus, term)| {
                        let mut all = rest.to_vec();
                        all.push(term.clone());
                        (*minus, e(Kind::Product(all)))
                    });
                    e(Kind::Sum(spread.collect()))
                }
                _ => e(Kind::Product(factors)),
            }
        }
        Kind::Power(base, exponent) => match exponent.kind {
            Kind::Number { digits: n @ 2..=3, .. } => {
                let base = rewritten(base, rng);
                let count = usize::try_from(n).unwrap();
                e(Kind::Product(vec![base; count]))
            }
            _ => expr.clone(),
        },
        _ => expr.clone(),
    };
    match rng.u8(0..6) {
        // times p over p; minus twice; the root of a positive square
        0 => {
            let p = || symbol("p", vec![], vec![]);
            let over = e(Kind::Product(vec![expr, p()]));
            e(Kind::Quotient(Box::new(over), Box::new(p())))
        }
        1 => {
            let minus = e(Kind::Sum(vec![(true, expr)]));
            e(Kind::Sum(vec![(true, minus)]))
        }
        2 => {
            let p = symbol("p", vec![], vec![]);
            let two = Expr::whole(2);
            let square = e(Kind::Power(Box::new(p.clone()), Box::new(two)));
            let root = e(Kind::Root(Box::new(square)));
            let ratio = e(Kind::Quotient(Box::new(root), Box::new(p)));
            e(Kind::Product(vec![ratio, expr]))
        }
        _ => expr,
    }
}

/// A random polynomial expression.
fn polynomial(rng: &mut fastrand::Rng, depth: u32) -> Expr {
    if depth == 0 {
        return match rng.u8(0..4) {
            0 => Expr::whole(rng.i64(1..9)),
            _ => symbol(["a", "b", "p"][rng.usize(0..3)], vec![], vec![]),
        };
    }
    let mut below = || polynomial(rng, depth - 1);
    let (first, second) = (below(), below());
    match rng.u8(0..5) {
        0 => {
            let n = Expr::whole(rng.i64(2..4));
            e(Kind::Power(Box::new(first), Box::new(n)))
        }
        1 | 2 => e(Kind::Product(vec![first, second])),
        _ => e(Kind::Sum(vec![(false, first), (rng.bool(), second)])),
    }
}

fn prepared(left: Expr, right: Expr) -> Prepared {
    Prepared {
        left,
        relation: Relation::Equal,
        right,
        conditions: vec![],
        uses: vec![],
        notation: Arc::new(notation()),
        tolerance: None,
        varies: None,
    }
}

/// Random true identities pass; the same with one random edit are refuted, or
/// shown to be the same.
#[test]
fn random_identities_pass_and_their_mutants_do_not() {
    fn property(seed: u64) -> TestResult {
        let mut rng = fastrand::Rng::with_seed(seed);
        let left = polynomial(&mut rng, 3);
        let right = rewritten(&left, &mut rng);
        let claim = prepared(left, right);
        let verdict = decide_only(&claim.claim(&claim.left, &claim.right));
        let Verdict::Holds(_) = verdict else {
            let (left, right) = (&claim.left, &claim.right);
            return TestResult::error(format!("{left} = {right}: {verdict:?}"));
        };
        let mutants = changes(&claim.right, &claim.notation);
        let (change, mutant) = &mutants[rng.usize(0..mutants.len())];
        match fate(&claim, mutant, false) {
            Fate::Refuted | Fate::Equal | Fate::Malformed => {
                TestResult::passed()
            }
            fate => TestResult::error(format!(
                "{} = {mutant}: {change}, {fate:?}",
                claim.left
            )),
        }
    }
    check(property, 300);
}

/// Deep nesting of every kind is refused, on a thread of the usual size.
#[test]
fn deep_nesting_is_refused() {
    let notation = notation();
    let marks = crate::Marks::default();
    let many = |text: &str| text.repeat(4000);
    for text in [
        format!("{}a{} = a", many("("), many(")")),
        format!("{}a{} = a", many("{"), many("}")),
        format!("{}a{} = a", many("\\left("), many("\\right)")),
        format!("{}a = a", many("\\sqrt")),
        format!("{}a = a", many("\\log ")),
        format!("{}a = a", many("a/")),
        format!("{}a = a", many("\\sum_{s=1}^{2}")),
        format!("{}a = a", many("-")),
        format!("{}a = a", many("|")),
        format!("a{} = a", many("^a")),
        format!("{}a", many("a = ")),
    ] {
        let text = format!("$${}$$", &text[..text.len().min(19_000)]);
        let _ = crate::check("a.md", &text, &notation, &marks);
    }
}

/// Whatever bytes are fed to it, the reader neither panics nor hangs.
#[test]
fn any_text_is_read_or_refused() {
    fn property(seed: u64) -> TestResult {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bits = [
            "\\frac",
            "{",
            "}",
            "_",
            "^",
            "\\sqrt",
            "a",
            "x_t",
            "(",
            ")",
            "=",
            "\\\\",
            "&",
            "\\sum",
            "\\prod_{s=1}^T",
            "|",
            "\\|",
            "q(",
            "1",
            ".",
            "\\left(",
            "\\right)",
            "\\text{for }",
            "\\mathcal N(",
            ",",
            ";",
            "\\bar",
            "'",
            "\\mathbb E_",
            "[",
            "]",
            "+",
            "-",
            "/",
            "∑",
            "%",
            "$",
            "\n",
            " ",
            "\\log",
            "^\\top",
            "\\begin{aligned}",
            "\\end{aligned}",
            ":=",
            "\\mathrm{KL}(",
            "\\mid",
        ];
        let count = rng.usize(0..30);
        let text: String =
            (0..count).map(|_| bits[rng.usize(0..bits.len())]).collect();
        let notation = notation();
        let marks = crate::Marks::default();
        for wrapped in [format!("$${text}$$"), format!("${text}$"), text] {
            let _ = crate::check("a.md", &wrapped, &notation, &marks);
            let _ = crate::check("a.tex", &wrapped, &notation, &marks);
        }
        TestResult::passed()
    }
    check(property, 400);
}
