//! Macros in a formula: definitions, and macros as arguments.

use super::defining::Defining;
use super::environments::{command, group};
use super::latex::Reader;
use super::macros::{body, is_read_as_itself};
use super::meaning::Meaning;

impl Reader<'_, '_> {
    /// Reads a definition in the formula.
    pub(super) fn defines_macro(&mut self, found: Defining) {
        let length = found.length;
        let told = self.found.shares || found.global;
        if is_read_as_itself(&found.name) && !told {
            let span = self.source.text.span(self.at, self.at + length);
            let message = format!("{} is given another meaning", found.name);
            self.found.problem(span, &message, "");
        }
        let within = self.open > 0 || !self.groups.is_empty();
        if self.left > 0 && !found.global && !self.found.shares {
            let span = self.source.text.span(self.at, self.at + length);
            let message = "a definition between \\left and \\right";
            let hint = "write it before the formula";
            self.found.problem(span, message, hint);
        }
        // KaTeX fails on a parameter that a macro does not have.
        let refused = matches!(found.meaning, Meaning::Refused { .. });
        self.defines.push((found, within));
        if refused {
            self.at += length;
        } else {
            self.keep(length);
        }
    }

    /// Reports a macro that is an argument without braces, behind the next
    /// `length` bytes: `KaTeX` takes the first token of its expansion, and
    /// `MathJax` takes the whole expansion.
    pub(super) fn taken(&mut self, length: usize) {
        let rest = &self.rest()[length..];
        let argument = rest.trim_start();
        if !argument.starts_with('\\') {
            return;
        }
        let name = &argument[..=command(argument).len()];
        let own = self.defines.iter().rev().find(|(d, _)| d.name == name);
        let own = own.map(|(defining, _)| defining.meaning.clone());
        let known = || self.found.macros.get(name).map(|m| (*m).clone());
        let Some(meaning) = own.or_else(known) else { return };
        let made = body(&meaning).trim();
        let single = made.chars().count() <= 1
            || made.starts_with('\\') && made.len() == 1 + command(made).len()
            || made.starts_with('{') && group(made) == Some(made.len());
        if single {
            return;
        }
        let start = self.at + length + rest.len() - argument.len();
        let span = self.source.text.span(start, start + name.len());
        let message = format!(
            "{name} stands as an argument without braces: MathJax and KaTeX \
             differ in what that is"
        );
        self.found.problem(span, &message, "write braces around it");
    }
}
