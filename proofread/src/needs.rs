//! The dependencies of a claim: symbols, sizes, free indices.

use crate::expr::{Expr, Id, Kind, Over, Rewriting, Symbol, names};
use crate::notation::{Bound, Notation, Sort};
use std::collections::BTreeSet;

/// The dependencies of a claim and of its definitions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    pub(crate) symbols: BTreeSet<Id>,
    pub(crate) sizes: BTreeSet<String>,
    pub(crate) indices: BTreeSet<String>,
    pub(crate) processes: BTreeSet<String>,
    /// True if an expectation has to be computed.
    pub(crate) expectation: bool,
    /// True if an index of a family runs to the dimension `d`, which then must be
    /// a number.
    pub(crate) numbered_dimension: bool,
}

impl Needs {
    /// Returns whether the claim depends on a function without a definition.
    pub(crate) fn has_functions(&self, notation: &Notation) -> bool {
        self.symbols.iter().any(|id| {
            let declared = notation.symbols.get(id);
            id.arguments > 0 && declared.is_some_and(|d| d.means.is_none())
        })
    }

    /// Returns whether the claim speaks of vectors.
    pub(crate) fn has_vectors(&self, notation: &Notation) -> bool {
        let symbols =
            self.symbols.iter().filter_map(|id| notation.symbols.get(id));
        let mut sorts = symbols.map(|declared| declared.sort);
        !self.processes.is_empty() || sorts.any(|sort| sort == Sort::Vector)
    }

    pub(crate) fn of(
        expressions: &[&Expr],
        uses: &[Rewriting],
        notation: &Notation,
    ) -> Self {
        let mut needs = Self::default();
        let mut walk = Walk { needs: &mut needs, uses, notation };
        for expression in expressions {
            walk.expression(expression, &mut vec![]);
        }
        needs
    }
}

struct Walk<'a> {
    needs: &'a mut Needs,
    uses: &'a [Rewriting],
    notation: &'a Notation,
}

impl Walk<'_> {
    fn expression(&mut self, expr: &Expr, bound: &mut Vec<String>) {
        match &expr.kind {
            Kind::Symbol(symbol) => self.symbol(symbol, bound),
            Kind::Big(big) => {
                self.expression(&big.from, bound);
                self.expression(&big.to, bound);
                if is_dimension(&big.to) && has_family(&big.body, &big.index) {
                    self.needs.numbered_dimension = true;
                }
                bound.push(big.index.clone());
                self.expression(&big.body, bound);
                bound.pop();
                return;
            }
            // The variable of an integral or of a minimum is sampled like other
            // symbols, because the definition of the body may contain the
            // variable.
            Kind::Extremum(extremum) => {
                if let Some(over) = &extremum.over {
                    self.symbol(over, bound);
                }
            }
            Kind::Derivative(derivative) => {
                self.symbol(&derivative.by, bound);
            }
            Kind::Integral(integral) => self.symbol(&integral.by, bound),
            Kind::Limit(limit) => self.symbol(&limit.by, bound),
            Kind::Density(density) => self.process(&density.name),
            Kind::Expectation(expectation) => {
                self.needs.expectation = true;
                for over in &expectation.over {
                    match over {
                        Over::Process(name) => self.process(name),
                        Over::Density(density) => self.process(&density.name),
                        Over::Variable(symbol) | Over::Drawn(symbol, _) => {
                            self.symbol(symbol, bound);
                        }
                        Over::Index(name, _) => {
                            let symbol = Symbol {
                                name: name.clone(),
                                indices: vec![],
                                arguments: vec![],
                            };
                            self.symbol(&symbol, bound);
                        }
                    }
                }
                for given in &expectation.given {
                    self.symbol_named(&given.name);
                }
            }
            _ => {}
        }
        for child in expr.children() {
            self.expression(child, bound);
        }
    }

    fn symbol(&mut self, symbol: &Symbol, bound: &[String]) {
        let name = &symbol.name;
        if bound.contains(name) {
            return;
        }
        if self.notation.sizes.contains_key(name) {
            self.needs.sizes.insert(name.clone());
            return;
        }
        if let Some((low, high)) = self.notation.indices.get(name) {
            self.needs.indices.insert(name.clone());
            self.bound(low);
            self.bound(high);
            return;
        }
        let id = symbol.id();
        if !self.needs.symbols.insert(id.clone()) {
            return;
        }
        for rewriting in self.uses {
            let left = &rewriting.symbol;
            if left.id() == id {
                let mut bound = index_names(left, self.notation);
                self.expression(&rewriting.body, &mut bound);
            }
        }
        let Some(declaration) = self.notation.symbols.get(&id) else { return };
        if let Some((low, high)) = &declaration.range {
            self.bound(low);
            self.bound(high);
        }
        if let Some(means) = &declaration.means {
            let mut bound = declaration.indices.clone();
            self.expression(means, &mut bound);
        }
    }

    fn symbol_named(&mut self, name: &str) {
        let symbol = Symbol {
            name: name.to_owned(),
            indices: vec![],
            arguments: vec![],
        };
        self.symbol(&symbol, &[]);
    }

    fn process(&mut self, name: &str) {
        if !self.needs.processes.insert(name.to_owned()) {
            return;
        }
        let Some(process) = self.notation.processes.get(name) else { return };
        self.symbol_named(&process.variable);
        self.bound(&process.range.0);
        self.bound(&process.range.1);
        let mut bound = vec![process.index.clone()];
        self.expression(&process.step, &mut bound);
        if let Some(start) = &process.start {
            self.expression(start, &mut bound);
        }
    }

    fn bound(&mut self, bound: &Bound) {
        let Some(name) = &bound.size else { return };
        if let Some((low, high)) = self.notation.indices.get(name) {
            if self.needs.indices.insert(name.clone()) {
                self.bound(low);
                self.bound(high);
            }
        } else {
            self.needs.numbered_dimension |= name == "d";
            self.needs.sizes.insert(name.clone());
        }
    }
}

/// Returns whether an expression is the dimension of vectors.
pub(crate) fn is_dimension(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Symbol(s) if s.name == "d" && s.indices.is_empty())
}

/// Returns whether an expression has a member of a family at an index: `\sigma_j`,
/// where `j` is no entry of a vector.
pub(crate) fn has_family(expr: &Expr, index: &str) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        let Kind::Symbol(symbol) = &e.kind else { return };
        let mut indices = symbol.indices.iter();
        found |= indices.any(|at| names(at).iter().any(|name| name == index));
    });
    found
}

/// Returns the indices in a symbol's subscript, such as `t` of `x_t`.
pub(crate) fn index_names(symbol: &Symbol, notation: &Notation) -> Vec<String> {
    let mut names = vec![];
    for index in &symbol.indices {
        if let Kind::Symbol(symbol) = &index.kind
            && notation.indices.contains_key(&symbol.name)
        {
            names.push(symbol.name.clone());
        }
    }
    names
}
