//! The subexpressions of an expression.

use super::{Density, Expr, Kind, Over, Variables};

impl Expr {
    /// Returns the direct subexpressions.
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
            Kind::Limit(limit) => vec![&limit.of],
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
                        Over::Process(_) => {}
                        Over::Index(_, range) => {
                            let ends = range.iter();
                            all.extend(ends.flat_map(|r| [&r.0, &r.1]));
                        }
                        Over::Drawn(symbol, law) => {
                            all.extend(&symbol.indices);
                            all.push(law);
                        }
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

    /// Calls `f` with this expression and with each of its subexpressions.
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
