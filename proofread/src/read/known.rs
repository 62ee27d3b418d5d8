//! Names that mean one thing to every reader.

/// Whether a name means one thing to every reader: no text gives it another.
pub(crate) fn has_meaning(name: &str) -> bool {
    let inner =
        name.strip_prefix("\\mathrm{").and_then(|n| n.strip_suffix('}'));
    let upright = inner.is_some_and(|word| {
        matches!(word, "e" | "d" | "i" | "\\pi")
            || KNOWN.contains(&format!("\\{word}").as_str())
    });
    upright || KNOWN.contains(&name)
}

/// Names that mean one thing.
const KNOWN: [&str; 50] = [
    "\\mathbb{R}",
    "\\mathbb{N}",
    "\\mathbb{Z}",
    "\\mathbb{Q}",
    "\\mathbb{C}",
    "\\infty",
    "∞",
    "\\nabla",
    "∇",
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
