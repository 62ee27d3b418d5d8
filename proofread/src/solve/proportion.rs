//! Proportions: sides that are equal up to a factor.

use super::instance::{Instance, guards, of_numbers};
use super::limit::variable;
use super::points::Choice;
use crate::claim::Claim;
use crate::eval::{Eval, Key, Manner, Store};
use crate::expr::Expr;
use crate::notation::Sort;
use crate::term::{Term, Value};
use crate::value::{Signs, Trouble};

/// Builds the equation that `f ∝ g` in a variable means:
/// `f(x) g(y) = f(y) g(x)` for all `x` and `y` that meet the conditions.
pub(super) fn equation(
    claim: &Claim,
    choice: &Choice,
    manner: Manner,
) -> Result<Instance, Trouble> {
    let mut store = choice.store(manner);
    let elsewhere = elsewhere(claim, choice, &mut store)?;
    let conditions: Vec<_> = claim.conditions.iter().collect();
    let mut values = [None; 2];
    let mut met = vec![];
    for (value, overlay) in values.iter_mut().zip([None, Some(elsewhere)]) {
        let mut side = |expr: &Expr| {
            let (notation, uses) = (&claim.notation, &claim.uses);
            let indices = choice.indices.clone();
            let mut eval = Eval::new(notation, uses, &mut store, indices);
            eval.overlay.extend(overlay.clone());
            eval.value(expr)
        };
        let f = side(&claim.left)?.scalar()?;
        let g = side(&claim.right)?.scalar()?;
        *value = Some((f, g));
        let here = guards(&conditions, &mut side)?;
        met.extend(of_numbers(&mut store.terms, here)?);
    }
    let [Some((f, g)), Some((h, k))] = values else {
        return Err(Trouble::Budget);
    };
    let terms = &mut store.terms;
    let (left, right) = (terms.mul(f, k), terms.mul(h, g));
    if f == h && g == k {
        let why = "neither side depends on what varies";
        return Err(Trouble::Unsupported(why.into()));
    }
    let factor = terms.div(f, g).map_err(|_| {
        let why = "nothing but 0 is proportional to 0";
        Trouble::Unsupported(why.into())
    })?;
    let mut instance = Instance::equation(store, (left, right), vec![], met);
    instance.factor = Some(factor);
    Ok(instance)
}

/// Returns the variable of the proportion, with another value.
fn elsewhere(
    claim: &Claim,
    choice: &Choice,
    store: &mut Store,
) -> Result<(Key, Value), Trouble> {
    let (symbol, _) = variable(claim)?;
    let declared = claim.notation.symbols.get(&symbol.id());
    let Some(declared) = declared.filter(|d| d.means.is_none()) else {
        let why = "what varies must be free, not defined by others";
        return Err(Trouble::Unsupported(why.into()));
    };
    let (notation, uses) = (&claim.notation, &claim.uses);
    let eval = Eval::new(notation, uses, store, choice.indices.clone());
    let whole = symbol.indices.iter().map(|index| eval.whole(index));
    let indices = whole.collect::<Result<Vec<_>, _>>()?;
    let name = format!("{}, elsewhere", symbol.name);
    let value = match declared.sort {
        Sort::Vector => Value::Vector(eval.store.terms.free_vector(&name)),
        Sort::Scalar => eval.store.free(declared, &(name, indices.clone())),
    };
    Ok(((symbol.name.clone(), indices), value))
}

/// Returns whether the factor of a proportion was shown not to be 0.
pub(super) fn has_factor(instance: &Instance) -> bool {
    let Some(factor): Option<Term> = instance.factor else { return true };
    let mut normalizer = instance.normalizer();
    let Ok(factor) = normalizer.ratio(factor) else { return false };
    let Some(inverse) = factor.inverse() else { return false };
    // A quotient is not 0 only where it has a value, so both parts are checked.
    [factor, inverse].into_iter().all(|part| {
        let over = part.numerator();
        normalizer.algebra.signs(&over).are(Signs::NOT_ZERO)
    })
}
