//! Tricks that change which text is hidden. They are reported, not followed.

use super::environments::group;
use super::verbatim::VERBATIM;
use crate::span::{Problem, Span};

/// Options with which a listing typesets formulas.
const OPTIONS: [&str; 5] =
    ["mathescape", "commandchars", "escapeinside", "escapechar", "texcl"];

/// Commands that set the options of all listings.
const SETTERS: [&str; 3] = ["\\lstset", "\\fvset", "\\setminted"];

/// Commands and options of packages that typeset formulas.
const TYPESETTERS: [&str; 3] =
    ["\\xymatrix", "matrix of math nodes", "nodes in math mode"];

/// LaTeX that changes which text is hidden, or what a character is.
const TRICKS: [&str; 28] = [
    "\\aftergroup",
    "\\repeat",
    "\\expandafter\\let\\csname",
    "\\AtBeginDocument{\\def",
    "\\AtBeginDocument{\\let",
    "\\AtBeginDocument{\\newcommand",
    "\\AtBeginDocument{\\renewcommand",
    "\\mathcode",
    "\\Umathcode",
    "\\delcode",
    "\\newunicodechar",
    "\\DeclareUnicodeCharacter",
    "\\DeclareMathSymbol{",
    "\\everymath",
    "\\everydisplay",
    "\\catcode",
    "\\unless\\if",
    "\\let\\if",
    "\\let\\fi",
    "\\string\\if",
    "\\def\\if",
    "\\csname if",
    "\\globaldefs",
    "\\ExplSyntaxOn",
    "\\halign",
    "\\valign",
    "\\string\\begin",
    "\\string\\end",
];

/// Commands that expand macros in a definition.
const EXPANDING: [&str; 4] = ["\\edef", "\\xdef", "\\csedef", "\\csxdef"];

/// Commands that define a macro which these do not expand.
const PROTECTING: [&str; 3] =
    ["\\protected", "\\DeclareRobustCommand", "DocumentCommand"];

/// Commands that redefine an environment.
const MAKERS: [&str; 6] = [
    "\\newtheorem{",
    "\\newtheorem*{",
    "\\newenvironment{",
    "\\renewenvironment{",
    "\\includecomment{",
    "\\specialcomment{",
];

/// Reports tricks that may show readers the text that is skipped here.
pub(super) fn unread(text: &str, is_tex: bool) -> Vec<Problem> {
    let mut found = vec![];
    let lone = text.match_indices('\r').find(|(at, _)| {
        !text[at + 1..].starts_with('\n') && at + 1 < text.len()
    });
    if let Some((at, _)) = lone {
        let message = "a line ends here with a carriage return alone, which \
                       programs read in two ways";
        let problem = Problem::new(Span::new(at, at + 1), message);
        found.push(problem.hint("save the text with line feeds"));
    }
    if EXPANDING.iter().any(|expanding| text.contains(expanding)) {
        for protecting in PROTECTING {
            let Some(at) = text.find(protecting) else { continue };
            let message = "\\edef does not expand what this defines, which is \
                           not followed";
            let span = Span::new(at, at + protecting.len());
            found.push(Problem::new(span, message).hint("write \\def"));
        }
    }
    if !is_tex {
        return found;
    }
    let commented = |at: usize| {
        let line = text[..at].rsplit('\n').next().unwrap_or("");
        line.contains('%')
    };
    let hidden = "what this hides or shows is not followed";
    let hidden = TRICKS.iter().map(|trick| (trick, hidden));
    let unread = "formulas in this are not read";
    let unread = TYPESETTERS.iter().map(|typesetter| (typesetter, unread));
    for (part, message) in hidden.chain(unread) {
        let places = text.match_indices(part).map(|(at, _)| at);
        for at in places.filter(|at| !commented(*at)) {
            let span = Span::new(at, at + part.len());
            found.push(Problem::new(span, message));
        }
    }
    for setter in SETTERS {
        let settings = text.match_indices(setter).map(|(at, _)| {
            let from = at + setter.len();
            (at, from + group(&text[from..]).unwrap_or(0))
        });
        for (at, end) in settings.filter(|(at, _)| !commented(*at)) {
            if OPTIONS.iter().any(|option| text[at..end].contains(option)) {
                let message = "listings that typeset formulas are not read";
                found.push(Problem::new(Span::new(at, end), message));
            }
        }
    }
    for maker in MAKERS {
        for (at, _) in text.match_indices(maker) {
            let name = &text[at + maker.len()..];
            let name = name.split('}').next().unwrap_or("");
            if VERBATIM.contains(&name) && !commented(at) {
                let message =
                    format!("{name} gets another meaning, which is not read");
                let end = at + maker.len() + name.len();
                let problem = Problem::new(Span::new(at, end), message);
                found.push(problem.hint("choose another name"));
            }
        }
    }
    found
}

/// Returns whether a verbatim environment typesets formulas.
pub(super) fn typesets(skipped: &str) -> bool {
    let Some(inner) = skipped.strip_prefix("\\begin{") else { return false };
    let name = inner.split('}').next().unwrap_or("");
    if name == "alltt" {
        return inner.contains("\\(") || inner.contains("\\[");
    }
    let options = inner[name.len()..].trim_start_matches('}').trim_start();
    let options = options.strip_prefix('[').and_then(|o| o.split_once(']'));
    options.is_some_and(|(options, _)| {
        OPTIONS.iter().any(|one| options.contains(one))
    })
}

#[cfg(test)]
mod tests {
    use super::{typesets, unread};

    #[test]
    fn tricks_are_named() {
        for text in [
            "$a$ % x\r$b$",
            "\\unless\\iffalse $a$\\fi",
            "\\let\\iffalse\\iftrue \\iffalse$a$\\fi",
            "\\newtheorem{comment}{Comment}",
            "\\renewenvironment{verbatim}{}{}",
            "\\catcode`\\?=14",
            "\\lstset{language=C, mathescape}",
            "{\\globaldefs=1 \\def\\x{a}}",
            "\\string\\end{document} $a$",
            "\\protected\\def\\a{b}\\edef\\c{\\a}",
            "\\mathcode`\\+=8704",
            "\\newunicodechar{²}{^3}",
            "\\expandafter\\let\\csname x\\endcsname\\y",
            "\\AtBeginDocument{\\def\\x{2}}",
            "\\loop\\def\\x{2}\\iffalse\\repeat",
            "\\DeclareMathSymbol{+}{\\mathbin}{symbols}{\"00}",
            "\\xymatrix{1=2}",
            "\\matrix[matrix of math nodes]{1=2\\\\};",
        ] {
            assert_eq!(unread(text, true).len(), 1, "{text}");
        }
        for text in [
            "a\r\nb\r\n",
            "% \\unless\\iffalse",
            "\\newtheorem{a}{b}",
            "\\lstset{language=C}",
        ] {
            assert!(unread(text, true).is_empty(), "{text}");
        }
        assert_eq!(unread("$a$\r$b$", false).len(), 1);
    }

    #[test]
    fn a_listing_may_typeset_formulas() {
        assert!(typesets("\\begin{alltt}\\(a\\)\\end{alltt}"));
        assert!(typesets("\\begin{lstlisting}[mathescape]\n$a$"));
        assert!(!typesets("\\begin{alltt}$a$\\end{alltt}"));
        assert!(!typesets("\\begin{lstlisting}[language=C]\n$a$"));
        assert!(!typesets("\\verb|[mathescape]|"));
    }
}
