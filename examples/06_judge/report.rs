//! The report on a set of images.

use crate::measures::{MEASURABLE, Measures};
use ddpm::evaluate::{CONFIDENT, Estimate};

/// Prints the measures of a set of images. `broken` is the number of further images,
/// which hold a NaN or an infinity.
pub(crate) fn print(what: &str, measures: Option<&Measures>, broken: usize) {
    let verdicts = measures.map_or(&[][..], |measures| &measures.verdicts);
    let count = verdicts.len() + broken;
    let recognized: Vec<_> =
        verdicts.iter().filter(|v| v.is_recognized()).collect();
    let share = Estimate::share(recognized.len(), count);
    say!("{what}: {share} of {count} are digits");
    let share = |n: usize| n as f64 / count as f64;
    say!(
        "  {:.3} have a class with confidence above {CONFIDENT}, and {:.3} are \
         near to real digits",
        share(verdicts.iter().filter(|v| v.is_confident()).count()),
        share(verdicts.iter().filter(|v| v.near).count())
    );
    if broken > 0 {
        say!("  {broken} hold a NaN or an infinity, and are no digits");
    }
    let mut counts = [0_u32; 10];
    recognized.iter().for_each(|verdict| counts[verdict.class] += 1);
    say!("  each class, 0 to 9: {counts:?}");
    let Some(measures) = measures else { return };
    let Some(sets) = &measures.sets else {
        say!("  the other measures need {MEASURABLE} images");
        return;
    };
    say!("  Fréchet distance to real digits: {:.4}", sets.frechet);
    say!(
        "  precision {}, recall {}",
        sets.precision_recall.precision,
        sets.precision_recall.recall
    );
    say!(
        "  median distance to the nearest training digit: {:.2}; {} are nearer \
         than 99 % of test digits",
        sets.nearest,
        sets.copies
    );
}
