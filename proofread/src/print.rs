//! Expressions written as LaTeX that parses back to the same expression.

use crate::expr::{
    Approach, Condition, Density, Derivative, Destination, Expectation, Expr,
    Extremum, Function, Integral, Kind, Normal, Over, Symbol, Variables,
};
use std::fmt::{self, Display, Formatter};

/// The precedence of an expression. An expression in a place of higher
/// precedence gets brackets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Sum,
    Product,
    Factor,
    Base,
}

/// Writes a symbol as LaTeX.
pub(crate) fn symbol(symbol: &Symbol) -> String {
    let mut text = symbol.name.clone();
    if !symbol.indices.is_empty() {
        let indices: Vec<_> =
            symbol.indices.iter().map(ToString::to_string).collect();
        text = format!("{text}_{{{}}}", indices.join(","));
    }
    if !symbol.arguments.is_empty() {
        let arguments: Vec<_> =
            symbol.arguments.iter().map(ToString::to_string).collect();
        text = format!("{text}({})", arguments.join(", "));
    }
    text
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&write(self, Level::Sum))
    }
}

/// Writes an expression in a place that needs at least this precedence.
fn write(expr: &Expr, place: Level) -> String {
    let (text, level) = bare(expr);
    if level < place { format!("({text})") } else { text }
}

fn bare(expr: &Expr) -> (String, Level) {
    use Level::{Base, Factor, Product, Sum};
    match &expr.kind {
        Kind::Number { digits, decimals } => (number(*digits, *decimals), Base),
        Kind::Symbol(s) if s.name == "\\top" => {
            (format!("{}^\\top", write(&s.arguments[0], Base)), Factor)
        }
        Kind::Symbol(s) => (symbol(s), Base),
        Kind::Sum(terms) => {
            let mut text = String::new();
            for (i, (minus, term)) in terms.iter().enumerate() {
                text += match (i, minus) {
                    (0, false) => "",
                    (0, true) => "-",
                    (_, false) => " + ",
                    (_, true) => " - ",
                };
                text += &write(term, Product);
            }
            // A sum of a single positive term does not parse back as a sum.
            (text, Sum)
        }
        Kind::Product(factors) => {
            let last = factors.len() - 1;
            let parts = factors.iter().enumerate().map(|(i, factor)| {
                // An operator that takes the rest of the term needs brackets
                // unless it is the last factor.
                let greedy = matches!(
                    factor.kind,
                    Kind::Big(_)
                        | Kind::Function(..)
                        | Kind::Derivative(_)
                        | Kind::Limit(_)
                        | Kind::Extremum(_)
                );
                if greedy && i < last {
                    format!("({})", bare(factor).0)
                } else {
                    write(factor, Factor)
                }
            });
            (parts.collect::<Vec<_>>().join(" \\cdot "), Product)
        }
        Kind::Quotient(a, b) => (format!("\\frac{{{a}}}{{{b}}}"), Factor),
        Kind::Power(base, exponent) => {
            (format!("{}^{{{exponent}}}", write(base, Base)), Factor)
        }
        Kind::Root(inner) => (format!("\\sqrt{{{inner}}}"), Factor),
        Kind::Function(function, inner) => {
            (format!("{}({inner})", name(*function)), Factor)
        }
        Kind::Big(big) => {
            let sign = if big.product { "\\prod" } else { "\\sum" };
            let body = write(&big.body, Product);
            let (index, from, to) = (&big.index, &big.from, &big.to);
            (format!("{sign}_{{{index}={from}}}^{{{to}}} {body}"), Product)
        }
        Kind::Norm(inner) => (format!("\\left\\|{inner}\\right\\|"), Base),
        Kind::Inner(a, b) => {
            (format!("{}^\\top {}", write(a, Base), write(b, Base)), Factor)
        }
        Kind::Normal(normal) => (gaussian(normal), Base),
        Kind::Density(density) => (self::density(density), Base),
        Kind::Expectation(expectation) => {
            (self::expectation(expectation), Base)
        }
        Kind::Divergence(p, q) => {
            (format!("\\mathrm{{KL}}({p} \\,\\|\\, {q})"), Base)
        }
        Kind::OddRoot(degree, inner) => {
            (format!("\\sqrt[{degree}]{{{inner}}}"), Factor)
        }
        Kind::Cases(cases) => (self::cases(cases), Base),
        Kind::Extremum(extremum) => self::extremum(extremum),
        Kind::Derivative(derivative) => (self::derivative(derivative), Product),
        Kind::Integral(integral) => (self::integral(integral), Product),
        Kind::Limit(limit) => (self::limit(limit), Product),
        Kind::Entry(vector, index) => match &vector.kind {
            Kind::Symbol(s) => (format!("{}_{{{index}}}", symbol(s)), Base),
            _ => (format!("({vector})_{{{index}}}"), Base),
        },
    }
}

fn number(digits: i64, decimals: u32) -> String {
    if decimals == 0 {
        return digits.to_string();
    }
    let width = decimals as usize + 1;
    let text = format!("{digits:0width$}");
    let (whole, after) = text.split_at(text.len() - decimals as usize);
    format!("{whole}.{after}")
}

fn name(function: Function) -> &'static str {
    match function {
        Function::Log => "\\log",
        Function::Exp => "\\exp",
        Function::Sin => "\\sin",
        Function::Cos => "\\cos",
        Function::Tanh => "\\tanh",
    }
}

/// Writes `\begin{cases}` with a row for each case.
fn cases(cases: &[(Expr, Vec<Condition>)]) -> String {
    let condition =
        |(a, relation, b): &Condition| format!("{a} {} {b}", relation.latex());
    let row = |(value, conditions): &(Expr, Vec<Condition>)| {
        if conditions.is_empty() {
            return format!("{value} & \\text{{otherwise}}");
        }
        let all: Vec<_> = conditions.iter().map(condition).collect();
        format!("{value} & {}", all.join(" \\text{ and } "))
    };
    let rows: Vec<_> = cases.iter().map(row).collect();
    format!("\\begin{{cases}} {} \\end{{cases}}", rows.join(" \\\\ "))
}

fn extremum(extremum: &Extremum) -> (String, Level) {
    let name = if extremum.maximum { "\\max" } else { "\\min" };
    match (&extremum.over, extremum.of.as_slice()) {
        (Some(over), [of]) => {
            let of = write(of, Level::Product);
            (format!("{name}_{{{}}} {of}", symbol(over)), Level::Product)
        }
        (_, of) => {
            let of: Vec<_> = of.iter().map(ToString::to_string).collect();
            (format!("{name}({})", of.join(", ")), Level::Base)
        }
    }
}

fn derivative(derivative: &Derivative) -> String {
    let Derivative { by, order, partial, gradient, of } = derivative;
    if *gradient {
        let of = write(of, Level::Product);
        return format!("\\nabla_{{{}}} {of}", symbol(by));
    }
    let d = if *partial { "\\partial" } else { "\\mathrm{d}" };
    let power = match order {
        1 => String::new(),
        order => format!("^{{{order}}}"),
    };
    let of = write(of, Level::Product);
    format!("\\frac{{{d}{power}}}{{{d} {}{power}}} {of}", symbol(by))
}

fn integral(integral: &Integral) -> String {
    let Integral { by, from, to, body } = integral;
    let body = write(body, Level::Product);
    format!("\\int_{{{from}}}^{{{to}}} {body} \\,\\mathrm{{d}} {}", symbol(by))
}

fn limit(limit: &Approach) -> String {
    let Approach { by, to, from_above, of } = limit;
    let to = match to {
        Destination::Number(number) => number.to_string(),
        Destination::Infinity => "\\infty".to_owned(),
        Destination::MinusInfinity => "-\\infty".to_owned(),
    };
    let side = match from_above {
        Some(true) => "^{+}",
        Some(false) => "^{-}",
        None => "",
    };
    let of = write(of, Level::Product);
    format!("\\lim_{{{} \\to {to}{side}}} {of}", symbol(by))
}

fn gaussian(normal: &Normal) -> String {
    let at = normal.at.as_ref().map_or(String::new(), |at| format!("{at}; "));
    let variance = if normal.of_vectors {
        format!("{} \\cdot I", write(&normal.variance, Level::Factor))
    } else {
        normal.variance.to_string()
    };
    format!("\\mathcal{{N}}({at}{}, {variance})", normal.mean)
}

fn list(variables: &[Variables]) -> String {
    let one = |v: &Variables| match &v.to {
        Some(to) => format!("{}_{{{}:{to}}}", v.name, v.from),
        None => format!("{}_{{{}}}", v.name, v.from),
    };
    variables.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn density(density: &Density) -> String {
    let Density { name, of, given } = density;
    if given.is_empty() {
        format!("{name}({})", list(of))
    } else {
        format!("{name}({} \\mid {})", list(of), list(given))
    }
}

fn expectation(expectation: &Expectation) -> String {
    let over = expectation.over.iter().map(|over| match over {
        Over::Process(name) | Over::Index(name, None) => name.clone(),
        Over::Index(name, Some(range)) => {
            let (from, to) = &**range;
            format!("{name} \\sim \\mathcal{{U}}({from}, {to})")
        }
        Over::Drawn(variable, law) => {
            format!("{} \\sim {law}", symbol(variable))
        }
        Over::Density(density) => self::density(density),
        Over::Variable(variable) => symbol(variable),
    });
    let over = over.collect::<Vec<_>>().join(", ");
    let given = if expectation.given.is_empty() {
        String::new()
    } else {
        format!(" \\mid {}", list(&expectation.given))
    };
    let sub = if over.is_empty() { over } else { format!("_{{{over}}}") };
    format!("\\mathbb{{E}}{sub}[{}{given}]", expectation.body)
}
