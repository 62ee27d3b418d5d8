//! Smaller claims with the same fault.

use super::Claim;
use super::expr::Expr;
use super::judge::Judged;

impl Claim {
    /// Returns the smallest claim that was found with a fault of the same kind.
    pub(crate) fn shrunk(&self) -> Self {
        let kind = |claim: &Self| {
            let Judged { fault, .. } = claim.judged();
            fault.map(|fault| fault.kind)
        };
        let (mut best, first) = (self.clone(), kind(self));
        let mut tries = 400;
        while let Some(next) = best.smaller().into_iter().find(|claim| {
            tries -= 1;
            tries > 0 && kind(claim) == first
        }) {
            best = next;
        }
        best
    }

    fn smaller(&self) -> Vec<Self> {
        let mut all = vec![];
        for i in 0..self.conditions.len() {
            let mut claim = self.clone();
            claim.conditions.remove(i);
            all.push(claim);
        }
        if self.undefined {
            all.push(Self { undefined: false, ..self.clone() });
        }
        for left in smaller(&self.left) {
            all.push(Self { left, ..self.clone() });
        }
        for right in smaller(&self.right) {
            all.push(Self { right, ..self.clone() });
        }
        for i in 0..3 {
            if self.domains[i] != 0 {
                let mut claim = self.clone();
                claim.domains[i] = 0;
                all.push(claim);
            }
        }
        all
    }
}

/// Returns copies of the expression, each with one subexpression replaced by
/// one of its operands or by a number.
fn smaller(expr: &Expr) -> Vec<Expr> {
    let mut all = vec![];
    for place in 0..expr.size() {
        let mut whole = expr.clone();
        let old = whole.at(place).clone();
        let parts = old.parts().into_iter().cloned();
        let numbers = [0, 1, 2].map(|x| Expr::Number(x, 1));
        let numbers =
            numbers.into_iter().filter(|_| !matches!(old, Expr::Number(..)));
        for new in parts.chain(numbers) {
            *whole.at(place) = new;
            all.push(whole.clone());
        }
    }
    all
}
