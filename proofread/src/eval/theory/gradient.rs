//! Gradients with respect to a vector.
//!
//! The gradient of the log-density of `y = a x_0 + N(0, v I)` is
//! `(a E[x_0 | y] - y) / v` for any data distribution (Tweedie's formula).

use super::process::{mentions, mentions_in_atom};
use crate::eval::Eval;
use crate::expr::Derivative;
use crate::notation::Sort;
use crate::term::{
    Argument, Atom, AtomKind, Call, Combination, Op, Replacement, Term, Terms,
    Unknown, Value,
};
use crate::value::Trouble;
use rustc_hash::FxHashMap as HashMap;

/// Returns the gradient of a number with respect to a free vector, at the
/// current value of the vector.
pub(in crate::eval) fn gradient(
    eval: &mut Eval,
    derivative: &Derivative,
) -> Result<Value, Trouble> {
    let symbol = &derivative.by;
    let indices = symbol.indices.iter().map(|i| eval.whole(i));
    let key = (symbol.name.clone(), indices.collect::<Result<Vec<_>, _>>()?);
    let is_bound = eval.overlay.iter().any(|(known, _)| *known == key);
    let declared = eval.notation.symbols.get(&symbol.id());
    let rewritten = eval.uses.iter().any(|u| u.symbol.name == symbol.name);
    let is_free = declared.is_some_and(|d| {
        d.sort == Sort::Vector && d.means.is_none() && !rewritten
    });
    if !is_bound && !is_free {
        let why = format!("{} is not a free vector", symbol.name);
        return Err(Trouble::Unsupported(why));
    }
    let here = eval.look_up(key.clone())?.vector(&eval.store.terms)?;
    let number = eval.store.known.noises;
    eval.store.known.noises += 1;
    let kind = AtomKind::Free(format!("place {number} of a gradient"));
    let atom = eval.store.terms.store_atom(kind);
    let place = Value::Vector(eval.store.terms.vector_of(atom));
    let of = eval.inside(vec![], vec![(key, place)], &derivative.of)?;
    let of = of.scalar()?;
    let terms = &mut eval.store.terms;
    let slope = by_atom(terms, of, atom)?;
    // Adding 0 · f makes the gradient undefined where f is undefined.
    let zero = terms.zero();
    let nothing = terms.mul(zero, of);
    let vector = terms.vector_of(atom);
    let nothing = terms.scale_vector(nothing, &vector);
    let everywhere = terms.add_vectors(&slope, &nothing);
    let by = Replacement::from_iter([(atom, here)]);
    terms.replaced_vector(&everywhere, &by).map(Value::Vector)
}

/// Returns the gradient of a term with respect to a single free vector.
fn by_atom(
    terms: &mut Terms,
    of: Term,
    atom: Atom,
) -> Result<Combination, Trouble> {
    let mut known: HashMap<Term, Combination> = HashMap::default();
    for term in terms.order(of, |_| false) {
        let slope = if mentions(terms, &[term], atom) {
            slope(terms, term, atom, &known)?
        } else {
            Combination::zero()
        };
        known.insert(term, slope);
    }
    Ok(known.remove(&of).unwrap_or_default())
}

/// Returns the gradient of a term, given the gradients of its parts.
fn slope(
    terms: &mut Terms,
    term: Term,
    atom: Atom,
    known: &HashMap<Term, Combination>,
) -> Result<Combination, Trouble> {
    match terms.op(term).clone() {
        Op::Sum(parts) => {
            let mut sum = Combination::zero();
            for part in parts {
                sum = terms.add_vectors(&sum, &known[&part]);
            }
            Ok(sum)
        }
        Op::Product(factors) => {
            let mut sum = Combination::zero();
            for (i, factor) in factors.iter().enumerate() {
                let mut others = factors.clone();
                others.remove(i);
                let others = terms.product(&others);
                let part = terms.scale_vector(others, &known[factor]);
                sum = terms.add_vectors(&sum, &part);
            }
            Ok(sum)
        }
        Op::Quotient(a, b) => {
            let first = terms.divide_vector(&known[&a], b)?;
            let square = terms.power(b, 2)?;
            let share = terms.div(a, square)?;
            let second = terms.scale_vector(share, &known[&b]);
            Ok(terms.sub_vectors(&first, &second))
        }
        Op::Power(a, exponent) => {
            let lower = terms.power(a, exponent - 1)?;
            let factor = terms.whole(exponent);
            let factor = terms.mul(factor, lower);
            Ok(terms.scale_vector(factor, &known[&a]))
        }
        Op::Root(degree, a) => {
            let lower = terms.power(term, i64::from(degree) - 1)?;
            let factor = terms.whole(i64::from(degree));
            let under = terms.mul(factor, lower);
            terms.divide_vector(&known[&a], under)
        }
        Op::Function(function, a) => {
            let outer = terms.outer_slope(function, a, term)?;
            Ok(terms.scale_vector(outer, &known[&a]))
        }
        Op::Inner(a, b) => {
            let mut sum = Combination::zero();
            for (one, other) in [(a, b), (b, a)] {
                if one == atom {
                    let other = terms.vector_of(other);
                    sum = terms.add_vectors(&sum, &other);
                } else if mentions_in_atom(terms, one, atom) {
                    return Err(unsupported());
                }
            }
            Ok(sum)
        }
        Op::Call(call) => of_call(terms, &call, atom),
        _ => Err(unsupported()),
    }
}

fn unsupported() -> Trouble {
    let why = "a gradient without a closed form";
    Trouble::Unsupported(why.into())
}

/// Returns the gradient of an unknown function.
fn of_call(
    terms: &mut Terms,
    call: &Call,
    atom: Atom,
) -> Result<Combination, Trouble> {
    let mut sum = Combination::zero();
    for (place, argument) in call.arguments.iter().enumerate() {
        let vector = match argument {
            Argument::Scalar(term) if mentions(terms, &[*term], atom) => {
                return Err(unsupported());
            }
            Argument::Scalar(_) => continue,
            Argument::Vector(vector) => vector,
        };
        let rest = vector.without(atom);
        let coefficients: Vec<Term> = vector.coefficients().collect();
        let inner = mentions(terms, &coefficients, atom)
            || rest.iter().any(|(a, _)| mentions_in_atom(terms, a, atom));
        if inner {
            return Err(unsupported());
        }
        let Some(coefficient) = vector.coefficient(atom) else { continue };
        let outer = outer(terms, call, place, vector)?;
        let part = terms.scale_vector(coefficient, &outer);
        sum = terms.add_vectors(&sum, &part);
    }
    Ok(sum)
}

/// Returns the gradient of a function with respect to one argument.
fn outer(
    terms: &mut Terms,
    call: &Call,
    place: usize,
    vector: &Combination,
) -> Result<Combination, Trouble> {
    match &call.function {
        // The gradient of an unknown function is another unknown function.
        Unknown::Open(name) | Unknown::LogDensity(name) => {
            let kind = match &call.function {
                Unknown::Open(_) => "function",
                _ => "log-density",
            };
            let name = format!("gradient {place} of the {kind} {name}");
            Ok(called(terms, call, Unknown::Open(name)))
        }
        Unknown::DataLogDensity(family) => {
            let [Argument::Scalar(gain), Argument::Scalar(variance), _] =
                call.arguments.as_slice()
            else {
                return Err(unsupported());
            };
            if terms.is_zero(*variance) {
                let name = format!("gradient of the log-density {family}");
                return Ok(called(terms, call, Unknown::Open(name)));
            }
            let mean = Unknown::DataMean(family.clone());
            let mean = called(terms, call, mean);
            let moved = terms.scale_vector(*gain, &mean);
            let gap = terms.sub_vectors(&moved, vector);
            terms.divide_vector(&gap, *variance)
        }
        Unknown::DataMean(_) | Unknown::Mean(_) => Err(unsupported()),
    }
}

/// Calls another function with the same arguments, as a vector.
fn called(terms: &mut Terms, call: &Call, function: Unknown) -> Combination {
    let arguments = call.arguments.clone();
    let atom = terms.store_atom(AtomKind::Call(Call { function, arguments }));
    terms.vector_of(atom)
}
