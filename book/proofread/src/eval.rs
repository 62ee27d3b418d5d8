//! The value of an expression at one point.

use crate::expr::{Big, Expr, Function, Id, Kind, Symbol};
use crate::notation::{Bound, Declaration, Notation};
use crate::value::{Number, Trouble, Value};
use crate::world::{Source, World};

/// A definition that a formula may use: `symbol := body`.
#[derive(Clone, Debug)]
pub(crate) struct Rewriting {
    pub(crate) symbol: Symbol,
    pub(crate) body: Expr,
}

/// The most expressions that are evaluated for one value.
const STEPS: u32 = 200_000;
/// How deep definitions may lead.
const DEPTH: u32 = 200;

/// Everything that a value depends on.
pub(crate) struct Eval<'a, S: Source> {
    pub(crate) notation: &'a Notation,
    pub(crate) uses: &'a [Rewriting],
    pub(crate) world: &'a mut World<S>,
    /// The running indices, the innermost last.
    pub(crate) indices: Vec<(String, i64)>,
    /// Values that stand for symbols: the arguments of functions.
    pub(crate) overlay: Vec<(Key, Value<S::Number>)>,
    /// Symbols whose definitions are being evaluated.
    pending: Vec<Key>,
    steps: u32,
    depth: u32,
}

/// A symbol at concrete indices.
pub(crate) type Key = (String, Vec<i64>);

type Outcome<N> = Result<Value<N>, Trouble>;

impl<'a, S: Source> Eval<'a, S> {
    pub(crate) fn new(
        notation: &'a Notation,
        uses: &'a [Rewriting],
        world: &'a mut World<S>,
        indices: Vec<(String, i64)>,
    ) -> Self {
        let (overlay, pending) = (vec![], vec![]);
        let (steps, depth) = (0, 0);
        Self { notation, uses, world, indices, overlay, pending, steps, depth }
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, expr: &Expr) -> Outcome<S::Number> {
        self.steps += 1;
        if self.steps > STEPS || self.depth > DEPTH {
            return Err(Trouble::Budget);
        }
        self.depth += 1;
        let value = self.compute(expr);
        self.depth -= 1;
        value
    }

    pub(crate) fn scalar(&mut self, expr: &Expr) -> Result<S::Number, Trouble> {
        self.value(expr)?.scalar()
    }

    fn compute(&mut self, expr: &Expr) -> Outcome<S::Number> {
        let scalar = Value::Scalar;
        match &expr.kind {
            Kind::Number { digits, decimals } => {
                Ok(scalar(Number::decimal(*digits, *decimals)))
            }
            Kind::Symbol(symbol) => self.symbol(symbol),
            Kind::Sum(terms) => {
                let mut total = Value::Scalar(S::Number::whole(0));
                for (minus, term) in terms {
                    let term = self.value(term)?;
                    total = if *minus {
                        total.sub(&term)?
                    } else {
                        total.add(&term)?
                    };
                }
                Ok(total)
            }
            Kind::Product(factors) => {
                let mut total = Value::Scalar(S::Number::whole(1));
                for factor in factors {
                    total = total.times(&self.value(factor)?)?;
                }
                Ok(total)
            }
            Kind::Quotient(over, under) => {
                let over = self.value(over)?;
                let under = self.scalar(under)?;
                Ok(over.scaled(&S::Number::whole(1).div(&under)?))
            }
            Kind::Power(base, exponent) => self.power(base, exponent),
            Kind::Root(inner) => {
                if let Some((over, under)) = rational_root(inner) {
                    let (over, under) =
                        (S::Number::whole(over), S::Number::whole(under));
                    return over.div(&under).map(scalar);
                }
                self.require_squares(inner)?;
                let radicand = self.scalar(inner)?;
                self.world.radicand(&radicand);
                radicand.sqrt().map(scalar)
            }
            Kind::Function(Function::Log, inner) => {
                S::log(self, inner).map(scalar)
            }
            Kind::Function(function, inner) => {
                self.scalar(inner)?.apply(*function).map(scalar)
            }
            Kind::Big(big) => self.big(big),
            Kind::Norm(inner) => match self.value(inner)? {
                Value::Scalar(x) => x.mul(&x).sqrt().map(scalar),
                Value::Vector(x) => {
                    let vector = Value::Vector(x);
                    vector.inner(&vector)?.sqrt().map(scalar)
                }
            },
            Kind::Inner(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                a.inner(&b).map(scalar)
            }
            Kind::Normal(_)
            | Kind::Density(_)
            | Kind::Expectation(_)
            | Kind::Divergence(..) => S::probability(self, expr),
        }
    }

    fn power(&mut self, base: &Expr, exponent: &Expr) -> Outcome<S::Number> {
        // The square of a norm needs no root.
        if let (Kind::Norm(inner), Ok(even)) =
            (&base.kind, self.whole(exponent))
            && even % 2 == 0
        {
            let value = self.value(inner)?;
            let square = value.inner(&value)?;
            return square.powi(even / 2).map(Value::Scalar);
        }
        let base_value = self.scalar(base)?;
        if let Ok(exponent) = self.whole(exponent) {
            return base_value.powi(exponent).map(Value::Scalar);
        }
        // `p^{3/2}` is made of roots.
        if let Some((over, roots)) = halves(exponent) {
            let mut root = base_value;
            for _ in 0..roots {
                self.world.radicand(&root);
                root = root.sqrt()?;
            }
            return root.powi(over).map(Value::Scalar);
        }
        base_value.power(&self.scalar(exponent)?).map(Value::Scalar)
    }

    /// In the field, where a sum that is positive need not be a square,
    /// `√(w²) = w` holds only for those that are: the others are drawn anew.
    fn require_squares(&mut self, radicand: &Expr) -> Result<(), Trouble> {
        if !S::IN_FIELD {
            return Ok(());
        }
        let mut sums = vec![];
        squared_sums(radicand, false, &mut sums);
        for sum in sums {
            if crate::sign::is_positive(sum, self.notation)
                && !self.scalar(sum)?.passes_for_positive()
            {
                return Err(Trouble::Reject);
            }
        }
        Ok(())
    }

    fn big(&mut self, big: &Big) -> Outcome<S::Number> {
        let (from, to) = (self.whole(&big.from)?, self.whole(&big.to)?);
        if to.saturating_sub(from) > 10_000 {
            return Err(Trouble::Budget);
        }
        let mut total = Value::Scalar(S::Number::whole(i64::from(big.product)));
        for i in from..=to {
            self.indices.push((big.index.clone(), i));
            let value = self.value(&big.body);
            self.indices.pop();
            total = if big.product {
                total.times(&value?)?
            } else {
                total.add(&value?)?
            };
        }
        Ok(total)
    }

    /// The logarithm of a product over a range, as a sum of logarithms.
    pub(crate) fn log_of_product(
        &mut self,
        big: &Big,
    ) -> Result<S::Number, Trouble> {
        let (from, to) = (self.whole(&big.from)?, self.whole(&big.to)?);
        if to.saturating_sub(from) > 10_000 {
            return Err(Trouble::Budget);
        }
        let mut total = S::Number::whole(0);
        for i in from..=to {
            self.indices.push((big.index.clone(), i));
            let log = S::log(self, &big.body);
            self.indices.pop();
            total = total.add(&log?);
        }
        Ok(total)
    }

    /// An expression that is a whole number: an index, a range, an exponent.
    pub(crate) fn whole(&self, expr: &Expr) -> Result<i64, Trouble> {
        let not = || Trouble::Unsupported("not a whole number".into());
        match &expr.kind {
            Kind::Number { digits, decimals: 0 } => Ok(*digits),
            Kind::Symbol(symbol)
                if symbol.indices.is_empty() && symbol.arguments.is_empty() =>
            {
                self.named_whole(&symbol.name).ok_or_else(not)
            }
            Kind::Sum(terms) => {
                let mut total = 0_i64;
                for (minus, term) in terms {
                    let term = self.whole(term)?;
                    let signed =
                        if *minus { term.checked_neg() } else { Some(term) };
                    total = signed
                        .and_then(|term| total.checked_add(term))
                        .ok_or(Trouble::Budget)?;
                }
                Ok(total)
            }
            Kind::Product(factors) => {
                let mut total = 1_i64;
                for factor in factors {
                    total = total
                        .checked_mul(self.whole(factor)?)
                        .ok_or(Trouble::Budget)?;
                }
                Ok(total)
            }
            _ => Err(not()),
        }
    }

    fn named_whole(&self, name: &str) -> Option<i64> {
        let bound = self.indices.iter().rev().find(|(known, _)| known == name);
        bound
            .map(|(_, value)| *value)
            .or_else(|| self.world.sizes.get(name).copied())
    }

    fn symbol(&mut self, symbol: &Symbol) -> Outcome<S::Number> {
        if symbol.indices.is_empty()
            && symbol.arguments.is_empty()
            && let Some(whole) = self.named_whole(&symbol.name)
        {
            return Ok(Value::Scalar(S::Number::whole(whole)));
        }
        if crate::types::is_pi(symbol, self.notation) {
            return S::Number::pi().map(Value::Scalar);
        }
        let indices = symbol
            .indices
            .iter()
            .map(|index| self.whole(index))
            .collect::<Result<Vec<_>, _>>()?;
        if symbol.arguments.is_empty() {
            let key = (symbol.name.clone(), indices);
            return self.look_up(key);
        }
        let mut arguments = vec![];
        for argument in &symbol.arguments {
            arguments.push(self.value(argument)?);
        }
        self.call(symbol, indices, &arguments)
    }

    /// A symbol without arguments at concrete indices.
    pub(crate) fn look_up(&mut self, key: Key) -> Outcome<S::Number> {
        let given = self.overlay.iter().rev().find(|(known, _)| *known == key);
        if let Some((_, value)) = given {
            return Ok(value.clone());
        }
        let uses = self.uses;
        for rewriting in uses {
            if !rewriting.symbol.arguments.is_empty() {
                continue;
            }
            if let Some(bound) = self.matches(&rewriting.symbol, &key) {
                return self.defined(key, bound, &rewriting.body);
            }
        }
        let id = Id { indices: key.1.len(), ..Id::plain(&key.0) };
        let notation = self.notation;
        let Some(declaration) = notation.symbols.get(&id) else {
            let message = format!("unknown symbol {}", key.0);
            return Err(Trouble::Unsupported(message));
        };
        self.check_range(declaration, &key.1)?;
        let kept = declaration.means.is_none() || self.may_keep(declaration);
        if kept && let Some(value) = self.world.get(&key) {
            return Ok(value.clone());
        }
        match &declaration.means {
            Some(means) => {
                let names = declaration.indices.iter().cloned();
                let bound = names.zip(key.1.iter().copied()).collect();
                let value = self.defined(key.clone(), bound, means)?;
                if kept {
                    self.world.put(key, value.clone());
                }
                Ok(value)
            }
            None => Ok(self.world.draw(declaration, key)),
        }
    }

    /// Whether a defined symbol has the same value wherever it is asked for:
    /// nothing that it depends on stands for something else here.
    fn may_keep(&self, declaration: &Declaration) -> bool {
        let depends = &declaration.depends;
        let overlaid =
            self.overlay.iter().any(|((name, _), _)| depends.contains(name));
        let rewritten =
            self.uses.iter().any(|used| depends.contains(&used.symbol.name));
        !declaration.ambient && !overlaid && !rewritten
    }

    /// The value of a symbol by its definition.
    fn defined(
        &mut self,
        key: Key,
        bound: Vec<(String, i64)>,
        body: &Expr,
    ) -> Outcome<S::Number> {
        if self.pending.contains(&key) {
            return Err(Trouble::Circle(key.0));
        }
        self.pending.push(key);
        // A definition sees the indices of the notation, not the variable of
        // a sum that it happens to be used in.
        let notation = self.notation;
        let mut inside = self.indices.clone();
        inside.retain(|(name, _)| notation.indices.contains_key(name));
        inside.extend(bound);
        let outside = std::mem::replace(&mut self.indices, inside);
        let value = self.value(body);
        self.indices = outside;
        self.pending.pop();
        value
    }

    /// The indices that a definition of `x_t` binds for `x_3`; none if it
    /// does not speak of it.
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

    pub(crate) fn bound(&self, bound: &Bound) -> i64 {
        let size = bound
            .size
            .as_ref()
            .map_or(0, |size| self.named_whole(size).unwrap_or(0));
        size + bound.offset
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
        let name = &declaration.name;
        Err(Trouble::OutOfRange(format!(
            "{name}_{{{index}}} is outside its range, {low} to {high}"
        )))
    }

    /// A function at concrete arguments.
    fn call(
        &mut self,
        symbol: &Symbol,
        indices: Vec<i64>,
        arguments: &[Value<S::Number>],
    ) -> Outcome<S::Number> {
        let uses = self.uses;
        for rewriting in uses {
            let pattern = &rewriting.symbol;
            if pattern.arguments.len() != arguments.len()
                || arguments.is_empty()
            {
                continue;
            }
            let key = (symbol.name.clone(), indices.clone());
            let Some(bound) = self.matches(pattern, &key) else { continue };
            let parameters = pattern.arguments.iter().map(|a| match &a.kind {
                Kind::Symbol(symbol) => Some(symbol.clone()),
                _ => None,
            });
            let Some(parameters) = parameters.collect::<Option<Vec<_>>>()
            else {
                continue;
            };
            let body = &rewriting.body;
            return self.apply(bound, &parameters, symbol, arguments, body);
        }
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
            self.apply(bound, parameters, symbol, arguments, means)
        } else {
            let whole: Vec<Option<i64>> =
                symbol.arguments.iter().map(|a| self.whole(a).ok()).collect();
            S::opaque(self, declaration, &indices, arguments, &whole)
        }
    }

    /// A body with its parameters standing for the arguments.
    fn apply(
        &mut self,
        bound: Vec<(String, i64)>,
        parameters: &[Symbol],
        call: &Symbol,
        arguments: &[Value<S::Number>],
        body: &Expr,
    ) -> Outcome<S::Number> {
        let below = self.overlay.len();
        // An index as a parameter takes the value of its argument.
        let mut bound = bound;
        for (parameter, argument) in parameters.iter().zip(&call.arguments) {
            if self.notation.indices.contains_key(&parameter.name) {
                bound.push((parameter.name.clone(), self.whole(argument)?));
            }
        }
        let notation = self.notation;
        let mut inside = self.indices.clone();
        inside.retain(|(name, _)| notation.indices.contains_key(name));
        inside.extend(bound);
        let outside = std::mem::replace(&mut self.indices, inside);
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
        value
    }
}

/// An exponent such as 3/2 or 0.25 as a whole number over a power of two.
fn halves(exponent: &Expr) -> Option<(i64, u32)> {
    let whole = |e: &Expr| match e.kind {
        Kind::Number { digits, decimals: 0 } => Some(digits),
        _ => None,
    };
    let (over, under) = match &exponent.kind {
        Kind::Quotient(a, b) => (whole(a)?, whole(b)?),
        Kind::Number { digits, decimals } => {
            (*digits, 10_i64.checked_pow(*decimals)?)
        }
        Kind::Sum(terms) => match terms.as_slice() {
            [(true, term)] => {
                let (over, roots) = halves(term)?;
                return Some((-over, roots));
            }
            _ => return None,
        },
        _ => return None,
    };
    // 25/100 is 1/4.
    let factor = (1..=over.abs().min(under))
        .rev()
        .take(2000)
        .find(|f| over % f == 0 && under % f == 0)?;
    let (over, under) = (over / factor, under / factor);
    let roots = under.trailing_zeros();
    (under == 1 << roots && (1..=3).contains(&roots)).then_some((over, roots))
}

/// The root of a number that is the square of a fraction, such as 9/4.
fn rational_root(expr: &Expr) -> Option<(i64, i64)> {
    let root = |n: i64| {
        let root = n.unsigned_abs().isqrt().cast_signed();
        (n >= 0 && root.checked_mul(root) == Some(n)).then_some(root)
    };
    let ten = |decimals: u32| 10_i64.checked_pow(decimals);
    let number = |e: &Expr| match e.kind {
        Kind::Number { digits, decimals } => Some((digits, ten(decimals)?)),
        _ => None,
    };
    let (over, under) = match &expr.kind {
        Kind::Quotient(a, b) => {
            let ((a, p), (b, q)) = (number(a)?, number(b)?);
            (a.checked_mul(q)?, b.checked_mul(p)?)
        }
        _ => number(expr)?,
    };
    Some((root(over)?, root(under).filter(|&root| root > 0)?))
}

/// The sums that stand squared under a root.
fn squared_sums<'a>(expr: &'a Expr, squared: bool, out: &mut Vec<&'a Expr>) {
    match &expr.kind {
        Kind::Product(factors) => {
            factors.iter().for_each(|f| squared_sums(f, squared, out));
        }
        Kind::Quotient(a, b) => {
            squared_sums(a, squared, out);
            squared_sums(b, squared, out);
        }
        Kind::Power(base, _) => squared_sums(base, true, out),
        Kind::Sum(_) if squared => out.push(expr),
        _ => {}
    }
}
