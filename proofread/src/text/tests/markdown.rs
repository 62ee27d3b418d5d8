//! Places in Markdown with and without formulas.

use super::{holds, in_file, latex, markdown, problems};
use crate::text::{fragments, read};

#[test]
fn formulas_are_found_where_they_are() {
    let text = "A $x$, `$code$`, \\$5 and $6 and $7.\n\n```math {#eq-a}\na\n= b\n```\n\
                ```rust\n$no$\n```\n$$ y $$ {#eq-y}\n";
    let found = fragments("a.md", text);
    let one = |f: &crate::Fragment| {
        (f.latex.clone(), f.display, f.id.clone().unwrap_or_default())
    };
    assert_eq!(
        found.iter().map(one).collect::<Vec<_>>(),
        [
            ("x".into(), false, String::new()),
            ("a\n= b\n".into(), true, "eq-a".into()),
            (" y ".into(), true, "eq-y".into()),
        ]
    );
    let extents = found.iter().map(|f| &text[f.extent.start..f.extent.end]);
    let fence = "```math {#eq-a}\na\n= b\n```\n";
    let extents: Vec<_> = extents.collect();
    assert_eq!(extents, ["$x$", fence, "$$ y $$ {#eq-y}"]);
}

#[test]
fn fences_of_mathematics_are_read() {
    for text in [
        "```math\na = b\n```\n",
        "~~~math\na = b\n~~~~\n",
        ":::{math}\na = b\n:::\n",
        "``` math {#eq-a}\na = b\n```",
        "```{math}\n:label: eq-a\na = b\n```\n",
        "> ```math\n> a = b\n> ```\n",
        ">```math\n>a = b\n>```\n",
        "* ```math\n  a = b\n  ```\n",
        "1. One\n\n   ```math\n   a = b\n   ```\n",
        "- x\n  > ~~~math\n  > a = b\n  > ~~~\n",
        "```math\r\na = b\r\n```\r\n",
        "[^1]: See\n\n    ```math\n    a = b\n    ```\n",
    ] {
        let found = markdown(text);
        holds(&found, &["a = b"]);
        assert!(found.fragments[0].display, "{text}");
        assert_eq!(in_file(text, &found, "a = b"), "a = b");
    }
    let id = |text| fragments("a.md", text).remove(0).id;
    let label = "```{math}\n:label: eq-a\na = b\n```\n";
    assert_eq!(id(label).as_deref(), Some("eq-a"));
    for text in [
        "```latex\n$a = b$\n```\n",
        "```mathematica\na = b\n```\n",
        "> ```sh\n> echo $A $B\n> ```\n",
        "````\n```math\na\n```\n````\n",
    ] {
        holds(&markdown(text), &[]);
    }
}

#[test]
fn displays_lose_what_is_before_their_lines() {
    for text in [
        "> $$\n> a\n> = b\n> $$\n",
        "> > $$\n> > a\n> > = b\n> > $$\n",
        "- First\n  $$\n  a\n  = b\n  $$\n",
        "\t1.\tOne\n\n\t$$\n\ta\n\t= b\n\t$$\n",
        "* > $$ a\n  > = b $$ and so on\n",
        "$$\r\na\r\n= b\r\n$$\r\n",
    ] {
        let found = markdown(text);
        holds(&found, &["a = b"]);
        assert_eq!(in_file(text, &found, "= b"), "= b");
    }
    // A line in a display is not a quote or a list.
    let found = markdown("$$\na\n> b\n- c\n+\nd\n$$ {#eq-a}\n");
    holds(&found, &["a > b - c + d"]);
    // The display ends with the quote.
    let text = "> $$\n> a\n\nb $$\n";
    assert_eq!(problems(text, &markdown(text))[0].0, 1);
}

#[test]
fn formulas_that_are_not_closed_are_problems() {
    for (text, place, sign) in [
        ("Then\n\n$$\na = 2 a\n\nand so on.\n", (3, 1), "$$"),
        ("$$\na\n\nand so on\n\n$$\nb = c\n$$\n", (1, 1), "$$"),
        ("Let $\\alpha be small.\n\nMore.", (1, 5), "$"),
        ("Let $x_t be small.", (1, 5), "$"),
        ("\\begin{align}\na &= b\n", (1, 1), "\\begin{align}"),
        ("As \\(a = b, so\n", (1, 4), "\\("),
        ("As \\\\[a = b, so\n", (1, 4), "\\\\["),
        ("> ```math\n> a = b\n\nText\n", (1, 3), "```math"),
        ("a <!-- $b$\n", (1, 3), "<!--"),
    ] {
        let message = format!("this {sign} is not closed");
        let message = message.replace("```math", "fence");
        let found = problems(text, &markdown(text));
        assert_eq!(found[0], (place.0, place.1, message), "{text}");
    }
    let text = "$$\na\n\nand so on\n\n$$\nb = c\n$$\n";
    assert_eq!(latex(&markdown(text)), ["b = c"]);
}

#[test]
fn prices_are_no_formulas() {
    for text in [
        "It costs $5.",
        "It costs $5 and $6.",
        "A pot (5$)\r\n\r\n(a = 2 a$) and no more.",
        "- costs $5\n- costs $6\n",
        "between 5$ and 6$",
    ] {
        holds(&markdown(text), &[]);
    }
    holds(&markdown("Pay $5, and $a = b$ holds."), &["a = b"]);
    holds(&markdown("(5$)\r\n\r\n($a = b$)"), &["a = b"]);
}

#[test]
fn spaces_within_dollars_need_mathematics() {
    holds(&markdown("Here $ a = b $ and $ a < b$."), &["a = b", "a < b"]);
    holds(&markdown("$a = b $."), &["a = b"]);
    holds(&markdown("US $ or C $ a day"), &[]);
    let text = "If $a = b and $c = d$, then.";
    assert_eq!(latex(&markdown(text)), ["c = d"]);
    assert_eq!(problems(text, &markdown(text)).len(), 1);
}

#[test]
fn brackets_and_environments_are_read() {
    let text = "So \\( a = b \\), \\\\( c\\_t \\\\) and\n\n\\[ d\n= e \\]\n\\\\[ f\n= g \\\\]";
    holds(&markdown(text), &["a = b", "c_t", "d = e", "f = g"]);
    let rows =
        |text: &str| format!("\\begin{{aligned}} {text} \\end{{aligned}}");
    for (name, arguments, latex) in [
        ("equation", "", "a &= b".to_owned()),
        ("align*", "", rows("a &= b")),
        ("alignat", "{2}", rows("a &= b")),
        ("eqnarray", "", rows("a &= b")),
        ("multline", "", rows("a &= b")),
        ("gather", "", rows("a &= b")),
        ("split", "", "\\begin{split} a &= b \\end{split}".to_owned()),
    ] {
        let text = format!(
            "So\n\\begin{{{name}}}{arguments}\n a &= b\n\\end{{{name}}}\n"
        );
        holds(&markdown(&text), &[&latex]);
    }
    let text = "$$\n\\begin{multline}\na \\\\ = b\n\\end{multline}\n$$";
    holds(&markdown(text), &[&rows("a \\\\ = b")]);
    // Brackets of Markdown, and environments without mathematics.
    for text in ["\\[not a link\\]", "\\(see there\\)", "- \\[ \\] to do"] {
        holds(&markdown(text), &[]);
    }
    holds(&markdown("\\begin{itemize} \\item x \\end{itemize}"), &[]);
}

#[test]
fn formulas_stand_in_all_of_a_line() {
    let text = "# The $a$\n\n**$b$**, *$c$*, [see $d$](x.md)[^1], $`e`$, $f$$g$.\n\n\
                [^1]: Here $h$.\n\n- [ ] $i$\n";
    let formulas = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    holds(&markdown(text), &formulas);
    let text = "> so $a\n> = b$ and\nlazy $c\n= d$";
    holds(&markdown(text), &["a = b", "c = d"]);
    holds(&markdown("$$ a $$ and $$ b $$\n$$c$$"), &["a", "b", "c"]);
    holds(&markdown(r"$a \text{ if $b$} c$"), &[r"a \text{ if $b$} c"]);
}

#[test]
fn a_bar_in_a_table_is_escaped() {
    for text in [
        "| a | b |\n| --- | --- |\n| 1 | $q(x \\| y)$ |\n",
        "a | b\n--- | ---\n1 | $q(x \\| y)$\n",
        "- x\n\n  | a | b |\n  | :-- | --: |\n  | 1 | $q(x \\| y)$ |\n",
        "Text\na | $q(x \\| y)$\n--- | ---\n1 | 2\n",
    ] {
        let found = markdown(text);
        holds(&found, &["q(x | y)"]);
        assert_eq!(in_file(text, &found, "| y"), "| y");
    }
    // Prices in two rows are not a formula.
    holds(&markdown("a | b\n---|---\nx | $5\ny | $6\n"), &[]);
    // This is not a table.
    holds(&markdown("| a | $\\|x\\|$ |\n"), &["\\|x\\|"]);
    let text = "a | b\n---|---\n1 | 2\n\nThen $\\|x\\|$.";
    holds(&markdown(text), &["\\|x\\|"]);
}

#[test]
fn code_and_comments_are_left_alone() {
    for text in [
        "Run\n\n    echo $A=1; $B=2\n    $a = 2 a$\n\nand look.",
        "# Code\n\n\t$a = b$\n",
        "<pre>$a = b$\n\n$c$</pre>",
        "<code>$a = b$</code>, <SCRIPT src=x>\n$a$\n</SCRIPT>",
        "<style>\n$a$\n</style>",
        "<!-- was: $a = b$\n\n$$ c $$ -->",
        "`` $a` = $b ``",
        "<https://x.y/$a=b$>",
    ] {
        holds(&markdown(text), &[]);
    }
    holds(&markdown("- x\n\n    $a = b$\n"), &["a = b"]);
    holds(&markdown("Text\n    $a = b$\n"), &["a = b"]);
    holds(
        &markdown("<codex> $a = b$, 5 ` and\n\n`$c = d$"),
        &["a = b", "c = d"],
    );
    holds(&markdown("<!-- $a$ --> $b$"), &["b"]);
    holds(&read("a.md", "<!-- $a$ --> $b$", true), &["a", "b"]);
}

#[test]
fn commands_outside_of_formulas_are_problems() {
    let text = "Here \\frac{a}{b} = c.";
    let found = problems(text, &markdown(text));
    assert_eq!(found, [(1, 6, "\\frac stands outside of a formula".into())]);
    holds(&markdown("`\\frac`, C:\\new and \\textbf{x}"), &[]);
}

#[test]
fn nothing_found_is_warned_of() {
    let warnings = |text| markdown(text).warnings.len();
    assert_eq!(warnings("`$x$`"), 1);
    assert_eq!(warnings("It costs nothing."), 0);
    assert_eq!(warnings("$x$"), 0);
}
