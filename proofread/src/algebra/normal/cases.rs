//! Cases and extrema: signs choose the case that applies, and the largest or
//! the smallest value.

use super::Normalizer;
use crate::algebra::ratio::Ratio;
use crate::term::{Guard, Term};
use crate::value::{Signs, Trouble};

impl Normalizer<'_> {
    /// Returns the value of the case that applies on the whole domain; an error
    /// if no single case does.
    pub(super) fn cases(
        &mut self,
        cases: &[(Vec<Guard>, Term)],
    ) -> Result<Ratio, Trouble> {
        for (guards, value) in cases {
            let mut applies = true;
            for guard in guards {
                let ratio = match self.part(guard.term) {
                    Err(trouble) if trouble.is_undefined() => {
                        let why = "a condition of a case has no value";
                        return Err(Trouble::Unsupported(why.into()));
                    }
                    ratio => ratio?,
                };
                let signs = self.algebra.signs(&ratio);
                if signs.and(guard.signs) == Signs::NONE {
                    applies = false;
                    break;
                }
                if !signs.are(guard.signs) {
                    let why = "which case applies depends on the point";
                    return Err(Trouble::Unsupported(why.into()));
                }
            }
            if applies {
                return self.part(*value);
            }
        }
        Err(Trouble::Undefined("a value where no case applies"))
    }

    pub(super) fn extremum(
        &mut self,
        most: bool,
        parts: &[Term],
    ) -> Result<Ratio, Trouble> {
        let mut best: Option<Ratio> = None;
        for part in parts {
            let part = self.part(*part)?;
            let Some(known) = best else {
                best = Some(part);
                continue;
            };
            let gap = self.algebra.difference(&part, &known)?;
            let signs = self.algebra.signs(&gap);
            let signs = if most { signs } else { signs.flipped() };
            best = Some(if signs.are(Signs::NOT_NEGATIVE) {
                part
            } else if signs.are(Signs::NOT_POSITIVE) {
                known
            } else {
                let why = "which value is the largest depends on the point";
                return Err(Trouble::Unsupported(why.into()));
            });
        }
        best.ok_or(Trouble::Undefined("an extremum of nothing"))
    }
}
