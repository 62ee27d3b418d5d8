//! Implications between statements.

use super::assembly::{Assembly, Unit};
use super::clauses::Before;
use super::relations::Link;
use crate::span::Problem;

impl Assembly {
    /// Turns A of `A \Rightarrow B` into a condition on B.
    pub(super) fn links(&mut self) {
        let mut shown = vec![false; self.units.len()];
        for i in 0..self.units.len() {
            let Before::Link(link) = self.units[i].clause.before else {
                continue;
            };
            let span = self.units[i].clause.span();
            let row = self.units[i].clause.row;
            let mut first = i;
            while first > 0 && (first == i || self.joined(first)) {
                first -= 1;
            }
            // A leading condition can be the premise:
            // `t = 1, \dots, T \Rightarrow`.
            if first == i && !self.units[i].conditions.is_empty() {
                continue;
            }
            if first == i {
                let message = "nothing stands before this sign to follow from";
                let problem = Problem::new(span, message).hint(
                    "write the statement that this follows from before it",
                );
                self.units[i].conditions.push((Err(problem), None));
                continue;
            }
            // At the start of a row, all rows before may be the premise.
            let begins = self.units[first].clause.row != row;
            let before = self.units[first].clause.before;
            let unclear = first > 0
                && (before.is_separator() && !begins
                    || before == Before::Row && begins);
            if unclear {
                let message =
                    "which of the statements before does this follow from?";
                let problem = Problem::new(span, message)
                    .hint("join them with \\text{and}, or write two formulas");
                let near = |unit: &Unit| begins || unit.clause.row == row;
                let spoilt = self.units[..=i].iter_mut().filter(|u| near(u));
                for unit in spoilt {
                    unit.conditions.push((Err(problem.clone()), None));
                }
            }
            let mut last = i;
            while last + 1 < self.units.len() && self.joined(last + 1) {
                last += 1;
            }
            let (left, right) = (first..i, i..last + 1);
            if link != Link::Implied {
                for unit in right.clone() {
                    self.units[unit].guards.push(left.clone().collect());
                    shown[unit] = true;
                }
            }
            if link != Link::Implies {
                for unit in left.clone() {
                    self.units[unit].guards.push(right.clone().collect());
                    shown[unit] = true;
                }
            }
            let guards = if link == Link::Implied { right } else { left };
            for unit in guards {
                self.units[unit].guard = true;
            }
        }
        for (unit, shown) in self.units.iter_mut().zip(shown) {
            unit.guard &= !shown;
        }
    }

    pub(super) fn joined(&self, unit: usize) -> bool {
        self.units[unit].clause.before == Before::And
    }
}
