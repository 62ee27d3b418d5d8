//! Bare environments in Markdown.

use super::dollars::close;
use super::dollars::has_prose;
use super::environments::{Body, environment, named};
use super::groups::{BARE, is_bare};
use super::inline::behind_blank_line;
use super::macros::body;
use super::markdown::{Reach, Scanner};

impl Scanner<'_> {
    /// Reports `\\begin{equation}`, which some programs read as one backslash.
    pub(super) fn escaped_environment(&mut self) {
        let span = self.leaf.span(self.at, self.at + 2);
        let message = "two backslashes before an environment";
        let hint = "write one, if it is to be typeset";
        self.found.problem(span, message, hint);
        self.at += 2;
    }

    /// Reads a bare `\begin{equation}…\end{equation}`.
    pub(super) fn environment(&mut self) {
        let rest = &self.leaf.text()[self.at..];
        let Some((name, length)) = named(rest, "\\begin") else {
            self.at += 6;
            return;
        };
        let macros = &self.found.macros;
        let own = macros.get(&format!("{{{name}}}"));
        if own.is_some_and(|own| macros.acts(body(&own))) {
            let message = "formulas that this makes are not read";
            let span = self.leaf.span(self.at, self.at + length);
            let hint = "write the formula where it is used";
            self.found.problem(span, message, hint);
            self.at += length;
            return;
        }
        let Some(environment) = environment(name) else {
            let name = name.to_owned();
            while self.extend(Reach::Paragraph) {}
            if is_bare(&name, &self.leaf.text()[self.at + length..]) {
                let message = format!("the formulas of {name} are not read");
                let span = self.leaf.span(self.at, self.at + length);
                self.found.problem(span, &message, BARE);
            }
            self.at += length;
            return;
        };
        let name = name.to_owned();
        let closer = format!("\\end{{{name}}}");
        let from = self.at + length;
        let end = self.find_closer(from, Reach::All, &closer, |t| {
            close(t, &closer, false)
        });
        let Some(end) = end else { return self.unclosed(length) };
        let text = &self.leaf.text()[from..end];
        if behind_blank_line(text).is_some_and(has_prose) {
            return self.unclosed(length);
        }
        let form = environment.body.form();
        let outer = self.at..end + closer.len();
        let inner = if environment.body == Body::Kept {
            outer.clone()
        } else {
            from + environment.arguments(text)..end
        };
        self.take(inner, outer, form);
    }
}
