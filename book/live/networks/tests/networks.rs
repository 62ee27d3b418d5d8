//! Networks of a page, run natively.

use ddpm::math::posterior::ReverseVariance;
use ddpm::sample::{Method, SampleOptions};
use networks::{Lesson, Painter, Training};

const WEIGHTS: &[u8] = include_bytes!("../../weights/digits.safetensors");

/// The values of one picture.
const PIXELS: usize = 28 * 28;

fn options(steps: usize) -> SampleOptions {
    SampleOptions {
        method: Method::Ancestral(ReverseVariance::BetaTilde),
        steps: Some(steps),
        ..SampleOptions::default()
    }
}

/// Returns the pictures at the end.
fn last(draw: impl FnOnce(&mut dyn FnMut(networks::Picture))) -> Vec<f32> {
    let mut last = vec![];
    draw(&mut |picture| last = picture.x_t);
    last
}

#[test]
fn each_lesson_learns_draws_and_continues_from_its_checkpoint() {
    for (lesson, values) in
        [(Lesson::Spiral, 2), (Lesson::Paper, 64), (Lesson::Fast, 64)]
    {
        assert_eq!(Lesson::from_name(lesson.name()), Some(lesson));
        let mut training = Training::new(lesson, 3).unwrap();
        assert!(training.loss_figure().is_err()); // there is no loss yet
        for step in 1..=4 {
            assert_eq!(training.step().unwrap().unwrap().step, step);
        }
        assert!(training.loss_figure().unwrap().starts_with("<svg"));
        assert_eq!(training.samples(2, 0).unwrap().len(), 2 * values);

        let checkpoint = training.checkpoint().unwrap();
        let mut resumed = Training::from_checkpoint(&checkpoint).unwrap();
        assert_eq!(resumed.lesson(), lesson);
        let next = training.step().unwrap().unwrap();
        assert_eq!(resumed.step().unwrap().unwrap(), next);
        assert_eq!(
            resumed.checkpoint().unwrap(),
            training.checkpoint().unwrap()
        );
    }
}

#[test]
fn what_is_no_checkpoint_of_a_lesson_is_refused_in_words() {
    let says = |bytes: &[u8], expected: &str| {
        let error = Training::from_checkpoint(bytes).err().unwrap();
        let error = format!("{error:#}");
        assert!(error.contains(expected), "{error}");
    };
    says(WEIGHTS, "weights alone");
    says(b"<!DOCTYPE html>", "a web page");
    says(&WEIGHTS[..1000], "cut off or damaged");
    says(&[], "empty");
}

/// Little noise leaves a picture as it was; all of the noise leaves nothing of it.
#[test]
fn a_picture_is_kept_or_lost_by_its_noise() {
    let painter = Painter::new(WEIGHTS).unwrap();
    let options = options(5);
    let digit = last(|show| painter.draw(1, &options, show).unwrap());
    assert_eq!(digit.len(), PIXELS);
    let distance = |t: usize| {
        let varied =
            last(|show| painter.vary(&digit, t, 2, &options, show).unwrap());
        let of_one = |one: &[f32]| {
            let squares = one.iter().zip(&digit).map(|(a, b)| (a - b).powi(2));
            squares.sum::<f32>() / PIXELS as f32
        };
        let [first, second] = [&varied[..PIXELS], &varied[PIXELS..]];
        assert_ne!(first, second); // their noise differs
        of_one(first).max(of_one(second))
    };
    let (little, all) = (distance(20), distance(1000));
    assert!(little < 0.01 && all > 0.1, "{little} {all}");

    let refused = |picture: &[f32], t: usize| {
        painter.vary(picture, t, 1, &options, |_| ()).is_err()
    };
    assert!(refused(&digit, 0) && refused(&digit, 1001));
    assert!(refused(&digit, 4)); // five steps do not fit
    assert!(refused(&digit[1..], 500));
}
