//! The Gaussians of a process are about its own variables.

use crate::expr::{Expr, Kind, Symbol};
use crate::notation::Process;
use crate::span::Span;

impl Process {
    /// Says what is wrong with a step, or with the start, if that is no
    /// Gaussian of the variable that it is to give: of `x_t`, of `x_{t-1}`
    /// backwards, of the first in its order at the start.
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

    /// The variable that a step gives, or the start.
    fn variable_given(&self, starts: bool) -> Expr {
        let whole = |kind| Expr::new(kind, Span::default());
        let symbol = |name: &str, indices| {
            let (name, arguments) = (name.to_owned(), vec![]);
            whole(Kind::Symbol(Symbol { name, indices, arguments }))
        };
        let (low, high) = &self.range;
        let index = symbol(&self.index, vec![]);
        let index = match (starts, self.backwards) {
            (true, false) => low.expr(),
            (true, true) => high.expr(),
            (false, false) => index,
            (false, true) => {
                let terms = vec![(false, index), (true, Expr::whole(1))];
                whole(Kind::Sum(terms))
            }
        };
        symbol(&self.variable, vec![index])
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::Notation;

    fn read(process: &str) -> Result<Notation, String> {
        let text = format!(
            "[sizes]\nT = '2..3'\n[indices]\nt = '1..T'\n[symbols]\n\
             'x_t' = {{ kind = 'vector', range = '0..T' }}\n\
             'y' = {{ kind = 'vector' }}\n[processes.q]\nvariable = 'x'\n\
             range = '0..T'\nindex = 't'\n{process}"
        );
        Notation::read(&text).map_err(|all| all[0].message.clone())
    }

    #[test]
    fn a_step_is_one_of_its_own_variable() {
        let step = |step: &str| read(&format!("step = '\\mathcal N({step}'"));
        assert!(step("x_t; x_{t-1}, I)").is_ok());
        for other in ["x_{t-1}; x_t", "x_T; x_{t-1}", "y; x_{t-1}", "x_{t-1}"] {
            let message = step(&format!("{other}, I)")).unwrap_err();
            assert!(message.contains("one of x_{t}"), "{other}: {message}");
        }
        assert!(step("x_t; x_{t-1}, I) + 1").is_err());
        // Vectors have a covariance, and a mean that is a vector.
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
        assert!(back("x_T", "x_{t-1}; x_t").is_ok());
        assert!(back("x_0", "x_{t-1}; x_t").is_err());
        assert!(back("x_T", "x_t; x_{t-1}").is_err());
    }
}
