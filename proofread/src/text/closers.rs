//! Ends of formulas in LaTeX.

use super::dollars::has_prose;
use super::environments::{command, named};
use super::expand::expansion;
use super::meaning::Meaning;
use super::tex::{Opening, Scanner};

impl Scanner<'_> {
    /// Returns the end of the formula that starts at `at`, and the length of
    /// its closer. Ignores comments and escapes. Prefers a closer outside
    /// braces.
    pub(super) fn close(
        &mut self,
        mut at: usize,
        opening: &Opening,
    ) -> Option<(usize, usize)> {
        let (closer, mut depth) = (opening.closer.as_str(), 0_usize);
        // The first closer in braces, and the first blank line.
        let (mut within, mut blank) = (None, None);
        while at < self.text.text().len() {
            if self.text.text()[at..].starts_with('\\')
                && self.put_closer(at, closer, depth)
            {
                continue;
            }
            let text = self.text.text();
            let rest = &text[at..];
            if rest.starts_with(closer) {
                let prose = blank
                    .is_some_and(|blank: usize| has_prose(&text[blank..at]));
                if depth == 0 || closer.starts_with("\\end") {
                    return (!prose).then_some((at, closer.len()));
                }
                if closer != "}" {
                    within = within.or(Some((at, closer.len())));
                }
            }
            let mut chars = rest.chars();
            let first = chars.next()?;
            match first {
                '%' => {
                    at += rest.find('\n').map_or(rest.len(), |i| i + 1);
                    continue;
                }
                '\\' => at += chars.next().map_or(0, char::len_utf8),
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '\n' => {
                    let line = chars.as_str().split('\n').next().unwrap_or("");
                    let ends =
                        line.trim().is_empty() && chars.as_str().contains('\n');
                    if ends && opening.paragraph {
                        return within;
                    }
                    blank = blank.or(ends.then_some(at));
                }
                _ => {}
            }
            at += first.len_utf8();
        }
        within
    }

    /// Expands a macro or an environment in a formula, if the expansion ends
    /// the formula. Returns whether it did.
    fn put_closer(&mut self, at: usize, closer: &str, depth: usize) -> bool {
        let rest = &self.text.text()[at..];
        if depth > 0 && !closer.starts_with("\\end") {
            return false;
        }
        let closers = [closer.to_owned()];
        let before = self.at;
        let mut put = false;
        if let Some((name, length)) = named(rest, "\\end") {
            let name = name.to_owned();
            let meaning = self.found.macros.get(&format!("{{{name}}}"));
            if let Some(Meaning::Environment { end, .. }) = meaning.as_deref()
                && self.found.macros.ends(end, &closers)
            {
                self.at = at;
                put = self.put_end(&name, length) && self.at == at;
            }
        } else {
            let length = 1 + command(rest).len();
            let meaning = self.found.macros.get(&rest[..length]);
            if let Some(Meaning::Macro { parameters, body, .. }) =
                meaning.as_deref()
                && self.found.macros.ends(body, &closers)
            {
                let behind = at + length;
                let made = expansion(&self.text, at, behind, parameters, body);
                self.at = at;
                self.put(length, made);
                put = self.at == at;
            }
        }
        self.at = before;
        put
    }
}
