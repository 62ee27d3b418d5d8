//! The solutions of the book's exercises.

use approx::assert_relative_eq;
use ddpm::Result;
use ddpm::math::{
    Gaussian, Schedule, Timestep, bound, denoise, evenly_spaced, forward,
    parameterization, posterior,
};
use ddpm::random::{Purpose, stream};
use std::f64::consts::PI;

/// Returns the schedule of the DDPM paper.
fn paper() -> Result<Schedule> {
    Schedule::linear(1000, 1e-4, 0.02)
}

#[test]
fn a_density_beyond_all_numbers() -> Result<()> {
    let schedule = paper()?;
    let mut random = stream(1, Purpose::Data, 0, 0);
    let mut path = vec![0.5];
    for at in schedule.iter() {
        let c = forward::one_step(at);
        path.push(c.x_prev * path[at.t() - 1] + c.epsilon * random.normal());
    }
    let logarithms = schedule.iter().map(|at| at.beta().ln());
    let mean = logarithms.sum::<f64>() / 1000.0;
    assert!((mean + 4.887).abs() < 0.0005, "{mean}");
    let log_density = forward::chain_log_density(&schedule, &path)?;
    assert!((log_density - 1025.0).abs() < 100.0, "{log_density}");
    assert!(log_density.exp().is_infinite());
    Ok(())
}

#[test]
fn one_pixel() -> Result<()> {
    let schedule = Schedule::from_betas(vec![0.19])?;
    let step = forward::kernel(schedule.at(1)?, 0.5);
    assert!((step.mean() - 0.45).abs() < 1e-12);
    // Count draws that land above 0.9.
    let mut random = stream(0, Purpose::Data, 0, 0);
    let mut draw = || step.mean() + step.variance().sqrt() * random.normal();
    let above = (0..100_000).filter(|_| draw() > 0.9).count();
    assert!((14_500..15_700).contains(&above), "{above} of 100,000");
    Ok(())
}

#[test]
fn the_last_noise_weighs_most() -> Result<()> {
    let schedule = Schedule::from_betas(vec![0.2; 6])?;
    let (_, weights) = forward::unrolled(schedule.last());
    for pair in weights.windows(2) {
        assert!((pair[0] / pair[1] - 0.8_f64.sqrt()).abs() < 1e-12);
    }
    Ok(())
}

#[test]
fn half_signal_half_noise() -> Result<()> {
    let schedule = paper()?;
    let mut noisier = schedule.iter().filter(|at| at.alpha_bar() < 0.5);
    assert_eq!(noisier.next().map(|at| at.t()), Some(260));
    Ok(())
}

#[test]
fn the_table() -> Result<()> {
    let betas: Vec<f64> = paper()?.iter().map(|at| at.beta()).collect();
    for (steps, signal, bits) in [
        (1000, 0.0064, 0.000_029),
        (500, 0.0797, 0.0046),
        (300, 0.219, 0.036),
        (100, 0.603, 0.33),
        (50, 0.776, 0.67),
    ] {
        let first = 1e-4;
        let last = 0.02;
        let shorter = Schedule::linear(steps, first, last)?;
        let left = forward::closed_form(shorter.last()).x_0;
        assert!((left / signal - 1.0).abs() < 0.01, "{steps}: {left}");
        let prior = bound::bits(bound::prior(&shorter, 1.0));
        assert!((prior / bits - 1.0).abs() < 0.02, "{steps}: {prior}");
    }
    assert!((betas.iter().sum::<f64>() - 10.05).abs() < 1e-9);
    Ok(())
}

#[test]
fn a_hundred_steps() -> Result<()> {
    let beta = 1.0 - 1e-4_f64.powf(0.01);
    assert!((beta - 0.088).abs() < 1e-3);
    let schedule = Schedule::from_betas(vec![beta; 100])?;
    let c = forward::closed_form(schedule.last());
    assert!((c.x_0 - 0.01).abs() < 1e-12);
    Ok(())
}

#[test]
fn the_variance_does_not_survive() -> Result<()> {
    for at in paper()?.iter().skip(1) {
        // x_{t-1} ~ N(0, 1), and x_t is x_{t-1} with the noise of one step: a factor,
        // a variance, and the x_t that is observed, on which no variance depends.
        let reverse_step =
            Gaussian::STANDARD.condition(at.alpha().sqrt(), at.beta(), 0.3)?;
        assert!((reverse_step.variance() / at.beta() - 1.0).abs() < 1e-12);
        // The variance given x_0, plus the variance that x_0 adds to the mean.
        let c = forward::closed_form(at);
        let x_0 =
            Gaussian::STANDARD.condition(c.x_0, c.epsilon.powi(2), 0.3)?;
        let more = posterior::mean(at).x_0.powi(2) * x_0.variance();
        let sum = posterior::variance(at) + more;
        assert!((sum / at.beta() - 1.0).abs() < 1e-9);
    }
    Ok(())
}

#[test]
fn the_last_step_is_the_estimate_of_the_data() -> Result<()> {
    let schedule = paper()?;
    let first = schedule.at(1)?;
    let mean = parameterization::mean_from_epsilon(first);
    let x_0 = parameterization::x_0_from_epsilon(first);
    assert!((mean.x_t - x_0.x_t).abs() < 1e-12);
    assert!((mean.epsilon - x_0.epsilon).abs() < 1e-12);
    Ok(())
}

#[test]
fn a_network_that_says_nothing() -> Result<()> {
    let schedule = paper()?;
    let c = parameterization::x_0_from_epsilon(schedule.last());
    assert!(c.x_t > 157.0, "a pixel of 1 is taken for one of {}", c.x_t);
    Ok(())
}

#[test]
fn one_standard_deviation_apart() -> Result<()> {
    let nats = Gaussian::new(5.0, 4.0)?.kl(Gaussian::new(3.0, 4.0)?);
    assert!((nats - 0.5).abs() < 1e-15);
    assert!((bound::bits(nats) - 0.72).abs() < 0.005);
    Ok(())
}

#[test]
fn two_points_and_a_little_noise() -> Result<()> {
    let schedule = Schedule::from_betas(vec![0.19])?;
    let data = [[-1.0], [1.0]];
    let expected = denoise::expected_x_0(schedule.at(1)?, &[0.1], &data)[0];
    assert!((expected - 0.44).abs() < 0.005);
    Ok(())
}

#[test]
fn the_loss_of_a_network_that_returns_its_input() -> Result<()> {
    let schedule = paper()?;
    let loss = |at: Timestep| {
        let c = forward::closed_form(at); // x_t = c.x_0 x_0 + c.epsilon ε
        (1.0 - c.epsilon).powi(2) + c.x_0.powi(2)
    };
    let mean = schedule.iter().map(loss).sum::<f64>() / 1000.0;
    assert!((mean - 0.388).abs() < 0.0005, "{mean}");
    assert!(loss(schedule.last()) < 0.001);
    Ok(())
}

#[test]
fn the_means_of_the_reverse_step_lie_close_together() -> Result<()> {
    let schedule = paper()?;
    let ratio =
        |at: Timestep| posterior::mean(at).x_0 / posterior::variance(at).sqrt();
    let small = schedule.iter().skip(1).find(|at| ratio(*at) < 0.2);
    assert_eq!(small.map(|at| at.t()), Some(167));
    // A picture of 28x28 pixels.
    let small = schedule.iter().skip(1).find(|at| ratio(*at) < 1.0 / 28.0);
    assert_eq!(small.map(|at| at.t()), Some(469));
    assert!((28.0 * ratio(schedule.at(700)?) - 0.28).abs() < 0.005);

    // The errors of the book's network on test digits, in book/src/held-out.md.
    let table = include_str!("../book/src/held-out.md");
    for (t, of_x_0, of_means) in [(200, 0.023, 0.42), (500, 0.184, 0.14)] {
        let row =
            table.lines().find(|row| row.starts_with(&format!("| {t} |")));
        let test_digits = row.and_then(|row| row.split(['|', '±']).nth(4));
        let error: f64 = test_digits.unwrap().trim().parse().unwrap();
        let at = schedule.at(t)?;
        let error = error / at.snr();
        assert_relative_eq!(error, of_x_0, epsilon = 5e-4);
        let variance = 784.0 * ratio(at).powi(2) * error;
        assert_relative_eq!(variance, of_means, epsilon = 5e-3);
    }
    Ok(())
}

/// The caption of the weights, in the chapter on the simple loss.
#[test]
fn the_first_steps_and_one_last_step_weigh_most() -> Result<()> {
    let weights = |schedule: Schedule| -> Result<[f64; 4]> {
        let weight = |t| {
            let at = schedule.at(t)?;
            bound::weight(at, at.beta())
        };
        Ok([weight(1)?, weight(10)?, weight(500)?, weight(1000)?])
    };
    let [first, tenth, middle, last] = weights(paper()?)?;
    assert!((first / middle - 91.0).abs() < 0.5);
    assert!((tenth / middle - 13.4).abs() < 0.5);
    assert!(last < tenth);
    let [first, tenth, middle, last] = weights(Schedule::cosine(1000)?)?;
    assert!((first / middle - 160.0).abs() < 0.5);
    assert!((tenth / middle - 21.6).abs() < 0.5);
    assert!((last / first - 1000.0).abs() < 5.0);
    Ok(())
}

/// The chapter on the simple loss: the choice of the variance changes the bound for
/// standard normal data, mostly in the steps 2 to 10.
#[test]
fn the_variance_matters_in_the_first_steps() -> Result<()> {
    let schedule = paper()?;
    let step =
        |at: Timestep, variance| bound::step(at, variance, at.alpha_bar());
    let difference = |at| -> Result<f64> {
        Ok(step(at, posterior::variance(at))? - step(at, at.beta())?)
    };
    let differences = schedule.iter().skip(1).map(difference);
    let differences = differences.collect::<Result<Vec<_>>>()?;
    let all: f64 = differences.iter().sum();
    assert!((all - 0.46).abs() < 0.01, "{all}");
    let first: f64 = differences[..9].iter().sum();
    assert!((first / all - 0.85).abs() < 0.005, "{first}");
    Ok(())
}

/// The chapters on sampling and on recipes compare the ends of 30 sampling steps.
#[test]
fn the_first_and_the_last_of_thirty_steps() -> Result<()> {
    let timesteps = evenly_spaced(1000, 30)?;
    let linear = paper()?.respace(&timesteps)?;
    let cosine = Schedule::cosine(1000)?.respace(&timesteps)?;
    let first = |schedule: &Schedule| posterior::mean(schedule.last()).x_0;
    assert!((first(&cosine) - 0.05).abs() < 0.005, "{}", first(&cosine));
    assert!((11.5..12.5).contains(&(first(&cosine) / first(&linear))));
    assert_eq!(timesteps[..2], [1, 35]);
    // The length of 784 pixels of 1 or -1, in noise of variance one.
    let length = |factor: f64| factor * 784.0_f64.sqrt();
    let wrong = [&cosine, &linear].map(|schedule| length(first(schedule)));
    assert!((wrong[0] - 1.5).abs() < 0.05, "{wrong:?}");
    assert!((wrong[1] - 0.12).abs() < 0.005, "{wrong:?}");
    // The digit itself adds as much with the cosine schedule.
    let digit = length(cosine.at(29)?.alpha_bar().sqrt());
    assert!((digit - wrong[0]).abs() < 0.02, "{digit}");
    let last = linear.at(2)?; // the step after it adds no noise
    assert!((last.beta() - 0.015).abs() < 0.0005, "{}", last.beta());
    assert!((posterior::variance(last) - 0.0001).abs() < 0.00001);
    Ok(())
}

#[test]
fn equal_angles() -> Result<()> {
    let variance = |steps: f64| (PI / (2.0 * steps)).cos().powf(2.0 * steps);
    assert!(variance(246.0) > 0.99 && variance(245.0) < 0.99);

    // The angles of the cosine schedule. Its offset changes the first few, and its
    // last beta is limited.
    let schedule = Schedule::cosine(246)?;
    let angle = |at: Timestep| {
        at.alpha_bar().sqrt().acos() - at.alpha_bar_prev().sqrt().acos()
    };
    let angles = schedule.iter().take(245).map(angle);
    for angle in angles.skip(20) {
        assert_relative_eq!(angle, PI / 2.0 / 246.0, max_relative = 0.01);
    }
    Ok(())
}
