//! How figures and foreign texts are written.

/// A count with a narrow space before every three digits.
pub(super) fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A number with fixed decimals; a dash if it is not finite, powers of ten if it is too long to read.
pub(super) fn decimal(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value.abs() >= 1e12 {
        return format!("{value:.2e}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    // A value that rounds to zero has no sign.
    let negative = value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    format!("{}{}{rest}", if negative { "−" } else { "" }, grouped(whole))
}

/// A share of 1 in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", decimal(share * 100.0, 1))
}

/// A number with its sign and one decimal.
#[cfg(feature = "report")]
pub(super) fn signed(value: f64) -> String {
    let text = decimal(value, 1);
    if value > 0.0 && text != "0.0" { format!("+{text}") } else { text }
}

/// `1 segment`, `2 segments`.
pub(super) fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// A foreign text on one line: control characters become spaces, marks that turn the writing direction vanish.
///
/// Names come from the caller's data. Without this a name could move the cursor of a terminal or reorder a line.
pub(super) fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The text, cut to `width` characters with an ellipsis as the last.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// The text in lines of at most `width` characters, broken at spaces; a longer word is cut.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let word = cut(word, width);
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn grouped(digits: &str) -> String {
    let n = digits.chars().count();
    let mut text = String::with_capacity(digits.len() + n);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (n - index).is_multiple_of(3) {
            text.push(NARROW_SPACE);
        }
        text.push(digit);
    }
    text
}

/// The narrow no-break space: a thin space that never ends a line.
const NARROW_SPACE: char = '\u{202f}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_and_zero_has_no_sign() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_204), "1\u{202f}204");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(decimal(-1_204.256, 2), "−1\u{202f}204.26");
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(f64::NAN, 1), "–");
        assert_eq!(decimal(1e300, 1), "1.00e300");
        assert_eq!(percent(0.12), "12.0 %");
    }

    #[test]
    fn foreign_texts_stay_on_their_line() {
        assert_eq!(clean("a\u{1b}[2J\nb\u{202e}c"), "a [2J bc");
        assert_eq!(cut("hibernating", 6), "hiber…");
        assert_eq!(cut("lost", 4), "lost");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible", 7), ["incomp…"]);
        assert!(wrap("  ", 7).is_empty());
    }
}
