//! Pieces of a formula: letters, fractions, scripts, brackets.

use crate::span::Span;

/// A piece of a formula, with its scripts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// True if space is typeset before the piece.
    pub(crate) spaced: bool,
    /// True if this space is as wide as `\quad`, so that the piece is not a
    /// factor of the product before.
    pub(crate) wide: bool,
    /// True if this space is wider than the thin space between factors.
    pub(crate) loose: bool,
    /// The label of a brace around the piece.
    pub(crate) label: Vec<Piece>,
    pub(crate) sub: Option<Vec<Piece>>,
    pub(crate) sup: Option<Vec<Piece>>,
}

/// The kind of a piece.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A letter, by its command where it has one: `x`, `\alpha`.
    Letter(String),
    /// One digit, or the decimal point.
    Digit(char),
    /// `+`, `-`, `\cdot`, `/` and the like.
    Operator(String),
    /// `=`, `\le`, `\sim` and the like.
    Relation(String),
    /// `,` or `;`.
    Comma(char),
    /// An opening bracket.
    Open(String),
    /// A closing bracket.
    Close(String),
    /// A vertical bar, single or double, or `\mid`.
    Bar { double: bool },
    /// Pieces in braces.
    Group(Vec<Piece>),
    /// A fraction.
    Fraction(Vec<Piece>, Vec<Piece>),
    /// A root, with its degree.
    Root(u32, Vec<Piece>),
    /// Rows behind one brace, each with its cells: `\begin{cases}`.
    Cases(Vec<Vec<Vec<Piece>>>),
    /// `\tag{…}`, or the number of a row.
    Tag(Vec<Piece>),
    /// An accent, such as `\bar`, over pieces.
    Accent(String, Vec<Piece>),
    /// Pieces in another font, such as `\mathcal`.
    Styled(String, Vec<Piece>),
    /// An upright word: `\log`, `\mathrm{KL}`.
    Word(String),
    /// `\sum`, `\prod` or `\int`.
    Big(String),
    /// Prose.
    Text(String),
    /// `\\`, or the end of rows.
    Break,
    /// The end of a row of an array with separate columns.
    Line,
    /// `&` between columns that join, such as the columns of `aligned`.
    Cell,
    /// `&` between separate columns, such as the columns of `array`.
    Column,
    /// `\dots`.
    Dots,
}

impl Piece {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        Self {
            kind,
            span,
            spaced: false,
            wide: false,
            loose: false,
            label: vec![],
            sub: None,
            sup: None,
        }
    }

    /// Returns the span of the piece with its scripts.
    pub(crate) fn extent(&self) -> Span {
        let scripts = self.sub.iter().chain(&self.sup).flatten();
        let all = scripts.chain(&self.label).map(Piece::extent);
        all.fold(self.span, Span::to)
    }

    /// Returns whether the piece has a subscript or a superscript.
    pub(crate) fn has_script(&self) -> bool {
        self.sub.is_some() || self.sup.is_some()
    }

    /// Returns the text of a leaf, or the texts of a group's leaves.
    pub(crate) fn text(&self) -> String {
        match &self.kind {
            Kind::Letter(text)
            | Kind::Operator(text)
            | Kind::Relation(text)
            | Kind::Open(text)
            | Kind::Close(text)
            | Kind::Word(text)
            | Kind::Big(text)
            | Kind::Text(text) => text.clone(),
            Kind::Digit(digit) => digit.to_string(),
            Kind::Comma(c) => c.to_string(),
            Kind::Bar { double } => if *double { "\\|" } else { "|" }.into(),
            Kind::Group(inner)
            | Kind::Root(_, inner)
            | Kind::Tag(inner)
            | Kind::Accent(_, inner)
            | Kind::Styled(_, inner) => word(inner),
            Kind::Fraction(over, under) => {
                format!("{}/{}", word(over), word(under))
            }
            Kind::Cases(_) => "\\begin{cases}".into(),
            Kind::Break | Kind::Line => "\\\\".into(),
            Kind::Cell | Kind::Column => "&".into(),
            Kind::Dots => "\\dots".into(),
        }
    }
}

/// Extends a span by the braces behind it that close braces within it.
pub(crate) fn balanced(latex: &str, span: Span) -> Span {
    let (mut end, mut open) = (span.end.min(latex.len()), 0_i32);
    let text = latex.get(span.start..end).unwrap_or("");
    for c in text.chars() {
        open += i32::from(c == '{') - i32::from(c == '}');
    }
    while open > 0 {
        let rest = &latex[end..];
        let blank = rest.len() - rest.trim_start().len();
        if !rest[blank..].starts_with('}') {
            break;
        }
        end += blank + 1;
        open -= 1;
    }
    Span::new(span.start, end)
}

/// Extends a span by the commands before it whose braces close within it.
pub(crate) fn with_openings(latex: &str, span: Span) -> Span {
    let (mut open, mut missing) = (0_usize, 0_usize);
    for c in latex.get(span.start..span.end).unwrap_or("").chars() {
        match c {
            '{' => open += 1,
            '}' if open > 0 => open -= 1,
            '}' => missing += 1,
            _ => {}
        }
    }
    let mut start = span.start;
    while missing > 0 {
        let before = latex.get(..start).unwrap_or("");
        let Some(place) = before.rfind('{') else { break };
        // Stop if there is text between the brace and the span.
        if !before[place + 1..].trim().is_empty() {
            break;
        }
        start = place;
        missing -= 1;
        let head = &latex[..start];
        let name = head.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        if name.ends_with('\\') && name.len() < head.len() {
            start = name.len() - 1;
        }
    }
    Span::new(start, span.end)
}

/// Returns whether braces around pieces can go. Readers do not see them:
/// `{a + b} c` is `a + b c`. Three kinds stay. One symbol with its scripts may
/// get more scripts; `{|a|}` is the norm that it looks like; a sign in front is
/// refused.
pub(super) fn dissolves(body: &[Piece]) -> bool {
    let bar = |piece: &&Piece| matches!(piece.kind, Kind::Bar { .. });
    match body {
        [only] => matches!(only.kind, Kind::Digit(_) | Kind::Relation(_)),
        [first, ..] if matches!(first.kind, Kind::Operator(_)) => false,
        [first, .., last] if bar(&first) && bar(&last) => {
            body.iter().filter(bar).count() > 2
        }
        _ => true,
    }
}

/// Removes a group around all pieces.
pub(super) fn flat(mut pieces: Vec<Piece>) -> Vec<Piece> {
    while let [only] = pieces.as_mut_slice()
        && only.sub.is_none()
        && only.sup.is_none()
        && only.label.is_empty()
        && let Kind::Group(inner) = &mut only.kind
        && !matches!(
            inner.first().map(|p| &p.kind),
            Some(Kind::Open(_) | Kind::Bar { .. })
        )
    {
        pieces = std::mem::take(inner);
    }
    pieces
}

pub(super) fn word(pieces: &[Piece]) -> String {
    pieces.iter().map(Piece::text).collect()
}
