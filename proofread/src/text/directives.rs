//! What a formula tells the checker, in LaTeX comments: `% key: value`.

use crate::span::{Problem, Span};

/// What a directive is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The id of the formula.
    Id,
    /// Ids of formulas whose first relations may be substituted.
    Uses,
    /// A condition, as one in the text: `t \ge 2`.
    For,
    /// A local definition: `C_1 = \dots`.
    Define,
    /// How near both sides of an approximation must be.
    Tolerance,
    /// The variable that a proportionality, or a limit, is about.
    Varies,
    /// The functions that the formula stands for.
    Code,
    /// The relation is false on purpose.
    Refuted,
    /// The relation is no claim, on purpose.
    Malformed,
    /// The relation cannot be tested.
    Prose,
    /// The relation introduces its left side.
    Definition,
}

impl Key {
    pub(super) fn name(self) -> &'static str {
        KEYS.iter().find(|(_, key)| *key == self).map_or("", |(name, _)| name)
    }
}

/// A directive, and where it stands in the formula.
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

/// The directives in a formula's comments. A comment of another form is for
/// people; one that looks like a directive and is none is a problem.
pub(crate) fn directives(latex: &str) -> (Vec<Directive>, Vec<Problem>) {
    let (mut found, mut problems) = (vec![], vec![]);
    let mut start = 0;
    for line in latex.split_inclusive('\n') {
        if let Some(i) = comment(line) {
            let text = line[i + 1..].trim();
            let span = Span::new(start + i, start + line.trim_end().len());
            if let Some((key, value)) = text.split_once(':') {
                let known = KEYS.iter().find(|(name, _)| *name == key.trim());
                match known {
                    Some((_, key)) => found.push(Directive {
                        key: *key,
                        value: value.trim().to_owned(),
                        span,
                    }),
                    None if key.chars().all(|c| c.is_ascii_lowercase()) => {
                        let names = KEYS.map(|(name, _)| name).join(", ");
                        let message = format!("unknown directive {key}");
                        problems.push(Problem::new(span, message).hint(
                            format!("known are {names}; or write the comment without the colon"),
                        ));
                    }
                    None => {}
                }
            }
        }
        start += line.len();
    }
    (found, problems)
}

/// Where a line's comment starts.
fn comment(line: &str) -> Option<usize> {
    let mut escaped = false;
    line.char_indices().find_map(|(i, c)| {
        let found = c == '%' && !escaped;
        escaped = c == '\\' && !escaped;
        found.then_some(i)
    })
}
