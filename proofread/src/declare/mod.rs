//! Reading the notation file.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `file` | the tables of the file |
//! | `circles` | definitions that come back to themselves |
//! | `steps` | which variables the steps of processes are about |

mod circles;
mod file;
mod steps;
