//! The words of a text outside of formulas.

/// Returns the words of a clause in small letters, and where they start, without tags,
/// commands and other marks.
pub(super) fn words_of(clause: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = vec![];
    let (mut tag, mut open) = (false, false);
    for (at, c) in clause.char_indices() {
        tag |= c == '<';
        let command = c == '\\';
        if c.is_alphabetic() || matches!(c, '\'' | '’') {
            if !tag && !open {
                all.push((at, String::new()));
                open = true;
            }
            if !tag && let Some((_, word)) = all.last_mut() {
                word.extend(c.to_lowercase());
            }
        } else {
            open = false;
            if command {
                // The name of a command is no word.
                open = true;
                all.push((at, "\\".into()));
            }
        }
        tag &= c != '>';
    }
    all.retain(|(_, word)| !word.starts_with('\\'));
    all
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn words_have_no_tags_and_no_commands() {
        let words = words_of(r"It <b>isn't</b> \emph{so} *Far*");
        let expected = [(0, "it"), (6, "isn't"), (22, "so"), (27, "far")];
        assert_eq!(words, expected.map(|(at, word)| (at, word.to_owned())));
    }
}
