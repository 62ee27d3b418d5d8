//! Dependence of a ratio on generators, directly or through other generators.

use super::monomial::Gen;
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Argument, Kind};

impl Algebra {
    /// Returns whether a ratio depends on a generator, directly or through
    /// others.
    pub(crate) fn depends(&self, ratio: &Ratio, on: Gen) -> bool {
        let mut all: Vec<Gen> =
            ratio.monomial.iter().map(|(of, _)| of).collect();
        for factor in ratio.factors.keys() {
            all.extend(factor.generators());
        }
        all.into_iter().any(|of| of == on || self.generator_depends(of, on))
    }

    fn generator_depends(&self, of: Gen, on: Gen) -> bool {
        let poly = |poly: &Poly| {
            let all = poly.generators();
            all.into_iter().any(|g| g == on || self.generator_depends(g, on))
        };
        match &self.generator(of).kind {
            Kind::Variable(_)
            | Kind::Complement(_)
            | Kind::Pi
            | Kind::Inner(..) => false,
            Kind::Root(_, inner) | Kind::Absolute(inner) => poly(inner),
            Kind::Exponential(inner)
            | Kind::Logarithm(inner)
            | Kind::Sine(inner)
            | Kind::Cosine(inner) => self.depends(inner, on),
            Kind::Call(_, arguments) => arguments.iter().any(|a| match a {
                Argument::Scalar(inner) => self.depends(inner, on),
                Argument::Vector(vector) => {
                    vector.values().any(|inner| self.depends(inner, on))
                }
            }),
        }
    }
}
