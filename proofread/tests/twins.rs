//! True and false twins of every kind of claim: each true claim passes with the
//! expected status, and each false claim is refuted.

mod common;

use Status::{
    Certified, Definition, Exact, False, Gaussian, Undecided, Unknown,
};
use proofread::{Marks, Notation, Report, Status, check};

const NOTATION: &str = r"
    [sizes]
    T = '3..8'
    d = '3..3'

    [indices]
    t = '1..T'

    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    'c' = { kind = 'scalar' }
    'h' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'r' = { kind = 'scalar', in = '(0, oo)' }
    'u' = { kind = 'scalar', in = '(0, 1)' }
    'x' = { kind = 'vector' }
    'y' = { kind = 'vector' }
    'w(x)' = { kind = 'vector' }
    '\beta_t' = { kind = 'scalar', in = '(0, 1)', draw = '[0.1, 0.6]' }
    '\alpha_t' = { kind = 'scalar', in = '(0, 1)', means = '1 - \beta_t' }
    '\bar\alpha_t' = { kind = 'scalar', in = '(0, 1]', range = '0..T',
                       means = '\prod_{s=1}^{t} \alpha_s' }
    'z_t' = { kind = 'vector', range = '0..T' }
    '\epsilon' = { kind = 'vector', standard_normal = true }

    [processes.q]
    variable = 'z'
    range = '0..T'
    index = 't'
    step = '\mathcal N(z_t; \sqrt{1 - \beta_t} z_{t-1}, \beta_t I)'
";

fn report(text: &str) -> Report {
    common::report(text, NOTATION)
}

/// Returns the status of the last relation of a formula.
fn status(latex: &str) -> Status {
    let report = report(&format!("$$\n% id: test\n{latex}\n$$\n"));
    assert!(report.problems.is_empty(), "{latex}: {:?}", report.problems);
    let last = report.outcomes.last().unwrap();
    if last.status == False {
        assert!(last.counterexample.is_some(), "{latex}");
    }
    last.status
}

#[track_caller]
fn twins(tier: Status, truth: &str, lie: &str) {
    assert_eq!(status(truth), tier, "{truth}");
    assert_eq!(status(lie), False, "{lie}");
}

#[test]
fn algebra() {
    twins(Exact, "(a+b)^2 = a^2 + 2ab + b^2", "(a+b)^2 = a^2 + b^2");
    twins(
        Exact,
        r"\frac{1}{p} + \frac{1}{r} = \frac{p + r}{p r}",
        r"\frac{1}{p} + \frac{1}{r} = \frac{2}{p + r}",
    );
    twins(Exact, "a (b - c) = a b - a c", "a - (b - c) = a - b - c");
    twins(Exact, r"2 \cdot 0.25 = 0.5", r"2 \cdot 0.25 = 0.51");
    twins(Exact, r"p^{-2} = \frac{1}{p^2}", r"p^{-2} = -p^2");
    twins(Exact, "a / (p) = \\frac{a}{p}", "a / (p) = \\frac{p}{a}");
    // Both sides lack a value at b = 0, and the text must say that b is not 0.
    assert_eq!(status("a / (b) = \\frac{a}{b}"), Undecided);
}

/// A square root is never negative, although either sign solves its equation.
#[test]
fn roots() {
    twins(
        Exact,
        r"\sqrt{p r} = \sqrt p \sqrt r",
        r"\sqrt{p + r} = \sqrt p + \sqrt r",
    );
    twins(Exact, r"\sqrt{(p+r)^2} = p + r", r"\sqrt{(a+b)^2} = a + b");
    twins(Exact, r"\sqrt{p^2} = p", r"\sqrt{a^2} = a");
    twins(Exact, r"\sqrt{(1-u)^2} = 1 - u", r"\sqrt{(1-u)^2} = u - 1");
    twins(
        Exact,
        r"\frac{1 - u}{\sqrt{1 - u}} = \sqrt{1 - u}",
        r"\frac{1 - u}{\sqrt{1 - u}} = 1 - u",
    );
    // One side has a value and the other has none.
    assert_eq!(status(r"\sqrt{p} = \sqrt{-p}"), False);
    assert_eq!(status(r"\sqrt{a^2} \sqrt{b^2} = \sqrt{a^2 b^2}"), Exact);
}

/// A product of two vectors has no meaning, and an inner product is not the
/// product of the norms.
#[test]
fn vectors() {
    twins(
        Exact,
        r"\|x + y\|^2 = \|x\|^2 + 2 x^\top y + \|y\|^2",
        r"\|x + y\|^2 = \|x\|^2 + \|y\|^2",
    );
    twins(Exact, r"x^\top y = y^\top x", r"(x^\top y)^2 = \|x\|^2 \|y\|^2");
    twins(Exact, "a (x + y) = a x + a y", "a x + b y = a y + b x");
    for nonsense in ["x y = y x", "x + 1 = x", "x^2 = x", r"\sqrt{x} = x"] {
        assert_eq!(status(nonsense), Unknown, "{nonsense}");
    }
    // Nothing is known about a function except that it maps equal arguments to
    // equal values.
    twins(Exact, "w(a x + 0) = w(a x)", "w(2 x) = 2 w(x)");
    twins(Exact, "w(x - x) = w(0)", "w(2x) + w(0) = 2 w(x)");
    assert_eq!(status(r"\|w(2x) + w(0)\| \le 2 \|w(x)\|"), False);
}

/// Indices work in tables, in products, with shifts, and in claims that hold
/// for only some t.
#[test]
fn indices() {
    twins(
        Exact,
        r"\bar\alpha_t = \alpha_t \bar\alpha_{t-1}",
        r"\bar\alpha_t = \alpha_t \bar\alpha_t",
    );
    twins(
        Exact,
        r"\sum_{s=1}^{T} s = \frac{T (T+1)}{2}",
        r"\sum_{s=1}^{T} s = \frac{T (T-1)}{2}",
    );
    twins(
        Exact,
        r"\sum_{s=2}^{t} \beta_s = \sum_{s=1}^{t} \beta_s - \beta_1",
        r"\sum_{s=2}^{t} \beta_s = \sum_{s=1}^{t} \beta_s",
    );
    let late = r"\frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_{t-1}} = 1";
    assert_eq!(status(late), False, "it divides by zero at t = 1");
    assert_eq!(status(&format!(r"{late} \quad \text{{for }} t \ge 2")), Exact);
    assert_eq!(status(r"\alpha_{t-1} = 1 - \beta_{t-1}"), Unknown);
    twins(
        Exact,
        r"\alpha_{t-1} = 1 - \beta_{t-1} \quad \text{for } t \ge 2",
        r"\alpha_{t-1} = 1 - \beta_t \quad \text{for } t \ge 2",
    );
    for range in [r"t = 2, \dots, T", r"t \in \{2, \dots, T\}", "t > 1"] {
        assert_eq!(
            status(&format!(r"{late} \quad \text{{for }} {range}")),
            Exact
        );
    }
    // No t meets this condition, and a claim about nothing does not pass.
    let nothing = r"\beta_t = \alpha_t \quad \text{for } t > T";
    assert_eq!(status(nothing), Unknown);
}

#[test]
fn inequalities_logarithms_and_limits() {
    twins(Certified, r"2ab \le a^2 + b^2", r"2ab < a^2 - b^2");
    twins(Certified, r"\beta_t < 1", r"\bar\alpha_t \ge \alpha_t");
    twins(Certified, r"p + r \ne p", r"p \ne p");
    twins(
        Exact,
        r"\log (p r) = \log p + \log r",
        r"\log(p + r) = \log p + \log r",
    );
    twins(
        Exact,
        r"\exp(a + b) = \exp(a) \exp(b)",
        r"\exp(a b) = \exp(a) \exp(b)",
    );
    twins(Exact, r"\cos(a)^2 + \sin(a)^2 = 1", r"\cos(2a) = 2 \cos(a)");
    let near = |claim| format!("% tolerance: 2e-2\n{claim}");
    twins(
        Certified,
        &near(r"\exp(0.01 u) \approx 1 + 0.01 u"),
        &near(r"\exp(0.01 u) \approx 1 + 0.1 u"),
    );
    assert_eq!(status(r"\exp(u) \approx 1 + u"), Unknown, "how near?");
    let limit = |claim| format!("% varies: h \\to 0\n{claim}");
    twins(
        Certified,
        &limit(r"\frac{(a + h)^2 - a^2}{h} \to 2a"),
        &limit(r"\frac{(a + h)^2 - a^2}{h} \to a"),
    );
    assert_eq!(status(&limit(r"h + 10^{-7} \to 0")), False);
    // From below, the quotient goes to -1.
    assert_eq!(status(&limit(r"\frac{|h|}{h} \to 1")), False);
    let slow = "% varies: h \\to \\infty\n\\frac{1}{\\log h} \\to 0";
    assert_eq!(status(slow), Certified, "no point shows it, the rules do");
}

#[test]
fn gaussians() {
    twins(
        Gaussian,
        r"q(z_t \mid z_0) = \mathcal N(z_t; \sqrt{\bar\alpha_t} z_0, (1 - \bar\alpha_t) I)",
        r"q(z_t \mid z_0) = \mathcal N(z_t; \sqrt{\alpha_t} z_0, (1 - \bar\alpha_t) I)",
    );
    twins(
        Gaussian,
        r"q(z_{t-1} \mid z_t) = \frac{q(z_t \mid z_{t-1}) q(z_{t-1})}{q(z_t)}",
        r"q(z_{t-1} \mid z_t) = \frac{q(z_t \mid z_{t-1}) q(z_t)}{q(z_{t-1})}",
    );
    twins(
        Gaussian,
        r"q(z_t \mid z_{t-1}, z_0) = q(z_t \mid z_{t-1}) \quad \text{for } t \ge 2",
        r"q(z_{t-1} \mid z_t, z_0) = q(z_{t-1} \mid z_t) \quad \text{for } t \ge 2",
    );
    let varies = |claim| format!("% varies: z_t\n{claim}");
    twins(
        Gaussian,
        &varies(
            r"q(z_t \mid z_{t-1}) \propto \exp\Big(-\frac{\|z_t - \sqrt{\alpha_t} z_{t-1}\|^2}{2 \beta_t}\Big)",
        ),
        &varies(
            r"q(z_t \mid z_{t-1}) \propto \exp\Big(-\frac{\|z_t - \sqrt{\alpha_t} z_{t-1}\|^2}{\beta_t}\Big)",
        ),
    );
    twins(
        Gaussian,
        r"\epsilon \sim \mathcal N(0, I)",
        r"\epsilon \sim \mathcal N(0, 2 I)",
    );
    twins(
        Gaussian,
        r"\mathrm{KL}(\mathcal N(x, p I) \,\|\, \mathcal N(y, p I)) = \frac{\|x - y\|^2}{2 p}",
        r"\mathrm{KL}(\mathcal N(x, p I) \,\|\, \mathcal N(y, p I)) = \frac{\|x - y\|^2}{p}",
    );
}

/// A counterexample has the value of each number that the sides depend on, also of
/// those under a product; and no tiny numbers where plain ones will do.
#[test]
fn a_counterexample_can_be_computed_again() {
    let counterexample = |latex: &str| {
        let report = report(&format!("$$\n% id: test\n{latex}\n$$\n"));
        report.outcomes.last().unwrap().counterexample.clone().unwrap()
    };
    let found = counterexample("\\prod_{s=1}^T (1 - \\beta_s) \\le 0.01");
    let steps = found.values.iter().map(|(name, value)| {
        assert!(name.starts_with("\\beta_"), "{found:?}");
        1.0 - value.parse::<f64>().unwrap()
    });
    let product: f64 = steps.product();
    let left = found.left.parse::<f64>().unwrap();
    assert!((product / left - 1.0).abs() < 1e-4, "{found:?}");

    let found = counterexample("\\exp(-a^2 - b^2) = \\exp(-a^2 - b^2 - c^2)");
    for side in [&found.left, &found.right] {
        assert!(!side.contains("e-"), "{found:?}");
    }
}

/// The digits of a counterexample are the point itself: there are as many as refute
/// the claim, or the number is a fraction.
#[test]
fn the_digits_of_a_counterexample_refute_the_claim() {
    let shown = |latex: &str| {
        let text = format!("$$\n% id: test\n{latex}\n$$\n");
        let notation = format!("undefined = 'allow'\n{NOTATION}");
        let notation = Notation::read(&notation).unwrap();
        let report = check("test.md", &text, &notation, &Marks::default());
        let outcome = &report.outcomes[0];
        let found = outcome.counterexample.clone().expect(latex);
        found.values[0].1.clone()
    };
    // The logarithm has a value on the other side of (pi / 2)^3 = 3.8757846.
    let p: f64 = shown("\\log\\cos\\sqrt[3]{p} < 1").parse().unwrap();
    assert!(p.cbrt().cos() < 0.0, "{p}");
    let u: f64 = shown("u \\le 0.9999999").parse().unwrap();
    assert!(u > 1.0 - 1.001e-7 && u < 1.0, "{u}");
    assert_eq!(shown("u < 0.999999999999999"), "0.999999999999999");
    assert_eq!(shown("3 p \\ne 1"), "1/3");
    assert_eq!(shown("(7 a - 2)^2 > 0"), "2/7");
    assert_eq!(shown("4 a \\ne 1"), "0.25");
}

/// The search for counterexamples covers the ends of a domain, distant points,
/// and numbers that are almost zero.
#[test]
fn the_domain_is_searched_to_its_ends() {
    for lie in [
        "a \\le 3",
        "p \\ge 0.003",
        "u \\le 0.999",
        "\\beta_t \\le 0.7",
        "\\|x\\| \\le 6",
        "a^2 > 0",
        "a \\ne 1",
        "\\exp |a + 4| = \\exp(a + 4)",
        "10^{-60} \\le 0",
        "10^{-60} p \\le -10^{-60} p",
        "10^{400} \\le 1",
        "\\exp(a) + 10^{70} - 10^{70} = \\exp(b)",
    ] {
        assert_eq!(status(lie), False, "{lie}");
    }
    for truth in [
        "a^2 \\ge 0",
        "10^{-55} > 0",
        "a \\ne a + 10^{-60}",
        "u < 1",
        "\\exp |a| \\ge \\exp(a)",
    ] {
        assert_eq!(status(truth), Certified, "{truth}");
    }
    // The factor is zero modulo the prime of the field, but it is not zero.
    let prime =
        r"(1000000000 \cdot 2305843009 + 213693951) a \cdot 10^{-80} = 0";
    assert_eq!(status(prime), False);
}

/// A claim that was shown under a condition is used only under the condition.
#[test]
fn conditions_are_not_forgotten() {
    let text = "$$\n% id: one\n\\bar\\alpha_t = \\alpha_t \\text{ for } t = 1\n$$\n\
                $$\n% id: two\n% uses: one\n\\bar\\alpha_t = \\alpha_t\n$$";
    let report = report(text);
    assert!(!report.is_good());
    assert_eq!(report.outcomes[0].status, Exact);
    assert!(report.outcomes[1].status != Exact);
    let all = r"\bar\alpha_t = \bar\alpha_T \text{ for } t = 1, \dots, T";
    assert_eq!(status(all), False);
}

/// Every bracket, sign, script and row is read with its meaning, or refused.
#[test]
fn nothing_is_misread() {
    for (latex, expected) in [
        (r"\lfloor a \rfloor = a", Unknown),
        (r"(a] = a", Unknown),
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix} = 12", Unknown),
        (r"\sin a \cos b = \sin(a \cos b)", False),
        (r"\log \exp(a) = a", Exact),
        (r"a {- b} = -ab", Unknown),
        (r"2\,3 = 23", False),
        (r"2\,3 = 6", Exact),
        (r"\sin^{-1} a = \frac{1}{\sin a}", Unknown),
        (
            r"\mathrm{KL}(\mathcal N(x, p I) \| \mathcal N(y, p I))^2 = \mathrm{KL}(\mathcal N(x, p I) \| \mathcal N(y, p I))",
            False,
        ),
        (r"\mathcal N^2(x; 0, I) = \mathcal N(x; 0, I)", Unknown),
        (r"w(x)_2 = w(x)", Unknown),
        (r"10^3 = 1,000", Unknown), // or a list?
        (r"10^3 = 1{,}000", Exact),
        (r"\langle x, y \rangle = x^\top y", Exact),
        (r"\sqrt{\frac{9}{4}} = \frac{3}{2}", Exact),
        (r"T = T + 1", False),
        (
            r"\prod_{s=1}^{2} \alpha_s \prod_{s=1}^{2} \alpha_s = \bar\alpha_2^2",
            Exact,
        ),
        (r"q\left(z_t \mid z_0\right) = q(z_t \mid z_0)", Gaussian),
        (r"q(z_t \mid z_{t-1}, z_0) = q(z_t \mid z_{t-1})", Gaussian),
        (r"\mathcal N(0; 0, p I) = \mathcal N(x - x; 0, p I)", Gaussian),
        (r"\alpha_t = 1 - \beta_t \quad \text{for all } t \ge 2", Exact),
    ] {
        assert_eq!(status(latex), expected, "{latex}");
    }
    // Braces are invisible: they do not group, and digits join across them.
    for (latex, expected) in [
        (r"{a + b} c = a + b c", Exact),
        (r"{a + b} c = a c + b c", False),
        (r"a - {b + c} = a - b + c", Exact),
        (r"a - {b + c} = a - b - c", False),
        (r"{a b}^2 = a b^2", Exact),
        (r"{a b}^2 = a^2 b^2", False),
        (r"{\log p} r = \log(p r)", Exact),
        (r"{\log p} r = r \log p", False),
        (r"c / {a b} = \frac{c}{a b}", Unknown),
        (r"\left. a + b \right. c = a + b c", Exact),
        (r"\left. a + b \right. c = a c + b c", False),
        (r"\underbrace{a + b} c = a + b c", Exact),
        (r"\underbrace{a + b}_{\text{both}} = b + \overbrace{a}^{(1)}", Exact),
        (r"\underbrace{a}_{A} = \underbrace{a}_{B}", Exact),
        (r"\underbrace{a + b}_{= 2 a} = a + b", Unknown),
        (r"\underbrace{a}^{2} = a", Unknown),
        (r"2 3 = 23", Exact),
        (r"2 3 = 6", False),
        (r"{1}2 = 12", Exact),
        (r"1.2.3 = a", Unknown),
    ] {
        assert_eq!(status(latex), expected, "{latex}");
    }
    let rows = |text: &str| {
        let text = format!("\\begin{{aligned}} {text} \\end{{aligned}}");
        report(&format!("$$\n% id: test\n{text}\n$$"))
            .outcomes
            .iter()
            .map(|o| o.status)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(r"a &= 2a \\ -a &= a"), [False, False]);
    assert_eq!(rows(r"a &= b + a \\ &\quad - b"), [Exact]);
    let report = report("$a = a, \\quad t = 1, \\dots, T, \\quad a = 2a$");
    assert_eq!(report.outcomes.last().unwrap().status, False);
}

/// A random quantity must be averaged over or named.
#[test]
fn noise_is_averaged_over_or_named() {
    twins(
        Gaussian,
        r"\mathbb E[\|\epsilon\|^2] = d",
        r"\mathbb E[\epsilon] = \epsilon",
    );
    assert_eq!(status(r"\mathbb E_q[\epsilon] = \epsilon"), Unknown);
    assert_eq!(status(r"\mathbb E_\epsilon[\|\epsilon\|^{2t}] = 3"), False);
    assert_eq!(
        status(r"\mathrm{KL}(q(z_1 \mid z_0) \| q(z_2 \mid z_1)) \ge 0"),
        Unknown
    );
}

/// A statement about Gaussian data is not true for all data, so the checker
/// models the data as a mixture.
#[test]
fn data_are_never_a_single_gaussian() {
    let text = r"$$
        % id: test
        q(z_{t-1} \mid z_t) = \mathcal N(z_{t-1}; a z_t + y, p I)
        $$";
    assert_eq!(report(text).outcomes[0].status, False);
    let kl = r"\mathrm{KL}(q(z_{t-1} \mid z_t) \,\|\, q(z_{t-1} \mid z_t)) = 0";
    assert_eq!(status(kl), Gaussian, "the mean of ln 1, whatever the data");
}

#[test]
fn expectations() {
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\|\epsilon\|^2] = d",
        r"\mathbb E_\epsilon[\|\epsilon\|^2] = 1",
    );
    twins(
        Gaussian,
        r"\mathbb E_{q(z_t \mid z_0)}[z_t] = \sqrt{\bar\alpha_t} z_0",
        r"\mathbb E_{q(z_t \mid z_0)}[z_t] = \bar\alpha_t z_0",
    );
    // Moments are exact in every dimension and for every degree.
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\|\epsilon\|^4] = d (d + 2)",
        r"\mathbb E_\epsilon[\|\epsilon\|^4] = d (d + 1)",
    );
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\|\epsilon\|^6] = d (d + 2) (d + 4)",
        r"\mathbb E_\epsilon[\|\epsilon\|^6] = d (d + 2) (d + 3)",
    );
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[(x^\top \epsilon)^2 (y^\top \epsilon)^2]
          = \|x\|^2 \|y\|^2 + 2 (x^\top y)^2",
        r"\mathbb E_\epsilon[(x^\top \epsilon)^2 (y^\top \epsilon)^2]
          = \|x\|^2 \|y\|^2",
    );
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\exp(x^\top \epsilon)] = \exp(\|x\|^2 / 2)",
        r"\mathbb E_\epsilon[\exp(x^\top \epsilon)] = \exp(\|x\|^2)",
    );
    // An expectation that may be infinite has no value.
    let heavy = r"\mathbb E_\epsilon[\exp(\|\epsilon\|^2)] = 1";
    assert_eq!(status(heavy), Unknown);
}

/// The posterior mean stays correct if the expectation of `z_0` given `z_t`
/// replaces `z_0`; the posterior variance does not.
#[test]
fn the_posterior_mean_is_affine_in_z_0() {
    let mean = |z_0: &str| {
        format!(
            r"\frac{{\sqrt{{\bar\alpha_{{t-1}}}} \beta_t}}{{1 - \bar\alpha_t}} {z_0}
              + \frac{{\sqrt{{\alpha_t}} (1 - \bar\alpha_{{t-1}})}}{{1 - \bar\alpha_t}} z_t"
        )
    };
    let left = r"\mathbb E[z_{t-1} \mid z_t]";
    let right = mean(r"\mathbb E[z_0 \mid z_t]");
    twins(
        Gaussian,
        &format!(r"{left} = {right} \quad \text{{for }} t \ge 2"),
        &format!(r"{left} = {} \quad \text{{for }} t \ge 2", mean("z_0")),
    );
}

#[test]
fn definitions() {
    assert_eq!(status("k := a + b"), Definition);
    let text = "$$\n% id: one\nk := a + b\n$$\n\
                $k^2 = a^2 + 2ab + b^2$ and $k = a - b$";
    let found: Vec<_> =
        report(text).outcomes.iter().map(|o| o.status).collect();
    assert_eq!(found, [Definition, Exact, False]);
    // A symbol cannot be defined twice, or by itself.
    let twice = "$$\n% id: one\nk := a\n$$\n$$\n% id: two\nk := b\n$$";
    assert_eq!(report(twice).outcomes[1].status, Unknown);
    assert_eq!(status("k := k + 1"), Unknown);
    // The notation file must not be circular, either.
    let circle = NOTATION.replace(
        "'a' = { kind = 'scalar' }",
        "'a' = { kind = 'scalar', means = 'b + 1' }",
    );
    let circle = circle.replace(
        "'b' = { kind = 'scalar' }",
        "'b' = { kind = 'scalar', means = 'a - 1' }",
    );
    let problems = Notation::read(&circle).unwrap_err();
    assert!(problems[0].message.contains("circle"), "{problems:?}");
}

/// A formula uses only earlier formulas that were shown.
#[test]
fn no_claim_rests_on_itself() {
    let uses = |first: &str, second: &str| {
        let text =
            format!("$$\n% id: one\n{first}\n$$\n$$\n% id: two\n{second}\n$$");
        report(&text)
    };
    let good = uses(
        "% definition:\nz_t = \\sqrt{\\bar\\alpha_t} z_0 + y",
        "% uses: one\nz_t - y = \\sqrt{\\bar\\alpha_t} z_0",
    );
    assert!(good.is_good(), "{:?}", good.problems);
    for (first, second) in [
        ("% uses: one\na = b", "c = c"),         // itself
        ("% uses: two\na = b", "a = b"),         // what comes later
        ("a = b", "% uses: one\na + 1 = b + 1"), // what is false
        ("a = a + 0", "% uses: nobody\na = a"),
    ] {
        let report = uses(first, second);
        assert!(!report.problems.is_empty(), "{first} / {second}");
        assert!(!report.is_good());
    }
}

/// The checker recognises a square under a root, in factored and expanded form.
#[test]
fn what_cannot_be_decided_is_said_so() {
    let square = r"\sqrt{p^2 + 2pu + u^2} = p + u";
    assert_eq!(status(square), Exact, "a square is seen as one");
    assert_eq!(status(r"\sqrt{(p + u)^2} = p + u"), Exact);
    // This holds for all small numbers, but not for a > 7.
    assert_eq!(status(r"\sqrt{(a - 7)^2} = 7 - a"), False);
}

#[test]
fn slips_are_explained() {
    let says = |latex: &str, expected: &str| {
        let report = report(&format!("${latex}$"));
        let outcome = report.outcomes.last().unwrap();
        let problem = outcome.problem.as_ref().unwrap();
        let hint = problem.hint.clone().unwrap_or_default();
        let said = format!("{} / {hint}", problem.message);
        assert!(said.contains(expected), "{latex}: {said}");
    };
    says("a = \\gamma", "unknown symbol \\gamma");
    says("a = b +", "nothing follows");
    says("a = (b", "not closed");
    says("a = 1/2b", "slash");
    says("q(z_1:T \\mid z_0) = 1", "z_{1:T}");
    says("x = \\sqrt{p} + y", "a number plus a vector");
    says("w(x, y) = x", "function of 2");
    says("a = b_t", "no such index");
    says("\\beta = 1", "without its index");
    says("a = \\frac{b", "expected");
}

/// A definition that no other relation uses causes a warning.
#[test]
fn definitions_that_nothing_uses_are_warned_of() {
    let warnings = |text: &str| {
        let report = report(text);
        assert!(report.is_good());
        report.warnings.len()
    };
    assert_eq!(warnings("$k := a + b$"), 1);
    assert_eq!(warnings("$k := a + b$ and $k - a = b$"), 0);
    assert_eq!(warnings("$k := a + b = b + a$"), 0);
    // A definition may repeat the notation file, but only in the same form.
    assert_eq!(status(r"\alpha_t := 1 - \beta_t"), Definition);
    assert_eq!(status(r"\alpha_t := -\beta_t + 1"), Unknown);
    assert_eq!(warnings("$k := a + b$, $l := k + 1$, $l = a + b + 1$"), 0);
}

/// If the notation allows implicit definitions, an equation defines the new
/// symbol on its left side, once.
#[test]
fn a_first_use_may_define() {
    let notation = |implicit: bool| {
        let switch = format!("implicit_definitions = {implicit}\n{NOTATION}");
        Notation::read(&switch).unwrap()
    };
    let text = "$k = a + b = b + a$, $k - a = b$, $k = a$, $a + l = b$";
    let statuses = |implicit: bool| {
        let marks = Marks::default();
        let report = check("test.md", text, &notation(implicit), &marks);
        report.outcomes.iter().map(|o| o.status).collect::<Vec<_>>()
    };
    assert_eq!(statuses(true), [Definition, Exact, Exact, False, Unknown]);
    assert_eq!(statuses(false), [Unknown, Exact, Unknown, Unknown, Unknown]);
}
