//! Reading a notation file.

use crate::expr::{Expr, Id, Symbol};
use crate::notation::{Bound, Declaration, Notation, Process, Sort};
use crate::read::layout::pieces;
use crate::read::names::{Head, head, separates, spelled, with_sub};
use crate::read::pieces::Piece;
use crate::read::{self, Scope};
use crate::span::{Problem, Span};
use crate::types;
use crate::value::Interval;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    implicit_definitions: bool,
    undefined: Option<Spanned<String>>,
    searched: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) sizes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) indices: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) symbols: BTreeMap<Spanned<String>, Spanned<Entry>>,
    #[serde(default)]
    processes: BTreeMap<Spanned<String>, Spanned<ProcessEntry>>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { kind = \"scalar\" }"
)]
pub(super) struct Entry {
    kind: Sort,
    #[serde(rename = "in")]
    pub(super) domain: Option<Spanned<String>>,
    pub(super) draw: Option<Spanned<String>>,
    range: Option<Spanned<String>>,
    pub(super) means: Option<Spanned<String>>,
    /// For people; the checker does not read it.
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(default)]
    standard_normal: bool,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with a variable, a range, an index and a step"
)]
pub(super) struct ProcessEntry {
    variable: String,
    range: Spanned<String>,
    index: String,
    start: Option<Spanned<String>>,
    step: Spanned<String>,
    #[serde(default)]
    backwards: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

impl Notation {
    /// Reads a notation file.
    ///
    /// # Errors
    /// All its problems, with their places in `text`.
    ///
    /// ```
    /// let text = r"
    ///     [symbols]
    ///     'a' = { kind = 'scalar', in = '(0, 1)' }
    ///     'b' = { kind = 'scalar', means = '1 - a' }
    /// ";
    /// let notation = proofread::Notation::read(text).unwrap();
    /// let report = proofread::check(
    ///     "x.md",
    ///     "$$ a + b = 1 $$ {#eq-sum}",
    ///     &notation,
    ///     &proofread::Marks::default(),
    /// );
    /// assert_eq!(report.outcomes[0].status, proofread::Status::Exact);
    /// let unknown = text.replace("1 - a", "1 - c");
    /// let problems = proofread::Notation::read(&unknown).unwrap_err();
    /// assert!(problems[0].message.contains("unknown symbol c"));
    /// ```
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let span = Span::new(span.start, span.end);
            vec![Problem::new(span, error.message())]
        })?;
        let implicit = file.implicit_definitions;
        let mut notation = Self { implicit, ..Self::default() };
        let mut problems = vec![];
        let mut allows = |text: &Option<Spanned<String>>| match text {
            Some(text) if text.get_ref() == "allow" => true,
            Some(text) => {
                problems.push(at(text, "write \"allow\", or leave it out"));
                false
            }
            None => false,
        };
        notation.allows_undefined = allows(&file.undefined);
        notation.allows_searched = allows(&file.searched);
        for (name, range) in &file.sizes {
            match whole_range(range.get_ref()) {
                Some((low, high)) => {
                    notation.sizes.insert(name.clone(), (low, high));
                }
                None => problems.push(at(range, "a size is drawn from a range of whole numbers such as 3..8")),
            }
        }
        // Known by name first: `r = '1..t-1'` may come before `t`.
        let none = Bound { size: None, offset: 0 };
        for name in file.indices.keys() {
            let range = (none.clone(), none.clone());
            notation.indices.insert(name.clone(), range);
        }
        for (name, range) in &file.indices {
            match notation.range(range.get_ref()) {
                Some(range) => {
                    notation.indices.insert(name.clone(), range);
                }
                None => problems.push(at(
                    range,
                    "an index runs over a range such as 1..T, of numbers and sizes",
                )),
            }
        }
        notation.declare(&file, &mut problems);
        notation.check_names(&file, &mut problems);
        notation.define(&file, &mut problems);
        notation.check_circles(&file, &mut problems);
        if problems.is_empty() { Ok(notation) } else { Err(problems) }
    }

    /// Enters all symbols and processes, without their definitions, so that
    /// these may come in any order.
    fn declare(&mut self, file: &File, problems: &mut Vec<Problem>) {
        for (key, process) in &file.processes {
            let entry = process.get_ref();
            let name = match self.process_name(key.get_ref()) {
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
            self.processes.insert(name, process);
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
                Interval::read(text.get_ref()).map(Some).ok_or_else(|| {
                    at(text, "an interval such as (0, 1] or (0, oo)")
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

    /// The parameters in a key such as `f(x_t, t)`.
    fn parameters(&self, rest: &[Piece]) -> Result<Vec<Symbol>, String> {
        use crate::read::pieces::Kind as P;
        let bad = || "after the name come parameters, such as (x_t, t)".into();
        if rest.is_empty() {
            return Ok(vec![]);
        }
        let [open, inner @ .., close] = rest else { return Err(bad()) };
        let (P::Open(_), P::Close(_)) = (&open.kind, &close.kind) else {
            return Err(bad());
        };
        let mut parameters = vec![];
        for part in inner.split(|p| matches!(p.kind, P::Comma(_))) {
            let [piece] = part else { return Err(bad()) };
            let head = head(piece).ok_or_else(bad)?;
            let scope = Scope::new(self);
            let symbol = scope.parameter(&head).map_err(|p| p.message)?;
            parameters.push(symbol);
        }
        Ok(parameters)
    }

    /// Reads the definitions, now that all names are known.
    fn define(&mut self, file: &File, problems: &mut Vec<Problem>) {
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
        self.find_ambient();
        let mut processes = self.processes.clone();
        for (key, entry) in &file.processes {
            let entry = entry.get_ref();
            let Ok(name) = self.process_name(key.get_ref()) else { continue };
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
    }

    pub(super) fn id(&self, key: &str) -> Result<Id, Problem> {
        let found = pieces(key, false)?;
        let here = Span::new(0, key.len());
        let none = || Problem::new(here, "a symbol has a name");
        let (first, rest) = found.split_first().ok_or_else(none)?;
        let (name, indices) = self.family(&head(first).ok_or_else(none)?);
        let parameters = self
            .parameters(rest)
            .map_err(|message| Problem::new(here, message))?;
        let arguments = parameters.len();
        Ok(Id { name, indices: indices.len(), arguments })
    }

    fn process_name(&self, key: &str) -> Result<String, Problem> {
        let found = pieces(key, false)?;
        let span = Span::new(0, key.len());
        let [only] = found.as_slice() else {
            return Err(Problem::new(span, "a process has one name"));
        };
        let head = head(only)
            .ok_or_else(|| Problem::new(span, "this is not a name"))?;
        Ok(self.family(&head).0)
    }

    /// The name of a family with the parts of its subscript that are no
    /// indices, and its indices.
    pub(crate) fn family(&self, head: &Head) -> (String, Vec<String>) {
        let Some(sub) = &head.sub else { return (head.name.clone(), vec![]) };
        let names: Vec<String> = sub.split(separates).map(spelled).collect();
        if names.iter().all(|name| self.indices.contains_key(name)) {
            return (head.name.clone(), names);
        }
        (with_sub(&head.name, sub), vec![])
    }

    fn range(&self, text: &str) -> Option<(Bound, Bound)> {
        let (from, to) = text.split_once("..")?;
        Some((self.bound(from)?, self.bound(to)?))
    }

    fn bound(&self, text: &str) -> Option<Bound> {
        let text = text.trim();
        if let Ok(offset) = text.parse() {
            return Some(Bound { size: None, offset });
        }
        let end = text.find(['+', '-']).unwrap_or(text.len());
        let (name, offset) = text.split_at(end);
        let (name, offset) = (name.trim(), offset.replace(' ', ""));
        let offset = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        let known =
            self.sizes.contains_key(name) || self.indices.contains_key(name);
        let size = known.then(|| name.to_owned())?;
        Some(Bound { size: Some(size), offset })
    }
}

fn whole_range(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once("..")?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (1 <= from && from <= to && to <= 64).then_some((from, to))
}

/// A problem of a string in the file.
pub(super) fn at<T>(text: &Spanned<T>, message: &str) -> Problem {
    let span = text.span();
    Problem::new(Span::new(span.start, span.end), message)
}

/// A problem within a string, moved to its place in the file.
fn shifted(mut problem: Problem, text: &Spanned<String>) -> Problem {
    let quote = text.span().start + 1;
    problem.span =
        Span::new(problem.span.start + quote, problem.span.end + quote);
    problem
}
