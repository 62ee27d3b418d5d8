//! Output of the fates of the mutants.

use super::{Checked, Ending};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use proofread::{Fate, Mutant, diagnostics, line_column, mutants, table};
use std::io::{Result, Write};

/// The mutants to make, and the mutants to list.
#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// Read all mutants, but decide only every N-th, the same ones each time
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    every: u64,
    /// List the mutants that met this fate; may be given several times
    #[arg(long, value_name = "FATE", value_parser = fates())]
    list: Vec<Fate>,
}

pub(super) const HELP: &str = "\
Examples:
  proofread mutate notes.md --notation notes.toml
  proofread mutate notes.md --notation notes.toml --every 20 --list undecided

A mutant is the text with one small change in the bytes of a formula: a sign
flipped, an index shifted, a bracket moved, a condition dropped, two rows joined,
a word changed; or with one in the notation file. Each mutant is read and decided
from scratch. It can be

  rejected   it has no meaning, and an error says so
  refuted    it is false, and a counterexample shows it
  undecided  it was neither refuted nor shown, which is an error, too
  heard      it is read otherwise than the original, and was not decided: see
             --every
  equal      it says the same in other words, and that is proved
  true       it says something else, and that is true
  less       it claims only what the original claims, too
  untested   it differs where nothing is tested: in a definition, or where a
             mark says so
  spelling   it is read as the original, and is known to be a spelling of it
  survived   it is read as the original, and is typeset differently

A mutant that survives shows a fault of the checker: please report it.
Exit code: 0 if none survives, 1 if one does; 2 if the mutants could not be made.";

fn fates() -> impl TypedValueParser<Value = Fate> {
    let known = PossibleValuesParser::new(Fate::ALL.map(Fate::name));
    known.map(|name| {
        let fate = Fate::ALL.into_iter().find(|fate| fate.name() == name);
        fate.unwrap_or(Fate::Survived)
    })
}

/// Makes the mutants of a text, and prints their fates.
pub(super) fn print(
    checked: &Checked,
    options: &Options,
    out: &mut dyn Write,
) -> Result<Ending> {
    let Checked { name, file, beside, .. } = checked;
    if !checked.report.is_good() {
        let _ = writeln!(
            anstream::stderr(),
            "warning: {} does not pass by itself; run `proofread check` first",
            file.name
        );
    }
    let (text, notation) = (&file.text, &beside.notation_file);
    let made =
        mutants(name, text, &notation.text, &beside.marks, options.every);
    let found = match made {
        Ok(found) => found,
        Err(problems) => {
            for one in &problems {
                let shown =
                    diagnostics::problem(&notation.name, &notation.text, one);
                let _ = writeln!(anstream::stderr(), "{shown}");
            }
            return Ok(Ending::Unable);
        }
    };
    let is_shown = |mutant: &&Mutant| {
        mutant.fate == Fate::Survived || options.list.contains(&mutant.fate)
    };
    for mutant in found.iter().filter(is_shown) {
        let file = if mutant.in_notation { notation } else { file };
        let (line, column) = line_column(&file.text, mutant.span.start);
        let (name, fate) = (&file.name, mutant.fate.name());
        let why = match mutant.why.as_str() {
            "" => String::new(),
            why => format!(": {why}"),
        };
        writeln!(
            out,
            "{name}:{line}:{column}: {}: {fate}{why}",
            mutant.operator
        )?;
        for line in mutant.latex.trim().lines() {
            writeln!(out, "    {}", line.trim())?;
        }
    }
    writeln!(out, "{}: {} mutants", file.name, found.len())?;
    write!(out, "{}", table(&found))?;
    let survives = found.iter().any(|mutant| mutant.fate == Fate::Survived);
    Ok(Ending::of(!survives))
}
