//! The parts of an expression.

use super::{Big, Density, Expr, Integral, Kind, Normal, Over, Variables};
use crate::span::Span;

impl Expr {
    /// The expressions right below this one.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Number { .. } => vec![],
            Kind::Symbol(symbol) => {
                symbol.indices.iter().chain(&symbol.arguments).collect()
            }
            Kind::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
            Kind::Product(factors) => factors.iter().collect(),
            Kind::Quotient(a, b)
            | Kind::Power(a, b)
            | Kind::Inner(a, b)
            | Kind::Entry(a, b)
            | Kind::Divergence(a, b) => vec![a, b],
            Kind::Cases(cases) => {
                let mut all = vec![];
                for (value, conditions) in cases {
                    all.push(value);
                    for (a, _, b) in conditions {
                        all.extend([a, b]);
                    }
                }
                all
            }
            Kind::Extremum(extremum) => extremum.of.iter().collect(),
            Kind::Derivative(derivative) => vec![&derivative.of],
            Kind::Integral(integral) => {
                vec![&integral.from, &integral.to, &integral.body]
            }
            Kind::Root(a)
            | Kind::OddRoot(_, a)
            | Kind::Function(_, a)
            | Kind::Norm(a) => vec![a],
            Kind::Big(big) => vec![&big.from, &big.to, &big.body],
            Kind::Normal(normal) => normal
                .at
                .iter()
                .chain([&normal.mean, &normal.variance])
                .collect(),
            Kind::Density(density) => density.children(),
            Kind::Expectation(expectation) => {
                let given = expectation.given.iter();
                let mut all: Vec<_> =
                    given.flat_map(Variables::children).collect();
                for over in &expectation.over {
                    match over {
                        Over::Process(_) | Over::Index(_) => {}
                        Over::Density(density) => {
                            all.extend(density.children());
                        }
                        Over::Variable(symbol) => all.extend(&symbol.indices),
                    }
                }
                all.push(&expectation.body);
                all
            }
        }
    }

    /// The expression at this place among the [`children`](Self::children).
    pub(crate) fn child_mut(&mut self, i: usize) -> Option<&mut Expr> {
        match &mut self.kind {
            Kind::Number { .. } => None,
            Kind::Density(density) => {
                let Density { of, given, .. } = density;
                let variables = of.iter_mut().chain(given);
                variables
                    .flat_map(|v| std::iter::once(&mut v.from).chain(&mut v.to))
                    .nth(i)
            }
            Kind::Symbol(symbol) => {
                symbol.indices.iter_mut().chain(&mut symbol.arguments).nth(i)
            }
            Kind::Sum(terms) => terms.get_mut(i).map(|(_, term)| term),
            Kind::Product(factors) => factors.get_mut(i),
            Kind::Quotient(a, b)
            | Kind::Power(a, b)
            | Kind::Inner(a, b)
            | Kind::Entry(a, b)
            | Kind::Divergence(a, b) => {
                [a, b].into_iter().nth(i).map(|e| &mut **e)
            }
            Kind::Root(a) | Kind::Function(_, a) | Kind::Norm(a) => {
                (i == 0).then_some(&mut **a)
            }
            Kind::OddRoot(_, a) => (i == 0).then_some(&mut **a),
            Kind::Cases(cases) => {
                let parts = cases.iter_mut().flat_map(|(value, conditions)| {
                    let sides = conditions.iter_mut();
                    let sides = sides.flat_map(|(a, _, b)| [a, b]);
                    std::iter::once(value).chain(sides)
                });
                parts.into_iter().nth(i)
            }
            Kind::Extremum(extremum) => extremum.of.get_mut(i),
            Kind::Derivative(derivative) => {
                (i == 0).then_some(&mut derivative.of)
            }
            Kind::Integral(integral) => {
                let Integral { from, to, body, .. } = &mut **integral;
                [from, to, body].into_iter().nth(i)
            }
            Kind::Big(big) => {
                let Big { from, to, body, .. } = &mut **big;
                [from, to, body].into_iter().nth(i)
            }
            Kind::Normal(normal) => {
                let Normal { at, mean, variance, .. } = &mut **normal;
                at.iter_mut().chain([mean, variance]).nth(i)
            }
            // Only the body, which comes last.
            Kind::Expectation(expectation) => {
                let count = Expr::new(
                    Kind::Expectation(expectation.clone()),
                    Span::default(),
                )
                .children()
                .len();
                (i + 1 == count).then_some(&mut expectation.body)
            }
        }
    }

    /// Calls `f` with this expression and all below it.
    pub(crate) fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
        for child in self.children() {
            child.visit(f);
        }
    }
}

impl Density {
    fn children(&self) -> Vec<&Expr> {
        let variables = self.of.iter().chain(&self.given);
        variables.flat_map(Variables::children).collect()
    }
}

impl Variables {
    fn children(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.from).chain(&self.to)
    }
}
