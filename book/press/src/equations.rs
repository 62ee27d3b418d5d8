//! The displays of the book: their numbers, verdicts and dependencies.

use crate::manuscript::Manuscript;
use crate::references;
use live::line_of;
use proofread::{Fragment, Outcome};
use std::collections::BTreeMap;

/// A display of the book.
#[derive(Clone, Debug)]
pub struct Equation {
    /// The id, such as `eq-closed-form`.
    pub id: String,
    /// The number, such as `4.2`.
    pub number: String,
    /// The page of the equation.
    pub page: String,
    /// The LaTeX that is both typeset and checked.
    pub latex: String,
    /// The outcome of each relation.
    pub outcomes: Vec<Outcome>,
    /// The line of each relation sign, from 0.
    pub lines: Vec<usize>,
    /// The library functions that implement the equation.
    pub code: Vec<String>,
    /// The ids of the equations that the checker used: those that the equation
    /// declares, and the definitions of its symbols.
    pub rests_on: Vec<String>,
    /// The ids of the equations that rest on this one.
    pub used_by: Vec<String>,
    /// The ids of the equations that the surrounding text refers to.
    pub cites: Vec<String>,
}

/// All displays in order, also accessible by id.
///
/// ```
/// let manuscript = press::check("..".as_ref())?;
/// let equations = press::Equations::of(&manuscript);
/// let found = equations.get("eq-closed-form").unwrap();
/// assert!(found.number.starts_with("4."));
/// assert_eq!(found.code, ["ddpm::math::forward::closed_form"]);
/// // It speaks of alpha_bar, so it rests on its definition.
/// assert!(found.rests_on.contains(&"eq-alpha-bar".to_owned()));
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Equations {
    all: Vec<Equation>,
    places: BTreeMap<String, usize>,
}

impl Equations {
    /// Returns the displays of a manuscript.
    pub fn of(manuscript: &Manuscript) -> Self {
        let mut equations = Self::default();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for fragment in manuscript.fragments.iter().filter(|f| f.display) {
            let Some(id) = fragment.id.clone() else { continue };
            let section = manuscript.section(fragment.extent.start);
            let chapter = section.number.as_deref().unwrap_or("");
            let count = counts.entry(chapter).or_default();
            *count += 1;
            let outcomes = manuscript.report.outcomes.iter();
            let ours = |o: &&Outcome| {
                fragment.extent.start <= o.span.start
                    && o.span.end <= fragment.extent.end
            };
            let outcomes: Vec<_> = outcomes.filter(ours).cloned().collect();
            let line = |outcome: &Outcome| {
                let before = fragment.extent.start..outcome.sign.start;
                line_of(&manuscript.text[before])
            };
            let page = section.path.with_extension("html");
            equations.places.insert(id.clone(), equations.all.len());
            equations.all.push(Equation {
                number: format!("{chapter}{count}"),
                page: page.display().to_string(),
                latex: fragment.latex.clone(),
                lines: outcomes.iter().map(line).collect(),
                outcomes,
                code: fragment.said("code"),
                rests_on: fragment.said("uses"),
                used_by: vec![],
                cites: cited(manuscript, fragment),
                id,
            });
        }
        equations.follow();
        equations
    }

    /// Computes the dependencies between the equations.
    fn follow(&mut self) {
        let speaks_of = |by: &Equation, other: &Equation| {
            let definitions = || other.outcomes.iter();
            by.outcomes.iter().any(|o| definitions().any(|d| o.speaks_of(d)))
        };
        let uses = |by: &Equation| {
            let used = |other: &Equation| {
                by.rests_on.contains(&other.id)
                    || other.id != by.id && speaks_of(by, other)
            };
            (0..self.all.len()).filter(|&i| used(&self.all[i])).collect()
        };
        let used: Vec<Vec<usize>> = self.all.iter().map(uses).collect();
        for (by, used) in used.into_iter().enumerate() {
            let ids = used.iter().map(|&i| self.all[i].id.clone()).collect();
            self.all[by].rests_on = ids;
            for i in used {
                let id = self.all[by].id.clone();
                self.all[i].used_by.push(id);
            }
        }
    }

    /// Returns the equation with an id.
    pub fn get(&self, id: &str) -> Option<&Equation> {
        self.places.get(id).map(|&i| &self.all[i])
    }

    /// Returns the equations with these ids, without unknown ids.
    pub fn named<'a>(
        &'a self,
        ids: &'a [String],
    ) -> impl Iterator<Item = &'a Equation> {
        ids.iter().filter_map(|id| self.get(id))
    }

    /// Returns all equations in order.
    pub fn iter(&self) -> impl Iterator<Item = &Equation> {
        self.all.iter()
    }
}

/// Returns the ids that the text refers to between the previous display and
/// this one. A sentence that continues after a display belongs to that display.
fn cited(manuscript: &Manuscript, fragment: &Fragment) -> Vec<String> {
    let text = &manuscript.text;
    let chapter = &manuscript.section(fragment.extent.start).range;
    let displays = || manuscript.fragments.iter().filter(|f| f.display);
    let (start, end) = (fragment.extent.start, fragment.extent.end);
    let before = displays().map(|f| f.extent.end).take_while(|&e| e <= start);
    let before = before.last().filter(|e| chapter.contains(e));
    let after = displays().map(|f| f.extent.start).find(|&s| s >= end);
    let after = after.map_or(chapter.end, |after| after.min(chapter.end));
    // A sentence that continues after the previous display belongs to that
    // display.
    let from = before
        .map_or(chapter.start, |before| before + goes_on(&text[before..start]));
    let to = end + goes_on(&text[end..after]);
    let mut ids = references::cited(&text[from..start]);
    ids.extend(references::cited(&text[end..to]));
    ids.retain(|id| fragment.id.as_ref() != Some(id));
    ids
}

/// Returns the length of the paragraph that continues after a display, or 0.
fn goes_on(text: &str) -> usize {
    let trimmed = text.trim_start();
    let skipped = text.len() - trimmed.len();
    if !trimmed.starts_with(|c: char| c.is_lowercase()) {
        return 0;
    }
    skipped + trimmed.find("\n\n").unwrap_or(trimmed.len())
}
