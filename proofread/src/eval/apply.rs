//! Calls of functions that have a definition.

use super::Eval;
use crate::expr::{Expr, Kind, Symbol};
use crate::term::Value;
use crate::value::Trouble;

impl Eval<'_> {
    /// Evaluates a function's body with its parameters bound to the arguments.
    pub(super) fn apply(
        &mut self,
        bound: Vec<(String, i64)>,
        parameters: &[Symbol],
        call: &Symbol,
        arguments: &[Value],
        body: &Expr,
    ) -> Result<Value, Trouble> {
        let below = self.overlay.len();
        // A parameter that is an index takes the integer value of its argument.
        let mut bound = bound;
        for (parameter, argument) in parameters.iter().zip(&call.arguments) {
            if self.notation.indices.contains_key(&parameter.name) {
                bound.push((parameter.name.clone(), self.whole(argument)?));
            }
        }
        self.bind_indices_of_parameters(&mut bound, parameters, call, body)?;
        let outside = self.enter(bound);
        let mut entries = vec![];
        for (parameter, argument) in parameters.iter().zip(arguments) {
            if self.notation.indices.contains_key(&parameter.name) {
                continue;
            }
            let indices = parameter.indices.iter().map(|i| self.whole(i));
            let indices = indices.collect::<Result<Vec<_>, _>>();
            let key = indices.map(|indices| (parameter.name.clone(), indices));
            entries.push(key.map(|key| (key, argument.clone())));
        }
        let value = entries.into_iter().collect::<Result<Vec<_>, _>>();
        let value = value.and_then(|entries| {
            self.overlay.extend(entries);
            self.value(body)
        });
        self.indices = outside;
        self.overlay.truncate(below);
        let mut value = value?;
        for (parameter, argument) in parameters.iter().zip(arguments) {
            if !self.notation.indices.contains_key(&parameter.name) {
                value = self.kept(value, argument)?;
            }
        }
        Ok(value)
    }

    /// Makes a value undefined wherever an argument is undefined, because a
    /// body may not use its parameter.
    pub(super) fn kept(
        &mut self,
        value: Value,
        argument: &Value,
    ) -> Result<Value, Trouble> {
        let terms = &mut self.store.terms;
        let mut needed = argument.numbers();
        needed.retain(|number| terms.hidden(*number).is_some());
        if needed.is_empty() {
            return Ok(value);
        }
        // The value already requires its own parts to be defined.
        terms.visit(&value.numbers(), &mut |part| {
            needed.retain(|number| *number != part);
        });
        let mut value = value;
        for number in needed {
            let Some(hidden) = terms.hidden(number) else { continue };
            let hidden = match &value {
                Value::Scalar(_) => Value::Scalar(hidden),
                Value::Vector(_) => Value::Vector(terms.nowhere(hidden)),
            };
            value = value.add(&hidden, terms)?;
        }
        Ok(value)
    }

    /// Binds the index of a parameter such as `x_t` to the index of its
    /// argument: in `g(x_2)`, `t` is 2. An index of the function itself, as in
    /// `g_t(x_t)`, is already bound, and so is an index that is a parameter, as
    /// in `g(x_t, t)`.
    ///
    /// # Errors
    /// If the body uses the index outside the parameter and the argument is not
    /// an `x_…`.
    fn bind_indices_of_parameters(
        &self,
        bound: &mut Vec<(String, i64)>,
        parameters: &[Symbol],
        call: &Symbol,
        body: &Expr,
    ) -> Result<(), Trouble> {
        let own: Vec<String> =
            bound.iter().map(|(name, _)| name.clone()).collect();
        for (parameter, argument) in parameters.iter().zip(&call.arguments) {
            for (at, index) in parameter.indices.iter().enumerate() {
                let mut open = vec![];
                index.visit(&mut |e| {
                    if let Kind::Symbol(symbol) = &e.kind
                        && self.notation.indices.contains_key(&symbol.name)
                        && !own.contains(&symbol.name)
                    {
                        open.push(symbol.name.clone());
                    }
                });
                let Some(name) = open.first() else { continue };
                let given = match &argument.kind {
                    Kind::Symbol(given)
                        if given.name == parameter.name
                            && given.indices.len()
                                == parameter.indices.len() =>
                    {
                        Some(self.whole(&given.indices[at])?)
                    }
                    _ => None,
                };
                let known = bound.iter().find(|(known, _)| known == name);
                let known = known.map(|(_, value)| *value);
                let plain = matches!(index.kind, Kind::Symbol(_));
                match (given, known) {
                    (Some(given), None) if plain => {
                        bound.push((name.clone(), given));
                    }
                    (Some(given), Some(known)) if plain && given == known => {}
                    _ if self.speaks_of(body, name, parameters) => {
                        return Err(Trouble::Unsupported(format!(
                            "the definition of {} speaks of {name}, and \
                             {argument} does not say what {name} is here: \
                             make {name} a parameter of its own",
                            call.name
                        )));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Checks whether a body uses an index outside its parameters, directly or
    /// through definitions.
    fn speaks_of(
        &self,
        body: &Expr,
        index: &str,
        parameters: &[Symbol],
    ) -> bool {
        if let Kind::Symbol(symbol) = &body.kind {
            if parameters.contains(symbol) {
                return false;
            }
            let declared = self.notation.symbols.get(&symbol.id());
            if symbol.name == index || declared.is_some_and(|d| d.ambient) {
                return true;
            }
            let mut uses = self.uses.iter();
            if uses.any(|used| used.symbol.name == symbol.name) {
                return true;
            }
        }
        let children = body.children();
        children.into_iter().any(|e| self.speaks_of(e, index, parameters))
    }
}
