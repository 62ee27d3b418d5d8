//! One object a relation.

use super::Checked;
use proofread::{Outcome, Status, line_column};
use serde_json::{Value, json};

pub(super) fn print(checked: &Checked) -> Result<(), String> {
    use std::io::Write;
    let Checked { name, text, report, .. } = checked;
    let mut out = std::io::stdout().lock();
    for outcome in &report.outcomes {
        let object = object(name, text, outcome);
        writeln!(out, "{object}").map_err(|error| error.to_string())?;
    }
    let problems = report.problems.iter().map(|p| ("problem", p));
    let warnings = report.warnings.iter().map(|p| ("warning", p));
    for (status, problem) in problems.chain(warnings) {
        let (line, column) = line_column(text, problem.span.start);
        let object = json!({
            "file": name, "line": line, "column": column,
            "status": status, "problem": problem.message,
            "hint": problem.hint,
        });
        writeln!(out, "{object}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn object(name: &str, text: &str, outcome: &Outcome) -> Value {
    let (line, column) = line_column(text, outcome.span.start);
    let evidence = outcome.evidence.as_ref();
    let counterexample = outcome.counterexample.as_ref().map(|found| {
        json!({
            "place": found.place,
            "values": found.values.iter().cloned()
                .collect::<std::collections::BTreeMap<_, _>>(),
            "left": found.left,
            "right": found.right,
        })
    });
    json!({
        "file": name,
        "line": line,
        "column": column,
        "id": outcome.id,
        "relation": outcome.number,
        "text": outcome.text,
        "status": outcome.status,
        "tier": evidence.map(|e| Status::from(e.tier).name()),
        "points": evidence.map(|e| e.points),
        "ranges": evidence.map(|e| &e.ranges),
        "only": evidence.and_then(|e| e.only.as_ref()),
        "counterexample": counterexample,
        "why": outcome.why,
        "problem": outcome.problem.as_ref().map(|p| &p.message),
        "hint": outcome.problem.as_ref().and_then(|p| p.hint.as_ref()),
    })
}
