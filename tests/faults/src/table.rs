//! The table of faults.

use anyhow::Result;
use std::collections::BTreeSet;

/// The results of one kind of fault.
#[derive(Debug, Default)]
pub(crate) struct Row {
    points: u32,
    left: BTreeSet<String>,
    failures: Vec<String>,
}

impl Row {
    /// Notes a point: what was left in the folder, or what was wrong.
    pub(crate) fn add(&mut self, point: &str, result: Result<Vec<String>>) {
        self.points += 1;
        match result {
            Ok(left) => self.left.extend(left),
            Err(error) => self.failures.push(format!("{point}: {error:#}")),
        }
    }
}

/// Prints rows, and remembers whether all are good.
#[derive(Debug, Default)]
pub(crate) struct Table {
    failures: usize,
}

impl Table {
    pub(crate) fn heading() {
        println!("| fault | points | left in the folder | resumed |");
        println!("| --- | --- | --- | --- |");
    }

    pub(crate) fn print(&mut self, fault: &str, row: &Row) {
        let left: Vec<_> = row.left.iter().map(String::as_str).collect();
        let left = match left[..] {
            [] => "nothing".to_owned(),
            _ => left.join(", "),
        };
        let failed = row.failures.len();
        let resumed = row.points as usize - failed;
        println!("| {fault} | {} | {left} | {resumed} |", row.points);
        row.failures.iter().for_each(|failure| eprintln!("{failure}"));
        self.failures += failed;
    }

    pub(crate) fn all_good(&self) -> bool {
        self.failures == 0
    }
}
