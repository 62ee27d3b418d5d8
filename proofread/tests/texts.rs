//! Whole texts: the notes that this project started from, with their mistakes;
//! the equations of the DDPM paper; and a text by another author in another
//! notation.

use proofread::{
    Fate, Fragment, Marks, Notation, Outcome, Report, Side, Status, check,
    fragments, mutants,
};
use std::path::Path;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Checks a text with the notation and the marks in the files beside it.
fn report(name: &str, text: &str, beside: &str) -> Report {
    let notation = Notation::read(&file(&format!("{beside}.notation.toml")));
    check(name, text, &notation.unwrap(), &marks(beside))
}

/// Reads the marks in the file beside a text, if there is such a file.
fn marks(beside: &str) -> Marks {
    let marks = format!("{beside}.marks.toml");
    let has_marks = Path::new(env!("CARGO_MANIFEST_DIR")).join(&marks).exists();
    if has_marks {
        Marks::read(&file(&marks)).unwrap()
    } else {
        Marks::default()
    }
}

fn assert_good(text: &str, report: &Report) {
    for outcome in &report.outcomes {
        let (line, problem) = (line(text, outcome), &outcome.problem);
        assert!(outcome.status.is_good(), "line {line}: {problem:?}");
    }
    assert!(report.is_good(), "{report:?}");
}

fn line(text: &str, outcome: &Outcome) -> usize {
    text[..outcome.span.start].matches('\n').count() + 1
}

/// Each false line of the notes is refuted at its place, each line without a
/// claim is called malformed, and the true lines pass.
#[test]
fn the_notes() {
    let text = file("../book/notes.md");
    let report = report("notes.md", &text, "../book/notes");
    assert_good(&text, &report);
    let lines = |status: Status| {
        let all = report.outcomes.iter().filter(|o| o.status == status);
        all.map(|o| line(&text, o)).collect::<Vec<_>>()
    };
    // A relation starts on the line of its left side.
    assert_eq!(lines(Status::Refuted), [102, 149, 157, 268, 297, 305]);
    let malformed = lines(Status::Malformed);
    assert_eq!(malformed, [21, 27, 30, 43, 58, 62, 64, 67, 137]);
    for outcome in &report.outcomes {
        let refuted = outcome.status == Status::Refuted;
        assert_eq!(refuted, outcome.counterexample.is_some());
    }
    // All relations are tested except these, settings and definitions.
    let tested = lines(Status::Exact).len() + lines(Status::Gaussian).len();
    assert_eq!(tested, 24);
}

/// Without the marks, the mistakes of the notes are errors.
#[test]
fn the_notes_without_marks_are_full_of_errors() {
    let text = file("../book/notes.md");
    let notation =
        Notation::read(&file("../book/notes.notation.toml")).unwrap();
    let report = check("notes.md", &text, &notation, &Marks::default());
    let wrong = report.outcomes.iter().filter(|o| !o.status.is_good());
    assert!(wrong.count() >= 15);
}

#[test]
fn the_ddpm_paper() {
    let text = file("texts/ddpm.md");
    let report = report("ddpm.md", &text, "texts/ddpm");
    assert_good(&text, &report);
    let untested = report.outcomes.iter().filter(|o| {
        matches!(o.status, Status::Prose | Status::Malformed | Status::Refuted)
    });
    assert_eq!(untested.count(), 0);
}

/// A flipped sign in another author's text is found, at its place.
#[test]
fn another_authors_text() {
    let text = file("texts/variational.tex");
    assert_good(&text, &report("v.tex", &text, "texts/variational"));
    let (good, bad) = (
        r"- \frac{s_{t|r}^2}{s_t}\, \bm{\epsilon} \right)",
        r"+ \frac{s_{t|r}^2}{s_t}\, \bm{\epsilon} \right)",
    );
    assert_eq!(text.matches(good).count(), 1);
    let planted = text.replace(good, bad);
    let report = report("v.tex", &planted, "texts/variational");
    let wrong: Vec<_> = report
        .outcomes
        .iter()
        .filter(|outcome| outcome.status == Status::False)
        .collect();
    assert_eq!(wrong.len(), 1);
    let problem = wrong[0].problem.as_ref().unwrap();
    let place = planted[problem.span.start..problem.span.end].trim();
    assert!(place.contains(bad), "{place}");
}

/// Fifteen lines of notation, without marks, suffice to decide most displays of
/// the same text and to find a flipped sign.
#[test]
fn a_short_notation_goes_a_long_way() {
    let text = file("texts/variational.tex");
    let decided = |text: &str| {
        let report = report("v.tex", text, "texts/short");
        let formulas = fragments("v.tex", text);
        let displays = formulas.iter().filter(|formula| formula.display);
        let is_decided = |formula: &&Fragment| {
            let place = formula.span();
            let mut of_it = report.outcomes.iter().filter(|outcome| {
                place.start <= outcome.span.start
                    && outcome.span.end <= place.end
            });
            // Two displays define the scales differently from the notation, so they
            // are false by themselves; what the text supposes makes them doubtful.
            of_it.all(|o| {
                let problem = o.problem.as_ref();
                let alone = problem
                    .is_some_and(|p| p.message.contains("false by itself"));
                o.status.is_good() || o.status == Status::False || alone
            })
        };
        let false_ones =
            report.outcomes.iter().filter(|o| o.status == Status::False);
        (
            displays.clone().filter(is_decided).count(),
            displays.count(),
            false_ones.count(),
        )
    };
    let (good, all, without) = decided(&text);
    assert!(2 * good > all, "{good} of {all} displays");
    let (sign, slip) =
        (r"- s_t \bm{\epsilon}) / a_t", r"+ s_t \bm{\epsilon}) / a_t");
    assert_eq!(text.matches(sign).count(), 1);
    assert_eq!(decided(&text.replace(sign, slip)).2, without + 1);
}

/// Asserts that no mutant of a text survives, deciding one in `every` mutants,
/// and returns the number of mutants.
fn none_survives(name: &str, path: &str, beside: &str, every: u64) -> usize {
    let notation = file(&format!("{beside}.notation.toml"));
    let marks = marks(beside);
    let found = mutants(name, &file(path), &notation, &marks, every).unwrap();
    let survivors: Vec<_> =
        found.iter().filter(|m| m.fate == Fate::Survived).collect();
    assert!(survivors.is_empty(), "{survivors:#?}");
    // Few mutants may be excused as another spelling of the original.
    let count = |fate| found.iter().filter(|m| m.fate == fate).count();
    assert!(50 * count(Fate::Spelling) < found.len());
    assert!(count(Fate::Rejected) > found.len() / 4);
    found.len()
}

/// No change of a formula or of the notation goes unnoticed. (`proofread
/// mutate` decides every mutant.)
#[test]
fn no_mutant_of_the_notes_survives() {
    let text = "../book/notes";
    let count = none_survives("n.md", "../book/notes.md", text, 200);
    assert!(count > 5000, "{count}");
}

#[test]
fn no_mutant_of_the_ddpm_paper_survives() {
    let reads_only = u64::MAX;
    let path = "texts/ddpm.md";
    let count = none_survives("d.md", path, "texts/ddpm", reads_only);
    assert!(count > 5000, "{count}");
}

#[test]
fn no_mutant_of_another_authors_text_survives() {
    let reads_only = u64::MAX;
    let (path, beside) = ("texts/variational.tex", "texts/variational");
    let count = none_survives("v.tex", path, beside, reads_only);
    assert!(count > 7000, "{count}");
}

/// The same text gives a byte-identical report.
#[test]
fn reports_are_reproducible() {
    let text = file("texts/ddpm.md");
    let one = report("ddpm.md", &text, "texts/ddpm");
    let other = report("ddpm.md", &text, "texts/ddpm");
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

/// Equation (11) of the text agrees with its function, and a function with a
/// wrong sign is reported.
#[test]
fn an_equation_and_its_function() {
    let text = file("texts/ddpm.md");
    let report = report("ddpm.md", &text, "texts/ddpm");
    let mean = report.expression("ddpm-11", 1, Side::Right).unwrap();
    let compare = |sign: f64| {
        mean.compare(|at| {
            let x_t = at.vector("x_t")?;
            let epsilon = at.vector(r"\epsilon_\theta(x_t, t)")?;
            let betas = at.table(r"\beta_t", "t")?;
            let t = at.whole("t")?;
            let alpha_bar: f64 = betas[..t].iter().map(|b| 1.0 - b).product();
            let beta = betas[t - 1];
            let factor = sign * beta / (1.0 - alpha_bar).sqrt();
            Ok(std::array::from_fn::<f64, 3, _>(|i| {
                (x_t[i] + factor * epsilon[i]) / (1.0 - beta).sqrt()
            }))
        })
    };
    let agreement = compare(-1.0).unwrap();
    assert!(agreement.points > 50, "{agreement:?}");
    let error = compare(1.0).unwrap_err();
    assert!(error.contains("the text says"), "{error}");
}
