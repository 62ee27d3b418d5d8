//! Checks of definitions against the declared domains of their symbols.

use super::Prepared;
use crate::expr::{Condition, Expr, Kind, Rewriting, Symbol};
use crate::notation::{Declaration, Notation};
use crate::relation::Relation;
use crate::solve::{self, Verdict};
use crate::span::{Problem, Span};
use crate::value::{Interval, Q};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use std::sync::Arc;

impl Notation {
    /// Reads a notation file.
    ///
    /// # Errors
    /// Returns the problems of the file, with their places in `text`. A symbol that is
    /// defined is a problem if it was not shown to lie in its domain.
    ///
    /// ```
    /// let text = r"
    ///     [symbols]
    ///     'a' = { kind = 'scalar', in = '(0, 1)' }
    ///     'b' = { kind = 'scalar', means = '1 - a' }
    /// ";
    /// let notation = proofread::Notation::read(text).unwrap();
    /// let report = proofread::check(
    ///     "x.md",
    ///     "$$ a + b = 1 $$ {#eq-sum}",
    ///     &notation,
    ///     &proofread::Marks::default(),
    /// );
    /// assert_eq!(report.outcomes[0].status, proofread::Status::Exact);
    /// let unknown = text.replace("1 - a", "1 - c");
    /// let problems = proofread::Notation::read(&unknown).unwrap_err();
    /// assert!(problems[0].message.contains("unknown symbol c"));
    /// let outside = text.replace("means = '1 - a'", "in = '(1, 2)', means = '1 - a'");
    /// let problems = proofread::Notation::read(&outside).unwrap_err();
    /// assert!(problems[0].message.starts_with("b is not always in (1, 2)"));
    /// ```
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let notation = Arc::new(Self::parsed(text)?);
        let defined = notation
            .symbols
            .values()
            .filter(|d| d.means.is_some() && d.domain != Interval::REALS);
        let problems: Vec<Problem> = defined
            .filter_map(|declaration| {
                let place = declaration.place;
                let why = of_notation(&notation, declaration)?;
                Some(Problem::new(place, why))
            })
            .collect();
        if problems.is_empty() {
            Ok(Arc::unwrap_or_clone(notation))
        } else {
            Err(problems)
        }
    }
}

/// Returns the problem of the domain of a symbol that the notation defines.
fn of_notation(
    notation: &Arc<Notation>,
    declaration: &Declaration,
) -> Option<String> {
    let named = |name: &String| {
        let (name, indices, arguments) = (name.clone(), vec![], vec![]);
        Expr::new(
            Kind::Symbol(Symbol { name, indices, arguments }),
            Span::default(),
        )
    };
    let parameter =
        |p: &Symbol| Expr::new(Kind::Symbol(p.clone()), Span::default());
    let symbol = Symbol {
        name: declaration.name.clone(),
        indices: declaration.indices.iter().map(named).collect(),
        arguments: declaration.parameters.iter().map(parameter).collect(),
    };
    // The index runs over the whole range of the symbol.
    let mut notation = Arc::clone(notation);
    if let (Some(range), Some(index)) =
        (&declaration.range, declaration.indices.first())
    {
        let changed = Arc::make_mut(&mut notation);
        changed.indices.insert(index.clone(), range.clone());
    }
    let body = declaration.means.as_ref()?;
    let decide = |claim| solve::decide(&claim);
    outside(&symbol, body, &declaration.domain, (&[], &[]), &notation, decide)
}

/// Returns why a value was not shown to lie in the domain of the symbol that it
/// defines, or `None` if it was.
pub(super) fn outside(
    symbol: &Symbol,
    body: &Expr,
    domain: &Interval,
    (conditions, uses): (&[Condition], &[Rewriting]),
    notation: &Arc<Notation>,
    mut decide: impl FnMut(Prepared) -> Verdict,
) -> Option<String> {
    let name = crate::print::symbol(symbol);
    let end = |end: &Option<Q>, with: bool, relations: [Relation; 2]| {
        let relation = relations[usize::from(with)];
        end.as_ref().map(|end| (relation, rational(end)))
    };
    let ends = [
        end(
            &domain.low,
            domain.with_low,
            [Relation::Greater, Relation::GreaterEqual],
        ),
        end(
            &domain.high,
            domain.with_high,
            [Relation::Less, Relation::LessEqual],
        ),
    ];
    for (relation, end) in ends.into_iter().flatten() {
        let claim = Prepared {
            left: body.clone(),
            relation,
            right: end,
            conditions: conditions.to_vec(),
            uses: uses.to_vec(),
            notation: Arc::clone(notation),
            tolerance: None,
            varies: None,
        };
        match decide(claim) {
            shown if shown.is_shown() => {}
            Verdict::Fails(found) => {
                let place = found.in_words();
                return Some(format!(
                    "{name} is not always in {domain}: {place}"
                ));
            }
            Verdict::Holds(_) => return Some(not_shown(&name, domain, None)),
            Verdict::Malformed(why) | Verdict::Undecided(why) => {
                return Some(not_shown(&name, domain, Some(&why)));
            }
        }
    }
    None
}

fn not_shown(name: &str, domain: &Interval, why: Option<&str>) -> String {
    let why = why.map_or(String::new(), |why| format!(": {why}"));
    format!("it was not shown that {name} is in {domain}, its domain{why}")
}

/// Converts a fraction to an expression.
fn rational(value: &Q) -> Expr {
    let expr = |kind| Expr::new(kind, Span::default());
    if value.is_zero() {
        return Expr::whole(0);
    }
    let size = expr(Kind::Quotient(
        Box::new(whole(&value.abs().numer().clone())),
        Box::new(whole(value.denom())),
    ));
    if value.is_negative() { expr(Kind::Sum(vec![(true, size)])) } else { size }
}

/// Converts a number that is not negative to an expression: `high · 10^18 + low`, if
/// it does not fit `i64`.
fn whole(n: &BigInt) -> Expr {
    const BASE: i64 = 1_000_000_000_000_000_000;
    if let Some(digits) = n.to_i64() {
        return Expr::whole(digits);
    }
    let expr = |kind| Expr::new(kind, Span::default());
    let (high, low) = (n / BASE, n % BASE);
    let high = expr(Kind::Product(vec![whole(&high), Expr::whole(BASE)]));
    expr(Kind::Sum(vec![(false, high), (false, whole(&low))]))
}
