//! Properties of every text.

use crate::span::Span;
use crate::text::read;
use quickcheck::{Arbitrary, Gen, quickcheck};

/// A text made of signs that matter for finding formulas.
#[derive(Clone, Debug)]
struct Pieces(Vec<&'static str>);

const PIECES: [&str; 72] = [
    "\\newcommand{\\m}[1]{$#1$}",
    "\\newcommand{\\m}[2][c]{\\(#1 #2}",
    "\\newenvironment{e}{\\begin{align}}{\\end{align}}",
    "\\begin{e}",
    "\\end{e}",
    "\\m",
    "\\edef\\x{\\m}",
    "\\begingroup",
    "\\fi",
    "[",
    "$",
    "$$",
    "`",
    "```",
    "~~~",
    "```math\n",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "# ",
    "|",
    "\\|",
    "---|---\n",
    "a",
    "b_t",
    "5",
    " ",
    " ",
    "=",
    "\\",
    "\\\\",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\\\(",
    "\\\\)",
    "\\_",
    "{",
    "}",
    "%",
    "<!--",
    "-->",
    "<pre>",
    "</pre>",
    "\\begin{align}",
    "\\end{align}",
    "\\begin{equation}",
    "\\end{equation}",
    "\\begin{alignat}{2}",
    "\\label{x}",
    "\\tag{1}",
    "\\intertext{$c$}",
    "\\newcommand{\\x}{y}",
    "\\newcommand",
    "\\def\\z",
    "\\x",
    "\\input{y}",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "é",
    "two words",
    "{#eq-a}",
    "\\verb|",
    "\\text{",
];

impl Arbitrary for Pieces {
    fn arbitrary(g: &mut Gen) -> Self {
        let length = usize::arbitrary(g) % 40;
        Self((0..length).map(|_| *g.choose(&PIECES).unwrap()).collect())
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.shrink_without().map(Self))
    }
}

/// Shrinking that leaves pieces out.
trait Shrink {
    fn shrink_without(&self) -> impl Iterator<Item = Self> + 'static;
}

impl Shrink for Vec<&'static str> {
    fn shrink_without(&self) -> impl Iterator<Item = Self> + 'static {
        let whole = self.clone();
        (0..whole.len()).map(move |i| {
            let mut fewer = whole.clone();
            fewer.remove(i);
            fewer
        })
    }
}

/// Checks that every span is in the text, formulas are in order and do not
/// overlap, and a formula has the characters of the file.
fn is_sound(name: &str, text: &str) -> bool {
    let found = read(name, text, false);
    let mut end = 0;
    for fragment in &found.fragments {
        let extent = fragment.extent;
        let slice = text.get(extent.start..extent.end);
        // A formula in prose between rows is within the display.
        if slice.is_none() || extent.start < end && extent.end > end {
            return false;
        }
        end = end.max(extent.end);
        for (i, c) in fragment.latex.char_indices() {
            let place = fragment.in_file(Span::new(i, i + c.len_utf8()));
            let Some(there) = text.get(place.start..place.end) else {
                return false;
            };
            // A space outside of ASCII becomes a ~.
            let same = there.starts_with(c) || matches!(c, ' ' | '~');
            // `\begin{aligned}` replaces another environment or nothing.
            let other = there.is_empty() || there.starts_with('\\');
            if !same && !other {
                return false;
            }
        }
    }
    let placed = |span: Span| text.get(span.start..span.end).is_some();
    found.problems.iter().all(|problem| placed(problem.span))
}

#[test]
fn every_text_is_read_with_its_places() {
    fn property(Pieces(pieces): Pieces) -> bool {
        let text = pieces.concat();
        is_sound("a.md", &text) && is_sound("a.tex", &text)
    }
    quickcheck::QuickCheck::new()
        .tests(20_000)
        .quickcheck(property as fn(Pieces) -> bool);
}

quickcheck! {
    fn any_text_is_read_with_its_places(text: String) -> bool {
        is_sound("a.md", &text) && is_sound("a.tex", &text)
    }
}

/// Checks that the time for many unclosed formulas is not quadratic.
#[test]
fn long_texts_take_no_longer_than_they_are() {
    let many = "$$ a\n\n\\[ b = c\n\n`\n\n<pre> $d = 1\n\n".repeat(2_000);
    let start = std::time::Instant::now();
    read("a.md", &many, false);
    read("a.tex", &many, false);
    assert!(start.elapsed().as_secs() < 20);
}
