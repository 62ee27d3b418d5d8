//! Mutations of single tokens.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Removes any one visible token, to cover what the other operators miss.
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
