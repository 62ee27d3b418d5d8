//! The derivation in plain `f64`: no tensors, no randomness.
//!
//! Each file is one step of the derivation. In DDPM every vector equation is a
//! linear combination of a few vectors with scalar coefficients. The functions
//! here return the **coefficients**, so the same function serves numbers, slices
//! and tensors. Timesteps are the paper's, `t = 1 … T`. A [`Timestep`] exists only
//! if `t` is in range.
//!
//! | file | what |
//! | --- | --- |
//! | `schedule`, `schedules` | the noise schedule, from any betas or by name |
//! | `timestep` | one timestep: `β_t`, `α_t`, `ᾱ_t`, SNR |
//! | [`forward`] | one step, the chain, the closed form |
//! | [`gaussian`] | densities, products, conditionals, KL |
//! | [`denoise`] | `E[x_0 \| x_t]`, the best prediction of `x_0` |
//! | [`posterior`] | `μ̃_t`, `β̃_t`, and the choice of `σ_t²` |
//! | [`parameterization`] | `ε`, `x_0` and `v`; `μ̃_t` in terms of `ε` |
//! | [`bound`] | `L_T`, `L_{t-1}`, `L_0`, in nats and bits |
//! | [`ddim`], `respace` | DDIM, and fewer sampling steps |
//! | [`coefficients`] | the types of coefficients that the functions return |
//!
//! ```
//! use ddpm::math::{Schedule, forward};
//!
//! let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
//! let (x_0, epsilon) = (0.8, -0.3);
//! let c = forward::closed_form(schedule.at(500)?);
//! let x_t = c.x_0 * x_0 + c.epsilon * epsilon;
//! # assert!(x_t.abs() < 1.0);
//! # Ok::<(), ddpm::Error>(())
//! ```

pub mod bound;
pub mod coefficients;
pub mod ddim;
pub mod denoise;
pub mod forward;
pub mod gaussian;
pub mod parameterization;
pub mod posterior;
mod respace;
mod schedule;
mod schedules;
mod timestep;

pub use gaussian::Gaussian;
pub use parameterization::PredictionType;
pub use respace::evenly_spaced;
pub use schedule::Schedule;
pub use timestep::Timestep;
