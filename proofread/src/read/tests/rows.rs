//! Rows, equations side by side, and text at the margin.

use super::{reads, refused, rows};

#[test]
fn rows_go_on_or_begin() {
    let two = ["a = b = c"];
    reads(r"a = b \\ = c", &two);
    reads(&rows(r"a &= b \\ &= c"), &two);
    reads(&rows(r"a =& b \\ =& c"), &two);
    reads(&rows(r"a &= b \\* &= c"), &two);
    reads(&rows(r"a &= b \\[4pt] &= c \\"), &two);
    reads(&rows(r"a &= b && \text{(by Bayes)} \\ &= c"), &two);
    reads(r"\begin{array}{rcl} a & = & b \\ & = & c \end{array}", &two);
    reads(&rows(r"a &= b \\ &\quad + c"), &["a = b + c"]);
    reads(&rows(r"a &= b \\ &\quad - c"), &["a = b - c"]);
    reads(&rows(r"a &= b \\ &\quad \cdot c"), &[r"a = b \cdot c"]);
    reads(&rows(r"a &= b + \\ &\quad c"), &["a = b + c"]);
    reads(&rows(r"a &= \bigl( b \\ &\quad + c \bigr)"), &["a = b + c"]);
    reads(&rows(r"a &= b \\ c &= a"), &["a = b", "c = a"]);
    reads(r"a = b \\ -c = a", &["a = b", "-c = a"]);
    refused(&rows(r"a &= b \\ & - c = a"), "is this sign one of the row");
    for row in [r"(b+1)", r"\qquad b", r"\left( b \right)"] {
        refused(
            &rows(&format!(r"a &= a \\ & {row}")),
            "this row has no relation",
        );
        refused(&format!(r"a = a \\ {row}"), "this row has no relation");
    }
    refused(r"a = ( b \\ c )", "a new row within brackets");
}

#[test]
fn equations_stand_side_by_side() {
    reads(&rows(r"a &= b & b &= c"), &["a = b", "b = c"]);
    reads(
        &rows(r"a &= b & b &= c \\ &= c & &= a"),
        &["a = b = c", "b = c = a"],
    );
    reads(r"a = b \qquad b = c", &["a = b", "b = c"]);
    reads(r"a = b \qquad (3.2)", &["a = b"]);
    reads(r"a = b, \qquad (*)", &["a = b"]);
    reads(&rows(r"a &= b & (1)"), &["a = b"]);
    reads(r"a b = b a \qquad \square", &[r"a \cdot b = b \cdot a"]);
    reads(
        r"\left\{ \begin{aligned} a &= b \\ b &= c \end{aligned} \right.",
        &["a = b", "b = c"],
    );
    reads(r"\begin{cases} a = b \\ b = c \end{cases}", &["a = b", "b = c"]);
    refused(r"a = b \qquad c", "this part has no relation");
    refused(r"a \qquad c = b", "no relation");
    refused(r"a = (b \quad c)", "a wide space");
    refused(r"\begin{pmatrix} a & b \end{pmatrix} = c", "a matrix");
    refused(r"( \begin{matrix} a \\ + b \end{matrix} ) = c", "matrix");
}

/// Checks that a condition on a middle row applies to this row, and a condition
/// behind the last row to the whole chain.
#[test]
fn conditions_belong_to_rows() {
    reads(
        &rows(r"a &= b \quad \text{for } t \ge 2 \\ &= c"),
        &[r"a = b | t \ge 2", "b = c"],
    );
    reads(
        &rows(r"a &= b \\ &= c \quad \text{for } t \ge 2"),
        &[r"a = b = c | t \ge 2"],
    );
}
