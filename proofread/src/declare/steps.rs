//! The variables in the steps of a process.

use crate::expr::{Expr, Id, Kind, Symbol};
use crate::notation::{Declaration, Notation, Process, Sort};
use crate::span::Span;
use std::collections::BTreeSet;

impl Process {
    /// Returns what is wrong with a step, or with the start, unless it is a
    /// Gaussian of the right variable: of `x_t`, of `x_{t-1}` for a backward
    /// process, of the first variable of the process at the start.
    pub(super) fn fault(&self, given: &Expr, starts: bool) -> Option<String> {
        let variable = self.variable_given(starts);
        let Kind::Normal(normal) = &given.kind else {
            let message = "this is no Gaussian, such as \\mathcal N(x_t; \
                           x_{t-1}, I)";
            return Some(message.into());
        };
        (normal.at.as_ref() != Some(&variable)).then(|| {
            let what = if starts { "start" } else { "step" };
            format!("this {what} is one of {variable}, as \\mathcal N({variable}; …)")
        })
    }

    /// Returns whether no variable of the process has this index, so that steps
    /// may depend on the symbol: on `x_0`, if the process has `x_1` to `x_T`.
    fn is_outside(&self, index: &Expr) -> bool {
        let (low, _) = &self.range;
        matches!(index.kind, Kind::Number { digits, decimals: 0 }
            if low.size.is_none() && digits < low.offset)
    }

    /// Returns the variable whose Gaussian a step, or the start, gives.
    fn variable_given(&self, starts: bool) -> Expr {
        let (low, high) = &self.range;
        match (starts, self.backwards) {
            (true, false) => self.variable_at(low.expr()),
            (true, true) => self.variable_at(high.expr()),
            (false, backwards) => self.variable_near(backwards),
        }
    }

    /// Returns the variable that a step starts from.
    fn variable_known(&self) -> Expr {
        self.variable_near(!self.backwards)
    }

    /// Returns the variable at the index of the step, or at the index before.
    fn variable_near(&self, before: bool) -> Expr {
        let index = symbol(&self.index, vec![]);
        let terms = vec![(false, index.clone()), (true, Expr::whole(1))];
        let less = || Expr::new(Kind::Sum(terms), Span::default());
        self.variable_at(if before { less() } else { index })
    }

    fn variable_at(&self, index: Expr) -> Expr {
        symbol(&self.variable, vec![index])
    }
}

fn symbol(name: &str, indices: Vec<Expr>) -> Expr {
    let (name, arguments) = (name.to_owned(), vec![]);
    let symbol = Symbol { name, indices, arguments };
    Expr::new(Kind::Symbol(symbol), Span::default())
}

impl Notation {
    /// Returns what is wrong with the variable of a process, if anything.
    pub(super) fn variable_fault(&self, process: &Process) -> Option<String> {
        let name = &process.variable;
        let id = Id { indices: 1, ..Id::plain(name) };
        let Some(known) = self.symbols.get(&id) else {
            return Some(format!("{name} is no symbol with one index"));
        };
        if known.means.is_some() || known.standard_normal {
            return Some(format!(
                "{name} is random by this process, and cannot be anything else"
            ));
        }
        if known.sort != Sort::Vector {
            return Some(format!(
                "{name} is a number, and a process is one of vectors: write \
                 kind = \"vector\", which holds for one dimension, too"
            ));
        }
        let (low, high) = known.range.as_ref()?;
        let (first, last) = &process.range;
        (self.never(first, low) || self.never(high, last)).then(|| {
            format!("the range of this process is not within that of {name}")
        })
    }

    /// Returns what is wrong with the dependencies of a step, or of the start,
    /// if anything. A step may depend on the variable before it, and on nothing
    /// else that is random. A symbol of the same family that is not a variable
    /// of the process is not random, but given.
    pub(super) fn step_fault(
        &self,
        process: &Process,
        given: &Expr,
        starts: bool,
    ) -> Option<String> {
        let Kind::Normal(normal) = &given.kind else { return None };
        let before = (!starts).then(|| process.variable_known());
        let mut fault = None;
        for part in [&normal.mean, &normal.variance] {
            self.visit_defined(part, &mut |e, defines| {
                // In a definition, `x_{t-1}` may belong to another `t`.
                let before = before.as_ref().filter(|_| !defines);
                let found = self.random(process, before, e);
                fault = fault.take().or(found);
            });
        }
        fault
    }

    /// Returns why a step cannot depend on an expression; none if it can.
    fn random(
        &self,
        process: &Process,
        before: Option<&Expr>,
        expr: &Expr,
    ) -> Option<String> {
        let what = match &expr.kind {
            Kind::Density(_) | Kind::Expectation(_) | Kind::Divergence(..) => {
                "a density or a mean".to_owned()
            }
            Kind::Symbol(symbol) => {
                let known = self.symbols.get(&symbol.id())?;
                let varies = |p: &Process| p.variable == symbol.name;
                let of_process = symbol.indices.len() == 1
                    && !process.is_outside(&symbol.indices[0])
                    && (varies(process) || self.processes.values().any(varies));
                let known_before = before == Some(expr);
                if !(known.standard_normal || of_process && !known_before) {
                    return None;
                }
                expr.to_string()
            }
            _ => return None,
        };
        let only = match before {
            Some(before) => format!("on nothing random but {before}"),
            None => "on nothing random".to_owned(),
        };
        Some(format!("this depends on {what}: it may depend {only}"))
    }

    /// Calls `f` with each part of an expression and of the definitions of its
    /// symbols, except parameters. The second argument of `f` is true for a
    /// part of a definition.
    fn visit_defined<'a>(
        &'a self,
        expr: &'a Expr,
        f: &mut dyn FnMut(&Expr, bool),
    ) {
        let (mut todo, mut seen) = (vec![(expr, None)], BTreeSet::new());
        while let Some((expr, of)) = todo.pop() {
            let of: Option<&Declaration> = of;
            expr.visit(&mut |e| {
                let Kind::Symbol(symbol) = &e.kind else {
                    return f(e, of.is_some());
                };
                if of.is_some_and(|of| of.parameters.contains(symbol)) {
                    return;
                }
                f(e, of.is_some());
                let id = symbol.id();
                if let Some(known) = self.symbols.get(&id)
                    && let Some(means) = &known.means
                    && seen.insert(id)
                {
                    todo.push((means, Some(known)));
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::Notation;

    fn read(process: &str) -> Result<Notation, String> {
        read_from(0, process)
    }

    /// Reads a process whose variables start at the index `first`.
    fn read_from(first: u8, process: &str) -> Result<Notation, String> {
        let text = format!(
            "[sizes]\nT = '2..3'\n[indices]\nt = '1..T'\n[symbols]\n\
             'x_t' = {{ kind = 'vector', range = '0..T' }}\n\
             'y' = {{ kind = 'vector' }}\n[processes.q]\nvariable = 'x'\n\
             range = '{first}..T'\nindex = 't'\n{process}"
        );
        Notation::read(&text).map_err(|all| all[0].message.clone())
    }

    #[test]
    fn a_step_is_one_of_its_own_variable() {
        let step = |step: &str| read(&format!("step = '\\mathcal N({step}'"));
        step("x_t; x_{t-1}, I)").unwrap();
        for other in ["x_{t-1}; x_t", "x_T; x_{t-1}", "y; x_{t-1}", "x_{t-1}"] {
            let message = step(&format!("{other}, I)")).unwrap_err();
            assert!(message.contains("one of x_{t}"), "{other}: {message}");
        }
        assert!(step("x_t; x_{t-1}, I) + 1").is_err());
        // A Gaussian of vectors needs a covariance, and a vector as its mean.
        assert!(step("x_t; x_{t-1}, 1)").is_err());
        assert!(step("x_t; x_{t-1} x_t, I)").is_err());
    }

    #[test]
    fn a_step_back_and_its_start_too() {
        let back = |start: &str, step: &str| {
            read(&format!(
                "backwards = true\nstart = '\\mathcal N({start}; 0, I)'\n\
                 step = '\\mathcal N({step}, I)'"
            ))
        };
        back("x_T", "x_{t-1}; x_t").unwrap();
        assert!(back("x_0", "x_{t-1}; x_t").is_err());
        assert!(back("x_T", "x_t; x_{t-1}").is_err());
    }

    #[test]
    fn a_step_depends_on_its_own_process_by_the_variable_before() {
        let process = "backwards = true\nstart = '\\mathcal N(x_T; x_0, I)'\n\
                       step = '\\mathcal N(x_{t-1}; x_t + x_0, I)'";
        // The process of x_1 to x_T may depend on x_0; x_0 to x_T includes x_0.
        read_from(1, process).unwrap();
        let message = read_from(0, process).unwrap_err();
        assert!(message.contains("depends on x_{0}"), "{message}");
    }
}
