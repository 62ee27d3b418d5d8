//! The equations of the book against the functions of the library: one test
//! for each, by its id, so that `cargo test eq-closed-form` finds it.
//!
//! A formula is evaluated with 256 bits at random points, and the function is
//! called with the same numbers. Both must agree to the digits that the
//! formula's condition leaves.

use ddpm::math::Schedule;
use libtest_mimic::{Arguments, Failed, Trial};
use press::{Equations, Manuscript};
use proofread::{Output, Sample, Side};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

type Value = Result<Output, Box<dyn Error>>;

/// An equation, which of its relations, and the function that computes the
/// right side.
struct Binding {
    id: &'static str,
    relation: usize,
    path: &'static str,
    code: fn(&Sample) -> Value,
}

/// The schedule with the betas of a point.
fn schedule(at: &Sample) -> Result<Schedule, Box<dyn Error>> {
    Ok(Schedule::from_betas(at.table(r"\beta_t", "t")?)?)
}

/// `a x + b y` with vectors of the text.
fn combined(at: &Sample, (a, b): (f64, f64), x: &str, y: &str) -> Value {
    let (x, y) = (at.vector(x)?, at.vector(y)?);
    Ok(std::array::from_fn(|i| a * x[i] + b * y[i]).into())
}

/// The product over axes of a density along one.
fn density(along: impl Fn(usize) -> f64) -> Output {
    (0..3).map(along).sum::<f64>().exp().into()
}

macro_rules! bind {
    ($id:literal, $relation:literal, $path:path, |$at:ident, $f:ident| $code:expr) => {
        Binding {
            id: $id,
            relation: $relation,
            path: stringify!($path),
            code: |$at| {
                let $f = $path;
                $code
            },
        }
    };
}

/// The time of a point in its schedule.
macro_rules! time {
    ($at:ident, $schedule:ident) => {
        $schedule.at($at.whole("t")?)?
    };
}

#[allow(clippy::too_many_lines)] // one table
fn bindings() -> Vec<Binding> {
    vec![
        bind!(
            "eq-markov-chain",
            1,
            ddpm::math::forward::chain_log_density,
            |at, f| {
                let schedule = schedule(at)?;
                let path: Vec<_> = (0..=schedule.steps())
                    .map(|t| at.vector(&format!("x_{{{t}}}")))
                    .collect::<Result<_, _>>()?;
                let along =
                    |i: usize| path.iter().map(|x| x[i]).collect::<Vec<_>>();
                Ok(density(|i| f(&schedule, &along(i)).unwrap_or(f64::NAN)))
            }
        ),
        bind!("eq-forward-kernel", 1, ddpm::math::forward::kernel, |at, f| {
            let schedule = schedule(at)?;
            let t = time!(at, schedule);
            let (now, before) = (at.vector("x_t")?, at.vector("x_{t-1}")?);
            Ok(density(|i| f(t, before[i]).log_density(now[i])))
        }),
        bind!("eq-alpha", 1, ddpm::math::Timestep::alpha, |at, f| {
            let schedule = schedule(at)?;
            Ok(f(time!(at, schedule)).into())
        }),
        bind!("eq-forward-step", 1, ddpm::math::forward::one_step, |at, f| {
            let schedule = schedule(at)?;
            let weights = f(time!(at, schedule));
            combined(at, weights, "x_{t-1}", r"\epsilon_t")
        }),
        bind!("eq-alpha-bar", 1, ddpm::math::Timestep::alpha_bar, |at, f| {
            let schedule = schedule(at)?;
            Ok(f(time!(at, schedule)).into())
        }),
        bind!("eq-variance", 1, ddpm::math::forward::variance, |at, f| {
            let schedule = schedule(at)?;
            Ok(f(time!(at, schedule), at.number("v")?).into())
        }),
        bind!(
            "eq-chain-unrolled",
            1,
            ddpm::math::forward::unrolled,
            |at, f| {
                let schedule = schedule(at)?;
                let (of_x_0, of_noise) = f(time!(at, schedule));
                let mut x = at.vector("x_0")?.map(|x| of_x_0 * x);
                for (s, weight) in (1..).zip(of_noise) {
                    let noise = at.vector(&format!(r"\epsilon_{{{s}}}"))?;
                    x = std::array::from_fn(|i| x[i] + weight * noise[i]);
                }
                Ok(x.into())
            }
        ),
        bind!(
            "eq-closed-form-kernel",
            1,
            ddpm::math::forward::closed_form_kernel,
            |at, f| {
                let schedule = schedule(at)?;
                let t = time!(at, schedule);
                let (now, data) = (at.vector("x_t")?, at.vector("x_0")?);
                Ok(density(|i| f(t, data[i]).log_density(now[i])))
            }
        ),
        bind!(
            "eq-closed-form",
            1,
            ddpm::math::forward::closed_form,
            |at, f| {
                let schedule = schedule(at)?;
                combined(at, f(time!(at, schedule)), "x_0", r"\epsilon")
            }
        ),
        bind!(
            "eq-one-minus-alpha-bar",
            1,
            ddpm::math::Timestep::one_minus_alpha_bar,
            |at, f| {
                let schedule = schedule(at)?;
                Ok(f(time!(at, schedule)).into())
            }
        ),
        bind!("eq-bound-prior", 2, ddpm::math::bound::prior, |at, f| {
            let square: f64 = at.vector("x_0")?.iter().map(|x| x * x).sum();
            // The function gives nats for each of three axes.
            Ok((3.0 * f(&schedule(at)?, square / 3.0)).into())
        }),
        bind!("eq-snr", 1, ddpm::math::Timestep::snr, |at, f| {
            let schedule = schedule(at)?;
            Ok(f(time!(at, schedule)).into())
        }),
        bind!(
            "eq-posterior-variance",
            1,
            ddpm::math::posterior::variance,
            |at, f| {
                let schedule = schedule(at)?;
                Ok(f(time!(at, schedule)).into())
            }
        ),
        bind!("eq-posterior-mean", 1, ddpm::math::posterior::mean, |at, f| {
            let schedule = schedule(at)?;
            combined(at, f(time!(at, schedule)), "x_0", "x_t")
        }),
        bind!(
            "eq-x0-from-epsilon",
            1,
            ddpm::math::parameterization::x_0_from_epsilon,
            |at, f| {
                let schedule = schedule(at)?;
                combined(at, f(time!(at, schedule)), "x_t", r"\epsilon")
            }
        ),
        bind!(
            "eq-mu-tilde-epsilon",
            3,
            ddpm::math::parameterization::mean_from_epsilon,
            |at, f| {
                let schedule = schedule(at)?;
                combined(at, f(time!(at, schedule)), "x_t", r"\epsilon")
            }
        ),
        bind!(
            "eq-epsilon-from-x0",
            1,
            ddpm::math::parameterization::epsilon_from_x_0,
            |at, f| {
                let schedule = schedule(at)?;
                combined(at, f(time!(at, schedule)), "x_t", "x_0")
            }
        ),
        bind!("eq-bound-weight", 1, ddpm::math::bound::weight, |at, f| {
            let schedule = schedule(at)?;
            let variance = at.number(r"\sigma_t^2")?;
            Ok(f(time!(at, schedule), variance)?.into())
        }),
        bind!("eq-bound-step", 1, ddpm::math::bound::step, |at, f| {
            let schedule = schedule(at)?;
            let variance = at.number(r"\sigma_t^2")?;
            let error = r"\|\epsilon - \epsilon_\theta(x_t, t)\|^2";
            // The function takes the mean over axes, and gives nats for each.
            let step =
                f(time!(at, schedule), variance, at.number(error)? / 3.0)?;
            Ok((3.0 * step).into())
        }),
    ]
}

/// The text and the function at random points.
fn agree(manuscript: &Manuscript, binding: &Binding) -> Result<(), Failed> {
    let Binding { id, relation, path, code } = binding;
    let found = manuscript.report.expression(id, *relation, Side::Right);
    let expression = found.ok_or("the book has no such relation")?;
    let agreement = expression
        .compare(code)
        .map_err(|why| format!("{path} is not what {id} says: {why}"))?;
    if agreement.points == 0 {
        return Err("it was compared nowhere".into());
    }
    Ok(())
}

/// Each equation that names a function is bound to it, and no other is.
fn all_are_bound(manuscript: &Manuscript) -> Result<(), Failed> {
    let bindings = bindings();
    let equations = Equations::of(manuscript);
    for equation in equations.iter() {
        let bound = bindings.iter().filter(|b| b.id == equation.id);
        let bound: Vec<_> = bound.map(|b| b.path.replace(' ', "")).collect();
        if bound != equation.code {
            let (id, code) = (&equation.id, &equation.code);
            return Err(format!(
                "{id} names {code:?} in the book and is bound to {bound:?} \
                 in tests/equations.rs"
            )
            .into());
        }
    }
    for Binding { id, .. } in &bindings {
        equations.get(id).ok_or(format!("the book has no {id}"))?;
    }
    Ok(())
}

fn main() {
    let arguments = Arguments::from_args();
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manuscript = match press::check(&book) {
        Ok(manuscript) => Arc::new(manuscript),
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::exit(1);
        }
    };
    let mut trials = vec![];
    for binding in bindings() {
        let manuscript = Arc::clone(&manuscript);
        trials.push(Trial::test(binding.id, move || {
            agree(&manuscript, &binding)
        }));
    }
    let text = Arc::clone(&manuscript);
    trials.push(Trial::test("each_equation_is_bound", move || {
        all_are_bound(&text)
    }));
    trials.push(Trial::test("the_book_is_in_order", move || {
        let complaints = manuscript.complaints();
        if complaints.is_empty() {
            return Ok(());
        }
        Err(complaints.join("\n").into())
    }));
    libtest_mimic::run(&arguments, trials).exit();
}
