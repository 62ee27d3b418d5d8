//! The values of symbols, by definition or as free variables.

use super::{Eval, Key, named};
use crate::expr::{Expr, Id, Kind, Symbol};
use crate::notation::{Declaration, Sort};
use crate::term::{Argument, Op, Value};
use crate::value::{Interval, Trouble};

impl Eval<'_> {
    pub(super) fn symbol(&mut self, symbol: &Symbol) -> Result<Value, Trouble> {
        if symbol.indices.is_empty() && symbol.arguments.is_empty() {
            if let Some(whole) = self.named_whole(&symbol.name) {
                if let Some(large) = &mut self.store.large {
                    large.number(whole);
                }
                return Ok(Value::Scalar(self.store.terms.whole(whole)));
            }
            if symbol.name == "d" && self.notation.sizes.contains_key("d") {
                return Ok(Value::Scalar(self.store.dimension()));
            }
        }
        if crate::types::is_pi(symbol, self.notation) {
            return Ok(Value::Scalar(self.store.terms.store(Op::Pi)));
        }
        let indices = symbol
            .indices
            .iter()
            .map(|index| self.whole(index))
            .collect::<Result<Vec<_>, _>>()?;
        if symbol.arguments.is_empty() {
            return self.look_up((symbol.name.clone(), indices));
        }
        let mut arguments = vec![];
        for (i, argument) in symbol.arguments.iter().enumerate() {
            // An index among the arguments may only select a function.
            let value = match self.whole(argument) {
                Ok(whole) if self.names_a_function(symbol, i) => {
                    Value::Scalar(self.store.terms.whole(whole))
                }
                _ => self.value(argument)?,
            };
            arguments.push(value);
        }
        self.call(symbol, indices, arguments)
    }

    /// Checks whether an argument only selects a function and is not used as a
    /// number: an argument of a function without a definition, or the argument
    /// for an index parameter.
    fn names_a_function(&self, symbol: &Symbol, argument: usize) -> bool {
        let Some(declaration) = self.notation.symbols.get(&symbol.id()) else {
            return false;
        };
        let mut uses = self.uses.iter();
        let open = declaration.means.is_none()
            && !uses.any(|used| used.symbol.name == symbol.name);
        let parameter = declaration.parameters.get(argument);
        open || parameter
            .is_some_and(|p| self.notation.indices.contains_key(&p.name))
    }

    /// Returns whether a formula that is used defines a symbol at concrete indices.
    pub(super) fn is_rewritten(&self, key: &Key) -> bool {
        let mut uses = self.uses.iter();
        uses.any(|used| self.matches(&used.symbol, key).is_some())
    }

    /// Returns the value of a symbol without arguments at concrete indices.
    pub(crate) fn look_up(&mut self, key: Key) -> Result<Value, Trouble> {
        if let Some(large) = &mut self.store.large {
            key.1.iter().for_each(|index| large.entry(*index));
        }
        let given = self.overlay.iter().rev().find(|(known, _)| *known == key);
        if let Some((_, value)) = given {
            return Ok(value.clone());
        }
        let mut uses = self.uses.iter().copied();
        let used = uses.find_map(|used| {
            let plain = used.symbol.arguments.is_empty();
            let bound = plain.then(|| self.matches(&used.symbol, &key))??;
            Some((used, bound))
        });
        if let Some((used, bound)) = used {
            return self.defined(key, bound, &used.body);
        }
        let id = Id { indices: key.1.len(), ..Id::plain(&key.0) };
        let notation = self.notation;
        let Some(declaration) = notation.symbols.get(&id) else {
            let message = format!("unknown symbol {}", key.0);
            return Err(Trouble::Unsupported(message));
        };
        self.check_range(declaration, &key.1)?;
        let Some(means) = &declaration.means else {
            return Ok(self.store.free(declaration, &key));
        };
        let keep = self.may_keep(declaration);
        if keep && let Some(value) = self.store.table.get(&key) {
            return Ok(value.clone());
        }
        let value = if let Some(value) = self.cumulative(declaration, &key)? {
            value
        } else {
            let names = declaration.indices.iter().cloned();
            let bound = names.zip(key.1.iter().copied()).collect();
            self.defined(key.clone(), bound, means)?
        };
        if keep {
            if let Value::Scalar(term) = value
                && declaration.domain != Interval::REALS
            {
                let domain = declaration.domain.clone();
                self.store.constraints.push((term, domain));
            }
            self.store.table.insert(key, value.clone());
        }
        Ok(value)
    }

    /// Checks whether a defined symbol has the same value at every use: no
    /// symbol that it depends on is bound or redefined here.
    pub(super) fn may_keep(&self, declaration: &Declaration) -> bool {
        let depends = &declaration.depends;
        let overlaid =
            self.overlay.iter().any(|((name, _), _)| depends.contains(name));
        let rewritten =
            self.uses.iter().any(|used| depends.contains(&used.symbol.name));
        !declaration.ambient && !overlaid && !rewritten
    }

    /// Evaluates a symbol by its definition.
    fn defined(
        &mut self,
        key: Key,
        bound: Vec<(String, i64)>,
        body: &Expr,
    ) -> Result<Value, Trouble> {
        if self.pending.contains(&key) {
            return Err(Trouble::Circle(key.0));
        }
        self.pending.push(key);
        let outside = self.enter(bound);
        let value = self.value(body);
        self.indices = outside;
        self.pending.pop();
        value
    }

    /// Binds the indices of a definition and returns the previous indices. A
    /// definition sees the indices of the notation, not the variable of a sum
    /// in which it is used.
    pub(super) fn enter(
        &mut self,
        bound: Vec<(String, i64)>,
    ) -> Vec<(String, i64)> {
        let known = &self.notation.indices;
        let mut inside = self.indices.clone();
        inside.retain(|(name, _)| known.contains_key(name));
        inside.extend(bound);
        std::mem::replace(&mut self.indices, inside)
    }

    /// Returns the indices that a definition of `x_t` binds for `x_3`, or
    /// `None` if the definition does not match.
    fn matches(
        &self,
        pattern: &Symbol,
        key: &Key,
    ) -> Option<Vec<(String, i64)>> {
        if pattern.name != key.0 || pattern.indices.len() != key.1.len() {
            return None;
        }
        let mut bound = vec![];
        for (index, &value) in pattern.indices.iter().zip(&key.1) {
            match &index.kind {
                Kind::Symbol(symbol)
                    if self.notation.indices.contains_key(&symbol.name) =>
                {
                    let (low, high) = &self.notation.indices[&symbol.name];
                    let (low, high) = (self.bound(low), self.bound(high));
                    if value < low || value > high {
                        return None;
                    }
                    bound.push((symbol.name.clone(), value));
                }
                _ if self.whole(index) == Ok(value) => {}
                _ => return None,
            }
        }
        Some(bound)
    }

    fn check_range(
        &self,
        declaration: &Declaration,
        indices: &[i64],
    ) -> Result<(), Trouble> {
        let Some((low, high)) = &declaration.range else { return Ok(()) };
        let (low, high) = (self.bound(low), self.bound(high));
        let outside = indices.iter().find(|i| !(low..=high).contains(*i));
        let Some(index) = outside else { return Ok(()) };
        let name = named(&declaration.name, &[*index]);
        Err(Trouble::OutOfRange(format!(
            "{name} is outside its range, {low} to {high}"
        )))
    }

    /// Evaluates a function at concrete arguments.
    fn call(
        &mut self,
        symbol: &Symbol,
        indices: Vec<i64>,
        arguments: Vec<Value>,
    ) -> Result<Value, Trouble> {
        let key = (symbol.name.clone(), indices);
        let mut uses = self.uses.iter().copied();
        let used = uses.find_map(|used| {
            let pattern = &used.symbol;
            if pattern.arguments.len() != arguments.len() {
                return None;
            }
            let bound = self.matches(pattern, &key)?;
            let parameters = pattern.arguments.iter().map(|a| match &a.kind {
                Kind::Symbol(symbol) => Some(symbol.clone()),
                _ => None,
            });
            Some((used, bound, parameters.collect::<Option<Vec<_>>>()?))
        });
        if let Some((used, bound, parameters)) = used {
            let body = &used.body;
            return self.apply(bound, &parameters, symbol, &arguments, body);
        }
        let (_, indices) = key;
        let id = symbol.id();
        let notation = self.notation;
        let Some(declaration) = notation.symbols.get(&id) else {
            let message = format!("unknown function {}", symbol.name);
            return Err(Trouble::Unsupported(message));
        };
        self.check_range(declaration, &indices)?;
        if let Some(means) = &declaration.means {
            let names = declaration.indices.iter().cloned();
            let bound = names.zip(indices).collect();
            let parameters = &declaration.parameters;
            return self.apply(bound, parameters, symbol, &arguments, means);
        }
        let mut list = vec![];
        for (value, parameter) in
            arguments.into_iter().zip(&declaration.parameters)
        {
            let known = notation.symbols.get(&parameter.id());
            let is_vector = known.is_some_and(|d| d.sort == Sort::Vector);
            list.push(match value {
                // The number 0 also stands for the zero vector.
                value if is_vector => {
                    Argument::Vector(value.vector(&self.store.terms)?)
                }
                Value::Scalar(term) => Argument::Scalar(term),
                Value::Vector(vector) => Argument::Vector(vector),
            });
        }
        self.store.unknown(declaration, &indices, list)
    }
}
