//! Functions extracted from source files: a chapter shows code that is compiled
//! and tested.

use crate::manuscript::read;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Returns the source of a function without its documentation, and its first
/// and last line numbers. A free function comes before methods of the same name;
/// `Type::name` is a method of a type.
///
/// # Errors
/// If the file or the function does not exist, or several have the name.
pub(crate) fn function(
    root: &Path,
    file: &str,
    name: &str,
) -> Result<(String, (usize, usize))> {
    let text = read(&root.join(file))?;
    let lines: Vec<&str> = text.lines().collect();
    let (wanted, name) = match name.rsplit_once("::") {
        Some((of, name)) => (Some(of), name),
        None => (None, name),
    };
    // The type whose `impl` block each line is in.
    let mut block = None;
    let types = lines.iter().map(|line| {
        if let Some(head) = line.strip_prefix("impl") {
            let name = head.trim_end_matches('{').trim().rsplit(' ').next();
            block = name.and_then(|name| name.split('<').next());
        } else if *line == "}" {
            block = None;
        }
        block
    });
    let types: Vec<Option<&str>> = types.collect();
    let heads = [format!("fn {name}("), format!("fn {name}<")];
    let is_head = |line: &&str| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let in_crate =
            line.strip_prefix("pub(").and_then(|l| l.split_once(") "));
        let line = in_crate.map_or(line, |(_, rest)| rest);
        let line = line.strip_prefix("const ").unwrap_or(line);
        heads.iter().any(|head| line.starts_with(head.as_str()))
    };
    let of_type = |i: &usize| wanted.is_none() || types[*i] == wanted;
    let starts: Vec<usize> = (0..lines.len())
        .filter(|&i| is_head(&lines[i]))
        .filter(of_type)
        .collect();
    let is_free = |start: &&usize| !lines[**start].starts_with(' ');
    let free: Vec<usize> = starts.iter().filter(is_free).copied().collect();
    let start = match (&starts[..], &free[..]) {
        ([], _) => bail!("{file} has no function {name}"),
        ([start], _) | (_, [start]) => *start,
        _ => bail!("{file} has two functions {name}"),
    };
    let indent = lines[start].len() - lines[start].trim_start().len();
    let close = format!("{}}}", " ".repeat(indent));
    let length = lines[start..].iter().position(|line| *line == close);
    let length = length.with_context(|| format!("{name} does not end"))?;
    let shown = lines[start..=start + length].iter();
    let shown = shown.map(|line| line.get(indent..).unwrap_or(""));
    let text = shown.collect::<Vec<_>>().join("\n");
    Ok((text, (start + 1, start + length + 1)))
}

#[cfg(test)]
mod tests {
    use super::function;

    #[test]
    fn a_function_is_taken_out_whole() {
        let folder = tempfile::tempdir().unwrap();
        let text = "/// a\npub fn a() -> u8 {\n    if true {\n        1\n    } \
                    else {\n        2\n    }\n}\n\nmod b {\n    fn c() {\n    \
                    }\n}\nfn d() {}\nfn d() {\n}\n";
        std::fs::write(folder.path().join("x.rs"), text).unwrap();
        let get = |name| function(folder.path(), "x.rs", name);
        assert!(get("a").unwrap().0.starts_with("pub fn a() -> u8 {\n    if"));
        assert_eq!(get("c").unwrap(), ("fn c() {\n}".into(), (11, 12)));
        let said = |name| get(name).unwrap_err().to_string();
        assert_eq!(said("e"), "x.rs has no function e");
        assert_eq!(said("d"), "x.rs has two functions d");
        let both = "impl B {\n    fn a() {\n    }\n}\nfn a() {\n}\n";
        std::fs::write(folder.path().join("y.rs"), both).unwrap();
        let free = function(folder.path(), "y.rs", "a").unwrap();
        assert_eq!(free, ("fn a() {\n}".into(), (5, 6)));
        assert!(function(folder.path(), "z.rs", "a").is_err());
        let methods = "impl C {\n    fn a() {\n    }\n}\nimpl<N> D<N> {\n    \
                       fn a() {\n    }\n}\nimpl E for F {\n    fn a() {\n    \
                       }\n}\n";
        std::fs::write(folder.path().join("m.rs"), methods).unwrap();
        let get = |name| function(folder.path(), "m.rs", name);
        assert_eq!(get("D::a").unwrap().1, (6, 7));
        assert_eq!(get("F::a").unwrap().1, (10, 11));
        assert!(get("a").unwrap_err().to_string().contains("two functions a"));
        assert!(get("E::a").is_err());
    }
}
