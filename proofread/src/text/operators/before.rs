//! Factors, signs and words before a formula.

use super::signs::{SPACES, is_operator, named_at_end};
use super::{claims, denials};
use crate::text::beside;
use crate::text::entities::entity_at_end;

/// Words before a formula that change it.
const BEFORE: [&str; 4] = ["minus", "half of", "twice", "times"];

/// Characters that put a factor or a function before a formula.
const PREFIXES: &str = "½⅓¼¾√∛∑∏¬∄";

/// Returns the length of a digit, an operator, a factor or a word before a formula.
pub(super) fn before(text: &str) -> Option<usize> {
    let last = text.chars().next_back()?;
    if last.is_ascii_digit() {
        return Some(1);
    }
    let near = text.trim_end_matches(SPACES);
    let space = text.len() - near.len();
    if is_factor(near) {
        return Some(space + 1);
    }
    let is_operand = |c: char| c.is_ascii_digit() || c == '$';
    let times = near.strip_suffix("\\*");
    if times
        .is_some_and(|rest| rest.trim_end_matches(SPACES).ends_with(is_operand))
    {
        return Some(space + 2);
    }
    let word = denials::before(text).or_else(|| changing_word(text));
    if let Some(at) = word {
        return Some(text.len() - at);
    }
    // The sign may stand in other letters: `**−**$a$`.
    let start = text.rfind("\n\n").map_or(0, |i| i + 2);
    let far = beside::before_space(&text[start..], '\0');
    let gap = &text[start + far.len()..];
    let command = named_at_end(far);
    let tight = command.is_some() || !gap.contains(char::is_whitespace);
    let last = far.char_indices().next_back().map(|(i, c)| (c, i));
    let (sign, at) = entity_at_end(far).or(command).or(last)?;
    let length = text.len() - start - at;
    if PREFIXES.contains(sign) {
        return Some(length);
    }
    let rest = &far[..at];
    let bare = rest.trim_end_matches(['*', '_', '`', '\\']);
    let bare = if bare.ends_with('>') {
        beside::before_space(bare, '\0')
    } else {
        bare
    };
    let blank = |c: char| c.is_whitespace() || c == '(';
    // `-$a$` is a sign, and `non-$a$` a hyphen.
    let signs = tight
        && matches!(sign, '-' | '−' | '+')
        && (bare.is_empty() || bare.ends_with(blank));
    let operand = rest.trim_end_matches(SPACES);
    let operates = is_operator(sign)
        && !gap.contains('\n')
        && operand.ends_with(is_operand);
    (signs || operates).then_some(length)
}

/// Returns whether a text ends with a formula without a relation, which looks like a
/// factor of the next formula.
fn is_factor(text: &str) -> bool {
    let body = text.strip_suffix('$').filter(|body| !body.ends_with('$'));
    body.and_then(|body| body.rsplit_once('$')).is_some_and(|(_, inside)| {
        !inside.is_empty()
            && !inside.contains(char::is_whitespace)
            && !["\\def", "\\gdef", "\\let", "\\newcommand", "\\renewcommand"]
                .iter()
                .any(|defines| inside.starts_with(defines))
            && !claims(inside)
    })
}

/// Returns where a word starts that changes what follows.
fn changing_word(text: &str) -> Option<usize> {
    let text = text.trim_end_matches([' ', '\n']);
    BEFORE.into_iter().find_map(|word| {
        let at = text.len().checked_sub(word.len())?;
        let is_word = text.get(at..)?.eq_ignore_ascii_case(word)
            && !text[..at].ends_with(char::is_alphanumeric);
        is_word.then_some(at)
    })
}
