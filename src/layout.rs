//! A test of the table of modules in `lib.rs`: what each module depends on.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns the rows of the table. A row has a module, and the modules that it depends
/// on.
fn table() -> Vec<(&'static str, BTreeSet<&'static str>)> {
    let rows = include_str!("lib.rs").lines();
    let rows = rows.skip_while(|line| !line.contains("| depends on |")).skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("//! | "));
    let name = |cell: &'static str| cell.trim_matches(['`', ' ', '|']);
    rows.map(|row| {
        let cells: Vec<_> = row.split(" | ").map(name).collect();
        let names = cells[2].split(", ").map(name);
        (cells[0], names.filter(|name| *name != "nothing").collect())
    })
    .collect()
}

/// Returns the code of a module, without comments and tests.
fn code(module: &Path) -> String {
    let mut code = String::new();
    for entry in fs::read_dir(module).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code += &self::code(&path);
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let tests = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        for line in text[..tests].lines().filter(is_code) {
            code += line;
            code.push('\n');
        }
    }
    code
}

/// Returns whether a code names something of `module`, as `crate::math::ddim` or
/// `crate::{math, nn}` does.
fn uses(code: &str, module: &str) -> bool {
    if code.contains(&format!("{module}::")) && module == "candle_fused" {
        return true;
    }
    let other = |c: char| !(c.is_alphanumeric() || c == '_');
    code.split("crate::").skip(1).any(|rest| match rest.strip_prefix('{') {
        Some(group) => {
            let end = group.find(';').unwrap_or(group.len());
            group[..end].split(other).any(|name| name == module)
        }
        None => rest.split(other).next() == Some(module),
    })
}

#[test]
fn the_table_of_modules_names_what_each_depends_on() {
    let table = table();
    assert!(table.len() > 10, "{table:?}");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
    names.push("candle_fused");
    for (i, (module, said)) in table.iter().enumerate() {
        let code = code(&source.join(module));
        let others = names.iter().filter(|name| *name != module);
        let found: BTreeSet<_> =
            others.copied().filter(|name| uses(&code, name)).collect();
        assert_eq!(&found, said, "{module}");
        // Each depends on those before it, so there is no circle.
        let later = &names[i..names.len() - 1];
        assert!(later.iter().all(|name| !found.contains(name)), "{module}");
    }
}
