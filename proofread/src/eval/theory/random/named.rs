//! The random variables that an expectation names.

use super::super::asked::asked;
use super::super::process::{Chain, expanded};
use super::key;
use crate::eval::{Eval, Key};
use crate::expr::{Expectation, Expr, Over, Symbol};
use crate::value::Trouble;

/// The random variables that an expectation names.
#[derive(Default)]
pub(super) struct Named<'a> {
    /// A process, the indices of its random variables, and the given indices.
    pub(super) of_process: Option<(String, Vec<i64>, Vec<i64>)>,
    /// The standard normal noises.
    pub(super) normals: Vec<Key>,
    /// The variables with distributions of their own.
    pub(super) laws: Vec<(Key, &'a Expr)>,
}

/// Returns what an expectation is over. Without a subscript, it is over the
/// whole process that starts from the data.
pub(super) fn over(eval: &Eval, expectation: &Expectation) -> Vec<Over> {
    let notation = eval.notation;
    let mut over = expectation.over.clone();
    if over.is_empty() {
        let open = notation.processes.iter().find(|(_, p)| p.start.is_none());
        if let Some((name, _)) = open {
            over.push(Over::Process(name.clone()));
        }
    }
    over
}

impl<'a> Named<'a> {
    /// Reads what an expectation is over, entry by entry.
    pub(super) fn read(
        eval: &mut Eval,
        expectation: &Expectation,
        over: &'a [Over],
    ) -> Result<Self, Trouble> {
        let mut named = Self::default();
        let given = expanded(eval, &expectation.given)?;
        for entry in over {
            match entry {
                // `over_index` sums over an index around this expectation.
                Over::Index(..) => {}
                Over::Drawn(symbol, law) => {
                    named.laws.push((key(eval, symbol)?, &**law));
                }
                Over::Process(name) => {
                    named.process(eval, expectation, name, &given)?;
                }
                Over::Density(density) => {
                    if !given.is_empty() {
                        let why = "a condition beside a density that says what \
                                   the mean is over";
                        return Err(Trouble::Unsupported(why.into()));
                    }
                    let of = expanded(eval, &density.of)?;
                    let condition = expanded(eval, &density.given)?;
                    named.add(&density.name, of, condition)?;
                }
                Over::Variable(symbol) => {
                    named.variable(eval, symbol, &given)?;
                }
            }
        }
        if named.of_process.is_none() && !given.is_empty() {
            let why = "a condition on what the mean is not over";
            return Err(Trouble::Unsupported(why.into()));
        }
        Ok(named)
    }

    /// Adds variables of a process.
    fn add(
        &mut self,
        name: &str,
        of: Vec<i64>,
        given: Vec<i64>,
    ) -> Result<(), Trouble> {
        match &mut self.of_process {
            None => self.of_process = Some((name.to_owned(), of, given)),
            Some((known, indices, condition))
                if known == name && *condition == given =>
            {
                indices.extend(of);
            }
            Some(_) => {
                let why = "an expectation over two distributions at once";
                return Err(Trouble::Unsupported(why.into()));
            }
        }
        Ok(())
    }

    /// Adds all variables of a process that are not given.
    fn process(
        &mut self,
        eval: &mut Eval,
        expectation: &Expectation,
        name: &str,
        given: &[i64],
    ) -> Result<(), Trouble> {
        let notation = eval.notation;
        let chain = Chain::new(eval, notation, name)?;
        let all = if eval.store.large.is_some() {
            asked(eval, &chain, &expectation.body)?
        } else {
            chain.all()?
        };
        let all = all.into_iter();
        let of = all.filter(|i| !given.contains(i)).collect();
        self.add(name, of, given.to_vec())
    }

    /// Adds noise, or a variable of the process that starts from the data.
    fn variable(
        &mut self,
        eval: &Eval,
        symbol: &Symbol,
        given: &[i64],
    ) -> Result<(), Trouble> {
        let notation = eval.notation;
        let key = key(eval, symbol)?;
        let declared = notation.symbols.get(&symbol.id());
        if declared.is_some_and(|d| d.standard_normal) {
            self.normals.push(key);
            return Ok(());
        }
        // `x` and a process variable `x_t` are different symbols.
        let process = notation.processes.iter().find(|(_, p)| {
            p.variable == symbol.name
                && p.start.is_none()
                && symbol.indices.len() == 1
        });
        let Some((name, _)) = process else {
            let name = &symbol.name;
            let why = format!("the distribution of {name} is not said");
            return Err(Trouble::Unsupported(why));
        };
        self.add(name, key.1, given.to_vec())
    }
}
