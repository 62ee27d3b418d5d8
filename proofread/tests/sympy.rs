//! The verdicts of the checker, compared with the verdicts of `SymPy` on 400
//! random identities and near-identities from `tests/sympy/make.py`.

use proofread::{Marks, Notation, Status, check};
use serde::Deserialize;

#[derive(Deserialize)]
struct Judged {
    left: String,
    right: String,
    #[serde(rename = "true")]
    holds: bool,
}

/// The checker refutes the equations that `SymPy` calls false, and proves the
/// equations that `SymPy` calls true; at most one true equation may be
/// undecided.
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
            Status::Exact | Status::Certified if *holds => {}
            Status::False if !holds => {}
            // A side may have no value at some points.
            Status::Undecided | Status::Searched if *holds => {
                undecided.push(text);
            }
            status => panic!("{text}: {status:?}, SymPy: {holds}"),
        }
    }
    assert!(undecided.len() <= 1, "{undecided:#?}");
}
