//! The network, and the options of training.

use crate::args::Args;
use ddpm::data::ImageShape;
use ddpm::nn::UNetConfig;
use ddpm::optim::{Muon, ParamGroups, UpdateRule};
use ddpm::train::{TimestepSampler, TrainConfig};

/// Returns the sizes of a network for images of this shape. Larger images get more
/// levels, so that attention at the lowest has at most 256 pixels.
pub(crate) fn network(shape: ImageShape) -> UNetConfig {
    let patch_size = 2;
    let mut block_out_channels = vec![32, 64];
    let (mut height, mut width) = (shape.height / 4, shape.width / 4);
    while height * width > 256 && height % 2 == 0 && width % 2 == 0 {
        block_out_channels.push(64);
        (height, width) = (height / 2, width / 2);
    }
    UNetConfig {
        image_channels: shape.channels,
        patch_size,
        block_out_channels,
        ..UNetConfig::digits()
    }
}

/// Returns the options of training. The command line comes first, then the
/// checkpoint, then the options of the lesson. The options of the lesson were found
/// by trial on short runs, and evaluated by lesson 6.
pub(crate) fn config(args: &Args, before: Option<&TrainConfig>) -> TrainConfig {
    let muon =
        UpdateRule::Muon(Muon { learning_rate_factor: 7.0, ..Muon::default() });
    let lesson = TrainConfig {
        batch_size: 32,
        learning_rate: 3e-3,
        warmup_steps: 100,
        decay_from: 500,
        optimizer: ParamGroups {
            hidden: muon,
            first_and_last: muon,
            ..ParamGroups::default()
        },
        timestep_sampler: TimestepSampler::LogitNormal { mean: 0.9, std: 0.5 },
        ..TrainConfig::default()
    };
    let usual = before.copied().unwrap_or(lesson);
    TrainConfig {
        // A checkpoint keeps its seed; another seed is for other samples.
        seed: match before {
            Some(before) => before.seed,
            None => args.seed.unwrap_or(usual.seed),
        },
        batch_size: args.batch.map_or(usual.batch_size, |b| b as usize),
        learning_rate: args.learning_rate.unwrap_or(usual.learning_rate),
        ..usual
    }
}
