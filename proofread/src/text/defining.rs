//! Commands that define macros and environments.

use super::meaning::{
    HASHES, Meaning, Parameter, environment, plain, refused, specified,
};
use super::tokens::Reader;

/// The rule that a definition follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The name must be new.
    New,
    /// A name that is known keeps its meaning.
    Provide,
    /// The name gets this meaning.
    Set,
    /// The name gets this meaning, with the body expanded now.
    Expand,
}

/// Commands that define or change a macro by rules that are unknown here.
const UNKNOWN: [&str; 28] = [
    "newcommandx",
    "renewcommandx",
    "providecommandx",
    "DeclareRobustCommandx",
    "DeclarePairedDelimiterX",
    "DeclarePairedDelimiterXPP",
    "DeclareMathSymbol",
    "DeclareMathAccent",
    "DeclareMathDelimiter",
    "mathchardef",
    "chardef",
    "futurelet",
    "NewCommandCopy",
    "RenewCommandCopy",
    "DeclareCommandCopy",
    "g@addto@macro",
    "addto",
    "appto",
    "gappto",
    "eappto",
    "xappto",
    "preto",
    "gpreto",
    "apptocmd",
    "pretocmd",
    "patchcmd",
    "xpatchcmd",
    "undef",
];

/// A definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Defining {
    /// The length in bytes.
    pub(super) length: usize,
    /// `\x`, or `{claim}` for an environment.
    pub(super) name: String,
    pub(super) meaning: Meaning,
    pub(super) rule: Rule,
    /// True if the definition holds beyond its group.
    pub(super) global: bool,
}

/// Reads the definition at the start of `text`.
pub(super) fn defining(text: &str) -> Option<Defining> {
    let mut reader = Reader { text, at: 0 };
    let (mut global, mut kind) = (false, reader.command()?);
    while matches!(kind, "global" | "long" | "outer" | "protected") {
        global |= kind == "global";
        reader.blank();
        kind = reader.command()?;
    }
    if kind == "expandafter" {
        reader.blank();
        kind = reader.command()?;
        reader.blank();
        if !reader.text[reader.at..].starts_with("\\csname") {
            return None;
        }
    }
    global |= matches!(kind, "gdef" | "xdef");
    let (name, meaning, rule) = reader.definition(kind)?;
    let meaning = with_its_parameters(meaning);
    // A definition that is not understood may hold everywhere.
    global |= matches!(meaning, Meaning::Refused { .. });
    Some(Defining { length: reader.at, name, meaning, rule, global })
}

/// Refuses a macro whose body has a parameter that the macro does not have, as
/// `\newcommand{\x}[1]{#2}`.
fn with_its_parameters(meaning: Meaning) -> Meaning {
    let Meaning::Macro { parameters, body, .. } = &meaning else {
        return meaning;
    };
    // `##1` is the parameter of a definition within the body.
    let plain = body.replace("##", "");
    let numbers = plain
        .split('#')
        .skip(1)
        .filter_map(|rest| rest.chars().next().and_then(|c| c.to_digit(10)));
    let missing = numbers.max().filter(|n| *n as usize > parameters.len());
    match missing {
        Some(number) => {
            let why = format!("uses #{number}, which is no argument of it");
            Meaning::Refused { why, body: String::new() }
        }
        None => meaning,
    }
}

type Found = (String, Meaning, Rule);

impl Reader<'_> {
    fn definition(&mut self, kind: &str) -> Option<Found> {
        let start = kind.get(..3).unwrap_or("").to_ascii_lowercase();
        let rule = match &*start {
            "new" => Rule::New,
            "pro" => Rule::Provide,
            _ => Rule::Set,
        };
        match kind {
            "newcommand" | "renewcommand" | "providecommand" => {
                self.newcommand(false, rule)
            }
            "DeclareRobustCommand"
            | "newrobustcmd"
            | "renewrobustcmd"
            | "providerobustcmd" => self.newcommand(true, rule),
            "DeclareMathOperator" => {
                let star = if self.take("*") { "*" } else { "" };
                let name = self.name()?;
                let body = format!("\\operatorname{star}{}", self.group()?);
                Some((name, plain(0, body), Rule::New))
            }
            "DeclarePairedDelimiter" => {
                let name = self.name()?;
                let (left, right) = (self.inner()?, self.inner()?);
                let body = format!("{left}#3{right}");
                let optional = Parameter::Optional(Some(String::new()));
                let parameters =
                    vec![Parameter::Star, optional, Parameter::Plain];
                let robust = true;
                let meaning = Meaning::Macro { parameters, body, robust };
                Some((name, meaning, Rule::Set))
            }
            "def" | "gdef" => self.def(Rule::Set),
            "edef" | "xdef" => self.def(Rule::Expand),
            "@namedef" => {
                let name = format!("\\{}", self.inner()?.trim());
                self.behind_name(name, Rule::Set)
            }
            "let" | "LetLtxMacro" => {
                let name = self.name()?;
                self.take("=");
                let to = match self.name() {
                    Some(to) => to,
                    None => self.one()?.to_owned(),
                };
                Some((name, Meaning::Let(to), Rule::Set))
            }
            _ => self.rarer(kind, rule),
        }
    }

    /// Reads definitions of environments, and definitions by packages.
    fn rarer(&mut self, kind: &str, rule: Rule) -> Option<Found> {
        match kind {
            "newenvironment" | "renewenvironment" => {
                self.take("*");
                let name = self.environment()?;
                let parameters = self.parameters();
                let (begin, end) = (self.inner()?, self.inner()?);
                Some((name, environment(parameters, begin, end), rule))
            }
            "NewDocumentCommand"
            | "RenewDocumentCommand"
            | "ProvideDocumentCommand"
            | "DeclareDocumentCommand"
            | "NewExpandableDocumentCommand"
            | "RenewExpandableDocumentCommand"
            | "DeclareExpandableDocumentCommand" => {
                let name = self.name()?;
                let parameters = specified(self.inner()?);
                let body = self.inner()?.to_owned();
                let robust = !kind.contains("Expandable");
                let meaning = match parameters {
                    Some(parameters) if !body.contains("\\If") => {
                        Meaning::Macro { parameters, body, robust }
                    }
                    _ => refused(kind, body),
                };
                Some((name, meaning, rule))
            }
            "NewDocumentEnvironment"
            | "RenewDocumentEnvironment"
            | "DeclareDocumentEnvironment" => {
                let name = self.environment()?;
                let parameters = specified(self.inner()?);
                let (begin, end) = (self.inner()?, self.inner()?);
                let meaning = match parameters {
                    Some(_) if !begin.contains("\\If") => {
                        environment(parameters, begin, end)
                    }
                    _ => refused(kind, format!("{begin}{end}")),
                };
                Some((name, meaning, rule))
            }
            "NewEnviron" | "RenewEnviron" => {
                let name = self.environment()?;
                while self.bracket().is_some() {}
                let body = self.inner()?.to_owned();
                Some((name, refused(kind, body), rule))
            }
            "csdef" | "csgdef" | "csedef" | "csxdef" | "cslet" | "csundef"
            | "letcs" => {
                let name = match self.name() {
                    Some(name) => name,
                    None => format!("\\{}", self.inner()?.trim()),
                };
                Some((name, refused(kind, self.arguments()), Rule::Set))
            }
            "foreach" => {
                let name = self.name()?;
                Some((name, refused(kind, String::new()), Rule::Set))
            }
            _ if UNKNOWN.contains(&kind) => {
                self.take("*");
                let name = self.name()?;
                Some((name, refused(kind, self.arguments()), Rule::Set))
            }
            _ => None,
        }
    }

    /// Reads all arguments and options here.
    fn arguments(&mut self) -> String {
        let start = self.at;
        while self.bracket().is_some() || self.group().is_some() {}
        self.text[start..self.at].to_owned()
    }

    fn newcommand(&mut self, robust: bool, rule: Rule) -> Option<Found> {
        self.take("*");
        let name = self.name()?;
        let parameters = self.parameters();
        let body = self.body()?;
        let meaning = match parameters {
            Some(parameters) => Meaning::Macro { parameters, body, robust },
            None => refused("newcommand", body),
        };
        Some((name, meaning, rule))
    }

    /// Reads `[2][x]`: the number of arguments, and the default of the first.
    fn parameters(&mut self) -> Option<Vec<Parameter>> {
        let Some(count) = self.bracket() else { return Some(vec![]) };
        let default = self.bracket().map(String::from);
        let count: usize = count.trim().parse().ok().filter(|n| *n <= 9)?;
        let mut parameters = vec![Parameter::Plain; count];
        if let Some(default) = default {
            *parameters.first_mut()? = Parameter::Optional(Some(default));
        }
        Some(parameters)
    }

    fn def(&mut self, rule: Rule) -> Option<Found> {
        let name = self.name()?;
        self.behind_name(name, rule)
    }

    /// Reads the parameters and the body of a `\def`.
    fn behind_name(&mut self, name: String, rule: Rule) -> Option<Found> {
        let rest = &self.text[self.at..];
        let length = rest.find('{')?;
        let lines = rest[..length].split_inclusive('\n');
        let code = lines.map(|line| match line.split_once('%') {
            Some((code, _)) => code,
            None => line,
        });
        let parameters: String = code.collect();
        if parameters.contains("\n\n") {
            return None;
        }
        let parameters = parameters.trim().to_owned();
        self.at += length;
        let body = self.inner()?.to_owned();
        let count = parameters.len() / 2;
        let meaning = if parameters == HASHES[..2 * count.min(9)] {
            plain(count, body)
        } else {
            Meaning::Delimited { parameters, body }
        };
        Some((name, meaning, rule))
    }
}
