//! A small classifier of digits: images `(B, 1, 28, 28)` to logits `(B, 10)`.

use candle_core::{Result, Tensor};
use candle_fused::{conv2d, group_norm_silu, linear};
use candle_nn::{Init, VarBuilder};

/// Channels of the three convolutions, each with stride 2.
const CHANNELS: [usize; 4] = [1, 16, 32, 64];
const GROUPS: usize = 8;
const CLASSES: usize = 10;

/// Three convolutions with group norm and SiLU, then a linear layer.
pub(crate) struct Classifier {
    stages: Vec<Stage>,
    out_weight: Tensor, // (10, 64·4·4)
    out_bias: Tensor,   // (10)
}

struct Stage {
    conv_weight: Tensor, // (C_out, C_in, 3, 3)
    conv_bias: Tensor,   // (C_out)
    norm_weight: Tensor, // (C_out)
    norm_bias: Tensor,   // (C_out)
}

/// Uniform within `±1/√fan_in`.
fn uniform(fan_in: usize) -> Init {
    let bound = (fan_in as f64).sqrt().recip();
    Init::Uniform { lo: -bound, up: bound }
}

impl Classifier {
    pub(crate) fn new(vb: &VarBuilder) -> Result<Self> {
        let mut stages = vec![];
        for (i, sizes) in CHANNELS.windows(2).enumerate() {
            let (c_in, c_out, init) =
                (sizes[0], sizes[1], uniform(9 * sizes[0]));
            let vb = vb.pp(format!("stages.{i}"));
            let (conv, norm) = (vb.pp("conv"), vb.pp("norm"));
            let shape = (c_out, c_in, 3, 3);
            stages.push(Stage {
                conv_weight: conv.get_with_hints(shape, "weight", init)?,
                conv_bias: conv.get_with_hints(c_out, "bias", init)?,
                norm_weight: norm.get_with_hints(
                    c_out,
                    "weight",
                    Init::Const(1.0),
                )?,
                norm_bias: norm.get_with_hints(
                    c_out,
                    "bias",
                    Init::Const(0.0),
                )?,
            });
        }
        // 28 → 14 → 7 → 4 pixels a side.
        let features = CHANNELS[3] * 4 * 4;
        let (vb, init) = (vb.pp("linear_out"), uniform(features));
        Ok(Self {
            stages,
            out_weight: vb.get_with_hints(
                (CLASSES, features),
                "weight",
                init,
            )?,
            out_bias: vb.get_with_hints(CLASSES, "bias", init)?,
        })
    }

    /// Returns the logits `(B, 10)`, and the features `(B, 64)`: the output of the
    /// last convolution, averaged over its positions.
    pub(crate) fn forward(&self, images: &Tensor) -> Result<(Tensor, Tensor)> {
        let mut h = images.clone(); // (B, 1, 28, 28)
        for stage in &self.stages {
            h = conv2d(&h, &stage.conv_weight, &stage.conv_bias, 2)?;
            let (weight, bias) = (&stage.norm_weight, &stage.norm_bias);
            h = group_norm_silu(&h, weight, bias, GROUPS, 1e-5)?;
        } // (B, 64, 4, 4)
        let flat = h.flatten_from(1)?; // (B, 64·4·4)
        let logits = linear(&flat, &self.out_weight, &self.out_bias)?;
        Ok((logits, h.flatten_from(2)?.mean(2)?))
    }
}
