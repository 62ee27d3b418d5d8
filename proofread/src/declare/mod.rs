//! Reading the notation file.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `file` | the tables of the file |
//! | `keys`, `ranges` | what their keys name; ranges of sizes and indices |
//! | `symbols`, `meanings` | entering what is declared, then what it means |
//! | `circles` | definitions that come back to themselves |
//! | `entries`, `names` | entries that contradict themselves or one another |
//! | `starts` | processes without a start |
//! | `steps` | which variables the steps of processes are about |

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
