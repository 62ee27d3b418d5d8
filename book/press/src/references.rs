//! References to equations in a text: `{@eq-id}`.

/// Returns the ids that a text refers to, each once.
pub(crate) fn cited(text: &str) -> Vec<String> {
    let (mut ids, mut rest) = (vec![], text);
    while let Some((_, inside)) = next(rest) {
        let (id, after) = inside.split_once('}').unwrap_or((inside, ""));
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
        rest = after;
    }
    ids
}

/// Returns the text before the first reference and the text after its opening
/// `{@`. References between backticks do not count.
pub(crate) fn next(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find("{@")?;
        if text[..start].matches('`').count().is_multiple_of(2) {
            return Some((&text[..start], &text[start + 2..]));
        }
        from = start + text[start..].find('`')? + 1;
    }
}
