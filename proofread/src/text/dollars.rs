//! Dollars that open a formula, and dollars of a price.

/// Returns the first position of `closer` that is not escaped. With `deep`,
/// ignores closers in braces.
pub(super) fn close(text: &str, closer: &str, deep: bool) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    while at < text.len() {
        let rest = &text[at..];
        if (depth == 0 || !deep) && rest.starts_with(closer) {
            return Some(at);
        }
        let mut chars = rest.chars();
        let first = chars.next()?;
        match first {
            '\\' => at += chars.next().map_or(0, char::len_utf8),
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += first.len_utf8();
    }
    None
}

/// Returns whether a text has signs that are rare in prose.
pub(super) fn is_mathematical(text: &str) -> bool {
    let command = text
        .split('\\')
        .skip(1)
        .any(|s| s.starts_with(|c: char| c.is_ascii_alphabetic()));
    command || text.contains(['=', '<', '>', '^', '_'])
}

/// Returns whether two words are side by side, outside braces and comments.
pub(super) fn has_prose(text: &str) -> bool {
    let (mut depth, mut words) = (0_usize, 0);
    let lines = text.lines().map(|l| l.split('%').next().unwrap_or(""));
    for token in lines.flat_map(str::split_whitespace) {
        let open = token.matches('{').count();
        let word = token.trim_end_matches([',', '.', ';', ':', '!', '?']);
        let is_word = depth == 0
            && word.chars().count() > 1
            && word.chars().all(char::is_alphabetic);
        depth = (depth + open).saturating_sub(token.matches('}').count());
        words = if is_word { words + 1 } else { 0 };
        if words == 2 {
            return true;
        }
    }
    false
}

/// Returns whether `$content$` is a formula; `before` and `after` are the
/// characters beside it.
pub(super) fn is_formula(
    before: Option<char>,
    content: &str,
    after: Option<char>,
) -> bool {
    if content.trim().is_empty() {
        return false;
    }
    let digit = |c: char| c.is_ascii_digit();
    let opens_tight = !content.starts_with(char::is_whitespace);
    let closes_tight = !content.ends_with(char::is_whitespace);
    let mathematical = is_mathematical(content);
    if opens_tight && closes_tight && !after.is_some_and(digit) {
        // Two prices: `(5$) and (6$)`.
        let price =
            before.is_some_and(digit) && !mathematical && !is_balanced(content);
        return !price;
    }
    if !mathematical || has_prose(content) {
        return false;
    }
    // The second dollar of `$5 = 5 and $a = a$` opens a formula.
    let opener = after.is_some_and(|c| c.is_alphanumeric() || c == '\\');
    !(opens_tight && (opener || content.starts_with(digit)))
}

/// Returns whether the round brackets of a text are balanced.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut closed = text.matches(['(', ')']).map(|bracket| {
        depth += if bracket == "(" { 1 } else { -1 };
        depth
    });
    closed.all(|depth| depth >= 0) && depth == 0
}

/// Returns whether the text behind an unclosed dollar begins a formula.
pub(super) fn looks_opened(rest: &str) -> bool {
    let command = |s: &str| {
        let mut letters = s.chars().skip(1);
        s.starts_with('\\')
            && letters.next().is_some_and(|c| c.is_ascii_alphabetic())
    };
    if command(rest.trim_start_matches([' ', '\t'])) {
        return true;
    }
    if rest.starts_with(char::is_whitespace) || rest.is_empty() {
        return false;
    }
    let number = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let price = rest.trim_start_matches(number);
    let letters = |c: char| c.is_ascii_alphabetic();
    let name = price.len() - price.trim_start_matches(letters).len();
    let behind = price[name..].trim_start_matches([' ', '\t', '}', '\'']);
    let sign = behind.starts_with(['=', '^', '_', '<', '>']) && name <= 2;
    if price.len() < rest.len() {
        // `$5` is a price, unless a sign or a command follows.
        return sign || command(price);
    }
    sign || rest.match_indices('\\').any(|(i, _)| command(&rest[i..]))
}

#[cfg(test)]
mod tests {
    use super::{close, has_prose, is_formula, looks_opened};

    #[test]
    fn closers_are_found_outside_of_braces() {
        assert_eq!(close(r"a \$ b$ c", "$", true), Some(6));
        assert_eq!(close(r"a \text{if $b$} c$", "$", true), Some(17));
        assert_eq!(close(r"a {b$", "$", true), None);
        assert_eq!(close(r"a {b$", "$", false), Some(4));
        assert_eq!(close(r"a \\\]", r"\]", true), Some(4));
    }

    #[test]
    fn is_formula_tells_mathematics_from_prices() {
        let formula = |text: &str| {
            let mut parts = text.splitn(3, '$');
            let (before, content) = (parts.next()?, parts.next()?);
            let after = parts.next()?.chars().next();
            Some(is_formula(before.chars().next_back(), content, after))
        };
        for text in
            ["$x$", "the $ a = 2 a $.", "2$x$", "$a = 2 a $.", "$ \\beta $"]
        {
            assert_eq!(formula(text), Some(true), "{text}");
        }
        for text in [
            "costs $5 and $6",
            "$5 = five dollars, or $6",
            "(5$) and (6$)",
            "$ 5 or $ 6",
            "$a = b and $c = d",
            "in $ all of a_b is left $",
        ] {
            assert_eq!(formula(text), Some(false), "{text}");
        }
    }

    #[test]
    fn looks_opened_tells_formulas_from_prices() {
        for rest in [r"\alpha is", "x_t of", "a = b", r"f(\theta)", "2^n."] {
            assert!(looks_opened(rest), "{rest}");
        }
        for rest in ["5 for all", "5, or less", "", " and so on", "HOME/x_y"] {
            assert!(!looks_opened(rest), "{rest}");
        }
    }

    #[test]
    fn has_prose_needs_two_words() {
        assert!(has_prose("a\n\nand so on"));
        assert!(!has_prose(r"\text{for all of} a b, xy + zw"));
        assert!(!has_prose("a % by the rule above"));
    }
}
