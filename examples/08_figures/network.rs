//! The U-Net of the digits, as a diagram and as a table of its parts.

use crate::markdown;
use crate::recipe::Recipe;
use anyhow::Result;
use candle_core::{DType, Device};
use ddpm::data::ImageShape;
use ddpm::nn::{NetworkConfig, Parameters, UNetConfig};
use ddpm::write_atomic;
use std::fmt::Write;
use std::path::Path;

/// Writes the diagram and the table.
pub(crate) fn draw(out: &Path) -> Result<()> {
    let unet = Unet::new()?;
    write_atomic(&out.join("network.svg"), unet.diagram().as_bytes())?;
    write_atomic(&out.join("parameters.md"), unet.table().as_bytes())?;
    Ok(())
}

/// A part of the network.
#[derive(Debug)]
struct Part {
    /// The start of the names of its parameters.
    name: String,
    /// The layers, in words.
    what: String,
    /// The layer that changes the size, or nothing.
    end: &'static str,
    /// The shape of its output for one image.
    output: String,
    parameters: usize,
}

/// The U-Net of the paper's recipe, and its parameters.
struct Unet {
    config: UNetConfig,
    size: usize,
    parameters: Parameters,
}

impl Unet {
    fn new() -> Result<Self> {
        let size = 28;
        let shape = ImageShape::from((size, size));
        let config = Recipe::PAPER.model(shape)?.network;
        let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
        config.build(&parameters.builder())?;
        Ok(Self { config, size, parameters })
    }

    fn part(
        &self,
        name: impl Into<String>,
        what: impl Into<String>,
        end: &'static str,
        output: impl Into<String>,
    ) -> Part {
        let name = name.into();
        let is_of = |of: &str| {
            of.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))
        };
        let named = self.parameters.named().into_iter();
        let named = named.filter(|(of, _)| is_of(of));
        let parameters = named.map(|(_, var)| var.elem_count()).sum();
        let (what, output) = (what.into(), output.into());
        Part { name, what, end, output, parameters }
    }

    /// Returns height and width at a level.
    fn size_at(&self, level: usize) -> String {
        format!("{0} × {0}", self.size >> level)
    }

    /// Returns the parts in the order of a forward pass.
    fn parts(&self) -> Vec<Part> {
        let channels = &self.config.block_out_channels;
        let levels = channels.len();
        let shape = |channels: usize, level: usize| {
            format!("{channels} × {}", self.size_at(level))
        };
        let blocks = |count: usize, level: usize| {
            let attention =
                if level + 1 == levels { ", attention" } else { "" };
            let s = if count == 1 { "" } else { "s" };
            format!("{count} residual block{s}{attention}")
        };
        let width = (4 * channels[0]).to_string();
        let convolution = "3×3 convolution";
        let first = shape(channels[0], 0);
        let linear = "sinusoids, 2 linear layers";
        let mut parts = vec![
            self.part("time_embedding", linear, "", width),
            self.part("conv_in", convolution, "", &first),
        ];
        let count = self.config.layers_per_block;
        for (level, &c) in channels.iter().enumerate() {
            let (end, after) = match level + 1 {
                after if after < levels => ("stride 2", after),
                _ => ("", level),
            };
            let (name, what) =
                (format!("down_blocks.{level}"), blocks(count, level));
            parts.push(self.part(name, what, end, shape(c, after)));
        }
        let lowest = levels - 1;
        let output = shape(channels[lowest], lowest);
        parts.push(self.part("mid_block", blocks(2, lowest), "", output));
        for (i, (level, &c)) in channels.iter().enumerate().rev().enumerate() {
            let (end, after) = match level {
                0 => ("", 0),
                _ => ("upsampling", level - 1),
            };
            let (name, what) =
                (format!("up_blocks.{i}"), blocks(count + 1, level));
            parts.push(self.part(name, what, end, shape(c, after)));
        }
        let image = shape(self.config.image_channels, 0);
        parts.push(self.part("conv_norm_out", "group norm, SiLU", "", first));
        parts.push(self.part("conv_out", convolution, "", image));
        parts
    }

    fn table(&self) -> String {
        let row = |part: Part| {
            let name = format!("`{}`", part.name);
            [name, part.output, markdown::thousands(part.parameters)]
        };
        let mut rows: Vec<_> = self.parts().into_iter().map(row).collect();
        let total = markdown::thousands(self.parameters.count());
        rows.push(["all".to_owned(), String::new(), total]);
        markdown::table(["part", "output", "parameters"], &rows)
    }

    fn diagram(&self) -> String {
        let parts = self.parts();
        let levels = self.config.block_out_channels.len();
        let mut drawing = Drawing::default();
        let (left, middle, right) = (1, 260, 519);
        let row = |level: usize| 115 * (level + 1);
        let mut at = |x: usize, y: usize, name: &str| {
            for part in parts.iter().filter(|part| part.name == name) {
                drawing.block(x, y, part);
            }
        };
        at(middle, 0, "time_embedding");
        at(left, 0, "conv_in");
        for level in 0..levels {
            at(left, row(level), &format!("down_blocks.{level}"));
            let up = levels - 1 - level;
            at(right, row(level), &format!("up_blocks.{up}"));
        }
        at(middle, row(levels), "mid_block");
        at(right, 0, "conv_out");
        // From part to part.
        let (l, r) = (left + WIDTH / 2, right + WIDTH / 2);
        for level in 0..levels {
            let top = if level == 0 { 0 } else { row(level - 1) };
            drawing.arrow(&[(l, top + HEIGHT), (l, row(level))], "flow");
            drawing.arrow(&[(r, row(level)), (r, top + HEIGHT)], "flow");
        }
        let low = row(levels) + HEIGHT / 2;
        let bottom = row(levels - 1) + HEIGHT;
        drawing.arrow(&[(l, bottom), (l, low), (middle, low)], "flow");
        drawing.arrow(&[(middle + WIDTH, low), (r, low), (r, bottom)], "flow");
        // The skip connections, and the embedding of the timestep.
        let skips = self.config.layers_per_block + 1;
        let spine = middle + WIDTH / 2;
        for level in 0..levels {
            let y = row(level) + 2 * HEIGHT / 3;
            drawing.arrow(&[(left + WIDTH, y), (right, y)], "skip");
            let label = format!("{skips} skip connections");
            drawing.text(left + WIDTH + 8, y - 6, &label, "small skip-name");
            let size = self.size_at(level);
            drawing.text(spine + 8, y - 6, &size, "small skip-name");
            let y = row(level) + HEIGHT / 4;
            drawing.arrow(&[(spine, y), (left + WIDTH, y)], "time");
            drawing.arrow(&[(spine, y), (right, y)], "time");
        }
        drawing.arrow(&[(spine, HEIGHT), (spine, row(levels))], "time");
        drawing.svg(right + WIDTH + 1, row(levels) + HEIGHT + 2)
    }
}

/// The size of a block of the diagram.
const WIDTH: usize = 200;
const HEIGHT: usize = 78;

/// SVG elements of a diagram.
#[derive(Default)]
struct Drawing {
    lines: String,
    blocks: String,
}

impl Drawing {
    fn block(&mut self, x: usize, y: usize, part: &Part) {
        let (top, middle) = (y + 1, x + WIDTH / 2);
        let _ = writeln!(
            self.blocks,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{WIDTH}\" \
             height=\"{HEIGHT}\" rx=\"5\"/>",
        );
        let Part { name, what, end, output, parameters } = part;
        let output = match *end {
            "" => output.clone(),
            end => format!("{end}, to {output}"),
        };
        let count = format!("{} parameters", markdown::thousands(*parameters));
        for (line, class, text) in [
            (19, "centre name", name),
            (37, "centre", what),
            (54, "centre", &output),
            (70, "centre small", &count),
        ] {
            self.text(middle, y + line, text, class);
        }
    }

    fn text(&mut self, x: usize, y: usize, text: &str, class: &str) {
        let _ = writeln!(
            self.blocks,
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{text}</text>"
        );
    }

    /// A line with an arrow at its end.
    fn arrow(&mut self, points: &[(usize, usize)], class: &str) {
        let points: Vec<_> =
            points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let _ = writeln!(
            self.lines,
            "<polyline class=\"{class}\" points=\"{}\" \
             marker-end=\"url(#{class}-end)\"/>",
            points.join(" ")
        );
    }

    fn svg(&self, width: usize, height: usize) -> String {
        let marker = |class: &str| {
            format!(
                "<marker id=\"{class}-end\" viewBox=\"0 0 6 6\" refX=\"6\" refY=\"3\" \
                 markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">\
                 <path d=\"M0,0L6,3L0,6z\" class=\"{class}-fill\"/></marker>\n"
            )
        };
        let markers = ["flow", "skip", "time"].map(marker).concat();
        format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
             {height}\" role=\"img\" class=\"network\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n\
             <title>The U-Net: a down path, a middle block and an up path, with skip \
             connections, and the timestep embedding that goes to every block</title>\n\
             <style>{STYLE}</style>\n{markers}{}{}</svg>\n",
            self.lines, self.blocks
        )
    }
}

const STYLE: &str = "\
    .network text{font:13px sans-serif;fill:#3C4043}\
    .network .centre{text-anchor:middle}\
    .network .name{font-weight:bold}\
    .network .small{font-size:11px}\
    .network rect{fill:#F1F4F7;stroke:#9AA2AA}\
    .network polyline{fill:none;stroke-width:1.5}\
    .flow{stroke:#3C4043}.flow-fill{fill:#3C4043}\
    .skip{stroke:#0072B2}.skip-fill{fill:#0072B2}\
    .network .skip-name{fill:#0072B2}\
    .time{stroke:#D55E00;stroke-dasharray:4 3}.time-fill{fill:#D55E00}\
    @media (prefers-color-scheme: dark) {\
    .network text{fill:#C8CCD0}.network rect{fill:#2A3038;stroke:#6B737C}\
    .flow{stroke:#C8CCD0}.flow-fill{fill:#C8CCD0}\
    .skip{stroke:#56A9E0}.skip-fill{fill:#56A9E0}\
    .network .skip-name{fill:#56A9E0}\
    .time{stroke:#F28A3D}.time-fill{fill:#F28A3D}}";

#[cfg(test)]
mod tests {
    use super::Unet;

    /// The book's diagram and table are of the network as it is.
    #[test]
    fn the_book_shows_this_network() {
        let unet = Unet::new().unwrap();
        let parts = unet.parts();
        let sum: usize = parts.iter().map(|part| part.parameters).sum();
        assert_eq!(sum, unet.parameters.count(), "{parts:?}");
        for (name, made) in
            [("network.svg", unet.diagram()), ("parameters.md", unet.table())]
        {
            let path =
                format!("{}/book/src/{name}", env!("CARGO_MANIFEST_DIR"));
            let printed = fs_err::read_to_string(path).unwrap();
            assert!(
                printed == made,
                "book/src/{name} is old; copy it from the output of `cargo run \
                 --release --example figures`"
            );
        }
    }
}
