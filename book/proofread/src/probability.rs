//! Densities, expectations and divergences at real points.

use crate::eval::Eval;
use crate::expr::{Expr, Kind, Normal};
use crate::notation::Declaration;
use crate::value::{Number, Real, Trouble, Value};
use crate::world::Source;

pub(crate) fn value<S: Source<Number = Real>>(
    eval: &mut Eval<S>,
    expr: &Expr,
) -> Result<Value<Real>, Trouble> {
    match &expr.kind {
        Kind::Normal(normal) => density(eval, normal),
        _ => Err(Trouble::Unsupported("not yet".into())),
    }
}

fn density<S: Source<Number = Real>>(
    _eval: &mut Eval<S>,
    _normal: &Normal,
) -> Result<Value<Real>, Trouble> {
    Err(Trouble::Unsupported("not yet".into()))
}

pub(crate) fn affine<S: Source<Number = Real>>(
    _eval: &mut Eval<S>,
    _declaration: &Declaration,
    _indices: &[i64],
    _arguments: &[Value<Real>],
    _whole: &[Option<i64>],
) -> Result<Value<Real>, Trouble> {
    Err(Trouble::Unsupported("not yet".into()))
}
