//! Tables in Markdown.

/// Returns a table.
pub(crate) fn table<const N: usize>(
    headings: [&str; N],
    rows: &[[String; N]],
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = [headings, ["---"; N]].map(|row| line(&row.map(str::to_owned)));
    let rows = rows.iter().map(|row| line(row));
    head.into_iter().chain(rows).collect()
}
