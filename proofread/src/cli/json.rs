//! JSON objects, one per line. The README explains their keys.

use super::Checked;
use super::input::{File, Unusable};
use proofread::{Outcome, Problem, Span, Status, line_column};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// The version of the format of the objects. A change that could mislead a
/// program, other than a new key, makes a new version.
const SCHEMA: u32 = 1;

/// Prints an object for each relation of a text, and for each problem and
/// warning.
pub(super) fn print(checked: &Checked, out: &mut dyn Write) -> Result<()> {
    let Checked { file, beside, report, .. } = checked;
    for one in &report.outcomes {
        writeln!(out, "{}", outcome(file, one, report.accepts(one)))?;
    }
    for (status, file, problems) in [
        ("problem", file, &report.problems),
        ("problem", &beside.marks_file, &report.mark_problems),
        ("warning", file, &report.warnings),
    ] {
        for one in problems {
            writeln!(out, "{}", problem(file, status, one))?;
        }
    }
    Ok(())
}

/// Prints why a file cannot be used.
pub(super) fn unusable(broken: &Unusable, out: &mut dyn Write) -> Result<()> {
    let Unusable { file, message, problems } = broken;
    for one in problems {
        writeln!(out, "{}", problem(file, "error", one))?;
    }
    if problems.is_empty() {
        let object = object(json!({
            "file": file.name, "status": "error", "ok": false,
            "problem": message,
        }));
        writeln!(out, "{object}")?;
    }
    Ok(())
}

fn outcome(file: &File, outcome: &Outcome, ok: bool) -> Value {
    let evidence = outcome.evidence.as_ref();
    let counterexample = outcome.counterexample.as_ref().map(|found| {
        json!({
            "place": found.place,
            "values": found.values.iter().cloned()
                .collect::<BTreeMap<_, _>>(),
            "left": found.left,
            "right": found.right,
        })
    });
    let problem = outcome.problem.as_ref();
    let mut found = place(file, outcome.span);
    extend(
        &mut found,
        json!({
            "id": outcome.id,
            "label": outcome.label,
            "relation": outcome.number,
            "text": outcome.text,
            "status": outcome.status,
            "ok": ok,
            "tier": evidence.map(|e| Status::from(e.tier).name()),
            "points": evidence.map(|e| e.points),
            "ranges": evidence.map(|e| &e.ranges),
            "every": evidence.map(|e| e.every),
            "only": evidence.and_then(|e| e.only.as_ref()),
            "conditions": outcome.conditions(),
            "uses": outcome.uses(),
            "counterexample": counterexample,
            "why": outcome.why,
            "problem": problem.map(|p| &p.message),
            "problem_at": problem.map(|p| place(file, p.span)),
            "hint": problem.and_then(|p| p.hint.as_ref()),
        }),
    );
    object(found)
}

fn problem(file: &File, status: &str, problem: &Problem) -> Value {
    let mut found = place(file, problem.span);
    extend(
        &mut found,
        json!({
            "status": status,
            "ok": status == "warning",
            "problem": problem.message,
            "problem_at": place(file, problem.span),
            "hint": problem.hint,
        }),
    );
    object(found)
}

/// Returns the keys of a position. Counts bytes in the file, with its
/// byte-order mark.
fn place(file: &File, span: Span) -> Value {
    let File { name, text, skipped } = file;
    let (line, column) = line_column(text, span.start);
    let (end_line, end_column) = line_column(text, span.end);
    json!({
        "file": name,
        "line": line, "column": column,
        "end_line": end_line, "end_column": end_column,
        "byte_start": span.start + skipped, "byte_end": span.end + skipped,
    })
}

/// Returns an object with every key; keys that do not apply are null.
fn object(found: Value) -> Value {
    let mut object = json!({
        "schema": SCHEMA,
        "file": null, "line": null, "column": null,
        "end_line": null, "end_column": null,
        "byte_start": null, "byte_end": null,
        "id": null, "label": null, "relation": null, "text": null,
        "status": null, "ok": null,
        "tier": null, "points": null, "ranges": null, "every": null, "only": null,
        "conditions": [],
        "uses": [],
        "counterexample": null, "why": null,
        "problem": null, "problem_at": null, "hint": null,
    });
    extend(&mut object, found);
    object
}

fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}
