//! Macros: the definitions at the place of a formula apply to it, and a formula
//! that a macro produces is checked. Each case has a false twin.

use proofread::{Marks, Notation, Report, Status, check};

fn report(name: &str, text: &str) -> Report {
    let scalar = "{ kind = 'scalar' }";
    let symbols: Vec<_> =
        ["a", "b", "c"].map(|name| format!("{name} = {scalar}\n")).into();
    let notation = format!("[symbols]\n{}", symbols.concat());
    let notation = Notation::read(&notation).unwrap();
    check(name, text, &notation, &Marks::default())
}

/// Asserts that the text passes with `truth` for `@`, and that with `lie` a
/// false relation is underlined at `place`.
#[track_caller]
fn twins(name: &str, text: &str, truth: &str, lie: &str, place: &str) {
    let good = text.replace('@', truth);
    let found = report(name, &good);
    assert!(found.is_good(), "{good}: {found:?}");
    let tested = |o: &&proofread::Outcome| o.status == Status::Exact;
    assert!(found.outcomes.iter().any(|o| tested(&o)), "{good}: {found:?}");
    let bad = text.replace('@', lie);
    let found = report(name, &bad);
    let false_one = found.outcomes.iter().find(|o| o.status == Status::False);
    let outcome = false_one.unwrap_or_else(|| panic!("{bad}: {found:?}"));
    let span = outcome.problem.as_ref().unwrap().span;
    assert_eq!(&bad[span.start..span.end], place, "{bad}");
}

#[test]
fn macros_hold_in_their_groups() {
    for text in [
        r"\def\x{a}{\def\x{b} $\x = b$} $\x = @$",
        r"\newcommand\x{a}\begingroup\renewcommand\x{b}\endgroup $\x = @$",
        r"\def\x{a}\begin{quote}\def\x{b}\end{quote} $\x = @$",
        r"\def\x{a}$\def\x{b} \x = b$ $\x = @$",
        r"\def\x{b}{\gdef\x{a}} $\x = @$",
        r"\def\x{b}$\global\def\x{a} \x = a$ $\x = @$",
        r"\def\x{a}\[ b = {\def\x{b} \x} \label{q}\] $\x = @$",
    ] {
        twins("a.tex", text, "a", "b", "b");
    }
    twins("a.md", r"$\def\x{a}$, $\gdef\x{b}$, $\x = @$", "b", "a", "a");
}

#[test]
fn definitions_are_understood() {
    for text in [
        r"\def\y{a}\edef\x{\y}\def\y{b} $\x = @$",
        r"\def\y{a}\let\x\y\def\y{b} $\x = @$",
        r"\def\y{b}\def\x{\y}\def\y{a} $\x = @$",
        r"\providecommand\x{a}\providecommand\x{b} $\x = @$",
        r"\newcommand{\x}[2][a]{#1 + #2 - c} $\x{c} = @$",
        r"\newcommand{\x}[2][c]{#1 + #2 - c} $\x[a]{c} = @$",
        r"\NewDocumentCommand{\x}{s O{a} m}{#2 + #3 - c} $\x* c = @$",
        r"\def\x#1.{#1} $\x a. = @$",
    ] {
        twins("a.tex", text, "a", "b", "b");
    }
}

#[test]
fn formulas_that_macros_make_are_checked() {
    for (text, place) in [
        (r"\newcommand{\m}[1]{$#1$} \m{a = @}", "2a"),
        (r"\newcommand{\m}{\(a = @\)} \m.", r"\m"),
        (r"\newcommand{\m}{\ensuremath{a = @}} \m.", r"\m"),
        (r"\newcommand{\m}[1]{$a = #1$} \m{@}", "2a"),
        (
            r"\newenvironment{m}{\begin{equation}\label{q}}{\end{equation}}\begin{m} a = @ \end{m}",
            "2a",
        ),
        (
            r"\def\be{\begin{align}}\def\ee{\end{align}}\be a &= @ \label{q}\ee",
            "2a",
        ),
        (r"\[a = a \intertext{and \(a = @\)} b = b \label{q}\]", "2a"),
        (r"\ensuremath{a = @}", "2a"),
    ] {
        twins("a.tex", text, "a", "2a", place);
    }
}

/// `\providecommand` keeps a command of LaTeX, and `\newcommand` for such a
/// command is an error.
#[test]
fn commands_are_not_provided() {
    for text in [
        r"\providecommand{\cdot}{+} $a \cdot b + a - a b = @$",
        r"\renewcommand{\alpha}{a} $\alpha = @$",
    ] {
        twins("a.tex", text, "a", "b", "b");
    }
    for (name, text) in [
        ("a.tex", r"\newcommand{\cdot}{+} $a = a$"),
        ("a.md", r"$\newcommand{\sin}{\cos} a = a$"),
        ("a.tex", r"\DeclareMathOperator{\max}{min} $a = a$"),
    ] {
        assert!(!report(name, text).is_good(), "{text}");
    }
    for text in [r"\newcommand{\R}{a}$\R = @$", r"\newcommand\x{a}$\x = @$"] {
        twins("a.tex", text, "a", "b", "b");
    }
}

/// Asserts that a text does not pass.
#[track_caller]
fn not_good(name: &str, text: &str) {
    let found = report(name, &format!("$a = a$\n\n{text}\n"));
    assert!(!found.is_good(), "{text}: {found:?}");
}

/// A command that the reader interprets itself cannot be redefined.
#[test]
fn commands_that_are_read_as_themselves() {
    for text in [
        r"$\def\notag{= 2a} a = a \notag$",
        r"$\let\nonumber=\ne a \nonumber a$",
        r"\renewcommand{\label}[1]{= 2a}$a = a\label{x}$",
    ] {
        not_good("a.tex", text);
        not_good("a.md", text);
    }
    for text in [
        r"\csname equation\endcsname a = 2a \csname endequation\endcsname",
        r"\csname[\endcsname a = 2a \csname]\endcsname",
        r"\def\x{b}\csname def\endcsname\x{a}$\x = b$",
        r"\def\x{b}{\globaldefs=1 \def\x{a}}$\x = b$",
    ] {
        not_good("a.tex", text);
    }
}

/// Each cell of a table is a group.
#[test]
fn definitions_in_cells() {
    let table = |cells| {
        format!("\\def\\x{{b}}\\begin{{tabular}}{{cc}}{cells}\\end{{tabular}}")
    };
    not_good("a.tex", &table(r"\def\x{a} & $\x = a$"));
    not_good("a.tex", &table(r"\def\x{a} 1 & 2 \\ $\x = a$ & 3"));
    twins("a.tex", &table(r"1 & $\x = @$"), "b", "a", "a");
}

/// A macro as an argument without braces is refused if it expands to several
/// tokens: `KaTeX` takes the first one, `MathJax` all.
#[test]
fn macros_as_arguments() {
    not_good("a.md", r"$\def\k{a + b} \sqrt\k = \sqrt{a + b}$");
    not_good("a.md", r"$\def\k{a + b} \sqrt\k = \sqrt{a} + b$");
    let braces = r"$\def\k{a + b} \sqrt{\k}^2 + \frac\k{1} = @$";
    not_good("a.md", braces);
    twins(
        "a.md",
        r"$\def\k{a}$ $\frac\k{2} = \frac{@}{2}$",
        "a",
        "b",
        r"\frac{b}{2}",
    );
}
