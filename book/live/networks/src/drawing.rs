//! Samples of a trained network, step by step.

use candle_core::{Device, Tensor};
use ddpm::Result;
use ddpm::nn::{Denoiser, UNet, UNetConfig, Weights, model_from_bytes};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{SampleOptions, Sampler, State};
use ddpm::train::add_noise;

/// A network of pictures that has been trained.
///
/// ```
/// use ddpm::sample::SampleOptions;
/// use networks::Painter;
/// let weights = include_bytes!("../../weights/digits.safetensors");
/// let painter = Painter::new(weights)?;
/// let options = SampleOptions { steps: Some(2), ..SampleOptions::default() };
/// let mut timesteps = vec![];
/// painter.draw(1, &options, |picture| timesteps.push(picture.t))?;
/// assert_eq!(timesteps, [1000, 1, 0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Painter {
    model: Denoiser<UNet>,
}

/// Pictures at a timestep of sampling.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The timestep, 0 at the end.
    pub t: usize,
    /// The pictures at the timestep, one after another.
    pub x_t: Vec<f32>,
    /// The predictions of the clean pictures, from which this step was computed;
    /// empty at the start.
    pub x_0: Vec<f32>,
}

impl Painter {
    /// Creates a painter from a file of weights: those of `digits --weights`.
    ///
    /// # Errors
    /// If the file is damaged, or of another kind of network.
    pub fn new(weights: &[u8]) -> Result<Self> {
        let model = model_from_bytes::<UNetConfig>(
            weights,
            Weights::Last,
            &Device::Cpu,
        )?;
        Ok(Self { model })
    }

    /// Draws `count` pictures, and calls `show` with the noise and after each step.
    ///
    /// # Errors
    /// If `count` is 0, or the number of steps does not fit the schedule.
    pub fn draw(
        &self,
        count: usize,
        options: &SampleOptions,
        show: impl FnMut(Picture),
    ) -> Result<()> {
        let start = self.model.schedule.steps();
        run(start, Sampler::new(&self.model, count, options)?, show)
    }

    /// Adds noise to a picture as the forward process does until timestep `t`, and
    /// removes it. `count` copies get different noise.
    ///
    /// # Errors
    /// If the picture has another number of pixels, there is no such timestep, or the
    /// number of steps does not fit it.
    pub fn vary(
        &self,
        x_0: &[f32],
        t: usize,
        count: usize,
        options: &SampleOptions,
        show: impl FnMut(Picture),
    ) -> Result<()> {
        let mut epsilon = vec![0.0; count * x_0.len()];
        for (copy, index) in epsilon.chunks_mut(x_0.len().max(1)).zip(0..) {
            stream(options.seed, Purpose::Illustration, 0, index)
                .fill_normal(copy);
        }
        let shape = [&[count], &*self.model.sample_shape].concat();
        let tensor = |values: Vec<f32>| {
            Tensor::from_vec(values, shape.as_slice(), &Device::Cpu)
        };
        let copies = tensor(x_0.repeat(count))?;
        let (epsilon, at) = (tensor(epsilon)?, vec![t; count]);
        let x_t = add_noise(&self.model.schedule, &copies, &epsilon, &at)?;
        let sampler = Sampler::starting_at(&self.model, t, x_t, options)?;
        run(t, sampler, show)
    }
}

fn run(
    t: usize,
    sampler: Sampler<UNet>,
    mut show: impl FnMut(Picture),
) -> Result<()> {
    show(Picture { t, x_t: values(sampler.x())?, x_0: vec![] });
    for state in sampler {
        let State { t, x, x_0 } = state?;
        show(Picture { t, x_t: values(&x)?, x_0: values(&x_0)? });
    }
    Ok(())
}

fn values(x: &Tensor) -> Result<Vec<f32>> {
    Ok(x.flatten_all()?.to_vec1()?)
}
