//! Training: Algorithm 1 of the DDPM paper.
//!
//! Draw an example, a time and noise; mix them by the closed form; ask the
//! network what was mixed in; take a step on the squared error. A
//! [`Trainer`] is an iterator that does this once a call and says how it went;
//! the caller draws the bars and decides when to stop.
//!
//! Every random number is named by the seed and the step, and the learning
//! rate and the average depend on the step alone, never on a clock or on how
//! long the training will be. So a run that was stopped and resumed from its
//! checkpoint gives the same bytes as one that never was.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `loss` | `L_simple` of a batch |
//! | `settings` | batch size, learning rate, and the like |
//! | `times` | how often each time is trained on |
//! | `batches` | which examples, times and noise make a batch |
//! | `gradients` | the gradient of a batch, in parts side by side |
//! | `trainer` | the loop |
//! | `checkpoint` | all of a trainer's state in one file |

mod batches;
mod checkpoint;
mod gradients;
mod loss;
mod settings;
mod times;
mod trainer;

pub use batches::{Batch, Batches};
pub use loss::loss;
pub use settings::Settings;
pub use times::Times;
pub use trainer::{Progress, Trainer};
