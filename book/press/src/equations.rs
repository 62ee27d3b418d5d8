//! Each display: its number, what was found of it, what it uses and what uses
//! it.

use crate::lines::line_of;
use crate::manuscript::Manuscript;
use proofread::Outcome;
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
    /// The equations that it rests on.
    pub uses: Vec<String>,
    /// Those that rest on it.
    pub used_by: Vec<String>,
}

/// All displays, in their order and by their ids.
#[derive(Clone, Debug, Default)]
pub struct Equations {
    all: Vec<Equation>,
    places: BTreeMap<String, usize>,
}

impl Equations {
    /// The displays of a manuscript.
    #[must_use]
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
                uses: fragment.said("uses"),
                used_by: vec![],
                id,
            });
        }
        for i in 0..equations.all.len() {
            let Equation { id, uses, .. } = equations.all[i].clone();
            for used in uses {
                if let Some(&j) = equations.places.get(&used) {
                    equations.all[j].used_by.push(id.clone());
                }
            }
        }
        equations
    }

    /// The equation with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Equation> {
        self.places.get(id).map(|&i| &self.all[i])
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Equation> {
        self.all.iter()
    }
}
