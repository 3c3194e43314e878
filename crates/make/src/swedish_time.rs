//! The time in Sweden.
//!
//! jiff has the same rule (`CET-1CEST,M3.5.0,M10.5.0/3`) but would be one more library of time, beside chrono here and
//! `time` in Typst, for a few lines; a database of zones differs only before 1996, when no signature was made.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};

/// The time in Sweden: an hour after UTC, two from the last Sunday of March to that of October (directive 2000/84/EC).
pub(crate) fn swedish_time(time: DateTime<Utc>) -> String {
    let last_sunday = |month| {
        let last = NaiveDate::from_ymd_opt(time.year(), month, 31)?;
        let back = last.weekday().days_since(Weekday::Sun);
        Some(last.checked_sub_days(Days::new(back.into()))?.and_hms_opt(1, 0, 0)?.and_utc())
    };
    let summer = last_sunday(3).zip(last_sunday(10)).is_some_and(|(from, to)| (from..to).contains(&time));
    let local = time + chrono::Duration::hours(if summer { 2 } else { 1 });
    local.format("%Y-%m-%d kl. %H.%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_clocks_change_twice_a_year() {
        for (utc, local) in [
            ("2026-03-29T00:59:59Z", "2026-03-29 kl. 01.59"),
            ("2026-03-29T01:00:00Z", "2026-03-29 kl. 03.00"),
            ("2026-10-25T00:59:59Z", "2026-10-25 kl. 02.59"),
            ("2026-10-25T01:00:00Z", "2026-10-25 kl. 02.00"),
            ("2026-12-31T23:30:00Z", "2027-01-01 kl. 00.30"),
        ] {
            let time = DateTime::parse_from_rfc3339(utc).expect("a time").to_utc();
            assert_eq!(swedish_time(time), local);
        }
    }
}
