//! Parts of a formula that `KaTeX` does not read, and macros that it gets.

use crate::read::layout::pieces;
use crate::text::Fragment;

use super::{holds, in_file, latex, markdown, problems, tex};

#[test]
fn labels_are_ids_and_places() {
    let text = "$$\na = b \\label{eq-a}\n$$\n";
    let found = markdown(text);
    holds(&found, &["a = b"]);
    assert_eq!(found.fragments[0].id.as_deref(), Some("eq-a"));
    let text = "\\begin{align}\na &= b \\label{x} \\\\\nc &= d \\label {y}\n% \\label{z}\n\\end{align}";
    let found = tex(text);
    let fragment = &found.fragments[0];
    let labels: Vec<_> = fragment
        .labels
        .iter()
        .map(|(at, name)| {
            (fragment.latex[..*at].matches("\\\\").count(), &**name)
        })
        .collect();
    assert_eq!(labels, [(0, "x"), (1, "y")]);
    assert_eq!(fragment.id.as_deref(), Some("x"));
    assert_eq!(in_file(text, &found, "c &= d"), "c &= d");
    // An id beside the formula or in a comment comes first.
    let id = |text| markdown(text).fragments.remove(0).id.unwrap();
    assert_eq!(id("$$ a \\label{x} $$ {#y}"), "y");
    assert_eq!(id("$$\n% id: z\na \\label{x}\n$$ {#y}"), "z");
}

#[test]
fn row_breaks_lose_their_star() {
    holds(&markdown("$$ a \\\\* = b \\\\[4pt] $$"), &["a \\\\ = b \\\\[4pt]"]);
}

#[test]
fn numbers_at_the_margin_are_left_out() {
    for text in [
        "$$ a = b \\tag{3} $$",
        "$$ a = b \\tag*{(4')} $$",
        "$$ a = b \\tag{$\\star$} $$",
        "$$ a = b \\notag $$",
        "$$ a = b \\nonumber $$",
    ] {
        holds(&markdown(text), &["a = b"]);
    }
    holds(&markdown("$$ \\tagged a $$"), &["\\tagged a"]);
}

#[test]
fn an_escaped_underscore_is_named_and_read_as_meant() {
    let text = "So $\\alpha\\_t = 1 - \\bar{\\beta}\\_{t}$.";
    let found = markdown(text);
    assert_eq!(latex(&found), ["\\alpha_t = 1 - \\bar{\\beta}_{t}"]);
    let why = "the backslash makes the underscore a letter";
    assert_eq!(
        problems(text, &found),
        [
            (1, 11, format!("write \\alpha_t: {why}")),
            (1, 32, format!("write \\bar{{\\beta}}_{{t}}: {why}")),
        ]
    );
    let text = "$\\text{a\\_b} + \\_ + \\mathrm{snake\\_case}$";
    holds(&markdown(text), &[&text[1..text.len() - 1]]);
}

#[test]
fn odd_spaces_are_spaces_and_invisible_characters_problems() {
    let text = "$a\u{a0}b = b\u{2009}a$";
    let found = markdown(text);
    holds(&found, &["a~b = b~a"]);
    assert_eq!(in_file(text, &found, "a~b"), "a\u{a0}b");
    assert_eq!(in_file(text, &found, "~b"), "\u{a0}b");
    let text = "$a\u{200b} = a$";
    let found = markdown(text);
    assert_eq!(latex(&found), ["a = a"]);
    let message = "U+200B, a zero-width space, stands in a formula";
    assert_eq!(problems(text, &found), [(1, 3, message.into())]);
    // Prose and the start of a file may have such characters.
    holds(&markdown("\u{feff}a\u{200b} $b$"), &["b"]);
    holds(&markdown("\u{feff}$$ b $$"), &["b"]);
}

#[test]
fn each_formula_knows_the_macros_that_it_uses() {
    let text = r"\newcommand{\vx}{\mathbf{x}}
\def\ab{\bar\alpha}
\newcommand{\both}{\vx \ab}
$a$, $\both$,
\renewcommand{\vx}{y}
$\vx$, \newcommand{\late}{z}";
    let found = tex(text);
    holds(&found, &["a", "\\both", "\\vx"]);
    let preamble = |i: usize| found.fragments[i].preamble.as_str();
    assert_eq!(preamble(0), "");
    assert_eq!(
        preamble(1),
        r"\def\ab{\bar\alpha}\def\both{\vx \ab}\def\vx{\mathbf{x}}"
    );
    assert_eq!(preamble(2), r"\def\vx{y}");
}

#[test]
fn katex_reads_the_macros() {
    let text = r"\newcommand{\ab}[1]{\bar\alpha_{#1}}
\DeclareMathOperator*{\KL}{KL}
\let\eps\epsilon \providecommand{\Rr}{R}
\renewcommand{\half}{\ensuremath{\frac{1}{2}}}
$\ab{t} = \KL_x(\eps) \Rr \half$";
    let found = tex(text);
    let Fragment { preamble, latex, .. } = &found.fragments[0];
    let read = pieces(&format!("{preamble}{latex}"), false);
    assert!(read.is_ok(), "{read:?}");
    assert!(pieces(latex, false).is_err());
}

#[test]
fn macros_in_markdown_hold_for_what_comes_after() {
    let text = "$\\newcommand{\\bx}{\\mathbf{x}}$\n\n$$\\def\\by{y} \\bx = \\by$$\n\n$\\bx = \\by$";
    let found = markdown(text);
    holds(&found, &["\\def\\by{y} \\bx = \\by", "\\bx = \\by"]);
    assert_eq!(found.fragments[0].preamble, "\\def\\bx{\\mathbf{x}}");
    let both = "\\def\\bx{\\mathbf{x}}\\def\\by{y}";
    assert_eq!(found.fragments[1].preamble, both);
    // A formula that defines a macro again does not get it twice.
    let block = "$$ \\newcommand{\\x}{a} \\x $$\n";
    let found = markdown(&block.repeat(2));
    assert_eq!(found.fragments[1].preamble, "");
}

/// Only Pandoc reads a definition in prose, and nobody one in a link.
#[test]
fn macros_outside_of_formulas_may_not_hold_in_markdown() {
    for text in [
        r"We write \renewcommand{\le}{\ge} in LaTeX. $2 \le 1$",
        r"[x](\def\le{\ge}) $2 \le 1$",
        r"![x](y.png '\def\le{\ge}') $2 \le 1$",
        "---\nmacros: \\renewcommand{\\le}{\\ge}\n---\n$2 \\le 1$",
    ] {
        let found = problems(text, &markdown(text));
        let [(_, _, message)] = found.as_slice() else {
            panic!("{text}: {found:?}")
        };
        assert!(message.starts_with("\\le is defined outside"), "{message}");
    }
    let code = "    \\renewcommand{\\le}{\\ge}\n\n$2 \\le 1$";
    assert!(problems(code, &markdown(code)).is_empty());
    holds(&markdown(code), &["2 \\le 1"]);
}
