//! Tests that each operator makes the changes that its name states.

use super::OPERATORS;
use crate::mutate::source::Source;
use crate::notation::Notation;
use std::collections::BTreeSet;

const NOTATION: &str = r"
    [sizes]
    T = '3..5'
    [indices]
    t = '1..T'
    [symbols]
    'a_t' = { kind = 'scalar' }
    '\bar{a}_t' = { kind = 'scalar' }
    'x_t' = { kind = 'vector', range = '0..T' }
    'b' = { kind = 'scalar' }
    'c' = { kind = 'scalar' }
    [processes.q]
    variable = 'x'
    range = '0..T'
    index = 't'
    step = '\mathcal N(x_t; x_{t-1}, I)'
    [processes.p]
    variable = 'x'
    range = '0..T'
    index = 't'
    step = '\mathcal N(x_t; x_{t-1}, I)'
";

/// Operators, each with a formula and some expected mutants.
const MADE: &[(&str, &str, &[&str])] = &[
    ("flip a sign", "b + c", &["b - c"]),
    ("flip a sign", "- b - c", &["b - c", "- b + c"]),
    ("drop a sign", "b + c", &["b c"]),
    ("add a sign", r"b = \frac{c}{2}", &[r"- b = \frac{c}{2}"]),
    ("add a sign", r"b = \frac{c}{2}", &[r"b = - \frac{c}{2}"]),
    ("change a number", "b^2 = 9", &["b^3 = 9", "b^2 = 0"]),
    ("drop a digit", "b = 12", &["b = 1", "b = 2"]),
    ("change a relation", "b = c", &[r"b \ne c", r"b \le c", "b := c"]),
    ("change a relation", "b := c", &["b = c"]),
    ("change a relation", r"b \ge c", &["b > c", r"b \le c"]),
    ("change a set", r"b \in \mathbb R", &[r"b \in \mathbb N"]),
    ("turn a fraction over", r"\frac{b}{c}", &[r"\frac{c}{b}"]),
    ("turn a fraction over", r"\frac12", &[r"\frac{2}{1}"]),
    ("drop a denominator", r"\frac{b}{c} b / c", &[r"{b} b / c"]),
    ("drop a denominator", r"\frac{b}{c} b / c", &[r"\frac{b}{c} b c"]),
    ("drop a root", r"\sqrt{b + c}", &["{b + c}"]),
    ("add a root", r"(b + c) a_t", &[r"\sqrt{(b + c)} a_t"]),
    ("add a root", r"(b + c) a_t", &[r"(b + c) \sqrt{a_t}"]),
    ("drop a transposition", r"x_1^\top x_2", &["x_1 x_2"]),
    ("drop a power", r"(b + c)^{2} b", &["(b + c) b"]),
    ("drop a power", r"\|x_t\|^2", &[r"\|x_t\|"]),
    ("add a power", "b c", &["b^2 c", "b c^2"]),
    ("drop an accent", r"\bar a_t", &["a_t"]),
    ("drop a font", r"\mathbf{x}_t", &["{x}_t"]),
    ("take another symbol", "b + 1", &["c + 1"]),
    ("take another symbol", r"\bar a_t", &["a_t"]),
    ("take another symbol", "q(x_t)", &["p(x_t)"]),
    ("shift an index", "a_t", &["a_{t - 1}", "a_{t + 1}"]),
    ("shift an index", "a_{t-1}", &["a_{t}", "a_{t - 2}"]),
    ("shift an index", "x_{1:T}", &["x_{2:T}", "x_{1:T - 1}"]),
    ("take another index", "a_t", &["a_T"]),
    ("drop an index", "a_t", &["a"]),
    ("swap indices", "a_{t|s}", &["a_{s | t}"]),
    ("sum for product", r"\prod_{t=1}^T a_t", &[r"\sum_{t=1}^T a_t"]),
    ("drop a bound", r"\sum_{t=1}^T a_t", &[r"\sum ^T a_t"]),
    ("shift a bound", r"\sum_{t=1}^T a_t", &[r"\sum_{t=1}^{T - 1} a_t"]),
    ("drop a sum", r"\sum_{t=1}^T a_t", &["a_t"]),
    ("drop brackets", "2 (b + c)", &["2 b + c"]),
    ("move a bracket", "(b + c) b", &["( b + c b )", "( b + ) c b"]),
    ("open a bracket", r"b \in (0, 1]", &[r"b \in [0, 1]", r"b \in (0, 1)"]),
    ("drop a norm", r"\|b\|", &[r"|b\|", r"b\|"]),
    ("drop a term", "b - c (b + c) + 1", &["b + 1", "b - c (b) + 1"]),
    ("drop a factor", r"b a_t (c)", &[r"a_t (c)", "b (c)", "b a_t"]),
    ("drop a condition", r"b = c \text{ for } t > 1", &["b = c"]),
    ("drop a condition", r"\forall t: b", &[r"\exists t: b"]),
    ("swap a bar's sides", r"q(x_2 \mid x_1)", &[r"q(x_1 \mid x_2)"]),
    ("drop what is given", r"q(x_2 \mid x_1)", &["q(x_2 )"]),
    ("comma for bar", r"q(x_2 \mid x_1)", &["q(x_2 , x_1)"]),
    ("another expectation", r"\mathbb E_q[b]", &[r"\mathbb E [b]"]),
    ("another expectation", r"\mathbb E_q[b]", &[r"\mathbb E_{p}[b]"]),
    ("drop an entry", r"q(x_2, x_1)", &["q( x_1)", "q(x_2 )"]),
    ("swap entries", r"q(x_2, x_1)", &["q(x_1 , x_2)"]),
    ("join rows", r"b &= c \\ &= b", &["b &= c &= b"]),
    ("drop a row", r"b &= c \\ &= b", &["b &= c", "&= b"]),
    ("move an alignment", "b &= c", &["b = c", "b = & c", "& b= c"]),
    ("drop a space", r"b = c, \qquad c = b", &[r"b = c, c = b"]),
    ("drop a space", r"b = c, \qquad c = b", &[r"b = c \qquad c = b"]),
    ("change a word", r"\text{for all } t", &[r"\text{unless all } t"]),
    ("change a word", r"\text{for all } t", &[r"\text{ not for all } t"]),
    ("drop words", r"\text{for all } t", &[r"\text{for } t", "t"]),
    ("drop a leaf", r"b \cdot c", &["b c"]),
];

/// Returns the mutants that an operator makes of a formula, without spaces.
fn made(name: &str, latex: &str) -> Vec<String> {
    let notation = Notation::read(NOTATION).unwrap();
    let source = Source::new(latex, &notation);
    let (_, operator) = OPERATORS.iter().find(|(n, _)| *n == name).unwrap();
    let edits = operator(&source)
        .into_iter()
        .map(|edit| edit.of(latex).replace(' ', ""));
    edits.collect()
}

#[test]
fn operators_do_what_their_names_say() {
    let mut wrong = vec![];
    for (name, latex, expected) in MADE {
        let made = made(name, latex);
        let missing = |one: &&&str| !made.contains(&one.replace(' ', ""));
        let missing: Vec<_> = expected.iter().filter(missing).collect();
        if !missing.is_empty() {
            wrong.push(format!("{name}: {latex}: {missing:?} not in {made:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operator_has_an_example() {
    let all: BTreeSet<_> = OPERATORS.iter().map(|(name, _)| *name).collect();
    let shown: BTreeSet<_> = MADE.iter().map(|(name, ..)| *name).collect();
    assert_eq!(all, shown);
    assert_eq!(all.len(), OPERATORS.len());
}
