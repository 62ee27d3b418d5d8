//! Claims in which two parts interact: a sign next to a factor, an expectation
//! inside an expectation, a condition without a value. Each false claim once
//! passed.

mod common;

use common::{neighbours, not_good, refused, refuted, report, twins};
use proofread::Status::{Certified, Exact, Gaussian};

#[test]
fn a_sign_behind_a_sign_of_multiplication() {
    neighbours(Exact, r"2 \cdot (-3) = -6", r"2 \cdot -3 = -1");
    for sign in [r"\cdot -", r"\times -", r"\times +", "* -"] {
        refused(&format!("a {sign} b = a - b"), "a factor is missing");
    }
    // An argument without brackets is refused if readers may disagree on its
    // end.
    not_good(r"\log p \cdot 3 = \log(3 p)");
    not_good(r"\log p / 3 = \log(p / 3)");
    twins(
        Exact,
        r"\log(p) \cdot 3 = 3 \log(p)",
        r"\log(p) \cdot 3 = \log(3 p)",
    );
}

/// Expectations can be nested, and can average over several noises of one name.
#[test]
fn means_of_all_noise() {
    not_good(r"\mathbb E[\|\epsilon - \mathbb E[\epsilon]\|^2] = 0");
    not_good(
        r"\mathbb E[\mathbb E[\|\epsilon\|^2] \|\epsilon\|^2] = d^2 + 2 d",
    );
    let notation = common::NOTATION.replace(r"'\epsilon' =", r"'\epsilon_t' =");
    let status = |latex: &str| {
        report(&format!("${latex}$"), &notation).outcomes[0].status
    };
    let truth = r"\mathbb E[\|\epsilon_1 + \epsilon_2\|^2] = 2 d";
    assert_eq!(status(truth), Gaussian);
    let lie = r"\mathbb E[\|\epsilon_1 + \epsilon_2\|^2]
        = d + \|\epsilon_2\|^2";
    assert!(!status(lie).is_good());
    let other = r"\mathbb E_{\epsilon_1}[\|\epsilon_2\|^2] = \|\epsilon_2\|^2";
    assert!(!status(other).is_good());
}

#[test]
fn limits_of_what_has_values() {
    neighbours(
        Certified,
        "% varies: p \\to 0\np^2 + p \\to 0",
        "% varies: u \\to 0\n\\sqrt{-u} \\to 0",
    );
    not_good("% varies: a \\to 0\n\\sqrt a \\to 0");
    refused("% varies: h \\to 0\nh^2 \\to h", "depends on what varies");
    twins(
        Certified,
        "% varies: p \\to \\infty\n\\frac{1}{p - 3} \\to 0",
        "% varies: p \\to \\infty\n\\frac{1}{p - 3} \\to 1",
    );
}

#[test]
fn proportions_to_what_may_be_zero() {
    neighbours(
        Exact,
        "% varies: u\nu \\propto 3 u p",
        "% varies: u\nu \\propto u a",
    );
    refused("% varies: a\np \\propto r^2", "neither side depends");
}

/// The tolerance of `≈` is relative to the mean size of the two sides.
#[test]
fn how_near() {
    twins(
        Certified,
        "% tolerance: 0.1\n1.1 \\approx 1",
        "% tolerance: 0.1\n1.22 \\approx 1",
    );
}

/// A condition that has no value at a point is not met there.
#[test]
fn conditions_have_values() {
    twins(
        Exact,
        r"\sqrt a = b \implies a = b^2",
        r"\sqrt a = b \implies a = b",
    );
    twins(
        Certified,
        r"\log a = b \implies a > 0",
        r"\log a = b \implies a > 1",
    );
}

/// A number that is too large to evaluate refutes nothing.
#[test]
fn what_is_too_large() {
    refused(r"\exp(10^{10} \log p) > 0", "");
    refused(r"\exp(10^{18}) > 3", "");
    refuted(r"\exp(1000000000 \log p) = \exp(500000000 \log p)");
}

#[test]
fn distributions_of_one_variable() {
    neighbours(
        Gaussian,
        r"\mathrm{KL}(\mathcal N(z_1; 0, I) \| \mathcal N(z_1; 0, I)) = 0",
        r"\mathrm{KL}(\mathcal N(z_1; 0, I) \| \mathcal N(z_2; 0, I)) = 0",
    );
    not_good(r"q(z_1, z_1) = q(z_1)");
    refused(r"x \in \mathbb R^T", "the size d");
}

/// An implication sign joins statements only, and a claim that was never
/// evaluated does not count as searched.
#[test]
fn nothing_said() {
    refused(r"a \iff b", "joins statements");
    refused(r"a \implies b", "joins statements");
    let found = common::statuses(r"\int_0^1 \exp(a^2) da = 17");
    assert_eq!(found, [proofread::Status::Undecided]);
}
