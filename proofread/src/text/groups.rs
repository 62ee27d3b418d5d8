//! Groups and environments of LaTeX outside formulas.

use super::dollars::has_prose;
use super::environments::group;
use super::expand::expansion;
use super::macros::Group;
use super::meaning::Meaning;
use super::prose::MADE;
use super::stripped::Stripped;
use super::tex::Scanner;

/// Commands that are valid only in formulas.
pub(super) const MATHEMATICAL: [&str; 14] = [
    "ensuremath",
    "frac",
    "dfrac",
    "tfrac",
    "sqrt",
    "sum",
    "prod",
    "int",
    "mathbb",
    "mathcal",
    "mathbf",
    "inferrule",
    "infer",
    "prftree",
];

/// Commands that typeset a number, as `\num{3}` does.
const QUANTITIES: [&str; 6] =
    ["num", "SI", "qty", "ang", "numproduct", "tablenum"];

/// The hint for an unknown environment.
pub(super) const BARE: &str = "write them in equation or align";

/// Environments of packages that hold mathematics and are not read.
const OTHER: [&str; 4] = ["empheq", "numcases", "subnumcases", "mathpar"];

/// Environments that hold text, drawings or code.
const OTHERWISE: [&str; 18] = [
    "tikzpicture",
    "pgfpicture",
    "picture",
    "scope",
    "axis",
    "algorithmic",
    "forest",
    "algorithm",
    "itemize",
    "enumerate",
    "description",
    "center",
    "quote",
    "quotation",
    "figure",
    "table",
    "tabular",
    "abstract",
];

/// Returns whether the environment whose body starts `text` holds mathematics
/// without a sign that opens a formula, as environments of packages do.
pub(super) fn is_bare(name: &str, text: &str) -> bool {
    let plain = name.strip_suffix('*').unwrap_or(name);
    if OTHER.contains(&plain) {
        return true;
    }
    let Some(end) = text.find(&format!("\\end{{{name}}}")) else {
        return false;
    };
    let text = &text[..end];
    if OTHERWISE.contains(&plain)
        || ["$", "\\(", "\\[", "\\begin"].iter().any(|s| text.contains(s))
        || has_prose(text)
    {
        return false;
    }
    // Arguments and options are not text.
    let (mut depth, mut escaped) = (0_usize, false);
    text.chars().any(|c| {
        let seen = depth == 0 && !escaped && "=<>^_".contains(c);
        escaped = c == '\\' && !escaped;
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        seen
    })
}

impl Scanner<'_> {
    /// Reads `{` or `}`.
    pub(super) fn brace(&mut self) {
        if self.rest().starts_with('{') {
            let argument = self.is_argument();
            let group = if argument { Group::Argument } else { Group::Brace };
            self.found.macros.open(group);
            self.at += 1;
            return;
        }
        let plain = self.found.macros.group() == Some(&Group::Brace);
        let closed = self
            .found
            .macros
            .close(|group| matches!(group, Group::Brace | Group::Argument));
        self.ended(closed, 1);
        self.at += 1;
        self.closed = plain.then_some(self.at);
    }

    /// Returns whether the brace that opens here is an argument's: it comes
    /// behind a command or another argument.
    fn is_argument(&self) -> bool {
        let mut before = self.text.text()[..self.at].trim_end();
        while let Some(inner) = before.strip_suffix(']') {
            let Some(start) = inner.rfind('[') else { return false };
            before = inner[..start].trim_end();
        }
        if before.ends_with('}') {
            return self.closed != Some(before.len());
        }
        let before = before.trim_end_matches('*');
        let name = before
            .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '@');
        name.len() < before.len() && name.ends_with('\\')
    }

    /// Ends a group with a command of `length` bytes.
    pub(super) fn close_group(
        &mut self,
        ends: impl Fn(&Group) -> bool,
        length: usize,
    ) {
        let closed = self.found.macros.close(ends);
        self.ended(closed, length);
        self.at += length;
    }

    fn ended(&mut self, closed: bool, length: usize) {
        if !closed {
            let message = "this ends no group, so that it is not known \
                           where the macros in it hold";
            let span = self.span(length);
            self.found.problem(span, message, "close what is open first");
        }
    }

    /// Reads `\begin{name}`, which opens no formula by itself.
    pub(super) fn begin(&mut self, name: &str, length: usize) {
        let meaning = self.found.macros.get(&format!("{{{name}}}"));
        match meaning.as_deref() {
            Some(Meaning::Environment { parameters, begin, end })
                if self.found.macros.acts(begin)
                    || self.found.macros.acts(end) =>
            {
                let begin = format!("\\begingroup {begin}");
                let behind = self.at + length;
                let made =
                    expansion(&self.text, self.at, behind, parameters, &begin);
                return self.put(length, made);
            }
            Some(Meaning::Refused { why, body })
                if self.found.macros.acts(body) =>
            {
                let message = format!("{name} {why}");
                self.found.problem(self.span(length), &message, MADE);
            }
            None if is_bare(name, &self.rest()[length..]) => {
                let message = format!("the formulas of {name} are not read");
                self.found.problem(self.span(length), &message, BARE);
            }
            _ => {}
        }
        if name != "document" {
            self.found.macros.open(Group::Environment(name.to_owned()));
        }
        self.at += length;
    }

    /// Reads `\end{name}`.
    pub(super) fn end(&mut self, name: &str, length: usize) {
        if self.put_end(name, length) {
            return;
        }
        if name == "document" {
            self.at += length;
            return;
        }
        let this = |group: &Group| matches!(group, Group::Environment(open) if open == name);
        self.close_group(this, length);
        self.closed = Some(self.at);
    }

    /// Replaces `\end{name}` by the end of its environment, if that makes or
    /// ends a formula. Returns whether it did.
    pub(super) fn put_end(&mut self, name: &str, length: usize) -> bool {
        let meaning = self.found.macros.get(&format!("{{{name}}}"));
        let Some(Meaning::Environment { begin, end, .. }) = meaning.as_deref()
        else {
            return false;
        };
        if !self.found.macros.acts(begin) && !self.found.macros.acts(end) {
            return false;
        }
        let mut made = Stripped::empty();
        let span = self.span(length);
        made.insert(&format!("{end}\\endgroup "), span);
        self.put(length, Ok((made, self.at..self.at + length)));
        true
    }

    /// Reports a command outside formulas that is valid only in formulas.
    pub(super) fn outside(&mut self, length: usize) {
        let name = &self.rest()[1..length];
        if self.complained {
            return;
        }
        let span = self.span(length);
        let behind = &self.rest()[length..];
        let argument = &behind[..group(behind).unwrap_or(0)];
        if QUANTITIES.contains(&name) && argument.contains(['=', '<', '>']) {
            let message = format!("a formula in \\{name} is not read");
            self.found.problem(span, &message, "write it between $");
            return;
        }
        if !MATHEMATICAL.contains(&name) {
            return;
        }
        let message = format!("\\{name} stands outside of a formula");
        let hint = "write $ before and behind the formula";
        self.found.problem(span, &message, hint);
        self.complained = true;
    }
}
