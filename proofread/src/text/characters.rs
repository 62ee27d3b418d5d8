//! Invisible characters.

/// Returns the name of an invisible character.
pub(super) fn invisible(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => "a mark of the direction of writing",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a byte-order mark",
        _ => return None,
    })
}

/// Returns whether a character is a space outside ASCII, such as a no-break
/// space.
pub(super) fn is_odd_space(c: char) -> bool {
    !c.is_ascii() && c.is_whitespace()
}
