//! The initialisation of the weights of a layer.

/// The initial distribution of weights and biases.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Init {
    /// Uniform within `±1/√fan_in`, PyTorch's default.
    #[default]
    FanIn,
    /// Zero. A residual branch that ends in such a layer adds nothing before
    /// training, so the block starts as the identity.
    Zero,
}

impl Init {
    /// Returns candle-nn's description, for a layer with `fan_in` inputs to
    /// each output.
    pub(crate) fn with_fan_in(self, fan_in: usize) -> candle_nn::Init {
        match self {
            Self::FanIn => {
                let bound = (fan_in as f64).sqrt().recip();
                candle_nn::Init::Uniform { lo: -bound, up: bound }
            }
            Self::Zero => candle_nn::Init::Const(0.0),
        }
    }
}
