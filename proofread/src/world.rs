//! A world: values for every symbol that nothing defines.
//!
//! Sizes come first, then the tables of indexed symbols, index by index, so
//! that when a quantity leaves its domain (or, in the field, should be a
//! square and is none) only the symbols of that index are drawn again.

use crate::eval::{Eval, Key, Rewriting};
use crate::expr::{Expr, Id};
use crate::needs::Needs;
use crate::notation::{Declaration, Interval, Notation, Sort};
use crate::probability::{Kernel, Mixture};
use crate::source::exactly;
use crate::value::{DIMENSION, Number, Real, Trouble, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Where values come from: the field, or the real numbers.
pub(crate) trait Source: Sized {
    type Number: Number;
    const IN_FIELD: bool;
    /// Whether symbols are drawn from all of their domains, not only from the
    /// part that the notation draws from.
    fn is_wide(&self) -> bool {
        false
    }
    /// A value in an interval.
    fn number(&mut self, interval: Interval) -> Self::Number;
    /// Whether a value that must lie in the domain may do so.
    fn admits(&mut self, value: &Self::Number, domain: Interval) -> bool;
    /// A density, an expectation and the like.
    fn probability(
        eval: &mut Eval<Self>,
        expr: &Expr,
    ) -> Result<Value<Self::Number>, Trouble>;
    /// The logarithm of an expression.
    fn log(eval: &mut Eval<Self>, expr: &Expr)
    -> Result<Self::Number, Trouble>;
    /// A function of which nothing is known.
    fn opaque(
        eval: &mut Eval<Self>,
        declaration: &Declaration,
        indices: &[i64],
        arguments: &[Value<Self::Number>],
        whole: &[Option<i64>],
    ) -> Result<Value<Self::Number>, Trouble> {
        let _ = whole;
        Ok(any_function(eval, declaration, indices, arguments))
    }
}

/// The value of a function of which nothing is known but that equal arguments
/// have equal values.
pub(crate) fn any_function<S: Source>(
    eval: &mut Eval<S>,
    declaration: &Declaration,
    indices: &[i64],
    arguments: &[Value<S::Number>],
) -> Value<S::Number> {
    let mut key: Vec<u64> = indices.iter().map(|i| i.cast_unsigned()).collect();
    let parameters = declaration.parameters.iter();
    for (argument, parameter) in arguments.iter().zip(parameters) {
        let sort = eval.notation.symbols.get(&parameter.id()).map(|d| d.sort);
        // The number 0 is also the vector 0.
        let times = match (argument, sort) {
            (Value::Scalar(_), Some(Sort::Vector)) => DIMENSION,
            _ => 1,
        };
        for entry in argument.entries() {
            for _ in 0..times {
                key.extend(entry.key());
            }
        }
    }
    let name = declaration.id();
    if let Some(value) = eval.world.calls.get(&(name.clone(), key.clone())) {
        return value.clone();
    }
    let value = eval.world.fresh(declaration);
    eval.world.calls.insert((name, key), value.clone());
    value
}

/// The calls of unknown functions, by their arguments.
type Calls<N> = HashMap<(Id, Vec<u64>), Value<N>>;

/// Values for symbols.
#[derive(Clone, Debug)]
pub(crate) struct World<S: Source> {
    pub(crate) source: S,
    pub(crate) sizes: BTreeMap<String, i64>,
    table: HashMap<Key, Value<S::Number>>,
    /// Which of these were drawn; the others follow.
    drawn: Vec<Key>,
    calls: Calls<S::Number>,
    /// The joint distributions of processes, once computed.
    pub(crate) joints: HashMap<String, Rc<Mixture>>,
    /// What of them was asked for: some variables given others.
    pub(crate) kernels: HashMap<(String, Vec<i64>, Vec<i64>), Rc<Kernel>>,
    /// Whether functions without a meaning are affine here, so that
    /// expectations of their squares stay exact.
    pub(crate) affine: bool,
    /// Whether expectations check that what they average is quadratic: once
    /// at each point is enough.
    pub(crate) thorough: bool,
    /// Whether an expectation had to be sampled.
    pub(crate) sampled: bool,
    /// What stood under a root, each once.
    pub(crate) radicands: BTreeSet<Vec<u64>>,
    /// What had to be a square, first of all to fill the world.
    squares: Vec<Vec<u64>>,
    filled: usize,
}

impl<S: Source> World<S> {
    pub(crate) fn new(source: S, sizes: BTreeMap<String, i64>) -> Self {
        Self {
            source,
            sizes,
            table: HashMap::new(),
            drawn: vec![],
            calls: HashMap::new(),
            joints: HashMap::new(),
            kernels: HashMap::new(),
            affine: false,
            thorough: true,
            sampled: false,
            radicands: BTreeSet::new(),
            squares: vec![],
            filled: 0,
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Value<S::Number>> {
        self.table.get(key)
    }

    pub(crate) fn put(&mut self, key: Key, value: Value<S::Number>) {
        self.table.insert(key, value);
    }

    pub(crate) fn radicand(&mut self, value: &S::Number) {
        if S::IN_FIELD && self.radicands.insert(value.key()) {
            self.squares.push(value.key());
        }
    }

    /// A value for a symbol that nothing defines.
    pub(crate) fn draw(
        &mut self,
        declaration: &Declaration,
        key: Key,
    ) -> Value<S::Number> {
        let value = self.fresh(declaration);
        self.drawn.push(key.clone());
        self.put(key, value.clone());
        value
    }

    /// A value of the machinery's own, drawn once.
    pub(crate) fn entry(&mut self, key: Key, sort: Sort) -> Value<S::Number> {
        if let Some(value) = self.table.get(&key) {
            return value.clone();
        }
        let interval =
            Interval { low: -2.0, high: 2.0, with_low: true, with_high: true };
        let value = self.drawn_from(interval, sort);
        self.drawn.push(key.clone());
        self.put(key, value.clone());
        value
    }

    /// A value for a symbol that is varied, drawn once.
    pub(crate) fn varied(
        &mut self,
        key: Key,
        declaration: &Declaration,
    ) -> Value<S::Number> {
        if let Some(value) = self.table.get(&key) {
            return value.clone();
        }
        let value = self.fresh(declaration);
        self.put(key, value.clone());
        value
    }

    fn fresh(&mut self, declaration: &Declaration) -> Value<S::Number> {
        let interval = if self.source.is_wide() {
            declaration.domain
        } else {
            declaration.draw
        };
        let value = self.drawn_from(interval, declaration.sort);
        if S::IN_FIELD && declaration.domain.low >= 0.0 {
            self.squares.extend(value.entries().iter().map(S::Number::key));
        }
        value
    }

    fn drawn_from(
        &mut self,
        interval: Interval,
        sort: Sort,
    ) -> Value<S::Number> {
        let mut number = || self.source.number(interval);
        match sort {
            Sort::Scalar => Value::Scalar(number()),
            Sort::Vector => Value::Vector(std::array::from_fn(|_| number())),
        }
    }

    /// Forgets what one evaluation left behind.
    pub(crate) fn forget(&mut self) {
        self.squares.truncate(self.filled);
        self.radicands.clear();
    }

    /// How many different elements had to be squares.
    pub(crate) fn conditions(&self) -> usize {
        self.squares.iter().collect::<BTreeSet<_>>().len()
    }

    /// Draws the tables of all indexed symbols that are needed, index by
    /// index, so that everything lies in its domain; false if that did not
    /// work out.
    pub(crate) fn fill(
        &mut self,
        notation: &Notation,
        uses: &[Rewriting],
        needs: &Needs,
    ) -> bool {
        self.affine = needs.needs_affine();
        let families: Vec<&Declaration> = needs
            .symbols
            .iter()
            .filter_map(|id| notation.symbols.get(id))
            .filter(|d| d.parameters.is_empty() && d.indices.len() < 2)
            .collect();
        let mut rounds = BTreeSet::new();
        let eval = Eval::new(notation, uses, self, vec![]);
        for family in &families {
            match &family.range {
                Some((low, high)) => {
                    let (low, high) = (eval.bound(low), eval.bound(high));
                    rounds.extend((low..=high.min(low + 100)).map(Some));
                }
                None => {
                    rounds.insert(None);
                }
            }
        }
        // Symbols without an index come first: None is the least.
        let filled = rounds.into_iter().all(|index| {
            let conditions = self.squares.len();
            (0..ROUNDS).any(|_| {
                self.squares.truncate(conditions);
                self.table.retain(|(_, i), _| i.first().copied() != index);
                self.round(notation, uses, &families, index)
            })
        });
        self.filled = self.squares.len();
        filled
    }

    /// Draws all that has this index, and says whether it is admissible.
    fn round(
        &mut self,
        notation: &Notation,
        uses: &[Rewriting],
        families: &[&Declaration],
        index: Option<i64>,
    ) -> bool {
        for family in families {
            if family.range.is_some() != index.is_some() {
                continue;
            }
            let key = (family.name.clone(), index.into_iter().collect());
            let bounded =
                family.domain.low.is_finite() || family.domain.high.is_finite();
            if family.means.is_some() && !bounded {
                continue;
            }
            let mut eval = Eval::new(notation, uses, self, vec![]);
            // Out of range, or not definable here: met again, and reported,
            // where the claim asks for it.
            let value = match eval.look_up(key) {
                Ok(value) => value,
                // A root that should be a square, or be real, and is not.
                Err(Trouble::Reject | Trouble::Undefined(_)) => return false,
                Err(_) => continue,
            };
            if !bounded {
                continue;
            }
            for entry in value.entries() {
                if !self.source.admits(entry, family.domain) {
                    return false;
                }
                if S::IN_FIELD {
                    let Interval { low, high, .. } = family.domain;
                    if low.is_finite() {
                        self.squares.push(entry.sub(&exactly(low)).key());
                    }
                    if high.is_finite() {
                        let gap = exactly::<S::Number>(high).sub(entry);
                        self.squares.push(gap.key());
                    }
                }
            }
        }
        true
    }
}

impl World<crate::source::Reals> {
    /// Moves every drawn number by `2^-power` of itself, this way or that,
    /// and forgets what follows from them.
    pub(crate) fn nudge(&mut self, turn: u64, power: i32) {
        let mut rng = fastrand::Rng::with_seed(turn);
        let mut keys = std::mem::take(&mut self.drawn);
        keys.sort();
        keys.dedup();
        let old = std::mem::take(&mut self.table);
        for key in &keys {
            let Some(value) = old.get(key) else { continue };
            self.table.insert(key.clone(), nudged(value, &mut rng, power));
        }
        self.drawn = keys;
        self.joints.clear();
        self.kernels.clear();
    }
}

/// Every number moved by `2^-power` of itself, this way or that.
pub(crate) fn nudged(
    value: &Value<Real>,
    rng: &mut fastrand::Rng,
    power: i32,
) -> Value<Real> {
    let mut moved = |x: &Real| {
        let step = x.shifted(-power);
        if rng.bool() { x.add(&step) } else { x.sub(&step) }
    };
    match value {
        Value::Scalar(x) => Value::Scalar(moved(x)),
        Value::Vector(x) => Value::Vector(x.each_ref().map(moved)),
    }
}

/// How often one index is drawn again.
const ROUNDS: usize = 300;
