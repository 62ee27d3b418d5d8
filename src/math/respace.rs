//! Respacing: fewer sampling steps than training steps.
//!
//! A sampler may visit some of the timesteps only, `τ_1 < τ_2 < … < τ_K`. The
//! forward process at these timesteps is a diffusion process with the same `ᾱ`,
//! so it has a [`Schedule`] of its own, and every formula holds for it.

use super::Schedule;
use super::schedule::check_steps;
use crate::{Error, Result};

impl Schedule {
    /// Returns the schedule of the forward process at `timesteps` alone.
    ///
    /// # Formula
    /// `1 - β'_k = ᾱ_{τ_k} / ᾱ_{τ_{k-1}}`, with `τ_0 = 0`
    ///
    /// Equation: eq-respaced-beta (Nichol and Dhariwal 2021, section 4)
    ///
    /// # Errors
    /// If `timesteps` is empty, does not increase, or leaves `1..=T`.
    ///
    /// ```
    /// use ddpm::math::Schedule;
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// let short = schedule.respace(&[10, 500, 1000])?;
    /// let (a, b) = (short.at(2)?.alpha_bar(), schedule.at(500)?.alpha_bar());
    /// assert!((a - b).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn respace(&self, timesteps: &[usize]) -> Result<Schedule> {
        check_steps(timesteps.len())?;
        let mut previous = 0;
        let mut short = Self {
            betas: vec![],
            alphas: vec![],
            alpha_bars: vec![1.0],
            one_minus_alpha_bars: vec![0.0],
        };
        for &t in timesteps {
            let at = self.at(t)?;
            let got = format_args!("{t} after {previous}");
            let rising = t > previous;
            Error::require(rising, "timesteps", "strictly increasing", got)?;
            // β' and 1 - β', each computed from the steps between the two
            // timesteps. Subtracting one from 1 would lose a small other.
            let added = |added, beta: &f64| (1.0 - beta) * added + beta;
            let betas = &self.betas[previous..t];
            short.betas.push(betas.iter().fold(0.0, added));
            short.alphas.push(self.alphas[previous..t].iter().product());
            short.alpha_bars.push(at.alpha_bar());
            short.one_minus_alpha_bars.push(at.one_minus_alpha_bar());
            previous = t;
        }
        Ok(short)
    }
}

/// Returns `count` timesteps from 1 to `steps`, both included, as evenly as integers
/// allow; for `count = 1`, the last.
///
/// # Errors
/// If `count` is not in `1..=steps`.
///
/// ```
/// use ddpm::math::evenly_spaced;
/// assert_eq!(evenly_spaced(1000, 4)?, [1, 334, 667, 1000]);
/// # Ok::<(), ddpm::Error>(())
/// ```
// Not an equation: a choice of timesteps.
pub fn evenly_spaced(steps: usize, count: usize) -> Result<Vec<usize>> {
    check_steps(steps)?;
    let (name, expected) =
        ("the number of sampling steps", format!("in 1..={steps}"));
    Error::require((1..=steps).contains(&count), name, expected, count)?;
    if count == 1 {
        return Ok(vec![steps]);
    }
    let (span, gaps) = (steps - 1, count - 1);
    Ok((0..count).map(|k| 1 + (k * span + gaps / 2) / gaps).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, random_schedule, stream_for};
    use approx::assert_relative_eq;

    #[test]
    fn a_respaced_schedule_has_the_same_alpha_bar() {
        check(|seed| {
            let schedule = random_schedule(seed);
            let count = 1 + stream_for(seed).below(schedule.steps());
            let times = evenly_spaced(schedule.steps(), count).unwrap();
            let short = schedule.respace(&times).unwrap();
            for (at, &time) in short.iter().zip(&times) {
                let original = schedule.at(time).unwrap();
                assert_relative_eq!(
                    at.alpha_bar(),
                    original.alpha_bar(),
                    max_relative = 1e-12
                );
                assert_relative_eq!(
                    at.one_minus_alpha_bar(),
                    original.one_minus_alpha_bar(),
                    max_relative = 1e-12
                );
                // What a step keeps and what it adds make a whole.
                assert_relative_eq!(
                    at.alpha() + at.beta(),
                    1.0,
                    epsilon = 1e-12
                );
            }
        });
    }

    #[test]
    fn all_times_give_the_schedule_itself() {
        let schedule = random_schedule(7);
        let times = evenly_spaced(schedule.steps(), schedule.steps()).unwrap();
        assert_eq!(schedule.respace(&times).unwrap(), schedule);
    }

    /// `ᾱ` is exact also where one large step removes nearly all signal, and where
    /// `β'` rounds to 1.
    #[test]
    fn alpha_bar_survives_the_largest_steps() {
        let halves = Schedule::from_betas(vec![0.5; 60]).unwrap();
        let long = Schedule::linear(4000, 1e-4, 0.02).unwrap();
        let cosine = Schedule::cosine(1000).unwrap();
        for schedule in [halves, long, cosine] {
            let last = schedule.last();
            let short = schedule.respace(&[schedule.steps()]).unwrap();
            assert_eq!(short.last().alpha_bar(), last.alpha_bar());
            assert_eq!(
                short.last().one_minus_alpha_bar(),
                last.one_minus_alpha_bar()
            );
            assert_relative_eq!(
                short.last().alpha(),
                last.alpha_bar(),
                max_relative = 1e-12
            );
        }
    }

    #[test]
    fn bad_times_are_refused() {
        let schedule = Schedule::cosine(10).unwrap();
        for times in [&[][..], &[0, 5], &[5, 5], &[7, 3], &[11]] {
            assert!(schedule.respace(times).is_err(), "{times:?}");
        }
        assert!(evenly_spaced(10, 0).is_err());
        assert!(evenly_spaced(10, 11).is_err());
        assert!(evenly_spaced(usize::MAX, usize::MAX).is_err());
    }
}
