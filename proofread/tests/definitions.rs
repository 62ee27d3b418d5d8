//! Definitions of new symbols, of symbols with declared domains, and of
//! functions with parameters.

mod common;

use common::{NOTATION, not_good, refuted, report, twins};
use proofread::Status::{Certified, Definition, Exact, False, Unknown};
use proofread::{Notation, Status};

/// Asserts that a claim follows from a definition, and that another claim does
/// not.
#[track_caller]
fn follows(definition: &str, truth: &str, lie: &str) {
    let text = |claim: &str| {
        format!(
            "$$\n% id: one\n{definition}\n$$\n\n$$\n% id: two\n{claim}\n$$\n"
        )
    };
    let good = report(&text(truth), NOTATION);
    assert!(good.is_good(), "{definition}, {truth}: {good:?}");
    assert_eq!(good.outcomes[0].status, Definition, "{definition}");
    let bad = report(&text(lie), NOTATION);
    assert!(!bad.is_good(), "{definition}, {lie}: {bad:?}");
}

/// A derivative, an extremum and an integral bind their variable, so a
/// substitution does not capture an argument.
#[test]
fn bound_variables_capture_nothing() {
    follows(r"K(b) := \frac{d}{da}(a b)", "K(a) = a", "K(a) = 2a");
    follows(r"K(b) := \frac{d}{db} b^3", "K(a^2) = 3 a^4", "K(a^2) = 6 a^5");
    follows(r"K(b) := \frac{d}{da} b", "K(a^2) = 0", "K(a^2) = 2 a");
    follows(
        r"K(b) := \frac{\partial}{\partial a} (a b)",
        "K(a) = a",
        "K(a) = 2 a",
    );
    follows(r"K(b) := \min_a (a^2 + b)", "K(a) = a", r"K(a) = -\frac14");
    follows(
        r"K(b) := \int_0^1 a b \,da",
        r"K(a) = \frac{a}{2}",
        r"K(a) = \frac13",
    );
}

/// An expectation averages over the noise that a definition contains, too.
#[test]
fn noise_in_definitions() {
    follows(r"D := \|\epsilon\|^2", r"\mathbb E[D] = d", r"\mathbb E[D] = D");
    follows(
        r"D := \|\epsilon\|^2",
        r"\mathbb E_{\epsilon}[D + 1] = d + 1",
        r"\mathbb E_{z_0}[D] = D",
    );
}

/// A declared symbol is defined only as a value in its domain.
#[test]
fn definitions_lie_in_their_domains() {
    follows(r"K := \frac{u}{2}", "K < 1", "K > 1");
    assert!(report(r"$u := \frac{\beta_1}{2}$", NOTATION).is_good());
    for lie in
        ["u := 5", "u := 2 \\beta_1", "t := T + 1", "T := 5", "\\pi := 3"]
    {
        not_good(lie);
        not_good(&lie.replace(":=", r"\triangleq"));
    }
    not_good("\\epsilon := x");
    not_good("% define: u = 5\na = a");
    // A declared symbol without a meaning can be defined only once, too.
    let twice = "$$\n% id: one\na := 3\n$$\n\n$$\n% id: two\na := 4\n$$\n";
    assert!(!report(twice, NOTATION).is_good());
    not_good("a := a + 1");
    not_good("K := K + 1");
    not_good(r"K := 1 \\ K := 2");
}

/// A definition in a notation lies in the domain of its symbol, too.
#[test]
fn notations_are_checked() {
    let read = |entry: &str| {
        let file = format!("{NOTATION}\n[symbols.'J_t']\n{entry}");
        Notation::read(&file)
    };
    let product = r"means = '\prod_{j=1}^{t} (1 - \beta_j)'";
    let entry = |domain: &str, body: &str| {
        read(&format!(
            "kind = 'scalar'\nrange = '0..T'\nin = '{domain}'\n{body}"
        ))
    };
    assert!(entry("(0, 1]", product).is_ok());
    // At t = 0 the product is 1.
    let problems = entry("(0, 1)", product).unwrap_err();
    assert!(problems[0].message.contains("not always in (0, 1)"));
    assert!(entry("[0, oo)", "means = 't - 1'").is_err());
    assert!(entry("[-1, oo)", "means = 't - 1'").is_ok());
}

/// Powers of nonnegative numbers are decided, and a power of a number that may
/// be negative does not pass.
#[test]
fn powers() {
    twins(Exact, r"0^{1/3} = 0", r"0^{1/3} = 1");
    twins(Exact, r"\sqrt[3]{s} = s^{1/3}", r"\sqrt[3]{s} = s^{1/4}");
    twins(Exact, r"s^{1/3} s^{2/3} = s", r"s^{1/3} s^{1/3} = s");
    twins(Certified, r"s^p \ge 0", r"s^p > 0");
    refuted(r"s^a - s^a = 0");
    // Conventions differ for roots of negative numbers.
    not_good(r"a^{1/3} = \sqrt[3]{a}");
}

/// A claim that takes too much work does not pass.
#[test]
fn work_has_an_end() {
    not_good(r"(a^p)^r = a^{p r}");
    not_good(r"\max(4 + \tanh a, \min(a, \max(\tanh a, 3))) > 3");
    not_good(r"\ln(p^2) > -\frac{111}{4}");
}

/// Returns a text of several displays, with the ids `e0`, `e1` and so on.
fn text(displays: &[&str]) -> String {
    let all = displays.iter().enumerate();
    let all: Vec<_> = all
        .map(|(i, latex)| format!("$$\n% id: e{i}\n{latex}\n$$\n\n"))
        .collect();
    all.concat()
}

/// Returns the statuses of several displays.
fn statuses(displays: &[&str]) -> Vec<Status> {
    let report = report(&text(displays), NOTATION);
    report.outcomes.iter().map(|outcome| outcome.status).collect()
}

/// Asserts that the last of several displays does not pass, that a message
/// contains `words`, and that nothing is called false.
#[track_caller]
fn last_refused(displays: &[&str], words: &str) {
    let report = report(&text(displays), NOTATION);
    let problems = report.outcomes.iter().filter_map(|o| o.problem.as_ref());
    let mut all = problems.chain(&report.problems);
    assert!(
        all.any(|p| format!("{} {:?}", p.message, p.hint).contains(words)),
        "{displays:?}: {report:?}"
    );
    let mut outcomes = report.outcomes.iter();
    assert!(outcomes.all(|o| o.status != False), "{displays:?}: {report:?}");
    let last = report.outcomes.last().unwrap();
    assert!(!last.status.is_good(), "{displays:?}: {report:?}");
}

/// A definition must not be circular, directly or through other definitions.
#[test]
fn circles() {
    let circle = "goes in a circle";
    last_refused(&["a := b + 1", "b := a + 1"], circle);
    last_refused(&["K := b + 1", "b := K + 1"], circle);
    last_refused(&["K(a) := b a", "b := K(1) + 1"], circle);
    last_refused(&["s_1 := s_2", "s_2 := s_1"], circle);
    last_refused(&["s_t := b", "b := s_1 + 1"], circle);
    for good in [["a := b + 1", "b := 2"], ["s_1 := s_2", "s_2 := 3"]] {
        assert_eq!(statuses(&good), [Definition, Definition], "{good:?}");
    }
    // A parameter is not a symbol of the text.
    let parameter = ["K(a) := 2 a", "a := K(1)"];
    assert_eq!(statuses(&parameter), [Definition, Definition]);
}

/// An entry and its family, or a function and a number of the same name, cannot
/// both be defined.
#[test]
fn definitions_that_contradict() {
    last_refused(&["s_1 := 7", "s_t := t"], "too");
    last_refused(&["s_t := t", "s_1 := 7"], "too");
    last_refused(&["K_1 := 7", "K_t := t"], "entry of the family");
    last_refused(&["G := 4"], "a function");
    last_refused(&["a(b) := b^2"], "a function");
    last_refused(&["K(b, b) := b"], "two parameters");
    last_refused(&["\\beta_t := u \\text{ for } t \\ge 2"], "only some");
    for fixed in ["I := 3", "e := 3", "\\pi := 3"] {
        last_refused(&[fixed], "has a meaning already");
    }
    let entries = ["s_1 := 7", "s_2 := 5", "% uses: e0 e1\ns_1 + s_2 = 12"];
    assert_eq!(statuses(&entries), [Definition, Definition, Exact]);
}

/// A claim that holds by a definition in the text, but does not name the
/// definition in `% uses:`, is refused and not called false.
#[test]
fn definitions_that_are_not_used() {
    let uses = "% uses: e0";
    last_refused(&["a := 3", "a = 3"], uses);
    last_refused(&["a := 3", "a^2 > 8"], uses);
    last_refused(&["a = 3 % definition:", "a = 3"], uses);
    last_refused(&["a := 3", "K := 2 a", "K = 6"], uses);
    last_refused(&["K(b) := a b", "a := 2", "K(3) = 6"], "% uses: e1");
    last_refused(&["a := b", "b := 2", "a = 2"], "% uses: e0 e1");
    assert_eq!(statuses(&["a := 3", "a = 4"]), [Definition, False]);
    let used = ["a := 3", "% uses: e0\na = 3", "% uses: e0\na = 4"];
    assert_eq!(statuses(&used), [Definition, Exact, False]);
    let before = report("$a^2 = 9, \\quad a := 3$", NOTATION);
    assert!(before.outcomes.iter().all(|o| o.status != False), "{before:?}");
    assert!(!before.is_good());
    // The definition of a new symbol applies without `% uses:`.
    let new = "K_t := u \\text{ for } t \\ge 2";
    last_refused(&[new, "% uses: e0\nK_2 = u"], "holds without being used");
    assert_eq!(statuses(&[new, "K_2 = u"]), [Definition, Exact]);
}

/// A sum does not capture a symbol that a definition contains.
#[test]
fn sums_capture_nothing() {
    let which = "which a is meant";
    last_refused(&["K := a + 1", "\\sum_{a=1}^{2} K = 5"], which);
    last_refused(&["K := a + 1", "\\sum_{a=1}^{2} K = 2 a + 2"], which);
    last_refused(&["K(b) := a b", "\\sum_{a=1}^{2} K(a) = 5"], which);
    last_refused(&["K(b) := a + b", "\\int_0^1 K(a) \\,da = 1"], which);
    let other = ["K := a + 1", "\\sum_{j=1}^{2} K = 2 a + 2"];
    assert_eq!(statuses(&other), [Definition, Exact]);
    let usual = ["K := 2 a", "\\int_0^1 K \\,da = 1"];
    assert_eq!(statuses(&usual), [Definition, Exact]);
}

/// No binder captures a free symbol of a definition: a claim means the same for
/// every name of its bound variable.
#[test]
fn nothing_captures() {
    let which = "which a is meant";
    let law = r"\mathcal N(0, 1)";
    let free = "K(b) := a + b";
    last_refused(&[free, "L(a) := K(a) + a"], which);
    last_refused(
        &[free, &format!("\\mathbb E_{{a \\sim {law}}}[K(a)] = 0")],
        which,
    );
    let two = NOTATION.replace("t = '1..T'", "t = '1..T'\n    j = '1..T'");
    let displays = ["K_t := s_t + \\beta_j", "\\sum_{j=1}^{T} K_1 = 1"];
    let found = report(&text(&displays), &two);
    let problem = found.outcomes[1].problem.as_ref().unwrap();
    assert!(problem.message.contains("which j is meant"), "{problem:?}");
    for (with, status) in [
        ("\\int_0^1 K(h) \\,dh = a + \\frac12".to_owned(), Exact),
        (format!("\\mathbb E_{{h \\sim {law}}}[K(h)] = a"), Status::Gaussian),
    ] {
        assert_eq!(statuses(&[free, &with]), [Definition, status], "{with}");
    }
    let renamed = [free, "L(h) := K(h) + h", "L(1) = a + 2"];
    assert_eq!(statuses(&renamed), [Definition, Definition, Exact]);
}

/// A refused definition defines nothing, and a recursion is not a definition.
#[test]
fn definitions_that_are_none() {
    for right in ["V_{t+1} + 1", "V_{t-1} + 1", "V_{T+1-t} + 1"] {
        let found = report(&text(&[&format!("V_t := {right}")]), NOTATION);
        assert!(!found.is_good(), "{right}");
    }
    let notation = format!("implicit_definitions = true\n{NOTATION}");
    let half = ["N = a \\text{ for } a > 0", "N = a"];
    let found = report(&text(&half), &notation);
    assert!(found.outcomes.iter().all(|o| o.status != Exact), "{found:?}");
}

/// A sum does not leave the range of its index, which may depend on another
/// index.
#[test]
fn sums_stay_within_their_ranges() {
    let notation =
        NOTATION.replace("t = '1..T'", "t = '1..T'\n    j = '1..t-1'");
    let status =
        |latex: &str| report(&text(&[latex]), &notation).outcomes[0].status;
    assert_eq!(status("\\sum_j \\beta_j = \\sum_{i=1}^{t-1} \\beta_i"), Exact);
    for wider in [
        "\\sum_{j \\le T} \\beta_j = \\sum_{i=1}^{T} \\beta_i",
        "\\sum_{j < T} \\beta_j = \\sum_{i=1}^{T-1} \\beta_i",
    ] {
        assert_eq!(status(wider), Status::Unknown, "{wider}");
    }
}

/// The index of a parameter is the index of the argument.
#[test]
fn indices_of_parameters() {
    let scaled = r"K(z_t) := \sqrt{1 - \beta_t} z_t";
    follows(
        scaled,
        r"K(z_2) = \sqrt{1 - \beta_2} z_2",
        r"K(z_2) = \sqrt{1 - \beta_t} z_2",
    );
    follows(scaled, r"K(z_t) = \sqrt{1 - \beta_t} z_t", "K(z_t) = z_t");
    let density = "K(z_t) := q(z_t)";
    follows(density, "K(z_1) = q(z_1)", "K(z_1) = q(z_2)");
    follows(
        r"K(z_t) := \beta_t",
        r"\sum_{s=1}^{T} K(z_s) = \sum_{s=1}^{T} \beta_s",
        r"\sum_{s=1}^{T} K(z_s) = T \beta_t",
    );
    follows(r"K(z_t) := \|z_t\|^2", r"K(x) = \|x\|^2", r"K(x) = \|y\|^2");
    let own = r"K(z_t, t) := \beta_t z_t";
    follows(own, r"K(x, 2) = \beta_2 x", r"K(x, 2) = \beta_t x");
    let own = r"K_t(z_t) := \beta_t z_t";
    follows(own, r"K_2(x) = \beta_2 x", r"K_2(x) = \beta_t x");
}

/// Asserts that a text of two displays does not pass, and that nothing in it is
/// called false.
#[track_caller]
fn refused_pair(definition: &str, claim: &str) {
    let text = format!(
        "$$\n% id: one\n{definition}\n$$\n\n$$\n% id: two\n{claim}\n$$\n"
    );
    let found = report(&text, NOTATION);
    assert!(!found.is_good(), "{definition}, {claim}: {found:?}");
    let mut all = found.outcomes.iter();
    assert!(all.all(|o| o.status != False), "{definition}: {found:?}");
}

/// An argument without an index is refused if the definition uses the index of
/// the parameter.
#[test]
fn arguments_say_which_index() {
    for claim in [r"K(y) = \beta_t y", r"K(y) = \beta_1 y"] {
        refused_pair(r"K(z_t) := \beta_t z_t", claim);
    }
}

/// A size or a constant cannot be a parameter.
#[test]
fn sizes_are_no_parameters() {
    follows("K(t) := t^2", "K(2) = 4", "K(2) = 9");
    for (definition, claim) in [
        ("K(T) := T^2", "K(2) = 4"),
        ("K(d) := d", "K(2) = 3"),
        (r"K(\pi) := \pi", r"K(2) = \pi"),
        ("K(e) := e", "K(2) = e"),
    ] {
        refused_pair(definition, claim);
    }
}

/// A `% definition:` comment turns an equation into a definition, and no other
/// relation.
#[test]
fn only_equations_define() {
    follows("K = a % definition:", "K = a", "K = b");
    for sign in [
        r"\ne", "<", ">", r"\le", r"\ge", r"\approx", r"\simeq", r"\to",
        r"\propto", r"\not=",
    ] {
        refused_pair(&format!("K {sign} a % definition:"), "K = a");
    }
}

/// Names that are typeset alike are one name, and a Unicode letter that looks
/// like another letter is refused.
#[test]
fn names_that_look_alike() {
    follows(
        r"K_{\text{xy}} := 1",
        r"K_{\mathrm{xy}} = 1",
        r"K_{\mathrm{xy}} = 2",
    );
    follows(r"K_{\max} := 1", r"K_{\text{max}} = 1", r"K_{\text{max}} = 2");
    follows(r"\lambda := 1", r"\lambda = 1", r"\lambda = 2");
    for letter in ["λ", "µ", "μ", "ϵ", "∆", "\u{2126}", "𝑥", "а"] {
        refused_pair(&format!("{letter} := 1"), &format!("{letter} = 1"));
    }
}

/// A symbol that the text defines by a bound variable is refused within the
/// binder, even if the claim does not use the definition.
#[test]
fn definitions_under_a_binder() {
    let pair = |definition: &str, claim: &str| {
        let text = format!("Let ${definition}$. Then ${claim}$.");
        report(&text, NOTATION)
    };
    for (definition, claim) in [
        ("a := b^2", r"\int_0^1 a \,db = a"),
        (r"a := \beta_t", r"\sum_{t=1}^{2} a = 2 a"),
        ("a := b", r"\lim_{b \to 0} a = a"),
        ("a := G(z_0)", r"\mathbb E_q[a] = a"),
        ("a := b", r"\frac{d}{db} a = 0"),
    ] {
        let found = pair(definition, claim);
        let problem = found.outcomes[1].problem.as_ref().unwrap();
        assert!(
            problem.message.contains("is bound here"),
            "{claim}: {found:?}"
        );
    }
    assert!(pair("a := b^2", r"\int_0^1 a \,dh = a").is_good());
    assert!(pair("a := b^2", "a + 1 > a").is_good());
}

/// A sum, an integral or the like is over a symbol without a meaning: readers may
/// disagree on whether the parts of the meaning vary, too.
#[test]
fn bound_symbols_with_a_meaning() {
    for definition in ["c := b + 1", "a := b + 1"] {
        let name = &definition[..1];
        for claim in [
            format!(r"\int_0^1 b \,d{name} = b"),
            format!(r"\int_0^1 ({name} - b) \,d{name} = \frac12 - b"),
            format!(r"\lim_{{{name} \to 0}} b = b"),
            format!(r"\frac{{d}}{{d {name}}} b = 0"),
        ] {
            let text = format!("Let ${definition}$. Then ${claim}$.");
            let found = report(&text, NOTATION);
            assert_eq!(found.outcomes[1].status, Unknown, "{claim}: {found:?}");
        }
    }
    for claim in [r"\sum_{c=1}^{3} b = 3 b", r"\prod_{c=1}^{2} (c - b) = 1"] {
        let found =
            report(&format!("Let $c := b + 1$. Then ${claim}$."), NOTATION);
        assert_eq!(found.outcomes[1].status, Unknown, "{claim}: {found:?}");
    }
}

/// In `a \ge L := b`, the first sign is about `L` as it is defined behind it.
#[test]
fn a_chain_defines_what_stands_before() {
    for (truth, lie) in [
        (r"a^2 + 1 \ge L := 2 a", r"a^2 - 1 \ge L := 2 a"),
        (r"a^2 = L := a \cdot a", r"a^2 = L := 2 a"),
        (r"x + y = v := y + x", r"x + y = v := y - x"),
        (r"a^2 + 1 \ge L := M := 2 a", r"a^2 - 1 \ge L := M := 2 a"),
        // A symbol of the notation.
        (r"b^2 + 1 \ge a := 2 b", r"b^2 - 1 \ge a := 2 b"),
    ] {
        let good = report(&format!("${truth}$"), NOTATION);
        assert!(good.is_good(), "{truth}: {good:?}");
        let bad = report(&format!("${lie}$"), NOTATION);
        assert_eq!(bad.outcomes[0].status, False, "{lie}: {bad:?}");
    }
    let uses = |claim: &str| {
        let text = format!(
            "$$\n% id: one\na^2 + 1 \\ge L := 2 a\n$$\n\nNow ${claim}$."
        );
        report(&text, NOTATION)
    };
    assert!(uses("L - a = a").is_good(), "{:?}", uses("L - a = a"));
    assert!(!uses("L + a = a").is_good());
    // A claim before the chain may need the definition, too.
    let before = report(r"$L \ge 0, \quad a^2 + 1 \ge L := a^2$", NOTATION);
    assert_eq!(before.outcomes[0].status, Status::Undecided, "{before:?}");
}

/// A function is defined with a parameter, and the dimension is a size.
#[test]
fn values_and_sizes_are_not_defined() {
    for unclear in ["K(2) := 4", "G(2 x) := 4", "d := 3"] {
        assert!(
            !report(&format!("${unclear}$"), NOTATION).is_good(),
            "{unclear}"
        );
    }
}

/// An argument that the body does not use must have a value, too.
#[test]
fn arguments_have_values() {
    follows("K(b) := 1", r"K(\frac1p) = 1", r"K(\frac1a) = 1");
    follows("K(b) := h", r"K(\log p) = h", r"K(\log a) = h");
    follows("K(x) := 1", r"K(p x) = 1", r"K(\frac{x}{\|x\|}) = 1");
}

/// A symbol with a fixed meaning cannot be redefined.
#[test]
fn names_with_a_meaning() {
    for lie in [
        r"\infty := 3",
        r"\nabla := 3",
        r"\top := 3",
        r"\mathrm{e} := 3",
        r"\tan(a) := a",
        r"\mathbb R := 3",
    ] {
        let found = report(&format!("${lie}$"), NOTATION);
        assert!(!found.is_good(), "{lie}");
    }
}

/// The ends of a domain are exact, also if they have many digits.
#[test]
fn ends_of_domains_have_any_number_of_digits() {
    let read = |domain: &str, means: &str| {
        Notation::read(&format!(
            "[symbols]\nu = {{ kind = 'scalar', in = '(0, 1)' }}\n\
             b = {{ kind = 'scalar', in = '{domain}', means = '{means}' }}"
        ))
        .is_ok()
    };
    assert!(read("[0, 1e-20]", "10^{-20} u"));
    assert!(!read("[0, 1e-25]", "10^{-20} u"));
    assert!(read("[1e20, oo)", "10^{20} (1 + u)"));
    assert!(!read("[1e30, oo)", "10^{20} (1 + u)"));
    assert!(read("(-1e20, 12345678901234567890123)", "10^{20} (u - 1)"));
}

/// An index runs over sizes and over other indices, but not over itself.
#[test]
fn ranges_of_indices_that_depend_on_each_other() {
    let read = |indices: &str| {
        let found = Notation::read(&format!("[indices]\n{indices}"));
        found.map_err(|problems| problems[0].message.clone())
    };
    read("r = '1..s'\ns = '1..3'").unwrap();
    let claim = "$$\n% id: test\nr + 1 > 1\n$$";
    let below = report(claim, "[indices]\nr = '1..s'\ns = '1..3'");
    assert_eq!(below.outcomes[0].status, Certified);
    let circle = read("r = '1..s'\ns = '1..r'").unwrap_err();
    assert_eq!(circle, "the range of r depends on r");
    assert!(read("r = '1..r'").is_err());
}
