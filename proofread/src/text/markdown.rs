//! Mathematics in Markdown: `$…$`, `$$…$$` and fenced `math` blocks.
//!
//! It is found before Markdown is parsed, because Markdown would take it
//! apart: a line that is only `=` makes what stands above it a heading.

use super::Fragment;
use crate::span::Span;

/// All formulas, in their order.
pub(super) fn fragments(text: &str) -> Vec<Fragment> {
    Scanner { text, at: 0, found: vec![] }.scan()
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Fragment>,
}

impl Scanner<'_> {
    fn scan(mut self) -> Vec<Fragment> {
        while self.at < self.text.len() {
            let (start, before) = (self.at, self.found.len());
            self.next();
            if self.found.len() > before
                && let Some(last) = self.found.last_mut()
            {
                last.extent = Span::new(start, self.at);
            }
        }
        self.found
    }

    /// Goes past one thing, and takes it if it is mathematics.
    fn next(&mut self) {
        if !(self.starts_line() && self.fence()) {
            let rest = &self.text[self.at..];
            if rest.starts_with('\\') {
                self.at += 1;
                self.skip_one();
            } else if rest.starts_with('`') {
                self.code();
            } else if rest.starts_with("$$") {
                self.display();
            } else if rest.starts_with('$') {
                self.inline();
            } else {
                self.skip_one();
            }
        }
    }

    fn skip_one(&mut self) {
        let length =
            self.text[self.at..].chars().next().map_or(1, char::len_utf8);
        self.at = (self.at + length).min(self.text.len());
    }

    fn starts_line(&self) -> bool {
        self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n'
    }

    /// The end of the line that starts at `start`, its line break included.
    fn line_end(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        rest.find('\n').map_or(self.text.len(), |i| start + i + 1)
    }

    /// Skips a fenced block, or reads it if it is mathematics.
    fn fence(&mut self) -> bool {
        let end = self.line_end(self.at);
        let line = self.text[self.at..end].trim();
        let Some(mark @ ('`' | '~')) = line.chars().next() else {
            return false;
        };
        let length = line.chars().take_while(|&c| c == mark).count();
        let info = line[length..].trim();
        if length < 3 || mark == '`' && info.contains('`') {
            return false;
        }
        let body = end;
        let (mut start, mut close) = (body, self.text.len());
        self.at = self.text.len();
        while start < self.text.len() {
            let end = self.line_end(start);
            let line = self.text[start..end].trim();
            if line.len() >= length && line.chars().all(|c| c == mark) {
                (close, self.at) = (start, end);
                break;
            }
            start = end;
        }
        let words =
            info.split_once([' ', '{']).map_or(info, |(first, _)| first);
        if words.trim_end_matches(',') == "math" {
            let mut fragment = Fragment::new(true);
            fragment.id = id_in_braces(info);
            fragment.push(self.text, body, close);
            self.found.push(fragment.end(close));
        }
        true
    }

    /// Skips a code span: up to as many backticks as it began with.
    fn code(&mut self) {
        let rest = &self.text[self.at..];
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let fence = "`".repeat(ticks);
        let mut from = ticks;
        while let Some(i) = rest[from..].find(&fence) {
            let start = from + i;
            let after = &rest[start + ticks..];
            if after.starts_with('`') {
                let more = after.len() - after.trim_start_matches('`').len();
                from = start + ticks + more;
            } else {
                self.at += start + ticks;
                return;
            }
        }
        self.at += ticks; // no code span after all
    }

    fn display(&mut self) {
        let start = self.at + 2;
        let Some(length) = self.text[start..].find("$$") else {
            self.at = start;
            return;
        };
        let end = start + length;
        let mut fragment = Fragment::new(true);
        fragment.push(self.text, start, end);
        self.found.push(fragment.end(end));
        self.at = end + 2;
        // `$$…$$ {#id}`
        let line = &self.text[self.at..self.line_end(self.at)];
        if let Some(last) = self.found.last_mut()
            && line.trim_start().starts_with("{#")
        {
            last.id = id_in_braces(line);
            self.at += line.find('}').map_or(0, |i| i + 1);
        }
    }

    /// `$…$` within one paragraph; a dollar that is not closed is a dollar.
    fn inline(&mut self) {
        let start = self.at + 1;
        let rest = &self.text[start..];
        let paragraph = rest.find("\n\n").unwrap_or(rest.len());
        let rest = &rest[..paragraph];
        self.at = start;
        if rest.starts_with([' ', '\n', '$']) {
            return;
        }
        let mut escaped = false;
        let close = rest.char_indices().find(|&(_, c)| {
            let found = c == '$' && !escaped;
            escaped = c == '\\' && !escaped;
            found
        });
        let Some((length, _)) = close else { return };
        let digit =
            rest[length + 1..].starts_with(|c: char| c.is_ascii_digit());
        if rest[..length].ends_with([' ', '\n']) || digit {
            return;
        }
        let end = start + length;
        let mut fragment = Fragment::new(false);
        // In a table, \| is a bar.
        let line = self.text[..start].rfind('\n').map_or(0, |i| i + 1);
        if self.text[line..].starts_with('|') {
            let mut from = start;
            while let Some(i) = self.text[from..end].find("\\|") {
                fragment.push(self.text, from, from + i);
                from += i + 1;
            }
            fragment.push(self.text, from, end);
        } else {
            fragment.push(self.text, start, end);
        }
        self.found.push(fragment.end(end));
        self.at = end + 1;
    }
}

/// The id in `{#eq-name}`.
fn id_in_braces(text: &str) -> Option<String> {
    let start = text.find("{#")? + 2;
    let length = text[start..].find(['}', ' '])?;
    Some(text[start..start + length].to_owned())
}

#[cfg(test)]
mod tests {
    use super::fragments;

    fn found(text: &str) -> Vec<(String, bool, Option<String>)> {
        let one = |f: super::Fragment| (f.latex, f.display, f.id);
        fragments(text).into_iter().map(one).collect()
    }

    #[test]
    fn mathematics_is_found_where_it_is() {
        let text = "A $x$, `$code$`, \\$5 and $6 and $7.\n\n```math {#eq-a}\na\n= b\n```\n\
                    ```rust\n$no$\n```\n$$ y $$ {#eq-y}\n<!-- $$ old $$ -->\n";
        assert_eq!(
            found(text),
            [
                ("x".into(), false, None),
                ("a\n= b\n".into(), true, Some("eq-a".into())),
                (" y ".into(), true, Some("eq-y".into())),
                (" old ".into(), true, None),
            ]
        );
        let extents = fragments(text).into_iter().map(|f| f.extent);
        let extents: Vec<_> =
            extents.map(|span| &text[span.start..span.end]).collect();
        let fence = "```math {#eq-a}\na\n= b\n```\n";
        assert_eq!(extents, ["$x$", fence, "$$ y $$ {#eq-y}", "$$ old $$"]);
    }

    #[test]
    fn a_bar_in_a_table_is_escaped() {
        let text = "| a | $q(x \\| y)$ |\n";
        assert_eq!(found(text)[0].0, "q(x | y)");
        let fragment = &fragments(text)[0];
        let bar = fragment.latex.find('|').unwrap();
        let place = fragment.in_file(crate::Span::new(bar, bar + 1));
        assert_eq!(&text[place.start..place.end], "|");
    }
}
