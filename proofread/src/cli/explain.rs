//! How one formula was decided.

use super::Checked;
use proofread::{Outcome, Tier, diagnostics, line_column};

/// Prints how each relation of a formula or of a row was decided; the formula
/// is named by its id or by its line, the row by its label.
pub(super) fn print(checked: &Checked, id: &str) -> Result<bool, String> {
    let line = id.parse::<usize>().ok();
    let all = &checked.report.outcomes;
    let labelled = |outcome: &Outcome| outcome.label.as_deref() == Some(id);
    // The first label of a formula may be its id, too: then the rows that have
    // no label are of that id.
    let is_label = all.iter().any(labelled);
    let wanted = |outcome: &&Outcome| {
        let at = line_column(&checked.text, outcome.span.start).0;
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
        return Err(format!(
            "{} has no formula {id} with a relation; it has {}",
            checked.name,
            ids.join(", ")
        ));
    }
    for outcome in &found {
        one(checked, outcome);
    }
    Ok(found.iter().all(|outcome| outcome.status.is_good()))
}

fn one(checked: &Checked, outcome: &Outcome) {
    let place = checked.place(outcome.span.start);
    let status = outcome.status.name();
    anstream::println!("{place}: relation {}: {status}", outcome.number);
    anstream::println!("  text      {}", outcome.text);
    if let Some((left, right)) = outcome.read_as() {
        anstream::println!("  left      {left}");
        anstream::println!("  right     {right}");
    }
    for used in outcome.uses() {
        anstream::println!("  using     {used}");
    }
    if let Some(why) = &outcome.why {
        anstream::println!("  marked    {why}");
    }
    if let Some(evidence) = &outcome.evidence {
        let how = match evidence.tier {
            Tier::Exact => "algebra, in a ring of functions on the domain",
            Tier::Gaussian => "the calculus of Gaussians, and algebra",
            Tier::Certified => "an inequality on the whole domain",
            Tier::Searched => "nothing: a search found no counterexample",
        };
        anstream::println!("  shown     by {how}");
        let ranges = match evidence.ranges.as_str() {
            "" => String::new(),
            ranges => format!(" ({ranges})"),
        };
        let what = match evidence.tier {
            Tier::Searched => "points",
            _ => "choices",
        };
        anstream::println!("  {what:9} {}{ranges}", evidence.points);
        if let Some(only) = &evidence.only {
            anstream::println!("  but       {only}");
        }
    }
    for sample in outcome.samples(3) {
        anstream::println!(
            "  sample    {}",
            diagnostics::in_words(&sample).replace('\n', "; ")
        );
    }
    if let Some(found) = &outcome.counterexample {
        let words =
            diagnostics::in_words(found).replace('\n', "\n            ");
        anstream::println!("  false     {words}");
    }
    if let Some(problem) = &outcome.problem {
        anstream::println!("  problem   {problem}");
        if let Some(hint) = &problem.hint {
            anstream::println!("  hint      {hint}");
        }
    }
    anstream::println!();
}
