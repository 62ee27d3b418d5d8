//! Conditions, settings and limits: each one is used, and an impossible one is
//! reported.

mod common;

use common::{
    NOTATION, not_good, open, refused, refuted, report, statuses, twins,
};
use proofread::Status::{Certified, Exact, False, Setting, Undecided};

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
        "1 = t = 2",
        "3 = T = 4",
        "1 = t > 1",
        r"t \in \{0.5\}",
    ] {
        assert!(!good(impossible), "{impossible}");
    }
}

/// With a quantifier, a premise or a conclusion, a relation of indices and sizes
/// is a claim.
#[test]
fn settings_with_words_are_claims() {
    let sets = |latex: &str| {
        let report = report(&format!("Text ${latex}$."), NOTATION);
        let all: Vec<_> = report.outcomes.iter().map(|o| o.status).collect();
        (report.is_good(), all)
    };
    for setting in [r"t = 2, 1 \le t", r"t \ge 2 \text{ and } T = 3"] {
        let (good, all) = sets(setting);
        assert!(
            good && all.iter().all(|s| *s == Setting),
            "{setting}: {all:?}"
        );
    }
    for claim in [
        r"\forall t: t \ge 2",
        r"t \ge 2 \text{ for all } t",
        r"t < T \quad \text{for } t = 1, \dots, T",
        r"t > 1 \implies t > 2",
        r"\text{if } t > 1 \text{ then } t > 2",
        r"a > 0 \Rightarrow t > 1",
        r"1 = 1 \text{ so } t \ge 2",
        r"1 = 1 \text{ and } t \ge 2",
        r"\text{hence } t \ge 2",
    ] {
        assert!(!sets(claim).0, "{claim}");
    }
    assert!(sets(r"t > 2 \implies t > 1").0);
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

/// A bound behind a comma is a condition where the claim needs it. Where the claim
/// holds without the bound, the bound may be a claim, which must be true.
#[test]
fn bounds_behind_a_comma() {
    twins(
        Exact,
        r"\sqrt{a^2} = a, \quad a \ge 0",
        r"\sqrt{a^2} = -a, \quad a \ge 0",
    );
    twins(
        Exact,
        r"\sqrt{a^2 b^2} = a b, \quad a \ge 0, \quad b \ge 0",
        r"\sqrt{a^2 b^2} = -a b, \quad a \ge 0, \quad b \ge 0",
    );
    // True for every point.
    let c = NOTATION.replace(
        "'h' = {",
        "'c' = { kind = 'scalar', means = '1 - u' }\n    'h' = {",
    );
    assert!(report(r"$c + u = 1, \quad c > 0$", &c).is_good());
    assert!(!report(r"$c + u = 1, \quad c > \frac12$", &c).is_good());
    for unclear in [
        r"(1 - u)(1 + u) = 1 - u^2, \quad u \le \frac12",
        r"(1 - u)(1 + u) = 1 - u^2, \qquad 0 < u < \frac12",
        r"a + b = b + a, a > 0",
        r"a + b = b + a = a + b, \qquad a > 0 \text{ and } b > 0",
        // Behind words, and in a new sentence.
        r"p > 0 \text{ if } a > 0. \quad b > 1",
        r"\beta_t > 0 \text{ for all } t > 1, \quad \beta_1 > \frac12",
        r"|a| = a. \quad a > 0",
        // Conditions, perhaps, that are no bounds by a number.
        r"|a - b| = a - b, \quad a > b",
        r"|a| = a, \quad 0 < a < b",
        r"|a| = a, \quad a \in (0, \infty)",
        r"\|x - y\| > 0, \quad x \ne y",
    ] {
        refused(unclear, "is this a condition on what stands before");
    }
    twins(
        Exact,
        r"|a b| = a b \text{ for } a > 0, b > 0",
        r"|a b| = -a b \text{ for } a > 0, b > 0",
    );
    // These do not make the claim before them true.
    for lie in [r"|a| = 2 a, \quad a > b", r"|a| = a, \quad b = 3 b"] {
        refuted(lie);
    }
    refused(r"|a| = a, \quad a > Q", "may be a condition");
    refused("|a| = a\n% for: a \\gg 0", "in error");
}

/// A condition compares values at one point. An implication or a quantifier within it
/// is asked about, and so are two conditions that may be two cases.
#[test]
fn conditions_on_conditions() {
    let cases = |condition: &str| {
        format!(
            r"|b| = \begin{{cases}} b & {condition} \\ |b| & \text{{otherwise}}
                \end{{cases}}"
        )
    };
    for condition in [
        r"a > 0 \implies b > 0",
        r"a > 0 \iff b > 0",
        r"b > 0 \text{ whenever } a > 0",
        r"b > 0 \text{ for all } t",
        r"\forall t: b > 0",
    ] {
        open(&cases(condition));
    }
    for unclear in [
        r"\text{if } a > 0 \iff b > 0, \text{ then } b = |b|",
        r"\text{if } a > 0 \text{ implies } b > 0, \text{ then } b = |b|",
        r"\text{if } b > 0 \text{ whenever } a > 0, \text{ then } b = |b|",
        "b = |b|\n% for: a > 0 \\implies b > 0",
        r"s_t > 0 \text{ for all } t \implies s_1 > 0",
        r"\text{if } s_t > 0 \text{ for all } t, \text{ then } s_1 > 0",
        r"s_1 > 0 \text{ if } s_t > 0 \text{ for all } t",
        r"a^2 \ge b \ \forall a \implies b \le 0",
        r"|b| = b \text{ for } b > 1 \text{ and for } b > -1",
        r"s_t = s_1 \text{ for } t = 1, \text{ for } t \le 2",
        r"\begin{aligned} a b &= |a b| \end{aligned} \quad \text{for } a, b > 0",
    ] {
        open(unclear);
    }
    twins(
        Exact,
        r"\begin{aligned} b &= |b| \end{aligned} \quad \text{for } a > 0, b > 0",
        r"\begin{aligned} b &= -|b| \end{aligned} \quad \text{for } a > 0, b > 0",
    );
}

/// A definition that is refused may be a premise.
#[test]
fn claims_beside_refused_definitions() {
    for unclear in [
        r"t := 1, \quad s_t = s_1",
        r"a b := 1, \quad a b = 1",
        r"e := 3, \quad e = 3",
    ] {
        open(unclear);
    }
}

/// The columns behind a brace are values and conditions, and no factors.
#[test]
fn columns_behind_a_brace() {
    for unclear in [
        r"\begin{cases} p^2 = p & p > 0 \end{cases}",
        r"\begin{cases} |a| = a & a \ge 0 \\ |a| = -a & a < 0 \end{cases}",
        r"\left\{ \begin{array}{ll} p^2 = p & p > 0 \end{array} \right.",
    ] {
        refused(unclear, "is this column a condition");
    }
    let system = r"\begin{cases} |a| = a & \text{if } a \ge 0 \\
        |a| = -a & \text{if } a < 0 \end{cases}";
    assert_eq!(statuses(system), [Exact, Exact]);
    let signs = r"\begin{cases} a + b &= b + a \\ a - b &= -b + a \end{cases}";
    assert_eq!(statuses(signs), [Exact, Exact]);
}

/// A condition holds at one point. What a claim averages, sums, integrates or
/// minimises over has no single value, so a condition cannot speak of it.
#[test]
fn conditions_on_what_a_claim_binds() {
    for unclear in [
        r"\mathbb E[\epsilon^\top w(x)] = 0 \text{ where } x = 2 \epsilon",
        r"\mathbb E_{\epsilon}[\|x\|^2] = \|x\|^2 \text{ where } x = \epsilon",
        r"\mathbb E_{q(z_t \mid z_0)}[\|x\|^2] = \|x\|^2
            \text{ where } x = z_t - z_0",
        r"\mathbb E_q[\|z_1 - z_0\|^2] = 0 \text{ where } z_1 = z_0",
        r"\operatorname{Var}_{a \sim \mathcal N(0, 1)}[a b] = b^2
            \text{ if } b = a",
        r"\mathbb E_{a \sim \mathcal N(0, 1)}[a] = 0 \text{ if } a > 0",
        r"\min_a a^2 = 0 \text{ for } a \ge 1",
        r"\min_a (a^2 + b^2) = b^2 \text{ where } b = a - 1",
        r"\int_0^1 b \,\mathrm{d}a = b \text{ where } b = a^2",
        r"\nabla_x (a \|x\|^2) = 2 a x \text{ where } a = \|x\|^2",
        r"\frac{\mathrm d}{\mathrm d a} (a b) = b \text{ where } b = a",
        r"\sum_{t=1}^T a = T a \text{ where } a = \beta_t",
        r"\mathbb E_{t \sim \mathcal U(1, T)}[a] = a \text{ where } a = \beta_t",
        r"\sum_t t = \frac{T (T + 1)}{2} \text{ for } t \ge 2",
        r"\lim_{a \to 0} a = 1 \text{ for } a = 1",
        r"\lim_{a \to 0} \frac{|a|}{a} = 1 \text{ for } a > 0",
        r"a = b \implies \lim_{a \to 0} (a - b) = 0",
    ] {
        refused(unclear, "the condition would hold at one value only");
    }
    refused("p r \\propto p \\text{ where } r = p\n% varies: p", "varies");
    refused("h \\to 5 \\text{ for } h = 5\n% varies: h \\to 0", "varies");
    // Two bounds are an equation.
    refused(
        r"\nabla_x (a \|x\|^2) = 2 a x \text{ for } \|x\|^2 \le a \le \|x\|^2",
        "differentiates",
    );
    refused(
        "p r \\propto p \\text{ for } r \\le p \\le r\n% varies: p",
        "varies",
    );
    // By the definition of a symbol, too.
    let hidden = r"c := 2 \epsilon, \quad
        \mathbb E_{\epsilon}[\epsilon^\top y] = 0 \text{ where } y = c";
    refused(hidden, "speaks of \\epsilon");
    // As a premise, and in a comment.
    refused(r"b = a \implies \int_0^1 b \,\mathrm{d}a = b", "integrates");
    refused("\\min_a a^2 = 0\n% for: a \\ge 1", "minimises");
}

/// Conditions on other variables, and the point at which a derivative is taken.
#[test]
fn conditions_beside_what_a_claim_binds() {
    twins(
        Exact,
        r"\min_a (a - b)^2 + b = 1 \text{ for } b = 1",
        r"\min_a (a - b)^2 + b = 2 \text{ for } b = 1",
    );
    twins(
        Exact,
        r"\int_0^b 2 a \,\mathrm{d}a = 9 \text{ for } b = 3",
        r"\int_0^b 2 a \,\mathrm{d}a = 8 \text{ for } b = 3",
    );
    twins(
        Exact,
        r"\frac{\mathrm d}{\mathrm d a} a^2 = 6 \text{ for } a = 3",
        r"\frac{\mathrm d}{\mathrm d a} a^2 = 9 \text{ for } a = 3",
    );
    twins(
        Exact,
        r"\frac{\mathrm d}{\mathrm d a} \log a = \frac1a \text{ for } a > 0",
        r"\frac{\mathrm d}{\mathrm d a} \log a = \frac2a \text{ for } a > 0",
    );
    twins(
        Exact,
        r"\frac{\mathrm d}{\mathrm d p} (p r) = r \text{ for } p \le r",
        r"\frac{\mathrm d}{\mathrm d p} (p r) = p \text{ for } p \le r",
    );
    twins(
        Exact,
        r"\nabla_x \|x\|^2 = 2 a y \text{ where } x = a y",
        r"\nabla_x \|x\|^2 = 2 y \text{ where } x = a y",
    );
}

/// An equation on a function's value reads like the definition of the function.
#[test]
fn functions_are_defined_with_a_sign_of_definition() {
    refused(r"G(y) = \|y\| \text{ where } G(x) = \|x\|", "is this what G is");
    twins(
        Exact,
        r"G(x) + 1 = 1 \text{ if } G(x) = 0",
        r"G(x) + 1 = 2 \text{ if } G(x) = 0",
    );
}

/// A bracket is a condition behind a wide space or a comma, and unclear behind
/// a word or an implication.
#[test]
fn brackets_behind_words() {
    for space in [r" \quad ", r", \quad ", r" \text{ for } "] {
        twins(
            Exact,
            &format!(r"\sqrt{{b^2}} = b{space}(b > 3)"),
            &format!(r"\sqrt{{b^2}} = -b{space}(b > 3)"),
        );
    }
    for unclear in [
        r"1 = 1 \text{ and } (b > 3)",
        r"1 = 1 \text{ so } (b > 3)",
        r"1 = 1 \qquad \text{and} \qquad (b > 3)",
        r"1 = 1; (b > 3)",
        r"a > 1 \implies (a > 3)",
        r"a > 1 \\ \implies [a > 3]",
        r"a = b \implies (a^2 = b^2)",
        r"a = a \quad (\Rightarrow a > 2)",
        r"a = a \quad (a > 1 \text{ if } b > 0)",
    ] {
        refused(unclear, "is this bracket a condition or a claim?");
    }
    // A condition on a symbol that the claim does not have.
    refused(r"1 = 1 \quad (b > 3)", "is this a condition");
    refused(r"1 = 1, (b > 3)", "is this a condition");
}

/// A sign of implication that begins a row may follow from all rows before.
#[test]
fn implications_below_several_rows() {
    refused(
        r"\begin{aligned} a &= b \\ b &= h \\ \implies a &= h \end{aligned}",
        "which of the statements before",
    );
    twins(
        Exact,
        r"a = b \\ \implies a^2 = b^2 \\ \implies a^4 = b^4",
        r"a = b \\ \implies a^2 = b^2 \\ \implies a^4 = 2 b^4",
    );
    // What follows a comma may follow from the premise, too.
    refused(
        r"a > 0 \implies |a| = a, \quad \sqrt{a^2} = a",
        "holds only under a condition",
    );
    refuted(r"a > 0 \implies |a| = a, \quad \sqrt{a^2} = 2 a");
    refuted(r"a^2 = b^2 \iff a = b");
}

/// A condition in front of rows is one on all of them, up to the next.
#[test]
fn conditions_in_front_of_rows() {
    twins(
        Exact,
        r"\text{for } a > 0: \begin{aligned}
            |a| &= a, \\ \sqrt{a^2} &= a
        \end{aligned}",
        r"\text{for } a > 0: \begin{aligned}
            |a| &= a, \\ \sqrt{a^2} &= -a
        \end{aligned}",
    );
    twins(
        Exact,
        r"\begin{aligned}
            \text{for } a > 0: \\ |a| &= a \\ \text{for } a < 0: \\ |a| &= -a
        \end{aligned}",
        r"\begin{aligned}
            \text{for } a > 0: \\ |a| &= a \\ \text{for } a < 0: \\ |a| &= a
        \end{aligned}",
    );
    // In the row of a claim, it may be one on this row only.
    refused(
        r"\begin{aligned}
            \text{for } a > 0: |a| &= a, \\ \sqrt{a^2} &= a
        \end{aligned}",
        "holds only under a condition",
    );
    // A bound in a column of its own is a condition or a claim.
    refused(
        r"\begin{aligned} b^2 &> 4 && b > 2 \\ b &= b && b > 3 \end{aligned}",
        "is this a condition",
    );
}

/// A space, a comma or a row may end a condition or a list of names. Where that is
/// open, nothing passes, and nothing is refuted.
#[test]
fn where_conditions_end() {
    for open in [
        r"\forall a, b\; b = b^2",
        r"\forall a,\; b\; b = b^2",
        r"\forall a, p > 0 \; a = 0",
        r"\forall a, b\; a^2 + b^2 \ge 0",
        r"\text{for } p > 0\; a = 0",
        r"\text{for } t \ge 1,\; u > 0\; a = 0",
        r"a = a \text{ for } u > 0\; b = 0",
        r"\forall a \ge 1\; a = a^2, \quad 1 = 1",
        r"0 = 0\; b = 0",
        r"a > 1 \ \implies \ a > 0 \ b = 0",
        r"\text{for } p, b \ge 0, \quad \sqrt{p b} = \sqrt p \sqrt b",
        r"\forall a, b > 0,\ a b > 0",
        r"\text{if } a, b > 0 \text{ then } a + b > 0",
        r"\begin{aligned} &\text{For } a > 0, \\ &|a| = a \end{aligned}",
        r"\begin{aligned} &\text{if } a > 0 \\ &\text{then } |a| = a
            \end{aligned}",
        r"a = 1 \implies \begin{cases} a \ge 1 \\ a \le 1 \end{cases}",
        r"a > 0 \not\implies a > 1",
        r"a = 1 \rightarrow a^2 = 1",
        r"a = 1 \vdash a^2 = 1",
        r"5 \equiv 1 \quad (4)",
        r"5 \equiv 1 \text{ (mod 4)}",
    ] {
        let found = statuses(open);
        assert!(!common::display(open).is_good(), "{open}: {found:?}");
        assert!(!found.contains(&False), "{open}: {found:?}");
    }
    // The space between factors is thin.
    twins(Exact, r"a b = a \, b = b a", r"a b = a \, b = b a + 1");
    assert!(common::display(r"\underbrace{a}_{\text{prior}} = a").is_good());
    // A word at the end of a row joins it to the next row.
    twins(
        Certified,
        r"\begin{gathered} a > 0 \text{ and } \\ b > 0 \implies a b > 0
            \end{gathered}",
        r"\begin{gathered} a > 0 \text{ and } \\ b > 0 \implies a b < 0
            \end{gathered}",
    );
}

/// A script on what is no expression, and words that deny, are never dropped.
#[test]
fn scripts_and_words_beside_a_claim() {
    for open in [
        r"\sqrt{a^2} = a \quad (a > 0)^c",
        r"\boxed{1 = 1}^2",
        r"\begin{cases} 1 = 1 \\ 2 = 2 \end{cases}^c",
        r"a > 0 \forall^{c} a > 0",
        r"5 = 5 \quad (4)_2",
        "a = a.^2",
        r"1 \overset{\text{refuted}}{=} 1",
        r"1 = 1 \quad \text{(plus 1)}",
        r"\underbrace{a}_{\text{equal to one}} = a",
        r"\underbrace{p}_{\text{negative}} = p",
        r"a \stackrel{\text{law}}{=} a",
        r"a = a \quad \text{(in law)}",
        r"a = a \quad \text{(in distribution)}",
        "s_{t1} = s_t",
        "s_{1t} = s_t",
        "1e3 = 1000",
    ] {
        let found = statuses(open);
        assert!(!common::display(open).is_good(), "{open}: {found:?}");
        assert!(!found.contains(&False), "{open}: {found:?}");
    }
}
