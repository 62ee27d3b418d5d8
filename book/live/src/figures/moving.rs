//! Figures that readers move, with the numbers that can be changed.

use super::{back, chain, drawing, forth, image, step_on_a_digit};
use anyhow::Result;
use ddpm::plot::Figure;

/// A number of a figure that a reader can change.
#[derive(Clone, Copy, Debug)]
pub struct Knob {
    /// The name beside the slider.
    pub name: &'static str,
    /// The lowest value.
    pub low: f64,
    /// The highest value.
    pub high: f64,
    /// The distance between values.
    pub step: f64,
    /// The value in the printed figure.
    pub start: f64,
}

/// A figure that moves.
#[derive(Clone, Copy, Debug)]
pub struct Moving {
    /// The name of the figure in the chapters.
    pub name: &'static str,
    /// Its numbers.
    pub knobs: &'static [Knob],
    /// Returns the drawing for values of the numbers, as HTML.
    pub draw: fn(&[f64]) -> Result<String>,
}

impl Knob {
    /// Returns the nearest value in the range; of no number, the start.
    ///
    /// ```
    /// let knob = live::moving()[0].knobs[0];
    /// assert_eq!(knob.nearest(f64::INFINITY), knob.high);
    /// assert_eq!(knob.nearest(f64::NAN), knob.start);
    /// ```
    pub fn nearest(&self, value: f64) -> f64 {
        if value.is_nan() {
            return self.start;
        }
        value.clamp(self.low, self.high)
    }
}

impl Moving {
    /// Returns the figure that moves and has this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        MOVING.iter().find(|figure| figure.name == name)
    }

    /// Returns the knobs as they stand in an attribute of the figure: the parts of a
    /// knob between commas, the knobs between semicolons.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn attribute(&self) -> String {
        let knob = |knob: &Knob| {
            let Knob { name, low, high, step, start } = knob;
            format!("{name},{low},{high},{step},{start}")
        };
        let knobs: Vec<_> = self.knobs.iter().map(knob).collect();
        knobs.join(";")
    }
}

const fn knob(
    name: &'static str,
    [low, high, step]: [f64; 3],
    start: f64,
) -> Knob {
    Knob { name, low, high, step, start }
}

/// The first and the last beta of a linear schedule, and the number of its steps.
const FIRST: Knob = knob("first β", [0.0001, 0.02, 0.0001], 0.0001);
const LAST: Knob = knob("last β", [0.0005, 0.1, 0.0005], 0.02);
const STEPS: Knob = knob("T", [1.0, 1000.0, 1.0], 1000.0);

/// The variance of one step, or what is left after some.
const UNIT: [f64; 3] = [0.001, 0.999, 0.001];

const MOVING: &[Moving] = &[
    Moving {
        name: "one-step",
        knobs: &[
            knob("β of the small step", UNIT, 0.05),
            knob("β of the large step", UNIT, 0.3),
        ],
        draw: |v| svg(forth::one_step([v[0], v[1]])),
    },
    Moving {
        name: "one-step-digit",
        knobs: &[
            knob("β of the small step", UNIT, 0.05),
            knob("β of the large step", UNIT, 0.5),
        ],
        draw: |v| {
            let (picture, description) = step_on_a_digit([v[0], v[1]])?;
            Ok(image(&picture.png()?, description))
        },
    },
    Moving {
        name: "swiss-roll-chain",
        knobs: &[
            LAST,
            knob("t of the third picture", [1.0, 1000.0, 1.0], 200.0),
        ],
        draw: |v| svg(forth::swiss_roll_chain(v[0], whole(v[1]))),
    },
    Moving {
        name: "paths",
        knobs: &[knob("start", [0.1, 10.0, 0.1], 3.0), LAST],
        draw: |v| svg(chain::paths(v[0], v[1])),
    },
    Moving {
        name: "chain-and-closed-form",
        knobs: &[
            knob("t", [1.0, 200.0, 1.0], 50.0),
            knob("x₀", [-4.0, 4.0, 0.1], 3.0),
        ],
        draw: |v| svg(chain::beside_the_closed_form(whole(v[0]), v[1])),
    },
    Moving {
        name: "terminal",
        knobs: &[
            knob("T", [1.0, 1000.0, 1.0], 100.0),
            LAST,
            knob("x₀", [-3.0, 3.0, 0.1], 1.0),
        ],
        draw: |v| svg(chain::terminal(whole(v[0]), v[1], v[2])),
    },
    Moving {
        name: "schedules",
        knobs: &[STEPS, FIRST, LAST],
        draw: |v| svg(forth::schedules(whole(v[0]), v[1], v[2])),
    },
    Moving {
        name: "bayes",
        knobs: &[
            knob("x₀", [-2.0, 2.0, 0.1], 1.5),
            knob("xₜ", [-2.0, 2.0, 0.1], -0.5),
            knob("βₜ", UNIT, 0.3),
        ],
        draw: |v| svg(back::bayes(v[0], v[1], v[2])),
    },
    Moving {
        name: "small-steps",
        knobs: &[
            knob("xₜ", [-2.0, 2.0, 0.05], 0.0),
            knob("the largest β", [0.001, 0.9, 0.001], 0.5),
        ],
        draw: |v| svg(back::small_steps(v[0], v[1])),
    },
    Moving {
        name: "first-steps",
        knobs: &[
            knob("β", [0.001, 0.5, 0.001], 0.02),
            knob("the second xₜ", [-1.5, 1.5, 0.05], 0.0),
        ],
        draw: |v| svg(back::first_steps(v[0], v[1])),
    },
    Moving {
        name: "best-estimates",
        knobs: &[knob("the second ᾱ", UNIT, 0.5)],
        draw: |v| svg(back::best_estimates(v[0])),
    },
    Moving {
        name: "posterior-weights",
        knobs: &[
            knob("T", [1.0, 100.0, 1.0], 20.0),
            knob("first β", [0.001, 0.2, 0.001], 0.02),
            knob("last β", [0.01, 0.9, 0.01], 0.4),
        ],
        draw: |v| svg(back::posterior_weights(whole(v[0]), v[1], v[2])),
    },
    Moving {
        name: "bound-weights",
        knobs: &[STEPS, LAST],
        draw: |v| svg(back::bound_weights(whole(v[0]), v[1])),
    },
    Moving {
        name: "sampling-paths",
        knobs: &[knob("steps", [1.0, 200.0, 1.0], 20.0)],
        draw: |v| svg(back::sampling_paths(whole(v[0]))),
    },
];

/// Returns all figures that move.
///
/// ```
/// assert!(live::moving().len() >= 12);
/// ```
pub fn moving() -> &'static [Moving] {
    MOVING
}

/// Returns a number of steps.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(value: f64) -> usize {
    value.round().max(0.0) as usize
}

fn svg(figure: ddpm::Result<Figure>) -> Result<String> {
    drawing(figure?.svg())
}
