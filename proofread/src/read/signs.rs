//! What each sign is: a letter, a relation, a bracket.

use super::pieces::{Kind, Piece, word};

/// `:` and `=` next to each other are the one sign `:=`.
pub(super) fn join_definition(pieces: &mut Vec<Piece>) {
    let [.., colon, equal] = pieces.as_slice() else { return };
    let is = |piece: &Piece, text: &str| matches!(&piece.kind, Kind::Relation(t) if t == text);
    if is(colon, ":") && is(equal, "=") && colon.span.end == equal.span.start {
        let span = colon.span.to(equal.span);
        pieces.truncate(pieces.len() - 2);
        pieces.push(Piece::new(Kind::Relation(":=".into()), span));
    }
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
        // \lfloor and the like: no brackets, but functions of their own.
        text if closes => Kind::Close(text.to_owned()),
        text => Kind::Letter(text.to_owned()),
    }
}

pub(super) fn operator(name: &str) -> Kind {
    match name {
        "\\sum" | "\\prod" => Kind::Big(name.to_owned()),
        name => Kind::Word(name.trim_start_matches('\\').to_owned()),
    }
}

pub(super) fn styled(font: &str, body: Vec<Piece>) -> Kind {
    let upright = ["mathrm", "textrm", "rm", "mathsf", "mathtt", "mathnormal"];
    let plain = body.iter().all(|p| {
        matches!(p.kind, Kind::Letter(_) | Kind::Digit(_))
            && p.sub.is_none()
            && p.sup.is_none()
    });
    if upright.contains(&font) && plain && body.len() > 1 {
        return Kind::Word(word(&body));
    }
    Kind::Styled(font.to_owned(), body)
}
