//! Names that mean one thing to every reader.

/// Says that a name cannot be given a meaning, if it has one.
pub(crate) fn fault(name: &str) -> Option<String> {
    has_meaning(name).then(|| format!("{name} has a meaning of its own"))
}

/// Whether a name means one thing to every reader: no text gives it another.
fn has_meaning(name: &str) -> bool {
    let inner =
        name.strip_prefix("\\mathrm{").and_then(|n| n.strip_suffix('}'));
    let upright = inner.is_some_and(|word| {
        matches!(word, "e" | "d" | "i" | "\\pi")
            || KNOWN.contains(&format!("\\{word}").as_str())
    });
    upright || KNOWN.contains(&name)
}

/// Names that mean one thing.
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
