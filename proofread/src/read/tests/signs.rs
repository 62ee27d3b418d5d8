//! Relation signs, numbers, and kinds of expression.

use super::{reads, refused, said};

#[test]
fn relations_are_what_they_look_like() {
    for (sign, means) in [
        (r"\not=", r"\ne"),
        (r"\neq", r"\ne"),
        (r"\not\le", ">"),
        (r"\nleq", ">"),
        (r"\not<", r"\ge"),
        (r"\ngeq", "<"),
        (r"\equiv", "="),
        (r"\triangleq", ":="),
        (r"\overset{\text{def}}{=}", ":="),
        (r"\overset{(a)}{=}", "="),
        (r"\stackrel{(1)}{=}", "="),
        (r"\overset{!}{=}", "="),
        (r"\overset{\text{Bayes}}{=}", "="),
        ("{=}", "="),
    ] {
        reads(&format!("a {sign} b"), &[&format!("a {means} b")]);
    }
    for sign in [
        r"\cancel{=}",
        r"\overset{?}{=}",
        r"\ll",
        "=:",
        r"\doteq",
        r"\not\approx",
        r"\overset{d}{=}",
        "=_2",
        r"\overset{\text{not}}{=}",
        r"\xrightarrow{d}",
    ] {
        refused(&format!("a {sign} b"), "");
    }
}

#[test]
fn numbers_and_punctuation() {
    reads("a = 1{,}000", &["a = 1000"]);
    reads(r"a = 50\%", &[r"a = \frac{50}{100}"]);
    reads("a = b.", &["a = b"]);
    reads("a = 0.5,", &["a = 0.5"]);
    reads(r"\{0, 1, \ldots, 255\}", &[]);
    reads("a_1, a_2, ..., a_T", &["term a_{1}", "term a_{2}", "term a_{T}"]);
    reads(r"a = b \phantom{= 2 b}", &["a = b"]);
    refused(r"a = b \cdot\cdot c", "two signs");
    refused("a = 1,000", "a comma between digits");
    refused(r"a = 2\,000", "a space between digits");
    reads(r"a = 2\,3", &[r"a = 2 \cdot 3"]);
    refused(r"a = b \tag{$b = 2b$}", "the number of a formula");
    refused(r"a = b \tag{not true}", "the number of a formula");
    reads(r"a = b \tag{$\ast$}", &["a = b"]);
    refused("a = 3!", "factorial");
    refused(r"a = \binom{b}{c}", "binomial");
    refused(r"a = \lfloor b \rfloor", "rounding");
}

#[test]
fn new_kinds_of_expression() {
    for text in [
        r"\sqrt[3]{p}",
        r"\begin{cases} a & a \ge 0 \\ -a & \text{if } a < 0 \end{cases}",
        r"\begin{cases} a & 0 < a < 1 \text{ and } b > 0, \\ c & \text{otherwise.} \end{cases}",
        r"\min(a, b)",
        r"\max\{a, b, c\}",
        r"\min_{a} a^{2}",
        r"\frac{\mathrm{d}}{\mathrm{d} a} f(a)",
        r"\frac{\partial^2 f(a)}{\partial a^2}",
        r"\frac{d}{da} a^2",
        r"\int_0^1 a\, da",
        r"\int_{0}^{1} (a + b) \,\mathrm{d}a",
        r"\sum_{j=1}^{d} x_j^2",
        r"||x||^2",
    ] {
        let once = said(&format!("c = {text}"));
        assert!(!once[0].contains('?'), "{text}: {once:?}");
        reads(&once[0], &[&once[0]]);
    }
    reads(r"\frac{d}{2}", &[r"term \frac{d}{2}"]);
    reads(r"\frac{d}{\|x\|^2}", &[r"term \frac{d}{\left\|x\right\|^{2}}"]);
    for (text, words) in [
        (r"\frac{d a}{d b}", "is d the size"),
        (r"\frac{d}{da}", "is d the size"),
        (r"\frac{\partial}{\partial a}", "a derivative without an expression"),
        (r"\frac{\mathrm d}{\mathrm d a} (a + b) c", "how far"),
        (r"\int a \,\mathrm da", "both ends"),
        (r"\min_a a^2 - 2a", "how far"),
        (r"\sqrt[n]{a}", "degree"),
        ("a^{(2)}", "a label or a power"),
        ("f^{-1}(a)", "an inverse function"),
        (r"\sin^{-1} a", "an inverse function"),
        (r"\begin{cases} a \\ b \end{cases}", "without a condition"),
        (
            r"\begin{cases} a & a > 0 \text{ or } b > 0 \\ b & a < 0 \end{cases}",
            "words",
        ),
        (r"\|x\|_1", "a subscript"),
        (r"\mathcal N_2(x; 0, I)", "a subscript"),
        (r"\pi_2", "unknown symbol"),
        (r"\overset{2}{a}", "mark above"),
    ] {
        refused(&format!("c = {text}"), words);
    }
}

#[test]
fn expectations_say_what_is_random() {
    let body = r"[\|\epsilon\|^2] = d";
    let reads = |sub: &str| said(&format!(r"\mathbb E_{{{sub}}}{body}"));
    for sub in [
        r"\epsilon \sim \mathcal N(0, I)",
        r"t, z_0, \epsilon",
        r"z_1 \sim q(z_1 \mid z_0)",
    ] {
        assert!(!reads(sub)[0].contains('?'), "{sub}: {:?}", reads(sub));
    }
    for sub in [
        r"\epsilon \sim \mathcal N(0, 4 I)",
        r"z_0 \sim q(z_1)",
        "q(z_1) q(z_2)",
        "T",
    ] {
        assert!(reads(sub)[0].contains('?'), "{sub}: {:?}", reads(sub));
    }
}
