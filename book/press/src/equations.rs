//! Each display: its number, what was found of it, what it uses and what uses
//! it.

use crate::lines::line_of;
use crate::links;
use crate::manuscript::Manuscript;
use proofread::{Fragment, Outcome};
use std::collections::BTreeMap;

/// A display of the book.
#[derive(Clone, Debug)]
pub struct Equation {
    /// Its id, such as `eq-closed-form`.
    pub id: String,
    /// Its number, such as `4.2`.
    pub number: String,
    /// The page that it is on.
    pub page: String,
    /// Its LaTeX: what is typeset and what is checked.
    pub latex: String,
    /// What was found of each of its relations.
    pub outcomes: Vec<Outcome>,
    /// The line that the sign of each relation stands in, from 0.
    pub lines: Vec<usize>,
    /// The functions of the library that it stands for.
    pub code: Vec<String>,
    /// The equations that the checker used for it: those it says it uses, and
    /// the definitions of the symbols in it.
    pub rests_on: Vec<String>,
    /// Those that rest on it.
    pub used_by: Vec<String>,
    /// The equations that the text refers to on the way to it.
    pub cites: Vec<String>,
}

/// All displays, in their order and by their ids.
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
    /// The displays of a manuscript.
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

    /// Finds what rests on what.
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

    /// The equation with an id.
    pub fn get(&self, id: &str) -> Option<&Equation> {
        self.places.get(id).map(|&i| &self.all[i])
    }

    /// The equations with these ids; one that is not there is left out.
    pub fn named<'a>(
        &'a self,
        ids: &'a [String],
    ) -> impl Iterator<Item = &'a Equation> {
        ids.iter().filter_map(|id| self.get(id))
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Equation> {
        self.all.iter()
    }
}

/// What the text refers to between the display before and this one; in a
/// sentence that goes on after a display, to that one.
fn cited(manuscript: &Manuscript, fragment: &Fragment) -> Vec<String> {
    let text = &manuscript.text;
    let chapter = &manuscript.section(fragment.extent.start).range;
    let displays = || manuscript.fragments.iter().filter(|f| f.display);
    let (start, end) = (fragment.extent.start, fragment.extent.end);
    let before = displays().map(|f| f.extent.end).take_while(|&e| e <= start);
    let before = before.last().filter(|e| chapter.contains(e));
    let after = displays().map(|f| f.extent.start).find(|&s| s >= end);
    let after = after.map_or(chapter.end, |after| after.min(chapter.end));
    // Of what stands between two displays, the sentence that goes on belongs
    // to the first.
    let from = before
        .map_or(chapter.start, |before| before + goes_on(&text[before..start]));
    let to = end + goes_on(&text[end..after]);
    let mut ids = links::cited(&text[from..start]);
    ids.extend(links::cited(&text[end..to]));
    ids.retain(|id| fragment.id.as_ref() != Some(id));
    ids
}

/// How far a sentence goes on after a display: to the end of its paragraph.
fn goes_on(text: &str) -> usize {
    let trimmed = text.trim_start();
    let skipped = text.len() - trimmed.len();
    if !trimmed.starts_with(|c: char| c.is_lowercase()) {
        return 0;
    }
    skipped + trimmed.find("\n\n").unwrap_or(trimmed.len())
}
