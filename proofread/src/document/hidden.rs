//! Symbols whose definitions contain a variable that is bound around them. With
//! `c := x^2`, `c` is not constant in `\int_0^1 c \, dx`.

use super::checker::Checker;
use super::given::holds;
use crate::expr::{Expr, Kind, Over, Rewriting, Symbol, names};
use crate::span::Problem;

impl Checker<'_> {
    /// Refuses a symbol whose definition is not used here and contains the
    /// variable of a sum, an integral, a limit or an expectation around the
    /// symbol.
    pub(super) fn hidden(
        &self,
        side: &Expr,
        uses: &[Rewriting],
    ) -> Option<Problem> {
        if self.given.is_empty() {
            return None;
        }
        self.within(side, uses, &mut vec![])
    }

    fn within(
        &self,
        expr: &Expr,
        uses: &[Rewriting],
        around: &mut Vec<String>,
    ) -> Option<Problem> {
        if let Kind::Symbol(symbol) = &expr.kind
            && let Some(name) = self.depends(symbol, uses, around)
        {
            let message = format!(
                "the text defines {} by {name}, which is bound here",
                symbol.name
            );
            let hint = "say that the definition is used: % uses: and its id";
            return Some(Problem::new(expr.span, message).hint(hint));
        }
        let before = around.len();
        let bound = self.bound(expr);
        let is_mean = matches!(expr.kind, Kind::Expectation(_));
        let problem = if is_mean {
            self.defined_and_drawn(expr, uses)
        } else {
            self.defined_and_bound(expr, &bound)
        };
        if problem.is_some() {
            return problem;
        }
        around.extend(bound);
        let mut children = expr.children().into_iter();
        let found = children.find_map(|e| self.within(e, uses, around));
        around.truncate(before);
        found
    }

    /// Returns a variable that is bound around a symbol and is in a definition
    /// of the symbol that is not used.
    fn depends(
        &self,
        symbol: &Symbol,
        uses: &[Rewriting],
        around: &[String],
    ) -> Option<String> {
        let used = |one: &Symbol| uses.iter().any(|u| holds(&u.symbol, one));
        if around.is_empty() || used(symbol) {
            return None;
        }
        self.given.iter().find_map(|given| {
            let Rewriting { symbol: known, body } = &given.rewriting;
            let own = |name: &String| {
                let mut all = known.arguments.iter().chain(&known.indices);
                all.any(|e| names(e).contains(name))
            };
            let spoken = all_names(body);
            let mut bound = around.iter().filter(|name| spoken.contains(name));
            holds(known, symbol).then(|| bound.find(|n| !own(n)).cloned())?
        })
    }

    /// Refuses a bound variable that the text defines by what stands beside it: with
    /// `c := b + 1`, readers may disagree on whether `b` varies in
    /// `\int_0^1 b \, dc`.
    fn defined_and_bound(
        &self,
        expr: &Expr,
        bound: &[String],
    ) -> Option<Problem> {
        let beside = all_names(expr);
        let defined = self.given.iter().find(|given| {
            let Rewriting { symbol, body } = &given.rewriting;
            let found =
                all_names(body).iter().any(|name| beside.contains(name));
            found && symbol.arguments.is_empty() && bound.contains(&symbol.name)
        })?;
        let symbol = crate::print::symbol(&defined.rewriting.symbol);
        let message = format!("the text defines {symbol}, which varies here");
        let hint = "give the variable that varies another name";
        Some(Problem::new(expr.span, message).hint(hint))
    }

    /// Refuses a mean over the variables of a process that the text defines by noise,
    /// if the mean is of this noise, too, and does not use the definition: the process
    /// draws the variable independently of the noise.
    fn defined_and_drawn(
        &self,
        mean: &Expr,
        uses: &[Rewriting],
    ) -> Option<Problem> {
        let inside = all_names(mean);
        let of_process = |name: &String| {
            let mut all = self.notation.processes.values();
            all.any(|process| process.variable == *name)
        };
        let is_noise = |name: &String| {
            let mut all = self.notation.symbols.values();
            all.any(|d| d.standard_normal && d.name == *name)
        };
        let defined = self.given.iter().find(|given| {
            let Rewriting { symbol, body } = &given.rewriting;
            let spoken = all_names(body);
            let mut noise = spoken.iter().filter(|name| is_noise(name));
            of_process(&symbol.name)
                && inside.contains(&symbol.name)
                && noise.any(|name| inside.contains(name))
                && !uses.iter().any(|used| holds(&used.symbol, symbol))
        })?;
        let symbol = crate::print::symbol(&defined.rewriting.symbol);
        let message = format!(
            "the text defines {symbol} by noise, and this mean draws {symbol} from its \
             process, independently of the noise"
        );
        let hint = "say that the definition is used, % uses: and its id, and write what \
                    the mean is over as its subscript";
        Some(Problem::new(mean.span, message).hint(hint))
    }

    /// Returns the names of the variables that an expression binds: `x` of an
    /// integral over `x`.
    fn bound(&self, expr: &Expr) -> Vec<String> {
        let by = |symbol: &Symbol| vec![symbol.name.clone()];
        match &expr.kind {
            Kind::Big(big) => vec![big.index.clone()],
            Kind::Integral(integral) => by(&integral.by),
            Kind::Limit(limit) => by(&limit.by),
            Kind::Derivative(derivative) => by(&derivative.by),
            Kind::Extremum(extremum) => {
                extremum.over.iter().flat_map(by).collect()
            }
            Kind::Expectation(mean) => {
                let noise = self.notation.symbols.values();
                let noise = noise.filter(|d| d.standard_normal);
                let noise = noise.map(|d| d.name.clone());
                let processes = self.notation.processes.values();
                let data = processes.map(|p| p.variable.clone());
                let own = mean.over.iter().filter_map(|over| match over {
                    Over::Index(name, _) => Some(name.clone()),
                    _ => None,
                });
                noise.chain(data).chain(own).chain(names(expr)).collect()
            }
            _ => vec![],
        }
    }
}

/// Returns the names in an expression and in its subexpressions.
fn all_names(expr: &Expr) -> Vec<String> {
    let mut all = vec![];
    expr.visit(&mut |e| all.extend(names(e)));
    all
}
