//! Samples of a trained network, step by step.

use candle_core::{Device, Tensor};
use ddpm::Result;
use ddpm::math::forward;
use ddpm::nn::{Denoiser, UNet, UNetConfig, Weights, model_from_bytes};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{SampleOptions, Sampler, State};

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
        let c = forward::closed_form(self.model.schedule.at(t)?);
        let mut x_t = Vec::with_capacity(count * x_0.len());
        for copy in 0..count {
            let index = u32::try_from(copy).unwrap_or(u32::MAX);
            let mut noise =
                stream(options.seed, Purpose::Illustration, 0, index);
            x_t.extend(x_0.iter().map(|&x| {
                #[allow(clippy::cast_possible_truncation)] // a pixel
                let x =
                    (c.x_0 * f64::from(x) + c.epsilon * noise.normal()) as f32;
                x
            }));
        }
        let shape = [&[count], &*self.model.sample_shape].concat();
        let x_t = Tensor::from_vec(x_t, shape, &Device::Cpu)?;
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
