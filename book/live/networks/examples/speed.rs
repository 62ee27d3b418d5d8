//! Prints how many examples a second the networks of the pages learn from and draw
//! natively, as JSON. `npm --prefix book/browser run measure` runs it beside a browser.
//!
//! ```text
//! RAYON_NUM_THREADS=1 cargo run --release --package networks --example speed
//! ```

use ddpm::sample::SampleOptions;
use networks::{Lesson, Painter, Training};
use std::time::{Duration, Instant};

/// The time for each number.
const TIME: Duration = Duration::from_secs(3);

/// Steps of sampling.
const STEPS: usize = 30;

fn main() -> anyhow::Result<()> {
    let mut rates = vec![];
    for (lesson, batch) in
        [(Lesson::Spiral, 256), (Lesson::Paper, 32), (Lesson::Fast, 32)]
    {
        let mut training = Training::new(lesson, 0)?;
        let mut step = || training.step().map_or(Ok(()), |step| step.map(drop));
        let rate = f64::from(batch) * a_second(&mut step)?;
        rates.push(format!("\"{}\": {rate}", lesson.name()));
    }
    let weights = include_bytes!("../../weights/digits.safetensors");
    let painter = Painter::new(weights)?;
    let options =
        SampleOptions { steps: Some(STEPS), ..SampleOptions::default() };
    let rate = 16.0 * a_second(&mut || painter.draw(16, &options, drop))?;
    rates.push(format!("\"draw\": {rate}"));
    println!("{{{}}}", rates.join(", "));
    Ok(())
}

/// Returns how often `work` is done in a second, after a first time.
fn a_second(work: &mut dyn FnMut() -> ddpm::Result<()>) -> ddpm::Result<f64> {
    work()?;
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < TIME {
        work()?;
        count += 1;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
