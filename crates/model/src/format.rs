//! Swedish typography for numbers, dates and running text.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

/// No-break space: between thousands and before units.
pub const NBSP: char = '\u{00A0}';
/// The real minus sign.
pub const MINUS: char = '\u{2212}';

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// `13 maj 2013`, the form of running text.
pub fn long_date(date: NaiveDate) -> String {
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{}{NBSP}{month} {}", date.day(), date.year())
}

/// Reads a date as ISO 8601 writes it, `2013-05-28`, of the years 1000 to 9999: what else a date may look like is a slip.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let digits = |range: std::ops::Range<usize>| text.get(range)?.bytes().all(|b| b.is_ascii_digit()).then_some(());
    let shaped = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let sound = shaped && digits(0..4).and(digits(5..7)).and(digits(8..10)).is_some();
    if sound && !text.starts_with('0') { text.parse().ok() } else { None }
}

/// Day of the week in Swedish.
pub fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        chrono::Weekday::Mon => "måndag",
        chrono::Weekday::Tue => "tisdag",
        chrono::Weekday::Wed => "onsdag",
        chrono::Weekday::Thu => "torsdag",
        chrono::Weekday::Fri => "fredag",
        chrono::Weekday::Sat => "lördag",
        chrono::Weekday::Sun => "söndag",
    }
}

/// A number with grouped thousands, decimal comma and real minus, rounded half away from zero.
///
/// ```
/// use rust_decimal::Decimal;
/// let d = Decimal::new(-1232750, 2);
/// assert_eq!(sigill_model::format::number(d, 1), "−12\u{a0}327,5");
/// ```
pub fn number(value: Decimal, decimals: u32) -> String {
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let digits = format!("{:.*}", decimals as usize, rounded.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut out = String::with_capacity(digits.len() + 8);
    if rounded.is_sign_negative() && !rounded.is_zero() {
        out.push(MINUS);
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(NBSP);
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push(',');
        out.push_str(fraction);
    }
    out
}

/// Most decimals shown.
pub const MAX_DECIMALS: u32 = 6;

/// Reads a number in JSON or Swedish notation: `-13237`, `−13 237`, `1 234,5`. `None` when the text is not a number.
///
/// # Errors
/// `TooLarge` when it is a number that does not fit in 28 digits.
pub fn parse_number(text: &str) -> Result<Option<Decimal>, TooLarge> {
    let compact: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{00A0}' | '\u{202F}' | '\u{2009}'))
        .map(|c| match c {
            MINUS | '\u{2013}' => '-',
            ',' => '.',
            c => c,
        })
        .collect();
    let body = compact.trim_start_matches(['-', '+']);
    if compact.len() - body.len() > 1 {
        return Ok(None);
    }
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (body, None),
    };
    let is_number = mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.chars().filter(|&c| c == '.').count() <= 1
        && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.')
        && exponent.is_none_or(|e| e.parse::<i32>().is_ok());
    if !is_number {
        return Ok(None);
    }
    let parsed = if exponent.is_some() {
        Decimal::from_scientific(&compact)
    } else {
        Decimal::from_str_exact(compact.trim_start_matches('+'))
    };
    // Arithmetic needs headroom: sums of the largest numbers must not overflow.
    let limit = Decimal::from_i128_with_scale(10i128.pow(24), 0);
    match parsed {
        // Zeros at the end are part of what was written: 12,10 kr. Beyond what is ever shown they only cost headroom.
        Ok(d) if d.abs() < limit => Ok(Some(if d.scale() > MAX_DECIMALS { d.normalize() } else { d })),
        _ => Err(TooLarge),
    }
}

/// A number beyond what exact arithmetic holds (28 digits in all, 24 before the comma).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// Words that keep the figure after them on their line: nr 1, kl. 19.00, kap. 9.
const BEFORE_FIGURES: [&str; 8] = ["kap.", "kl.", "kl", "nr", "st.", "bil.", "dnr", "Dnr"];

/// Words that stay with the figure before them, as months do: 8,5 tjänster, 55 tkr, 14 kap.
const AFTER_FIGURES: [&str; 14] = [
    "kap",
    "kr",
    "tkr",
    "mkr",
    "mnkr",
    "mdkr",
    "kronor",
    "miljoner",
    "miljarder",
    "tjänst",
    "tjänster",
    "år",
    "dagar",
    "veckor",
];

/// Swedish typography for running text: no-break spaces, real minus, ” for straight quotes, – for ` - `.
pub fn typography(text: &str) -> String {
    let text = text.replace('"', "\u{201D}").replace(" - ", " \u{2013} ");
    if !text.contains(|c: char| c.is_ascii_digit() || c == '§') {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (i, c) in text.char_indices() {
        let (before, after) = (&text[..i], &text[i + c.len_utf8()..]);
        match c {
            ' ' if belong_together(before, after) => out.push('\u{00A0}'),
            '%' if ends_with_digit(before) => out.push_str("\u{00A0}%"),
            // -12,6 miljoner: a real minus, never inside 08-530 or 2013-05-28.
            '-' if starts_with_digit(after)
                && before.chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(') =>
            {
                out.push('\u{2212}');
            }
            _ => out.push(c),
        }
    }
    out
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether no line may break at the space between the two.
fn belong_together(before: &str, after: &str) -> bool {
    let next = &after[..after.find(|c| !is_word(c)).unwrap_or(after.len())];
    if ends_with_digit(before) {
        // 1 428 hushåll: groups of three figures, the first of one to three.
        let rest = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let grouped = next.len() == 3
            && next.bytes().all(|b| b.is_ascii_digit())
            && before.len() - rest.len() <= 3
            && !rest.ends_with(is_word);
        return grouped || after.starts_with(['%', '§']) || AFTER_FIGURES.contains(&next) || MONTHS.contains(&next);
    }
    // 12 §, § 12, nr 1.
    let bare = before.strip_suffix('.').unwrap_or(before);
    let word =
        &before[bare.rfind(|c| !is_word(c)).map_or(0, |i| i + bare[i..].chars().next().map_or(1, char::len_utf8))..];
    !next.is_empty() && (before.ends_with('§') || BEFORE_FIGURES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_with_no_break_space_comma_and_minus() {
        assert_eq!(number(Decimal::new(-556047, 0), 0), "−556\u{a0}047");
        assert_eq!(number(Decimal::new(716, 1), 1), "71,6");
        assert_eq!(number(Decimal::new(-4, 1), 0), "0");
        assert_eq!(number(Decimal::new(1234567, 0), 2), "1\u{a0}234\u{a0}567,00");
        assert_eq!(number(Decimal::new(25, 1), 0), "3");
    }

    #[test]
    fn numbers_are_read_in_swedish_and_json_notation() {
        assert_eq!(parse_number("−13 237"), Ok(Some(Decimal::new(-13237, 0))));
        assert_eq!(parse_number("1\u{a0}234,5"), Ok(Some(Decimal::new(12345, 1))));
        assert_eq!(parse_number("1e3"), Ok(Some(Decimal::new(1000, 0))));
        assert_eq!(parse_number("12.10").map(|n| n.map(|n| n.to_string())), Ok(Some("12.10".into())));
        assert_eq!(parse_number("us"), Ok(None));
        assert_eq!(parse_number("12 personer"), Ok(None));
        assert_eq!(parse_number("--1"), Ok(None));
        assert_eq!(parse_number("12345678901234567890123456789"), Err(TooLarge));
        assert_eq!(parse_number("1e400"), Err(TooLarge));
    }

    #[test]
    fn running_text_gets_swedish_typography() {
        assert_eq!(typography("-12,6 miljoner"), "−12,6\u{a0}miljoner");
        assert_eq!(typography("08-530 610 00 den 2013-05-28"), "08-530\u{a0}610 00 den 2013-05-28");
        assert_eq!(typography("25 % enligt 14 kap. 2 §"), "25\u{a0}% enligt 14\u{a0}kap.\u{a0}2\u{a0}§");
        assert_eq!(typography("1 234 567 kr"), "1\u{a0}234\u{a0}567\u{a0}kr");
        assert_eq!(
            typography("12% den 13 maj, nr 1, kl. 19.00"),
            "12\u{a0}% den 13\u{a0}maj, nr\u{a0}1, kl.\u{a0}19.00"
        );
        assert_eq!(typography("§ 12, i nr, 2013 123 st, a 12 123b"), "§\u{a0}12, i nr, 2013 123 st, a 12 123b");
        assert_eq!(typography("sa \"ja\""), "sa ”ja”");
    }
}
