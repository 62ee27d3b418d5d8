//! SVG whose layout is the same on all machines.

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle,
    DrawingErrorKind,
};
use std::io::Error;

/// The SVG of plotters, with an estimate of the size of a text. In a browser, plotters
/// would measure the text instead, and a figure would differ from the printed one.
pub(super) struct Svg<'a>(SVGBackend<'a>);

type Result = std::result::Result<(), DrawingErrorKind<Error>>;

impl<'a> Svg<'a> {
    /// Draws to a text, with a size in plotters' units.
    pub(super) fn new(text: &'a mut String, size: (u32, u32)) -> Self {
        Self(SVGBackend::with_string(text, size))
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Error;

    /// Returns width and height: 0.7 em for each byte, and 1.24 em.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> std::result::Result<(u32, u32), DrawingErrorKind<Error>> {
        let em = style.size() / 1.24 / 1.24;
        let width = (em * 0.7 * text.len() as f64).round();
        let height = em.round() + (em * 0.24).round();
        Ok((width as u32, height as u32))
    }

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Result {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Result {
        self.0.present()
    }

    fn draw_pixel(
        &mut self,
        point: BackendCoord,
        color: BackendColor,
    ) -> Result {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result {
        self.0.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result {
        self.0.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Result {
        self.0.fill_polygon(corners, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        place: BackendCoord,
    ) -> Result {
        self.0.draw_text(text, style, place)
    }
}
