//! The dependency graph of the equations: a column for each chapter, a box for
//! each equation.

use crate::pages::wide;
use crate::{Equation, Equations};
use std::collections::BTreeMap;

/// The sizes, in the units of the drawing.
const COLUMN: usize = 76;
const ROW: usize = 29;
const BOX: (usize, usize) = (50, 21);
/// The space above the boxes for the chapter number.
const TOP: usize = 30;

/// Draws the graph as SVG, on separate lines.
pub(crate) fn draw(equations: &Equations, up: &str) -> String {
    let places = places(equations);
    let columns = places.values().map(|&(column, _)| column + 1).max();
    let rows = places.values().map(|&(_, row)| row + 1).max();
    let width = columns.unwrap_or(0) * COLUMN;
    let height = TOP + rows.unwrap_or(0) * ROW;
    let mut svg = format!(
        "<svg class=\"graph\" \
         viewBox=\"0 0 {width} {height}\" role=\"group\" \
         aria-label=\"Equations, and lines between those that rest on each \
         other\">"
    );
    // All lines lie below all boxes. Each box repeats its lines, to highlight
    // them when the pointer is on the box.
    svg.push_str("<g class=\"lines\">");
    for equation in equations.iter() {
        svg.push_str(&lines(equation, equations, &places));
    }
    svg.push_str("</g>");
    let mut chapter = "";
    for equation in equations.iter() {
        let place = places[equation.id.as_str()];
        let (x, _) = corner(place);
        let number = of_chapter(equation);
        if number != chapter {
            chapter = number;
            let middle = x + BOX.0 / 2;
            let said = format!(
                "<text class=\"chapter\" x=\"{middle}\" y=\"16\">{number}</text>"
            );
            svg.push_str(&said);
        }
        svg.push_str(&node(equation, equations, &places, up));
    }
    svg.push_str("</svg>");
    wide("What rests on what", &svg)
}

/// The column and the row of each equation, by id.
type Places<'a> = BTreeMap<&'a str, (usize, usize)>;

fn places(equations: &Equations) -> Places<'_> {
    let mut columns: Vec<(&str, usize)> = vec![];
    let mut places = Places::new();
    for equation in equations.iter() {
        let chapter = of_chapter(equation);
        if columns.last().is_none_or(|(last, _)| *last != chapter) {
            columns.push((chapter, 0));
        }
        let column = columns.len() - 1;
        let row = &mut columns[column].1;
        places.insert(&equation.id, (column, *row));
        *row += 1;
    }
    places
}

fn of_chapter(equation: &Equation) -> &str {
    equation.number.split('.').next().unwrap_or("")
}

/// Returns the upper left corner of a box.
fn corner((column, row): (usize, usize)) -> (usize, usize) {
    (column * COLUMN + (COLUMN - BOX.0) / 2, TOP + row * ROW)
}

/// Draws the lines that lead to a box.
fn lines(
    equation: &Equation,
    equations: &Equations,
    places: &Places,
) -> String {
    let Equation { id, rests_on, cites, .. } = equation;
    let mut lines = String::new();
    for (ids, class) in [(rests_on, "used"), (cites, "cited")] {
        for other in equations.named(ids) {
            let path = curve(places[other.id.as_str()], places[id.as_str()]);
            let path = format!("<path class=\"{class}\" d=\"{path}\"/>");
            lines.push_str(&path);
        }
    }
    lines
}

/// Draws a box, which is a link, and its lines.
fn node(
    equation: &Equation,
    equations: &Equations,
    places: &Places,
    up: &str,
) -> String {
    let Equation { id, number, page, .. } = equation;
    let (x, y) = corner(places[id.as_str()]);
    let (width, height) = BOX;
    let (middle, base) = (x + width / 2, y + height - 5);
    let lines = lines(equation, equations, places);
    format!(
        "<g class=\"node\">{lines}\
         <a href=\"{up}{page}#{id}\" aria-label=\"Equation {number}\">\
         <title>{id}</title><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" \
         height=\"{height}\" rx=\"4\"/>\
         <text x=\"{middle}\" y=\"{base}\">{number}</text></a></g>"
    )
}

/// Draws a curve from the right side of one box to the left side of another.
/// Within a column, the curve runs through the gap on the left.
fn curve(from: (usize, usize), to: (usize, usize)) -> String {
    let ((x, y), (u, v)) = (corner(from), corner(to));
    let (y, v) = (y + BOX.1 / 2, v + BOX.1 / 2);
    if from.0 == to.0 {
        let bend = x - (COLUMN - BOX.0) / 2;
        return format!("M{x} {y}C{bend} {y} {bend} {v} {u} {v}");
    }
    // A line may lead back, for example from the equation sheet.
    let (x, u) = if from.0 < to.0 { (x + BOX.0, u) } else { (x, u + BOX.0) };
    let middle = x.midpoint(u);
    format!("M{x} {y}C{middle} {y} {middle} {v} {u} {v}")
}
