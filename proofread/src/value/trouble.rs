//! Reasons why an expression has no value.

use std::fmt;

/// The reason why an expression has no value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// An index outside its range, where the claim says nothing.
    OutOfRange(String),
    /// A division by zero.
    Division,
    /// The root or logarithm of a number that has none.
    Undefined(&'static str),
    /// Too few bits to tell whether there is a value.
    Unclear,
    /// A circular definition.
    Circle(String),
    /// A computation with too much work, or nested too deeply.
    Budget,
    /// An expression that the checker does not decide, with the reason.
    Unsupported(String),
}

impl Trouble {
    /// Returns the trouble of a power about which conventions differ.
    pub(crate) fn disputed_power() -> Self {
        let why = "a power whose base may be 0 or negative has no one \
                   meaning; a root, as in \\sqrt[3]{x}, has";
        Self::Unsupported(why.into())
    }

    /// Returns whether there certainly is no value.
    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Self::Division | Self::Undefined(_))
    }
}

/// Writes the reason as the end of a sentence about an expression.
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
