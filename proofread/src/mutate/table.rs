//! A table of totals.

use super::{Fate, Mutant};
use std::collections::BTreeMap;

/// Formats a table of the number of mutants by operator and fate.
pub fn table(mutants: &[Mutant]) -> String {
    let mut rows: BTreeMap<&str, BTreeMap<Fate, usize>> = BTreeMap::new();
    for mutant in mutants {
        let row = rows.entry(mutant.operator).or_default();
        *row.entry(mutant.fate).or_default() += 1;
    }
    let met = |fate: &Fate| mutants.iter().any(|m| m.fate == *fate);
    let fates: Vec<Fate> = Fate::ALL.into_iter().filter(met).collect();
    let head: Vec<&str> = fates.iter().map(|fate| fate.name()).collect();
    let wide = rows.keys().map(|name| name.len()).max().unwrap_or(0);
    let line = |name: &str, cells: Vec<String>| {
        let cells = cells.iter().zip(&head);
        let cells = cells.map(|(cell, head)| {
            let wide = head.len().max(5);
            format!("  {cell:>wide$}")
        });
        let line = format!("{name:wide$}{}", cells.collect::<String>());
        format!("{}\n", line.trim_end())
    };
    let mut text =
        line("", head.iter().map(|name| (*name).to_owned()).collect());
    for (name, row) in &rows {
        let count = |fate| match row.get(fate) {
            Some(count) => count.to_string(),
            None => String::new(),
        };
        text += &line(name, fates.iter().map(count).collect());
    }
    let count = |fate: &Fate| {
        mutants.iter().filter(|m| m.fate == *fate).count().to_string()
    };
    text + &line("all", fates.iter().map(count).collect())
}
