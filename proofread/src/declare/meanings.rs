//! The definitions of symbols and processes in the file.

use super::file::{File, at, shifted};
use crate::notation::Notation;
use crate::read::layout::pieces;
use crate::read::{self, Scope};
use crate::span::Problem;
use crate::types;
use toml::Spanned;

impl Notation {
    /// Parses the definitions, after all names are known.
    pub(super) fn define(&mut self, file: &File, problems: &mut Vec<Problem>) {
        let expression =
            |notation: &Self, text: &Spanned<String>, bound: &[String]| {
                let mut scope = Scope::new(notation);
                scope.bound.extend(bound.iter().cloned());
                let found = pieces(text.get_ref(), false)
                    .and_then(|pieces| read::expression(&pieces, &mut scope));
                found.map_err(|problem| shifted(problem, text))
            };
        let (mut defined, mut texts) = (vec![], vec![]);
        for (key, entry) in &file.symbols {
            let Some(text) = &entry.get_ref().means else { continue };
            let Ok(id) = self.id(key.get_ref()) else { continue };
            let Some(declaration) = self.symbols.get(&id) else { continue };
            match expression(self, text, &declaration.indices) {
                Ok(means) => {
                    texts.push((id.clone(), text));
                    defined.push((id, means));
                }
                Err(problem) => problems.push(problem),
            }
        }
        for (id, means) in defined {
            if let Some(declaration) = self.symbols.get_mut(&id) {
                declaration.means = Some(means);
            }
        }
        self.check_meanings(&texts, problems);
        self.check_calls(file, problems);
        self.find_ambient();
        let mut processes = self.processes.clone();
        for (key, entry) in &file.processes {
            let entry = entry.get_ref();
            let Ok(name) = self.plain_name(key.get_ref()) else { continue };
            let Some(process) = processes.get_mut(&name) else { continue };
            if let Some(fault) = self.variable_fault(process) {
                problems.push(at(key, &fault));
                continue;
            }
            let about = process.clone();
            let mut read = |text: &Spanned<String>, starts: bool| {
                let found = expression(self, text, &[]).and_then(|given| {
                    let fault = about.fault(&given, starts);
                    let fault = fault
                        .or_else(|| self.step_fault(&about, &given, starts));
                    if let Some(fault) = fault {
                        return Err(at(text, &fault));
                    }
                    types::type_of(&given, self)
                        .map_err(|problem| shifted(problem, text))?;
                    Ok(given)
                });
                found.map_err(|problem| problems.push(problem)).ok()
            };
            if let Some(start) = &entry.start {
                process.start = read(start, true);
            }
            if let Some(step) = read(&entry.step, false) {
                process.step = step;
            }
        }
        self.processes = processes;
        self.check_starts(file, problems);
    }
}
