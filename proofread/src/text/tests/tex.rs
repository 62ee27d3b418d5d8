//! Places in LaTeX with and without formulas.

use super::{holds, in_file, latex, problems, tex};

fn rows(text: &str) -> String {
    format!("\\begin{{aligned}}{text}\\end{{aligned}}")
}

#[test]
fn formulas_are_found_where_they_are() {
    let text = r"
Costs \$5. % not $this$
Let $a$ and \(b\).
\begin{equation}\label{eq:one} c = d % with $ inside
\end{equation}
\begin{verbatim}$x$\end{verbatim}
\begin{align*} e &= f \nonumber \\ &= g \end{align*}
\[ h \]";
    let found = tex(text);
    assert_eq!(found.fragments[2].id.as_deref(), Some("eq:one"));
    let comment = "c = d % with $ inside";
    let align = rows(r" e &= f \\ &= g ");
    holds(&found, &["a", "b", comment, &align, "h"]);
}

#[test]
fn environments_lose_their_arguments() {
    for (open, close, latex) in [
        ("equation", "equation", "a".to_owned()),
        ("equation}[H", "equation", "[Ha".to_owned()),
        ("displaymath", "displaymath", "a".to_owned()),
        ("dmath*", "dmath*", "a".to_owned()),
        ("flalign", "flalign", rows("a")),
        ("alignat*}{2", "alignat*", rows("a")),
        ("IEEEeqnarray}{rCl", "IEEEeqnarray", rows("a")),
        ("multline", "multline", rows("a")),
    ] {
        if open.contains('[') {
            continue;
        }
        let text = format!("\\begin{{{open}}}a\\end{{{close}}}");
        holds(&tex(&text), &[&latex]);
    }
    holds(&tex("\\begin{equation}[H]\na = b\n\\end{equation}"), &["a = b"]);
    holds(&tex("\\begin{equation}\n[a] = b\n\\end{equation}"), &["[a] = b"]);
    let text =
        "\\begin{equation}\\begin{aligned}[t]a\\end{aligned}\\end{equation}";
    holds(&tex(text), &[&rows("a")]);
    let inline = tex("\\begin{math}a\\end{math}, \\ensuremath{b_{c}}");
    assert!(inline.fragments.iter().all(|f| !f.display));
    holds(&inline, &["a", "b_{c}"]);
    let text = "\\begin{subequations}\\label{all}\\begin{align}a\\label{x}\\end{align}\\end{subequations}";
    holds(&tex(text), &[&rows("a")]);
}

#[test]
fn relations_in_the_words_between_rows() {
    let rows = |words| {
        format!(
            "\\begin{{align}}a &= b \\intertext{{{words}}} b &= a\\end{{align}}"
        )
    };
    for (words, count) in [("and b > 0", 1), ("and $b > 0$", 0), ("so", 0)] {
        let text = rows(words);
        assert_eq!(problems(&text, &tex(&text)).len(), count, "{words}");
    }
}

#[test]
fn formulas_that_are_not_closed_are_problems() {
    for (text, place, what) in [
        ("Let\n$a = b\n\n$c = d$ be", (2, 1), "$"),
        ("$$ a = b\n\nand so on $$ c", (1, 1), "$$"),
        ("\\[ a = b", (1, 1), "\\["),
        ("\\begin{align} a = b \\end{align*}", (1, 1), "\\begin{align}"),
    ] {
        let message = format!("this {what} is not closed");
        let found = problems(text, &tex(text));
        assert_eq!(found[0], (place.0, place.1, message), "{text}");
    }
    let text = "Let\n$a = b\n\n$c = d$ be";
    assert_eq!(latex(&tex(text)), ["c = d"]);
    holds(&tex(r"$a \text{ if $b$}$"), &[r"a \text{ if $b$}"]);
}

#[test]
fn what_is_no_latex_is_left_alone() {
    for text in [
        r"\verb|$a$|, \lstinline!$a$!, \texttt{\$a\$}",
        "\\iffalse $a$ \\fi",
        "\\begin{comment}\n$a$\n\\end{comment}",
        "\\begin{document}\n\\end{document}\n$a$",
        "% $a$ \\begin{equation}\n",
        "a \\\\[4pt] b, \\usepackage[x]{y}",
    ] {
        holds(&tex(text), &[]);
    }
    holds(&tex("\\iffalse $a$ \\else $b$ \\fi"), &["b"]);
    let text = "\\begin{thm}[$a$] $b$ \\end{thm}";
    holds(&tex(text), &["a", "b"]);
}

#[test]
fn other_files_are_named() {
    let text = "\\input{other}\n\\include{more}\n\\includegraphics{x}";
    let found = problems(text, &tex(text));
    assert_eq!(found[0], (1, 1, "\\input is not followed".into()));
    assert_eq!(found[1], (2, 1, "\\include is not followed".into()));
    assert_eq!(found.len(), 2);
}

#[test]
fn macros_may_open_environments() {
    let text = "\\newcommand{\\be}{\\begin{equation}}\n\\def\\ee{\\end{equation}}\n\\be a = b \\ee, \\bec";
    holds(&tex(text), &["a = b"]);
    // A definition without a use makes nothing.
    holds(&tex("\\newenvironment{eqs}{\\begin{align}}{\\end{align}}"), &[]);
    holds(&tex("\\newcommand{\\claim}{$a = b$}"), &[]);
    holds(&tex("\\newcommand{\\x}{\\begin{pmatrix}a\\end{pmatrix}}"), &[]);
}

#[test]
fn intertext_ends_a_row() {
    let text = "\\begin{align}a &= b\\\\ \\intertext{and with $c = d$}e &= f\\end{align}";
    let found = tex(text);
    holds(&found, &[&rows(r"a &= b\\ e &= f"), "c = d"]);
    assert_eq!(in_file(text, &found, "e &= f"), "e &= f");
    let text = "\\begin{gather}a\\shortintertext{or}b\\end{gather}";
    holds(&tex(text), &[&rows(r"a\\b")]);
}

#[test]
fn environments_that_are_not_known_are_named() {
    for text in [
        "\\begin{empheq}{align}a &= b\\end{empheq}",
        "\\begin{foo} a = b \\end{foo}",
        "\\begin{foo*}[x] a_1 \\end{foo*}",
    ] {
        for found in [tex(text), super::markdown(text)] {
            let found = problems(text, &found);
            assert!(found[0].2.ends_with("are not read"), "{text}: {found:?}");
        }
    }
    for text in [
        "\\begin{foo} so $a$ and $b$ \\end{foo}",
        "\\begin{foo}[a=b]{a_b} x \\end{foo}",
        "\\begin{foo} Some words = other words \\end{foo}",
        "\\begin{itemize}\\item x = 1\\end{itemize}",
    ] {
        assert_eq!(tex(text).problems, [], "{text}");
    }
}
