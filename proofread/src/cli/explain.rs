//! Explanation of how one formula was decided.

use super::{Checked, Ending};
use proofread::{Outcome, Tier, line_column};
use std::io::{Result, Write};

/// Prints how each relation of a formula or of a row was decided. `id` is the
/// id or the line of the formula, or the label of the row.
pub(super) fn print(
    checked: &Checked,
    id: &str,
    out: &mut dyn Write,
) -> Result<Ending> {
    let line = id.parse::<usize>().ok();
    let Checked { file, report, .. } = checked;
    let all = &report.outcomes;
    let labelled = |outcome: &Outcome| outcome.label.as_deref() == Some(id);
    // A formula's id may also be the label of a row. Then only the rows without
    // a label have this id.
    let is_label = all.iter().any(labelled);
    let wanted = |outcome: &&Outcome| {
        let at = line_column(&file.text, outcome.span.start).0;
        labelled(outcome)
            || outcome.id.as_deref() == Some(id)
                && !(is_label && outcome.label.is_some())
            || line == Some(at)
    };
    let found: Vec<&Outcome> = all.iter().filter(wanted).collect();
    if found.is_empty() {
        let mut ids: Vec<&str> = vec![];
        for outcome in all {
            for name in [&outcome.id, &outcome.label].into_iter().flatten() {
                if !ids.contains(&name.as_str()) {
                    ids.push(name);
                }
            }
        }
        let name = &file.name;
        let what = match line {
            Some(line) => format!("no relation starts on line {line}"),
            None => format!("no formula with a relation has the id {id}"),
        };
        let hint = match ids.as_slice() {
            [] => "no formula has an id; name the line of a relation".into(),
            ids => format!("name a line, or one of the ids {}", ids.join(", ")),
        };
        let _ = writeln!(
            anstream::stderr(),
            "error: in {name}, {what}\n  = help: {hint}"
        );
        return Ok(Ending::Unable);
    }
    for outcome in &found {
        one(checked, outcome, out)?;
    }
    Ok(Ending::of(found.iter().all(|outcome| report.accepts(outcome))))
}

fn one(
    checked: &Checked,
    outcome: &Outcome,
    out: &mut dyn Write,
) -> Result<()> {
    let place = checked.place(outcome.span.start);
    let status = outcome.status.name();
    writeln!(out, "{place}: relation {}: {status}", outcome.number)?;
    writeln!(out, "  text      {}", outcome.text)?;
    if let Some((left, right)) = outcome.read_as() {
        writeln!(out, "  left      {left}")?;
        writeln!(out, "  right     {right}")?;
    }
    for condition in outcome.conditions() {
        writeln!(out, "  where     {condition}")?;
    }
    for used in outcome.uses() {
        writeln!(out, "  using     {used}")?;
    }
    if let Some(why) = &outcome.why {
        writeln!(out, "  marked    {why}")?;
    }
    if let Some(evidence) = &outcome.evidence {
        let how = match evidence.tier {
            Tier::Exact => {
                "shown     by algebra, in a ring of functions on the domain"
            }
            Tier::Gaussian => {
                "shown     by the calculus of Gaussians, and algebra"
            }
            Tier::Certified => {
                "shown     by bounds, wherever its conditions hold"
            }
            Tier::Searched => {
                "searched  not shown: a search found no counterexample"
            }
        };
        writeln!(out, "  {how}")?;
        let ranges = evidence.ranges.as_str();
        match (evidence.tier, ranges) {
            (Tier::Searched, "") => {
                writeln!(out, "  points    {}", evidence.points)?;
            }
            (Tier::Searched, ranges) => {
                writeln!(out, "  points    {} ({ranges})", evidence.points)?;
            }
            (_, "") => {}
            (_, ranges) => writeln!(out, "  for       {ranges}")?,
        }
        if let Some(only) = &evidence.only {
            writeln!(out, "  but       {only}")?;
        }
    }
    let samples = outcome.evidence.iter().flat_map(|_| outcome.samples(3));
    for sample in samples {
        writeln!(out, "  sample    {}", sample.in_words().replace('\n', "; "))?;
    }
    if let Some(found) = &outcome.counterexample {
        let words = found.in_words().replace('\n', "\n            ");
        writeln!(out, "  false     {words}")?;
    }
    if let Some(problem) = &outcome.problem {
        writeln!(out, "  problem   {problem}")?;
        if let Some(hint) = &problem.hint {
            writeln!(out, "  hint      {hint}")?;
        }
    }
    writeln!(out)
}
