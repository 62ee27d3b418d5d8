//! Kinds of signs: letters, relations, brackets.

use super::pieces::{Kind, Piece, word};
use super::reasons::is_reason;
use crate::span::{Problem, Result, Span};

/// Joins the pieces at the end that are one sign: `:=`, `=:`, `\not=`, `...`.
/// Removes the comma from `1{,}000`.
pub(super) fn join(pieces: &mut Vec<Piece>) -> Result<()> {
    join_relation(pieces);
    join_dots(pieces);
    thousands(pieces)
}

fn join_relation(pieces: &mut Vec<Piece>) {
    let [.., first, second] = pieces.as_slice() else { return };
    let (Kind::Relation(a), Kind::Relation(b)) = (&first.kind, &second.kind)
    else {
        return;
    };
    let touch = first.span.end == second.span.start;
    let joined = match (a.as_str(), b.as_str()) {
        (":", "=") if touch => ":=".to_owned(),
        ("=", ":") if touch => "=:".to_owned(),
        ("\\not", sign) => format!("\\not{sign}"),
        _ => return,
    };
    let span = first.span.to(second.span);
    let Piece { spaced, wide, loose, .. } = *first;
    pieces.truncate(pieces.len() - 2);
    let kind = Kind::Relation(joined);
    pieces.push(Piece { spaced, wide, loose, ..Piece::new(kind, span) });
}

/// Joins three full stops to dots.
fn join_dots(pieces: &mut Vec<Piece>) {
    let [.., a, b, c] = pieces.as_slice() else { return };
    let stop = |piece: &Piece| piece.kind == Kind::Digit('.');
    let touch = a.span.end == b.span.start && b.span.end == c.span.start;
    if stop(a) && stop(b) && stop(c) && touch {
        let span = a.span.to(c.span);
        let Piece { spaced, wide, loose, .. } = *a;
        pieces.truncate(pieces.len() - 3);
        pieces.push(Piece {
            spaced,
            wide,
            loose,
            ..Piece::new(Kind::Dots, span)
        });
    }
}

/// Joins `1{,}000` to a number. Refuses `1,000`, which is ambiguous.
fn thousands(pieces: &mut Vec<Piece>) -> Result<()> {
    let [.., first, comma, a, b, c] = pieces.as_slice() else {
        return Ok(());
    };
    let digit = |p: &Piece| matches!(p.kind, Kind::Digit(d) if d != '.');
    let bare = |p: &Piece| p.sub.is_none() && p.sup.is_none();
    let close = |a: &Piece, b: &Piece| a.span.end == b.span.start;
    if ![first, a, b, c].into_iter().all(digit) || !bare(first) {
        return Ok(());
    }
    if !close(a, b) || !close(b, c) {
        return Ok(());
    }
    match &comma.kind {
        Kind::Group(inner)
            if matches!(
                inner.as_slice(),
                [Piece { kind: Kind::Comma(','), .. }]
            ) =>
        {
            let place = pieces.len() - 4;
            pieces.remove(place);
            // The digits belong to one number.
            for piece in &mut pieces[place..] {
                piece.spaced = false;
            }
        }
        Kind::Comma(',') if close(first, comma) && close(comma, a) => {
            let span = first.span.to(c.span);
            let message = "a comma between digits";
            return Err(Problem::new(span, message).hint(
                "write 1000 or 1{,}000 for a thousand, or a blank behind the comma of a list",
            ));
        }
        _ => {}
    }
    Ok(())
}

/// Returns the kind of a relation with a label above, below or behind it. A
/// reason does not change the relation; `def` makes it a definition.
pub(super) fn over_relation(
    sign: &str,
    label: &[Piece],
    span: Span,
) -> Result<Kind> {
    let text = word(label);
    let text = text.trim();
    let inner = text.trim_start_matches('(').trim_end_matches(')');
    let number = text.starts_with('(')
        && text.ends_with(')')
        && !inner.is_empty()
        && inner.chars().all(|c| c.is_alphanumeric() || c == '.');
    let sign = match (sign, text) {
        ("=", "def" | "def." | "\\triangle" | "\\Delta" | "△" | "Δ") => ":=",
        (_, "!")
        | (":=" | "\\coloneqq", "def" | "def.")
        | ("\\sim" | "∼", "iid" | "i.i.d." | "i.i.d" | "ind." | "ind") => {
            sign
        }
        _ if number && is_reason(inner) => sign,
        _ if label.iter().all(|p| matches!(p.kind, Kind::Text(_)))
            && names_something(text)
            && is_reason(text) =>
        {
            sign
        }
        _ => {
            let message = format!("what does {text} at this sign mean?");
            return Err(Problem::new(span, message).hint(
                "a reason is a number such as (1), or words such as \\text{by (1)}",
            ));
        }
    };
    Ok(Kind::Relation(sign.to_owned()))
}

pub(super) fn ordinary(text: &str) -> Kind {
    match text {
        "." => Kind::Digit('.'),
        "|" | "\\vert" | "\\lvert" | "\\rvert" | "∣" => {
            Kind::Bar { double: false }
        }
        "\\|" | "\\Vert" | "∥" => Kind::Bar { double: true },
        "/" => Kind::Operator("/".into()),
        "\\dots" | "\\ldots" | "\\cdots" | "…" | "\\@cdots" => Kind::Dots,
        text => match text.chars().next() {
            Some(c) if c.is_ascii_digit() => Kind::Digit(c),
            _ => Kind::Letter(text.to_owned()),
        },
    }
}

pub(super) fn atom(family: &str, text: &str) -> Kind {
    match (family, text) {
        (_, "\\mid" | "\\vert" | "∣" | "\\lvert" | "\\rvert") => {
            Kind::Bar { double: false }
        }
        (_, "\\parallel" | "∥" | "\\lVert" | "\\rVert") => {
            Kind::Bar { double: true }
        }
        (_, "\\ldots" | "\\cdots" | "\\dots" | "\\@cdots") => Kind::Dots,
        ("bin", text) => Kind::Operator(text.to_owned()),
        ("rel", text) => Kind::Relation(text.to_owned()),
        ("open", text) => delimiter(text, false),
        ("close", text) => delimiter(text, true),
        ("punct", ",") => Kind::Comma(','),
        ("punct", ";") => Kind::Comma(';'),
        (_, text) => Kind::Letter(text.to_owned()),
    }
}

pub(super) fn delimiter(text: &str, closes: bool) -> Kind {
    match text {
        "|" | "\\vert" | "\\lvert" | "\\rvert" | "\\mid" => {
            Kind::Bar { double: false }
        }
        "\\|" | "\\Vert" | "\\lVert" | "\\rVert" => Kind::Bar { double: true },
        "(" | "[" | "\\{" | "\\lbrace" | "\\lbrack" | "\\langle" => {
            Kind::Open(text.to_owned())
        }
        ")" | "]" | "\\}" | "\\rbrace" | "\\rbrack" | "\\rangle" => {
            Kind::Close(text.to_owned())
        }
        // The parser returns a factorial as a closing bracket.
        "!" | "?" => Kind::Letter(text.to_owned()),
        // Brackets such as \lfloor, which are functions.
        text if closes => Kind::Close(text.to_owned()),
        text => Kind::Open(text.to_owned()),
    }
}

pub(super) fn operator(name: &str) -> Kind {
    match name {
        "\\sum" | "\\prod" | "\\int" => Kind::Big(name.to_owned()),
        name => Kind::Word(name.trim_start_matches('\\').to_owned()),
    }
}

pub(super) fn styled(font: &str, body: Vec<Piece>) -> Kind {
    let plain = body.iter().all(|p| {
        matches!(p.kind, Kind::Letter(_) | Kind::Digit(_))
            && p.sub.is_none()
            && p.sup.is_none()
    });
    if plain && body.len() > 1 {
        let word = word(&body);
        let upright = matches!(font, "mathrm" | "textrm" | "rm")
            || matches!(font, "mathsf" | "mathtt") && has_one_meaning(&word);
        if upright {
            return Kind::Word(word);
        }
    }
    Kind::Styled(font.to_owned(), body)
}

/// Returns whether a word means the same in every upright font.
fn has_one_meaning(word: &str) -> bool {
    matches!(word, "KL" | "Var" | "Cov")
}

/// Returns whether a text has words, not only letters such as the d of an
/// equality in distribution.
fn names_something(text: &str) -> bool {
    let letters =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    text.split_whitespace().any(|word| letters(word) > 2)
        && !text.contains("i.i.d")
}
