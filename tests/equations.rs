//! The equations of the book, compared with the functions of the library. Each
//! equation has one test, named by its id, so `cargo test eq-closed-form` finds
//! the test.
//!
//! A test evaluates a formula with 256 bits at random points, and calls the
//! function with the same numbers. Both must agree to the number of digits that
//! the condition of the formula allows.

use ddpm::math::{Gaussian, Schedule};
use libtest_mimic::{Arguments, Failed, Trial};
use press::{Equations, Manuscript};
use proofread::{Output, Sample, Side};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

type Value = Result<Output, Box<dyn Error>>;

/// An equation, the number of one of its relations, and the function that
/// computes the right side of the relation.
struct Binding {
    id: &'static str,
    relation: usize,
    path: &'static str,
    code: fn(&Sample) -> Value,
}

/// Returns the schedule with the betas of a sample.
fn schedule(at: &Sample) -> Result<Schedule, Box<dyn Error>> {
    Ok(Schedule::from_betas(at.table(r"\beta_t", "t")?)?)
}

/// Returns `a x + b y` for two vectors of the text.
fn combined(at: &Sample, (a, b): (f64, f64), x: &str, y: &str) -> Value {
    let (x, y) = (at.vector(x)?, at.vector(y)?);
    Ok(std::array::from_fn(|i| a * x[i] + b * y[i]).into())
}

/// Returns the product of the densities along the axes, from their logarithms.
fn density(along: impl Fn(usize) -> f64) -> Output {
    (0..3).map(along).sum::<f64>().exp().into()
}

fn gaussian(
    at: &Sample,
    mean: &str,
    variance: &str,
) -> Result<Gaussian, Box<dyn Error>> {
    Ok(Gaussian::new(at.number(mean)?, at.number(variance)?)?)
}

/// Returns the density of `z` times the density of `y` given `z`.
fn bayes(at: &Sample, of_z: Gaussian) -> Value {
    let prior = gaussian(at, "m", "u")?;
    let (y, z) = (at.number("y")?, at.number("z")?);
    let given = prior.condition(at.number("c")?, at.number("w")?, z)?;
    Ok((of_z.log_density(z) + given.log_density(y)).exp().into())
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

/// The timestep of a sample in its schedule.
macro_rules! time {
    ($at:ident, $schedule:ident) => {
        $schedule.at($at.whole("t")?)?
    };
}

/// A function of the timestep alone: a number, or the coefficients of two
/// vectors.
macro_rules! at_time {
    ($id:literal, $relation:literal, $path:path) => {
        bind!($id, $relation, $path, |at, f| {
            let schedule = schedule(at)?;
            Ok(f(time!(at, schedule)).into())
        })
    };
    (
        $id:literal, $relation:literal, $path:path,
        $a:ident: $x:literal, $b:ident: $y:literal
    ) => {
        bind!($id, $relation, $path, |at, f| {
            let schedule = schedule(at)?;
            let c = f(time!(at, schedule));
            combined(at, (c.$a, c.$b), $x, $y)
        })
    };
}

/// A family of schedules with a first and a last beta.
macro_rules! family {
    ($id:literal, $path:path) => {
        bind!($id, 1, $path, |at, f| {
            let (first, last) = (at.number("a")?, at.number("b")?);
            let schedule = f(at.whole("T")?, first, last)?;
            Ok(time!(at, schedule).beta().into())
        })
    };
}

#[allow(clippy::too_many_lines, unused_braces)] // one table
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
        at_time!("eq-alpha", 1, ddpm::math::Timestep::alpha),
        at_time!(
            "eq-forward-step",
            1,
            ddpm::math::forward::one_step,
            x_prev: "x_{t-1}",
            epsilon: r"\epsilon_t"
        ),
        at_time!("eq-alpha-bar", 1, ddpm::math::Timestep::alpha_bar),
        bind!("eq-variance", 1, ddpm::math::forward::variance, |at, f| {
            let schedule = schedule(at)?;
            Ok(f(time!(at, schedule), at.number("V")?).into())
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
        at_time!(
            "eq-closed-form",
            1,
            ddpm::math::forward::closed_form,
            x_0: "x_0",
            epsilon: r"\epsilon"
        ),
        at_time!(
            "eq-one-minus-alpha-bar",
            1,
            ddpm::math::Timestep::one_minus_alpha_bar
        ),
        bind!("eq-bound-prior", 2, ddpm::math::bound::prior, |at, f| {
            let square: f64 = at.vector("x_0")?.iter().map(|x| x * x).sum();
            // The function returns nats per axis, for three axes.
            Ok((3.0 * f(&schedule(at)?, square / 3.0)).into())
        }),
        at_time!("eq-snr", 1, ddpm::math::Timestep::snr),
        at_time!("eq-posterior-variance", 1, ddpm::math::posterior::variance),
        at_time!(
            "eq-posterior-mean",
            1,
            ddpm::math::posterior::mean,
            x_0: "x_0",
            x_t: "x_t"
        ),
        at_time!(
            "eq-x0-from-epsilon",
            1,
            ddpm::math::parameterization::x_0_from_epsilon,
            x_t: "x_t",
            epsilon: r"\epsilon"
        ),
        at_time!(
            "eq-mu-tilde-epsilon",
            3,
            ddpm::math::parameterization::mean_from_epsilon,
            x_t: "x_t",
            epsilon: r"\epsilon"
        ),
        at_time!(
            "eq-epsilon-from-x0",
            1,
            ddpm::math::parameterization::epsilon_from_x_0,
            x_0: "x_0",
            x_t: "x_t"
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
            // The function takes the mean error of the axes, and returns nats
            // per axis.
            let step =
                f(time!(at, schedule), variance, at.number(error)? / 3.0)?;
            Ok((3.0 * step).into())
        }),
        at_time!("eq-beta", 1, ddpm::math::Timestep::beta),
        bind!(
            "eq-gaussian-density",
            1,
            ddpm::math::Gaussian::log_density,
            |at, f| { Ok(f(gaussian(at, "m", "u")?, at.number("y")?).into()) }
        ),
        bind!(
            "eq-gaussian-product",
            1,
            ddpm::math::Gaussian::product,
            |at, f| {
                let (p, q) = (gaussian(at, "m", "u")?, gaussian(at, "n", "w")?);
                let (log_scale, product) = f(p, q);
                Ok((log_scale + product.log_density(at.number("y")?))
                    .exp()
                    .into())
            }
        ),
        bind!("eq-gaussian-bayes", 1, ddpm::math::Gaussian::affine, |at, f| {
            let (c, w) = (at.number("c")?, at.number("w")?);
            bayes(at, f(gaussian(at, "m", "u")?, c, w)?)
        }),
        bind!(
            "eq-gaussian-bayes",
            1,
            ddpm::math::Gaussian::condition,
            |at, f| {
                let prior = gaussian(at, "m", "u")?;
                let (c, w) = (at.number("c")?, at.number("w")?);
                let (y, z) = (at.number("y")?, at.number("z")?);
                let of_z = prior.affine(c, w)?.log_density(z);
                Ok((of_z + f(prior, c, w, z)?.log_density(y)).exp().into())
            }
        ),
        bind!("eq-gaussian-kl", 1, ddpm::math::Gaussian::kl, |at, f| {
            Ok(f(gaussian(at, "m", "u")?, gaussian(at, "n", "w")?).into())
        }),
        bind!("eq-bound-decoder", 1, ddpm::math::bound::decoder, |at, f| {
            let error = r"\|\frac{1}{\sqrt{1 - \bar\alpha_1}}
                (x_1 - \sqrt{\bar\alpha_1} x_0) - \epsilon_\theta(x_1, 1)\|^2";
            let (variance, error) =
                (at.number(r"\sigma_1^2")?, at.number(error)? / 3.0);
            Ok((3.0 * f(&schedule(at)?, variance, error)?).into())
        }),
        at_time!(
            "eq-v",
            1,
            ddpm::math::parameterization::v,
            x_0: "x_0",
            epsilon: r"\epsilon"
        ),
        at_time!(
            "eq-x0-from-v",
            1,
            ddpm::math::parameterization::x_0_from_v,
            x_t: "x_t",
            v: "v"
        ),
        at_time!(
            "eq-epsilon-from-v",
            1,
            ddpm::math::parameterization::epsilon_from_v,
            x_t: "x_t",
            v: "v"
        ),
        family!("eq-schedule-linear", ddpm::math::Schedule::linear),
        family!("eq-schedule-quadratic", ddpm::math::Schedule::quadratic),
        family!("eq-schedule-sigmoid", ddpm::math::Schedule::sigmoid),
        bind!(
            "eq-schedule-cosine",
            1,
            ddpm::math::Schedule::cosine,
            |at, f| {
                let schedule = f(at.whole("T")?)?;
                let beta = time!(at, schedule).beta();
                // The schedule clips its last beta, which is 1 by the formula.
                Ok(if beta == 0.999 { 1.0 } else { beta }.into())
            }
        ),
        bind!("eq-respaced-beta", 1, ddpm::math::Schedule::respace, |at, f| {
            let (s, t) = (at.whole("s")?, at.whole("t")?);
            let short = f(&schedule(at)?, &[s, t])?;
            Ok(short.at(2)?.beta().into())
        }),
        bind!("eq-ddim-step", 1, ddpm::math::ddim::step, |at, f| {
            let schedule = schedule(at)?;
            let step = f(time!(at, schedule), at.number(r"\eta")?)?;
            let (x_0, old) = (at.vector("x_0")?, at.vector(r"\epsilon")?);
            let fresh = at.vector(r"\zeta")?;
            let mean = |i| step.mean.x_0 * x_0[i] + step.mean.epsilon * old[i];
            let mixed = |i| mean(i) + step.std * fresh[i];
            Ok(std::array::from_fn(mixed).into())
        }),
    ]
}

/// Compares the text with the function at random points.
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

/// Checks that the documentation of every public function of `math` names the
/// equations that the function computes, or says why there are none.
fn all_are_named(manuscript: &Manuscript) -> Result<(), Failed> {
    let equations = Equations::of(manuscript);
    let folder = manuscript.root.join("src/math");
    let (mut functions, mut wrong) = (0, vec![]);
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let mut documentation = String::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            let marker = line.strip_prefix("//");
            let marker = marker.filter(|said| said.starts_with(" Not an "));
            if let Some(said) = line.strip_prefix("///").or(marker) {
                documentation += said;
                documentation += "\n";
                continue;
            }
            if line.starts_with("pub fn ") {
                functions += 1;
                let place = format!("{}:{number}", path.display());
                if let Err(why) = is_named(&documentation, &equations) {
                    wrong.push(format!("{place}: {line}: {why}"));
                }
            }
            if !line.starts_with("#[") {
                documentation.clear();
            }
        }
    }
    if functions < 30 {
        return Err(format!("only {functions} functions were found").into());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Checks that every equation that a text names is in the book: in documentation,
/// comments, captions, notebooks and the README.
fn all_exist(manuscript: &Manuscript) -> Result<(), Failed> {
    let equations = Equations::of(manuscript);
    let places = ["src", "examples", "book/src", "notebooks", "README.md"];
    let mut paths: Vec<_> =
        places.iter().map(|place| manuscript.root.join(place)).collect();
    let (mut named, mut wrong) = (0, vec![]);
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path)?.map(|e| Ok(e?.path()));
            paths.extend(entries.collect::<std::io::Result<Vec<_>>>()?);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else {
            continue; // a picture
        };
        for id in text.lines().flat_map(ids) {
            named += 1;
            if equations.get(id).is_none() {
                wrong.push(format!("{}: no {id}", path.display()));
            }
        }
    }
    if named < 100 {
        return Err(format!("only {named} equations were found").into());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Returns the ids of equations in a line.
fn ids(line: &str) -> impl Iterator<Item = &str> {
    let end = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    line.split(end).filter(|word| word.starts_with("eq-"))
}

/// Checks that the documentation of a function names equations of the book.
fn is_named(documentation: &str, equations: &Equations) -> Result<(), String> {
    let mut lines = documentation.lines().map(str::trim);
    if lines.any(|line| line.starts_with("Not an equation: ")) {
        return Ok(());
    }
    let mut lines = documentation.lines().map(str::trim);
    let said = lines
        .find_map(|line| line.strip_prefix("Equation: "))
        .ok_or("it says neither Equation: id nor Not an equation: reason")?;
    let mut ids = ids(said).peekable();
    if ids.peek().is_none() {
        return Err("it names no equation".into());
    }
    match ids.find(|id| equations.get(id).is_none()) {
        Some(id) => Err(format!("the book has no {id}")),
        None => Ok(()),
    }
}

/// Checks that each equation is bound to exactly the functions that the book
/// names for it.
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
    let text = Arc::clone(&manuscript);
    trials.push(Trial::test("each_function_names_its_equation", move || {
        all_are_named(&text)
    }));
    let text = Arc::clone(&manuscript);
    trials.push(Trial::test("each_named_equation_exists", move || {
        all_exist(&text)
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
