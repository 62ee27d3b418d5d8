//! Expectations, divergences, noise and gradients: each true claim has a false
//! twin.

mod common;

use Status::{Certified, Exact, False, Gaussian};
use proofread::Status;

const NOTATION: &str = r"
    [sizes]
    T = '2..3'
    d = '1..3'

    [indices]
    t = '1..T'

    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'r' = { kind = 'scalar', in = '(0, oo)' }
    's' = { kind = 'scalar' }
    'm' = { kind = 'scalar', means = '2 s' }
    'x' = { kind = 'vector' }
    'y' = { kind = 'vector' }
    'f(x)' = { kind = 'scalar' }
    'g(x)' = { kind = 'scalar' }
    'k(a)' = { kind = 'scalar' }
    'w(x)' = { kind = 'vector' }
    '\mu(x, t)' = { kind = 'vector' }
    '\beta_t' = { kind = 'scalar', in = '(0, 1)' }
    'A_t' = { kind = 'scalar', in = '(0, 1]', range = '0..T',
              means = '\prod_{s=1}^{t} (1 - \beta_s)' }
    'z_t' = { kind = 'vector', range = '0..T' }
    '\epsilon' = { kind = 'vector', standard_normal = true }
    '\xi' = { kind = 'vector', standard_normal = true }
    '\eta' = { kind = 'scalar', standard_normal = true }
    '\zeta' = { kind = 'scalar', standard_normal = true }
    'n_t' = { kind = 'scalar', standard_normal = true }
    'U_t' = { kind = 'scalar', means = 'n_t + n_1' }
    'V_t' = { kind = 'scalar', means = 'n_t + \eta' }

    [processes.q]
    variable = 'z'
    range = '0..T'
    index = 't'
    step = '\mathcal N(z_t; \sqrt{1 - \beta_t} z_{t-1}, \beta_t I)'

    [processes.h]
    variable = 'z'
    range = '0..T'
    index = 't'
    start = '\mathcal N(z_T; 0, I)'
    step = '\mathcal N(z_{t-1}; \mu(z_t, t), p I)'
    backwards = true
";

fn statuses(latex: &str) -> Vec<Status> {
    let text = format!("$$\n% id: test\n{latex}\n$$\n");
    let report = common::report(&text, NOTATION);
    report.outcomes.iter().map(|outcome| outcome.status).collect()
}

/// Asserts that a true claim passes, and that its twin is refuted.
#[track_caller]
fn twins(tier: Status, truth: &str, lie: &str) {
    assert_eq!(statuses(truth), [tier], "{truth}");
    assert_eq!(statuses(lie), [False], "{lie}");
}

/// Asserts that a claim is neither shown nor refuted, or is ambiguous.
#[track_caller]
fn open(claim: &str) {
    let passes = |s: &Status| {
        [Exact, Gaussian, Certified, Status::Definition, False].contains(s)
    };
    let found = statuses(claim);
    assert!(!found.is_empty(), "{claim}");
    assert!(!found.iter().any(passes), "{claim}: {found:?}");
}

#[test]
fn means_have_the_sign_of_what_they_are_of() {
    let q = r"\mathbb E_q[\|z_0\|^2]";
    twins(Gaussian, &format!(r"{q} \ge 0"), &format!(r"{q} < 0"));
    twins(
        Gaussian,
        r"a^2 \mathbb E_\epsilon[f(\epsilon)^2] \ge 0",
        r"a \mathbb E_\epsilon[f(\epsilon)^2] \ge 0",
    );
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[(f(\epsilon) + g(\epsilon))^2] \ge 0",
        r"\mathbb E_\epsilon[f(\epsilon) + g(\epsilon)] \ge 0",
    );
    // A bound variable does not have the sign of its declared domain.
    open(r"\mathbb E_{p \sim \mathcal N(a, 1)}[p] \ge 0");
}

#[test]
fn jensen() {
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[f(\epsilon)]^2 \le \mathbb E_\epsilon[f(\epsilon)^2]",
        r"\mathbb E_\epsilon[f(\epsilon)]^2 = \mathbb E_\epsilon[f(\epsilon)^2]",
    );
    twins(
        Gaussian,
        r"\mathbb E_\epsilon[\exp(f(\epsilon))]
            \ge \exp(\mathbb E_\epsilon[f(\epsilon)])",
        r"\mathbb E_\epsilon[\exp(f(\epsilon))]
            = \exp(\mathbb E_\epsilon[f(\epsilon)])",
    );
    let ratio = r"\frac{h(z_{0:T})}{q(z_{1:T} \mid z_0)}";
    let (log, mean) = (
        format!(r"\log \mathbb E_q[{ratio}]"),
        format!(r"\mathbb E_q[\log {ratio}]"),
    );
    let bound = format!(r"{log} \ge {mean}");
    twins(Gaussian, &bound, &format!("{log} = {mean}"));
    twins(Gaussian, &bound, &format!(r"{log} \le {mean}"));
    twins(
        Gaussian,
        r"\log \mathbb E_\epsilon[\exp(f(\epsilon))]
            \ge \mathbb E_\epsilon[f(\epsilon)]",
        r"\log \mathbb E_\epsilon[\exp(f(\epsilon))]
            \le \mathbb E_\epsilon[f(\epsilon)]",
    );
    let length = r"\mathbb E_\epsilon[\|\epsilon\|]";
    assert_eq!(statuses(&format!(r"{length} \le \sqrt{{d}}")), [Gaussian]);
    open(&format!(r"{length} \le \sqrt{{d}} - 1"));
    twins(
        Gaussian,
        r"\|\mathbb E_q[z_0]\|^2 \le \mathbb E_q[\|z_0\|^2]",
        r"\|\mathbb E_q[z_0]\|^2 = \mathbb E_q[\|z_0\|^2]",
    );
}

#[test]
fn divergences_are_not_negative() {
    let two = r"D_{\mathrm{KL}}(\mathcal N(x, p I) \,\|\, \mathcal N(y, r I))";
    twins(Gaussian, &format!(r"{two} \ge 0"), &format!("{two} > 0"));
    let joint = r"q(z_{1:T} \mid z_0) \,\|\, h(z_{1:T} \mid z_0)";
    let joint = format!(r"D_{{\mathrm{{KL}}}}({joint})");
    twins(Gaussian, &format!(r"{joint} \ge 0"), &format!("{joint} = 0"));
    let bound = r"\mathbb E_{q(z_{1:T} \mid z_0)}[
        \log \frac{h(z_{0:T})}{q(z_{1:T} \mid z_0)}]";
    twins(
        Gaussian,
        &format!(r"\log h(z_0) \ge {bound}"),
        &format!(r"\log h(z_0) \le {bound}"),
    );
    twins(
        Gaussian,
        &format!(r"{bound} = \log h(z_0) - {joint}"),
        &format!(r"{bound} = \log h(z_0) + {joint}"),
    );
}

#[test]
fn means_come_apart_and_fold() {
    twins(
        Gaussian,
        r"\mathbb E_{\epsilon, \xi}[f(\epsilon) g(\xi)]
            = \mathbb E_\epsilon[f(\epsilon)] \mathbb E_\xi[g(\xi)]",
        r"\mathbb E_\epsilon[f(\epsilon) g(\epsilon)]
            = \mathbb E_\epsilon[f(\epsilon)] \mathbb E_\epsilon[g(\epsilon)]",
    );
    twins(
        Gaussian,
        r"\mathbb E_{q(z_0)} \mathbb E_{q(z_t \mid z_0)}[f(z_t)]
            = \mathbb E_q[f(z_t)]",
        r"\mathbb E_{q(z_0)} \mathbb E_{q(z_t \mid z_0)}[f(z_t)]
            = \mathbb E_q[f(z_0)]",
    );
    twins(
        Gaussian,
        r"\mathbb E_{q(z_1 \mid z_0)} \mathbb E_{q(z_2 \mid z_1)}[f(z_2)]
            = \mathbb E_{q(z_2 \mid z_0)}[f(z_2)]",
        r"\mathbb E_{q(z_1 \mid z_0)} \mathbb E_{q(z_2 \mid z_1)}[f(z_2)]
            = \mathbb E_{q(z_1 \mid z_0)}[f(z_1)]",
    );
    assert_eq!(
        statuses(
            r"\mathbb E_{q(z_t)}[\mathbb E[f(z_0) \mid z_t]]
                = \mathbb E_{q(z_0)}[f(z_0)]"
        ),
        [Gaussian]
    );
    // With another function of `z_0` as a factor, the tower rule does not
    // apply.
    open(
        r"\mathbb E_{q(z_0, z_t)}[\mathbb E[f(z_0) \mid z_t] g(z_0)]
            = \mathbb E_{q(z_0)}[f(z_0) g(z_0)]",
    );
}

/// An expectation over a process may contain densities, which are exponentials
/// of its noise.
#[test]
fn densities_within_a_mean() {
    let mean = r"\mathbb E_{q(z_1 \mid z_0)}\Big[
        \frac{\mathcal N(z_1; 0, 4 I)}{q(z_1 \mid z_0)}\Big]";
    twins(Gaussian, &format!("{mean} = 1"), &format!("{mean} = 2"));
    let mean = r"\mathbb E_{q(z_1 \mid z_0)}[q(z_1 \mid z_0)]";
    twins(
        Gaussian,
        &format!(r"{mean} = (4 \pi \beta_1)^{{-d/2}}"),
        &format!(r"{mean} = (2 \pi \beta_1)^{{-d/2}}"),
    );
}

/// A symbol without an index is not the variable of a process of the same name.
#[test]
fn the_variable_of_a_process_has_an_index() {
    let notation = NOTATION.replace(
        "[processes.q]",
        "'z' = { kind = 'scalar' }\n\n    [processes.q]",
    );
    let text = r"$$ \mathbb E_z[z] = z $$ {#mean}";
    let report = common::report(text, &notation);
    assert_eq!(report.outcomes[0].status, Status::Unknown);
}

#[test]
fn variances() {
    twins(
        Gaussian,
        r"\operatorname{Var}(f(\epsilon))
            = \mathbb E[f(\epsilon)^2] - \mathbb E[f(\epsilon)]^2",
        r"\operatorname{Var}(f(\epsilon))
            = \mathbb E[f(\epsilon)^2] + \mathbb E[f(\epsilon)]^2",
    );
    twins(
        Gaussian,
        r"\operatorname{Var}[f(\epsilon)] \ge 0",
        r"\operatorname{Var}[f(\epsilon)] \ge 1",
    );
    twins(
        Gaussian,
        r"\operatorname{Var}(f(\epsilon) + g(\xi))
            = \operatorname{Var}(f(\epsilon)) + \operatorname{Var}(g(\xi))",
        r"\operatorname{Var}(f(\epsilon) + g(\epsilon))
            = \operatorname{Var}(f(\epsilon)) + \operatorname{Var}(g(\epsilon))",
    );
    twins(
        Gaussian,
        r"\operatorname{Cov}(f(\epsilon), g(\xi)) = 0",
        r"\operatorname{Cov}(f(\epsilon), g(\epsilon)) = 0",
    );
    twins(
        Gaussian,
        r"\mathbb V[\|\epsilon\|^2] = 2 d",
        r"\mathbb V[\|\epsilon\|^2] = d",
    );
    open(r"\operatorname{Var}(\epsilon) = 1");
}

#[test]
fn numbers_that_are_noise() {
    twins(
        Gaussian,
        r"\mathbb E_\eta[\eta^2] = 1",
        r"\mathbb E_\eta[\eta^2] = d",
    );
    twins(
        Gaussian,
        r"\mathbb E_\eta[\eta^4] = 3",
        r"\mathbb E_\eta[\eta^4] = 1",
    );
    twins(
        Gaussian,
        r"\mathbb E_{\eta, \zeta}[(\eta + \zeta)^2] = 2",
        r"\mathbb E_{\eta, \zeta}[(\eta + \zeta)^2] = 4",
    );
    twins(
        Gaussian,
        r"\mathbb E_{\eta \sim \mathcal N(0, 1)}[e^{a \eta}] = e^{a^2 / 2}",
        r"\mathbb E_{\eta \sim \mathcal N(0, 1)}[e^{a \eta}] = e^{a^2}",
    );
    // Infinite for p ≥ 1.
    open(
        r"\mathbb E_{a \sim \mathcal N(0, p)}[e^{a^2 / 2}]
            = \frac{1}{\sqrt{1 - p}}",
    );
    twins(
        Gaussian,
        r"\mathbb E_\eta[k(\eta)] = \mathbb E_\zeta[k(\zeta)]",
        r"\mathbb E_\eta[k(\eta)] = k(0)",
    );
}

#[test]
fn variables_are_drawn() {
    twins(
        Gaussian,
        r"\mathbb E_{x \sim \mathcal N(y, p I)}[\|x\|^2] = \|y\|^2 + p d",
        r"\mathbb E_{x \sim \mathcal N(y, p I)}[\|x\|^2] = \|y\|^2 + p",
    );
    twins(
        Gaussian,
        r"\mathbb E_{x \sim \mathcal N(y, p I)}[f(x)]
            = \mathbb E_\epsilon[f(y + \sqrt{p} \epsilon)]",
        r"\mathbb E_{x \sim \mathcal N(y, p I)}[f(x)]
            = \mathbb E_\epsilon[f(y + p \epsilon)]",
    );
    twins(
        Gaussian,
        r"\mathbb E_{a \sim \mathcal N(b, p), s \sim \mathcal N(a, r)}[s^2]
            = b^2 + p + r",
        r"\mathbb E_{a \sim \mathcal N(b, p), s \sim \mathcal N(a, r)}[s^2]
            = b^2 + p",
    );
    twins(
        Gaussian,
        r"\mathbb E_{z_t \sim \mathcal N(\sqrt{A_t} z_0, (1 - A_t) I)}[f(z_t)]
            = \mathbb E_{q(z_t \mid z_0)}[f(z_t)]",
        r"\mathbb E_{z_t \sim \mathcal N(\sqrt{A_t} z_0, (1 - A_t)^2 I)}[f(z_t)]
            = \mathbb E_{q(z_t \mid z_0)}[f(z_t)]",
    );
    // The order of the draws matters, also through definitions.
    open(
        r"\mathbb E_{s \sim \mathcal N(a, r), a \sim \mathcal N(b, p)}[s] = b",
    );
    open(
        r"\mathbb E_{a \sim \mathcal N(m, r), s \sim \mathcal N(b, p)}[a] = 2 b",
    );
    open(
        r"\mathbb E_{a \sim \mathcal N(b, p), a \sim \mathcal N(0, p)}[a] = b",
    );
    open(r"\mathbb E_{x \sim \mathcal N(\epsilon, I)}[x] = \epsilon");
    open(r"\mathbb E_{x \sim \mathcal N(0, p)}[x] = 0");
}

#[test]
fn indices_are_uniform() {
    let mean = r"\frac{1}{T} \sum_{t=1}^{T} \beta_t";
    for law in [
        r"\mathcal U(1, T)",
        r"\mathcal U\{1, \dots, T\}",
        r"\mathrm{Uniform}(\{1, \dots, T\})",
        r"\{1, 2, \dots, T\}",
    ] {
        twins(
            Gaussian,
            &format!(r"\mathbb E_{{t \sim {law}}}[\beta_t] = {mean}"),
            &format!(r"\mathbb E_{{t \sim {law}}}[\beta_t] = T {mean}"),
        );
    }
    assert_eq!(
        statuses(&format!(
            r"\mathbb E_{{t \sim \mathcal U(2, T)}}[\beta_t] = {mean}"
        )),
        [False]
    );
    open(&format!(r"\mathbb E_{{t \sim \{{1, T\}}}}[\beta_t] = {mean}"));
    open(&format!(
        r"\mathbb E_{{t \sim \{{1, 3, \dots, T\}}}}[\beta_t] = {mean}"
    ));
}

#[test]
fn gradients() {
    twins(
        Exact,
        r"\nabla_x \frac12 \|x - y\|^2 = x - y",
        r"\nabla_x \frac12 \|x - y\|^2 = y - x",
    );
    twins(
        Gaussian,
        r"\nabla_x \log \mathcal N(x; y, p I) = \frac{y - x}{p}",
        r"\nabla_x \log \mathcal N(x; y, p I) = \frac{x - y}{p}",
    );
    // Tweedie's formula.
    twins(
        Gaussian,
        r"\mathbb E[z_0 \mid z_t]
            = \frac{z_t + (1 - A_t) \nabla_{z_t} \log q(z_t)}{\sqrt{A_t}}",
        r"\mathbb E[z_0 \mid z_t]
            = \frac{z_t - (1 - A_t) \nabla_{z_t} \log q(z_t)}{\sqrt{A_t}}",
    );
    twins(
        Gaussian,
        r"\nabla_{z_t} \log q(z_t)
            = \mathbb E_{q(z_0 \mid z_t)}[\nabla_{z_t} \log q(z_t \mid z_0)]",
        r"\nabla_{z_t} \log q(z_t)
            = \mathbb E_{q(z_0)}[\nabla_{z_t} \log q(z_t \mid z_0)]",
    );
    twins(
        Exact,
        r"\nabla_x (f(x) g(x)) = g(x) \nabla_x f(x) + f(x) \nabla_x g(x)",
        r"\nabla_x (f(x) g(x)) = \nabla_x f(x) + \nabla_x g(x)",
    );
    twins(
        Exact,
        r"\nabla_x f(a x + y) = a \nabla_y f(a x + y)",
        r"\nabla_x f(a x + y) = \nabla_y f(a x + y)",
    );
    open(r"\nabla_x f(x) g(x) = g(x) \nabla_x f(x)");
    open(r"\nabla_a \|x\|^2 = 0");
    open(r"\nabla_x w(x) = 0");
}

#[test]
fn squares_of_vectors() {
    twins(Certified, r"\|x + y\|^2 \ge 0", r"\|x + y\|^2 > 0");
    twins(Certified, r"\|x + y\| \ge 0", r"\|x + y\| > 0");
    twins(Certified, r"\log(1 + \|x\|^2) \ge 0", r"\log(1 + \|x\|^2) > 0");
}

/// A variable of a process stands for every point. Papers write an equation with
/// noise for a sample.
#[test]
fn a_sample_is_no_equation() {
    for claim in
        [r"z_t = \sqrt{A_t} z_0 + \sqrt{1 - A_t} \epsilon", r"\epsilon = z_t"]
    {
        open(claim);
    }
}

/// The identity matrix has as many rows as vectors have entries.
#[test]
fn the_size_of_the_identity() {
    let density = |i: &str| {
        format!(r"\mathcal N(y; x, a^2 I_{i}) = \mathcal N(y; x, a^2 I)")
    };
    open(&density("t"));
    open(&density("T"));
}

/// A Gaussian of variance 0 is a point. It can be drawn, and has no density.
#[test]
fn a_variance_of_zero() {
    twins(
        Gaussian,
        r"\mathbb E_{y \sim \mathcal N(x, 0 I)}[\|y\|^2] = \|x\|^2",
        r"\mathbb E_{y \sim \mathcal N(x, 0 I)}[\|y\|^2] = \|x\|^2 + d",
    );
    open(r"\mathcal N(y; x, 0 I) = \mathcal N(y; x, 0 I)");
}

/// A sum of independent noises with constant factors is Gaussian; other
/// expressions are not decided.
#[test]
fn sums_of_noises() {
    for (truth, lie) in [
        (
            r"\epsilon + \xi \sim \mathcal N(0, 2 I)",
            r"\epsilon + \xi \sim \mathcal N(0, I)",
        ),
        (
            r"\epsilon + \epsilon \sim \mathcal N(0, 4 I)",
            r"\epsilon + \epsilon \sim \mathcal N(0, 2 I)",
        ),
        (
            r"x - a \epsilon \sim \mathcal N(x, a^2 I)",
            r"x - a \epsilon \sim \mathcal N(0, a^2 I)",
        ),
        (
            r"\frac{\epsilon + \xi}{\sqrt 2} \sim \mathcal N(0, I)",
            r"\frac{\epsilon + \xi}{2} \sim \mathcal N(0, I)",
        ),
        (
            r"\sqrt{A_t} z_0 + \sqrt{1 - A_t} \epsilon
                \sim \mathcal N(\sqrt{A_t} z_0, (1 - A_t) I)",
            r"\sqrt{A_t} z_0 + \sqrt{1 - A_t} \epsilon
                \sim \mathcal N(\sqrt{A_t} z_0, (1 - A_{t-1}) I)",
        ),
        (
            r"2 \eta + \zeta + b \sim \mathcal N(b, 5)",
            r"2 \eta + \zeta + b \sim \mathcal N(b, 3)",
        ),
        (
            r"\epsilon \sim \mathcal N(0, r I + (1 - r) I)",
            r"\epsilon \sim \mathcal N(0, r I + r I)",
        ),
    ] {
        twins(Gaussian, truth, lie);
    }
    // No Gaussian has a negative variance, so nothing is false there.
    open(r"\sqrt{b} \eta \sim \mathcal N(0, b)");
    twins(
        Gaussian,
        r"\sqrt{b} \eta \sim \mathcal N(0, b) \text{ for } b \ge 0",
        r"\sqrt{b} \eta \sim \mathcal N(0, b^2) \text{ for } b \ge 0",
    );
    for claim in [
        r"\eta x \sim \mathcal N(0, I)",
        r"\|\epsilon\| \xi \sim \mathcal N(0, I)",
        r"w(\epsilon) \sim \mathcal N(0, I)",
        r"x \sim \mathcal N(x, 0 I)",
        r"\epsilon + \xi \sim \mathcal N(0, 2 I) \text{ if } \epsilon = \xi",
        r"\epsilon \sim \mathcal N(0, p I + r)",
    ] {
        open(claim);
    }
}

/// An expectation of 0, or over a distribution that does not exist, does not
/// hide an expression without a value.
#[test]
fn what_has_no_value_is_not_averaged_away() {
    for (truth, lie) in [
        (r"\mathbb E[\frac{\eta}{p}] = 0", r"\mathbb E[\frac{\eta}{a}] = 0"),
        (r"\mathbb E[\eta \log p] = 0", r"\mathbb E[\eta \log a] = 0"),
        (
            r"\mathbb E_\epsilon[x + \frac{\epsilon}{p}] = x",
            r"\mathbb E_\epsilon[x + \frac{\epsilon}{a}] = x",
        ),
        (
            r"\mathbb E_\epsilon[\frac{\epsilon^\top x}{1 + \|x\|}] = 0",
            r"\mathbb E_\epsilon[\frac{\epsilon^\top x}{\|x\|}] = 0",
        ),
        (
            r"\mathbb E_{b \sim \mathcal N(0, p)}[1] = 1",
            r"\mathbb E_{b \sim \mathcal N(0, a)}[1] = 1",
        ),
        (
            r"\mathbb E_{b \sim \mathcal N(\log p, 1)}[1] = 1",
            r"\mathbb E_{b \sim \mathcal N(\log a, 1)}[1] = 1",
        ),
        (
            r"\mathbb E_{x \sim \mathcal N(y, p I)}[y^\top x] = \|y\|^2",
            r"\mathbb E_{x \sim \mathcal N(y, a I)}[y^\top x] = \|y\|^2",
        ),
    ] {
        twins(Gaussian, truth, lie);
    }
}

/// The rules for derivatives divide by a norm, but the derivative may have a
/// value where the norm is 0.
#[test]
fn derivatives_through_norms() {
    let gradient =
        |of: &str, is: &str| statuses(&format!(r"\nabla_x {of} = {is}"));
    assert!(!gradient(r"\|x\|^3", r"3 \|x\| x").contains(&False));
    assert_eq!(gradient(r"\|x\|^3", r"4 \|x\| x"), [False]);
}

/// An expectation without a subscript averages over all noise, including the
/// noise in a definition, at every index.
#[test]
fn noise_that_definitions_hide() {
    for (truth, lie) in [
        (
            r"\operatorname{Var}[U_2 + n_1] = 5",
            r"\operatorname{Var}[U_2 + n_1] = 4",
        ),
        (r"\mathbb E[U_2^2 n_1] = 0", r"\mathbb E[U_2^2 n_1] = 2 n_2"),
        (r"\mathbb E[U_2 n_1] = 1", r"\mathbb E[U_2 n_1] = n_2 n_1 + 1"),
        (r"\mathbb E[V_2 V_1 n_1] = 0", r"\mathbb E[V_2 V_1 n_1] = n_2"),
        (r"\mathbb E[V_2^2 n_1^2] = 2", r"\mathbb E[V_2^2 n_1^2] = 1"),
        (
            r"\operatorname{Cov}(V_2 n_1, n_1) = 0",
            r"\operatorname{Cov}(V_2 n_1, n_1) = 1",
        ),
    ] {
        assert_eq!(statuses(truth), [Gaussian], "{truth}");
        assert_ne!(statuses(lie), [Gaussian], "{lie}");
    }
    // A subscript must name the noise in a definition.
    assert_ne!(statuses(r"\mathbb E_{n_1}[U_2] = n_2"), [Gaussian]);
}

/// In an equation of densities, a Gaussian without a point is the density at
/// the point of the others.
#[test]
fn the_point_of_a_gaussian_may_be_left_out() {
    let step = r"\sqrt{1 - \beta_t} z_{t-1}, \beta_t I";
    twins(
        Gaussian,
        &format!(r"q(z_t \mid z_{{t-1}}) = \mathcal N({step})"),
        r"q(z_t \mid z_{t-1}) = \mathcal N(\sqrt{1 - \beta_t} z_{t-1}, \beta_1 I)",
    );
    twins(
        Gaussian,
        r"\mathcal N(\sqrt{A_t} z_0, (1 - A_t) I) = q(z_t \mid z_0)",
        r"\mathcal N(A_t z_0, (1 - A_t) I) = q(z_t \mid z_0)",
    );
    let bayes = r"\frac{q(z_2 \mid z_1) q(z_1 \mid z_0)}{q(z_1 \mid z_2, z_0)}";
    let chain = |from: &str| {
        let end = format!(r"\mathcal N(\sqrt{{A_2}} {from}, (1 - A_2) I)");
        statuses(&format!(r"q(z_2 \mid z_0) = {bayes} = {end}"))
    };
    assert_eq!(chain("z_0"), [Gaussian, Gaussian]);
    assert_eq!(chain("z_1"), [Gaussian, False]);
    twins(
        Gaussian,
        r"h(z_T) = \mathcal N(0, I)",
        r"h(z_T) = \mathcal N(0, 2 I)",
    );
    // Which point is meant is not known, or there is none.
    for unknown in [
        r"h(z_T) = \mathcal N(0, I) = h(z_1)",
        r"h(z_1, z_2) = \mathcal N(0, I)",
        r"h(z_{1:T}) = \mathcal N(0, I)",
        r"2 h(z_T) = \mathcal N(0, I)",
        r"h(z_T) = 2 \mathcal N(0, I)",
        r"h(z_T) \le \mathcal N(0, I)",
    ] {
        let found = statuses(unknown);
        let known = found.iter().any(|s| *s != Status::Unknown);
        assert!(!known, "{unknown}: {found:?}");
    }
}

/// The notation says what a density is, so a text can only claim it.
#[test]
fn a_density_is_claimed_and_not_defined() {
    twins(
        Gaussian,
        r"q(z_{1:T} \mid z_0) := \prod_{t=1}^T q(z_t \mid z_{t-1})",
        r"q(z_{1:T} \mid z_0) := \prod_{t=2}^T q(z_t \mid z_{t-1})",
    );
    twins(
        Gaussian,
        r"h(z_{t-1} \mid z_t) := \mathcal N(z_{t-1}; \mu(z_t, t), p I)",
        r"h(z_{t-1} \mid z_t) := \mathcal N(z_{t-1}; \mu(z_t, t), p^2 I)",
    );
    twins(
        Gaussian,
        r"h(z_T) := \mathcal N(0, I)",
        r"h(z_T) := \mathcal N(z_1, I)",
    );
}

/// The README's notation of a variational autoencoder decides its bound.
#[test]
fn the_bound_of_a_variational_autoencoder() {
    let readme = include_str!("../README.md");
    let from = readme.find("[processes.'q_\\phi']").unwrap();
    let (processes, _) = readme[from..].split_once("```").unwrap();
    let notation = format!(
        r"
            [sizes]
            T = '1..1'
            [indices]
            t = '1..T'
            [symbols]
            'y_t' = {{ kind = 'vector', range = '0..T' }}
            'y' = {{ kind = 'vector' }}
            '\mu(y)' = {{ kind = 'vector' }}
            'f(y)' = {{ kind = 'vector' }}
            '\sigma' = {{ kind = 'scalar', in = '(0, \infty)' }}
            '\eta' = {{ kind = 'scalar', in = '(0, \infty)' }}
            {processes}
        "
    );
    let bound = |sign: &str| {
        let text = format!(
            r"$\log p_\theta(y_0) {sign} \mathbb E_{{q_\phi(y_1 \mid y_0)}}\left[
                \log p_\theta(y_0 \mid y_1) \right]
                - D_{{\mathrm{{KL}}}}(q_\phi(y_1 \mid y_0) \| p_\theta(y_1))$"
        );
        common::report(&text, &notation)
    };
    assert_eq!(
        bound("\\ge").outcomes[0].status,
        Gaussian,
        "{:?}",
        bound("\\ge")
    );
    assert!(!bound("\\le").is_good());
}

/// The quotient of two negative variances is positive, too.
#[test]
fn negative_variances_have_no_divergence() {
    let kl = r"\mathrm{KL}(\mathcal N(x, a I) \,\|\, \mathcal N(y, a I))";
    let form = r"\frac{\|x - y\|^2}{2 a}";
    twins(
        Gaussian,
        &format!(r"{kl} = {form} \quad \text{{for }} a > 0"),
        &format!(r"{kl} = {form} \quad \text{{for }} a \ne 0"),
    );
    let holds = |condition: &str| {
        statuses(&format!(r"{kl} \ge 0 \quad \text{{for }} {condition}"))
    };
    assert_eq!(holds("a > 0"), [Gaussian]);
    assert_eq!(holds(r"a \ne 0"), [False]);
}

/// The bound of an expectation by Gibbs' inequality needs values of both sides.
#[test]
fn bounds_without_values() {
    let bound = |domain: &str| {
        let notation = format!(
            r"
            [sizes]
            d = '2..2'
            [symbols]
            'z_n' = {{ kind = 'vector', range = '0..1' }}
            'y' = {{ kind = 'vector' }}
            '\mu(y)' = {{ kind = 'vector' }}
            'f(y)' = {{ kind = 'vector' }}
            'v' = {{ kind = 'scalar', in = '(0, 2]' }}
            '\sigma' = {{ kind = 'scalar', in = '{domain}' }}
            [indices]
            n = '1..1'
            [processes.q]
            variable = 'z'
            range = '0..1'
            index = 'n'
            step = '\mathcal N(z_n; \mu(z_{{n-1}}), v I)'
            [processes.p]
            variable = 'z'
            range = '0..1'
            index = 'n'
            start = '\mathcal N(z_1; 0, I)'
            step = '\mathcal N(z_{{n-1}}; f(z_n), \sigma^2 I)'
            backwards = true
            "
        );
        let text = r"$$
            % id: elbo
            \ln p(z_0) \ge \mathbb E_{q(z_1 \mid z_0)}[
              \ln p(z_0, z_1) - \ln q(z_1 \mid z_0)]
            $$";
        common::report(text, &notation).is_good()
    };
    assert!(bound("(0, 2]"));
    assert!(!bound("[0, 2]"));
    assert!(!bound("[-0.001, 2]"));
}

/// A mean over a process draws its variables anew: it cannot be combined with a
/// definition of a variable in the text.
#[test]
fn variables_of_a_process_that_the_text_defines() {
    let statuses = |uses: &str, claim: &str| {
        let text = format!(
            "$$\n% id: x\n% definition: a sample\n\
             z_t = \\sqrt{{A_t}}\\, z_0 + \\sqrt{{1 - A_t}}\\, \\epsilon\n$$\n\n\
             $$\n% id: y\n{uses}\n{claim}\n$$\n"
        );
        let report = common::report(&text, NOTATION);
        report.outcomes[1].status
    };
    let refused = |uses, claim| {
        let found = statuses(uses, claim);
        assert!(!found.is_good() && found != False, "{claim}: {found:?}");
    };
    let uses = "% uses: x";
    for uses in [uses, ""] {
        for claim in [
            r"\mathbb E[\epsilon^\top z_t] = 0",
            r"\mathbb E[\epsilon^\top z_t] = \sqrt{1 - A_t}\, d",
            r"\mathbb E[\epsilon \mid z_t] = 0",
            r"\mathbb E_{z_t, \epsilon}[\epsilon^\top z_t] = 0",
            r"\operatorname{Cov}(y^\top z_t, y^\top \epsilon) = 0",
            r"\operatorname{Var}[y^\top (z_t - z_0)] = \|y\|^2",
        ] {
            refused(uses, claim);
        }
    }
    let mean = r"\mathbb E_{z_0, \epsilon}[\epsilon^\top z_t]";
    let truth = format!(r"{mean} = \sqrt{{1 - A_t}}\, d");
    assert_eq!(statuses(uses, &truth), Gaussian);
    assert_eq!(statuses(uses, &format!("{mean} = 0")), False);
}
