//! Names with one fixed meaning.

/// Returns an error message if a name has a fixed meaning.
pub(crate) fn fault(name: &str) -> Option<String> {
    has_meaning(name).then(|| format!("{name} has a meaning of its own"))
}

/// Returns whether a name has a fixed meaning, which no text can change.
fn has_meaning(name: &str) -> bool {
    let inner =
        name.strip_prefix("\\mathrm{").and_then(|n| n.strip_suffix('}'));
    let upright = inner.is_some_and(|word| {
        matches!(word, "e" | "d" | "i" | "\\pi")
            || KNOWN.contains(&format!("\\{word}").as_str())
    });
    upright || KNOWN.contains(&name)
}

/// The names with a fixed meaning.
const KNOWN: [&str; 48] = [
    "\\mathbb{R}",
    "\\mathbb{N}",
    "\\mathbb{Z}",
    "\\mathbb{Q}",
    "\\mathbb{C}",
    "\\infty",
    "\\nabla",
    "\\neg",
    "\\lnot",
    "\\top",
    "\\bot",
    "\\partial",
    "\\sin",
    "\\cos",
    "\\tanh",
    "\\log",
    "\\ln",
    "\\exp",
    "\\mathbb{E}",
    "\\mathcal{N}",
    "\\tan",
    "\\cot",
    "\\sec",
    "\\csc",
    "\\sinh",
    "\\cosh",
    "\\coth",
    "\\arcsin",
    "\\arccos",
    "\\arctan",
    "\\det",
    "\\gcd",
    "\\Pr",
    "\\dim",
    "\\ker",
    "\\deg",
    "\\arg",
    "\\hom",
    "\\inf",
    "\\sup",
    "\\lim",
    "\\liminf",
    "\\limsup",
    "\\max",
    "\\min",
    "\\forall",
    "\\exists",
    "\\aleph",
];
