//! Slips in a formula that are invisible on the page.

use super::environments::{command, group};
use super::latex::Reader;

impl Reader<'_, '_> {
    pub(super) fn invisible(&mut self, c: char, name: &str) {
        let end = self.at + c.len_utf8();
        let span = self.source.text.span(self.at, end);
        let code = u32::from(c);
        let message = format!("U+{code:04X}, {name}, stands in a formula");
        let hint = "delete it: nobody sees it";
        self.found.problem(span, &message, hint);
        self.at = end;
    }

    /// Reads an underscore behind a backslash, which is a slip in an index.
    pub(super) fn underscore(&mut self) {
        self.says = true;
        let before = self.fragment.latex.chars().next_back();
        let after = self.rest()[2..].chars().next();
        let index = before.is_some_and(|c| c.is_alphanumeric() || c == '}')
            && after.is_some_and(|c| c.is_alphanumeric() || "{\\".contains(c))
            && !self.groups.contains(&true);
        if !index {
            return self.keep(2);
        }
        if !self.source.escaped {
            let latex = &self.fragment.latex;
            let base = latex
                .char_indices()
                .rfind(|(_, c)| c.is_whitespace())
                .map_or(0, |(i, c)| i + c.len_utf8());
            let base = &latex[base..];
            let rest = &self.rest()[2..];
            let index = match after {
                Some('{') => &rest[..group(rest).unwrap_or(1)],
                Some('\\') => &rest[..=command(rest).len()],
                c => &rest[..c.map_or(0, char::len_utf8)],
            };
            let message = format!(
                "write {base}_{index}: the backslash makes the underscore a \
                 letter"
            );
            let span = self.source.text.span(self.at, self.at + 2);
            self.found.problem(span, &message, "");
        }
        // Read the formula as it is meant.
        self.at += 1;
        self.keep(1);
    }
}
