//! Expressions, and their LaTeX.

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Log,
    Exp,
    Sin,
    Cos,
    Tanh,
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Max,
    Min,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// A fraction.
    Number(i64, i64),
    /// A symbol, by its index in the list of names.
    Symbol(usize),
    Two(Binary, Box<Self>, Box<Self>),
    Power(Box<Self>, i32),
    Root(u32, Box<Self>),
    Of(Function, Box<Self>),
}

impl Expr {
    pub(super) fn two(binary: Binary, a: Self, b: Self) -> Self {
        Self::Two(binary, Box::new(a), Box::new(b))
    }

    pub(super) fn of(function: Function, a: Self) -> Self {
        Self::Of(function, Box::new(a))
    }

    pub(super) fn power(a: Self, exponent: i32) -> Self {
        Self::Power(Box::new(a), exponent)
    }

    pub(super) fn root(degree: u32, a: Self) -> Self {
        Self::Root(degree, Box::new(a))
    }

    /// Returns the operands.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Number(..) | Self::Symbol(_) => vec![],
            Self::Two(_, a, b) => vec![a, b],
            Self::Power(a, _) | Self::Root(_, a) | Self::Of(_, a) => vec![a],
        }
    }

    fn parts_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Number(..) | Self::Symbol(_) => vec![],
            Self::Two(_, a, b) => vec![a, b],
            Self::Power(a, _) | Self::Root(_, a) | Self::Of(_, a) => vec![a],
        }
    }

    /// Returns the subexpressions at whose zeros the expression may lose its
    /// value or have a corner.
    pub(super) fn critical(&self) -> Vec<&Self> {
        let mut all: Vec<&Self> =
            self.parts().into_iter().flat_map(Self::critical).collect();
        match self {
            Self::Two(Binary::Div, _, a)
            | Self::Power(a, ..0)
            | Self::Root(_, a)
            | Self::Of(Function::Abs | Function::Log, a) => all.push(a),
            _ => {}
        }
        all
    }

    /// Returns the number of subexpressions, including this expression.
    pub(super) fn size(&self) -> usize {
        1 + self.parts().into_iter().map(Self::size).sum::<usize>()
    }

    /// Returns the subexpression with this number, counted from 0 in preorder.
    pub(super) fn at(&mut self, number: usize) -> &mut Self {
        if number == 0 {
            return self;
        }
        let mut left = number - 1;
        let mut place = 0;
        for part in self.parts() {
            if left < part.size() {
                break;
            }
            left -= part.size();
            place += 1;
        }
        self.parts_mut().swap_remove(place).at(left)
    }

    /// Returns the LaTeX, with brackets around operands, so that precedence
    /// does not matter.
    pub(super) fn latex(&self, names: &[&str]) -> String {
        let of = |a: &Self| a.latex(names);
        let within = |a: &Self| match a {
            Self::Symbol(_) => of(a),
            Self::Number(over, 1) if *over >= 0 => of(a),
            _ => format!(r"\left({}\right)", of(a)),
        };
        match self {
            Self::Number(over, 1) => over.to_string(),
            Self::Number(over, under) if *over < 0 => {
                format!(r"-\frac{{{}}}{{{under}}}", -over)
            }
            Self::Number(over, under) => format!(r"\frac{{{over}}}{{{under}}}"),
            Self::Symbol(number) => names[*number].into(),
            Self::Two(Binary::Add, a, b) => {
                format!("{} + {}", within(a), within(b))
            }
            Self::Two(Binary::Sub, a, b) => {
                format!("{} - {}", within(a), within(b))
            }
            Self::Two(Binary::Mul, a, b) => {
                format!(r"{} \cdot {}", within(a), within(b))
            }
            Self::Two(Binary::Div, a, b) => {
                format!(r"\frac{{{}}}{{{}}}", of(a), of(b))
            }
            Self::Two(Binary::Max, a, b) => {
                format!(r"\max\left({}, {}\right)", of(a), of(b))
            }
            Self::Two(Binary::Min, a, b) => {
                format!(r"\min\left({}, {}\right)", of(a), of(b))
            }
            Self::Power(a, exponent) => format!("{}^{{{exponent}}}", within(a)),
            Self::Root(2, a) => format!(r"\sqrt{{{}}}", of(a)),
            Self::Root(degree, a) => format!(r"\sqrt[{degree}]{{{}}}", of(a)),
            Self::Of(Function::Abs, a) => format!(r"\left|{}\right|", of(a)),
            Self::Of(Function::Exp, a) => format!("e^{{{}}}", of(a)),
            Self::Of(function, a) => {
                let name = match function {
                    Function::Log => "log",
                    Function::Sin => "sin",
                    Function::Cos => "cos",
                    _ => "tanh",
                };
                format!(r"\{name}\left({}\right)", of(a))
            }
        }
    }
}
