//! Conditions and inequalities as textbooks state them. Each true claim is
//! shown on the whole domain, and no false claim passes.

mod common;

use common::{refuted, twins};
use proofread::Status::{Certified, Exact, Gaussian};

/// The checker uses conditions on several quantities together.
#[test]
fn conditions_on_several_quantities() {
    for (truth, lie) in [
        (
            r"a^2 > b^2 \text{ for } a > b > 0",
            r"a^2 > b^2 + 1 \text{ for } a > b > 0",
        ),
        (
            r"\frac{1}{a} < \frac{1}{b} \text{ for } a > b > 0",
            r"\frac{1}{a} > \frac{1}{b} \text{ for } a > b > 0",
        ),
        (
            r"a b < 1 \text{ for } 0 < a \le b < 1",
            r"a \ge b \text{ for } 0 < a \le b < 1",
        ),
        (
            r"|a| \le 1 \implies a^2 \le 1",
            r"|a| \le 1 \implies a^2 \le \frac12",
        ),
        (
            r"a < b + 1 \text{ for } |a - b| < 1",
            r"a < b \text{ for } |a - b| < 1",
        ),
        (
            r"|a| < |b| + 1 \text{ if } |a - b| < 1",
            r"|a| < |b| \text{ if } |a - b| < 1",
        ),
        (
            r"a < b \text{ and } b < h \implies a < h",
            r"a < b \text{ and } b < h \implies h < a",
        ),
        (r"a > b \implies a^3 > b^3", r"a > b \implies a^2 > b^2"),
        (r"a \ne 0 \implies a^2 > 0", r"a \ne 0 \implies a > 0"),
        (
            r"a^2 + b^2 > 0 \text{ for } a \ne 0",
            r"a^2 - b^2 > 0 \text{ for } a \ne 0",
        ),
        (r"\|x\| > 0 \text{ for } x \ne 0", r"\|x\| > 1 \text{ for } x \ne 0"),
    ] {
        twins(Certified, truth, lie);
    }
    for (truth, lie) in [
        (
            r"\frac{a}{a} = 1 \text{ for } a \ne 0",
            r"\frac{a}{a} = 2 \text{ for } a \ne 0",
        ),
        (
            r"\frac{a^2 - b^2}{a - b} = a + b \quad (a \ne b)",
            r"\frac{a^2 - b^2}{a - b} = a - b \quad (a \ne b)",
        ),
        (
            r"|a + b| = |a| + |b| \text{ for } a b \ge 0",
            r"|a + b| = |a| + |b| \text{ for } a b \le 0",
        ),
        (
            r"\Big\|\frac{x}{\|x\|}\Big\| = 1 \text{ for } x \ne 0",
            r"\Big\|\frac{x}{\|x\|}\Big\| = 2 \text{ for } x \ne 0",
        ),
    ] {
        twins(Exact, truth, lie);
    }
}

/// An equation follows from another by squares, cubes or monotonic functions.
#[test]
fn equations_that_follow() {
    for (truth, lie) in [
        (r"|a| = |b| \implies a^2 = b^2", r"a^2 = b^2 \implies a = b"),
        (r"a^3 = b^3 \implies a = b", r"a^3 = b^3 \implies a = -b"),
        (r"a^3 = 8 \implies a = 2", r"a^2 = 4 \implies a = 2"),
        (r"e^a = e^b \implies a = b", r"e^a = e^b \implies a = 2 b"),
        (r"\|x\| = 0 \implies x = 0", r"\|x\| = 1 \implies x = 0"),
        (r"a^2 + b^2 = 0 \implies a = b", r"a^2 - b^2 = 0 \implies a = b"),
        (
            r"x^\top y = 0 \implies \|x + y\|^2 = \|x\|^2 + \|y\|^2",
            r"x^\top y = 0 \implies \|x + y\|^2 = \|x\|^2",
        ),
    ] {
        twins(Exact, truth, lie);
    }
}

/// The triangle inequality and similar inequalities hold for numbers and for
/// vectors.
#[test]
fn triangles() {
    for (truth, lie) in [
        (r"|a + b| \le |a| + |b|", r"|a + b| \ge |a| + |b|"),
        (r"|a - b| \ge |a| - |b|", r"|a - b| \le |a| - |b|"),
        (r"|a - b| \le |a - h| + |h - b|", r"|a - b| \le |a - h|"),
        (r"||a| - |b|| \le |a - b|", r"||a| - |b|| \ge |a - b|"),
        (r"\|x + y\| \le \|x\| + \|y\|", r"\|x + y\| \ge \|x\| + \|y\|"),
        (r"\|x - y\| \ge \|x\| - \|y\|", r"\|x - y\| \le \|x\| - \|y\|"),
        (r"|x^\top y| \le \|x\| \|y\|", r"|x^\top y| \ge \|x\| \|y\|"),
        (
            r"\|x + y\|^2 \le 2 \|x\|^2 + 2 \|y\|^2",
            r"\|x + y\|^2 \le 2 \|x\|^2 + \|y\|^2",
        ),
    ] {
        twins(Certified, truth, lie);
    }
}

/// The maximum and the minimum of numbers satisfy identities and bounds.
#[test]
fn extrema() {
    for (truth, lie) in [
        (r"\max(a, b) + \min(a, b) = a + b", r"\max(a, b) + \min(a, b) = a"),
        (
            r"\max(a, b) = \frac{a + b + |a - b|}{2}",
            r"\max(a, b) = \frac{a + b - |a - b|}{2}",
        ),
        (r"\max(a, b) - \min(a, b) = |a - b|", r"\max(a, b) = |a - b|"),
    ] {
        twins(Exact, truth, lie);
    }
    twins(Certified, r"\max(a, b) \ge a", r"\max(a, b) > a");
    twins(Certified, r"\min(a, b) \le b", r"\min(a, b) < b");
    twins(
        Certified,
        r"\max(a, b, h) \ge \max(a, b)",
        r"\max(a, b, h) \le \max(a, b)",
    );
}

/// The checker proves that a function of one variable stays on one side of a
/// line, even if it touches the line.
#[test]
fn functions_beside_lines() {
    for (truth, lie) in [
        (r"\log p \le p - 1", r"\log p < p - 1"),
        (r"1 - \frac1p \le \log p", r"1 - \frac1p \ge \log p"),
        (r"e^a \ge 1 + a", r"e^a \ge 1 + 2 a"),
        (r"\tanh p \le p", r"\tanh p \ge p"),
        (r"\sin p \le p", r"\sin p \ge p"),
        (r"1 - \cos a \le \frac{a^2}{2}", r"1 - \cos a \le \frac{a^2}{3}"),
        (r"\sin a + \cos a \le \sqrt2", r"\sin a + \cos a \le 1"),
    ] {
        twins(Certified, truth, lie);
    }
    // A weighted sum of conditions that leaves a remainder is no proof.
    refuted(r"a^3 + a b > |b| \text{ for } a + |a - b| + 1 < 0");
    // A function that decreases at the end of its domain may be negative there.
    refuted(r"p - \sin(2 p) \ge 0");
    refuted(r"\log p \ge \frac{p - 1}{2}");
}

/// A claim with contradictory conditions does not pass.
#[test]
fn contradictions() {
    for never in [
        r"a = 2 b \text{ for } a > b \text{ and } b > a",
        r"a = 2 b \text{ for } a > b > a",
        r"a > 1 \text{ for } a b > 0 \text{ and } a b < 0",
        r"a > b \text{ for } |a - b| < 0",
    ] {
        common::not_good(never);
    }
}

/// Monotonicity shows the sign of a function, never that it is zero. Integrals
/// are not evaluated at points, so only the proof decides here.
#[test]
fn growth_shows_no_equation() {
    for never in [
        r"\int_0^1 1\, da = 1 + b^2",
        r"\int_0^1 1\, da = e^{p}",
        r"\int_0^1 1\, da = \frac1u",
        r"\frac{1}{1 + a^2} = 1 + b^2 \text{ for } h^2 = 2",
        r"u = k \text{ for } h^2 = 2",
    ] {
        common::not_good(never);
    }
}

/// The values of a function lie in the domain that the notation gives.
#[test]
fn ranges_of_functions() {
    for (truth, lie) in [
        (r"Q(x) \ge 0", r"G(x) \ge 0"),
        (r"Q(x) Q(y) < 4", r"Q(x) Q(y) < 2"),
        (r"\log(Q(x) + 1) \ge 0", r"\log(G(x) + 1) \ge 0"),
    ] {
        twins(Certified, truth, lie);
        refuted(lie);
    }
    twins(Exact, r"\sqrt{Q(x)^2} = Q(x)", r"\sqrt{G(x)^2} = G(x)");
    let mean =
        |of| format!(r"\mathbb E_{{y \sim \mathcal N(x, I)}}[{of}(y)] \ge 0");
    twins(Gaussian, &mean("Q"), &mean("G"));
}

/// `1/(1/x)` and `x` are equal in the ring, but a fact about `1/(1/x)` holds
/// only where it has a value.
#[test]
fn what_is_known_where_there_is_a_value() {
    for (truth, lie) in [
        (
            r"\sqrt{((\frac{2}{2 - u})^{-1})^2} > -1",
            r"\sqrt{((\frac{2}{2 - a})^{-1})^2} > -1",
        ),
        (r"\sqrt{|1/(1/(u - 2))|} > -1", r"\sqrt{|1/(1/(a - 2))|} > -1"),
        (
            r"\left| \frac{b}{b/(2 - u)} \right| \ge 0 \text{ for } b > 0",
            r"\left| \frac{b}{b/(2 - a)} \right| \ge 0 \text{ for } b > 0",
        ),
        (r"\sqrt{(\sqrt{u})^2} > -1", r"\sqrt{(\sqrt{a})^2} > -1"),
        (r"\sqrt{|e^{\log(u + 1)}|} > 0", r"\sqrt{|e^{\log(a + 1)}|} > 0"),
    ] {
        twins(Certified, truth, lie);
        refuted(lie);
    }
}
