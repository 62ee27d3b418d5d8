//! The sizes for which a claim was shown: every size, if the claim uses only
//! entries near an index, near the size and near 0; otherwise the listed sizes.

mod common;

use common::report;
use proofread::{Report, Status};

const NOTATION: &str = r"
    [sizes]
    T = '3..4'
    d = '1..3'

    [indices]
    t = '1..T'

    [symbols]
    'a' = { kind = 'scalar' }
    'c_t' = { kind = 'scalar', range = '0..T' }
    'f(a)' = { kind = 'scalar' }
    '\beta_t' = { kind = 'scalar', in = '(0, 1)' }
    '\alpha_t' = { kind = 'scalar', in = '(0, 1)', means = '1 - \beta_t' }
    'A_t' = { kind = 'scalar', in = '(0, 1]', range = '0..T',
              means = '\prod_{s=1}^{t} \alpha_s' }
    'B_t' = { kind = 'scalar', range = '0..T', means = '\sum_{s=1}^{t} c_s' }
    'P_t' = { kind = 'scalar', means = '(t - 1)(t - 2)(t - 3)(t - 4)' }
    'x_t' = { kind = 'vector', range = '0..T' }

    [processes.q]
    variable = 'x'
    range = '0..T'
    index = 't'
    step = '\mathcal N(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t I)'

    [processes.r]
    variable = 'x'
    range = '0..T'
    index = 't'
    step = '\mathcal N(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, 2 \beta_t I)'
";

fn of(latex: &str) -> Report {
    report(&format!("$$\n% id: test\n{latex}\n$$\n"), NOTATION)
}

/// Asserts that a claim holds for the listed sizes. Returns whether it was
/// shown for every size.
#[track_caller]
fn every(latex: &str) -> bool {
    let report = of(latex);
    assert!(report.is_good(), "{latex}: {report:?}");
    let evidence = report.outcomes[0].evidence.as_ref().unwrap();
    assert_eq!(evidence.every, evidence.ranges.contains("every T"), "{latex}");
    evidence.every
}

#[test]
fn neighbours_are_enough() {
    for claim in [
        r"\alpha_t + \beta_t = 1",
        r"A_t = \alpha_t A_{t-1}",
        r"A_{t-1} (1 - \beta_t) = A_t",
        r"A_t < A_{t-1}",
        r"A_T < 1",
        r"A_T = A_{T-1} \alpha_T",
        r"B_t - B_{t-1} = c_t",
        r"c_t - c_{T - t} = - (c_{T-t} - c_t) \text{ for } t = T",
        r"A_t = (1 - \beta_t) \alpha_{t-1} A_{t-2} \text{ for } t \ge 2",
        r"f(c_t) c_0 = c_0 f(c_t)",
        // This uses a distant entry, but only for t = T.
        r"c_t = c_{T-3} + c_t - c_{T-3} \text{ for } t = T",
        // The sum is empty if t is larger than 4.
        r"\sum_{s=t}^{4} (s - t)(s - t - 1)(s - t - 2)(s - t - 3) = 0",
        r"q(x_t \mid x_{t-1}) = \mathcal N(x_t; \sqrt{\alpha_t}\, x_{t-1}, \beta_t I)",
    ] {
        assert!(every(claim), "{claim}");
    }
}

/// A claim about any number of steps is shown by induction, if the steps have
/// the form that the induction needs.
#[test]
fn steps_by_induction() {
    assert!(every(
        r"q(x_t \mid x_0) = \mathcal N(x_t; \sqrt{A_t}\, x_0, (1 - A_t) I)"
    ));
    assert!(every(
        r"q(x_{t-1} \mid x_t, x_0) q(x_t \mid x_0)
          = q(x_t \mid x_{t-1}) q(x_{t-1} \mid x_0) \text{ for } t \ge 2"
    ));
    assert!(every(
        r"q(x_T \mid x_0) = \mathcal N(x_T; \sqrt{A_T}\, x_0, (1 - A_T) I)"
    ));
    let other = r"r(x_t \mid x_0)
        = \mathcal N(x_t; \sqrt{A_t}\, x_0, 2 (1 - A_t) I)";
    assert!(!every(other), "the steps of r are no such steps");
}

/// An expectation over a whole process needs only the variables that the claim
/// contains.
#[test]
fn means_over_a_process_need_a_few_variables() {
    for claim in [
        r"\mathbb E_q[x_t] = \sqrt{\alpha_t}\, \mathbb E_q[x_{t-1}]",
        r"\mathbb E_q[x_t] = \sqrt{A_t}\, \mathbb E_q[x_0]",
        r"\mathbb E_q[\|x_t - \sqrt{\alpha_t}\, x_{t-1}\|^2] = \beta_t\, d",
        r"\mathbb E[x_t \mid x_{t-1}] = \sqrt{\alpha_t}\, x_{t-1}",
        r"\mathbb E[x_t \mid x_0, x_{t-1}] = \sqrt{\alpha_t}\, x_{t-1}",
    ] {
        assert!(every(claim), "{claim}");
    }
    for claim in [
        r"\mathbb E_q[x_t] = \alpha_t\, \mathbb E_q[x_{t-1}]",
        r"\mathbb E_q[x_t] = A_t\, \mathbb E_q[x_0]",
        r"\mathbb E_q[\|x_t - \sqrt{\alpha_t}\, x_{t-1}\|^2] = \beta_{t-1}\, d
          \text{ for } t \ge 2",
    ] {
        assert!(!of(claim).is_good(), "{claim}");
    }
    // A sum over all variables needs all of them.
    assert!(!every(
        r"\mathbb E_q[\sum_{s=1}^T x_s] = \sum_{s=1}^T \mathbb E_q[x_s]"
    ));
}

/// A definition that repeats the notation keeps the proof for every size.
#[test]
fn a_definition_in_the_same_words_keeps_every_size() {
    let text = r"
$$ A_t := \prod_{s=1}^t \alpha_s $$ {#eq-product}

$$
% id: eq-neighbours
% uses: eq-product
A_t = \alpha_t A_{t-1}
$$
";
    let report = report(text, NOTATION);
    assert!(report.is_good(), "{report:?}");
    let evidence = report.outcomes[1].evidence.as_ref().unwrap();
    assert!(evidence.every);
}

/// A claim that was shown only for the listed sizes is not reported for every
/// size.
#[test]
fn what_numbers_decide_is_listed() {
    for claim in [
        r"(t - 1)(t - 2)(t - 3)(t - 4) = 0",
        r"P_t = 0",
        r"P_t c_t = 0",
        r"a^{(t - 1)(t - 2)(t - 3)(t - 4)} = 1",
        r"t \le 4 + 0 \cdot a",
        r"\sum_{s=1}^{T} \beta_s < 4",
        r"\sum_{s=1}^{t} 1 = t",
        r"c_{(t - 1)(t - 2)(t - 3)(t - 4)} = c_0",
    ] {
        assert!(!every(claim), "{claim}");
    }
}

/// Small sizes are separate cases, even if they are not listed.
#[test]
fn small_sizes_are_cases_of_their_own() {
    let claim = r"c_t = c_0 + c_t - c_0 \text{ for } t \le 4";
    assert!(every(claim));
    let report = of(r"c_5 = c_5");
    assert!(!report.is_good(), "c_5 is there for T = 5 alone: {report:?}");
}

/// The sizes of a notation are examples. A claim for all sizes needs a proof for
/// every size.
#[test]
fn claims_for_all_sizes() {
    let every = r"(a_T - a_1)^2 = a_T^2 - 2 a_T a_1 + a_1^2";
    for words in [r"\text{ for all } T", r"\quad \forall T"] {
        let all = |claim: &str| {
            report(
                &format!("$$\n% id: test\n{claim}{words}\n$$\n"),
                r"
                    [sizes]
                    T = '2..5'
                    [indices]
                    t = '1..T'
                    [symbols]
                    'a_t' = { kind = 'scalar' }
                ",
            )
        };
        assert!(all(every).is_good(), "{:?}", all(every));
        for some in ["T^2 \\le 25", "\\sum_{t=1}^T 1 \\le 5", "T \\le 5"] {
            let found = &all(some).outcomes[0];
            assert_eq!(found.status, Status::Undecided, "{found:?}");
        }
    }
}

/// An index of a family may run to `d`, which then is a size as others are.
#[test]
fn a_family_for_each_dimension() {
    let of = |claim: &str| {
        report(
            &format!("$$\n% id: test\n{claim}\n$$\n"),
            r"
                [sizes]
                d = '1..4'
                [indices]
                j = '1..d'
                [symbols]
                's_j' = { kind = 'scalar', in = '(0, 10)' }
                'y' = { kind = 'vector' }
            ",
        )
    };
    for (truth, lie) in [
        (r"s_j^2 - 1 - \log s_j^2 \ge 0", r"s_j^2 - 1 - \log s_j^2 > 0"),
        (
            r"\sum_{j=1}^d \log s_j^2 = 2 \log \prod_{j=1}^d s_j",
            r"\sum_{j=1}^d \log s_j^2 = 3 \log \prod_{j=1}^d s_j",
        ),
        (r"\sum_{j=1}^d s_j \le 10 d", r"\sum_{j=1}^d s_j \le 9 d"),
        // The entries of a vector need no number.
        (r"\sum_{j=1}^d y_j^2 = \|y\|^2", r"\sum_{j=1}^d y_j^2 = \|y\|"),
    ] {
        assert!(of(truth).is_good(), "{truth}: {:?}", of(truth));
        let status = of(lie).outcomes[0].status;
        assert_eq!(status, Status::False, "{lie}: {:?}", of(lie));
    }
    let mixed = of(r"\|y\|^2 + \sum_{j=1}^d s_j \ge 0");
    assert_eq!(mixed.outcomes[0].status, Status::Unknown, "{mixed:?}");
}

/// A condition that leaves a size without an end makes a claim for every size.
#[test]
fn sizes_without_an_end() {
    let statuses = |condition: &str| {
        let text = format!(
            "$$\n% id: test\n\\sum_{{t=1}}^T \\beta_t < 5 {condition}\n$$\n"
        );
        let notation = r"
            [sizes]
            T = '2..4'
            [indices]
            t = '1..T'
            [symbols]
            '\beta_t' = { kind = 'scalar', in = '(0, 1)' }
        ";
        report(&text, notation).outcomes[0].status
    };
    assert_eq!(statuses(""), Status::Certified);
    assert_eq!(statuses(r"\text{ for } T = 3"), Status::Certified);
    for open in [
        r"\text{ for } T \ge 3",
        r"\text{ for } T > 2",
        r"\text{ if } 2 \le T",
        r"\text{ for all } T",
    ] {
        assert_eq!(statuses(open), Status::Undecided, "{open}");
    }
}
