//! Conditions, exceptions, quantifiers, and statements that follow from other
//! statements.

mod common;

use common::{
    NOTATION, display, neighbours, not_good, refused, refuted, report, twins,
};
use proofread::Status::{Certified, Exact};

/// A quantifier must not include values that the notation excludes.
#[test]
fn quantifiers_within_the_notation() {
    neighbours(
        Certified,
        r"u < 1\ \forall u \in (0, 1)",
        r"u < 1\ \forall u \in \mathbb R",
    );
    neighbours(
        Certified,
        r"p > 0 \text{ for all } p > 0",
        r"p > 0 \text{ for all } p \ne 0",
    );
    neighbours(
        Exact,
        r"\sqrt{a^2} = |a| \text{ for all real } a",
        r"\sqrt{p^2} = p \text{ for all real } p",
    );
    neighbours(
        Certified,
        r"t \le T \text{ for } t = 1, \dots, T",
        r"t \le T \text{ for } t = 1, 2, \dots",
    );
    neighbours(
        Certified,
        r"\forall u \in [\frac14, \frac12]: u > 0",
        r"\forall u \in (-\infty, \frac12]: u > 0",
    );
    for wider in [
        r"u < 1 \text{ for all } u > 0",
        r"u > 0 \text{ for every } u < 1",
        r"p > 0 \text{ for } p \in (-\infty, 1]",
        r"p \in (-\infty, 1] \implies p > 0",
        r"u^2 < 1 \text{ for } u \in (0, \frac52)",
        r"\forall t \in \mathbb N: t \le 4",
        r"\forall t \ge 1: t \le 4",
        r"\forall t \in \mathbb Z: t \ge 1",
        r"\forall d \in \mathbb N: d = 3",
        r"T \le 4 \text{ for all } T \in \mathbb N",
        r"T \ge 2\ \forall T \in \mathbb N",
        // A set beside a claim, or on its own, may be meant as the domain.
        r"\sqrt{p^2} = p, \quad p \in \mathbb R",
        r"p \in \mathbb R, \quad \sqrt{p^2} = p",
        r"\sqrt{p^2} = p, p \in (-1, \infty)",
        r"u < 1, \quad u \in (0, \infty)",
        r"\beta_t < 1, \quad \beta_t \in \mathbb R",
        r"\beta_1 \in \mathbb R",
        r"t \ge 1, \quad t \in \mathbb Z",
        "% for: t \\in \\mathbb N\nt \\le 4",
    ] {
        refused(wider, "allows more");
    }
    // An entry limits its index to the range of the entry.
    neighbours(
        Exact,
        r"\beta_t + t = t + \beta_t \text{ for all } t \ge 2",
        r"\frac{t}{T} \le 1 \text{ for all } t \ge 2",
    );
    // A condition without a quantifier restricts the domain of the notation.
    for fine in [
        r"u < 1 \text{ for } u > \frac12",
        r"\beta_t < 1 \text{ for } t \ge 2",
        r"\beta_t < 1 \text{ for all } t",
        r"a^2 \ge 0 \text{ for all real } a",
        r"\beta_1 \in (0, 1)",
        r"\sqrt{p^2} = p, \quad p \in (0, \infty)",
        r"x \in \mathbb R^d",
        r"T \in \mathbb N",
    ] {
        assert!(display(fine).is_good(), "{fine}");
    }
}

/// A statement between two implication signs must follow from each side by
/// itself.
#[test]
fn statements_that_follow_twice() {
    twins(
        Certified,
        r"a > 1 \iff a - 1 > 0 \impliedby a > 2",
        r"a > 1 \iff a - 1 > 0 \impliedby a > 0",
    );
    twins(
        Certified,
        r"a > 2 \implies a > 1 \iff a - 1 > 0",
        r"a > 0 \implies a > 1 \iff a - 1 > 0",
    );
    twins(
        Certified,
        r"a > 1 \iff a - 1 > 0 \iff a - 2 > -1",
        r"a > 1 \iff (a - 1) (3 - a) > 0 \iff a < 3",
    );
    refuted(r"a = b \iff b = a \impliedby 0 = 0");
    refuted(r"t = 1 \implies \beta_t = \beta_1 \impliedby t \le 2");
}

/// A condition after an exception is refused, because it may be a part of the
/// exception.
#[test]
fn exceptions_with_conditions_behind_them() {
    twins(
        Exact,
        r"|a| = a \text{ unless } a < 0",
        r"|a| = a \text{ unless } a < -1",
    );
    for unclear in [
        r"|a| = a \text{ unless } a < 0 \text{ and } b < 0",
        r"|a| = a \text{ except for } a < 0 \text{ and } b < 0",
        r"|a| = a \text{ except when } a < 0, b < 0",
        r"|a| = a \text{ unless } a < 0; b < 0",
        r"|a| = a \text{ unless } a < 0 \quad (b < 0)",
        r"|a| = a \text{ unless } a < 0 \text{ if } b < 0",
        r"\beta_t = \beta_1 \text{ unless } t \ge 2 \text{ and } T = 3",
    ] {
        refused(unclear, "a part of the exception");
    }
}

/// The same is true for an exception in a comment.
#[test]
fn exceptions_in_comments() {
    not_good("% for: \\text{unless } a < 0, b < 0\n|a| = a");
    not_good("% for: \\text{unless } a < 0 \\text{ and } b < 0\n|a| = a");
}

/// A bound after a comma is a condition on the claim before it, or is refused.
#[test]
fn bounds_behind_commas() {
    neighbours(
        Exact,
        r"\sqrt{a^2} = a, \quad a > 0",
        r"\sqrt{a^2} = a, \quad b > 0",
    );
    neighbours(
        Exact,
        r"|a| + |b| = a + b, \quad a, b > 0",
        r"|a| + |h| = a + h, \quad a, b > 0",
    );
    twins(
        Exact,
        r"|a| + |b| = a + b, \quad a > 0,\ b > 0",
        r"|a| + |b| = a + b, \quad a > 0",
    );
    twins(Exact, r"a = a, \quad t \ge 2", r"a = a, \quad a + b > 0");
    for other in [
        r"1 + 1 = 2, \quad a < 0",
        r"a = a, \quad G(y) > 0",
        r"a = a \qquad b > 0",
        r"a = a; b > 0",
        r"a^2 \ge 0 \qquad a > 5",
        r"a = a; a > 5",
        r"a = a, \quad x \ne 0",
        r"a = a, \quad p > 1",
        r"\beta_2 = \beta_2, \quad \beta_1 > \frac12",
        r"a \in \mathbb R,\ a < 1",
    ] {
        refused(other, "a condition on what stands before");
    }
}

/// A sign after a wide space is refused if it may continue one claim or start
/// the next claim.
#[test]
fn signs_behind_wide_spaces() {
    for unclear in [
        r"a = a + b \qquad -b = a",
        r"a = a \quad -b = -b",
        r"a = a \hspace{3em} + b = b",
    ] {
        refused(unclear, "does this sign go on");
    }
    twins(Exact, r"a = 2a \quad - a", r"a = 2a \quad + a");
    twins(Exact, r"a = a, \quad -b = -b", r"a = a + b, \quad -b = a");
}

/// A thin space between digits is refused if the digits may be one number.
#[test]
fn groups_of_digits() {
    for unclear in [
        r"1\,000 = 0",
        r"0.000\,1 = 0",
        r"3.141\,59 > 100",
        r"1\,000.5 = 1000.5",
        r"12\,34 = 408",
    ] {
        refused(unclear, "a space between digits");
    }
    twins(Exact, r"2\,3 = 6", r"2\,3 = 23");
}

/// A condition without a claim does not pass, unless it always holds.
#[test]
fn conditions_beside_no_claim() {
    for fine in [
        r"t = 1, \dots, T",
        r"t = 0, \dots, T",
        r"t \in \{1, \dots, T\}",
        r"\text{for } t \ge 1",
        r"d \in \{3\}",
    ] {
        assert!(display(fine).is_good(), "{fine}");
    }
    for idle in [
        r"d \in \{2\}",
        r"T \in \{9\}",
        r"t \in \{9\}",
        r"t \in \{0\}",
        r"t = 0, \dots, 9",
        r"t \in \{a\}",
        r"\text{where } T = 9",
        r"\text{for } t = 9",
        r"\text{where } a = b",
        r"\text{unless } a = b",
        r"\text{given } a = b",
        r"\text{for } p > 1",
        r"\forall a > 0",
        "d = 2",
        "t = 9",
    ] {
        not_good(idle);
    }
    // In a sentence, a setting may belong to a claim of the prose.
    let inline =
        |latex: &str| report(&format!("${latex}$, $a = a$."), NOTATION);
    assert!(inline(r"\text{for } t = 2").is_good());
    assert!(!inline(r"\text{where } a = b").is_good());
}

/// The dimension stays a symbol, and a condition on it must fit its range.
#[test]
fn conditions_on_the_dimension() {
    neighbours(
        Certified,
        r"\|x\|^2 \ge 0 \text{ for } d = 3",
        r"\|x\|^2 \ge 0 \text{ for } d = 2",
    );
    refused(r"a = a \text{ for } d > 3", "says nothing");
}

/// A formula that looks like a mixed number, a sign or another symbol does not
/// pass.
#[test]
fn looks_like_something_else() {
    neighbours(Exact, r"2 \cdot \frac12 = 1", r"2 \frac12 = 1");
    neighbours(Exact, r"1 + \frac12 = \frac32", r"1\tfrac12 = \frac12");
    neighbours(Exact, r"2 \frac{a}{2} = a", r"2{\frac12} = 1");
    neighbours(Exact, r"a = \rule{0pt}{1em} a", r"a = \rule{0.7em}{0.4pt} a");
    neighbours(Exact, r"\mathit{a} = a", r"\mathsf{a} = a");
    not_good(r"\mathsf{up} = \mathrm{up}");
    not_good(r"a \mathbin{\rule{1em}{1pt}} b = a b");
}

/// A message names the index and its range.
#[test]
fn messages() {
    for latex in [
        r"t \le T \text{ for } t = 0, \dots, T + 1",
        r"t \le T \text{ for } t = 1, \dots, T + 1",
        r"t \ge 1 \text{ for } t \ge 0",
    ] {
        refused(latex, "t is from 1 to T by the notation");
    }
}

/// A quantifier is refused if one of its ends is not a number and may be
/// outside the domain.
#[test]
fn quantifiers_with_open_ends() {
    for (truth, lie) in [
        (r"\forall 0 < u < \frac12: u < \frac12", r"\forall 0 < u < a: u < 1"),
        (r"\forall 0 < p < b: p < b", r"\forall a < p < b: p > 0"),
        (r"\forall a < b: a < b + 1", r"\forall a < p: p > 0"),
        (r"\forall a < b < u: a < 1", r"\forall a < u < 1: u > 0"),
    ] {
        neighbours(Certified, truth, lie);
    }
    refused(r"\forall 0 < u < a: u < 1", "allows more");
}

/// The label of a brace is words or a name for the contents of the brace, and a
/// tag makes no statement.
#[test]
fn labels_and_tags() {
    for (truth, lie) in [
        (r"\underbrace{a}_{L_T} + b = a + b", r"\underbrace{a}_{b} = a"),
        (r"\overbrace{a}^{\text{the data}} = a", r"\overbrace{a}^{b^2} = a"),
        (
            r"\underbrace{\frac{a}{2}}_{A} = \frac a2",
            r"\underbrace{\frac{\overbrace{a}^{b}}{2}}_{A} = \frac a2",
        ),
        (r"\underbrace{1 + 1}_A = 2", r"\underbrace{1 + 1}_{\frac31} = 2"),
        (r"a = a \tag{*}", r"a = a \tag{false}"),
        (r"a = a \tag{3.1}", r"a = a \tag{not true}"),
        (r"a = a \tag{DDPM}", r"a = a \tag{=b}"),
    ] {
        neighbours(Exact, truth, lie);
    }
    twins(
        Certified,
        r"\forall 0 < a < b: a^2 < b^2",
        r"\forall 0 < b < u: b < \frac12",
    );
}

/// Invisible symbols and misleading signs do not pass.
#[test]
fn unseen() {
    neighbours(
        Exact,
        r"a \textcolor{red}{+ b} = a + b",
        r"a \textcolor{white}{+ b} = a + b",
    );
    refused(r"a \textcolor{#ffffff}{+ b} = a + b", "may not be seen");
    neighbours(Certified, r"p \not= 0", r"p \not\ne 0");
}

/// Returns the statuses of all relations of a text.
fn of_text(text: &str) -> Vec<proofread::Status> {
    let report = report(text, NOTATION);
    report.outcomes.iter().map(|outcome| outcome.status).collect()
}

/// What words suppose is no condition that is read: a false formula behind them is not
/// called false, nor is what follows it in its paragraph.
#[test]
fn words_that_suppose() {
    use proofread::Status::{Exact, False, Undecided};
    for text in [
        r"Let $a > 0$. Then $\sqrt{a^2} = a$.",
        r"If $a = b$, then $a^2 = b^2$.",
        r"For $a \ne 0$ we have $a/a = 1$.",
        r"Setting $b = 0$ gives $a + b = a$.",
        r"Let $a > 0$ and $b > 0$.",
    ] {
        assert_eq!(of_text(text), [Undecided, Undecided], "{text}");
    }
    assert_eq!(of_text("We ask whether $a = b$."), [Undecided]);
    // What is false for all values is no condition, and a new paragraph begins anew.
    assert_eq!(of_text("Let $1 = 2$."), [False]);
    assert_eq!(of_text("Let $a > 0$.\n\nIt is $a = 2 a$."), [Undecided, False]);
    assert_eq!(of_text("We have $a = b$."), [False]);
    assert_eq!(of_text("Let $a = a$. Then $a = b$."), [Exact, False]);
}

/// Behind words that claim, a relation of sizes and indices is a claim.
#[test]
fn settings_behind_words_that_claim() {
    use proofread::Status::{Exact, Setting, Unknown};
    let with_a_claim = |words: &str| of_text(&format!("{words}. $a = a$"));
    for words in ["At $t = 1$", "Take $T = 4$", r"Here $t \ge 2$"] {
        assert_eq!(with_a_claim(words), [Setting, Exact], "{words}");
    }
    for words in [
        r"For every $t$ we have $t \le T - 1$",
        "It follows that $T = t + 1$",
        "Always $T > 3$",
        "We get $T > 5$",
    ] {
        assert_eq!(with_a_claim(words), [Unknown, Exact], "{words}");
    }
    let all = with_a_claim("We have $t = 1$ and $t = 2$");
    assert_eq!(all, [Unknown, Unknown, Exact]);
}

/// A condition or a setting in words protects the claims of its sentence, before it and
/// behind it.
#[test]
fn conditions_in_words_protect_their_sentence() {
    use proofread::Status::{False, Setting, Undecided};
    for (text, statuses) in [
        (r"If $t = 1$, then $\beta_t = \beta_1$.", [Setting, Undecided]),
        (r"Let $t = 1$. Then $\beta_t = \beta_1$.", [Setting, Undecided]),
        (r"$\beta_t = \beta_1$ at $t = 1$.", [Undecided, Setting]),
        (r"$\sqrt{a^2} = a$ for $a > 0$.", [Undecided, Undecided]),
        (r"Since $a > 0$, $\sqrt{a^2} = a$.", [Undecided, Undecided]),
        // The next sentence is another matter.
        (r"It begins at $t = 1$. Here $\beta_t = \beta_1$.", [Setting, False]),
    ] {
        assert_eq!(of_text(text), statuses, "{text}");
    }
}

/// With a quantifier behind it, or as a consequence, a relation of sizes is a claim.
#[test]
fn settings_with_a_quantifier_are_claims() {
    use proofread::Status::{Setting, Unknown};
    for text in [
        "$t < T$ for all $T$.",
        "$t = T$ holds.",
        "Clearly $t = T$.",
        "So $T = 4$.",
    ] {
        assert_eq!(of_text(text)[0], Unknown, "{text}");
    }
    let text = "Since $T \\ge 3$, $T \\ge 4$.";
    assert_eq!(of_text(text), [Setting, Unknown]);
}
