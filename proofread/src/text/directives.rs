//! Directives to the checker in a formula's comments: `% key: value`.

use crate::span::{Problem, Span};

/// The subject of a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The id of the formula.
    Id,
    /// Ids of formulas whose first relations may be substituted.
    Uses,
    /// A condition, like a condition in the text: `t \ge 2`.
    For,
    /// A local definition: `C_1 = \dots`.
    Define,
    /// The tolerance between the sides of an approximation, relative to their
    /// size.
    Tolerance,
    /// The variable of a proportionality or a limit.
    Varies,
    /// The functions that implement the formula.
    Code,
    /// A relation that is false on purpose.
    Refuted,
    /// A relation that is not a claim, on purpose.
    Malformed,
    /// A relation that cannot be tested.
    Prose,
    /// A relation that introduces its left side.
    Definition,
}

impl Key {
    pub(super) fn name(self) -> &'static str {
        KEYS.iter().find(|(_, key)| *key == self).map_or("", |(name, _)| name)
    }
}

/// A directive, and its span in the formula.
#[derive(Clone, Debug)]
pub(crate) struct Directive {
    pub(crate) key: Key,
    pub(crate) value: String,
    pub(crate) span: Span,
}

const KEYS: [(&str, Key); 11] = [
    ("id", Key::Id),
    ("uses", Key::Uses),
    ("for", Key::For),
    ("define", Key::Define),
    ("tolerance", Key::Tolerance),
    ("varies", Key::Varies),
    ("code", Key::Code),
    ("refuted", Key::Refuted),
    ("malformed", Key::Malformed),
    ("prose", Key::Prose),
    ("definition", Key::Definition),
];

/// Returns the directives in a formula's comments. Other comments are for
/// people. A comment that only looks like a directive is a problem.
pub(crate) fn directives(latex: &str) -> (Vec<Directive>, Vec<Problem>) {
    let (mut found, mut problems) = (vec![], vec![]);
    let mut start = 0;
    for line in latex.split_inclusive('\n') {
        if let Some(i) = comment(line) {
            let text = line[i + 1..].trim_start_matches('%').trim();
            let span = Span::new(start + i, start + line.trim_end().len());
            match directive(text) {
                Ok(Some((key, value))) => {
                    problems.extend(second(&value, span));
                    found.push(Directive { key, value, span });
                }
                Ok(None) => {}
                Err(problem) => problems.push(Problem { span, ..problem }),
            }
        }
        start += line.len();
    }
    (found, problems)
}

/// Returns the problem of a directive whose value contains another directive,
/// as in `% uses: a % for: t = 1`.
fn second(value: &str, span: Span) -> Option<Problem> {
    let mut behind = value.split('%').skip(1);
    behind.any(|text| matches!(directive(text.trim()), Ok(Some(_)))).then(
        || {
            Problem::new(span, "two directives in one comment")
                .hint("write each on a line of its own")
        },
    )
}

/// Reads a comment as a directive, or returns `None`.
fn directive(text: &str) -> Result<Option<(Key, String)>, Problem> {
    let at = |message: String| Problem::new(Span::default(), message);
    let Some((key, value)) = text.split_once(':') else {
        // A key without a colon: `% refuted`, or `% refuted = why`.
        let (word, behind) = match text.split_once(['=', ' ']) {
            Some((word, behind)) => (word, behind.trim()),
            None => (text, ""),
        };
        let signs = behind.is_empty() || behind.starts_with(['=', '-', '–']);
        return match KEYS.iter().find(|(name, _)| *name == word) {
            Some((name, _)) if signs => {
                let message = format!("{name} without a colon");
                Err(at(message).hint(format!("write % {name}: …")))
            }
            _ => Ok(None),
        };
    };
    let key = key.trim();
    if let Some((_, key)) = KEYS.iter().find(|(name, _)| *name == key) {
        return Ok(Some((*key, value.trim().to_owned())));
    }
    let lower = key.to_lowercase();
    let like = KEYS.iter().find(|(name, _)| is_like(&lower, name));
    let hint = match like {
        Some((name, _)) => format!("is it {name}?"),
        None if key.chars().all(|c| c.is_ascii_lowercase()) => {
            let names = KEYS.map(|(name, _)| name).join(", ");
            format!("known are {names}; or write the comment without the colon")
        }
        None => return Ok(None),
    };
    Err(at(format!("unknown directive {key}")).hint(hint))
}

/// Returns whether a word is a misspelt key: one letter is added, missing or
/// different, or the ending differs.
fn is_like(word: &str, key: &str) -> bool {
    if word.len() < 3 || key.len() < 3 {
        return word == key;
    }
    let stem = |text: &str| text.trim_end_matches(['s', 'd', 'e']).len();
    let same = word[..].get(..stem(word)) == key.get(..stem(key));
    let (a, b): (Vec<_>, Vec<_>) =
        (word.chars().collect(), key.chars().collect());
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[before..], &b[before..]);
    let ends = |a: &[char], b: &[char]| a == b;
    let tail = |s: &[char], n: usize| s.get(n..).unwrap_or_default().to_vec();
    same || ends(&tail(a, 1), b)
        || ends(a, &tail(b, 1))
        || ends(&tail(a, 1), &tail(b, 1))
}

/// Returns the start of a line's comment.
fn comment(line: &str) -> Option<usize> {
    let mut escaped = false;
    line.char_indices().find_map(|(i, c)| {
        let found = c == '%' && !escaped;
        escaped = c == '\\' && !escaped;
        found.then_some(i)
    })
}
