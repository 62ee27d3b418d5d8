//! Problems of symbols that the notation lacks.

use super::Scope;
use super::pieces::Piece;
use crate::expr::Symbol;
use crate::span::Problem;

/// Greek letters as characters, and the commands for them.
const GREEK: [(char, &str); 36] = [
    ('α', "\\alpha"),
    ('β', "\\beta"),
    ('γ', "\\gamma"),
    ('δ', "\\delta"),
    ('ε', "\\varepsilon"),
    ('ϵ', "\\epsilon"),
    ('ζ', "\\zeta"),
    ('η', "\\eta"),
    ('θ', "\\theta"),
    ('ϑ', "\\vartheta"),
    ('ι', "\\iota"),
    ('κ', "\\kappa"),
    ('λ', "\\lambda"),
    ('μ', "\\mu"),
    ('µ', "\\mu"),
    ('ν', "\\nu"),
    ('ξ', "\\xi"),
    ('π', "\\pi"),
    ('ρ', "\\rho"),
    ('σ', "\\sigma"),
    ('τ', "\\tau"),
    ('φ', "\\varphi"),
    ('ϕ', "\\phi"),
    ('χ', "\\chi"),
    ('ψ', "\\psi"),
    ('ω', "\\omega"),
    ('Γ', "\\Gamma"),
    ('Δ', "\\Delta"),
    ('Θ', "\\Theta"),
    ('Λ', "\\Lambda"),
    ('Ξ', "\\Xi"),
    ('Π', "\\Pi"),
    ('Σ', "\\Sigma"),
    ('Φ', "\\Phi"),
    ('Ψ', "\\Psi"),
    ('Ω', "\\Omega"),
];

/// Returns the problem of a symbol that the notation lacks.
pub(super) fn unknown(
    piece: &Piece,
    symbol: &Symbol,
    scope: &Scope,
) -> Problem {
    let span = piece.extent();
    let name = &symbol.name;
    let keys = scope.notation.symbols.keys();
    if let Some(id) = keys.clone().find(|id| id.name == *name) {
        let message = if id.arguments > symbol.arguments.len() {
            format!("{name} without its arguments")
        } else if id.indices > symbol.indices.len() {
            format!("{name} without its index")
        } else {
            format!("{name} has no such index")
        };
        return Problem::new(span, message);
    }
    if name == "!" {
        return Problem::new(span, "a factorial has no meaning here");
    }
    if name == "\\infty" {
        return Problem::new(span, "\\infty is no number")
            .hint("only a limit is taken there, as \\lim_{a \\to \\infty}");
    }
    if name == "\\nabla" {
        return Problem::new(span, "a gradient says with respect to what")
            .hint("write \\nabla_x f(x)");
    }
    if let Some(unseen) = name.chars().find(|c| is_unseen(*c)) {
        let code = u32::from(unseen);
        let message = format!("an invisible character, U+{code:04X}");
        return Problem::new(span, message).hint("delete it");
    }
    let problem = Problem::new(span, format!("unknown symbol {name}"));
    if name.starts_with("\\partial") || name.starts_with("\\dot{") {
        return problem
            .hint("write a derivative as \\frac{\\partial f}{\\partial a}");
    }
    let typed = GREEK.iter().find(|(letter, _)| name.contains(*letter));
    if let Some((letter, command)) = typed {
        let hint = format!("write {command} instead of {letter}");
        return problem.hint(hint);
    }
    let near = keys
        .map(|id| &id.name)
        .filter(|known| is_near(known, name))
        .min_by_key(|known| known.len());
    match near {
        Some(near) => problem
            .hint(format!("is it {near}? If not, declare it in the notation")),
        None => problem.hint("declare it in the notation"),
    }
}

/// Returns whether a character is invisible or a blank.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}'
                | '\u{feff}'
        )
}

/// Returns whether two names differ by an accent or a font, or two long names
/// by one letter.
fn is_near(known: &str, name: &str) -> bool {
    let core = |name: &str| -> String {
        let inner = name.rsplit('{').next().unwrap_or(name);
        inner.trim_end_matches(['}', '\'']).to_owned()
    };
    if core(known) == core(name) {
        return true;
    }
    let letters = |name: &str| -> Vec<char> {
        name.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (a, b) = (letters(known), letters(name));
    a.len() > 2 && b.len() > 2 && one_apart(&a, &b)
}

/// Returns whether two words differ by one letter: added, removed or replaced.
fn one_apart(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let tail = |x: &[char], skip: usize| x.get(skip..).map(<[char]>::to_vec);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => tail(a, 1) == tail(b, 1),
        std::cmp::Ordering::Less => Some(a.to_vec()) == tail(b, 1),
        std::cmp::Ordering::Greater => tail(a, 1) == Some(b.to_vec()),
    }
}
