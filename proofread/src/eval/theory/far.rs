//! Composition of many steps, by induction.
//!
//! Assume that every step is `a x + N(0, v I)` with
//! `a^2 (1 - f) + v = 1 - a^2 f` for all `f`, and that `a^2` is the next factor
//! of a product `F` of the notation. Then `n` steps compose to
//! `√F_n x + N(0, (1 - F_n) I)`. Base case: no step and the empty product.
//! Induction step: one more step preserves the formula.

use super::process::{Chain, Step};
use crate::algebra::Normalizer;
use crate::eval::{Eval, running};
use crate::expr::Expr;
use crate::notation::Declaration;
use crate::term::{Combination, Op, Term, Variable};
use crate::value::{Interval, Signs, Trouble};

/// Composes all steps from the first variable to a position.
pub(super) fn steps(
    chain: &Chain,
    eval: &mut Eval,
    place: usize,
) -> Result<Step, Trouble> {
    let notation = eval.notation;
    for declaration in notation.symbols.values() {
        if starts_with(chain, declaration)
            && is_kept(chain, eval, declaration, place)?
        {
            let key = (declaration.name.clone(), vec![chain.index(place)]);
            let product = eval.look_up(key)?.scalar()?;
            let terms = &mut eval.store.terms;
            let one = terms.whole(1);
            return Ok(Step {
                gain: terms.sqrt(product)?,
                shift: Combination::zero(),
                variance: terms.sub(one, product),
            });
        }
    }
    Err(Trouble::Budget)
}

/// Checks whether a product of the notation begins with the first step.
fn starts_with(chain: &Chain, declaration: &Declaration) -> bool {
    let first = chain.index(1);
    running(declaration).is_some_and(|big| {
        big.product && big.from.kind == Expr::whole(first).kind
    })
}

/// Checks the induction step: one more step preserves the formula.
fn is_kept(
    chain: &Chain,
    eval: &mut Eval,
    declaration: &Declaration,
    place: usize,
) -> Result<bool, Trouble> {
    let Some(big) = running(declaration) else { return Ok(false) };
    let step = chain.step(eval, place + 1)?;
    if step.shift.iter().next().is_some() {
        return Ok(false);
    }
    let bound = vec![(big.index.clone(), chain.index(place + 1))];
    let factor = eval.inside(bound, vec![], &big.body)?.scalar()?;
    let terms = &mut eval.store.terms;
    let number = terms.new_variable(Variable {
        name: "a product".into(),
        domain: Interval::REALS,
        draw: Interval::REALS.to_draw(),
    });
    let product = terms.store(Op::Variable(number));
    let one = terms.whole(1);
    let square = terms.power(step.gain, 2)?;
    let spread = terms.sub(one, product);
    let kept = terms.mul(square, spread);
    let variance = terms.add(kept, step.variance);
    let next = terms.mul(product, factor);
    let wanted = terms.sub(one, next);
    let first = terms.sub(square, factor);
    let second = terms.sub(variance, wanted);
    let mut normalizer = Normalizer::new(terms);
    let mut is_zero =
        |term: Term| normalizer.ratio(term).is_ok_and(|ratio| ratio.is_zero());
    let equal = is_zero(first) && is_zero(second);
    let sign = Normalizer::new(&eval.store.terms).signs(step.gain);
    Ok(equal && sign.is_ok_and(|sign| sign.are(Signs::NOT_NEGATIVE)))
}
