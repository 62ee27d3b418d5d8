//! One standard spelling for every symbol.
//!
//! `\bar\alpha_t`, `\bar{\alpha}_t` and `\bar{\alpha_t}` are one symbol, the
//! family `\bar{\alpha}` at the index `t`.

use super::layout::{same_in, standard};
use super::pieces::{Kind, Piece};

/// The name of a family, and the scripts that are not part of the name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) sub: Option<Vec<Piece>>,
    pub(crate) sup: Option<Vec<Piece>>,
}

/// Returns whether a piece separates indices: `a_{t,r}` or `a_{t|r}`.
pub(crate) fn separates(piece: &Piece) -> bool {
    let sign =
        matches!(piece.kind, Kind::Comma(_) | Kind::Bar { double: false });
    sign && piece.sub.is_none() && piece.sup.is_none()
}

/// Returns the head of a symbol, or `None` for any other piece.
pub(crate) fn head(piece: &Piece) -> Option<Head> {
    let (name, inner_sub) = match &piece.kind {
        Kind::Letter(text) => (standard(text).to_owned(), None),
        Kind::Word(text) => (format!("\\mathrm{{{text}}}"), None),
        Kind::Accent(accent, body) => {
            let inner = only_head(body)?;
            (format!("{accent}{{{}}}", inner.name), inner.sub)
        }
        Kind::Styled(font, body) => {
            let inner = only_head(body)?;
            if same_in(font, &inner.name) {
                (inner.name, inner.sub)
            } else {
                (format!("\\{font}{{{}}}", inner.name), inner.sub)
            }
        }
        Kind::Group(body) => {
            let inner = only_head(body)?;
            (inner.name, inner.sub)
        }
        _ => return None,
    };
    if inner_sub.is_some() && piece.sub.is_some() {
        return None;
    }
    let mut sup = piece.sup.clone();
    let mut name = name;
    // Primes belong to the name.
    if let Some(script) = &mut sup {
        let primes = script
            .iter()
            .take_while(|p| p.kind == Kind::Letter("\\prime".into()))
            .count();
        name.extend(std::iter::repeat_n('\'', primes));
        script.drain(..primes);
    }
    let sup = sup.filter(|script| !script.is_empty());
    Some(Head { name, sub: inner_sub.or(piece.sub.clone()), sup })
}

/// Returns the head of the one symbol in an accent, a font or a brace. The
/// symbol must have no superscript.
fn only_head(body: &[Piece]) -> Option<Head> {
    let [only] = body else { return None };
    head(only).filter(|inner| inner.sup.is_none())
}

/// Spells a subscript as a part of a name, in its standard spelling.
pub(crate) fn spelled(pieces: &[Piece]) -> String {
    let spell = |piece: &Piece| match head(piece) {
        Some(Head { name, sub, sup }) => {
            let script = |sign: char, script: Option<Vec<Piece>>| match script {
                Some(script) => format!("{sign}{{{}}}", spelled(&script)),
                None => String::new(),
            };
            format!("{name}{}{}", script('_', sub), script('^', sup))
        }
        // Words look the same, whatever command typesets them.
        None => match &piece.kind {
            Kind::Text(text) => {
                format!("\\mathrm{{{text}}}{}", scripts(piece))
            }
            _ => format!("{}{}", standard(&piece.text()), scripts(piece)),
        },
    };
    pieces.iter().map(spell).collect()
}

/// Spells the scripts of a piece and of the pieces in it, which its text lacks.
/// Names with different scripts are different names.
fn scripts(piece: &Piece) -> String {
    let own = [('_', &piece.sub), ('^', &piece.sup)];
    let own = own.into_iter().filter_map(|(sign, script)| {
        let script = spelled(script.as_deref()?);
        Some(format!("{sign}{{{script}}}"))
    });
    let within = match &piece.kind {
        Kind::Group(inner)
        | Kind::Accent(_, inner)
        | Kind::Styled(_, inner) => inner.as_slice(),
        _ => &[],
    };
    let own: String = own.collect();
    within.iter().map(scripts).collect::<String>() + &own
}

/// Appends a subscript to a name, as in `\mu_{\theta}`.
pub(crate) fn with_sub(name: &str, sub: &[Piece]) -> String {
    format!("{name}_{{{}}}", spelled(sub))
}
