//! Reading the notation file.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `file` | the tables of the file |
//! | `circles` | definitions that come back to themselves |
//! | `entries`, `names` | entries that contradict themselves or one another |
//! | `steps` | which variables the steps of processes are about |

mod circles;
mod entries;
mod file;
mod names;
mod steps;
#[cfg(test)]
mod tests;
