//! Worlds that are ready: drawn once for each choice of sizes, and shared by
//! the indices.

use super::{Claim, Point};
use crate::needs::Needs;
use crate::world::{Source, World};
use std::collections::BTreeMap;

/// Filled worlds, by their sizes.
pub(super) struct Pool<S: Source> {
    worlds: BTreeMap<BTreeMap<String, i64>, Vec<World<S>>>,
    source: fn(fastrand::Rng) -> S,
    rng: fastrand::Rng,
}

/// Fillings that may fail before a world is given up.
const FILLINGS: usize = 40;

impl<S: Source> Pool<S> {
    pub(super) fn new(source: fn(fastrand::Rng) -> S, seed: u64) -> Self {
        let rng = fastrand::Rng::with_seed(seed);
        Self { worlds: BTreeMap::new(), source, rng }
    }

    /// Whether an expectation had to be sampled in any of them.
    pub(super) fn sampled(&self) -> bool {
        self.worlds.values().flatten().any(|world| world.sampled)
    }

    /// World `k` for the sizes of a point, as it was after it was filled;
    /// nothing if none can be filled.
    pub(super) fn get(
        &mut self,
        claim: &Claim,
        needs: &Needs,
        point: &Point,
        k: usize,
    ) -> Option<&mut World<S>> {
        let ready = self.worlds.entry(point.sizes.clone()).or_default();
        while ready.len() <= k {
            let world = (0..FILLINGS).find_map(|_| {
                claim.world((self.source)(self.rng.fork()), needs, point)
            })?;
            ready.push(world);
        }
        let world = ready.get_mut(k)?;
        world.forget();
        Some(world)
    }
}
