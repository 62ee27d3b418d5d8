//! Declarations of the symbols and processes of the file.

use super::file::{Entry, File, at, shifted};
use crate::expr::Expr;
use crate::notation::{Declaration, Notation, Process};
use crate::read::layout::pieces;
use crate::read::names::head;
use crate::span::{Problem, Span};
use crate::value::Interval;
use std::collections::BTreeSet;
use toml::Spanned;

impl Notation {
    /// Enters all symbols and processes without their definitions, so that
    /// definitions may come in any order.
    pub(super) fn declare(&mut self, file: &File, problems: &mut Vec<Problem>) {
        for (key, process) in &file.processes {
            let entry = process.get_ref();
            let name = match self.plain_name(key.get_ref()) {
                Ok(name) => name,
                Err(problem) => {
                    problems.push(shifted(problem, key));
                    continue;
                }
            };
            let Some(range) = self.range(entry.range.get_ref()) else {
                let message = "a range such as 0..T, of numbers and sizes";
                problems.push(at(&entry.range, message));
                continue;
            };
            let process = Process {
                variable: entry.variable.clone(),
                start: None,
                step: Expr::whole(0),
                backwards: entry.backwards,
                index: entry.index.clone(),
                range,
            };
            if self.processes.insert(name, process).is_some() {
                problems.push(at(key, "this process is declared twice"));
            }
        }
        for (key, entry) in &file.symbols {
            if let Err(problem) = self.declare_one(key, entry.get_ref()) {
                problems.push(problem);
            }
        }
    }

    fn declare_one(
        &mut self,
        key: &Spanned<String>,
        entry: &Entry,
    ) -> Result<(), Problem> {
        let found =
            pieces(key.get_ref(), false).map_err(|p| shifted(p, key))?;
        let (first, rest) = found
            .split_first()
            .ok_or_else(|| at(key, "a symbol has a name"))?;
        let head = head(first)
            .ok_or_else(|| at(key, "this is not the name of a symbol"))?;
        if head.sup.is_some() {
            let message = "a name has no superscript: that would be a power";
            return Err(at(key, message));
        }
        let (name, indices) = self.family(&head);
        let parameters =
            self.parameters(rest).map_err(|message| at(key, &message))?;
        let range = match (&entry.range, indices.first()) {
            (Some(range), Some(_)) => {
                let message = "a range such as 0..T, of numbers and sizes";
                let given = self.range(range.get_ref());
                Some(given.ok_or_else(|| at(range, message))?)
            }
            (Some(range), None) => {
                return Err(at(range, "a range, but the symbol has no index"));
            }
            (None, Some(index)) => Some(self.indices[index].clone()),
            (None, None) => None,
        };
        let interval = |given: &Option<Spanned<String>>| match given {
            Some(text) => {
                let read = Interval::read(text.get_ref());
                read.map(Some).ok_or_else(|| {
                    at(
                        text,
                        "this is no interval with a number in it, such as \
                         (0, 1] or (0, oo); its ends are decimal numbers",
                    )
                })
            }
            None => Ok(None),
        };
        let domain = interval(&entry.domain)?.unwrap_or(Interval::REALS);
        let draw = interval(&entry.draw)?.unwrap_or_else(|| domain.to_draw());
        if !domain.contains(&draw) {
            return Err(at(key, "it is drawn from outside its domain"));
        }
        let declaration = Declaration {
            name,
            indices,
            range,
            sort: entry.kind,
            domain,
            draw,
            means: None,
            standard_normal: entry.standard_normal,
            ambient: false,
            depends: BTreeSet::new(),
            place: Span::new(key.span().start, key.span().end),
            parameters,
        };
        self.entry_fault(&declaration, entry)
            .map_or(Ok(()), |message| Err(at(key, &message)))?;
        let id = declaration.id();
        if self.symbols.insert(id, declaration).is_some() {
            return Err(at(key, "this symbol is declared twice"));
        }
        Ok(())
    }
}
