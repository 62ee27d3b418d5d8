//! Limits, integrals, and sums over sets, as textbooks write them.

mod common;

use common::{not_good, refused, report};
use proofread::Status::{self, Certified, Exact, False};

const NOTATION: &str = r"
    [sizes]
    T = '2..4'

    [indices]
    t = '1..T'
    s = '1..T'

    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    'c' = { kind = 'scalar' }
    'h' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'g_t' = { kind = 'scalar', range = '0..T' }
    'u_t' = { kind = 'scalar', in = '(0, 1)' }
    'X' = { kind = 'vector' }
    'Y' = { kind = 'vector' }
    'z_t' = { kind = 'vector', range = '0..T' }
";

fn status(latex: &str) -> Status {
    let report = report(&format!("$$\n% id: test\n{latex}\n$$\n"), NOTATION);
    assert_eq!(report.outcomes.len(), 1, "{latex}: {:?}", report.problems);
    report.outcomes[0].status
}

#[track_caller]
fn twins(tier: Status, truth: &str, lie: &str) {
    assert_eq!(status(truth), tier, "{truth}");
    assert_eq!(status(lie), False, "{lie}");
}

#[track_caller]
fn open(latex: &str) {
    let found = status(latex);
    assert!(!found.is_good() && found != False, "{latex}: {found:?}");
}

/// A limit may be one side of an equation.
#[test]
fn limits() {
    for (body, limit, other) in [
        (r"\lim_{h \to 0} \frac{\sin h}{h}", "1", "0"),
        (r"\lim_{h \to 0} \frac{e^h - 1}{h}", "1", "2"),
        (r"\lim_{h \to 0} \frac{(a + h)^2 - a^2}{h}", "2 a", "a"),
        (r"\lim_{h \to 0} \frac{1 - \cos h}{h^2}", r"\frac12", "1"),
        (r"\lim_{h \to 0} \frac{\sqrt{1 + h} - 1}{h}", r"\frac12", "1"),
        (r"\lim_{h \to 0} \frac{\sin(2 h)}{\sin(3 h)}", r"\frac23", "1"),
        (r"\lim_{h \to 0} (1 + h)^{1/h}", "e", "1"),
        (r"\lim_{a \to 1} \frac{a^2 - 1}{a - 1}", "2", "1"),
        (r"\lim_{a \to -1} \frac{a^2 - 1}{a + 1}", "-2", "2"),
        (r"\lim_{p \to \infty} \frac{2 p^2 + 1}{p^2 + p}", "2", "1"),
        (r"\lim_{p \to \infty} \Big(1 + \frac1p\Big)^p", "e", "1"),
        (r"\lim_{p \to \infty} \frac{\log p}{p}", "0", "1"),
        (r"\lim_{p \to \infty} p^{1/p}", "1", "0"),
        (r"\lim_{p \to 0} p \log p", "0", "1"),
        (r"\lim_{a \to \infty} a^2 e^{-a}", "0", "1"),
        (r"\lim_{a \to -\infty} \frac{1}{1 + e^{-a}}", "0", "1"),
        (r"\lim_{a \to \infty} \tanh a", "1", "0"),
        (r"\lim_{a \to 0^+} \frac{|a|}{a}", "1", "-1"),
        (r"\lim_{a \to 0^-} \frac{|a|}{a}", "-1", "1"),
    ] {
        twins(
            Certified,
            &format!("{body} = {limit}"),
            &format!("{body} = {other}"),
        );
        // The limit may be the right side, too.
        assert_eq!(status(&format!("{limit} = {body}")), Certified);
    }
    let square = r"\lim_{h \to 0} \frac{\|X + h Y\|^2 - \|X\|^2}{h}";
    assert_eq!(status(&format!(r"{square} = 2 X^\top Y")), Certified);
    open(&format!(r"{square} = X^\top Y"));
    // There is no limit: the one-sided limits differ, or the function grows or
    // oscillates.
    assert_eq!(status(r"\lim_{a \to 0} \frac{|a|}{a} = 1"), False);
    assert_eq!(status(r"\lim_{p \to \infty} p = 0"), False);
    open(r"\lim_{a \to \infty} \sin a = 0");
    open(
        r"\lim_{a \to \infty} \frac{a + \sin a \cos a}{(a + \sin a \cos a) e^{\sin a}} = 1",
    );
    // A message names the part that was not understood.
    let text = |latex: &str| report(&format!("${latex}$"), NOTATION);
    for (latex, words) in [
        (r"\lim a = 0", "where does the variable"),
        (r"\lim_{T \to \infty} T = 0", "whole number"),
        (r"\lim_{a \to b} a = b", "a limit goes to"),
        (r"\lim_{a \to 0} a + a = 0", "how far"),
        (r"1 + \lim_{a \to 0} a = 1", "one side of an equation"),
    ] {
        let report = text(latex);
        assert!(!report.is_good(), "{latex}");
        let all = report.outcomes.iter().filter_map(|o| o.problem.as_ref());
        let mut all = all.map(|problem| &problem.message);
        assert!(all.any(|m| m.contains(words)), "{latex}: {report:?}");
    }
}

/// An integral is computed by an antiderivative if the integrand has a value
/// everywhere between the ends.
#[test]
fn integrals() {
    for (body, value, other) in [
        (r"\int_0^1 a \,da", r"\frac12", "1"),
        (r"\int_b^c a \,da", r"\frac{c^2 - b^2}{2}", r"\frac{c^2 + b^2}{2}"),
        (r"\int_{-1}^2 |a| \,da", r"\frac52", r"\frac32"),
        (r"\int_0^1 |a - \tfrac12| \,da", r"\frac14", "0"),
        (r"\int_0^1 \frac{1}{1 + a} \,da", r"\log 2", r"\log 3"),
        (r"\int_{-2}^{-1} \frac1a \,da", r"-\log 2", r"\log 2"),
        (r"\int_1^p \frac1a \,da", r"\log p", "p"),
        (r"\int_0^1 \frac{1}{(1 + a)^2} \,da", r"\frac12", "1"),
        (r"\int_1^2 a \log a \,da", r"2 \log 2 - \frac34", r"\log 2"),
        (r"\int_0^b e^{2 a} \,da", r"\frac{e^{2 b} - 1}{2}", r"e^{2 b} - 1"),
        (r"\int_0^1 a^2 e^a \,da", "e - 2", "e - 1"),
        (r"\int_0^b \cos a \,da", r"\sin b", r"\cos b"),
        (r"\int_0^\pi a \sin a \,da", r"\pi", r"2 \pi"),
        (r"\int_0^1 \sqrt a \,da", r"\frac23", r"\frac12"),
        (r"\int_0^1 \int_0^b a \,da \,db", r"\frac16", r"\frac12"),
        (r"\int_0^1 a \,da + \int_0^2 b \,db", r"\frac52", r"\frac32"),
    ] {
        twins(
            Exact,
            &format!("{body} = {value}"),
            &format!("{body} = {other}"),
        );
    }
    // The integrand has no value at a point between the ends, or at one end.
    open(r"\int_{-1}^1 \frac{1}{a^2} \,da = -2");
    open(r"\int_{-1}^1 \frac{1}{a} \,da = 0");
    open(r"\int_{-1}^1 (\log a - \log a) \,da = 0");
    open(r"\int_{-1}^1 \sqrt a \sqrt a \,da = 0");
    open(r"\int_0^b \frac{1}{a^2} \,da = -\frac1b");
}

/// Sums and products run over the sets and conditions below their signs.
#[test]
fn sums_over_sets() {
    let all = r"\sum_{i=1}^T u_i";
    for (left, right, other) in [
        (r"\sum_{i \in \{1, 2\}} g_i", "g_1 + g_2", "g_1 - g_2"),
        (r"\sum_{i \in \{0, \dots, t\}} g_i", r"\sum_{i=0}^t g_i", "g_t"),
        (r"\sum_{1 \le i < t} g_i", r"\sum_{i=1}^{t-1} g_i", "g_0 + g_1"),
        (r"\sum_{s < t} u_s", r"\sum_{i=1}^{t-1} u_i", r"\sum_{i=1}^t u_i"),
        (r"\sum_{s \ne t} u_s", &format!("{all} - u_t"), all),
        (r"\sum_{s=1, s \ne t}^T u_s", &format!("{all} - u_t"), all),
        (r"\sum_{s, t} u_s u_t", &format!(r"\Big({all}\Big)^2"), all),
        (r"\sum_{i, j=1}^T u_i u_j", &format!(r"\Big({all}\Big)^2"), all),
        (
            r"\sum_{1 \le i < j \le T} u_i u_j",
            &format!(
                r"\frac12 \Big({all}\Big)^2 - \frac12 \sum_{{i=1}}^T u_i^2"
            ),
            &format!(r"\Big({all}\Big)^2"),
        ),
        (r"\prod_{s \ne t} u_s", r"\frac{1}{u_t} \prod_{i=1}^T u_i", "u_t"),
        (r"\prod_{1 \le i \le 2} u_i", "u_1 u_2", "u_1 + u_2"),
        (r"\sum_{s \ne t} z_s", r"\sum_{i=1}^T z_i - z_t", r"\sum_{i=1}^T z_i"),
        // A summand that is left out need not have a value.
        (r"\sum_{i \in \{1, 2\}, i \ne 2} \frac{1}{i - 2}", "-1", "1"),
    ] {
        twins(
            Exact,
            &format!("{left} = {right}"),
            &format!("{left} = {other}"),
        );
    }
    let text = |latex: &str| report(&format!("${latex}$"), NOTATION);
    for unclear in [
        r"\sum_{s < t} u_s u_t = 0",
        r"\sum_{s \ne t} u_s u_t = 0",
        r"\sum_{i < t} u_i = 0",
        r"\sum_{i, i} u_i = 0",
        r"\sum_{1 \le i = 2} u_i = 0",
        r"\sum_{s \in \{1, 2\}}^T u_s = 0",
    ] {
        let report = text(unclear);
        assert!(!report.is_good(), "{unclear}");
        let mut all = report.outcomes.iter();
        assert!(all.all(|o| o.status != False), "{unclear}: {report:?}");
    }
}

/// The number `e` needs no declaration.
#[test]
fn euler() {
    twins(Exact, r"\log e = 1", r"\log e = 2");
    twins(Certified, r"e < 3", r"e > 3");
    not_good("e_t = 1");
    refused(r"\gamma = 1", "unknown symbol");
}

/// A case without a value says nothing of the points where another case applies.
#[test]
fn cases_without_a_value() {
    for open in [
        r"\begin{cases} 1 & p > 0 \\ \log(-1) & \text{otherwise} \end{cases} = 1",
        r"\begin{cases} 1 & \sqrt 2 \ge 0 \\ \sqrt{-1} & \text{otherwise}
            \end{cases} = 1",
        r"\begin{cases} \log(-1) & a < a \\ 1 & \text{otherwise} \end{cases} = 1",
        r"\begin{cases} 1 & p > 0 \\ 2 & \log(-1) > 0 \\ 3 & \text{otherwise}
            \end{cases} = 1",
    ] {
        common::open(open);
    }
    // No case applies, or perhaps none.
    for open in [
        r"\begin{cases} 1 & t > 9 \end{cases} = \begin{cases} 2 & t > 9 \end{cases}",
        r"\begin{cases} a & a > 0 \end{cases} = \begin{cases} a & a > 0 \end{cases}",
        r"\begin{cases} 0 & a < 0 \\ 1 & a > 0 \end{cases} \le 1",
        r"\begin{cases} 0 & a < 0 \\ 1 & 0 \le a < 1 \\ 2 & a > 1 \end{cases} \le 2",
        r"\begin{cases} a & a < b \\ b & b < a \end{cases} = \min(a, b)",
    ] {
        common::not_good(open);
    }
    for complete in [
        r"\begin{cases} 0 & a < 0 \\ a & 0 \le a \le 1 \\ 1 & a > 1 \end{cases} \le 1",
        r"\begin{cases} a & a < b \\ b & b \le a \end{cases} = \min(a, b)",
        r"\begin{cases} 0 & a = 0 \\ 1 & a \ne 0 \end{cases} \le 1",
    ] {
        assert!(common::display(complete).is_good(), "{complete}");
    }
    let allowed = format!("undefined = 'allow'\n{}", common::NOTATION);
    let lie = r"$\begin{cases} \frac{1}{t-1} & a > 0 \\ 1 & \text{otherwise}
        \end{cases} = \begin{cases} \frac{1}{t-1} & a > 0 \\ 1 &
        \text{otherwise} \end{cases} + (t-2)(t-3)(t-4)$";
    assert!(!common::report(lie, &allowed).is_good());
    // A condition on the value of one case says nothing of the other.
    for lie in [
        r"\begin{cases} 1 & a < 0 \\ \sqrt a & \text{otherwise} \end{cases}
            = \sqrt a",
        r"\begin{cases} \sqrt a & a \ge 0 \\ 5 & \text{otherwise} \end{cases}
            \ne \sqrt a + 1",
    ] {
        assert!(!common::report(&format!("${lie}$"), &allowed).is_good());
    }
    // Nor does the formula of a derivative where it divides by 0.
    let lie =
        r"$\frac{\mathrm d}{\mathrm d a} (a \sqrt{a^2}) = \frac{2 a^2}{|a|}$";
    assert!(!common::report(lie, &allowed).is_good());
    // What holds only where both sides have values says so.
    let partly = common::report(r"$\frac{1}{a} = \frac{2}{2a}$", &allowed);
    let summary = partly.totals();
    assert!(
        summary.ends_with("1 only where both sides have values"),
        "{summary}"
    );
}

/// A rule of differentiation may divide by 0 in a definition, too.
#[test]
fn rough_derivatives_in_definitions() {
    let notation = r"
        [symbols]
        a = { kind = 'scalar' }
        'h(a)' = { kind = 'scalar', means = '\frac{\mathrm d}{\mathrm d a} \sqrt{a^2}^3' }
    ";
    let statuses = |latex: &str| {
        let text = format!("$$\n% id: test\n{latex}\n$$\n");
        report(&text, notation).outcomes[0].status
    };
    assert_eq!(statuses(r"h(a) = 3 a \sqrt{a^2}"), proofread::Status::Searched);
    assert_eq!(statuses(r"h(a) = 2 a \sqrt{a^2}"), proofread::Status::False);
}

/// The order of a derivative stands above the first d and above the variable.
#[test]
fn orders_of_derivatives() {
    for wrong in [
        r"\frac{\mathrm d}{\mathrm d^2 a} a^2 = 2 a",
        r"\frac{\mathrm d^2}{\mathrm d^2 a} a^2 = 2",
        r"\frac{\mathrm d^2}{\mathrm d^2 a^2} a^2 = 2",
        r"\frac{\partial}{\partial^2 a} a^2 = 2 a",
        r"\int_0^1 2 a \, \mathrm d^2 a = 1",
    ] {
        refused(wrong, "");
    }
    let second = r"\frac{\mathrm d^2}{\mathrm d a^2} a^2 = 2";
    assert!(common::display(second).is_good());
}
