//! Spaces, and their widths.

use katex::parser::parse_node::AnyParseNode as Node;
use katex::spacing_data::MeasurementOwned;

/// Returns whether nodes are only space.
pub(super) fn blank(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| match node {
        Node::Kern(_) | Node::Spacing(_) | Node::Internal(_) => true,
        Node::OrdGroup(group) => blank(&group.body),
        _ => false,
    })
}

/// Converts a measure to em.
pub(super) fn em(measure: &MeasurementOwned) -> f64 {
    let unit = match measure.unit.as_str() {
        "mu" => 1.0 / 18.0,
        "ex" => 0.43,
        "pt" | "px" | "bp" => 0.1,
        "mm" => 0.28,
        "cm" => 2.8,
        "in" => 7.2,
        _ => 1.0,
    };
    measure.number * unit
}
