//! Quotes and list items of Markdown, and the prefixes of their lines.

/// A block that contains lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// A block quote: `>` before each line.
    Quote,
    /// A list item, a footnote or an admonition: the columns before its marker,
    /// and before its content.
    Item { marker: usize, content: usize },
}

/// Removes the prefixes of the containers from a line. Returns the rest of the
/// line, and the number of containers that hold the line.
pub(super) fn strip<'a>(
    mut line: &'a str,
    containers: &[Container],
) -> (&'a str, usize) {
    for (i, container) in containers.iter().enumerate() {
        match *container {
            Container::Quote => {
                let Some(rest) = quoted(line) else { return (line, i) };
                line = rest;
            }
            Container::Item { marker, content } => {
                let columns = columns(line);
                let blank = line.trim().is_empty();
                let sibling = columns < content && item(line).is_some();
                let within = columns >= content
                    || columns > 0 && columns >= marker && !sibling;
                if !blank && !within {
                    return (line, i);
                }
                line = unindented(line, content);
            }
        }
    }
    (line, containers.len())
}

/// Removes the prefixes from a line of a formula. Returns `None` if the line
/// leaves a quote, which ends the formula.
pub(super) fn strip_within<'a>(
    mut line: &'a str,
    containers: &[Container],
) -> Option<&'a str> {
    for container in containers {
        line = match *container {
            Container::Quote => quoted(line)?,
            Container::Item { content, .. } => unindented(line, content),
        };
    }
    Some(line)
}

/// Returns the container that a line opens, and the text behind it.
pub(super) fn opening(line: &str) -> Option<(Container, &str)> {
    if let Some(rest) = quoted(line) {
        return Some((Container::Quote, rest));
    }
    let marker = columns(line);
    let (length, rest) = item(line)?;
    let columns = columns(rest);
    // More than four columns are the indentation of code.
    let space = match columns {
        _ if rest.trim().is_empty() => 1,
        1..=4 => columns,
        _ => 1,
    };
    let content = marker + length + space;
    Some((Container::Item { marker, content }, unindented(rest, space)))
}

/// Returns the list item of Pandoc that a line opens, and the text behind it:
/// `(@)`, `(1)`, `a.`, `iv)`, `#.`.
pub(super) fn opening_by_letter(line: &str) -> Option<(Container, &str)> {
    let marker = columns(line);
    let text = line.trim_start_matches([' ', '\t']);
    let (word, rest) = match text.strip_prefix('(') {
        Some(inner) => inner.split_once(')')?,
        None => text.split_once(['.', ')'])?,
    };
    let label = word.strip_prefix('@').unwrap_or(word);
    let is_word = label.chars().all(|c| c.is_ascii_alphanumeric());
    let roman = !word.is_empty() && word.chars().all(|c| "ivxIVX".contains(c));
    let example = text.starts_with('(') && word.starts_with('@');
    let counts = word.len() == 1 || roman || example;
    let space = columns(rest).min(4);
    if space == 0 || !(counts && is_word || word == "#") {
        return None;
    }
    let content = marker + text.len() - rest.len() + space;
    Some((Container::Item { marker, content }, unindented(rest, space)))
}

/// Returns the columns of white space at the start of a line.
pub(super) fn columns(line: &str) -> usize {
    let blanks = line.chars().take_while(|&c| c == ' ' || c == '\t');
    blanks.fold(0, |column, c| match c {
        '\t' => column / 4 * 4 + 4,
        _ => column + 1,
    })
}

/// Removes up to `columns` columns of white space from the start of a line.
fn unindented(line: &str, columns: usize) -> &str {
    let mut column = 0;
    for (i, c) in line.char_indices() {
        match c {
            ' ' if column < columns => column += 1,
            '\t' if column < columns => column = column / 4 * 4 + 4,
            _ => return &line[i..],
        }
    }
    ""
}

/// Returns the text behind the mark of a quote and one space.
fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches([' ', '\t']).strip_prefix('>')?;
    Some(rest.strip_prefix([' ', '\t']).unwrap_or(rest))
}

/// Returns the length of a list item's marker, and the text behind it.
fn item(line: &str) -> Option<(usize, &str)> {
    let line = line.trim_start_matches([' ', '\t']);
    let digits = line.len()
        - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let behind = |length: usize| {
        let rest = &line[length..];
        let blank = rest.starts_with([' ', '\t', '\r', '\n']);
        (blank || rest.is_empty()).then_some((length, rest))
    };
    match line.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+' | b':') if digits == 0 => behind(1),
        Some(b'.' | b')') if (1..=9).contains(&digits) => behind(digits + 1),
        Some(b'[') if line.starts_with("[^") => {
            let end = line.find("]:")? + 2;
            // The content of a footnote is indented by four columns.
            (!line[..end].contains(char::is_whitespace))
                .then(|| (3, &line[end..]))
        }
        Some(b'!' | b'?')
            if line.starts_with("!!! ") || line.starts_with("???") =>
        {
            Some((3, &line[3..]))
        }
        // A tab of MkDocs.
        Some(b'=')
            if line.starts_with("=== ") && line.contains(['"', '\'']) =>
        {
            Some((3, &line[3..]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Container, opening, opening_by_letter, strip};

    #[test]
    fn markers_open_containers() {
        let item = |marker, content| Container::Item { marker, content };
        for (line, container, rest) in [
            ("> a", Container::Quote, "a"),
            ("- a", item(0, 2), "a"),
            (" 1.  a", item(1, 5), "a"),
            ("10) a", item(0, 4), "a"),
            ("[^1]: a", item(0, 4), "a"),
        ] {
            assert_eq!(opening(line), Some((container, rest)), "{line}");
        }
        for line in ["-a", "1.5 a", "**a**", "text - a", "[a]: b"] {
            assert_eq!(opening(line), None, "{line}");
        }
    }

    #[test]
    fn letters_open_lists_of_pandoc() {
        for line in ["(@)  a", "(@eq) a", "a. a", "iv) a", "(2) a", "#. a"] {
            let found = opening_by_letter(line);
            assert_eq!(found.map(|(_, rest)| rest), Some("a"), "{line}");
        }
        for line in ["(a b) c", "an. a", "a.a", "(so) a", "# a", "@ a"] {
            assert_eq!(opening_by_letter(line), None, "{line}");
        }
    }

    #[test]
    fn strip_goes_past_what_is_before_a_line() {
        let item = Container::Item { marker: 0, content: 2 };
        let both = [Container::Quote, item];
        assert_eq!(strip(">   a", &both), ("a", 2));
        assert_eq!(strip("> a", &both), ("a", 1));
        assert_eq!(strip("a", &both), ("a", 0));
        assert_eq!(strip(" a", &[item]), ("a", 1)); // lenient
        assert_eq!(strip("", &[item]), ("", 1));
        assert_eq!(strip("- a", &[item]), ("- a", 0));
    }
}
