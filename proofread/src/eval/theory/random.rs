//! What an expectation is over.

use super::asked::asked;
use super::density::{bridge, component, mixture};
use super::process::{Chain, expanded};
use crate::eval::{Eval, Key, Manner};
use crate::expr::{Expectation, Expr, Id, Kind, Over, Symbol};
use crate::notation::Sort;
use crate::term::{
    Argument, Atom, AtomKind, Call, Combination, Term, Unknown, Value,
};
use crate::value::{Q, Trouble};

/// The data as a random vector.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) atom: Atom,
    /// The family that the data belong to.
    pub(super) family: String,
    pub(super) mean: Combination,
    /// What the data are conditional on: `a`, `v` and `y` of
    /// `a x_0 + N(0, v I) = y`.
    pub(super) condition: Vec<Argument>,
}

/// Values of random variables, made of the data and of independent standard
/// normal vectors.
#[derive(Clone, Debug, Default)]
pub(super) struct Randomness {
    /// The share of this part, of a mixture.
    pub(super) weight: Option<Term>,
    pub(super) overlay: Vec<(Key, Value)>,
    pub(super) noises: Vec<Atom>,
    pub(super) data: Option<Data>,
}

impl Randomness {
    /// A new standard normal vector.
    fn noise(&mut self, eval: &mut Eval) -> Combination {
        let number = eval.store.known.noises;
        eval.store.known.noises += 1;
        let kind = AtomKind::Free(format!("noise {number}"));
        let atom = eval.store.terms.store_atom(kind);
        self.noises.push(atom);
        eval.store.terms.vector_of(atom)
    }

    /// A new standard normal number.
    fn number(&mut self, eval: &mut Eval) -> Term {
        let noise = self.noise(eval);
        let terms = &mut eval.store.terms;
        let parts: Vec<Term> =
            noise.iter().map(|(atom, _)| terms.along_unit(atom)).collect();
        terms.sum(&parts)
    }

    /// A variable with a Gaussian distribution of its own.
    fn draw(
        &mut self,
        eval: &mut Eval,
        key: Key,
        law: &Expr,
    ) -> Result<(), Trouble> {
        let Kind::Normal(normal) = &law.kind else {
            let why = "a variable that is drawn from no Gaussian";
            return Err(Trouble::Unsupported(why.into()));
        };
        let overlay = self.overlay.clone();
        let below = eval.overlay.len();
        eval.overlay.extend(overlay);
        let gaussian = super::gaussian::distribution(eval, normal);
        eval.overlay.truncate(below);
        let super::gaussian::Gaussian { mean, variance } = gaussian?;
        let value = match mean {
            Value::Vector(mean) => {
                Value::Vector(self.gaussian(eval, &mean, variance)?)
            }
            Value::Scalar(mean) => {
                let noise = self.number(eval);
                let terms = &mut eval.store.terms;
                let root = terms.sqrt(variance)?;
                let moved = terms.mul(root, noise);
                Value::Scalar(terms.add(mean, moved))
            }
        };
        self.overlay.push((key, value));
        Ok(())
    }

    /// `m + √v ε` with new noise.
    fn gaussian(
        &mut self,
        eval: &mut Eval,
        mean: &Combination,
        variance: Term,
    ) -> Result<Combination, Trouble> {
        if eval.store.terms.is_zero(variance) {
            return Ok(mean.clone());
        }
        let noise = self.noise(eval);
        let root = eval.store.terms.sqrt(variance)?;
        let moved = eval.store.terms.scale_vector(root, &noise);
        Ok(eval.store.terms.add_vectors(mean, &moved))
    }
}

/// The random variables of an expectation; several parts where the data are a
/// mixture.
pub(super) fn randomness(
    eval: &mut Eval,
    expectation: &Expectation,
) -> Result<Vec<Randomness>, Trouble> {
    let notation = eval.notation;
    let mut over = expectation.over.clone();
    if over.is_empty() {
        // All of the process that starts from the data.
        let open = notation.processes.iter().find(|(_, p)| p.start.is_none());
        if let Some((name, _)) = open {
            over.push(Over::Process(name.clone()));
        }
    }
    let given = expanded(eval, &expectation.given)?;
    let mut of_process: Option<(String, Vec<i64>, Vec<i64>)> = None;
    let mut normals: Vec<Key> = vec![];
    let mut laws: Vec<(Key, &Expr)> = vec![];
    let mut add = |name: &str, of: Vec<i64>, given: Vec<i64>| {
        match &mut of_process {
            None => of_process = Some((name.to_owned(), of, given)),
            Some((known, indices, condition))
                if known == name && *condition == given =>
            {
                indices.extend(of);
            }
            Some(_) => {
                let why = "an expectation over two distributions at once";
                return Err(Trouble::Unsupported(why.into()));
            }
        }
        Ok(())
    };
    for entry in &over {
        match entry {
            // The mean over an index is taken around this one.
            Over::Index(..) => {}
            Over::Drawn(symbol, law) => {
                laws.push((key(eval, symbol)?, &**law));
            }
            Over::Process(name) => {
                let chain = Chain::new(eval, notation, name)?;
                let all = if eval.store.large.is_some() {
                    asked(eval, &chain, &expectation.body)?
                } else {
                    chain.all()?
                };
                let all = all.into_iter();
                let of = all.filter(|i| !given.contains(i)).collect();
                add(name, of, given.clone())?;
            }
            Over::Density(density) => {
                if !given.is_empty() {
                    let why = "a condition beside a density that says what \
                               the mean is over";
                    return Err(Trouble::Unsupported(why.into()));
                }
                let of = expanded(eval, &density.of)?;
                let condition = expanded(eval, &density.given)?;
                add(&density.name, of, condition)?;
            }
            Over::Variable(symbol) => {
                let key = key(eval, symbol)?;
                let declared = notation.symbols.get(&symbol.id());
                if declared.is_some_and(|d| d.standard_normal) {
                    normals.push(key);
                    continue;
                }
                // A variable of the process that starts from the data.
                let process = notation.processes.iter().find(|(_, p)| {
                    p.variable == symbol.name && p.start.is_none()
                });
                let Some((name, _)) = process else {
                    let name = &symbol.name;
                    let why = format!("the distribution of {name} is not said");
                    return Err(Trouble::Unsupported(why));
                };
                add(name, key.1, given.clone())?;
            }
        }
    }
    if of_process.is_none() && !given.is_empty() {
        let why = "a condition on what the mean is not over";
        return Err(Trouble::Unsupported(why.into()));
    }
    let family = of_process.as_ref().and_then(|(name, ..)| {
        notation.processes.get(name).map(|p| p.variable.as_str())
    });
    in_order(eval, &laws, &normals, family)?;
    unnamed(eval, expectation, &mut normals, family)?;
    let mut parts = match of_process {
        Some((name, of, given)) => along(eval, &name, &of, &given)?,
        None => vec![Randomness::default()],
    };
    for part in &mut parts {
        for key in &normals {
            let id = Id { indices: key.1.len(), ..Id::plain(&key.0) };
            let declared = notation.symbols.get(&id);
            let value = if declared.is_some_and(|d| d.sort == Sort::Scalar) {
                Value::Scalar(part.number(eval))
            } else {
                Value::Vector(part.noise(eval))
            };
            part.overlay.push((key.clone(), value));
        }
        for (key, law) in &laws {
            part.draw(eval, key.clone(), law)?;
        }
    }
    Ok(parts)
}

/// Refuses what is drawn twice, and what is drawn after something whose
/// distribution depends on it.
fn in_order(
    eval: &Eval,
    laws: &[(Key, &Expr)],
    normals: &[Key],
    family: Option<&str>,
) -> Result<(), Trouble> {
    for (i, (drawn, law)) in laws.iter().enumerate() {
        let later: Vec<&Key> = laws[i..].iter().map(|(key, _)| key).collect();
        let mut early = false;
        for (symbol, hidden) in spoken_of(eval, law) {
            let same = later.iter().filter(|later| later.0 == symbol.name);
            // At what index a definition speaks of it is not seen from here.
            early |= same.clone().any(|later| {
                hidden && !later.1.is_empty()
                    || key(eval, &symbol).is_ok_and(|k| k == **later)
                    || key(eval, &symbol).is_err()
            });
        }
        law.visit(&mut |e| {
            let names = match e.kind {
                Kind::Density(_) | Kind::Expectation(_) => {
                    crate::expr::names(e)
                }
                _ => vec![],
            };
            early |= later.iter().any(|later| names.contains(&later.0));
        });
        let twice = laws[..i].iter().any(|(other, _)| other == drawn)
            || normals.iter().any(|other| other.0 == drawn.0)
            || family == Some(drawn.0.as_str());
        if early || twice {
            let name = &drawn.0;
            let why =
                format!("{name} is drawn twice, or after what depends on it");
            return Err(Trouble::Unsupported(why));
        }
    }
    Ok(())
}

fn key(eval: &Eval, symbol: &Symbol) -> Result<Key, Trouble> {
    let indices = symbol.indices.iter().map(|i| eval.whole(i));
    let indices = indices.collect::<Result<Vec<_>, _>>()?;
    Ok((symbol.name.clone(), indices))
}

/// What the body speaks of, itself or by its definitions, and what is random
/// by its declaration: noise, and variables of processes. Without a subscript
/// the mean is over it, with one it must be named there.
fn unnamed(
    eval: &Eval,
    expectation: &Expectation,
    normals: &mut Vec<Key>,
    covered: Option<&str>,
) -> Result<(), Trouble> {
    let notation = eval.notation;
    let is_bound =
        |name: &str| eval.overlay.iter().any(|((n, _), _)| n == name);
    let laws = expectation.over.iter().filter_map(|over| match over {
        Over::Drawn(_, law) => Some(&**law),
        _ => None,
    });
    let all = laws.chain([&expectation.body]);
    let all: Vec<_> = all.flat_map(|e| spoken_of(eval, e)).collect();
    let drawn = |name: &str| {
        expectation
            .over
            .iter()
            .any(|over| matches!(over, Over::Drawn(s, _) if s.name == *name))
    };
    for (symbol, hidden) in all {
        let name = &symbol.name;
        let is_noise = notation
            .symbols
            .get(&symbol.id())
            .is_some_and(|d| d.standard_normal);
        let of_process = notation
            .processes
            .values()
            .any(|p| p.variable == *name && Some(name.as_str()) != covered);
        if !is_noise && !of_process || drawn(name) {
            continue;
        }
        let with_subscript = !expectation.over.is_empty();
        if is_bound(name) {
            // What a mean around this one is over is fixed here, if this one
            // says what it is over itself.
            if with_subscript {
                continue;
            }
            let why = "a mean without a subscript inside of another: what is \
                       it over?";
            return Err(Trouble::Unsupported(why.into()));
        }
        if is_noise && normals.iter().any(|(known, _)| known == name) {
            let known = key(eval, &symbol).map_err(|_| running())?;
            if normals.contains(&known) {
                continue;
            }
        }
        if is_noise && !with_subscript && !hidden {
            normals.push(key(eval, &symbol).map_err(|_| running())?);
        } else if is_noise && !with_subscript && symbol.indices.is_empty() {
            normals.push((name.clone(), vec![]));
        } else if is_noise || !with_subscript {
            let why =
                format!("{name} is random, but the expectation is not over it");
            return Err(Trouble::Unsupported(why));
        }
    }
    Ok(())
}

fn running() -> Trouble {
    let why = "a mean over noise whose index runs: write what it is over";
    Trouble::Unsupported(why.into())
}

/// The symbols in an expression and in what defines them, each once; and
/// whether a definition hides it.
fn spoken_of(eval: &Eval, body: &Expr) -> Vec<(Symbol, bool)> {
    let mut found: Vec<(Symbol, bool)> = vec![];
    let mut open = vec![(body, false)];
    while let Some((expr, hidden)) = open.pop() {
        visit_free(expr, &mut vec![], &mut |symbol| {
            if found.iter().any(|(known, _)| known == symbol) {
                return;
            }
            found.push((symbol.clone(), hidden));
            let by_text = eval.uses.iter().filter(|used| {
                used.symbol.name == symbol.name
                    && used.symbol.arguments.len() == symbol.arguments.len()
            });
            open.extend(by_text.map(|used| (&used.body, true)));
            let declared = eval.notation.symbols.get(&symbol.id());
            let means = declared.and_then(|d| d.means.as_ref());
            open.extend(means.map(|means| (means, true)));
        });
    }
    found
}

/// Calls `f` with the symbols in an expression that no mean in it is over.
fn visit_free<'a>(
    expr: &'a Expr,
    bound: &mut Vec<&'a str>,
    f: &mut dyn FnMut(&'a Symbol),
) {
    let before = bound.len();
    match &expr.kind {
        Kind::Symbol(symbol) if !bound.contains(&symbol.name.as_str()) => {
            f(symbol);
        }
        // An index may be another at another place.
        Kind::Expectation(mean) => {
            bound.extend(mean.over.iter().filter_map(|over| match over {
                Over::Variable(symbol) if symbol.indices.is_empty() => {
                    Some(symbol.name.as_str())
                }
                _ => None,
            }));
        }
        _ => {}
    }
    for child in expr.children() {
        visit_free(child, bound, f);
    }
    bound.truncate(before);
}

/// Variables of a process, one after the other, given some of them.
fn along(
    eval: &mut Eval,
    name: &str,
    of: &[i64],
    given: &[i64],
) -> Result<Vec<Randomness>, Trouble> {
    if of.iter().any(|i| given.contains(i)) {
        let why = "a mean over what it is conditional on";
        return Err(Trouble::Unsupported(why.into()));
    }
    let notation = eval.notation;
    let chain = Chain::new(eval, notation, name)?;
    let (of, given) = (chain.places(of)?, chain.places(given)?);
    let mut known = vec![];
    for place in &given {
        let value = chain.value(eval, *place)?;
        known.push((*place, value));
    }
    let Some(first) = of.first() else {
        return Ok(vec![Randomness::default()]);
    };
    // What comes before the first condition hangs on the first variable.
    let starts = given.first().is_none_or(|g| first < g);
    let mut parts = if starts {
        beginnings(eval, &chain, &known)?
    } else {
        vec![(Randomness::default(), None)]
    };
    let mut done = vec![];
    for (mut part, mut before) in parts.drain(..) {
        let family = &chain.process.variable;
        let last = of.last().copied().unwrap_or(0);
        let known_places = known.iter().map(|(place, _)| *place);
        let mut places: Vec<usize> = of
            .iter()
            .copied()
            .chain(known_places)
            .filter(|place| *place <= last)
            .collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            if let Some((_, value)) = known.iter().find(|(p, _)| *p == place) {
                before = Some((place, value.clone()));
                continue;
            }
            let value = match &before {
                Some((from, value)) if *from == place => value.clone(),
                Some((from, value)) => {
                    let (mean, variance) =
                        chain.between(eval, *from, place, value)?;
                    let right = known.iter().find(|(p, _)| *p > place);
                    let (mean, variance) = match right {
                        None => (mean, variance),
                        Some((right, value)) => bridge(
                            eval,
                            &chain,
                            (place, *right),
                            (mean, variance),
                            value,
                        )?,
                    };
                    part.gaussian(eval, &mean, variance)?
                }
                None => {
                    let why = "a variable without one before it";
                    return Err(Trouble::Unsupported(why.into()));
                }
            };
            let key = (family.clone(), vec![chain.index(place)]);
            part.overlay.push((key, Value::Vector(value.clone())));
            before = Some((place, value));
        }
        done.push(part);
    }
    Ok(done)
}

type Beginning = (Randomness, Option<(usize, Combination)>);

/// The first variable of a process, given later ones.
fn beginnings(
    eval: &mut Eval,
    chain: &Chain,
    known: &[(usize, Combination)],
) -> Result<Vec<Beginning>, Trouble> {
    let mut part = Randomness::default();
    if let Some((mean, variance)) = chain.start(eval)? {
        let (mean, variance) = match known.first() {
            None => (mean, variance),
            Some((right, value)) => {
                bridge(eval, chain, (0, *right), (mean, variance), value)?
            }
        };
        let value = part.gaussian(eval, &mean, variance)?;
        return Ok(vec![(part, Some((0, value)))]);
    }
    if eval.store.manner != Manner::Any {
        return examples(eval, chain, known);
    }
    let family = chain.process.variable.clone();
    let number = eval.store.known.noises;
    eval.store.known.noises += 1;
    let kind = AtomKind::Free(format!("data {number}"));
    let atom = eval.store.terms.store_atom(kind);
    let (mean, condition) = match known.first() {
        None => {
            let name = format!("the mean of the data of {family}");
            (eval.store.terms.free_vector(&name), vec![])
        }
        Some((right, value)) => {
            let step = chain.steps(eval, 0, *right)?;
            let terms = &mut eval.store.terms;
            let offset = terms.sub_vectors(value, &step.shift);
            let arguments = vec![
                Argument::Scalar(step.gain),
                Argument::Scalar(step.variance),
                Argument::Vector(offset),
            ];
            let call = Call {
                function: Unknown::DataMean(family.clone()),
                arguments: arguments.clone(),
            };
            (eval.store.vector_call(call), arguments)
        }
    };
    part.data = Some(Data { atom, family, mean, condition });
    let value = eval.store.terms.vector_of(atom);
    Ok(vec![(part, Some((0, value)))])
}

/// The data of an example: a mixture of two Gaussians, each with its weight
/// given what is known.
fn examples(
    eval: &mut Eval,
    chain: &Chain,
    known: &[(usize, Combination)],
) -> Result<Vec<Beginning>, Trouble> {
    let mut parts = vec![];
    let mut weights = vec![];
    for (name, weight, spread) in mixture() {
        let mut part = Randomness::default();
        let mean = eval.store.terms.free_vector(name);
        let variance = eval.store.terms.number(spread.clone());
        let weight = eval.store.terms.number(weight);
        let (mean, variance, weight) = match known.first() {
            None => (mean, variance, weight),
            Some((right, value)) => {
                let likelihood =
                    likelihood(eval, chain, *right, name, &spread, value)?;
                let weight = eval.store.terms.mul(weight, likelihood);
                let prior = (mean, variance);
                let (mean, variance) =
                    bridge(eval, chain, (0, *right), prior, value)?;
                (mean, variance, weight)
            }
        };
        let value = part.gaussian(eval, &mean, variance)?;
        weights.push(weight);
        parts.push((part, Some((0, value))));
    }
    let total = eval.store.terms.sum(&weights);
    for ((part, _), weight) in parts.iter_mut().zip(weights) {
        part.weight = Some(eval.store.terms.div(weight, total)?);
    }
    Ok(parts)
}

fn likelihood(
    eval: &mut Eval,
    chain: &Chain,
    right: usize,
    name: &str,
    spread: &Q,
    value: &Combination,
) -> Result<Term, Trouble> {
    let step = chain.steps(eval, 0, right)?;
    let offset = eval.store.terms.sub_vectors(value, &step.shift);
    let log = component(eval, name, spread, step.gain, step.variance, &offset)?;
    eval.store.terms.exp(log)
}
