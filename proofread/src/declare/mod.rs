//! The reader of the notation file.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `file` | the tables of the file |
//! | `keys`, `ranges` | names in the keys; ranges of sizes and indices |
//! | `symbols`, `meanings` | declarations of symbols, then their definitions |
//! | `circles` | circular definitions |
//! | `entries`, `names` | entries that contradict themselves or one another |
//! | `starts` | processes without a start |
//! | `steps` | the variables in the steps of processes |

mod circles;
mod entries;
mod file;
mod keys;
mod meanings;
mod names;
mod ranges;
mod starts;
mod steps;
mod symbols;
#[cfg(test)]
mod tests;
