//! Relations: the meaning of a sign between two expressions.

/// A relation between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// `=`
    Equal,
    /// `:=` or `\coloneqq`: the left side is defined.
    Defines,
    /// `\ne`
    NotEqual,
    /// `<`
    Less,
    /// `\le`
    LessEqual,
    /// `>`
    Greater,
    /// `\ge`
    GreaterEqual,
    /// `\approx`
    Approximately,
    /// `\propto`
    Proportional,
    /// `\sim`
    Distributed,
    /// `\to`
    Tends,
}

impl Relation {
    /// Returns the relation between numbers that holds exactly where this
    /// relation does not; none if there is no such relation.
    pub(crate) fn negated(self) -> Option<Self> {
        Some(match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
            Self::Defines
            | Self::Approximately
            | Self::Proportional
            | Self::Distributed
            | Self::Tends => return None,
        })
    }

    /// Returns whether the relation is `<`, `\le`, `>` or `\ge`.
    pub(crate) fn is_order(self) -> bool {
        matches!(
            self,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual
        )
    }

    /// Returns the relation for the sides in the other order.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            other => other,
        }
    }

    /// Returns the sign as LaTeX.
    pub(crate) fn latex(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Defines => ":=",
            Self::NotEqual => "\\ne",
            Self::Less => "<",
            Self::LessEqual => "\\le",
            Self::Greater => ">",
            Self::GreaterEqual => "\\ge",
            Self::Approximately => "\\approx",
            Self::Proportional => "\\propto",
            Self::Distributed => "\\sim",
            Self::Tends => "\\to",
        }
    }
}
