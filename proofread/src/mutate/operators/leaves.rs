//! Any leaf.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Takes any token away that is seen: what no other operator thinks of.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let seen = |&i: &usize| {
        !matches!(
            source.kind(i),
            Some(
                Kind::Begin
                    | Kind::End
                    | Kind::Space
                    | Kind::Environment
                    | Kind::Script
            )
        )
    };
    let all = (0..source.tokens.len()).filter(seen);
    all.map(|i| source.drop(i..i + 1)).collect()
}
