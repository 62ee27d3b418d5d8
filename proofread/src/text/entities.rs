//! Character references of HTML: `&lt;`, `&#61;`, `&#x3d;`.

/// The references that matter beside a formula: spaces, relations and signs.
const NAMES: [(&str, char); 86] = [
    ("radic", '√'),
    ("frac12", '½'),
    ("half", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("not", '¬'),
    ("divide", '÷'),
    ("frasl", '⁄'),
    ("Equal", '⩵'),
    ("plusmn", '±'),
    ("sup1", '¹'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("nbsp", '\u{a0}'),
    ("NonBreakingSpace", '\u{a0}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("emsp13", '\u{2004}'),
    ("emsp14", '\u{2005}'),
    ("numsp", '\u{2007}'),
    ("puncsp", '\u{2008}'),
    ("thinsp", '\u{2009}'),
    ("ThinSpace", '\u{2009}'),
    ("hairsp", '\u{200a}'),
    ("VeryThinSpace", '\u{200a}'),
    ("MediumSpace", '\u{205f}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("NoBreak", '\u{2060}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
    ("shy", '\u{ad}'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("equals", '='),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("le", '≤'),
    ("leq", '≤'),
    ("ge", '≥'),
    ("geq", '≥'),
    ("GreaterEqual", '≥'),
    ("les", '⩽'),
    ("leqslant", '⩽'),
    ("LessSlantEqual", '⩽'),
    ("ges", '⩾'),
    ("geqslant", '⩾'),
    ("GreaterSlantEqual", '⩾'),
    ("ne", '≠'),
    ("NotEqual", '≠'),
    ("equiv", '≡'),
    ("Congruent", '≡'),
    ("asymp", '≈'),
    ("ap", '≈'),
    ("approx", '≈'),
    ("thickapprox", '≈'),
    ("TildeTilde", '≈'),
    ("cong", '≅'),
    ("TildeFullEqual", '≅'),
    ("simeq", '≃'),
    ("TildeEqual", '≃'),
    ("sim", '∼'),
    ("Tilde", '∼'),
    ("prop", '∝'),
    ("propto", '∝'),
    ("Proportional", '∝'),
    ("isin", '∈'),
    ("isinv", '∈'),
    ("in", '∈'),
    ("Element", '∈'),
    ("notin", '∉'),
    ("NotElement", '∉'),
    ("ll", '≪'),
    ("Lt", '≪'),
    ("gg", '≫'),
    ("Gt", '≫'),
    ("colone", '≔'),
    ("coloneq", '≔'),
    ("Assign", '≔'),
    ("plus", '+'),
    ("minus", '−'),
    ("times", '×'),
    ("sdot", '⋅'),
    ("middot", '·'),
    ("sol", '/'),
];

/// Reads the reference at the start of a text. Returns its character, and its
/// length.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.strip_prefix('&')?.find(';')?;
    let name = &text[1..=end];
    let number = |digits: &str, radix| {
        char::from_u32(u32::from_str_radix(digits, radix).ok()?)
    };
    let found = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(digits, 10),
        },
        None => NAMES.iter().find(|(n, _)| *n == name).map(|(_, c)| *c),
    };
    Some((found?, end + 2))
}

/// Reads the reference at the end of a text. Returns its character, and where
/// it starts.
pub(super) fn entity_at_end(text: &str) -> Option<(char, usize)> {
    let start = text.strip_suffix(';')?.rfind('&')?;
    let (c, length) = entity(&text[start..])?;
    (start + length == text.len()).then_some((c, start))
}
