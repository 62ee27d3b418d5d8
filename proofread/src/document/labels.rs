//! Labels of rows, and the relations that they name.

use crate::outcome::Outcome;
use crate::span::Span;
use crate::text::Fragment;

/// Returns the span in the file that each label of a formula names: the label's
/// row, or the whole formula.
pub(super) fn named(fragment: &Fragment) -> Vec<(Span, String)> {
    let latex = &fragment.latex;
    let breaks = breaks(latex);
    let row = |(at, name): &(usize, String)| {
        let depth = depth(latex, *at);
        let ends = || breaks.iter().filter(|(_, d)| *d <= depth);
        let start = ends().rfind(|(i, _)| i < at).map_or(0, |(i, _)| *i);
        let end = ends().find(|(i, _)| i >= at);
        let end = end.map_or(latex.len(), |(i, _)| *i);
        (fragment.in_file(Span::new(start, end)), name.clone())
    };
    fragment.labels.iter().map(row).collect()
}

/// Gives each relation of a formula the label of its row. A row without a label
/// gets the label of the next row in its chain, or else of the row before.
/// `chains` has the chain of each relation.
pub(super) fn give(
    outcomes: &mut [Outcome],
    chains: &[usize],
    named: &[(Span, String)],
) {
    let label = |outcome: &Outcome| {
        let place = outcome.sign.start;
        let holds = |span: &Span| span.start <= place && place < span.end;
        named.iter().find(|(span, _)| holds(span)).map(|(_, name)| name.clone())
    };
    let own: Vec<Option<String>> = outcomes.iter().map(label).collect();
    for (i, outcome) in outcomes.iter_mut().enumerate() {
        let same = |j: &usize| chains[*j] == chains[i] && own[*j].is_some();
        let near = (i..own.len()).find(same).or((0..i).rfind(same));
        outcome.label = near.and_then(|j| own[j].clone());
    }
}

/// Returns the ends of the rows, and the number of open environments there.
fn breaks(latex: &str) -> Vec<(usize, usize)> {
    let mut found = vec![];
    let mut braces = 0_usize;
    tokens(latex, |i, token, depth| match token {
        "{" => braces += 1,
        "}" => braces = braces.saturating_sub(1),
        "\\\\" if braces == 0 => found.push((i, depth)),
        _ => {}
    });
    found
}

/// Returns the number of environments that are open at a position.
fn depth(latex: &str, at: usize) -> usize {
    let mut open = 0;
    tokens(latex, |i, _, depth| {
        if i < at {
            open = depth;
        }
    });
    open
}

/// Calls `each` with every command and brace, and with the number of open
/// environments behind it.
fn tokens<'a>(latex: &'a str, mut each: impl FnMut(usize, &'a str, usize)) {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(i) = latex[at..].find(['\\', '%', '{', '}']) {
        at += i;
        let rest = &latex[at..];
        let length = match rest.as_bytes()[0] {
            b'%' => rest.find('\n').unwrap_or(rest.len()),
            b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => 1,
        };
        if rest.starts_with("\\begin{") {
            depth += 1;
        } else if rest.starts_with("\\end{") {
            depth = depth.saturating_sub(1);
        }
        // The name of an environment is not a group.
        let name = ["\\begin{", "\\end{"].iter().any(|b| rest.starts_with(b));
        let length = if name {
            rest.find('}').map_or(length, |i| i + 1)
        } else {
            length
        };
        each(at, &rest[..length], depth);
        at += length;
    }
}
