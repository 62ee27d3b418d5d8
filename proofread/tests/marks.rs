//! Marks and ids of formulas, and fences that are not read.

use proofread::{Marks, Notation, Report, Status, check};
use std::process::Command;

fn report(name: &str, text: &str) -> Report {
    let scalar = "{ kind = 'scalar' }";
    let notation = format!("[symbols]\na = {scalar}\nb = {scalar}\n");
    let notation = Notation::read(&notation).unwrap();
    check(name, text, &notation, &Marks::default())
}

/// Asserts that a text has one problem, that its message contains `message`,
/// and that it underlines `place`.
#[track_caller]
fn refused(name: &str, text: &str, place: &str, message: &str) {
    let report = report(name, text);
    let [problem] = &report.problems[..] else { panic!("{text}: {report:?}") };
    let shown = format!("{} {:?}", problem.message, problem.hint);
    assert!(shown.contains(message), "{text}: {shown}");
    assert_eq!(&text[problem.span.start..problem.span.end], place, "{text}");
    assert!(!report.is_good());
}

#[test]
fn a_mark_speaks_of_a_line_or_is_an_error() {
    let rows = |rows: &str| format!("$$\n{rows}\n$$ {{#eq-x}}\n");
    let lie = "% refuted: a slip";
    for good in [
        rows(&format!("a = a {lie}\n= 2a")).replace("a = a", "a = 3a"),
        rows(&format!("a = a \\\\\n{lie}\na = 2a")),
        rows(&format!("a = a \\\\\na = 2a {lie}")),
        rows(&format!("{lie}\na = 2a")),
    ] {
        let found = report("a.md", &good);
        let marked = |o: &&proofread::Outcome| o.status == Status::Refuted;
        assert_eq!(found.outcomes.iter().filter(marked).count(), 1, "{good}");
        assert_eq!(found.problems, [], "{good}");
    }
    let nobody = "this mark speaks of no line";
    for (mark, text) in [
        (lie, format!("a = a \\\\\na = a\n{lie}")),
        ("% prose: so", "a = a\n% prose: so".into()),
        ("% definition:", "a = a\n% definition:".into()),
        (
            lie,
            format!("a = 2a {lie} \n= 2a\n{lie}").replace("= 2a\n", "= 2a\n\n"),
        ),
        (lie, format!("{lie}\n\na = a")),
        ("% malformed: two", "a = 2a % refuted: one\n% malformed: two".into()),
    ] {
        let text = rows(&text);
        let found = report("a.md", &text);
        let problem = found.problems.iter().find(|p| p.message == nobody);
        let problem = problem.unwrap_or_else(|| panic!("{text}: {found:?}"));
        assert_eq!(&text[problem.span.start..problem.span.end], mark);
    }
    // A definition cannot be marked as false.
    let text = rows(&format!("k := 2a {lie}\\\\\nk = 2a"));
    assert_eq!(report("a.md", &text).outcomes[0].status, Status::Mismarked);
}

#[test]
fn directives_without_effect_are_errors() {
    let tex = |rows: &str| format!("\\[\n% id: x\n{rows}\n\\]\n");
    let nothing = "this changes nothing";
    for (place, rows, message) in [
        ("% tolerance: 1e-2", "% tolerance: 1e-2\na = a", nothing),
        ("% varies: a", "a = a % varies: a", nothing),
        ("% for: a > 0", "% for: a > 0\na", nothing),
        ("% id: y", "% id: y\na = a", "a second id"),
        ("% defines: c", "% defines: c\na = a", "is it define?"),
        ("% use: y", "% use: y\na = a", "is it uses?"),
        ("% Refuted: so", "a = a % Refuted: so", "is it refuted?"),
        ("% refuted", "a = a % refuted", "without a colon"),
        ("% prose = so", "a = a % prose = so", "without a colon"),
        ("% todo: so", "a = a % todo: so", "known are id, uses"),
    ] {
        let text = tex(rows);
        if rows.ends_with("\na") {
            // Without a relation in the text, there is a second problem.
            let text = format!("{text} $a = a$");
            refused("a.tex", &text, place, message);
        } else {
            refused("a.tex", &text, place, message);
        }
    }
    let found = report("a.tex", &tex("a = a % uses the rule: it holds"));
    assert_eq!(found.problems, []);
}

/// A directive that a formula has once is refused a second time, because the
/// last one would win.
#[test]
fn directives_that_are_said_twice() {
    let tex = |rows: &str| format!("\\[\n% id: x\n{rows}\n\\]\n");
    for (rows, place, message) in [
        (
            "% tolerance: 0.01\n% tolerance: 0.1\n1 \\approx 1.05",
            "% tolerance: 0.1",
            "a second tolerance",
        ),
        (
            "% varies: b\n% varies: a\na b \\propto a",
            "% varies: a",
            "a second variable",
        ),
        (
            "a = 2a % refuted: so % prose: so",
            "% refuted: so % prose: so",
            "two directives in one comment",
        ),
    ] {
        refused("a.tex", &tex(rows), place, message);
    }
    for good in [
        "% tolerance: 0.1\n1 \\approx 1.05",
        "a = 2a % refuted: it is 100 % wrong",
    ] {
        assert!(report("a.tex", &tex(good)).is_good(), "{good}");
    }
    let uses = |used: &str| {
        let first = "$$\n% id: one\nk := 2a\n$$\n";
        format!("{first}$$\n% id: two\n% uses: {used}\nk = 2a\n$$\n")
    };
    assert!(report("a.md", &uses("one")).is_good());
    refused("a.md", &uses("one one"), "% uses: one one", "used already");
    // A mark in a file does not replace a directive in the text.
    let marks = "[[formula]]\nline = 1\ntext = ''\n";
    let check_with = |more: &str, text: &str| {
        let notation = Notation::read("[symbols]\na = { kind = 'scalar' }");
        let marks = Marks::read(&format!("{marks}{more}")).unwrap();
        check("a.md", text, &notation.unwrap(), &marks)
    };
    let text = "$1 \\approx 1.05 % tolerance: 0.01\n$";
    let found = check_with("tolerance = 0.1", text);
    assert_eq!(found.problems.len(), 1, "{found:?}");
    let text = "$a = a % id: one\n$";
    assert_eq!(check_with("id = 'two'", text).problems.len(), 1);
    assert!(check_with("id = 'one'", text).is_good());
}

#[test]
fn a_mark_outside_of_a_formula_is_an_error() {
    let outside = "this mark stands outside of a formula";
    let mark = "% refuted: so";
    refused("a.tex", "$a = a$ % refuted: so\n", mark, outside);
    refused("a.tex", "% refuted: so\n$a = a$\n", mark, outside);
    refused("a.md", "$a = a$ % refuted: so\n", mark, outside);
    refused("a.md", "% refuted: so\n\n$a = a$\n", mark, outside);
    for text in ["% A note: so\n$a = a$", "\\% $a = a$", "50 % of $a = a$"] {
        assert!(report("a.tex", text).is_good(), "{text}");
    }
}

#[test]
fn fences_of_latex_are_read_or_warned_of() {
    for name in ["math", "Math", "MATH", "{Math}"] {
        let fence = |body: &str| format!("```{name} {{#eq-x}}\n{body}\n```\n");
        assert!(report("a.md", &fence("a = a")).is_good(), "{name}");
        let lie = report("a.md", &fence("a = 2a"));
        assert_eq!(lie.outcomes[0].status, Status::False, "{name}");
    }
    for name in ["latex", "TeX", "katex", "mathjax", "{.math}"] {
        let text = format!("$a = a$\n\n```{name}\na = 2a\n```\n");
        let found = report("a.md", &text);
        assert!(found.is_good(), "{name}");
        let [warning] = &found.warnings[..] else { panic!("{found:?}") };
        let place = &text[warning.span.start..warning.span.end];
        assert_eq!(place, format!("```{name}"));
        assert!(warning.message.contains("not read"));
        let words = text.replace("a = 2a", "only words");
        assert_eq!(report("a.md", &words).warnings, []);
    }
    // Pandoc typesets this fence.
    let raw = "$a = a$\n\n```{=latex}\na = 2a\n```\n";
    assert!(!report("a.md", raw).is_good());
}

const ROWS: &str = "\\begin{align}
a + b &= b + a \\label{eq:sum} \\\\
a b &= b a \\label{eq:product} \\\\
(a + b)^2 &= a^2 + 2 a b + b^2 \\nonumber \\\\
&= b^2 + 2 b a + a^2 \\label{eq:square}
\\end{align}
";

#[test]
fn the_label_of_a_row_names_the_row() {
    let found = report("a.tex", ROWS);
    let labels: Vec<_> =
        found.outcomes.iter().map(|o| o.label.as_deref().unwrap()).collect();
    let square = "eq:square";
    assert_eq!(labels, ["eq:sum", "eq:product", square, square]);
    // The rows of `cases` are not rows of the formula.
    let text = "\\begin{equation}a = \\begin{cases} a & a > 0 \\\\ a & a \\le 0 \\end{cases} \\label{x}\\end{equation}";
    let found = report("a.tex", text);
    assert_eq!(found.outcomes[0].label.as_deref(), Some("x"), "{found:?}");
    let again = format!("{ROWS}{}", ROWS.replace("eq:sum", "eq:other"));
    let twice = "a second formula with the id eq:product";
    let found = report("a.tex", &again).problems;
    assert!(found.iter().any(|p| p.message == twice), "{found:?}");
}

#[test]
fn a_row_is_used_by_its_label() {
    let text = |id: &str, value: &str| {
        format!(
            "\\begin{{align}}k &:= 2a \\label{{one}} \\\\ m &:= 3a \\label{{two}}\\end{{align}}\n\
             \\[\n% id: last\n% uses: {id}\nm + k = {value}\n\\]"
        )
    };
    assert!(report("a.tex", &text("two one", "5a")).is_good());
    assert!(!report("a.tex", &text("two one", "6a")).is_good());
    // A false row invalidates a formula that uses the row, and no other
    // formula.
    let text = |id: &str| {
        format!(
            "\\begin{{align}}a &= 2a \\label{{one}} \\\\ b &= b \\label{{two}}\\end{{align}}\n\
             \\[\n% id: last\n% uses: {id}\na + b = b + a\n\\]"
        )
    };
    let spoilt = "one was not shown, so nothing may rest on it";
    let found = report("a.tex", &text("one")).problems;
    assert_eq!(found[0].message, spoilt);
    assert_eq!(report("a.tex", &text("two")).problems, []);
}

#[test]
fn explain_shows_the_row_of_a_label() {
    let folder = std::env::temp_dir().join("proofread-labels");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let scalar = "{ kind = 'scalar' }";
    let notation = format!("[symbols]\na = {scalar}\nb = {scalar}\n");
    let notation = write("n.toml", &notation);
    let explain = |text: &str, id: &str| {
        let file = write("rows.tex", text);
        let output = Command::new(env!("CARGO_BIN_EXE_proofread"))
            .args(["explain".as_ref(), file.as_os_str(), id.as_ref()])
            .args(["--notation".as_ref(), notation.as_os_str()])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let texts = said.lines().filter_map(|l| l.strip_prefix("  text      "));
        texts.map(|text| text.replace('&', "")).collect::<Vec<_>>()
    };
    assert_eq!(explain(ROWS, "eq:sum"), ["a + b = b + a"]);
    assert_eq!(explain(ROWS, "eq:product"), ["a b = b a"]);
    assert_eq!(explain(ROWS, "eq:square").len(), 2);
    let whole = ROWS.replacen("a + b", "% id: all\na + b", 1);
    assert_eq!(explain(&whole, "all").len(), 4);
    assert_eq!(explain(&whole, "eq:product"), ["a b = b a"]);
}

/// A mark at the end of a line applies to the last row in the line.
#[test]
fn a_mark_speaks_of_one_row() {
    let text = "$$\n\\begin{aligned} % id: eq-x\na &= 2a \\\\ a &= 3a % refuted: \
                a slip\n\\end{aligned}\n$$\n";
    let found = report("a.md", text);
    let statuses: Vec<_> = found.outcomes.iter().map(|o| o.status).collect();
    assert_eq!(statuses, [Status::False, Status::Refuted]);
}

/// A claim that is its own condition says nothing.
#[test]
fn a_claim_is_not_its_own_condition() {
    for condition in ["a = 2a", "2a = a"] {
        let text = format!("$$\n% id: eq-x\n% for: {condition}\na = 2a\n$$\n");
        let found = report("a.md", &text);
        assert_eq!(found.outcomes[0].status, Status::Unknown, "{text}");
    }
    let text = "$$\n% id: eq-x\n% for: a = 0\na = 2a\n$$\n";
    assert_eq!(report("a.md", text).outcomes[0].status, Status::Exact);
}

/// A mark in a file applies to exactly one relation.
#[test]
fn a_mark_in_a_file_speaks_of_one_relation() {
    let notation =
        Notation::read("[symbols]\na = { kind = 'scalar' }").unwrap();
    let text = "$$\n% id: eq-x\na = 2a \\\\ a = 3a\n$$\n";
    let marked = |part: &str| {
        let marks = format!(
            "[[relation]]\nline = 3\ntext = '{part}'\nstatus = 'prose'\nwhy = 'so'\n"
        );
        check("a.md", text, &notation, &Marks::read(&marks).unwrap())
    };
    assert_eq!(marked("=").mark_problems.len(), 1);
    let one = marked("a = 3a");
    assert_eq!(one.mark_problems, []);
    let statuses: Vec<_> = one.outcomes.iter().map(|o| o.status).collect();
    assert_eq!(statuses, [Status::False, Status::Prose]);
}
