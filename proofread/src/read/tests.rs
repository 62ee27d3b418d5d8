//! What formulas are read as, in a short form: `a = b | t \ge 2` is a claim
//! with its condition, `? …` a problem.

use super::layout::{leaves, leaves_with, pieces, pieces_with};
use super::{Chain, Scope, Statement, statements};
use crate::expr::Condition;
use crate::notation::Notation;

const NOTATION: &str = r"
    [sizes]
    T = '3..5'
    d = '3..3'
    [indices]
    t = '1..T'
    s = '1..T'
    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    'c' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'a_t' = { kind = 'scalar', range = '0..T' }
    'f(a)' = { kind = 'scalar' }
    'x' = { kind = 'vector' }
    'y' = { kind = 'vector' }
    'z_t' = { kind = 'vector', range = '0..T' }
    '\epsilon' = { kind = 'vector', standard_normal = true }
    [processes.q]
    variable = 'z'
    range = '0..T'
    index = 't'
    step = '\mathcal N(z_t; z_{t-1}, I)'
";

fn condition((a, relation, b): &Condition) -> String {
    format!("{a} {} {b}", relation.latex())
}

fn chain(chain: &Chain) -> String {
    let side = |i: usize| match &chain.sides[i].0 {
        Ok(expr) => expr.to_string(),
        Err(problem) => format!("? {}", problem.message),
    };
    let mut text = side(0);
    for (i, (relation, _)) in chain.relations.iter().enumerate() {
        let sign = match relation {
            Ok(relation) => relation.latex().to_owned(),
            Err(problem) => format!("? {} ?", problem.message),
        };
        text = format!("{text} {sign} {}", side(i + 1));
    }
    match &chain.conditions {
        Ok(all) if all.is_empty() => text,
        Ok(all) => {
            let all: Vec<_> = all.iter().map(condition).collect();
            format!("{text} | {}", all.join(", "))
        }
        Err(problem) => format!("{text} | ? {}", problem.message),
    }
}

fn said(latex: &str) -> Vec<String> {
    let notation = Notation::read(NOTATION).unwrap();
    let found = match pieces(latex, true) {
        Ok(found) => found,
        Err(problem) => return vec![format!("? {}", problem.message)],
    };
    let reading = statements(&found, &mut Scope::new(&notation));
    let unread = reading.unread(&leaves(latex, true));
    assert!(unread.is_empty(), "{latex}: {unread:?} of {:?}", reading.roles);
    let one = |statement: &Statement| match statement {
        Statement::Chain(found) => chain(found),
        Statement::Member(Ok(element), of, ..) => {
            format!("{element} in {of:?}")
        }
        Statement::Term(Ok(expr)) => format!("term {expr}"),
        Statement::Member(Err(problem), ..) | Statement::Term(Err(problem)) => {
            format!("? {}", problem.message)
        }
    };
    let list = |statement: &&Statement| !matches!(statement, Statement::Chain(chain) if chain.list);
    reading.statements.iter().filter(list).map(one).collect()
}

#[track_caller]
fn reads(latex: &str, expected: &[&str]) {
    assert_eq!(said(latex), expected, "{latex}");
}

/// Whether every statement of a formula holds a problem with these words.
#[track_caller]
fn refused(latex: &str, words: &str) {
    let said = said(latex);
    let all = said.iter().all(|one| one.contains('?'));
    let named = said.iter().any(|one| one.contains(words));
    assert!(all && named && !said.is_empty(), "{latex}: {said:?}");
}

fn rows(text: &str) -> String {
    format!(r"\begin{{aligned}} {text} \end{{aligned}}")
}

#[test]
fn rows_go_on_or_begin() {
    let two = ["a = b = c"];
    reads(r"a = b \\ = c", &two);
    reads(&rows(r"a &= b \\ &= c"), &two);
    reads(&rows(r"a =& b \\ =& c"), &two);
    reads(&rows(r"a &= b \\* &= c"), &two);
    reads(&rows(r"a &= b \\[4pt] &= c \\"), &two);
    reads(&rows(r"a &= b && \text{(by Bayes)} \\ &= c"), &two);
    reads(r"\begin{array}{rcl} a & = & b \\ & = & c \end{array}", &two);
    reads(&rows(r"a &= b \\ &\quad + c"), &["a = b + c"]);
    reads(&rows(r"a &= b \\ &\quad - c"), &["a = b - c"]);
    reads(&rows(r"a &= b \\ &\quad \cdot c"), &[r"a = b \cdot c"]);
    reads(&rows(r"a &= b + \\ &\quad c"), &["a = b + c"]);
    reads(&rows(r"a &= \bigl( b \\ &\quad + c \bigr)"), &["a = b + c"]);
    reads(&rows(r"a &= b \\ c &= a"), &["a = b", "c = a"]);
    reads(r"a = b \\ -c = a", &["a = b", "-c = a"]);
    refused(&rows(r"a &= b \\ & - c = a"), "is this sign one of the row");
    for row in [r"(b+1)", r"\qquad b", r"\left( b \right)"] {
        refused(
            &rows(&format!(r"a &= a \\ & {row}")),
            "this row has no relation",
        );
        refused(&format!(r"a = a \\ {row}"), "this row has no relation");
    }
    refused(r"a = ( b \\ c )", "a new row within brackets");
}

#[test]
fn equations_stand_side_by_side() {
    reads(&rows(r"a &= b & b &= c"), &["a = b", "b = c"]);
    reads(
        &rows(r"a &= b & b &= c \\ &= c & &= a"),
        &["a = b = c", "b = c = a"],
    );
    reads(r"a = b \qquad b = c", &["a = b", "b = c"]);
    reads(r"a = b \qquad (3.2)", &["a = b"]);
    reads(r"a = b, \qquad (*)", &["a = b"]);
    reads(&rows(r"a &= b & (1)"), &["a = b"]);
    reads(r"a b = b a \qquad \square", &[r"a \cdot b = b \cdot a"]);
    reads(
        r"\left\{ \begin{aligned} a &= b \\ b &= c \end{aligned} \right.",
        &["a = b", "b = c"],
    );
    reads(r"\begin{cases} a = b \\ b = c \end{cases}", &["a = b", "b = c"]);
    refused(r"a = b \qquad c", "this part has no relation");
    refused(r"a \qquad c = b", "no relation");
    refused(r"a = (b \quad c)", "a wide space");
    refused(r"\begin{pmatrix} a & b \end{pmatrix} = c", "a matrix");
    refused(r"( \begin{matrix} a \\ + b \end{matrix} ) = c", "matrix");
}

#[test]
fn words_make_conditions_or_are_refused() {
    let late = [r"a_{t} = b | t \ge 2"];
    for words in
        ["for", "If", "whenever", "for all", "given that", "with", "provided"]
    {
        reads(&format!(r"a_t = b \quad \text{{{words} }} t \ge 2"), &late);
    }
    reads(r"a_t = b \text{ for $t \ge 2$}", &late);
    reads(r"a_t = b \text{ (for $t \ge 2$)}", &late);
    reads(r"a_t = b \quad \mathrm{for}\ t \ge 2", &late);
    reads(r"a_t = b, \quad t \ge 2", &late);
    reads(r"a_t = b \quad (t \ge 2)", &late);
    reads(r"\text{If } t \ge 2 \text{ then } a_t = b", &late);
    reads(r"\text{for } t \ge 2\colon\ a_t = b", &late);
    reads(r"|a| = a, \quad a > 0", &[r"\left\|a\right\| = a | a > 0"]);
    reads(r"a > 0, \quad a < 1", &["a > 0", "a < 1"]);
    reads(r"a_t = b \text{ unless } t = 1", &[r"a_{t} = b | t \ne 1"]);
    reads(r"a_t = b \text{ except for } t = 1", &[r"a_{t} = b | t \ne 1"]);
    reads(r"a = b \text{ and } b = c", &["a = b", "b = c"]);
    reads(r"a = b \text{ where } b := c", &["b := c", "a = b"]);
    reads(r"a = b, \text{ hence } b = c.", &["a = b", "b = c"]);
    reads(r"a = b \text{ (spelled out)}", &["a = b"]);
    reads(r"a = b \text{ by (3)}", &["a = b"]);
    reads(r"\text{(ii)} \quad a = b", &["a = b"]);
    for words in [
        "unlike",
        "in contrast to",
        "(wrong!)",
        "not",
        "or",
        "since",
        "if not",
        "(never)",
        "by no means",
        "assuming",
        "except as to",
    ] {
        refused(&format!(r"a = b \text{{ {words} }} t = 1"), "these words");
    }
    refused(r"a = b \text{ since $b = 2b$}", "these words");
    refused(r"a = b \text{ unless } 1 < t < 3", "an exception");
    refused(r"a = b \mathop{\text{unless}} c", "an exception");
    reads(
        r"a = b \text{ for } t \ge 2 \text{ and } s \ge 3",
        &[r"a = b | t \ge 2, s \ge 3"],
    );
    refused(
        r"a = b \text{ if } b = c \text{ and } c = p",
        "one more condition",
    );
    reads(
        r"\text{if } a = b, b = c, \text{ then } a = c",
        &["a = c | a = b, b = c"],
    );
}

/// A condition on a row in the middle is one on this row; behind all of
/// them, one on the whole chain.
#[test]
fn conditions_belong_to_rows() {
    reads(
        &rows(r"a &= b \quad \text{for } t \ge 2 \\ &= c"),
        &[r"a = b | t \ge 2", "b = c"],
    );
    reads(
        &rows(r"a &= b \\ &= c \quad \text{for } t \ge 2"),
        &[r"a = b = c | t \ge 2"],
    );
}

#[test]
fn quantifiers_and_implications() {
    let range = [r"a_{t} = b | 1 \le t, t \le T"];
    for text in [
        r"a_t = b \quad \forall t \in \{1, \dots, T\}",
        r"\forall t \in \{1, \dots, T\}:\ a_t = b",
        r"t = 1, \dots, T:\ a_t = b",
        r"t = 1, 2, \ldots, T \colon a_t = b",
        r"t = 1, \dots, T \quad a_t = b",
        r"t = 1, \dots, T \Rightarrow a_t = b",
        r"t = T, T-1, \dots, 1: a_t = b",
        r"a_t = b, \quad t = 1, \dots, T.",
        r"a_t = b \qquad t = 1, \ldots, T",
    ] {
        reads(text, &range);
    }
    reads(r"a = a \forall a", &["a = a"]);
    reads(r"\forall a: a = 2 a", &[r"a = 2 \cdot a"]);
    reads(r"\forall a, b > 0: a = b", &["a = b | a > 0, b > 0"]);
    reads(r"\forall a \in \mathbb R:\ a = b", &["a = b"]);
    reads(r"t = 1, \dots, T", &[]);
    reads(r"a = b \Rightarrow b = a", &["b = a | a = b"]);
    reads(r"a = b \iff b = a", &["a = b | b = a", "b = a | a = b"]);
    reads(r"a = b \\ \implies b = a", &["b = a | a = b"]);
    refused(r"\Rightarrow a = b", "nothing stands before");
    refused(r"a = b, b = c \Rightarrow a = c", "which of the statements");
    refused(r"\exists a: a = b", "that something exists");
    refused(r"\therefore a = b", "from what this follows");
    refused(r"\forall a |a| = 2 a", "");
    refused(r"t = 1, \dots, a = 5 a", "");
    refused(r"a_t = b, \quad t = 1, 3, \dots, T", "which values");
    refused(r"a : b = c", "colon");
}

#[test]
fn membership_is_a_claim() {
    reads(r"a = b \in (0, 1]", &["a = b", "0 < b", r"b \le 1"]);
    reads(r"a \in (0, \infty)", &["0 < a"]);
    reads(r"a, b \in [0, 1)", &[r"0 \le a", "a < 1", r"0 \le b", "b < 1"]);
    reads(r"p \in \mathbb R_{>0}", &["0 < p"]);
    reads(r"a = b \in \mathbb R", &["a = b", "b in Numbers"]);
    reads(r"x \in \mathbb{R}^d", &["x in Vectors"]);
    reads(r"t \in \{1, \dots, T\}", &[]);
    reads(r"a, b > 0", &["a > 0", "b > 0"]);
    refused(r"a \in \{0, 1\}", "a set of single values");
    refused(r"a \in \mathbb R_+", "does this set hold zero");
    refused(r"a, b = c", "");
    for sign in [r"\notin", r"\subset", r"\ni"] {
        refused(&format!("a {sign} (0, 1)"), "no meaning");
    }
}

#[test]
fn relations_are_what_they_look_like() {
    for (sign, means) in [
        (r"\not=", r"\ne"),
        (r"\neq", r"\ne"),
        (r"\not\le", ">"),
        (r"\nleq", ">"),
        (r"\not<", r"\ge"),
        (r"\ngeq", "<"),
        (r"\equiv", "="),
        (r"\triangleq", ":="),
        (r"\overset{\text{def}}{=}", ":="),
        (r"\overset{(a)}{=}", "="),
        (r"\stackrel{(1)}{=}", "="),
        (r"\overset{!}{=}", "="),
        (r"\overset{\text{Bayes}}{=}", "="),
        ("{=}", "="),
    ] {
        reads(&format!("a {sign} b"), &[&format!("a {means} b")]);
    }
    for sign in [
        r"\cancel{=}",
        r"\overset{?}{=}",
        r"\ll",
        "=:",
        r"\doteq",
        r"\not\approx",
        r"\overset{d}{=}",
        "=_2",
        r"\overset{\text{not}}{=}",
        r"\xrightarrow{d}",
    ] {
        refused(&format!("a {sign} b"), "");
    }
}

#[test]
fn numbers_and_punctuation() {
    reads("a = 1{,}000", &["a = 1000"]);
    reads(r"a = 50\%", &[r"a = \frac{50}{100}"]);
    reads("a = b.", &["a = b"]);
    reads("a = 0.5,", &["a = 0.5"]);
    reads(r"\{0, 1, \ldots, 255\}", &[]);
    reads("a_1, a_2, ..., a_T", &["term a_{1}", "term a_{2}", "term a_{T}"]);
    reads(r"a = b \phantom{= 2 b}", &["a = b"]);
    refused("a = 1,000", "a comma between digits");
    refused(r"a = 2\,000", "a space between digits");
    reads(r"a = 2\,3", &[r"a = 2 \cdot 3"]);
    refused(r"a = b \tag{$b = 2b$}", "the number of a formula");
    refused(r"a = b \tag{not true}", "the number of a formula");
    reads(r"a = b \tag{$\ast$}", &["a = b"]);
    refused("a = 3!", "factorial");
    refused(r"a = \binom{b}{c}", "binomial");
    refused(r"a = \lfloor b \rfloor", "rounding");
}

#[test]
fn new_kinds_of_expression() {
    for text in [
        r"\sqrt[3]{p}",
        r"\begin{cases} a & a \ge 0 \\ -a & \text{if } a < 0 \end{cases}",
        r"\begin{cases} a & 0 < a < 1 \text{ and } b > 0, \\ c & \text{otherwise.} \end{cases}",
        r"\min(a, b)",
        r"\max\{a, b, c\}",
        r"\min_{a} a^{2}",
        r"\frac{\mathrm{d}}{\mathrm{d} a} f(a)",
        r"\frac{\partial^2 f(a)}{\partial a^2}",
        r"\frac{d}{da} a^2",
        r"\int_0^1 a\, da",
        r"\int_{0}^{1} (a + b) \,\mathrm{d}a",
        r"\sum_{j=1}^{d} x_j^2",
        r"||x||^2",
    ] {
        let once = said(&format!("c = {text}"));
        assert!(!once[0].contains('?'), "{text}: {once:?}");
        reads(&once[0], &[&once[0]]);
    }
    reads(r"\frac{d}{2}", &[r"term \frac{d}{2}"]);
    reads(r"\frac{d}{\|x\|^2}", &[r"term \frac{d}{\left\|x\right\|^{2}}"]);
    for (text, words) in [
        (r"\frac{d a}{d b}", "is d the size"),
        (r"\frac{d}{da}", "is d the size"),
        (r"\frac{\partial}{\partial a}", "a derivative of what"),
        (r"\frac{\mathrm d}{\mathrm d a} (a + b) c", "how far"),
        (r"\int a \,\mathrm da", "both ends"),
        (r"\min_a a^2 - 2a", "how far"),
        (r"\sqrt[n]{a}", "degree"),
        ("a^{(2)}", "a label or a power"),
        ("f^{-1}(a)", "an inverse function"),
        (r"\sin^{-1} a", "an inverse function"),
        (r"\begin{cases} a \\ b \end{cases}", "without a condition"),
        (
            r"\begin{cases} a & a > 0 \text{ or } b > 0 \\ b & a < 0 \end{cases}",
            "words",
        ),
        (r"\|x\|_1", "a subscript"),
        (r"\mathcal N_2(x; 0, I)", "a subscript"),
        (r"\pi_2", "unknown symbol"),
        (r"\overset{2}{a}", "mark above"),
    ] {
        refused(&format!("c = {text}"), words);
    }
}

#[test]
fn expectations_say_what_is_random() {
    let body = r"[\|\epsilon\|^2] = d";
    let reads = |sub: &str| said(&format!(r"\mathbb E_{{{sub}}}{body}"));
    for sub in [
        r"\epsilon \sim \mathcal N(0, I)",
        r"t, z_0, \epsilon",
        r"z_1 \sim q(z_1 \mid z_0)",
    ] {
        assert!(!reads(sub)[0].contains('?'), "{sub}: {:?}", reads(sub));
    }
    for sub in [
        r"\epsilon \sim \mathcal N(0, 4 I)",
        r"a \sim \mathcal N(0, 1)",
        r"z_0 \sim q(z_1)",
        "q(z_1) q(z_2)",
        "T",
    ] {
        assert!(reads(sub)[0].contains('?'), "{sub}: {:?}", reads(sub));
    }
}

#[test]
fn macros_of_a_preamble() {
    let preamble = r"\newcommand{\eps}{\epsilon}
        \newcommand*{\E}{\mathbb{E}} \def\half{\frac12}
        \newcommand{\norm}[1]{\left\|#1\right\|}
        \DeclareMathOperator{\KL}{KL} \renewcommand{\eps}{\epsilon}";
    let notation = Notation::read(NOTATION).unwrap();
    let latex = r"\E_{\eps}[\norm{\eps}^2] = 2 \half d";
    let found = pieces_with(preamble, latex, true).unwrap();
    let reading = statements(&found, &mut Scope::new(&notation));
    let Statement::Chain(found) = &reading.statements[0] else { panic!() };
    let expected = r"\mathbb{E}_{\epsilon}[\left\|\epsilon\right\|^{2}] = 2 \cdot \frac{1}{2} \cdot d";
    assert_eq!(chain(found), expected);
    let (_, span) = found.relations[0];
    assert_eq!(&latex[span.start..span.end], "=");
    let (_, span) = found.sides[0];
    assert_eq!(&latex[span.start..span.end], r"\E_{\eps}[\norm{\eps}^2]");
    let leaves = leaves_with(preamble, latex, true);
    assert!(reading.unread(&leaves).is_empty());
    assert!(pieces_with(r"\newcommand{\a}{", "b", true).is_err());
}

/// In the repository's own texts, every leaf of every formula that can be
/// read was read as something.
#[test]
fn all_of_every_formula_is_accounted_for() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![];
    for folder in ["texts", "../book/src"] {
        let Ok(all) = std::fs::read_dir(root.join(folder)) else { continue };
        files.extend(all.flatten().map(|entry| entry.path()));
    }
    let notation = Notation::read(NOTATION).unwrap();
    let (mut formulas, mut count) = (0, 0);
    for file in files {
        let name = file.display().to_string();
        let kind = file.extension().and_then(|kind| kind.to_str());
        if !matches!(kind, Some("md" | "tex")) {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for fragment in crate::fragments(&name, &text) {
            let latex = &fragment.latex;
            let Ok(found) = pieces(latex, fragment.display) else { continue };
            let reading = statements(&found, &mut Scope::new(&notation));
            let leaves = leaves(latex, fragment.display);
            assert_eq!(reading.unread(&leaves), [], "{name}: {latex}");
            formulas += 1;
            count += leaves.unwrap().len();
        }
    }
    assert!(formulas > 100 && count > 1000, "{formulas}, {count}");
}

#[test]
fn leaves_are_all_that_is_typeset() {
    let count = |latex: &str| leaves(latex, true).unwrap().len();
    assert_eq!(count(r"a + \frac{b}{2} = \text{so}"), 7);
    assert_eq!(count(r"\phantom{a} \quad \hphantom{b} c"), 1);
    assert_eq!(count(r"\underbrace{a}_{b} \tag{3}"), 5);
}

#[test]
fn spans_are_whole() {
    let latex = r"\bar\alpha_t = \bar{\alpha}_t = \underbrace{a}_{b} + \left( c \right)";
    let notation = Notation::read(NOTATION).unwrap();
    let found = pieces(latex, true).unwrap();
    let reading = statements(&found, &mut Scope::new(&notation));
    let Statement::Chain(chain) = &reading.statements[0] else { panic!() };
    let texts: Vec<&str> = chain
        .sides
        .iter()
        .map(|(_, span)| {
            let span = super::pieces::balanced(latex, *span);
            let span = super::pieces::with_openings(latex, span);
            &latex[span.start..span.end]
        })
        .collect();
    assert_eq!(
        texts,
        [
            r"\bar\alpha_t",
            r"\bar{\alpha}_t",
            r"\underbrace{a}_{b} + \left( c \right)",
        ]
    );
}
