//! The mutation operators of a formula.
//!
//! Each operator maps a formula to edits of its LaTeX. An edit may produce
//! invalid LaTeX, which is then rejected.

mod bounds;
mod brackets;
mod conditions;
mod factors;
mod fractions;
mod indices;
mod leaves;
mod lists;
mod names;
mod numbers;
mod powers;
mod probability;
mod relations;
mod rows;
mod signs;
#[cfg(test)]
mod tests;
mod words;

use super::source::{Edit, Source};

/// A function from a formula to its edits.
pub(super) type Operator = fn(&Source) -> Vec<Edit>;

/// All operators with their names. If two operators produce the same LaTeX, the
/// first one counts, so the most specific operators come first.
pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("flip a sign", signs::flip),
    ("drop a sign", signs::drop),
    ("add a sign", signs::add),
    ("change a number", numbers::change),
    ("drop a digit", numbers::drop),
    ("change a relation", relations::change),
    ("change a set", relations::sets),
    ("turn a fraction over", fractions::turn),
    ("drop a denominator", fractions::drop),
    ("drop a root", powers::drop_root),
    ("add a root", powers::add_root),
    ("drop a transposition", powers::drop_transposition),
    ("drop a power", powers::drop),
    ("add a power", powers::add),
    ("drop an accent", names::drop_accent),
    ("drop a font", names::drop_font),
    ("take another symbol", names::another),
    ("shift an index", indices::shift),
    ("take another index", indices::another),
    ("drop an index", indices::drop),
    ("swap indices", indices::swap),
    ("sum for product", bounds::swap),
    ("drop a bound", bounds::drop_bound),
    ("shift a bound", bounds::shift),
    ("drop a sum", bounds::drop),
    ("drop brackets", brackets::drop),
    ("move a bracket", brackets::shift),
    ("open a bracket", brackets::open),
    ("drop a norm", brackets::norms),
    ("drop a term", factors::drop_term),
    ("drop a factor", factors::drop_factor),
    ("drop a condition", conditions::drop),
    ("swap a bar's sides", probability::swap),
    ("drop what is given", probability::drop_given),
    ("comma for bar", probability::comma),
    ("another expectation", probability::expectation),
    ("drop an entry", lists::drop),
    ("swap entries", lists::swap),
    ("join rows", rows::join),
    ("drop a row", rows::drop),
    ("move an alignment", rows::alignment),
    ("drop a space", rows::spaces),
    ("change a word", words::change),
    ("drop words", words::drop),
    ("drop a leaf", leaves::drop),
];
