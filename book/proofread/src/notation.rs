//! The notation file: what each symbol is.
//!
//! A TOML file of four tables. `sizes` are whole numbers that are drawn, such
//! as the length of a chain; `indices` run over ranges; `symbols` are numbers,
//! vectors and functions, free or defined by others; `processes` are chains of
//! random variables. The keys are LaTeX, read as the text is.

use crate::expr::{Expr, Id, Kind, Symbol};
use crate::read::names::{Head, head, with_sub};
use crate::read::pieces::{Piece, pieces};
use crate::read::{self, Scope};
use crate::span::{Problem, Span};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// What the symbols of a text mean.
#[derive(Clone, Debug, Default)]
pub struct Notation {
    pub(crate) sizes: BTreeMap<String, (i64, i64)>,
    pub(crate) indices: BTreeMap<String, (Bound, Bound)>,
    pub(crate) symbols: BTreeMap<Id, Declaration>,
    pub(crate) processes: BTreeMap<String, Process>,
}

/// One end of the range of an index: a size or another index, or none, and
/// an offset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) size: Option<String>,
    pub(crate) offset: i64,
}

/// What a symbol is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    /// A real number.
    Scalar,
    /// A vector.
    Vector,
}

/// Where a number lies: between two ends, each its own or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) with_low: bool,
    pub(crate) with_high: bool,
}

/// A symbol of the notation.
#[derive(Clone, Debug)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    /// The names of its indices.
    pub(crate) indices: Vec<String>,
    /// The range of its first index.
    pub(crate) range: Option<(Bound, Bound)>,
    /// The parameters, of a function.
    pub(crate) parameters: Vec<Symbol>,
    pub(crate) sort: Sort,
    pub(crate) domain: Interval,
    /// Where to draw it from.
    pub(crate) draw: Interval,
    /// Its definition by other symbols.
    pub(crate) means: Option<Expr>,
    /// Whether it is random, with a standard normal distribution.
    pub(crate) standard_normal: bool,
    /// Whether the definition speaks of an index that is not its own, so that
    /// its value depends on where it stands.
    pub(crate) ambient: bool,
    /// The names that the definition depends on, through others if need be.
    pub(crate) depends: BTreeSet<String>,
}

/// A chain of random variables.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    /// The family of its variables, such as `x`.
    pub(crate) variable: String,
    /// How it begins; without, at any distribution.
    pub(crate) start: Option<Expr>,
    /// Each further variable given the one before.
    pub(crate) step: Expr,
    /// Whether it runs from the last variable to the first.
    pub(crate) backwards: bool,
    /// The index of the step.
    pub(crate) index: String,
    /// The first and the last index of its variables.
    pub(crate) range: (Bound, Bound),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    sizes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    indices: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    symbols: BTreeMap<Spanned<String>, Spanned<Entry>>,
    #[serde(default)]
    processes: BTreeMap<Spanned<String>, Spanned<ProcessEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: Sort,
    #[serde(rename = "in")]
    domain: Option<Spanned<String>>,
    draw: Option<Spanned<String>>,
    range: Option<Spanned<String>>,
    means: Option<Spanned<String>>,
    /// For people; the checker does not read it.
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(default)]
    standard_normal: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProcessEntry {
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
    /// assert!(proofread::Notation::read(text).is_ok());
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
        let mut notation = Self::default();
        let mut problems = vec![];
        for (name, range) in &file.sizes {
            let range_is_three = range.get_ref().replace(' ', "") == "3..3";
            if name == "d" && !range_is_three {
                problems.push(at(
                    range,
                    "vectors are drawn in 3 dimensions: d = '3..3'",
                ));
            }
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
        notation.define(&file, &mut problems);
        notation.check_circles(&file, &mut problems);
        if problems.is_empty() { Ok(notation) } else { Err(problems) }
    }

    /// Enters all symbols and processes, without their definitions, so that
    /// these may come in any order.
    fn declare(&mut self, file: &File, problems: &mut Vec<Problem>) {
        for (key, process) in &file.processes {
            let entry = process.get_ref();
            let name = match self.key(key.get_ref(), &entry.variable) {
                Ok((name, _)) => name,
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
        if draw.low < domain.low || draw.high > domain.high {
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
            parameters,
        };
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
        let mut defined = vec![];
        for (key, entry) in &file.symbols {
            let Some(text) = &entry.get_ref().means else { continue };
            let Ok(id) = self.id(key.get_ref()) else { continue };
            let Some(declaration) = self.symbols.get(&id) else { continue };
            match expression(self, text, &declaration.indices) {
                Ok(means) => defined.push((id, means)),
                Err(problem) => problems.push(problem),
            }
        }
        for (id, means) in defined {
            if let Some(declaration) = self.symbols.get_mut(&id) {
                declaration.means = Some(means);
            }
        }
        self.find_ambient();
        let mut processes = self.processes.clone();
        for (key, entry) in &file.processes {
            let entry = entry.get_ref();
            let Ok((name, _)) = self.key(key.get_ref(), "") else { continue };
            let Some(process) = processes.get_mut(&name) else { continue };
            let mut read = |text: &Spanned<String>| {
                let found = expression(self, text, &[]);
                match found {
                    Ok(e) if matches!(e.kind, Kind::Normal(_)) => Some(e),
                    Ok(_) => {
                        problems.push(at(text, "a step is a Gaussian, such as \\mathcal N(x_t; x_{t-1}, I)"));
                        None
                    }
                    Err(problem) => {
                        problems.push(problem);
                        None
                    }
                }
            };
            if let Some(start) = &entry.start {
                process.start = read(start);
            }
            if let Some(step) = read(&entry.step) {
                process.step = step;
            }
        }
        self.processes = processes;
    }

    /// Finds the definitions that depend on where they stand, through others
    /// if need be.
    pub(crate) fn find_ambient(&mut self) {
        self.find_dependences();
        loop {
            let found: Vec<Id> = self
                .symbols
                .values()
                .filter(|d| !d.ambient && self.is_ambient(d))
                .map(Declaration::id)
                .collect();
            if found.is_empty() {
                return;
            }
            for id in found {
                if let Some(declaration) = self.symbols.get_mut(&id) {
                    declaration.ambient = true;
                }
            }
        }
    }

    fn find_dependences(&mut self) {
        loop {
            let mut changed = false;
            for id in self.symbols.keys().cloned().collect::<Vec<_>>() {
                let Some(means) = &self.symbols[&id].means else { continue };
                let mut depends = self.symbols[&id].depends.clone();
                let before = depends.len();
                means.visit(&mut |e| {
                    let names = crate::needs::names(e);
                    for name in names {
                        let others =
                            self.symbols.values().filter(|d| d.name == name);
                        let through = others.flat_map(|d| d.depends.clone());
                        depends.extend(through);
                        depends.insert(name);
                    }
                });
                changed |= depends.len() > before;
                if let Some(declaration) = self.symbols.get_mut(&id) {
                    declaration.depends = depends;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn is_ambient(&self, declaration: &Declaration) -> bool {
        let Some(means) = &declaration.means else { return false };
        let mut bound = vec![];
        let mut ambient = false;
        means.visit(&mut |e| {
            if let Kind::Big(big) = &e.kind {
                bound.push(big.index.clone());
            }
        });
        means.visit(&mut |e| {
            let Kind::Symbol(symbol) = &e.kind else { return };
            let name = &symbol.name;
            let own =
                declaration.indices.contains(name) || bound.contains(name);
            ambient |= self.indices.contains_key(name) && !own;
            let other = self.symbols.get(&symbol.id());
            ambient |= other.is_some_and(|other| other.ambient);
        });
        ambient
    }

    /// Refuses definitions that come back to themselves at the same index;
    /// those that go down, such as `a_t = a_{t-1} b_t`, are found when they
    /// are evaluated and leave their range.
    fn check_circles(&self, file: &File, problems: &mut Vec<Problem>) {
        for (key, entry) in &file.symbols {
            let Ok(id) = self.id(key.get_ref()) else { continue };
            let mut path = vec![];
            if entry.get_ref().means.is_some()
                && self.comes_back(&id, &mut path, &mut BTreeSet::new())
            {
                let names: Vec<_> =
                    path.iter().map(|id| id.name.as_str()).collect();
                let message = format!(
                    "this definition goes in a circle: {}",
                    names.join(" → ")
                );
                problems.push(at(key, &message));
            }
        }
    }

    fn comes_back(
        &self,
        id: &Id,
        path: &mut Vec<Id>,
        seen: &mut BTreeSet<Id>,
    ) -> bool {
        if let Some(first) = path.first()
            && first == id
        {
            path.push(id.clone());
            return true;
        }
        if !seen.insert(id.clone()) {
            return false;
        }
        let Some(declaration) = self.symbols.get(id) else { return false };
        let Some(means) = &declaration.means else { return false };
        path.push(id.clone());
        let mut next = vec![];
        means.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && !declaration.parameters.contains(symbol)
                // A lower index is another symbol.
                && !symbol.indices.iter().any(|i| {
                    matches!(i.kind, Kind::Sum(_) | Kind::Number { .. })
                })
            {
                next.push(symbol.id());
            }
        });
        if next.iter().any(|id| self.comes_back(id, path, seen)) {
            return true;
        }
        path.pop();
        false
    }

    fn id(&self, key: &str) -> Result<Id, Problem> {
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

    fn key(
        &self,
        key: &str,
        _variable: &str,
    ) -> Result<(String, Vec<String>), Problem> {
        let found = pieces(key, false)?;
        let span = Span::new(0, key.len());
        let [only] = found.as_slice() else {
            return Err(Problem::new(span, "a process has one name"));
        };
        let head = head(only)
            .ok_or_else(|| Problem::new(span, "this is not a name"))?;
        Ok(self.family(&head))
    }

    /// The name of a family with the parts of its subscript that are no
    /// indices, and its indices.
    fn family(&self, head: &Head) -> (String, Vec<String>) {
        let Some(sub) = &head.sub else { return (head.name.clone(), vec![]) };
        let names: Vec<String> = sub
            .split(crate::read::names::separates)
            .map(crate::read::names::spelled)
            .collect();
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

impl Declaration {
    pub(crate) fn id(&self) -> Id {
        Id {
            name: self.name.clone(),
            indices: self.indices.len(),
            arguments: self.parameters.len(),
        }
    }
}

impl Bound {
    /// As an expression, for a range that the text leaves to the notation.
    pub(crate) fn expr(&self) -> Expr {
        let Some(size) = &self.size else { return Expr::whole(self.offset) };
        let symbol =
            Symbol { name: size.clone(), indices: vec![], arguments: vec![] };
        let size = Expr::new(Kind::Symbol(symbol), Span::default());
        if self.offset == 0 {
            return size;
        }
        let offset = Expr::whole(self.offset.abs());
        let terms = vec![(false, size), (self.offset < 0, offset)];
        Expr::new(Kind::Sum(terms), Span::default())
    }
}

impl Interval {
    pub(crate) const REALS: Self = Self {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
        with_low: false,
        with_high: false,
    };

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "real" {
            return Some(Self::REALS);
        }
        let with_low = match text.chars().next()? {
            '[' => true,
            '(' => false,
            _ => return None,
        };
        let with_high = match text.chars().last()? {
            ']' => true,
            ')' => false,
            _ => return None,
        };
        let (low, high) = text[1..text.len() - 1].split_once(',')?;
        let end = |text: &str| match text.trim() {
            "oo" => Some(f64::INFINITY),
            "-oo" => Some(f64::NEG_INFINITY),
            text => text.parse::<f64>().ok().filter(|x| x.is_finite()),
        };
        let interval =
            Self { low: end(low)?, high: end(high)?, with_low, with_high };
        (interval.low <= interval.high).then_some(interval)
    }

    /// A bounded part of it, to draw from.
    pub(crate) fn to_draw(self) -> Self {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => self,
            (true, false) => Self { high: self.low + 3.0, ..self },
            (false, true) => Self { low: self.high - 3.0, ..self },
            (false, false) => Self { low: -3.0, high: 3.0, ..self },
        }
    }

    pub(crate) fn holds(self, x: f64) -> bool {
        (x > self.low || self.with_low && x == self.low)
            && (x < self.high || self.with_high && x == self.high)
    }
}

fn whole_range(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once("..")?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (1 <= from && from <= to && to <= 64).then_some((from, to))
}

/// A problem of a string in the file.
fn at<T>(text: &Spanned<T>, message: &str) -> Problem {
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
