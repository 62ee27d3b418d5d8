//! The style of all figures: colours, fonts, axes.

use super::backend::Svg;
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Cartesian2d, DrawingArea, DrawingAreaErrorKind, RGBColor, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};
use std::ops::Range;

/// The area that a figure is drawn on.
pub(super) type Canvas<'a> = DrawingArea<Svg<'a>, Shift>;

/// An error of plotters while drawing.
pub(super) type DrawError = DrawingAreaErrorKind<std::io::Error>;

/// plotters' units in one point of the figure.
pub(super) const SCALE: u32 = 4;

/// The colour of text.
pub(super) const INK: RGBColor = RGBColor(0x3C, 0x40, 0x43);
/// The colour of axes and grid lines.
pub(super) const FAINT: RGBColor = RGBColor(0xD9, 0xDC, 0xDF);
/// The colours of data: the palette of Okabe and Ito, which is safe for colour
/// blindness, blue and vermilion first.
pub(super) const COLOURS: [RGBColor; 4] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
];

/// Lighter colours for dark themes; a style sheet overrides attributes.
pub(super) const STYLE_SHEET: &str = "<style>\
    @media (prefers-color-scheme: dark) {\
    [fill='#3C4043']{fill:#C8CCD0}[stroke='#3C4043']{stroke:#C8CCD0}\
    [fill='#D9DCDF']{fill:#43484E}[stroke='#D9DCDF']{stroke:#43484E}\
    [fill='#0072B2']{fill:#56A9E0}[stroke='#0072B2']{stroke:#56A9E0}\
    [fill='#D55E00']{fill:#F28A3D}[stroke='#D55E00']{stroke:#F28A3D}\
    [fill='#009E73']{fill:#35C59B}[stroke='#009E73']{stroke:#35C59B}\
    [fill='#CC79A7']{fill:#E09CC3}[stroke='#CC79A7']{stroke:#E09CC3}}\
    </style>\n";

/// Converts points to plotters' units.
pub(super) fn points(length: u32) -> u32 {
    length * SCALE
}

/// Returns a text style of `size` points.
pub(super) fn text<'a>(size: u32, colour: RGBColor) -> TextStyle<'a> {
    // plotters divides by 1.24 when it writes SVG.
    let size = f64::from(points(size)) * 1.24;
    ("sans-serif", size).into_font().color(&colour)
}

/// Returns a line style of 1.5 points.
pub(super) fn line(colour: RGBColor) -> ShapeStyle {
    colour.stroke_width(points(3) / 2)
}

/// Returns a number with at most three decimals.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// A chart with two linear axes.
pub(super) type Chart<'a, 'b> =
    ChartContext<'a, Svg<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws the title, the axes with their names, and a faint grid. `y_label`
/// writes the numbers along the vertical axis.
pub(super) fn chart<'a, 'b>(
    canvas: &'a Canvas<'b>,
    title: &str,
    (x, x_name): (Range<f64>, &str),
    (y, y_name): (Range<f64>, &str),
    y_label: fn(f64) -> String,
) -> Result<Chart<'a, 'b>, DrawError> {
    let name_area = if y_name.is_empty() { 36 } else { 54 };
    let mut chart = ChartBuilder::on(canvas)
        .margin(points(10))
        .margin_right(points(18))
        .caption(title, text(13, INK))
        .x_label_area_size(points(36))
        .y_label_area_size(points(name_area))
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .x_desc(x_name)
        .y_desc(y_name)
        .axis_desc_style(text(11, INK))
        .label_style(text(10, INK))
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(&|x| short(*x))
        .y_label_formatter(&|y| y_label(*y))
        .axis_style(FAINT.stroke_width(points(1)))
        .bold_line_style(FAINT.stroke_width(points(1) / 2))
        .light_line_style(FAINT.mix(0.0))
        .draw()?;
    Ok(chart)
}

/// Writes names below each other in the top right corner, each in the colour of
/// its line.
pub(super) fn names<'n>(
    chart: &Chart,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<(), DrawError> {
    let area = chart.plotting_area().strip_coord_spec();
    let (width, _) = area.dim_in_pixel();
    // A line without a name has a colour, and no row.
    let named = names.into_iter().zip(COLOURS.iter().cycle());
    let named = named.filter(|(name, _)| !name.is_empty());
    for ((name, colour), row) in named.zip(0_u32..) {
        let style = text(11, *colour).pos(Pos::new(HPos::Right, VPos::Top));
        let right = (width - points(6)).cast_signed();
        let top = points(5 + 15 * row).cast_signed();
        area.draw(&Text::new(name.to_owned(), (right, top), style))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_are_short() {
        let all = [0.25, 3.0, -0.0001, 1000.0, -1.5].map(short);
        assert_eq!(all, ["0.25", "3", "0", "1000", "-1.5"]);
    }
}
