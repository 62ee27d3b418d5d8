//! Words, quantifiers, implications and sets beside a claim.

use super::{reads, refused};

#[test]
fn words_make_conditions_or_are_refused() {
    let late = [r"a_{t} = b | t \ge 2"];
    for words in
        ["for", "If", "whenever", "for all", "given that", "with", "provided"]
    {
        reads(&format!(r"a_t = b \quad \text{{{words} }} t \ge 2"), &late);
    }
    reads(r"a_t = b \text{ for $t \ge 2$}", &late);
    reads(r"a_t = b \text{ (for $t \ge 2$)}", &late);
    reads(r"a_t = b \quad \mathrm{for}\ t \ge 2", &late);
    reads(r"a_t = b, \quad t \ge 2", &late);
    reads(r"a_t = b \quad (t \ge 2)", &late);
    reads(r"\text{If } t \ge 2 \text{ then } a_t = b", &late);
    reads(r"\text{for } t \ge 2\colon\ a_t = b", &late);
    reads(r"|a| = a, \quad a > 0", &[r"\left\|a\right\| = a | a > 0"]);
    reads(r"a > 0, \quad a < 1", &["a > 0", "a < 1"]);
    reads(r"a_t = b \text{ unless } t = 1", &[r"a_{t} = b | t \ne 1"]);
    reads(r"a_t = b \text{ except for } t = 1", &[r"a_{t} = b | t \ne 1"]);
    reads(r"a = b \text{ and } b = c", &["a = b", "b = c"]);
    reads(r"a = b \text{ where } b := c", &["b := c", "a = b"]);
    reads(r"a = b, \text{ hence } b = c.", &["a = b", "b = c"]);
    reads(r"a = b \text{ (spelled out)}", &["a = b"]);
    reads(r"a = b \text{ by (3)}", &["a = b"]);
    reads(r"\text{(ii)} \quad a = b", &["a = b"]);
    for words in [
        "unlike",
        "in contrast to",
        "(wrong!)",
        "not",
        "or",
        "since",
        "if not",
        "(never)",
        "by no means",
        "assuming",
        "except as to",
    ] {
        refused(&format!(r"a = b \text{{ {words} }} t = 1"), "these words");
    }
    refused(r"a = b \text{ since $b = 2b$}", "these words");
    refused(r"a = b \text{ unless } 1 < t < 3", "an exception");
    refused(r"a = b \mathop{\text{unless}} c", "an exception");
    reads(
        r"a = b \text{ for } t \ge 2 \text{ and } s \ge 3",
        &[r"a = b | t \ge 2, s \ge 3"],
    );
    refused(
        r"a = b \text{ if } b = c \text{ and } c = p",
        "one more condition",
    );
    reads(
        r"\text{if } a = b, b = c, \text{ then } a = c",
        &["a = c | a = b, b = c"],
    );
}

#[test]
fn quantifiers_and_implications() {
    let range = [r"a_{t} = b | 1 \le t, t \le T"];
    for text in [
        r"a_t = b \quad \forall t \in \{1, \dots, T\}",
        r"\forall t \in \{1, \dots, T\}:\ a_t = b",
        r"t = 1, \dots, T:\ a_t = b",
        r"t = 1, 2, \ldots, T \colon a_t = b",
        r"t = 1, \dots, T \quad a_t = b",
        r"t = 1, \dots, T \Rightarrow a_t = b",
        r"t = T, T-1, \dots, 1: a_t = b",
        r"a_t = b, \quad t = 1, \dots, T.",
        r"a_t = b \qquad t = 1, \ldots, T",
    ] {
        reads(text, &range);
    }
    reads(r"a = a \forall a", &["a = a"]);
    reads(r"\forall a: a = 2 a", &[r"a = 2 \cdot a"]);
    reads(r"\forall a, b > 0: a = b", &["a = b | a > 0, b > 0"]);
    reads(r"\forall a \in \mathbb R:\ a = b", &["a = b"]);
    reads(r"t = 1, \dots, T", &[r"values 1 \le t, t \le T"]);
    reads(r"a = b \Rightarrow b = a", &["b = a | a = b"]);
    reads(r"a = b \iff b = a", &["a = b | b = a", "b = a | a = b"]);
    reads(r"a = b \\ \implies b = a", &["b = a | a = b"]);
    reads(r"a = b \Rightarrow \\ b = a", &["b = a | a = b"]);
    refused(r"\Rightarrow a = b", "nothing stands before");
    refused(r"a = b \Rightarrow", "nothing follows");
    refused(r"a = b \text{ for}", "nothing follows");
    refused(r"a = b \quad \forall", "nothing follows");
    refused(r"a = b, b = c \Rightarrow a = c", "which of the statements");
    refused(r"\exists a: a = b", "that something exists");
    refused(r"\therefore a = b", "from what this follows");
    refused(r"\forall a |a| = 2 a", "");
    refused(r"t = 1, \dots, a = 5 a", "");
    refused(r"a_t = b, \quad t = 1, 3, \dots, T", "which values");
    refused(r"a : b = c", "colon");
}

#[test]
fn membership_is_a_claim() {
    reads(r"a = b \in (0, 1]", &["a = b", "0 < b", r"b \le 1"]);
    reads(r"a \in (0, \infty)", &["0 < a"]);
    reads(r"a, b \in [0, 1)", &[r"0 \le a", "a < 1", r"0 \le b", "b < 1"]);
    reads(r"p \in \mathbb R_{>0}", &["0 < p"]);
    reads(r"a = b \in \mathbb R", &["a = b", "b in Numbers"]);
    reads(r"x \in \mathbb{R}^d", &["x in Vectors"]);
    reads(r"t \in \{1, \dots, T\}", &[r"values 1 \le t, t \le T"]);
    reads(r"a, b > 0", &["a > 0", "b > 0"]);
    refused(r"a \in \{0, 1\}", "a set of single values");
    refused(r"a \in \mathbb R_+", "does this set hold zero");
    refused(r"a, b = c", "");
    for sign in [r"\notin", r"\subset", r"\ni"] {
        refused(&format!("a {sign} (0, 1)"), "no meaning");
    }
}
