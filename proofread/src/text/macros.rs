//! Macros that a text defines, for `KaTeX` to know them.

use super::Fragment;
use super::environments::{command, environment, group, named};
use std::collections::BTreeMap;

/// A macro, as `KaTeX` is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The name, with its backslash.
    pub(crate) name: String,
    /// The definition as LaTeX that `KaTeX` reads.
    pub(crate) latex: String,
    /// Where the file defines it.
    pub(crate) place: usize,
}

/// What stands at a command that defines something.
pub(super) struct Defining {
    /// How many bytes it takes.
    pub(super) length: usize,
    /// The macro, if `KaTeX` can be told of it.
    pub(super) definition: Option<Definition>,
    /// What the macro stands for, where that is to be looked at.
    pub(super) body: String,
}

/// Reads the definition at the start of `text`.
pub(super) fn defining<'a>(text: &'a str, place: usize) -> Option<Defining> {
    let mut reader = Reader { text, at: 0 };
    let kind = command(text);
    reader.at = 1 + kind.len();
    let star = if reader.take("*") { "*" } else { "" };
    match kind {
        "newcommand"
        | "renewcommand"
        | "providecommand"
        | "DeclareRobustCommand" => reader.newcommand(kind, place),
        "DeclareMathOperator" => {
            let name = reader.name()?;
            let body = reader.group()?;
            let latex = format!("\\def{name}{{\\operatorname{star}{body}}}");
            Some(reader.end(name, &latex, String::new(), place))
        }
        "DeclarePairedDelimiter" => {
            let name = reader.name()?;
            let (left, right) = (reader.group()?, reader.group()?);
            let inner = |group: &'a str| &group[1..group.len() - 1];
            let body = format!("{{{}#1{}}}", inner(left), inner(right));
            let latex = def(name, 1, &body);
            Some(reader.end(name, &latex, String::new(), place))
        }
        "def" | "gdef" | "edef" | "xdef" => {
            let name = reader.name()?;
            let rest = &text[reader.at..];
            let length = rest.find(['{', '\n'])?;
            let parameters = &rest[..length];
            reader.at += length;
            let body = reader.group()?;
            let latex = format!("\\def{name}{parameters}{body}");
            Some(reader.end(name, &latex, body.into(), place))
        }
        "let" => {
            let name = reader.name()?;
            reader.take("=");
            let to = match reader.name() {
                Some(name) => name,
                None => reader.one()?,
            };
            let latex = format!("\\let{name}={to}");
            Some(reader.end(name, &latex, String::new(), place))
        }
        "newenvironment" | "renewenvironment" => {
            reader.group()?;
            while reader.bracket().is_some() {}
            let body = reader.group()?.to_owned();
            reader.group()?;
            Some(Defining { length: reader.at, definition: None, body })
        }
        "NewDocumentCommand" | "RenewDocumentCommand" => {
            let name = reader.name()?;
            let kinds = reader.group()?;
            let body = reader.group()?;
            let kinds = kinds.trim_matches(['{', '}']);
            let count = kinds.split_whitespace().collect::<String>();
            if !count.chars().all(|c| c == 'm') {
                let body = body.to_owned();
                let length = reader.at;
                return Some(Defining { length, definition: None, body });
            }
            let latex = def(name, count.len(), body);
            Some(reader.end(name, &latex, body.into(), place))
        }
        _ => None,
    }
}

/// A definition that replaces what `KaTeX` may know by that name already.
fn def(name: &str, parameters: usize, body: &str) -> String {
    let parameters = &"#1#2#3#4#5#6#7#8#9"[..2 * parameters.min(9)];
    format!("\\def{name}{parameters}{body}")
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn newcommand(mut self, kind: &str, place: usize) -> Option<Defining> {
        let name = self.name()?;
        let count = self.bracket().map_or(Some(0), |n| n.trim().parse().ok());
        let optional = self.bracket().is_some();
        let body = self.group()?;
        // KaTeX knows no optional arguments: a formula that uses such a macro
        // is refused.
        let count = match count {
            Some(count) if count <= 9 && !optional => count,
            _ => {
                let (length, body) = (self.at, body.to_owned());
                return Some(Defining { length, definition: None, body });
            }
        };
        let latex = if kind == "providecommand" {
            format!("\\providecommand{{{name}}}[{count}]{body}")
        } else {
            def(name, count, body)
        };
        Some(self.end(name, &latex, body.into(), place))
    }

    fn end(
        self,
        name: &str,
        latex: &str,
        body: String,
        place: usize,
    ) -> Defining {
        // In a formula these change nothing, and KaTeX does not know them.
        let latex = latex.replace("\\ensuremath", "").replace("\\xspace", "");
        let definition = Definition { name: name.to_owned(), latex, place };
        Defining { length: self.at, definition: Some(definition), body }
    }

    fn blank(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, what: &str) -> bool {
        self.blank();
        let found = self.text[self.at..].starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    /// A command, in braces or not.
    fn name(&mut self) -> Option<&'a str> {
        let before = self.at;
        let braced = self.take("{");
        self.blank();
        let rest = &self.text[self.at..];
        let length = 1 + command(rest).len();
        if !rest.starts_with('\\') || length == 1 {
            self.at = before;
            return None;
        }
        self.at += length;
        if braced && !self.take("}") {
            return None;
        }
        Some(&rest[..length])
    }

    fn one(&mut self) -> Option<&'a str> {
        self.blank();
        let rest = &self.text[self.at..];
        let length = rest.chars().next()?.len_utf8();
        self.at += length;
        Some(&rest[..length])
    }

    /// A group with its braces.
    fn group(&mut self) -> Option<&'a str> {
        self.blank();
        let rest = &self.text[self.at..];
        let length = group(rest)?;
        self.at += length;
        Some(&rest[..length])
    }

    /// What stands in brackets.
    fn bracket(&mut self) -> Option<&'a str> {
        let before = self.at;
        self.blank();
        let rest = &self.text[self.at..];
        let found = rest.strip_prefix('[').and_then(|r| r.find(']'));
        let Some(length) = found else {
            self.at = before;
            return None;
        };
        self.at += length + 2;
        Some(&rest[1..=length])
    }
}

/// The environment that a macro opens, if that is all that it does:
/// `\newcommand{\be}{\begin{equation}}`.
pub(super) fn opens(body: &str) -> Option<&str> {
    let inner = body.strip_prefix('{')?.strip_suffix('}')?.trim();
    let (name, length) = named(inner, "\\begin")?;
    (length == inner.len() && environment(name).is_some()).then_some(name)
}

/// The environment that a macro ends.
pub(super) fn closes(body: &str) -> Option<&str> {
    let inner = body.strip_prefix('{')?.strip_suffix('}')?.trim();
    let (name, length) = named(inner, "\\end")?;
    (length == inner.len() && environment(name).is_some()).then_some(name)
}

/// Gives each formula the definitions that it needs: of those that stand
/// before it, the last of each name that the formula or one of these uses.
pub(super) fn give(fragments: &mut [Fragment], definitions: &[Definition]) {
    if definitions.is_empty() {
        return;
    }
    for fragment in fragments {
        let place = fragment.extent.start;
        let before = definitions.partition_point(|d| d.place < place);
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for (i, definition) in definitions[..before].iter().enumerate() {
            let provides = definition.latex.starts_with("\\providecommand");
            if !(provides && last.contains_key(definition.name.as_str())) {
                last.insert(&definition.name, i);
            }
        }
        // What the formula defines itself it may define only once.
        let inside = |d: &&Definition| d.place < fragment.extent.end;
        for definition in definitions[before..].iter().take_while(inside) {
            last.remove(definition.name.as_str());
        }
        let mut needed = vec![false; before];
        let mut open: Vec<&str> = vec![&fragment.latex];
        while let Some(latex) = open.pop() {
            for name in commands(latex) {
                if let Some(&i) = last.get(name)
                    && !std::mem::replace(&mut needed[i], true)
                {
                    open.push(&definitions[i].latex);
                }
            }
        }
        let needed = needed.iter().zip(definitions).filter(|(n, _)| **n);
        let latex: Vec<&str> = needed.map(|(_, d)| d.latex.as_str()).collect();
        let preamble = latex.concat();
        fragment.preamble = preamble;
    }
}

/// All commands in a piece of LaTeX, with their backslashes.
fn commands(latex: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + latex.get(at..)?.find('\\')?;
        at = start + 1 + command(&latex[start..]).len();
        Some(&latex[start..at])
    })
}

#[cfg(test)]
mod tests {
    use super::defining;

    fn latex(text: &str) -> Option<String> {
        defining(text, 0)?.definition.map(|d| d.latex)
    }

    #[test]
    fn definitions_are_as_katex_reads_them() {
        for (text, read) in [
            (
                r"\newcommand{\ab}[1]{\bar\alpha_{#1}} x",
                r"\def\ab#1{\bar\alpha_{#1}}",
            ),
            (r"\newcommand*\vx{\mathbf{x}}", r"\def\vx{\mathbf{x}}"),
            (r"\renewcommand {\R} {\mathbb R}", r"\def\R{\mathbb R}"),
            (r"\providecommand{\R}{R}", r"\providecommand{\R}[0]{R}"),
            (r"\def\half#1{\frac{#1}{2}}", r"\def\half#1{\frac{#1}{2}}"),
            (r"\let\eps=\epsilon", r"\let\eps=\epsilon"),
            (r"\let\eps\epsilon", r"\let\eps=\epsilon"),
            (r"\DeclareMathOperator{\KL}{KL}", r"\def\KL{\operatorname{KL}}"),
            (
                r"\DeclareMathOperator*{\E}{\mathbb{E}}",
                r"\def\E{\operatorname*{\mathbb{E}}}",
            ),
            (r"\newcommand{\x}{\ensuremath{x}\xspace}", r"\def\x{{x}}"),
            (
                r"\DeclarePairedDelimiter{\n}{\lVert}{\rVert}",
                r"\def\n#1{\lVert#1\rVert}",
            ),
            (r"\NewDocumentCommand{\d}{m m}{#1#2}", r"\def\d#1#2{#1#2}"),
        ] {
            assert_eq!(latex(text).as_deref(), Some(read), "{text}");
        }
        assert_eq!(latex(r"\newcommand{\todo}[2][x]{#1#2}"), None);
        assert!(defining(r"\newpage", 0).is_none());
        assert!(defining(r"\newcommand{\open", 0).is_none());
    }
}
