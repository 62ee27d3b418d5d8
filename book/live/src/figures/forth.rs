//! Figures of the forward process, from data to noise.

use ddpm::Result;
use ddpm::math::{Gaussian, Schedule, forward};
use ddpm::plot::{self, Figure, along};
use ddpm::random::{Purpose, stream};

/// Draws a Swiss roll at four timesteps of the forward process. `last` is the last beta
/// of the schedule, `third` the third timestep.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn swiss_roll_chain(last: f64, third: usize) -> Result<Figure> {
    let schedule = Schedule::linear(1000, 1e-4, last)?;
    let x_0 = ddpm::data::swiss_roll(600, 0);
    let mut panels = vec![("t = 0".to_owned(), x_0.clone())];
    for t in [50, third, 1000] {
        let c = forward::closed_form(schedule.at(t)?);
        let mut random = stream(0, Purpose::Data, t as u32, 1);
        let mut add_noise = |x_0: f32| {
            (c.x_0 * f64::from(x_0) + c.epsilon * random.normal()) as f32
        };
        let points = x_0.iter().map(|point| point.map(&mut add_noise));
        panels.push((format!("t = {t}"), points.collect()));
    }
    plot::cloud(&panels)
}

/// Draws a density with two peaks before and after one forward step, for a small and
/// a large beta.
pub(super) fn one_step([small, large]: [f64; 2]) -> Result<Figure> {
    let data = [(0.7, -1.2), (0.3, 1.4)];
    let density = |beta: Option<f64>| -> Result<Vec<[f64; 2]>> {
        let mut peaks = vec![];
        for (share, mean) in data {
            let mut peak = Gaussian::new(mean, 0.03)?;
            if let Some(beta) = beta {
                let schedule = Schedule::from_betas(vec![beta])?;
                let c = forward::one_step(schedule.last());
                peak = peak.affine(c.x_prev, c.epsilon.powi(2))?;
            }
            peaks.push((share, peak));
        }
        let at = |x: f64| {
            let peak =
                |(share, p): &(f64, Gaussian)| share * p.log_density(x).exp();
            peaks.iter().map(peak).sum()
        };
        Ok(along(-3.5, 3.5, at))
    };
    plot::curves(
        "One step of noise",
        "x",
        &[
            ("before", density(None)?),
            (&format!("after, β = {small}"), density(Some(small))?),
            (&format!("after, β = {large}"), density(Some(large))?),
        ],
    )
}

/// Draws the linear schedule from the first to the last beta, and the cosine schedule.
pub(super) fn schedules(steps: usize, first: f64, last: f64) -> Result<Figure> {
    let linear = Schedule::linear(steps, first, last)?;
    let cosine = Schedule::cosine(steps)?;
    plot::schedules(&[("linear", &linear), ("cosine", &cosine)])
}
