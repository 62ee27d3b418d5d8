//! Tests of the parser. The expected readings have a short form:
//! `a = b | t \ge 2` is a claim with its condition, `? …` a problem.

mod beside;
mod conservation;
mod rows;
mod signs;

use super::layout::{leaves, pieces};
use super::{Chain, Scope, Statement, statements};
use crate::expr::Condition;
use crate::notation::Notation;

const NOTATION: &str = r"
    [sizes]
    T = '3..5'
    d = '3..3'
    [indices]
    t = '1..T'
    s = '1..T'
    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    'c' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'a_t' = { kind = 'scalar', range = '0..T' }
    'f(a)' = { kind = 'scalar' }
    'x' = { kind = 'vector' }
    'y' = { kind = 'vector' }
    'z_t' = { kind = 'vector', range = '0..T' }
    '\epsilon' = { kind = 'vector', standard_normal = true }
    [processes.q]
    variable = 'z'
    range = '0..T'
    index = 't'
    step = '\mathcal N(z_t; z_{t-1}, I)'
";

fn condition((a, relation, b): &Condition) -> String {
    format!("{a} {} {b}", relation.latex())
}

fn chain(chain: &Chain) -> String {
    let side = |i: usize| match &chain.sides[i].0 {
        Ok(expr) => expr.to_string(),
        Err(problem) => format!("? {}", problem.message),
    };
    let mut text = side(0);
    for (i, (relation, _)) in chain.relations.iter().enumerate() {
        let sign = match relation {
            Ok(relation) => relation.latex().to_owned(),
            Err(problem) => format!("? {} ?", problem.message),
        };
        text = format!("{text} {sign} {}", side(i + 1));
    }
    match &chain.conditions {
        Ok(all) if all.is_empty() => text,
        Ok(all) => {
            let all: Vec<_> = all.iter().map(condition).collect();
            format!("{text} | {}", all.join(", "))
        }
        Err(problem) => format!("{text} | ? {}", problem.message),
    }
}

fn said(latex: &str) -> Vec<String> {
    let notation = Notation::read(NOTATION).unwrap();
    let found = match pieces(latex, true) {
        Ok(found) => found,
        Err(problem) => return vec![format!("? {}", problem.message)],
    };
    let reading = statements(&found, &mut Scope::new(&notation));
    let unread = reading.unread(&leaves(latex, true));
    assert!(unread.is_empty(), "{latex}: {unread:?} of {:?}", reading.roles);
    let one = |statement: &Statement| match statement {
        Statement::Chain(found) => chain(found),
        Statement::Member(Ok(element), of, ..) => {
            format!("{element} in {of:?}")
        }
        Statement::Values(all, _) => {
            let all = all.iter().map(condition).collect::<Vec<_>>();
            format!("values {}", all.join(", "))
        }
        Statement::Term(Ok(expr)) => format!("term {expr}"),
        Statement::Member(Err(problem), ..) | Statement::Term(Err(problem)) => {
            format!("? {}", problem.message)
        }
    };
    reading.statements.iter().map(one).collect()
}

#[track_caller]
fn reads(latex: &str, expected: &[&str]) {
    assert_eq!(said(latex), expected, "{latex}");
}

/// Checks that every statement of a formula has a problem, one with these
/// words.
#[track_caller]
fn refused(latex: &str, words: &str) {
    let said = said(latex);
    let all = said.iter().all(|one| one.contains('?'));
    let named = said.iter().any(|one| one.contains(words));
    assert!(all && named && !said.is_empty(), "{latex}: {said:?}");
}

fn rows(text: &str) -> String {
    format!(r"\begin{{aligned}} {text} \end{{aligned}}")
}
