//! Colours, fonts, and one chart that looks like the next.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Cartesian2d, DrawingArea, DrawingAreaErrorKind, LineSeries, RGBColor,
    SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};
use std::ops::Range;

/// What the figures of this module draw on.
pub(super) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// An error of plotters while drawing.
pub(super) type DrawError = DrawingAreaErrorKind<std::io::Error>;

/// Units of plotters in one point of the figure.
pub(super) const SCALE: u32 = 4;

/// Text and axes.
pub(super) const INK: RGBColor = RGBColor(0x3C, 0x40, 0x43);
/// What stands behind the data.
pub(super) const FAINT: RGBColor = RGBColor(0xD9, 0xDC, 0xDF);
/// The colours of data: Okabe and Ito's, which colour-blind eyes tell apart,
/// blue and vermilion first.
pub(super) const COLOURS: [RGBColor; 4] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
];

/// In a dark theme the same colours, lightened; rules win over attributes.
pub(super) const STYLE_SHEET: &str = "<style>\
    @media (prefers-color-scheme: dark) {\
    [fill='#3C4043']{fill:#C8CCD0}[stroke='#3C4043']{stroke:#C8CCD0}\
    [fill='#D9DCDF']{fill:#43484E}[stroke='#D9DCDF']{stroke:#43484E}\
    [fill='#0072B2']{fill:#56A9E0}[stroke='#0072B2']{stroke:#56A9E0}\
    [fill='#D55E00']{fill:#F28A3D}[stroke='#D55E00']{stroke:#F28A3D}\
    [fill='#009E73']{fill:#35C59B}[stroke='#009E73']{stroke:#35C59B}\
    [fill='#CC79A7']{fill:#E09CC3}[stroke='#CC79A7']{stroke:#E09CC3}}\
    </style>\n";

/// A length in points, in plotters' units.
pub(super) fn points(length: u32) -> u32 {
    length * SCALE
}

/// Text of `size` points.
pub(super) fn text<'a>(size: u32, colour: RGBColor) -> TextStyle<'a> {
    // plotters divides by 1.24 when it writes SVG.
    let size = f64::from(points(size)) * 1.24;
    ("sans-serif", size).into_font().color(&colour)
}

/// A line of 1.5 points.
pub(super) fn line(colour: RGBColor) -> ShapeStyle {
    colour.stroke_width(points(3) / 2)
}

/// How the numbers along an axis are written.
pub(super) type Labels = fn(f64) -> String;

/// Numbers with one decimal.
pub(super) fn tenths(value: f64) -> String {
    format!("{value:.1}")
}

/// Whole numbers.
pub(super) fn whole(value: f64) -> String {
    format!("{value:.0}")
}

/// A chart with a title, labelled axes and a faint grid.
pub(super) fn chart<'a, 'b>(
    canvas: &'a Canvas<'b>,
    title: &str,
    (x, x_name, x_labels): (Range<f64>, &str, Labels),
    (y, y_name, y_labels): (Range<f64>, &str, Labels),
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
        .x_label_formatter(&|x| x_labels(*x))
        .y_label_formatter(&|y| y_labels(*y))
        .axis_style(FAINT.stroke_width(points(1)))
        .bold_line_style(FAINT.stroke_width(points(1) / 2))
        .light_line_style(FAINT.mix(0.0))
        .draw()?;
    Ok(chart)
}

/// What [`chart`] makes.
pub(super) type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<RangedCoordf64, RangedCoordf64>,
>;

/// Lines with their names written beside them, in their colours.
pub(super) fn named_lines(
    chart: &mut Chart,
    lines: &[(&str, Vec<(f64, f64)>)],
) -> Result<(), DrawError> {
    for ((_, values), colour) in lines.iter().zip(COLOURS.iter().cycle()) {
        let values = values.iter().copied();
        chart.draw_series(LineSeries::new(values, line(*colour)))?;
    }
    let area = chart.plotting_area().strip_coord_spec();
    names(&area, lines.iter().map(|(name, _)| *name))
}

/// A column of names in the top right corner, each in the next colour.
pub(super) fn names<'n>(
    area: &DrawingArea<SVGBackend, Shift>,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), DrawError> {
    let (width, _) = area.dim_in_pixel();
    // A line without a name takes its colour, and no row.
    let named =
        names.zip(COLOURS.iter().cycle()).filter(|(n, _)| !n.is_empty());
    for ((name, colour), row) in named.zip(0_u32..) {
        let style = text(11, *colour).pos(Pos::new(HPos::Right, VPos::Top));
        let place = (width - points(6), points(5 + 15 * row));
        let place = (place.0.cast_signed(), place.1.cast_signed());
        area.draw(&Text::new(name.to_owned(), place, style))?;
    }
    Ok(())
}
