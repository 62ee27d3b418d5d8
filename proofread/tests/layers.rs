//! The modules of the crate, in order: each module uses only the modules above
//! it in this list.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The modules of the crate, each after the modules that it uses.
const ORDER: &[&str] = &[
    "span",
    "work",
    "value",
    "relation",
    "expr",
    "print",
    "notation",
    "types",
    "read",
    "declare",
    "claim",
    "define",
    "needs",
    "text",
    "marks",
    "term",
    "algebra",
    "ball",
    "eval",
    "solve",
    "outcome",
    "document",
    "diagnostics",
    "code",
    "mutate",
];

/// Collects each pair of a module and another module that its code uses, tests
/// aside, with a file that contains the use.
fn arrows(path: &Path, into: &mut BTreeMap<(String, String), String>) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            arrows(&path, into);
            continue;
        }
        let place = path.strip_prefix(&source).unwrap();
        let first = place.iter().next().unwrap().to_str().unwrap();
        let room = first.trim_end_matches(".rs").to_owned();
        let is_test =
            place.iter().any(|part| part == "tests" || part == "tests.rs");
        if is_test || ["lib", "main", "cli"].contains(&room.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Tests are at the end of a file, or in a separate file.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for used in code.split("crate::").skip(1).flat_map(rooms) {
            if ORDER.contains(&used) && used != room {
                let place = place.display().to_string();
                into.insert((room.clone(), used.to_owned()), place);
            }
        }
    }
}

/// Returns the modules that follow `crate::`: one, or several in braces.
fn rooms(path: &str) -> Vec<&str> {
    let end = |c: char| !(c.is_alphanumeric() || c == '_');
    let Some(list) = path.strip_prefix('{') else {
        return path.split(end).take(1).collect();
    };
    let list = list.split(';').next().unwrap();
    list.split(end).filter(|name| !name.is_empty()).collect()
}

#[test]
fn no_room_uses_one_that_stands_on_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = BTreeMap::new();
    arrows(&source, &mut all);
    assert!(all.len() > 50, "this reads the imports: {all:?}");
    let place = |room: &str| ORDER.iter().position(|known| *known == room);
    let mut up = vec![];
    for ((room, used), file) in &all {
        let from = place(room);
        assert!(from.is_some(), "the room {room} is not in the order");
        if place(used) >= from {
            up.push(format!("{file} uses {used}"));
        }
    }
    assert!(up.is_empty(), "arrows up: {up:#?}");
}
