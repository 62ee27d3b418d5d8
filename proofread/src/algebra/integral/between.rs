//! Signs between the ends of an integral, from the signs at both ends.

use crate::algebra::normal::Normalizer;
use crate::term::Term;
use crate::value::{Interval, Signs};

impl Normalizer<'_> {
    /// Returns whether a term has one of the signs wherever a variable lies
    /// between two ends.
    pub(crate) fn holds_between(
        &mut self,
        variable: u32,
        (from, to): (Term, Term),
        term: Term,
        signs: Signs,
    ) -> bool {
        if self.signs(term).is_ok_and(|found| found.are(signs)) {
            return true;
        }
        let (Ok(from), Ok(to)) = (self.ratio(from), self.ratio(to)) else {
            return false;
        };
        if let (Some(a), Some(b)) = (from.as_number(), to.as_number()) {
            let between = Interval::closed(a.min(b).clone(), a.max(b).clone());
            let mut inside = Normalizer::new(self.terms);
            inside.domains.clone_from(&self.domains);
            inside.domains.insert(variable, between);
            return inside.signs(term).is_ok_and(|found| found.are(signs));
        }
        // A linear function lies between its values at the ends.
        let own = &self.terms.variables()[variable as usize];
        let of = self.algebra.variable(variable, &own.domain);
        let Ok(ratio) = self.ratio(term) else { return false };
        if ratio != ratio.numerator() {
            return false;
        }
        let Ok(poly) = self.algebra.expanded(&ratio) else { return false };
        let Some(linear) = self.algebra.linear(of, &poly) else { return false };
        let Ok(ends) = self.algebra.at_ends(&linear, &from, &to) else {
            return false;
        };
        let found =
            self.algebra.signs(&ends[0]).or(self.algebra.signs(&ends[1]));
        found.are(signs)
            && (found.are(Signs::NOT_NEGATIVE)
                || found.are(Signs::NOT_POSITIVE))
    }
}
