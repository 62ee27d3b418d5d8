//! Faults of a verdict: a pass that a point refutes, or a refutation at a point
//! where the relation holds.

use super::points::Place;
use super::value::{Missing, Number, value};
use super::{Claim, Sign};
use num_rational::BigRational;
use proofread::{Marks, Notation, Outcome, Status, check};
use std::cmp::Ordering;

/// A verdict that is wrong, or that contradicts itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// The kind of the fault.
    pub(crate) kind: &'static str,
    /// The point, and the verdict.
    pub(crate) what: String,
}

/// The judgement of a claim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judged {
    /// The name of the status, or the reason why there is none.
    pub(crate) status: String,
    /// The fault of the verdict, if there is one.
    pub(crate) fault: Option<Fault>,
    /// True if a point refutes a claim that was left open.
    pub(crate) missed: bool,
}

impl Judged {
    /// Returns a judgement with this status and without a fault.
    pub(crate) fn new(status: &str) -> Self {
        Self { status: status.into(), fault: None, missed: false }
    }
}

/// The result of a relation at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Here {
    Holds,
    Fails,
    /// One side has a value, and the other has none.
    OneSided,
    /// Neither side has a value.
    Nothing,
    Unclear,
}

impl Claim {
    /// Decides the claim, and compares the verdict with values at points.
    ///
    /// # Panics
    /// If the checker panics.
    pub(crate) fn judged(&self) -> Judged {
        let text = self.text();
        let notation = Notation::read(&self.notation());
        let notation = notation.unwrap_or_else(|_| Notation::default());
        let report = check("claim.md", &text, &notation, &Marks::default());
        let [outcome] = report.outcomes.as_slice() else {
            return Judged::new("not one relation");
        };
        let fault = self.fault(outcome);
        let open =
            matches!(outcome.status, Status::Undecided | Status::Searched);
        let missed = open
            && self
                .points()
                .any(|at| matches!(self.at(&at), Here::Fails | Here::OneSided));
        let status = match (&outcome.problem, outcome.status) {
            (Some(problem), Status::Unknown) => {
                let what: String = problem
                    .message
                    .chars()
                    .map(|c| if c.is_ascii_digit() { '#' } else { c })
                    .collect();
                format!("unknown: {what}")
            }
            (_, status) => status.name().to_owned(),
        };
        Judged { status, fault, missed }
    }

    fn fault(&self, outcome: &Outcome) -> Option<Fault> {
        let fault = |kind, what: String| Some(Fault { kind, what });
        match outcome.status {
            Status::Exact | Status::Certified | Status::Gaussian => {
                let (at, here) = self
                    .points()
                    .map(|at| (self.at(&at), at))
                    .map(|(here, at)| (at, here))
                    .find(|(_, here)| match here {
                        Here::Fails | Here::OneSided => true,
                        Here::Nothing => !self.undefined,
                        Here::Holds | Here::Unclear => false,
                    })?;
                let status = outcome.status.name();
                let at: Vec<_> = at.iter().map(ToString::to_string).collect();
                let what = format!("{status}; at {}: {here:?}", at.join(", "));
                let kind = match here {
                    Here::Fails => "a pass that is false",
                    Here::OneSided => "a pass with one side undefined",
                    _ => "a pass with neither side defined",
                };
                fault(kind, what)
            }
            Status::False => {
                let found = outcome.counterexample.as_ref()?;
                // The digits of a counterexample are the point.
                let place = self.place(found)?;
                let refutes = |at: &Place| match self.applies(at) {
                    Some(false) => false,
                    None => true,
                    Some(true) => {
                        !matches!(self.at(at), Here::Holds | Here::Nothing)
                    }
                };
                let no_values = found.values.is_empty();
                let refuted = refutes(&place)
                    || no_values && self.points().any(|at| refutes(&at));
                (!refuted).then(|| Fault {
                    kind: "a counterexample that is none",
                    what: format!("{found:?}"),
                })
            }
            Status::Undecided => {
                let problem = outcome.problem.as_ref()?;
                let own = problem.message.contains("a fault of the checker");
                own.then(|| Fault {
                    kind: "algebra against points",
                    what: problem.message.clone(),
                })
            }
            _ => None,
        }
    }

    /// Returns the result of the relation at a point of the domain.
    fn at(&self, at: &[BigRational]) -> Here {
        let undefined = |found: &Result<_, Missing>| match found {
            Ok(_) => Some(false),
            Err(Missing::Undefined) => Some(true),
            Err(Missing::Unclear) => None,
        };
        let (left, right) = (value(&self.left, at), value(&self.right, at));
        match (undefined(&left), undefined(&right)) {
            (Some(true), Some(true)) => return Here::Nothing,
            (Some(true), Some(false)) | (Some(false), Some(true)) => {
                return Here::OneSided;
            }
            _ => {}
        }
        let (Ok(left), Ok(right)) = (left, right) else {
            return Here::Unclear;
        };
        match holds(&left, self.sign, &right) {
            Some(true) => Here::Holds,
            Some(false) => Here::Fails,
            None => Here::Unclear,
        }
    }
}

/// Returns whether a relation holds between two numbers, if this is clear.
pub(super) fn holds(left: &Number, sign: Sign, right: &Number) -> Option<bool> {
    let order = left.minus(right).ok()?.sign()?;
    Some(match sign {
        Sign::Equal => order == Ordering::Equal,
        Sign::NotEqual => order != Ordering::Equal,
        Sign::Less => order == Ordering::Less,
        Sign::LessEqual => order != Ordering::Greater,
        Sign::Greater => order == Ordering::Greater,
        Sign::GreaterEqual => order != Ordering::Less,
    })
}
