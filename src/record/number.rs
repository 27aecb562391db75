//! Numbers as people write them in files, read without rounding.

use super::CellProblem;

/// Reads decimal text into an integer of `places` decimals; `too_precise` if it has more that are not 0.
///
/// A sign, digits, `.` as decimal mark; no exponent, no thousands marks.
pub(super) fn scaled(text: &str, places: u32, too_precise: CellProblem) -> Result<i64, CellProblem> {
    let (negative, digits) = signed(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + decimals.len() == 0 || !all_digits(whole) || !all_digits(decimals) {
        return Err(not_a_number(text, CellProblem::NotDecimal));
    }
    let mut value = 0i64;
    let mut put = |digit: u8| -> Result<(), CellProblem> {
        // Built on the negative side, which reaches one further.
        let next = value.checked_mul(10).and_then(|tens| tens.checked_sub(i64::from(digit - b'0')));
        value = next.ok_or(CellProblem::OutOfRange)?;
        Ok(())
    };
    whole.bytes().try_for_each(&mut put)?;
    let kept = places as usize;
    decimals.bytes().chain(std::iter::repeat(b'0')).take(kept).try_for_each(&mut put)?;
    if decimals.bytes().skip(kept).any(|digit| digit != b'0') {
        return Err(too_precise);
    }
    if negative { Ok(value) } else { value.checked_neg().ok_or(CellProblem::OutOfRange) }
}

/// Reads an amount, quantity or price in millionths.
pub(super) fn millionths(text: &str) -> Result<i64, CellProblem> {
    scaled(text, 6, CellProblem::TooPrecise)
}

/// Reads a whole number.
pub(super) fn integer(text: &str) -> Result<i64, CellProblem> {
    let (_, digits) = signed(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_a_number(text, CellProblem::NotInteger));
    }
    text.parse().map_err(|_| CellProblem::OutOfRange)
}

/// Reads a finite decimal number, an exponent allowed.
pub(crate) fn decimal(text: &str) -> Result<f64, CellProblem> {
    let (_, digits) = signed(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(not_a_number(text, CellProblem::NotDecimal));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(CellProblem::OutOfRange),
        Err(_) => Err(CellProblem::NotDecimal),
    }
}

/// Reads a truth value.
pub(super) fn boolean(text: &str) -> Result<bool, CellProblem> {
    let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "yes"]) {
        Ok(true)
    } else if is(["false", "0", "no"]) {
        Ok(false)
    } else {
        Err(CellProblem::NotBoolean)
    }
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Says more about text that is no number: empty, NaN or infinite.
#[cold]
fn not_a_number(text: &str, otherwise: CellProblem) -> CellProblem {
    let (_, word) = signed(text);
    if text.is_empty() {
        CellProblem::Empty
    } else if ["nan", "inf", "infinity"].iter().any(|name| word.eq_ignore_ascii_case(name)) {
        CellProblem::NotFinite
    } else {
        otherwise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_up_to_six_places_and_the_ends_of_the_range() {
        for (text, value) in [
            ("0", 0),
            ("-0.0", 0),
            ("+1.5", 1_500_000),
            (".000001", 1),
            ("7.", 7_000_000),
            ("0.10000000000000", 100_000),
            ("9223372036854.775807", i64::MAX),
            ("-9223372036854.775808", i64::MIN),
        ] {
            assert_eq!(millionths(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_not_exact_is_named() {
        for (text, problem) in [
            ("", CellProblem::Empty),
            ("-", CellProblem::NotDecimal),
            (".", CellProblem::NotDecimal),
            ("1,5", CellProblem::NotDecimal),
            ("1e3", CellProblem::NotDecimal),
            ("--1", CellProblem::NotDecimal),
            ("１", CellProblem::NotDecimal),
            ("NaN", CellProblem::NotFinite),
            ("-Infinity", CellProblem::NotFinite),
            ("0.0000001", CellProblem::TooPrecise),
            ("9223372036854.775808", CellProblem::OutOfRange),
            ("99999999999999999999999999", CellProblem::OutOfRange),
        ] {
            assert_eq!(millionths(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn whole_numbers_and_decimals_keep_their_own_rules() {
        assert_eq!(integer("+12"), Ok(12));
        assert_eq!(integer("2.0"), Err(CellProblem::NotInteger));
        assert_eq!(integer("9223372036854775808"), Err(CellProblem::OutOfRange));
        assert_eq!(decimal("1.5e3"), Ok(1500.0));
        assert_eq!(decimal("1e999"), Err(CellProblem::OutOfRange));
        assert_eq!(decimal("nan"), Err(CellProblem::NotFinite));
        assert_eq!(decimal("e"), Err(CellProblem::NotDecimal));
        assert_eq!(boolean("YES"), Ok(true));
        assert_eq!(boolean("ja"), Err(CellProblem::NotBoolean));
    }
}
