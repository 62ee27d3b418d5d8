//! Commands of LaTeX outside formulas: conditions, definitions, calls.

use super::defining::defining;
use super::environments::{command, environment, group, named};
use super::expand::expansion;
use super::found::{Form, Source};
use super::macros::{Group, is_read_as_itself};
use super::meaning::{Meaning, Parameter};
use super::spell::{LONGEST, MOST};
use super::stripped::Stripped;
use super::tex::Scanner;
use super::verbatim::{is_condition, skipped};

/// Commands that read another file.
const FILES: [&str; 10] = [
    "input",
    "include",
    "subfile",
    "subfileinclude",
    "import",
    "subimport",
    "@input",
    "InputIfFileExists",
    "includestandalone",
    "CatchFileDef",
];

impl Scanner<'_> {
    /// Reads a command outside formulas.
    pub(super) fn command(&mut self) {
        let rest = self.rest();
        let name = command(rest);
        let length = 1 + name.len();
        if let Some((environment, length)) = named(rest, "\\begin") {
            let environment = environment.to_owned();
            return self.begin(&environment, length);
        }
        if let Some((environment, length)) = named(rest, "\\end") {
            let environment = environment.to_owned();
            return self.end(&environment, length);
        }
        let span = self.span(length);
        if let Some(meaning) = self.found.macros.get(&rest[..length]) {
            // The text may have redefined the command.
            return self.call(length, &meaning);
        }
        if let Some(found) = defining(rest) {
            let span = self.span(found.length);
            if self.conditions.contains(&true) {
                let why = "is defined under a condition: which one holds is \
                           not known";
                self.found.macros.doubt(&found, why);
            } else if !found.global && self.found.macros.in_table() {
                let why = "is defined in a cell of a table: whether it holds \
                           here is not known";
                self.found.macros.doubt(&found, why);
            } else {
                self.found.define(&found, span);
            }
            self.at += found.length;
            self.closed = Some(self.at);
            return;
        }
        match name {
            name if FILES.contains(&name) => {
                let message = format!("\\{name} is not followed");
                let hint = "check that file by itself";
                // A file's name may hold an underscore or a dollar.
                let file = group(&rest[length..]).unwrap_or(0);
                self.found.problem(span, &message, hint);
                self.at += length + file;
            }
            "begingroup" | "bgroup" => {
                self.found.macros.open(Group::Begin);
                self.at += length;
            }
            "endgroup" | "egroup" => {
                self.close_group(|group| *group == Group::Begin, length);
            }
            // An argument without braces: `\ensuremath\x`.
            "ensuremath" => {
                let inner = rest[length..].trim_start();
                let token = match inner.chars().next() {
                    Some('\\') => 1 + command(inner).len(),
                    first => first.map_or(0, char::len_utf8),
                };
                let end = self.text.text().len() - inner.len() + token;
                let (inner, outer) = (end - token..end, self.at..end);
                self.at = end;
                let source =
                    Source::new(&self.text, inner, outer, Form::Inline);
                self.found.formula(source);
            }
            ")" | "]" => {
                let message = format!("\\{name} closes no formula");
                self.found.problem(span, &message, "");
                self.at += length;
            }
            "csname" => self.csname(length),
            "newif" => {
                let flag = rest[length..].trim_start();
                let blank = rest.len() - length - flag.len();
                self.at += length + blank + 1 + command(flag).len();
            }
            "iftrue" => {
                self.conditions.push(false);
                self.at += length;
            }
            "else" if self.conditions.last() == Some(&false) => {
                let length = skipped(rest);
                self.conditions.pop();
                self.at += length;
            }
            "fi" => {
                self.conditions.pop();
                self.at += length;
            }
            _ if is_condition(name, &rest[length..]) => {
                self.conditions.push(true);
                self.at += length;
            }
            _ => {
                self.outside(length);
                self.at += length;
            }
        }
    }

    /// Reads `\csname x\endcsname`. Expands a macro, or reports another name
    /// that begins or ends a formula or defines something.
    fn csname(&mut self, length: usize) {
        let (rest, span) = (self.rest(), self.span(length));
        let end = rest.find("\\endcsname").unwrap_or(length);
        let name = format!("\\{} ", rest[length..end].trim());
        let whole = (end + "\\endcsname".len()).min(rest.len());
        if self.found.macros.get(name.trim_end()).is_some() {
            let mut made = Stripped::empty();
            made.insert(&name, self.span(whole));
            self.put(length, Ok((made, self.at..self.at + whole)));
        } else {
            if makes_formulas(name.trim_end()) {
                let message = "what \\csname makes is not followed";
                let hint = "write the command itself";
                self.found.problem(span, message, hint);
            }
            self.at += length;
        }
    }

    /// Reads a call of a macro in prose.
    fn call(&mut self, length: usize, meaning: &Meaning) {
        let body = super::macros::body(meaning);
        if !self.found.macros.acts(body) && !drops(meaning) {
            self.at += length;
            return;
        }
        match meaning {
            Meaning::Macro { parameters, body, .. } => {
                let behind = self.at + length;
                let made =
                    expansion(&self.text, self.at, behind, parameters, body);
                self.put(length, made);
            }
            Meaning::Let(to) => {
                let to = match to.as_str() {
                    "{" => "\\bgroup",
                    "}" => "\\egroup",
                    to => to,
                };
                let mut made = Stripped::empty();
                made.insert(to, self.span(length));
                self.put(length, Ok((made, self.at..self.at + length)));
            }
            Meaning::Refused { why, .. } => {
                let name = &self.rest()[..length];
                let message = format!("{name} {why}");
                let span = self.span(length);
                self.found.problem(span, &message, MADE);
                self.at += length;
            }
            Meaning::Delimited { .. } | Meaning::Environment { .. } => {
                let span = self.span(length);
                let message = "formulas that this makes are not read";
                self.found.problem(span, message, MADE);
                self.at += length;
            }
        }
    }

    /// Replaces a call by its expansion, which is read next.
    pub(super) fn put(
        &mut self,
        length: usize,
        made: Result<(Stripped<'static>, std::ops::Range<usize>), &str>,
    ) {
        let why = match made {
            Ok((made, call)) => {
                // The length of the text behind an outermost call never
                // changes.
                let behind = self.text.text().len() - call.end;
                if self.tail.is_none_or(|tail| behind < tail) {
                    self.tail = Some(behind);
                    (self.calls, self.grown) = (0, 0);
                }
                self.calls += 1;
                self.grown += made.text().len();
                if self.calls <= MOST && self.grown <= LONGEST {
                    self.text.splice(call, &made);
                    return;
                }
                "makes too much"
            }
            Err(why) => why,
        };
        let over = self.calls > MOST || self.grown > LONGEST;
        let message = format!("{} {why}", &self.rest()[..length]);
        let span = self.span(length);
        if !std::mem::replace(&mut self.exhausted, over) {
            self.found.problem(span, &message, MADE);
        }
        self.at += length;
    }
}

/// Returns whether a name from `\csname` begins or ends a formula, or defines
/// something.
fn makes_formulas(name: &str) -> bool {
    let name = name.strip_prefix('\\').unwrap_or(name);
    let plain = name.strip_prefix("end").unwrap_or(name);
    environment(plain).is_some()
        || FILES.contains(&name)
        || is_read_as_itself(&format!("\\{name}"))
        || name == "ensuremath"
}

/// Returns whether a macro does not typeset all of its arguments: an argument
/// that is not typeset claims nothing.
fn drops(meaning: &Meaning) -> bool {
    let Meaning::Macro { parameters, body, .. } = meaning else { return false };
    let plain = |p: &Parameter| *p != Parameter::Star;
    let mut all = parameters.iter().enumerate();
    all.any(|(i, p)| plain(p) && !body.contains(&format!("#{}", i + 1)))
}

/// The hint for a call that is not expanded.
pub(super) const MADE: &str = "write the formula where it is used";
