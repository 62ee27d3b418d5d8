//! Mathematics that other programs typeset, and relations outside formulas.

use super::{holds, latex, markdown, problems, tex};

/// Checks that a text has one problem, at this part of it.
#[track_caller]
fn one(text: &str, part: &str) {
    let found = markdown(text);
    let [problem] = &found.problems[..] else {
        panic!("{text}: {:?}", found.problems)
    };
    assert_eq!(&text[problem.span.start..problem.span.end], part, "{text}");
}

#[test]
fn the_role_of_myst_is_a_formula() {
    holds(&markdown("As {math}`a = b`, so"), &["a = b"]);
    holds(&markdown("As {math}``a = b``, so"), &["a = b"]);
    holds(&markdown("As {code}`a = b`, so"), &[]);
}

#[test]
fn other_markup_is_named() {
    for (text, part) in [
        ("As :math:`a = b`, so", ":math:"),
        (".. math:: a = b\n", "::"),
        (".. math::\n\n   a = b\n", "::"),
        ("As {math-inline}`a = b`, so", "{math-inline}"),
        ("As [a = b]{.math}, so", "{.math"),
        ("{{< katex >}} a = b {{< /katex >}}", "{{< katex"),
        ("{% latex %} a = b {% endlatex %}", "{% latex"),
        ("[math]a = b[/math]", "[math]"),
        ("<math><mi>a</mi></math> so", "<math"),
        (
            "<script type=\"math/tex\">a = b</script> so",
            "<script type=\"math/tex\"",
        ),
        (
            "<span class=\"math inline\">a = b</span>",
            "<span class=\"math inline\"",
        ),
        ("\\\\begin{align}a = b\\\\end{align}", "\\\\"),
        ("```asciimath\na = b\n```\n", "```asciimath"),
        ("```{eval-rst}\n.. math:: a = b\n```\n", "```{eval-rst}"),
        ("```{math} a = b\n```\n", "```{math} a = b"),
    ] {
        one(text, part);
    }
    // These texts only look like markup of formulas.
    for text in [
        "See [math](https://example.org) and [tex].",
        "In math: `a`.",
        ".. note:: so",
        "`<math>` and `[math]a[/math]`",
        "std::math::sin",
        "```mathematica\na = b\n```\n",
    ] {
        holds(&markdown(text), &[]);
    }
    holds(&markdown("<span class=\"math\">\\(a = b\\)</span>"), &["a = b"]);
    let block = "<div class=\"math\">\n\n$$a = b$$\n\n</div>";
    holds(&markdown(block), &["a = b"]);
}

#[test]
fn a_relation_beside_a_formula_is_named() {
    for (text, part) in [
        ("So $a$ = $b$.", "="),
        ("So $a$ < $b$.", "<"),
        ("So $a$ ≤\n$b$.", "≤"),
        ("So $a$ **=** $b$.", "="),
        ("So ($a$) _=_ ($b$).", "="),
        ("With $a$ ∈ (0, 1)", "∈"),
        ("So `a` = $b$.", "="),
        ("With $T$ = 1000 steps", "="),
        ("So $a$ &lt; $b$.", "&lt;"),
        ("So $a$ &#61; $b$.", "&#61;"),
        ("So $a$ <span class=\"x\">=</span> $b$.", "="),
        ("So $a$ ⩽ $b$.", "⩽"),
        ("So $a$ ≃ $b$.", "≃"),
        ("So $a$&nbsp;=&nbsp;$b$.", "="),
        ("So $a$<!-- -->=$b$.", "="),
        ("So $a$ `=` $b$.", "="),
        ("| x | y | z |\n|---|---|---|\n| $a$ | = | $b$ |", "="),
        ("So $a$\t= $b$.", "="),
        ("So $a$\u{2009}=\u{200b} $b$.", "="),
        ("So $a$&thinsp;=&#8201;$b$.", "="),
        ("So $a$ &#061; $b$.", "&#061;"),
        ("So $a$ &GreaterEqual; $b$.", "&GreaterEqual;"),
        ("So $a$ &gg; 1.", "&gg;"),
        (r"So $a$ \= $b$.", "="),
        (r"So $a$ \< 1.", "<"),
        ("So 1 &lt;&nbsp;$a$.", "&lt;"),
        ("So $a$ ^=^ $b$.", "="),
        ("So $a$ \"=\" $b$.", "="),
        ("So $a$ — = 2.", "="),
        ("So $a$[^1]= 2.", "="),
        ("So $a$ ⩵ $b$.", "⩵"),
        ("So $a$ ﹦ $b$.", "﹦"),
    ] {
        one(text, part);
    }
    for text in [
        "So $a$ => $b$.",
        "So $a$ -> $b$.",
        "$a$\n===\n$b$",
        "<b>$a$</b>, <i>$b$</i>",
        "> $a$\n> $b$",
        "xlabel=$a$, $b$",
    ] {
        assert_eq!(markdown(text).problems, [], "{text}");
        let formulas = latex(&markdown(text));
        assert_eq!(formulas.last().map(String::as_str), Some("b"), "{text}");
    }
    let text = "So $a$ = $b$.";
    assert_eq!(problems(text, &tex(text)).len(), 1);
    for text in [
        "$a$\\quad=\\quad$b$",
        "$a$\\hspace{1em}=\\hspace{1em}$b$",
        "$a$\\,=\\,$b$",
        "$a$ \\textless{} $b$",
        "\\begin{tabular}{rcl} $a$ & = & $b$ \\end{tabular}",
    ] {
        assert_eq!(problems(text, &tex(text)).len(), 1, "{text}");
    }
    for text in ["$a$ \\quad $b$", "$a$ & $b$", "\\set{x}{=} so $b$"] {
        assert_eq!(problems(text, &tex(text)), [], "{text}");
    }
}

/// `<` and `>` are relations beside a formula, unless they are part of a tag.
#[test]
fn orders_beside_a_formula() {
    for text in ["$a$< $b$", "$a$<$b$", "$a$> $b$", "$a$ < $b$", "$u < 1$<2"] {
        assert_eq!(markdown(text).problems.len(), 1, "{text}");
        assert_eq!(tex(text).problems.len(), 1, "{text}");
    }
    for text in ["<b>$a$</b> $b$", "<a title=\"$a$\">$b$</a>", "$a$<br>$b$"] {
        assert_eq!(markdown(text).problems, [], "{text}");
    }
}

#[test]
fn an_operator_beside_a_claim_is_named() {
    for (text, part) in [
        ("So $1 = 1$ + $1$.", " +"),
        ("So $1 = 1$ + 1.", " +"),
        ("So $1 = 1$&plus;1.", "&plus;"),
        ("So 2$1 = 1$.", "2"),
        ("So 3 + $1 = 1$.", "+ "),
        ("So -$1 = 1$.", "-"),
        ("So $2 = 2$².", "²"),
        ("So $2 = 2$<sup>2</sup>.", "<sup"),
        ("So $2 = 2$ ⋅ 3.", " ⋅"),
        ("So $2 = 2$/3.", "/"),
        ("So $1 = 1$-1.", "-"),
        ("So $p = 50$ %.", " %"),
        ("So $a = a$ − 1.", " −"),
        ("So $a = a$ &minus; 1.", " &minus;"),
        ("So $a = a$ -1.", " -"),
        ("So $a = a$ ∓ 2.", " ∓"),
        ("So $a = a$ plus 2.", " plus "),
        ("So $a = a$^2^.", "^"),
        ("So $a = a$<sub>1</sub>.", "<sub"),
        ("So $a = a$ ².", " ²"),
        ("So √$4 = 4$.", "√"),
        ("So ¬ $a = a$.", "¬ "),
        ("So $1 = 1$.5.", "."),
    ] {
        one(text, part);
    }
    for text in [
        "So $a = b$ - and more",
        "So $a = b$ – $c = d$",
        "- $a = b$\n- $c = d$\n+ $a = b$",
        "non-$a = b$ and $a = b$!",
        "the $a = b$-rule, $a$ + $b$, 2$a$, $a$/$b$",
        "*$a = b$*",
        "So $a = b$\n* $c = d$",
        "(+$a$)",
    ] {
        assert_eq!(markdown(text).problems, [], "{text}");
    }
    assert_eq!(tex(r"So $p = 50$\%.").problems.len(), 1);
    assert_eq!(tex("So $p = 50$ % a comment").problems, []);
}

/// Signs that change a claim may stand in other letters, in another line, in a word, or
/// in the next formula.
#[test]
fn what_changes_a_claim_beside_it_is_named() {
    for text in [
        r"We get $(a + b)^2 = a^2 + b^2 + 2 a b$ $- 1$.",
        "$a=a$\n$+ b$",
        r"$a=a$<br>$+ b$",
        r"$a = a$${}+1$",
        r"$a=a$~$+ 1$",
        r"$a=a$ \(+ 1\)",
        r"$2$ $a = a$",
        r"$-1$ $a = a$",
        r"$b$$a = a$",
        r"$\frac12$ $a = a$",
        "We get $a^2 = a \\cdot a$\n− $b$",
        "We get $a^2 = a \\cdot a$\n× $b$",
        r"$$ (a+b)^2 = a^2+2ab+b^2 $$ {#eq-sq} + 1",
        r"$$ a=a $$ {#eq-e} $+1$",
        r"&minus;$a = a$",
        r"&#8722;$a=a$",
        r"&radic;$a=a$",
        r"&frac12;$a=a$",
        r"&not;$a = a$",
        r"$a=a$&sup2;",
        r"$a = a$ &divide; 2",
        r"3&middot;$a = a$",
        r"**−**$a=a$",
        r"<b>-</b>$a=a$",
        r"`-`$a=a$",
        r"$a=a$ `+ 1`",
        r"$a=a$ **+ 1**",
        r"$a = a$ \* 2",
        r"3\*$a = a$",
        r"($a = a$)²",
        r"($a=a$)/2",
        r"not($a = a$)",
        r"¬($a = a$)",
        r"$a=a$ divided by 2",
        r"$a=a$ squared",
        r"$a=a$, plus $b$",
        r"minus $a = a$",
        r"half of $a=a$",
        r"$a = a$ if not $a = a$",
        "$$ a = a $$ {#e}\n\n$$ {} + 1 $$ {#f}",
    ] {
        assert_eq!(markdown(text).problems.len(), 1, "{text}");
    }
    for text in [
        r"$a = a$\,+ 1",
        r"$a = a${} + 1",
        "$a = a$% x\n+ 1",
        r"$a=a$ \textbf{+ 1}",
        r"$a=a$ \emph{+} $1$",
        r"\textminus $a = a$",
        r"\textonehalf$a = a$",
        "\\begin{equation} a = a \\end{equation}\n\\begin{equation}\\label{b} {} + 1 \\end{equation}",
    ] {
        assert_eq!(tex(text).problems.len(), 1, "{text}");
    }
    for text in [
        r"We get $a = a$ - a fact.",
        "$a = a$\n- item 3\n- item",
        r"The $a = a$ and $-1$.",
        r"between $-1$ and $+1$, $a = a$.",
        r"$a = a$, $-b = -b$",
        r"non-$a$ and $a = a$",
        r"(see $a = a$)",
        r"Here $a = a$ (12 times).",
        "$a = a$\n\n+ 2 things",
        "* $a = a$\n* 3 things",
        "| $a = a$ | $-1$ |\n|---|---|\n| $a = a$ | 3 |",
        r"$a = a$ [1]",
        r"$a = a$ — 3 steps",
        " Title $a = a$\n\n2. item",
        r"The value $b$, $a = a$",
        r"$a$ is $b$: $a = a$",
        r"Take $a$ and $b$. $a = a$ holds.",
        r"$a = a$. $b = b$.",
        r"$a = a$ **2 times**",
        r"$a=a$[^1]",
    ] {
        assert_eq!(markdown(text).problems, [], "{text}");
    }
}

/// Checks that an argument which a macro does not typeset is not a claim.
#[test]
fn arguments_that_are_dropped() {
    let skip = "\\newcommand{\\skipit}[1]{}\n";
    holds(&tex(&format!("{skip}$a$ \\skipit{{$b$}} $c$")), &["a", "c"]);
    let keep = "\\newcommand{\\keepit}[1]{#1}\n";
    holds(&tex(&format!("{keep}$a$ \\keepit{{$b$}} $c$")), &["a", "b", "c"]);
}

/// Checks that the attributes of a tag do not hide the text behind it.
#[test]
fn attributes_of_tags() {
    for text in [
        "<a title=\"<!--\">$a = b$</a><!-- -->",
        "<a title='<code>'>$a = b$</a></code>",
        "<a title=\"<pre>\">x</a>\n\n$a = b$\n\n</pre>",
        "<a title=\"`\">$a = b$</a> `",
        "<a\n title=\"<!--\">$a = b$</a><!-- -->",
    ] {
        holds(&markdown(text), &["a = b"]);
    }
    // Not a tag, and a tag whose content is code.
    holds(&markdown("c <d and $a = b$ and e"), &["a = b"]);
    holds(&markdown("<code class=\">\">$a = b$</code>"), &[]);
    one("![](https://latex.codecogs.com/svg.latex?a=2a) $a$", "://");
}

/// Checks that formulas which other programs typeset are read or reported.
#[test]
fn text_in_directives_and_tags() {
    for text in [
        "```{note}\n$a = b$\n```",
        "```{note} $a = b$\n```",
        "```{raw} latex\n$a = b$\n```",
        "```{=latex}\n$a = b$\n```",
        "```{=html}\n$a = b$\n```",
        "```mermaid\nA[\"$$a = b$$\"]\n```",
        "```{eval-rst}\n:math:`a = b`\n```",
        "`a = b`{=latex}",
        "````{prf:theorem}\n```{math}\na = b\n```\n````",
        "```{figure} x.png\nSo \\(a = b\\)\n```",
    ] {
        assert_eq!(markdown(text).problems.len(), 1, "{text}");
    }
    for text in ["```{note}\nNo formula.\n```", "```{code-cell}\n$a\n```"] {
        assert_eq!(markdown(text).problems, [], "{text}");
    }
    holds(&markdown("Press <kbd>$a = b$</kbd>."), &["a = b"]);
    holds(&markdown("<code-x>$a = b$</code-x>"), &["a = b"]);
    holds(&markdown("<code>$a = b$</code>"), &[]);
    assert_eq!(markdown("$a$\r$b$").problems.len(), 1);
    for text in [
        "\\begin{lstlisting}[mathescape]\n$a = b$\n\\end{lstlisting}",
        "\\unless\\iffalse $a = b$ \\fi",
        "\\InputIfFileExists{x}{}{}",
        "\\inferrule{a = b}{c = d}",
    ] {
        assert_eq!(tex(text).problems.len(), 1, "{text}");
    }
}

/// Checks that text which other programs show is read or reported.
#[test]
fn code_that_is_none() {
    let table = "| a | b |\n| --- | --- |\n";
    // A cell ends before a code span does.
    let cut = format!("{table}| `a | $b = c$ | `\n");
    holds(&markdown(&cut), &["b = c"]);
    holds(&markdown(&format!("{table}| `a$b = c$` | $d$ |\n")), &["d"]);
    holds(&markdown(&format!("{table}| `a \\| $b = c$` | $d$ |\n")), &["d"]);
    // Markdown means nothing in a block of HTML.
    holds(&markdown("<div>\n`$a = b$`\n</div>\n"), &["a = b"]);
    holds(&markdown("<div>\n\n`$a = b$`\n\n</div>\n"), &[]);
    holds(&markdown("<div><code>$a = b$</code></div>\n"), &[]);
    // These two are complete comments.
    holds(&markdown("<!--> $a = b$ -->"), &["a = b"]);
    holds(&markdown("<!---> $a = b$ -->"), &["a = b"]);
    // A tab of MkDocs is indented like code.
    holds(&markdown("=== \"Tab\"\n\n    $a = b$\n"), &["a = b"]);
    holds(&markdown("Title\n===\n\n    $a = b$\n"), &[]);
    // Paragraphs in a list of Pandoc are indented like code.
    holds(&markdown("(@) so\n\n    $a = b$\n"), &["a = b"]);
    holds(&markdown("a. so\n\n    $a = b$\n"), &["a = b"]);
}

#[test]
fn what_is_not_here_is_named() {
    one("{{#include a.md}}\n", "{{#include");
    one("{{< include a.qmd >}}\n", "{{< include");
    one("{% include a.md %}\n", "{% include");
    one("--8<-- \"a.md\"\n", "<--");
    one("![[a]] and $b$\n", "[[");
    holds(&markdown("![[a.png]] and $b$\n"), &["b"]);
    one("```{include} a.md\n```\n", "```{include} a.md");
    one("$a$\n\n```\n$b$\n", "```");
    one("$a$ \\emph{=} $b$", "=");
    one("$a$ **=** $b$", "=");
    holds(&markdown("```rust\n{{#include a.rs}}\n```\n"), &[]);
    // The fence ends with the quote.
    holds(&markdown("> ```\n> $b$\n\n$a$\n"), &["a"]);
}
