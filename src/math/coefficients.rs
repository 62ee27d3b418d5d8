//! The coefficients of a linear combination, by name.
//!
//! A function of the derivation returns the coefficients of the vectors in its
//! formula. Each type here names the vectors of one kind of formula, so that
//! code reads `c.x_0 * x_0 + c.epsilon * epsilon`.

/// The coefficients of `x_{t-1}` and `ε_t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XPrevEpsilon {
    /// The coefficient of `x_{t-1}`.
    pub x_prev: f64,
    /// The coefficient of the noise `ε_t` of step `t`.
    pub epsilon: f64,
}

/// The coefficients of `x_0` and `ε`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct X0Epsilon {
    /// The coefficient of the data `x_0`.
    pub x_0: f64,
    /// The coefficient of the noise `ε`.
    pub epsilon: f64,
}

/// The coefficients of `x_0` and `x_t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct X0Xt {
    /// The coefficient of the data `x_0`.
    pub x_0: f64,
    /// The coefficient of `x_t`.
    pub x_t: f64,
}

/// The coefficients of `x_t` and `ε`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XtEpsilon {
    /// The coefficient of `x_t`.
    pub x_t: f64,
    /// The coefficient of the noise `ε`.
    pub epsilon: f64,
}

/// The coefficients of `x_t` and `v`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XtV {
    /// The coefficient of `x_t`.
    pub x_t: f64,
    /// The coefficient of `v`.
    pub v: f64,
}

/// The coefficients of `x_t` and the output of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XtOutput {
    /// The coefficient of `x_t`.
    pub x_t: f64,
    /// The coefficient of the network's output.
    pub output: f64,
}
