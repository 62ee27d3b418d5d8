//! Tables of numbers.

use std::fmt::Write;

/// A table of numbers with a heading for each column, for a notebook.
///
/// ```
/// use ddpm::math::Schedule;
/// use ddpm::notebook::Table;
/// let schedule = Schedule::linear(3, 0.1, 0.3)?;
/// let rows = schedule.iter().map(|at| [at.t() as f64, at.alpha_bar()]);
/// let table = Table::new(["t", "alpha_bar"], rows);
/// assert!(table.html().contains("<td>3</td><td>0.504000</td>"));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    html: String,
}

impl Table {
    /// A table with these headings and rows.
    ///
    /// ```
    /// # use ddpm::notebook::Table;
    /// let table = Table::new(["x", "x²"], (1..4).map(f64::from).map(|x| [x, x * x]));
    /// assert!(table.html().contains("<td>3</td><td>9</td>"));
    /// ```
    pub fn new<const N: usize>(
        headings: [&str; N],
        rows: impl IntoIterator<Item = [f64; N]>,
    ) -> Self {
        let mut html = String::from("<table><thead><tr>");
        for heading in headings {
            let heading = heading.replace('&', "&amp;").replace('<', "&lt;");
            // Writing to a string cannot fail.
            let _ = write!(html, "<th>{heading}</th>");
        }
        html.push_str("</tr></thead><tbody>\n");
        let rows: Vec<_> = rows.into_iter().collect();
        let whole: [bool; N] =
            std::array::from_fn(|i| rows.iter().all(|row| is_whole(row[i])));
        for row in rows {
            html.push_str("<tr>");
            for (value, whole) in row.into_iter().zip(whole) {
                let _ = write!(html, "<td>{}</td>", number(value, whole));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table>");
        Self { html }
    }

    /// The table as HTML.
    ///
    /// ```
    /// # use ddpm::notebook::Table;
    /// let table = Table::new(["tiny"], [[1.25e-7]]);
    /// assert!(table.html().contains("<td>1.25000e-7</td>"));
    /// ```
    pub fn html(&self) -> &str {
        &self.html
    }
}

fn is_whole(value: f64) -> bool {
    value == value.trunc() && value.abs() < 1e9
}

/// A number of a column: as it is, if all of them are whole; or with six
/// digits.
fn number(value: f64, whole: bool) -> String {
    if whole {
        format!("{value:.0}")
    } else if value == 0.0 || (1e-3..1e6).contains(&value.abs()) {
        format!("{value:.6}")
    } else {
        format!("{value:.5e}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, number};

    #[test]
    fn numbers_can_be_read() {
        let all =
            [0.0, 0.25, 4.03e-5, 1e12, f64::NAN].map(|x| number(x, false));
        assert_eq!(
            all,
            ["0.000000", "0.250000", "4.03000e-5", "1.00000e12", "NaN"]
        );
        assert_eq!(number(-3.0, true), "-3");
    }

    #[test]
    fn a_column_is_written_in_one_way() {
        let table = Table::new(["t", "x"], [[1.0, 2.0], [2.0, 0.5]]);
        assert!(table.html().contains("<td>1</td><td>2.000000</td>"));
    }

    #[test]
    fn headings_are_text() {
        let table = Table::new(["a < b & c"], [[1.0]]);
        assert!(table.html().contains("<th>a &lt; b &amp; c</th>"));
    }
}
