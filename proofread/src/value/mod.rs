//! Numbers, intervals and signs, and the reasons for a missing value.

mod hash;
mod interval;
mod number;
mod signs;
mod trouble;

pub(crate) use hash::hash;
pub(crate) use interval::{Interval, number};
pub(crate) use number::{Q, rational_root, whole, words};
pub(crate) use signs::Signs;
pub(crate) use trouble::Trouble;
