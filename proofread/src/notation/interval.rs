//! Where numbers lie.

/// Where a number lies: between two ends, each its own or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) with_low: bool,
    pub(crate) with_high: bool,
}

impl Interval {
    pub(crate) const REALS: Self = Self {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
        with_low: false,
        with_high: false,
    };

    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "real" {
            return Some(Self::REALS);
        }
        let with_low = match text.chars().next()? {
            '[' => true,
            '(' => false,
            _ => return None,
        };
        let with_high = match text.chars().last()? {
            ']' => true,
            ')' => false,
            _ => return None,
        };
        let (low, high) = text[1..text.len() - 1].split_once(',')?;
        let end = |text: &str| match text.trim() {
            "oo" => Some(f64::INFINITY),
            "-oo" => Some(f64::NEG_INFINITY),
            text => text.parse::<f64>().ok().filter(|x| x.is_finite()),
        };
        let interval =
            Self { low: end(low)?, high: end(high)?, with_low, with_high };
        (interval.low <= interval.high).then_some(interval)
    }

    /// A bounded part of it, to draw from.
    pub(crate) fn to_draw(self) -> Self {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => self,
            (true, false) => Self { high: self.low + 3.0, ..self },
            (false, true) => Self { low: self.high - 3.0, ..self },
            (false, false) => Self { low: -3.0, high: 3.0, ..self },
        }
    }

    pub(crate) fn holds(self, x: f64) -> bool {
        (x > self.low || self.with_low && x == self.low)
            && (x < self.high || self.with_high && x == self.high)
    }
}
