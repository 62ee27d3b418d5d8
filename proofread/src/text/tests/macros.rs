//! Definitions, the groups that they hold in, and expansions of calls.

use super::{holds, in_file, latex, markdown, problems, tex};
use crate::text::defining::{Rule, defining};
use crate::text::meaning::{Meaning, Parameter};

/// Returns the preamble of the last formula.
fn preamble(text: &str) -> String {
    let found = tex(text);
    assert_eq!(found.problems, [], "{text}");
    found.fragments.last().unwrap().preamble.clone()
}

#[test]
fn definitions_are_as_katex_reads_them() {
    for (text, read) in [
        (r"\newcommand{\x}[1]{\bar\alpha_{#1}}", r"\def\x#1{\bar\alpha_{#1}}"),
        (r"\newcommand*\x{\mathbf{x}}", r"\def\x{\mathbf{x}}"),
        (r"\newcommand\x a", r"\def\x{a}"),
        (r"\renewcommand {\x} {\mathbb R}", r"\def\x{\mathbb R}"),
        (r"\providecommand{\x}{R}", r"\def\x{R}"),
        ("\\def\\x#1% one\n{\\frac{#1}{2}}", r"\def\x#1{\frac{#1}{2}}"),
        (r"\def\x#1.{#1}", r"\def\x#1.{#1}"),
        (r"\let\x=\epsilon", r"\let\x=\epsilon"),
        (r"\let\x\epsilon", r"\let\x=\epsilon"),
        (r"\DeclareMathOperator{\x}{KL}", r"\def\x{\operatorname{KL}}"),
        (
            r"\DeclareMathOperator*{\x}{\mathbb{E}}",
            r"\def\x{\operatorname*{\mathbb{E}}}",
        ),
        (r"\newcommand{\x}{\ensuremath{x}\xspace}", r"\def\x{{x}}"),
        (r"\NewDocumentCommand{\x}{m m}{#1#2}", r"\def\x#1#2{#1#2}"),
        ("\\newcommand{\\x}{a% }\n}", "\\def\\x{a% }\n}"),
        (r"\expandafter\def\csname x\endcsname{a}", r"\def\x{a}"),
        (r"\makeatletter\@namedef{x}{a}", r"\def\x{a}"),
        (r"\long\gdef\x{a}", r"\def\x{a}"),
    ] {
        assert_eq!(preamble(&format!("{text} $\\x$")), read, "{text}");
    }
    assert!(defining(r"\newpage").is_none());
    assert!(defining(r"\newcommand{\open").is_none());
    let found = defining(r"\global\edef\x#1{a#1} b").unwrap();
    assert!(found.global && found.rule == Rule::Expand);
    assert_eq!((found.length, &*found.name), (21, "\\x"));
    let found = defining(r"\newcommand{\x}[2][p]{#1#2}").unwrap();
    let Meaning::Macro { parameters, .. } = found.meaning else { panic!() };
    let first = Parameter::Optional(Some("p".into()));
    assert_eq!(parameters, [first, Parameter::Plain]);
}

#[test]
fn a_definition_holds_in_its_group() {
    let a = r"\def\x{a}";
    for text in [
        r"{\def\x{b}}",
        r"\begingroup\def\x{b}\endgroup",
        r"\bgroup\def\x{b}\egroup",
        r"\begin{quote}\renewcommand{\x}{b}\end{quote}",
        r"$\def\x{b} \x$",
        r"{{\def\x{b}}\def\x{c}}",
        r"\begin{quote}{\def\x{b}}\end{quote}",
        r"{\global\def\x{a}}",
        r"{\gdef\x{a}\def\x{b}}",
        r"{\def\x{b}\xdef\x{a}}",
        r"$\gdef\x{a} \x$",
        r"\iffalse\def\x{b}\fi",
        r"\iftrue\def\x{a}\else\def\x{b}\fi",
        r"\providecommand{\x}{b}",
        r"\newcommand{\set}{\def\x{b}}{\set}",
        r"\newcommand{\set}{\def\x{a}}\def\x{b}\set",
    ] {
        let text = format!("\\def\\x{{a}}{text} $\\x$");
        assert_eq!(preamble(&text), a, "{text}");
    }
    assert_eq!(preamble(r"{\newcommand{\x}{b}} $\x$"), "");
    assert_eq!(preamble(r"{\begin{document}\def\x{a} $\x$"), a);
}

#[test]
fn what_a_definition_means_is_found_when_it_stands_there() {
    let last = |text: &str| {
        let all = preamble(text);
        all[all.find(r"\def\x").unwrap()..].to_owned()
    };
    assert_eq!(last(r"\def\y{a}\edef\x{\y b}\def\y{b} $\x$"), r"\def\x{a b}");
    assert_eq!(last(r"\def\y#1{#1a}\edef\x{\y c} $\x$"), r"\def\x{ca}");
    assert_eq!(last(r"\def\y{a}\let\x\y\def\y{b} $\x$"), r"\def\x{a}");
    assert_eq!(
        last(r"\def\x{\y}\def\y{a}\def\y{b} $\x$"),
        r"\def\x{\y}\def\y{b}"
    );
    let lets = r"\let\x\phi\renewcommand{\phi}{\varphi} $\x \phi$";
    assert_eq!(preamble(lets), r"\let\x=\phi\def\phi{\varphi}");
}

#[test]
fn what_is_not_understood_is_named() {
    for (text, message) in [
        (r"\edef\x{\the\year} $\x$", "is defined by \\edef or \\xdef"),
        (r"\def\y#1.{#1}\edef\x{\y a.} $\x$", "is defined by \\edef"),
        (r"\NewDocumentCommand\x{r()}{#1} $\x(a)$", "is defined by a"),
        (r"\def\x{b}{\apptocmd{\x}{a}{}{}} $\x$", "defined by a \\apptocmd"),
        (r"\def\x{b}\csdef{x}{a} $\x$", "is defined by a \\csdef"),
        (r"\foreach \x in {a}{$\x$}", "is defined by a \\foreach"),
        (r"a \) b", "\\) closes no formula"),
        (r"\newcommandx\x[1]{#1} $\x a$", "is defined by a \\newcommandx"),
        (r"\providecommand{\R}{R} $\R$", "may be known already"),
        (r"\AtEndOfClass{\def\x{b}} $\x$", "is defined within an argument"),
        (r"\ifdraft\def\x{b}\fi $\x$", "is defined under a condition"),
        (r"\newcommand\x{a}\newcommand\x{b} $\x$", "is defined already"),
        (r"$\left( \def\x{b} \right)$", "a definition between \\left"),
        (r"\newcommand\x[1][a]{#1} $\frac\x 2$", "stands as an argument"),
        (r"\NewDocumentCommand\x{o}{#1} $\x$", "needs the argument in"),
        (r"$\newcommand\x[1][a]{#1} \x$", "this definition is not read"),
        (r"{\def\x{b}\end{quote} $\x$", "this ends no group"),
        (r"\def\x{\x $a$} \x", "makes too much"),
    ] {
        let found = problems(text, &tex(text));
        assert!(found[0].2.contains(message), "{text}: {found:?}");
    }
    // `\\x` is 2 behind the first formula.
    let global = r"\def\x{1}\newcommand{\y}{\gdef\x{2}} $\y 1=1$, $\x=1$";
    assert_eq!(problems(global, &tex(global)).len(), 1);
    // An unused definition is not a problem.
    holds(&tex(r"\edef\x{\the\year} \ifdraft\def\y{b}\fi $a$"), &["a"]);
}

#[test]
fn formulas_that_macros_make_are_found() {
    for (text, formula) in [
        (r"\newcommand{\m}[1]{$#1$} \m{a = b}", "a = b"),
        (r"\newcommand{\m}{\(a = b\)} So \m.", "a = b"),
        (r"\newcommand{\m}{\ensuremath{a}} So \m.", "a"),
        (r"\newcommand{\m}[1]{$#1$}\def\n#1{\m{#1 = b}} \n{a}", "a = b"),
        (r"\newcommand{\m}[2][a]{\[#1 = #2\]} \m{b}", "a = b"),
        (r"\def\o{$}\o a = b\o", "a = b"),
        (r"\newcommand{\nc}{\newcommand}\nc{\m}{$a$} \m", "a"),
        (r"\let\nc\newcommand\nc{\m}{$a$} \m", "a"),
        (r"\newcommand{\m}[1]{$\bar#1$} \m a", r"\bar a"),
        (r"\newcommand{\m}[1][a]{#1} $b \cdot\m$", r"b \cdot a"),
        ("\\begin%\n{equation}a = b\\end{equation}", "a = b"),
        (r"\equation a = b\endequation", "a = b"),
        (r"\def\m{$a$}\csname m\endcsname", "a"),
        (r"\ensuremath\alpha", r"\alpha"),
        (
            r"\newenvironment{m}[1]{\begin{equation}#1 =}{\end{equation}} \begin{m}{a} b\end{m}",
            "a = b",
        ),
        (
            r"\NewDocumentEnvironment{m}{}{\(}{\)} \begin{m}a = b\end{m}",
            "a = b",
        ),
        (r"\newcommand{\s}[2][a]{#1 + #2} $\s[b]{c} = \s c$", "b + c = a + c"),
        (r"\newcommand{\s}[1][a]{#1}\newcommand{\rel}{\s b} $\rel$", "a b"),
        (
            r"\DeclarePairedDelimiter{\n}{|}{|} $\n*{a} = \n[\big]{b} \n c$",
            "|a| = |b| |c|",
        ),
    ] {
        holds(&tex(text), &[formula]);
    }
    let text = r"\newcommand{\m}[1]{$#1 = 2$} \m{a}";
    let found = tex(text);
    assert_eq!(in_file(text, &found, "a"), "a");
    assert_eq!(in_file(text, &found, "= 2"), r"\m{a}");
    // Many calls are not a loop.
    let many = format!(r"\newcommand{{\m}}{{$a$}} {}", r"\m, ".repeat(5_000));
    let found = tex(&many);
    assert_eq!((found.fragments.len(), found.problems.len()), (5_000, 0));
    let rows = latex(&tex(
        "\\newcommand{\\m}[1]{$#1$}\\begin{align}a \\intertext{as \\m{b}, \\(c\\)} d\\end{align}",
    ));
    assert_eq!(rows[1..], ["b", "c"]);
}

/// `KaTeX` fails on a parameter that a macro does not have.
#[test]
fn parameters_that_a_macro_does_not_have() {
    let why = "\\x uses #2, which is no argument of it";
    for definition in [r"\newcommand{\x}[1]{#2}", r"\def\x#1{#1 #2}"] {
        for text in [
            format!(r"{definition} $\x 1 = 1$"),
            format!(r"${definition} a$ $\x 1 = 1$"),
        ] {
            let found = problems(&text, &tex(&text));
            let said = found.iter().any(|(.., message)| message == why);
            assert!(said || text.starts_with('$'), "{text}: {found:?}");
            assert!(!found.is_empty(), "{text}");
        }
    }
    let inner = r"\newcommand{\x}[1]{\def\y##1{#1 ##1}} $\x a \y b = 1$";
    assert_eq!(problems(inner, &tex(inner)), []);
}

#[test]
fn markdown_has_the_scopes_of_mathjax() {
    let holds_on = markdown(r"$\newcommand{\x}{a}$, $\x$");
    assert_eq!(holds_on.fragments[0].preamble, r"\def\x{a}");
    let group = "\\x is defined within a group of a formula";
    let prose = "a definition within a group";
    let made = "formulas that this makes are not read";
    for (text, message) in [
        (r"${\def\x{a} \x}$, $\x$", group),
        (r"$$\begin{aligned}\def\x{a} \x\end{aligned}$$", group),
        (r"{\newcommand{\x}{a}} $\x$", prose),
        (r"\newcommand{\x}{$a$} then \x", made),
        (
            r"\newenvironment{m}{\begin{align}}{\end{align}} \begin{m}a\end{m}",
            made,
        ),
        (r"\begingroup\def\x{a}", "groups are not followed in Markdown"),
    ] {
        let found = problems(text, &markdown(text));
        assert!(found[0].2.starts_with(message), "{text}: {found:?}");
    }
    let defined = markdown(r"$\newcommand{\x}[1][a]{#1}$, $\x b$");
    holds(&defined, &["a b"]);
    holds(&markdown(r"${\gdef\x{a} \x}$"), &[r"{\gdef\x{a} \x}"]);
}
