//! Figures that readers move.

use live::{Knob, moved, moving};

/// All values of the knobs that are an end of a range.
fn corners(knobs: &[Knob]) -> Vec<Vec<f64>> {
    let Some((first, rest)) = knobs.split_first() else {
        return vec![vec![]];
    };
    let ends = |corner: Vec<f64>| {
        [first.low, first.high].map(|end| [vec![end], corner.clone()].concat())
    };
    corners(rest).into_iter().flat_map(ends).collect()
}

#[test]
fn each_figure_is_drawn_at_the_ends_of_all_ranges() {
    for figure in moving() {
        for corner in corners(figure.knobs) {
            let drawing = moved(figure.name, &corner);
            let drawing = drawing.unwrap_or_else(|error| {
                panic!("{} at {corner:?}: {error}", figure.name)
            });
            assert!(!drawing.contains("NaN") && !drawing.contains("inf"));
        }
    }
}

#[test]
fn each_knob_changes_its_figure() {
    for figure in moving() {
        let starts: Vec<_> = figure.knobs.iter().map(|k| k.start).collect();
        let printed = moved(figure.name, &starts).unwrap();
        for (i, knob) in figure.knobs.iter().enumerate() {
            let in_range = knob.low <= knob.start && knob.start <= knob.high;
            assert!(
                in_range && knob.step > 0.0,
                "{}: {}",
                figure.name,
                knob.name
            );
            for end in [knob.low, knob.high] {
                let mut values = starts.clone();
                values[i] = end;
                let changed = moved(figure.name, &values).unwrap();
                let same = changed == printed;
                assert_eq!(same, end == knob.start, "{}", figure.name);
            }
        }
    }
}

#[test]
fn numbers_outside_of_a_range_are_moved_to_its_end() {
    for figure in moving() {
        let at = |value: fn(&Knob) -> f64| -> String {
            let values: Vec<_> = figure.knobs.iter().map(value).collect();
            moved(figure.name, &values).unwrap()
        };
        assert_eq!(at(|k| k.high), at(|_| f64::INFINITY));
        assert_eq!(at(|k| k.low), at(|_| -1e300));
        assert_eq!(at(|k| k.start), at(|_| f64::NAN));
    }
}
