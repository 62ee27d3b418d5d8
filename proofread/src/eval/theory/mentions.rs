//! Dependence of terms and vectors on a vector.

use crate::term::{Atom, AtomKind, Combination, Op, Term, Terms};

/// Checks whether terms depend on a vector, also through function calls.
pub(super) fn mentions(terms: &Terms, of: &[Term], atom: Atom) -> bool {
    let mut found = false;
    terms.visit(of, &mut |part| {
        if let Op::Inner(a, b) = terms.op(part) {
            found |= [*a, *b]
                .into_iter()
                .any(|x| x == atom || mentions_in_call(terms, x, atom));
        }
        if let Op::Call(call) = terms.op(part) {
            found |= call.vectors().any(|v| in_vector(terms, v, atom));
        }
    });
    found
}

fn in_vector(terms: &Terms, vector: &Combination, atom: Atom) -> bool {
    vector
        .iter()
        .any(|(other, _)| other == atom || mentions_in_call(terms, other, atom))
}

fn mentions_in_call(terms: &Terms, of: Atom, atom: Atom) -> bool {
    match terms.atom(of) {
        AtomKind::Free(_) => false,
        AtomKind::Call(call) => {
            call.vectors().any(|v| in_vector(terms, v, atom))
                || mentions(terms, &terms.atom_parts(of), atom)
        }
    }
}

/// Checks whether a vector depends on another vector.
pub(super) fn mentions_in_atom(terms: &Terms, of: Atom, atom: Atom) -> bool {
    of == atom || mentions_in_call(terms, of, atom)
}
