//! The functions that a page calls.

// The names and types in JavaScript are those that a page needs.
#![allow(missing_docs, unreachable_pub, missing_debug_implementations)]

use crate::{Answer, Editor, Place};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(js_name = Editor)]
pub struct WebEditor(Editor);

#[wasm_bindgen(js_name = Answer, getter_with_clone)]
pub struct WebAnswer {
    pub marks: String,
    pub relations: String,
    pub statuses: Vec<String>,
    pub problems: Vec<WebPlace>,
    pub is_good: bool,
}

#[wasm_bindgen(js_name = Place, getter_with_clone)]
#[derive(Clone)]
pub struct WebPlace {
    pub start: usize,
    pub end: usize,
    pub message: String,
}

#[wasm_bindgen(js_class = Editor)]
impl WebEditor {
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, notation: &str) -> Result<Self, JsError> {
        Ok(Self(Editor::new(text, notation).map_err(|error| js(&error))?))
    }

    pub fn latex(&self, id: &str) -> Result<String, JsError> {
        self.0.latex(id).map(String::from).map_err(|error| js(&error))
    }

    pub fn check(&self, id: &str, latex: &str) -> Result<WebAnswer, JsError> {
        self.0.check(id, latex).map(web).map_err(|error| js(&error))
    }
}

/// Checks a display by itself, with a notation of its own.
#[wasm_bindgen]
pub fn check_alone(latex: &str, notation: &str) -> Result<WebAnswer, JsError> {
    crate::check_alone(latex, notation).map(web).map_err(|error| js(&error))
}

fn web(answer: Answer) -> WebAnswer {
    let Answer { marks, relations, statuses, problems, is_good } = answer;
    let place =
        |Place { start, end, message }| WebPlace { start, end, message };
    let problems = problems.into_iter().map(place).collect();
    WebAnswer { marks, relations, statuses, problems, is_good }
}

/// Returns a display as HTML.
#[wasm_bindgen]
pub fn typeset(latex: &str) -> Result<String, JsError> {
    crate::typeset(latex, true).map_err(|error| js(&error))
}

/// Returns the drawing of a figure that moves, with these numbers.
#[wasm_bindgen]
pub fn moved(name: &str, values: &[f64]) -> Result<String, JsError> {
    crate::moved(name, values).map_err(|error| js(&error))
}

fn js(error: &anyhow::Error) -> JsError {
    JsError::new(&format!("{error:#}"))
}
