//! The functions that a page calls.

// The names and types in JavaScript are those that a page needs.
#![allow(missing_docs, unreachable_pub, missing_debug_implementations)]

use crate::theme::drawing;
use crate::{Lesson, Painter, Picture, Training};
use ddpm::math::posterior::ReverseVariance;
use ddpm::plot;
use ddpm::sample::{Method, SampleOptions};
use js_sys::{Float32Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

type Result<T> = std::result::Result<T, JsError>;

#[wasm_bindgen(js_name = Training)]
pub struct WebTraining(Training);

#[wasm_bindgen(js_name = Step)]
pub struct WebStep {
    pub step: u32,
    pub loss: f64,
}

#[wasm_bindgen(js_class = Training)]
impl WebTraining {
    #[wasm_bindgen(constructor)]
    pub fn new(lesson: &str, seed: u32) -> Result<Self> {
        let lesson = Lesson::from_name(lesson);
        let lesson = lesson.ok_or_else(|| JsError::new("no such lesson"))?;
        Ok(Self(Training::new(lesson, seed.into())?))
    }

    pub fn from_checkpoint(bytes: &[u8]) -> Result<Self> {
        let training = Training::from_checkpoint(bytes);
        training.map(Self).map_err(|error| js(&error))
    }

    pub fn lesson(&self) -> String {
        self.0.lesson().name().to_owned()
    }

    pub fn step(&mut self) -> Result<WebStep> {
        let ended = || JsError::new("training has ended with an error");
        let report = self.0.step().ok_or_else(ended)??;
        Ok(WebStep { step: report.step, loss: report.loss })
    }

    pub fn seed(&self) -> f64 {
        self.0.seed() as f64
    }

    pub fn steps(&self) -> usize {
        self.0.losses().len()
    }

    pub fn samples(&self, count: usize, seed: u32) -> Result<Vec<f32>> {
        Ok(self.0.samples(count, seed.into())?)
    }

    pub fn loss_figure(&self) -> Result<String> {
        self.0.loss_figure().map_err(|error| js(&error))
    }

    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        Ok(self.0.checkpoint()?)
    }
}

/// Returns the drawing of points `x, y, x, y, …`.
#[wasm_bindgen]
pub fn points(values: &[f32], title: &str) -> Result<String> {
    let (points, _) = values.as_chunks::<2>();
    let panel = (title.to_owned(), points.to_vec());
    let cloud = plot::cloud(&[panel])?;
    drawing(cloud.svg()).map_err(|error| js(&error))
}

#[wasm_bindgen(js_name = Painter)]
pub struct WebPainter(Painter);

#[wasm_bindgen(js_class = Painter)]
impl WebPainter {
    #[wasm_bindgen(constructor)]
    pub fn new(weights: &[u8]) -> Result<Self> {
        Ok(Self(Painter::new(weights)?))
    }

    /// Draws pictures, and calls `show(t, x_t, x_0)` after each step.
    pub fn draw(
        &self,
        count: usize,
        options: Options,
        show: &Function,
    ) -> Result<()> {
        Ok(self.0.draw(count, &options.0, |picture| call(show, &picture))?)
    }

    /// Adds noise to a picture up to timestep `t`, and removes it.
    pub fn vary(
        &self,
        x_0: &[f32],
        t: usize,
        count: usize,
        options: Options,
        show: &Function,
    ) -> Result<()> {
        let show = |picture| call(show, &picture);
        Ok(self.0.vary(x_0, t, count, &options.0, show)?)
    }
}

#[wasm_bindgen(js_name = Options)]
#[derive(Clone, Copy)]
pub struct Options(SampleOptions);

#[wasm_bindgen(js_class = Options)]
impl Options {
    /// `sampler` is `ddpm` or `ddim`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        sampler: &str,
        steps: usize,
        clip: bool,
        seed: u32,
    ) -> Result<Self> {
        let method = match sampler {
            "ddpm" => Method::Ancestral(ReverseVariance::BetaTilde),
            "ddim" => Method::Ddim { eta: 0.0 },
            _ => {
                return Err(JsError::new("the sampler is ddpm or ddim"));
            }
        };
        Ok(Self(SampleOptions {
            method,
            steps: Some(steps),
            clip_sample: clip,
            seed: seed.into(),
            first_index: 0,
        }))
    }
}

fn call(show: &Function, picture: &Picture) {
    let [x_t, x_0] =
        [&picture.x_t, &picture.x_0].map(|x| Float32Array::from(x.as_slice()));
    // An error of the page is not one of the drawing.
    let _ = show.call3(
        &JsValue::NULL,
        &JsValue::from(picture.t as f64),
        &x_t,
        &x_0,
    );
}

fn js(error: &anyhow::Error) -> JsError {
    JsError::new(&format!("{error:#}"))
}
