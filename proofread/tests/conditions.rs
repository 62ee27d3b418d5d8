//! Conditions, settings and limits: each one is used, and an impossible one is
//! reported.

mod common;

use common::{NOTATION, not_good, refused, refuted, report, statuses, twins};
use proofread::Status::{Certified, Exact, False, Undecided};

/// The checker uses a condition that gives a symbol a value or bounds an
/// expression.
#[test]
fn conditions_are_used() {
    twins(
        Exact,
        r"a + b = 2 b \text{ for } a = b",
        r"a + b = 3 b \text{ for } a = b",
    );
    twins(
        Exact,
        r"a^2 = 4 \text{ for } a + 1 = 3",
        r"a^2 = 5 \text{ for } a + 1 = 3",
    );
    twins(
        Exact,
        r"x^\top y = \|x\|^2 \text{ for } x = y",
        r"x^\top y = 2 \|x\|^2 \text{ for } x = y",
    );
    twins(
        Certified,
        r"2 a > b + a + 1 \text{ for } a - b > 1",
        r"2 a > b + a + 2 \text{ for } a - b > 1",
    );
    // The search for a counterexample obeys conditions, too.
    refuted(r"a = 2 \text{ for } a^2 = 4");
    refused(r"a + p = 2 \text{ for } p = 1, a = 1", "one more condition");
}

/// A claim does not pass if no point meets its condition.
#[test]
fn conditions_that_are_never_met() {
    for never in [
        "u = 2",
        "u > 2",
        "p = 0",
        r"\beta_t = 5",
        "u + 1 > 5",
        "a^2 < 0",
        "t > T",
    ] {
        refused(&format!(r"a = b \text{{ for }} {never}"), "says nothing");
    }
}

/// A setting in a sentence is an error if it is impossible.
#[test]
fn settings() {
    let good = |latex: &str| {
        report(&format!("Text ${latex}$, and $a = a$."), NOTATION).is_good()
    };
    for possible in [
        "t = 1",
        "t = 0",
        "T = 7",
        "T = 1000",
        "t < T",
        "T = t + 5",
        r"t = 1, \dots, T",
        r"t \in \{1, 2\}",
    ] {
        assert!(good(possible), "{possible}");
    }
    for impossible in [
        "t = -1",
        "t = T + 1",
        "T = 1.5",
        r"t \to 0",
        r"T \approx 3",
        "t = 1, t = 2",
        r"t \in \{0.5\}",
    ] {
        assert!(!good(impossible), "{impossible}");
    }
}

/// A term is an element of the real numbers only if it has a value everywhere.
#[test]
fn elements_have_values() {
    assert!(common::display(r"\sqrt p \in \mathbb R").is_good());
    not_good(r"\sqrt a \in \mathbb R");
    not_good(r"\frac{1}{a} \in \mathbb R");
}

/// A limit is refused if its variable cannot approach the limit point.
#[test]
fn limits_within_the_domain() {
    twins(
        Certified,
        "% varies: h \\to 0\nh^2 \\to 0",
        "% varies: h \\to 0\nh^2 \\to 1",
    );
    refused("% varies: u \\to 5\nu \\to 5", "does not go there");
    refused(
        "% varies: h \\to 0\nh^2 \\to 0 \\text{ for } h > 1",
        "does not go there",
    );
    // A condition on another variable also excludes counterexamples.
    twins(
        Certified,
        "% varies: h \\to 0\n\\frac{h a}{a} \\to 0 \\text{ for } a > 0",
        "% varies: h \\to 0\na + h \\to 0 \\text{ for } a > 0",
    );
}

/// A factor of proportionality is not 0, and a condition applies to both points
/// that are compared.
#[test]
fn proportions() {
    twins(Exact, "% varies: a\np a \\propto a", "% varies: a\na^2 \\propto a");
    twins(
        Exact,
        "% varies: a\n|a| \\propto a \\text{ for } a > 0",
        "% varies: a\n|a| \\propto a",
    );
    refused("% varies: a\na \\propto 0", "proportional to 0");
    refused("% varies: a\na b \\propto a", "may be 0");
}

/// A condition that allows more than the notation is refused: the claim would
/// be shown for less than it says.
#[test]
fn conditions_that_allow_more() {
    for lie in [
        r"s_t^2 \ge 0 \text{ for } t = 0, \dots, T",
        r"s_t^2 \ge 0 \quad \forall t \ge 0",
        r"s_t^2 \ge 0 \text{ for } t \in \{0, 1\}",
        r"u < 1 \text{ for } u \in [0, 2]",
        r"u^2 \ne 0 \text{ for all } u \in [0, 1)",
        r"p > 0 \text{ for all } p > -1",
    ] {
        refused(lie, "allows more");
    }
    for truth in [
        r"s_t^2 \ge 0 \text{ for } 1 \le t \le T",
        r"s_t^2 \ge 0 \text{ for } t > 0",
        r"u < 1 \text{ for } u > 0",
        r"p > \frac12 \text{ for } p > 1",
    ] {
        assert!(common::display(truth).is_good(), "{truth}");
    }
}

/// A bracket next to a factor multiplies it; a bracket after a wide space holds
/// a condition.
#[test]
fn brackets_with_relations() {
    for product in [
        r"1 = 1\,[a > 0]",
        r"|a| = a \; (a > 0)",
        r"\beta_t = \beta_t \, [t > 1]",
    ] {
        not_good(product);
    }
    twins(Exact, r"|a| = a \quad (a > 0)", r"|a| = a \quad (a < 0)");
}

/// A condition in the margin applies to its row, and a condition after several
/// claims applies to the last one. An earlier claim that needs the condition is
/// neither shown nor refuted.
#[test]
fn conditions_beside_several_claims() {
    for unclear in [
        r"|a| = a, \quad |b| = b \quad \text{for } a, b > 0",
        r"|a| = a \text{ and } |b| = b \text{ for } a, b > 0",
        r"\begin{aligned} |a| &= a \\ &\le a + 1 && \text{for } a > 0 \end{aligned}",
        r"\begin{aligned} a &\ge -1 \\ &\ge -2 && \text{for } a > 0 \end{aligned}",
    ] {
        let found = statuses(unclear);
        assert!(found.contains(&Undecided), "{unclear}: {found:?}");
        assert!(!found.contains(&False), "{unclear}: {found:?}");
    }
    let lie = r"2a = a, \quad |b| = b \quad \text{for } a, b > 0";
    assert_eq!(statuses(lie), [False, Exact]);
    let chain = r"\begin{aligned} |a| &= a \\ &\le a + 1 \quad \text{for } a > 0 \end{aligned}";
    assert_eq!(statuses(chain), [Exact, Certified]);
}
