//! What is wrong with a notebook that was executed.

use crate::compare::{difference, text};
use crate::execute::Run;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// What went on beside the outputs.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Report {
    /// One for each code cell.
    pub(crate) cells: Vec<Timing>,
    /// What ended the run before its end.
    pub(crate) ended: Option<String>,
}

/// How long a cell took, and may take.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Timing {
    /// Nothing, if it did not run.
    pub(crate) seconds: Option<f64>,
    limit_s: f64,
}

/// What a cell can do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// It does not compile.
    Compile,
    /// It panics, or ends its process.
    Panic,
    /// It writes where only complaints go; so does the kernel with an error
    /// that reaches the top level.
    Stderr,
    /// It shows something else than what is committed.
    Differs,
    /// It takes longer than it may.
    Slow,
    /// It does not end, or ends the kernel.
    Ended,
}

/// A fault, and where.
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

/// Everything that is wrong.
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
            // What comes after only follows from it.
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

/// What shows in the outputs of a cell that failed.
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
