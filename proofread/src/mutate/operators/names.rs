//! Mutations of symbol names: accents, fonts, letters.

use super::{Edit, Source};
use crate::mutate::source::{ACCENTS, FONTS};
use crate::mutate::tokens::Kind;
use crate::notation::{Declaration, Notation};

/// Removes an accent.
pub(super) fn drop_accent(source: &Source) -> Vec<Edit> {
    let accents = source.named(&ACCENTS);
    accents.map(|i| source.drop(i..i + 1)).collect()
}

/// Removes a font.
pub(super) fn drop_font(source: &Source) -> Vec<Edit> {
    let one = |i: usize| {
        let inner = source.slice(&source.inner(i + 1));
        source.put(i..source.behind(i), format!("{{{inner}}}"))
    };
    source.named(&FONTS).map(one).collect()
}

/// Returns a name without the braces and spaces, which do not matter.
fn bare(name: &str) -> String {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '{' | '}');
    name.chars().filter(counts).collect()
}

/// Replaces a symbol or a process by another one of the same kind.
pub(super) fn another(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    let starts = (0..source.tokens.len()).filter(|&i| {
        let before = i.checked_sub(1).map_or("", |i| source.text(i));
        let styled = ACCENTS.contains(&before) || FONTS.contains(&before);
        !styled
            && (source.kind(i) == Some(Kind::Letter)
                || ACCENTS.contains(&source.text(i))
                || FONTS.contains(&source.text(i)))
    });
    for i in starts {
        let end = source.behind(i);
        // The subscript is tried first: `\mu_\theta` is a name of its own.
        let mut ends = vec![end];
        if source.text(end) == "_" {
            ends.insert(0, source.behind(end + 1));
        }
        for end in ends {
            let name = bare(source.slice(&(i..end)));
            let others = others(&name, source.notation);
            edits.extend(others.iter().map(|other| source.put(i..end, other)));
            if !others.is_empty() {
                break;
            }
        }
    }
    edits
}

/// Returns two other symbols of the same kind, or another process.
fn others(name: &str, notation: &Notation) -> Vec<String> {
    let all: Vec<&Declaration> = notation.symbols.values().collect();
    let place = all.iter().position(|one| bare(&one.name) == name);
    let Some(place) = place else {
        let mut processes = notation.processes.keys();
        if !processes.clone().any(|one| bare(one) == name) {
            return vec![];
        }
        let other = processes.find(|one| bare(one) != name);
        return other.cloned().into_iter().collect();
    };
    let this = all[place];
    let after = all.iter().cycle().skip(place + 1).take(all.len());
    let alike = after.filter(|other| {
        other.name != this.name
            && other.sort == this.sort
            && other.indices.len() == this.indices.len()
            && other.parameters.len() == this.parameters.len()
    });
    alike.take(2).map(|other| other.name.clone()).collect()
}
