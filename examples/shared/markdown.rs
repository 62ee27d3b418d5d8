//! Tables in Markdown.

/// Returns a table. A number stays on one line with its error or its change.
pub(crate) fn table<const N: usize>(
    headings: [&str; N],
    rows: &[[String; N]],
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = [headings, ["---"; N]].map(|row| line(&row.map(str::to_owned)));
    let rows = rows.iter().map(|row| line(row));
    let table: String = head.into_iter().chain(rows).collect();
    table.replace(" ± ", "\u{a0}±\u{a0}").replace(" → ", "\u{a0}→\u{a0}")
}

/// Writes a number with a comma before each group of three digits.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups = groups.map(|g| String::from_utf8_lossy(g).into_owned());
    groups.collect::<Vec<_>>().join(",")
}
