//! A function that starts on one side of zero and grows stays there. The argument
//! follows a path from the end of the domain, and the path may leave the conditions.

mod common;

use common::{passes, refuted};
use proofread::Status::Certified;

#[test]
fn a_path_does_not_cross_a_pole() {
    refuted(r"\frac{-1}{s - 100} > 0 \quad \text{for } s \ne 100");
    refuted(r"\frac{s}{s - 100} \le 0 \quad \text{for } s \ne 100");
    refuted(r"\frac{1}{100 - s} \ge 0 \quad \text{for } s \ne 100");
    refuted(r"s - 100 \ne 0 \implies \frac{1}{100 - s} > 0");
    refuted(
        r"\frac{-1}{s - 100} \ge \frac{1}{200} \quad \text{for } s \ne 100",
    );
    // On one side of the pole, the path meets the condition.
    passes(Certified, r"\frac{1}{s - 100} > 0 \quad \text{for } s > 100");
    passes(Certified, r"e^s \ge 1 + s + \frac{s^2}{2}");
}

/// The slope is `s^2 (s - 1)(s - 2)`: it is not negative where the condition holds,
/// and the path to a point beyond 2 crosses the interval where it is.
#[test]
fn a_path_does_not_leave_a_condition() {
    let sum = r"\frac{s^5}{5} - \frac{3 s^4}{4} + \frac{2 s^3}{3}";
    refuted(&format!(r"{sum} \ge 0 \quad \text{{for }} s^2 - 3 s + 2 \ge 0"));
    let sign = r"\frac{|s^2 - 3 s + 2|}{s^2 - 3 s + 2}";
    let condition = r"\quad \text{for } s^2 - 3 s + 2 \ne 0";
    refuted(&format!(
        r"\left({sum}\right) \left(1 + {sign}\right) \ge 0 {condition}"
    ));
    let below = r"\quad \text{for } s \le 1";
    passes(Certified, &format!(r"{sum} \ge 0 {below}"));
}
