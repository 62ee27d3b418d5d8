//! Comparison of a cell's outputs with its committed outputs.

use base64::Engine;
use serde_json::Value;

/// Describes the first difference between the committed and the current
/// outputs, or returns `None` if they agree. With a tolerance, numbers may
/// differ by that fraction of the larger absolute value, or of 1 if both are
/// smaller. Pixel values may differ on average by that fraction of their range.
pub(crate) fn difference(
    committed: &Value,
    now: &Value,
    tolerance: f64,
) -> Option<String> {
    let (before, after) = (list(committed), list(now));
    if before.len() != after.len() {
        return Some(format!(
            "{} outputs were committed, and {} came",
            before.len(),
            after.len()
        ));
    }
    let pairs = before.into_iter().zip(after);
    pairs.into_iter().find_map(|((kind, before), (also, after))| {
        if kind != also {
            return Some(format!("{kind} was committed, and {also} came"));
        }
        let same = before == after
            || tolerance > 0.0
                && if kind == "image/png" {
                    pictures_agree(&before, &after, tolerance)
                } else {
                    texts_agree(&before, &after, tolerance)
                };
        (!same).then(|| first_difference(&kind, &before, &after))
    })
}

/// Returns the outputs of a cell as kinds and texts. Adjacent outputs of one
/// stream are merged.
fn list(outputs: &Value) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = vec![];
    for output in outputs.as_array().into_iter().flatten() {
        if let Some(name) = output["name"].as_str() {
            let text = text(&output["text"]);
            match all.last_mut() {
                Some((last, sum)) if last == name => sum.push_str(&text),
                _ => all.push((name.to_owned(), text)),
            }
            continue;
        }
        let data = output["data"].as_object();
        let shown = data.into_iter().flatten();
        all.extend(shown.map(|(kind, data)| (kind.clone(), text(data))));
    }
    all
}

/// Returns a text that a notebook stores whole or as a list of lines.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Array(lines) => lines.iter().map(text).collect(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

fn texts_agree(before: &str, after: &str, tolerance: f64) -> bool {
    let ((before, a), (after, b)) = (numbers(before), numbers(after));
    let near = |(a, b): (&f64, &f64)| {
        (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
    };
    before == after && a.len() == b.len() && a.iter().zip(&b).all(near)
}

/// Returns a text with its numbers replaced by `#`, and the numbers.
fn numbers(text: &str) -> (String, Vec<f64>) {
    let (mut rest, mut found) = (String::new(), vec![]);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let digit_next =
            || chars.clone().next().is_some_and(|(_, c)| c.is_ascii_digit());
        let in_word = rest.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let begins = c.is_ascii_digit() || c == '-' && digit_next();
        if !begins || in_word {
            rest.push(c);
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(i, c)) = chars.peek() {
            let exponent = text[..i].ends_with(['e', 'E']) && "+-".contains(c);
            if !(c.is_ascii_digit() || ".eE".contains(c) || exponent) {
                break;
            }
            end = i + c.len_utf8();
            chars.next();
        }
        match text[start..end].parse() {
            Ok(number) => {
                found.push(number);
                rest.push('#');
            }
            Err(_) => rest.push_str(&text[start..end]),
        }
    }
    (rest, found)
}

fn pictures_agree(before: &str, after: &str, tolerance: f64) -> bool {
    let (Some((size, a)), Some((also, b))) = (pixels(before), pixels(after))
    else {
        return false;
    };
    let far = |(a, b): (&u8, &u8)| f64::from(a.abs_diff(*b)) / 255.0;
    let sum: f64 = a.iter().zip(&b).map(far).sum();
    size == also && sum <= tolerance * a.len() as f64
}

/// Returns the size of a picture and its pixel values.
fn pixels(base64: &str) -> Option<((u32, u32), Vec<u8>)> {
    let engine = base64::engine::general_purpose::STANDARD;
    let bytes = engine.decode(base64.replace('\n', "")).ok()?;
    let mut reader =
        png::Decoder::new(std::io::Cursor::new(bytes)).read_info().ok()?;
    let mut values = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut values).ok()?;
    Some(((info.width, info.height), values))
}

/// Describes the first line that differs.
fn first_difference(kind: &str, before: &str, after: &str) -> String {
    let mut pairs = before.lines().zip(after.lines());
    match pairs.find(|(a, b)| a != b) {
        Some((a, b)) => {
            let short = |s: &str| s.chars().take(100).collect::<String>();
            format!("{kind}: {:?} was committed, {:?} came", short(a), short(b))
        }
        None => format!("{kind}: one goes on where the other ends"),
    }
}

#[cfg(test)]
mod tests {
    use super::{difference, numbers};
    use serde_json::json;

    fn printed(text: &str) -> serde_json::Value {
        json!([{ "output_type": "stream", "name": "stdout", "text": text }])
    }

    #[test]
    fn numbers_are_found_in_text() {
        let (rest, found) = numbers("x_0 = -1.5e-3, t=20 of 1000; a-1 M12 3h0");
        assert_eq!(found[..4], [-1.5e-3, 20.0, 1000.0, 1.0], "{rest}");
        assert!(rest.starts_with("x_0 = #, t=# of #; a-"), "{rest}");
    }

    #[test]
    fn what_agrees_agrees() {
        let one = printed("loss 0.501 after 100 steps\n");
        let near = printed("loss 0.502 after 100 steps\n");
        let other = printed("cost 0.501 after 100 steps\n");
        assert_eq!(difference(&one, &one, 0.0), None);
        assert!(difference(&one, &near, 0.0).unwrap().contains("0.502"));
        assert_eq!(difference(&one, &near, 0.01), None);
        assert!(difference(&one, &near, 1e-4).is_some());
        assert!(difference(&one, &other, 0.01).is_some());
        assert!(difference(&one, &json!([]), 0.01).is_some());
    }

    #[test]
    fn a_stream_may_come_in_pieces() {
        let pieces = json!([
            { "output_type": "stream", "name": "stdout", "text": ["a\n"] },
            { "output_type": "stream", "name": "stdout", "text": "b\n" },
        ]);
        assert_eq!(difference(&printed("a\nb\n"), &pieces, 0.0), None);
    }
}
