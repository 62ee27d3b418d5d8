//! Claims that try to deceive the checker. Each true claim passes with the
//! expected status, and its false twin never passes.

mod common;

use common::{display, neighbours, open, passes, refuted, statuses, twins};
use proofread::Status::{Certified, Exact, Gaussian, Unknown};
use proofread::{Marks, Notation, check};

/// A root or an absolute value equals a branch only where the branch is not
/// negative, even if it is negative only far from zero.
#[test]
fn branches() {
    twins(Exact, r"\sqrt{(p + 30)^2} = p + 30", r"\sqrt{(a + 30)^2} = a + 30");
    twins(Exact, r"|a + 17| = |17 + a|", r"|a + 17| = a + 17");
    twins(
        Exact,
        r"\sqrt{a^2 - 16 a + 64} = |a - 8|",
        r"\sqrt{a^2 - 16 a + 64} = a - 8",
    );
    twins(
        Exact,
        r"\sqrt{5 + 2\sqrt{6}} = \sqrt{2} + \sqrt{3}",
        r"\sqrt{5 + 2\sqrt{6}} = 2 + \sqrt{2}",
    );
    twins(Exact, r"\frac{|p + 9|}{p + 9} = 1", r"\frac{|a + 9|}{a + 9} = 1");
    twins(
        Certified,
        r"\sqrt{(|a| - |b|)^2} \le |a - b|",
        r"|a| - |b| > |a - b|",
    );
}

/// An equation is no identity if only one side has a value somewhere.
#[test]
fn domains() {
    refuted(r"\log a^2 = 2 \log a");
    refuted(r"\log (a b) = \log a + \log b");
    refuted(r"\sqrt{a b} = \sqrt{a} \sqrt{b}");
    refuted(r"\frac{a^2 - 1}{a - 1} = a + 1");
    twins(
        Exact,
        r"\frac{u^2 - 1}{u - 1} = u + 1",
        r"\frac{u^2 - 1}{u - 1} = u",
    );
    twins(Exact, r"\log p^2 = 2 \log p", r"\log p^2 = \log p");
    // A derivative has a value only where the function has one.
    refuted(r"\frac{d}{da} \log a = \frac{1}{a}");
    twins(
        Exact,
        r"\frac{d}{dp} \log p = \frac{1}{p}",
        r"\frac{d}{dp} \log p = \frac{2}{p}",
    );
}

/// An integral counts the positive and the negative part of its integrand.
#[test]
fn integrals() {
    neighbours(
        Exact,
        r"\int_{-1}^{1} a \, da = 0",
        r"\int_{-1}^{1} \min(a, 0) \, da = 0",
    );
}

/// Inequalities are decided on the whole domain, up to its ends and far out,
/// and a weak inequality is not a strict one.
#[test]
fn inequalities() {
    twins(Certified, r"\tanh k < 1", r"\tanh k = 1");
    twins(
        Certified,
        r"\frac{1}{1 + e^{-a}} < 1",
        r"\frac{1}{1 + e^{-a}} < \frac{1}{2}",
    );
    twins(Certified, r"(5 a - 2)^2 \ge 0", r"(5 a - 2)^2 > 0");
    twins(Certified, r"2 \sqrt{p r} \le p + r", r"2 \sqrt{p r} < p + r");
    twins(Certified, r"x^\top y \le \|x\| \|y\|", r"x^\top y < \|x\| \|y\|");
    twins(Certified, r"\log(1 + p) < p", r"\log(1 + p) < \frac{p}{2}");
    twins(Certified, r"e^p > 1 + p", r"e^p > 1 + 2 p");
    twins(Certified, r"u^2 < u", r"p^2 < p");
    twins(
        Certified,
        r"a^2 - 1.26 a + 0.3970 > 0",
        r"a^2 - 1.26 a + 0.3968 > 0",
    );
    twins(Certified, r"\log(e^a + e^b) > b", r"\log(e^a + e^b) > a + b");
    refuted(r"\pi + 10^{-90} = \pi");
    refuted(r"p^p \ge 0.7");
    neighbours(Certified, r"u^2 \ne 2", r"u^2 \ne \frac12");
    neighbours(Certified, r"\exp(p) \ne 1", r"\exp(a) \ne 2");
}

/// A limit is not inferred from values at a few points.
#[test]
fn limits() {
    let limit = |claim| format!("% varies: n \\to \\infty\n{claim}");
    twins(
        Certified,
        &limit(r"\frac{n}{n + 10^{40}} \to 1"),
        &limit(r"\frac{n}{n + 10^{40}} \to 0"),
    );
}

/// An unknown function is not affine, and the expectation of a function is not
/// its value at the mean.
#[test]
fn functions_and_means() {
    refuted(
        r"\mathbb E_\epsilon[G(\epsilon)] = G(\mathbb E_\epsilon[\epsilon])",
    );
    refuted(r"w(x + y) = w(x) + w(y) - w(0)");
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\|\epsilon\|^4] = d (d + 2)",
        r"\mathbb E_\epsilon[\|\epsilon\|^4] = 15.3",
    );
    // The notation fixes d = 3, so d (d + 2) (d + 4) = 105.
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\|\epsilon\|^6] = 105",
        r"\mathbb E_\epsilon[\|\epsilon\|^6] = 104",
    );
    twins(
        Gaussian,
        r"\mathbb E_\epsilon\left[\frac{\mathcal N(\epsilon; 3 x, I)}{\mathcal N(\epsilon; 0, I)}\right] = 1",
        r"\mathbb E_\epsilon\left[\frac{\mathcal N(\epsilon; 3 x, I)}{\mathcal N(\epsilon; 0, I)}\right] \le 0.5",
    );
    twins(
        Gaussian,
        r"\mathbb E_{q(z_t)}[\mathbb E[z_0 \mid z_t]] = \mathbb E[z_0]",
        r"\mathbb E[z_0 \mid z_t] = \mathbb E[z_0]",
    );
}

/// Text beside a claim is a part of the claim, or is refused.
#[test]
fn nothing_is_dropped() {
    for lie in [
        r"a = 2 a \in (0, \infty)",
        r"s_t = 3 \quad \forall t \in \{1, \dots, T\}",
        r"t = 1, \dots, T: a = 3 a",
        r"s_t = s_1 \quad \text{except } t = 1",
        r"s_t = s_1 \quad \text{unlike } t = 1",
        r"a = a \\ \qquad b",
        r"a = b \text{ (not quite)}",
        r"2 \nleq 3",
        r"1 = 2 \notin \{1\}",
        r"\begin{aligned} a &= a & b &= 2 b \end{aligned}",
        r"\phantom{a := 1} a = 1",
        r"t \le 2",
    ] {
        assert!(!display(lie).is_good(), "{lie}");
    }
    twins(
        Exact,
        r"s_t = s_1 \quad \text{if } t = 1",
        r"s_t = s_1 \quad \text{if } t \ge 1",
    );
    twins(Exact, r"|a| = a, \quad a > 0", r"|a| = a, \quad a > -1");
    // A claim does not pass because no point meets its condition.
    assert_eq!(statuses(r"a = a + 1 \quad \text{for } p < 0"), [Unknown]);
}

/// A root can be differentiated forever: the limit on work ends the search.
#[test]
fn limits_of_roots_end() {
    for limit in
        [r"\frac{a^2}{\sqrt{a^4}} \to 1", r"\frac{a}{\sqrt{a^2}} \to 1"]
    {
        common::not_good(&format!("% varies: a \\to 0\n{limit}"));
    }
}

/// The reader scans a text with many openings and no closings only once. With a
/// search to the end for each opening, this test would take minutes.
#[test]
fn openings_without_an_end() {
    let notation = Notation::default();
    for opening in
        ["\\(", "\\[", "\\(a ", "$$", "<!-- ", "\\begin{align} ", "`a"]
    {
        let text = opening.repeat(20_000);
        for name in ["a.md", "a.tex"] {
            let report = check(name, &text, &notation, &Marks::default());
            assert!(report.outcomes.is_empty(), "{opening}");
        }
    }
}

/// The root of minus a square has a value where the square is zero, also if the square
/// is not seen to be zero.
#[test]
fn roots_of_negative_squares() {
    let zero = r"\sqrt{3 + 2 \sqrt 2} - 1 - \sqrt 2";
    open(&format!(r"\sqrt{{-({zero})^2}} = 0"));
    twins(Exact, &format!(r"{zero} = 0"), &format!(r"{zero} = 1"));
    refuted(r"\sqrt{-(u + 1)^2} = 0");
}

/// A case whose condition has no value refutes nothing.
#[test]
fn cases_whose_condition_has_no_value() {
    let cases = |second: &str| {
        format!(
            r"\begin{{cases}} a & \text{{if }} 1/a > 0 \\ {second} & \text{{otherwise}} \end{{cases}} \ge 0"
        )
    };
    open(&cases("0"));
    refuted(&cases("-1"));
}

/// Products of hundreds of factors are decided, and powers with thousands of digits
/// are taken apart.
#[test]
fn long_products() {
    twins(
        Exact,
        r"\ln \prod_{j=1}^{300} 3^{300} = 90000 \ln 3",
        r"\ln \prod_{j=1}^{300} 3^{300} = 90001 \ln 3",
    );
    passes(
        Exact,
        r"\prod_{j=1}^{300} (u + j) e^{u j} = \prod_{j=1}^{300} (j + u) e^{u j + 0 u}",
    );
}
