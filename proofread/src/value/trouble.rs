//! Why an expression has no value.

use std::fmt;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// An index outside its range: the claim says nothing here.
    OutOfRange(String),
    /// A division by zero.
    Division,
    /// The root or logarithm of a number that has none.
    Undefined(&'static str),
    /// Too few bits to tell whether there is a value.
    Unclear,
    /// A definition that comes back to itself.
    Circle(String),
    /// Too much work, or too deep.
    Budget,
    /// Something that is not decided here, with the reason.
    Unsupported(String),
}

impl Trouble {
    /// A power about which conventions differ.
    pub(crate) fn disputed_power() -> Self {
        let why = "a power whose base may be 0 or negative has no one \
                   meaning; a root, as in \\sqrt[3]{x}, has";
        Self::Unsupported(why.into())
    }

    /// Whether there is no value, for sure.
    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Self::Division | Self::Undefined(_))
    }
}

/// In words, as the end of a sentence on an expression.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::OutOfRange(why) | Self::Unsupported(why) => f.write_str(why),
            Self::Division => f.write_str("it divides by zero"),
            Self::Undefined(what) => write!(f, "it takes {what}"),
            Self::Unclear => f.write_str("it is not clear what it comes to"),
            Self::Circle(name) => write!(f, "{name} is defined by itself"),
            Self::Budget => f.write_str("it takes too much work"),
        }
    }
}
