//! Processes without a start.

use super::file::{File, at};
use crate::notation::{Bound, Notation, Process};
use crate::span::Problem;

impl Process {
    /// Returns the index of the variable that the process begins with.
    fn first(&self) -> &Bound {
        let (low, high) = &self.range;
        if self.backwards { high } else { low }
    }
}

impl Notation {
    /// Refuses two processes without a start that have the same variable but
    /// begin at different indices: without a start, both begin with the same
    /// data.
    pub(super) fn check_starts(
        &self,
        file: &File,
        problems: &mut Vec<Problem>,
    ) {
        let open = self.processes.iter().filter(|(_, p)| p.start.is_none());
        let open: Vec<_> = open.collect();
        for key in file.processes.keys() {
            let Ok(name) = self.plain_name(key.get_ref()) else { continue };
            let Some(here) = self.processes.get(&name) else { continue };
            let other = open.iter().find(|(_, other)| {
                here.start.is_none()
                    && other.variable == here.variable
                    && other.first() != here.first()
            });
            if let Some((other, _)) = other {
                let message = format!(
                    "{name} and {other} have no start, and begin at different \
                     variables of {}: without a start, both begin with the \
                     same data; give one of them a start",
                    here.variable
                );
                problems.push(at(key, &message));
            }
        }
    }
}
