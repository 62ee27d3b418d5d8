//! Letters that look like others.

use crate::span::{Problem, Result, Span};

/// Letters and signs that have a command.
const TYPED: &[(&str, &str)] = &[
    ("α", "\\alpha"),
    ("β", "\\beta"),
    ("γ", "\\gamma"),
    ("δ", "\\delta"),
    ("ϵ", "\\epsilon"),
    ("ε", "\\varepsilon"),
    ("ζ", "\\zeta"),
    ("η", "\\eta"),
    ("θ", "\\theta"),
    ("ϑ", "\\vartheta"),
    ("ι", "\\iota"),
    ("κ", "\\kappa"),
    ("ϰ", "\\varkappa"),
    ("λ", "\\lambda"),
    ("µ", "\\mu"),
    ("μ", "\\mu"),
    ("ν", "\\nu"),
    ("ξ", "\\xi"),
    ("ο", "o"),
    ("π", "\\pi"),
    ("ϖ", "\\varpi"),
    ("ρ", "\\rho"),
    ("ϱ", "\\varrho"),
    ("σ", "\\sigma"),
    ("ς", "\\varsigma"),
    ("τ", "\\tau"),
    ("υ", "\\upsilon"),
    ("ϕ", "\\phi"),
    ("φ", "\\varphi"),
    ("χ", "\\chi"),
    ("ψ", "\\psi"),
    ("ω", "\\omega"),
    ("Γ", "\\Gamma"),
    ("Δ", "\\Delta"),
    ("∆", "\\Delta"),
    ("Θ", "\\Theta"),
    ("Λ", "\\Lambda"),
    ("Ξ", "\\Xi"),
    ("Π", "\\Pi"),
    ("Σ", "\\Sigma"),
    ("Υ", "\\Upsilon"),
    ("Φ", "\\Phi"),
    ("Ψ", "\\Psi"),
    ("Ω", "\\Omega"),
    ("\u{2126}", "\\Omega"),
    ("∇", "\\nabla"),
    ("∞", "\\infty"),
    ("∂", "\\partial"),
    ("ℓ", "\\ell"),
    ("ħ", "\\hbar"),
    ("ℏ", "\\hbar"),
    ("∅", "\\emptyset"),
    ("⊤", "\\top"),
    ("⊥", "\\bot"),
    ("ℜ", "\\Re"),
    ("ℑ", "\\Im"),
    ("℘", "\\wp"),
    ("ℵ", "\\aleph"),
    ("†", "\\dagger"),
    ("‡", "\\ddagger"),
    ("⋆", "\\star"),
    ("★", "\\bigstar"),
    ("□", "\\square"),
    ("△", "\\triangle"),
    ("♭", "\\flat"),
    ("♮", "\\natural"),
    ("♯", "\\sharp"),
    ("′", "\\prime"),
    ("°", "\\circ"),
    ("ð", "\\eth"),
    ("ı", "\\imath"),
    ("ȷ", "\\jmath"),
];

/// Returns the standard command for a sign with several commands.
pub(in crate::read) fn standard(sign: &str) -> &str {
    match sign {
        "\\ast" | "∗" => "*",
        "\\dag" => "\\dagger",
        "\\ddag" => "\\ddagger",
        "\\perp" => "\\bot",
        "\\Box" => "\\square",
        "∘" => "\\circ",
        "−" => "-",
        other => other,
    }
}

/// Returns whether a letter looks the same in a font as without it. Lower-case
/// Greek letters are bold only in `\boldsymbol`. Latin letters are already
/// italic.
pub(in crate::read) fn same_in(font: &str, letter: &str) -> bool {
    let bold = matches!(font, "boldsymbol" | "bm" | "pmb");
    let greek = TYPED.iter().any(|(greek, command)| {
        let lower = greek.chars().all(|c| c.is_lowercase() && c > '\u{36f}');
        *command == letter && lower
    });
    let latin = letter.len() == 1;
    greek && !bold || latin && matches!(font, "mathit" | "mathnormal")
}

/// Refuses a letter that looks like a letter of ASCII or of a LaTeX command: a
/// reader would see two such symbols as one.
pub(super) fn check(letter: &str, span: Span) -> Result<()> {
    let command = TYPED.iter().find(|(known, _)| *known == letter);
    let is_alike = |c: char| {
        matches!(c,
            '\u{370}'..='\u{3ff}' // Greek
            | '\u{400}'..='\u{52f}' // Cyrillic
            | '\u{1d400}'..='\u{1d7ff}' // letters of mathematics
            | '\u{ff01}'..='\u{ff5e}') // of full width
    };
    if command.is_none() && !letter.chars().any(is_alike) {
        return Ok(());
    }
    let message = format!("the letter {letter} looks like another");
    let hint = match command {
        Some((_, command)) => format!("write {command}"),
        None => "write a letter of ASCII or a command of LaTeX".into(),
    };
    Err(Problem::new(span, message).hint(hint))
}
