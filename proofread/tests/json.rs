//! The objects that `check --json` prints, compared with the README's table.

mod program;

use program::{Scratch, proofread};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

type Object = Map<String, Value>;

/// Returns the objects on the standard output, and the exit code.
fn objects(arguments: &[&str], input: &str) -> (Vec<Object>, Option<i32>) {
    let arguments = [&["check", "--json"], arguments].concat();
    let output = proofread(&arguments, input.as_bytes());
    let stdout = String::from_utf8(output.stdout).unwrap();
    let object = |line| serde_json::from_str(line).unwrap();
    (stdout.lines().map(object).collect(), output.status.code())
}

/// Returns the keys of the README's table.
fn documented() -> BTreeSet<String> {
    let readme = include_str!("../README.md");
    let (_, section) = readme.split_once("\n## JSON\n").unwrap();
    let (_, table) = section.split_once("| --- | --- |\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with("| `"));
    let keys = rows.flat_map(|row| {
        let cell = row.split('|').nth(1).unwrap();
        cell.split(',').map(|key| key.trim().trim_matches('`').to_owned())
    });
    keys.collect()
}

const STATUSES: [&str; 16] = [
    "exact",
    "gaussian",
    "certified",
    "searched",
    "definition",
    "setting",
    "refuted",
    "malformed",
    "prose",
    "false",
    "undecided",
    "unknown",
    "mismarked",
    "problem",
    "warning",
    "error",
];

const NOTATION: &str = "[sizes]\nT = '3..4'\n[indices]\nt = '1..T'\n\
    [symbols]\na = { kind = 'scalar' }\nb = { kind = 'scalar' }\n\
    s_t = { kind = 'scalar', range = '1..T' }\n";

/// A text with a relation of nearly every status.
const TEXT: &str = r"Of $a = b$ and $a + b = b + a$, $t = 1$, $a^2 \ge 0$,
$\sin(a) + \cos(2a) \le 1.2$, $q = 1$, $s_{t-1} = s_{t-1}$ and $a = $,
$\frac{2}{a} = \frac{4}{2 a}$.

$$ a = 2 a $$

$$
% id: marked
a = a % refuted: it is not
$$

$$
% id: others
a = b % refuted: on purpose
b = a % prose: talk
\frac{1}{0} = \frac{2}{0} % malformed: no value
$$

$$
% id: definition
c := a
  + b
$$

$$
% id: use
% uses: definition
c = b + a
$$

$$
% id: broken
% uses: nothing
a = a
$$

$$
% id: limit
% varies: a \to \infty
\frac{a}{a + 1} \to 0
$$

And $ a is not closed, é $a = 3$";

/// Every line of the output is an object with the keys of the README's table,
/// for every text.
#[test]
fn every_object_has_the_documented_keys() {
    let keys = documented();
    assert!(keys.len() > 20, "{keys:?}");
    let scratch = Scratch::new("keys");
    let notation = scratch.write("n.toml", NOTATION);
    let broken = scratch.write("b.toml", "[symbols]\na = 1\n");
    let none = scratch.write("x.toml", "]");
    let marks = "[[relation]]\nline = 70\ntext = 'x'\nstatus = 'prose'\n\
                 why = 'gone'\n";
    let marks = scratch.write("m.toml", marks);
    let ddpm = ["texts/ddpm.md", "--notation", "texts/ddpm.notation.toml"];
    let runs: [(&[&str], &str, i32); 9] = [
        (&["-", "--notation", &notation, "--marks", &marks], TEXT, 1),
        (&["-", "--format", "tex"], r"\[ a = b", 1),
        (&["-"], "é no mathematics", 0),
        (&["-"], "\\begin{ x", 0),
        (&ddpm, "", 0),
        (&["texts/ddpm.md"], "", 1),
        (&["-", "--notation", &broken], "$a = a$", 2),
        (&["-", "--marks", &none], "$a = a$", 2),
        (&["nowhere.md", "-", "-"], "$1 = 1$", 2),
    ];
    let mut seen = BTreeSet::new();
    for (arguments, input, expected) in runs {
        let (found, code) = objects(arguments, input);
        assert_eq!(code, Some(expected), "{arguments:?}");
        let good = found.iter().all(|object| object["ok"] == true);
        assert_eq!(good, code == Some(0), "{found:?}");
        for object in found {
            let has: BTreeSet<String> = object.keys().cloned().collect();
            assert_eq!(has, keys, "{object:?}");
            assert_eq!(object["schema"], 1);
            let status = object["status"].as_str().unwrap();
            assert!(STATUSES.contains(&status), "{status}");
            assert_eq!(status == "error", code == Some(2) && status != "exact");
            seen.insert(status.to_owned());
            let file = object["file"].as_str().unwrap();
            let text = match file {
                "<stdin>" => input.to_owned(),
                file => program::read(file).unwrap_or_default(),
            };
            places_agree(&object, &text);
        }
    }
    let missing: Vec<_> =
        STATUSES.iter().filter(|&&status| !seen.contains(status)).collect();
    assert!(missing.is_empty(), "{missing:?} are missing: {seen:?}");
}

/// Asserts that lines, columns and bytes name the same places of the file.
fn places_agree(object: &Object, text: &str) {
    if object["line"].is_null() {
        assert_eq!(object["status"], "error");
        assert!(object["byte_end"].is_null() && object["problem_at"].is_null());
        return;
    }
    let at = object["problem_at"].as_object();
    assert_eq!(at.is_some(), object["problem"].is_string(), "{object:?}");
    for place in [Some(object), at].into_iter().flatten() {
        let number = |key: &str| place[key].as_u64().unwrap();
        let (start, end) = (number("byte_start"), number("byte_end"));
        assert!(start <= end, "{object:?}");
        for (byte, line, column) in
            [(start, "line", "column"), (end, "end_line", "end_column")]
        {
            let before = &text[..usize::try_from(byte).unwrap()];
            let last = before.rsplit('\n').next().unwrap();
            let lines = before.split('\n').count() as u64;
            assert_eq!(lines, number(line), "{object:?}");
            assert_eq!(last.chars().count() as u64 + 1, number(column));
        }
    }
}

/// Bytes are counted from the start of the file, including a byte-order mark.
#[test]
fn bytes_are_counted_in_the_file() {
    let input = "\u{feff}a $1 = 1$";
    let (found, code) = objects(&["-"], input);
    assert_eq!((found.len(), code), (1, Some(0)));
    assert_eq!(found[0]["file"], "<stdin>");
    assert_eq!(
        (&found[0]["line"], &found[0]["column"]),
        (&1.into(), &4.into())
    );
    let [start, end] = ["byte_start", "byte_end"]
        .map(|key| usize::try_from(found[0][key].as_u64().unwrap()).unwrap());
    assert_eq!(&input[start..end], "1 = 1");
    assert_eq!(found[0]["text"], "1 = 1");
}

/// An object contains the evidence for its verdict.
#[test]
fn an_object_says_what_its_verdict_rests_on() {
    let arguments =
        ["texts/example.md", "--notation", "texts/example.notation.toml"];
    let (objects, _) = objects(&arguments, "");
    assert_eq!(objects.len(), 5);
    let last = &objects[4];
    assert_eq!(last["status"], "false");
    assert_eq!(last["id"], "eq-variance");
    assert_eq!((&last["line"], &last["column"]), (&19.into(), &5.into()));
    assert!(last["counterexample"]["left"].is_string());
    assert_eq!(objects[1]["tier"], "exact");
    assert_eq!(objects[1]["ranges"], "every T ≥ 2 and every t");
}
