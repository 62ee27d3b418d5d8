//! Formulas of which the reader once ignored a part. A false formula must not
//! pass, and a true formula must not be refuted.

mod common;

use proofread::{Report, Status};

const NOTATION: &str = r"
    [sizes]
    T = '3..5'
    d = '3..3'
    [indices]
    t = '1..T'
    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'a_t' = { kind = 'scalar', range = '0..T' }
    'x' = { kind = 'vector' }
    '\epsilon' = { kind = 'vector', standard_normal = true }
    'z_t' = { kind = 'vector', range = '0..T' }
    [processes.q]
    variable = 'z'
    range = '0..T'
    index = 't'
    step = '\mathcal N(z_t; z_{t-1}, I)'
";

fn report(latex: &str) -> Report {
    common::report(&format!("$$\n% id: test\n{latex}\n$$\n"), NOTATION)
}

#[track_caller]
fn holds(latex: &str) {
    let report = report(latex);
    assert!(report.is_good(), "{latex}: {report:?}");
    assert!(!report.outcomes.is_empty(), "{latex}: nothing was read");
}

#[track_caller]
fn fails(latex: &str) {
    let report = report(latex);
    let mut all = report.outcomes.iter();
    let found = all.any(|outcome| outcome.status == Status::False);
    assert!(found, "{latex}: {report:?}");
}

/// Asserts that a formula neither passes nor is refuted.
#[track_caller]
fn refused(latex: &str) {
    let report = report(latex);
    assert!(!report.is_good(), "{latex}");
    let mut all = report.outcomes.iter();
    assert!(all.all(|o| o.status != Status::False), "{latex}: {report:?}");
}

#[test]
fn nothing_behind_a_claim_is_dropped() {
    fails(r"a = 2a \in (0, \infty)");
    fails(r"a = a \in (0, 1)");
    fails(r"t = 1, \dots, T: a = 3a");
    fails(r"t = 1, \dots, T \quad a = 3a");
    fails(r"a_t = 2 \quad \forall t \in \{1, \dots, T\}");
    fails(r"\begin{aligned} a &= a & b &= 2b \end{aligned}");
    fails(r"a = a \qquad b = 2b");
    fails(r"a = b \text{ and } b = b");
    refused(r"\begin{aligned} a &= a \\ &\quad (b + 1) \end{aligned}");
    refused(r"a = a \\ \qquad b");
    refused(r"a = a \text{ (wrong!)}");
    refused(r"a_t = a_1 \text{ in contrast to } t = 1");
    refused(r"a = a \text{ since $b = 2b$}");
    refused(r"p \cancel{=} p");
    refused(r"a = a \tag{$b = 2b$}");
}

#[test]
fn what_stands_beside_a_claim_is_understood() {
    holds(r"p = p \in (0, \infty)");
    holds(r"p + p = 2p \in \mathbb R");
    holds(r"x \in \mathbb R^d");
    refused(r"x \in \mathbb R");
    holds(r"a_t = a_1 \quad \text{If } t = 1");
    holds(r"a_t = a_1 \quad (t = 1)");
    holds(r"a_t = a_1 \text{ for $t = 1$}");
    fails(r"a_t = a_1 \text{ except for } t = 1");
    holds(r"a + b = b + a \qquad (3.2)");
    holds(r"\begin{aligned} a + b &= b + a & a b &= b a \end{aligned}");
    holds(r"\begin{aligned} a + a =& a + a \\ =& 2a \end{aligned}");
    holds(r"(a + b)^2 \overset{(a)}{=} a^2 + 2ab + b^2");
    holds(r"50\% = 0.5");
    holds(r"1{,}000 = 10^3");
    holds(r"2 \not\le 1");
    fails(r"1 \nleq 2");
    holds(r"a + a \equiv 2a");
    holds(r"||x||^2 = x^\top x");
    holds(r"\mathbb E_{\epsilon \sim \mathcal N(0, I)}[\|\epsilon\|^2] = d");
    fails(r"\mathbb E_{\epsilon \sim \mathcal N(0, I)}[\|\epsilon\|^2] = 1");
    refused(
        r"\mathbb E_{\epsilon \sim \mathcal N(0, 4 I)}[\|\epsilon\|^2] = d",
    );
}

/// Alone in a display, a relation of indices is a claim about all their values.
/// A relation that holds for only some values belongs beside a claim.
#[test]
fn a_relation_of_indices_alone_is_a_claim() {
    holds(r"t \ge 1");
    refused(r"t \ge 2");
    refused(r"t \le 0");
    holds(r"a_t = a_t \quad \text{for } t \ge 2");
}

#[test]
fn definitions_are_typeset() {
    refused(r"\phantom{k := a} k = a");
    holds(r"k \overset{\text{def}}{=} a + b = b + a");
    holds(r"k^2 = 4 a^2 \text{ where } k := 2a");
}

/// The reader drops no bound, script, entry of a list, or bracket.
#[test]
fn scripts_and_bounds_are_never_dropped() {
    holds(r"\sum_{t=1}^T a_t = \sum_t a_t");
    refused(r"\sum_{t=1} a_t = \sum_t a_t");
    refused(r"\prod_{t = 2} a_t = a_2");
    holds(r"p = p \in (0, \infty)");
    refused(r"p = p \in (0, \infty)^2");
    refused(r"p = p \in (0, \infty)_3");
    holds(r"\mathbb E[z_0 \mid z_t] = \mathbb E[z_0 \mid z_t]");
    refused(r"\mathbb E[z_0 \mid^2 z_t] = \mathbb E[z_0 \mid z_t]");
    refused(r"\mathbb E[z_0 |_2 z_t] = \mathbb E[z_0 \mid z_t]");
    refused(r"D_{\mathrm{K^2L}}(\mathcal N(0, I) \| \mathcal N(0, I)) = 0");
    holds(r"a_t = a_t \quad \text{for } t = 1, 2, \dots, T");
    refused(r"a_t = a_t \quad \text{for } t = 1, , \dots, T");
    refused(r"\begin{aligned} a &= 2 (a + b \end{aligned}) - a - 2b");
    holds(r"\begin{aligned} a &= 2 (a + b) \end{aligned} - a - 2b");
    refused(r"\mu_{a^2} := a, \quad \mu_a = a");
}

/// The reader does not ignore a bracket, a font or a label that has a meaning.
#[test]
fn brackets_fonts_and_labels_have_meanings() {
    for (truth, lie) in [
        ("(a) = a", r"\{a\} = a"),
        ("2(a + b) = 2a + 2b", r"2\{a + b\} = 2a + 2b"),
        ("2[a + b] = 2a + 2b", r"\langle a \rangle = a"),
        ("(u) = u", "[u] = u"),
        (r"2\{(a + b) b\} = 2 a b + 2 b^2", r"\left\{a\right\} = a"),
        (r"G(x) = G[x]", r"G\{x\} = G(x)"),
        (r"1 = \mathrm{1}", r"\mathbf 1 = 1"),
        (r"x + \mathbf 0 = x", r"\mathbb 1 = 1"),
        (r"x + \boldsymbol{0} = x", r"\mathcal{2} a = 2 a"),
        (r"a \overset{(3.2)}{=} a", r"a \overset{\text{(never)}}{=} a"),
        (r"a \overset{(i)}{=} a", r"a \overset{(not)}{=} a"),
        (r"\underbrace{a}_{L_1} = a", r"\underbrace{a}_{0} = a"),
        (r"\overbrace{a}^{\text{a name}} = a", r"\overbrace{a}^{2} = a"),
    ] {
        let good = common::display(truth);
        assert!(good.is_good(), "{truth}: {:?}", good.outcomes);
        common::not_good(lie);
    }
}

/// A symbol with a smaller domain does not stand for every real number.
#[test]
fn all_numbers_are_more_than_a_domain() {
    for lie in [
        r"u < 1 \quad \forall u \in \mathbb R",
        r"\forall u \in \mathbb R: u < 1",
        r"u < 1 \text{ for all } u \in \mathbb R",
    ] {
        common::refused(lie, "allows more");
    }
    for truth in [
        r"a^2 \ge 0 \quad \forall a \in \mathbb R",
        r"u < 1 \quad \forall u \in (0, 1)",
    ] {
        assert!(common::display(truth).is_good(), "{truth}");
    }
}

/// Digits are one number in every font that does not change their meaning.
#[test]
fn fonts_do_not_split_numbers() {
    for font in ["mathrm", "mathit", "mathsf", "mathtt", "mathnormal"] {
        holds(&format!(r"2\{font}{{3}} = 23"));
        fails(&format!(r"2\{font}{{3}} = 6"));
        holds(&format!(r"1\{font}{{0}}^2 = 100"));
        holds(&format!(r"2\,\{font}{{3}} = 6"));
    }
    // A space that is seen makes two numbers.
    for space in ["~", "\u{a0}", "\u{2009}", "\u{202f}", "\u{3000}"] {
        holds(&format!("2{space}3 = 6"));
        fails(&format!("2{space}3 = 23"));
    }
    refused(r"2\mathbf{3} = 6");
    holds(r"2^{\mathrm{1}0} = 1024");
}

/// What may stand outside of an argument without brackets is asked for.
#[test]
fn arguments_without_brackets() {
    holds(r"\log 2 p^2 = \log 2 + 2 \log p");
    holds(r"\log 2 \sqrt{p} = \log 2 + \frac12 \log p");
    holds(r"\log \frac{p}{2} = \log p - \log 2");
    holds(r"\sin (a) (1 - b) = (1 - b) \sin a");
    for unclear in [
        r"\sin a (1 - b) = \sin a - b \sin a",
        r"\sin a (1 - b) = \sin(a - a b)",
        r"\log p (b) = \log(p b)",
        r"a \sin b\, a = a^2 \sin b",
        r"\cos a \frac{1}{2} = \cos(a / 2)",
        r"\log \frac{p}{2} p = \log(p^2 / 2)",
        r"\cos a \sum_{k=1}^T k = \cos(a \sum_{k=1}^T k)",
        r"\log \|x\| p = p \log \|x\|",
    ] {
        refused(unclear);
    }
}

/// Square brackets end a mean. Round brackets with a power may not.
#[test]
fn powers_of_means() {
    holds(r"\mathbb E_{\epsilon}[\|\epsilon\|^2]^2 = d^2");
    fails(r"\mathbb E_{\epsilon}[\|\epsilon\|^2]^2 = d^2 + 2 d");
    refused(r"\mathbb E_{\epsilon} (\epsilon^\top x)^2 = \|x\|^2");
    refused(r"\mathbb E_{\epsilon} (\epsilon^\top x)^2 = 0");
}

/// The differential of an integral stands behind the integrand.
#[test]
fn differentials_in_front() {
    holds(r"\int_0^1 a^2 \,\mathrm{d}a = \frac13");
    holds(r"\int_0^2 \mathrm{d}a + 1 = 3");
    refused(r"\int_0^1 \mathrm{d}a\, a^2 = \frac13");
    refused(r"\int_0^1 \mathrm{d}a\, a^2 = a^2");
}

/// Words beside it do not make a formula in the label of a brace a remark.
#[test]
fn labels_with_words_and_formulas() {
    for remark in [r"\text{noise}", "A", r"\text{term } A", "(1)"] {
        holds(&format!(r"\underbrace{{a}}_{{{remark}}} = a"));
    }
    for claim in [
        r"\text{equals } b",
        r"\text{equal to } 0",
        r"\text{at least } \frac12",
        r"\text{the number } b",
        r"b \text{ by (1)}",
        "q",
    ] {
        refused(&format!(r"\underbrace{{a}}_{{{claim}}} = a"));
        refused(&format!(r"\overbrace{{a}}^{{{claim}}} = a"));
    }
}
