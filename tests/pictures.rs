//! A folder of pictures in colour, as the book's page on your own pictures has it:
//! made, read, learned and drawn. It stays in `target/pictures/shapes`.

mod shared;

use ddpm::data::{ImageSource, PictureFolder};
use ddpm::nn::read_tensors;
use ddpm::plot;
use ddpm::random::{Purpose, stream};
use shared::{example, text};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The number of pictures of each class.
const COUNT: u32 = 300;

/// Draws a disc or a square of one of three colours on a dark background, at a
/// random place of a picture of `(height, width)`: values in [-1, 1], channel
/// after channel.
fn shape(disc: bool, seed: u32, (height, width): (usize, usize)) -> Vec<f32> {
    let mut random = stream(3, Purpose::Data, u32::from(disc), seed);
    let colours = [[0.9, -0.5, -0.6], [-0.3, 0.7, -0.5], [0.9, 0.7, -0.7]];
    let colour = colours[random.below(3)];
    let side = height.min(width) as f64;
    let radius = side * (0.18 + 0.08 * random.uniform());
    let mut place = |length: usize| {
        let middle = length as f64 / 2.0; // where a crop leaves it
        middle + (random.uniform() - 0.5) * (side - 2.2 * radius)
    };
    let (y_0, x_0) = (place(height), place(width));
    let inside = |i: usize| {
        let y = (i / width) as f64 + 0.5 - y_0;
        let x = (i % width) as f64 + 0.5 - x_0;
        let distance = if disc { y.hypot(x) } else { y.abs().max(x.abs()) };
        distance < radius
    };
    let channel = |c: usize| {
        let background = [-0.8, -0.8, -0.5][c];
        let value = move |i| if inside(i) { colour[c] } else { background };
        (0..height * width).map(value).collect::<Vec<f32>>()
    };
    (0..3).flat_map(channel).collect()
}

/// Makes the folder, once for all tests of this file.
fn shapes() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let folder = target.join("pictures/shapes");
        for i in 0..COUNT {
            let size = [(48, 64), (64, 48), (56, 56)][i as usize % 3];
            for (class, disc) in [("discs", true), ("squares", false)] {
                let values = shape(disc, i, size);
                let (height, width) = size;
                let picture =
                    plot::grid(&values, (3, height, width), 1, 1).unwrap();
                let name = format!("{class}/{i:03}.png");
                picture.save(&folder.join(name)).unwrap();
            }
        }
        folder
    })
}

#[test]
fn the_folder_has_two_classes_of_pictures_in_colour() {
    let pictures = PictureFolder::open(shapes(), Some(32), |_, _| ()).unwrap();
    assert_eq!(pictures.len(), 2 * COUNT as usize);
    assert_eq!(pictures.classes(), ["discs", "squares"]);
    assert_eq!(pictures.shape().to_string(), "32x32 in colour");
    let images = pictures.images(&[0, COUNT]).unwrap();
    assert_eq!(images.labels(), Some(&[0, 1][..]));
}

/// The command of the page, with fewer steps.
#[test]
fn the_pictures_are_learned_and_drawn() {
    let out = tempfile::tempdir().unwrap();
    let mut digits = Command::new(example("digits"));
    digits.arg("--data").arg(shapes()).args(["--size", "32"]);
    digits.args(["--steps", "3", "--samples", "4", "--sample-steps", "5"]);
    let output = digits.arg("--out").arg(out.path()).output().unwrap();
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    let expected = "600 pictures of 32x32 in colour, in 2 classes";
    assert!(said.contains(expected), "{said}");
    let tensors = read_tensors(&out.path().join("samples.safetensors"));
    assert_eq!(tensors.unwrap()["samples"].dims(), [4, 3, 32, 32]);
    let png = std::fs::read(out.path().join("samples.png")).unwrap();
    assert_eq!(png[25], 6); // PNG's number for red, green, blue and opacity
}
