//! Random claims, whose verdicts are compared with values at points. The fuzz
//! target, the runner and a test share this module.
//!
//! The values come from `value`, which shares no code with the checker:
//! rational numbers of any size, and intervals of `f64` for the rest.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `dice` | choices from bytes |
//! | `expr` | expressions, and their LaTeX |
//! | `make` | random claims |
//! | `rewrite` | steps from one side to a side that may be equal |
//! | `value` | values at points |
//! | `points` | points in the domain of a claim |
//! | `judge` | faults of a verdict |
//! | `shrink` | smaller claims with the same fault |

mod dice;
mod expr;
mod judge;
mod make;
mod points;
mod rewrite;
mod shrink;
mod value;

use dice::Dice;
use expr::Expr;
pub(crate) use judge::Judged;
use std::fmt::Write;

/// The symbols of a claim.
const NAMES: [&str; 3] = ["a", "b", "c"];

/// The domain of a symbol: an interval as in a notation file, its ends as
/// fractions, and whether each end belongs to the interval.
type Domain = (&'static str, [Option<(i64, i64)>; 2], [bool; 2]);

const DOMAINS: [Domain; 9] = [
    ("(-oo, oo)", [None, None], [false; 2]),
    ("(0, oo)", [Some((0, 1)), None], [false; 2]),
    ("[0, oo)", [Some((0, 1)), None], [true, false]),
    ("(0, 1)", [Some((0, 1)), Some((1, 1))], [false; 2]),
    ("[0, 1]", [Some((0, 1)), Some((1, 1))], [true; 2]),
    ("[-1, 1]", [Some((-1, 1)), Some((1, 1))], [true; 2]),
    ("(-oo, 0)", [None, Some((0, 1))], [false; 2]),
    ("[1, 3)", [Some((1, 1)), Some((3, 1))], [true, false]),
    ("(-2, 0.5]", [Some((-2, 1)), Some((1, 2))], [false, true]),
];

/// The relation sign between two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Sign {
    const ALL: [Self; 6] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
    ];

    fn latex(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => r"\ne",
            Self::Less => "<",
            Self::LessEqual => r"\le",
            Self::Greater => ">",
            Self::GreaterEqual => r"\ge",
        }
    }
}

/// A relation with conditions, and with a domain for each symbol.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    left: Expr,
    sign: Sign,
    right: Expr,
    conditions: Vec<(Expr, Sign, Expr)>,
    domains: [usize; 3],
    /// True if the sides may have no value somewhere.
    undefined: bool,
}

impl Claim {
    /// Returns a claim that depends only on the bytes.
    pub(crate) fn random(bytes: &[u8]) -> Self {
        make::claim(&mut Dice::new(bytes))
    }

    /// Returns the claim for this seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let bytes: Vec<u8> = (0..400).map(|_| random.u8(..)).collect();
        Self::random(&bytes)
    }

    /// Returns the judgement of the claim. If it contains a fault, returns a
    /// description of the smallest claim with the same fault, too.
    pub(crate) fn tried(&self) -> (Judged, Option<String>) {
        let judged = self.judged();
        let words = judged.fault.as_ref().map(|fault| {
            let small = self.shrunk();
            let fault = small.judged().fault.unwrap_or(fault.clone());
            let (notation, text) = (small.notation(), small.text());
            format!("{}\n{}\n{notation}{text}", fault.kind, fault.what)
        });
        (judged, words)
    }

    /// Returns the text that makes the claim.
    pub(crate) fn text(&self) -> String {
        let side = |side: &Expr| side.latex(&NAMES);
        let mut text = format!(
            "$$\n% id: claim\n{} {} {}",
            side(&self.left),
            self.sign.latex(),
            side(&self.right)
        );
        let words = [r" \quad \text{for } ", r" \text{ and } "];
        for ((left, sign, right), word) in self.conditions.iter().zip(words) {
            let sign = sign.latex();
            let (left, right) = (side(left), side(right));
            let _ = write!(text, "{word}{left} {sign} {right}");
        }
        text + "\n$$\n"
    }

    /// Returns the notation file for the claim.
    pub(crate) fn notation(&self) -> String {
        let allow = if self.undefined { "undefined = 'allow'\n" } else { "" };
        let symbols = NAMES.iter().zip(self.domains).map(|(name, domain)| {
            let domain = DOMAINS[domain].0;
            format!("{name} = {{ kind = 'scalar', in = '{domain}' }}\n")
        });
        format!("{allow}[symbols]\n{}", symbols.collect::<String>())
    }
}
