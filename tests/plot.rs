//! Every figure is a well-formed and reproducible SVG with a title that says
//! what it shows.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use ddpm::Result;
use ddpm::data;
use ddpm::math::Schedule;
use ddpm::plot::{self, Figure};

fn figures() -> Vec<(&'static str, Result<Figure>)> {
    let linear = Schedule::linear(100, 1e-3, 0.2).unwrap();
    let cosine = Schedule::cosine(100).unwrap();
    let roll = data::swiss_roll(50, 0);
    let values: Vec<f32> = roll.iter().flatten().copied().collect();
    let losses: Vec<f32> = (1_u8..200).map(|k| 1.0 / f32::from(k)).collect();
    vec![
        (
            "linear, cosine",
            plot::schedules(&[("linear", &linear), ("cosine", &cosine)]),
        ),
        ("t = 5 & <6>", plot::cloud(&[("t = 5 & <6>".to_owned(), roll)])),
        ("Noise", plot::histogram("Noise", &values)),
        ("199 steps", plot::loss(&losses)),
        ("1 steps", plot::loss(&losses[..1])),
    ]
}

#[test]
fn figures_are_well_formed_and_described() {
    for (said, figure) in figures() {
        let figure = figure.unwrap();
        let document = roxmltree::Document::parse(figure.svg()).unwrap();
        let svg = document.root_element();
        assert_eq!(svg.attribute("role"), Some("img"));
        let title = svg.first_element_child().unwrap();
        assert_eq!(title.tag_name().name(), "title");
        assert!(title.text().unwrap().contains(said), "{title:?}");
        // The figure contains shapes, and none of them covers the background of
        // the page.
        let drawn = svg.descendants().filter(|node| {
            ["path", "polyline", "rect"].contains(&node.tag_name().name())
        });
        assert!(drawn.count() > 0);
        assert!(!figure.svg().contains("fill=\"#FFFFFF\""));
    }
}

/// Every colour in a figure has a counterpart for dark themes.
#[test]
fn every_colour_follows_the_theme() {
    for (_, figure) in figures() {
        let figure = figure.unwrap();
        let document = roxmltree::Document::parse(figure.svg()).unwrap();
        for node in document.descendants() {
            for name in ["fill", "stroke"] {
                let Some(colour) = node.attribute(name) else { continue };
                let rule = format!("[{name}='{colour}']{{{name}:");
                assert!(
                    colour == "none" || figure.svg().contains(&rule),
                    "{colour} of {}",
                    node.tag_name().name()
                );
            }
        }
    }
}

#[test]
fn figures_are_reproducible() {
    for ((_, one), (_, other)) in figures().into_iter().zip(figures()) {
        assert!(one.unwrap() == other.unwrap());
    }
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    assert!(plot::cloud(&[]).is_err());
    assert!(plot::histogram("", &[]).is_err());
    assert!(plot::histogram("", &[f32::NAN]).is_err());
    assert!(plot::histogram("", &[f32::INFINITY]).is_err());
    assert!(plot::schedules(&[]).is_err());
    let one = Schedule::cosine(10).unwrap();
    assert!(plot::schedules(&[("", &one); 5]).is_err());
    assert!(plot::loss(&[]).is_err());
    assert!(plot::loss(&[1.0, 0.0]).is_err());
    assert!(plot::loss(&[1.0, f32::INFINITY]).is_err());
}
