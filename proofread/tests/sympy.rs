//! The checker against `SymPy`, on 400 random identities and slips; how they
//! were made: `tests/sympy/make.py`.

use proofread::{Marks, Notation, Outcome, Status, check};
use serde::Deserialize;

#[derive(Deserialize)]
struct Judged {
    left: String,
    right: String,
    #[serde(rename = "true")]
    holds: bool,
}

fn is_about_roots(outcome: &Outcome) -> bool {
    let problem = outcome.problem.as_ref();
    problem.is_some_and(|p| p.message.contains("root of a negative"))
}

/// What `SymPy` calls false is refuted, and what it calls true is not; a few
/// true ones, whose roots hide a square, are left undecided.
#[test]
fn the_verdicts_agree() {
    let notation = Notation::read(
        "[symbols]
         a = { kind = 'scalar' }
         b = { kind = 'scalar' }
         c = { kind = 'scalar' }
         p = { kind = 'scalar', in = '(0, oo)' }
         r = { kind = 'scalar', in = '(0, oo)' }",
    );
    let notation = notation.unwrap();
    let judged: Vec<Judged> =
        serde_json::from_str(include_str!("sympy/identities.json")).unwrap();
    assert_eq!(judged.len(), 400);
    let mut undecided = vec![];
    for Judged { left, right, holds } in &judged {
        let text = format!("${left} = {right}$");
        let report = check("a.md", &text, &notation, &Marks::default());
        let [outcome] = report.outcomes.as_slice() else {
            panic!("{text}: {report:?}");
        };
        match outcome.status {
            Status::Exact | Status::Numeric if *holds => {}
            Status::False if !holds => {}
            // The root of a negative number has no value to compare.
            Status::Unknown if !holds && is_about_roots(outcome) => {}
            Status::Undecided if *holds => undecided.push(text),
            status => panic!("{text}: {status:?}, SymPy: {holds}"),
        }
    }
    assert!(undecided.len() <= 4, "{undecided:#?}");
}
