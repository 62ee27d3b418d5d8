//! Verification of an executed notebook.

use crate::compare::{difference, text};
use crate::execute::Run;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The timings of a run, and what ended the run early.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Report {
    /// The timing of each code cell.
    pub(crate) cells: Vec<Timing>,
    /// The reason why the run ended early, if it did.
    pub(crate) ended: Option<String>,
}

/// The run time of a cell and its limit.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Timing {
    /// The run time, or `None` if the cell did not run.
    pub(crate) seconds: Option<f64>,
    limit_s: f64,
}

/// The kinds of failure of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// The cell does not compile.
    Compile,
    /// The cell panics, or ends its process.
    Panic,
    /// The cell writes to stderr, as the kernel does with an error that reaches
    /// the top level.
    Stderr,
    /// The output of the cell differs from the committed output.
    Differs,
    /// The cell takes longer than its limit.
    Slow,
    /// The cell does not finish, or ends the kernel.
    Ended,
}

/// A fault and its location.
#[derive(Clone, Debug)]
pub(crate) struct Complaint {
    pub(crate) fault: Fault,
    /// The number of the code cell, from 1.
    cell: usize,
    what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self { cell, what, .. }, said) = (self, self.fault.said());
        write!(f, "code cell {cell} {said}")?;
        let what = what.trim();
        if what.is_empty() { Ok(()) } else { write!(f, ":\n{what}") }
    }
}

impl Fault {
    fn said(self) -> &'static str {
        match self {
            Self::Compile => "does not compile",
            Self::Panic => "panics, or ends its process",
            Self::Stderr => "ends with an error, or writes of one",
            Self::Differs => {
                "does not show what is committed (if it is right now, run \
                 `cargo notebooks update`)"
            }
            Self::Slow => "takes too long",
            Self::Ended => "ends the run",
        }
    }
}

/// Returns all faults of an executed notebook.
pub(crate) fn complaints(run: &Run) -> Vec<Complaint> {
    let Run { committed, executed, report, .. } = run;
    let tolerance = committed["metadata"]["ddpm"]["tolerance"].as_f64();
    let tolerance = tolerance.unwrap_or(0.0);
    let mut all = vec![];
    let cells = code_cells(committed).zip(code_cells(executed));
    for (i, ((before, after), timing)) in cells.zip(&report.cells).enumerate() {
        let mut say = |fault, what: String| {
            all.push(Complaint { fault, cell: i + 1, what });
        };
        let Some(seconds) = timing.seconds else {
            let why = report.ended.clone();
            say(Fault::Ended, why.unwrap_or_else(|| "it did not run".into()));
            break;
        };
        if let Some((fault, what)) = failure(&after["outputs"]) {
            say(fault, what);
            // Faults of later cells only follow from this one.
            break;
        }
        let limit = timing.limit_s;
        if seconds > limit {
            say(Fault::Slow, format!("{seconds:.1} s of {limit:.0} s"));
        }
        let what = difference(&before["outputs"], &after["outputs"], tolerance);
        if let Some(what) = what {
            say(Fault::Differs, what);
        }
    }
    all
}

fn code_cells(notebook: &Value) -> impl Iterator<Item = &Value> {
    let cells = notebook["cells"].as_array().into_iter().flatten();
    cells.filter(|cell| cell["cell_type"] == "code")
}

/// Returns the fault that the outputs of a failed cell show, if any.
fn failure(outputs: &Value) -> Option<(Fault, String)> {
    let all = || outputs.as_array().into_iter().flatten();
    let stderr: String = all()
        .filter(|output| output["name"] == "stderr")
        .map(|output| text(&output["text"]))
        .collect();
    let error = all().find(|output| output["output_type"] == "error");
    if stderr.contains("panicked at") {
        return Some((Fault::Panic, stderr));
    }
    if let Some(error) = error {
        let said = error["evalue"].as_str().unwrap_or("").to_owned();
        let trace = text(&error["traceback"]);
        let fault = if trace.contains("terminated with")
            || said.contains("terminated with")
        {
            Fault::Panic
        } else {
            Fault::Compile
        };
        return Some((fault, format!("{said}\n{trace}\n{stderr}")));
    }
    (!stderr.is_empty()).then_some((Fault::Stderr, stderr))
}
