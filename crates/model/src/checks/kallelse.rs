//! Kallelse: notice, items, what must be said.

use super::{dnr, missing_part};
use crate::diagnostic::Diagnostic;
use crate::kinds::Kallelse;
use crate::messages::{are001, are002, are003, are004, dat002, dat003};
use crate::profile::Profile;

pub(super) fn check(d: &Kallelse, profile: &Profile, found: &mut Vec<Diagnostic>) {
    notice(d, profile, found);
    if d.arenden.is_empty() {
        missing_part("arenden", "Ärenden", found);
    }
    items(d, profile, found);
    for (field, title, value) in
        [("ordforande", "Ordförande", &d.ordforande), ("sekreterare", "Sekreterare", &d.sekreterare)]
    {
        if value.as_ref().is_none_or(|v| v.0.trim().is_empty()) {
            missing_part(field, title, found);
        }
    }
}

/// KL 5 kap. 15 §: fullmäktige at least a week before; a nämnd as its reglemente says.
fn notice(d: &Kallelse, profile: &Profile, found: &mut Vec<Diagnostic>) {
    let (Some(sent), Some(meeting)) = (d.common.date.get(), d.sammantrade.date.get()) else { return };
    let days = (meeting - sent).num_days();
    if days < 0 {
        let before = dat003::MeetingBeforeSending { meeting: &meeting, sent: &sent };
        found.push(before.at("/sammantrade/date"));
        return;
    }
    let profile_days = profile.notice_days(&d.organ);
    let required = d.kallelsetid.unwrap_or(profile_days);
    if days < i64::from(required) {
        let latest = meeting - chrono::Days::new(u64::from(required));
        let late = dat002::TooLate { days: &days, body: &d.organ, required: &required, latest: &latest };
        found.push(late.at("/date"));
    }
}

fn items(d: &Kallelse, profile: &Profile, found: &mut Vec<Diagnostic>) {
    // A tilläggslista goes on from the list before it.
    let first = d.tillaggslista.and_then(|_| d.arenden.first()?.nummer).unwrap_or(1);
    let mut last = first.saturating_sub(1);
    let mut added = 0;
    for (i, item) in d.arenden.iter().enumerate() {
        let pointer = format!("/arenden/{i}");
        let list = item.tillagg.unwrap_or(0);
        if list < added {
            found.push(are004::AfterLaterList.at(&pointer));
        }
        added = added.max(list);
        if item.title.0.trim().is_empty() {
            found.push(are002::NoTitle.at(format!("{pointer}/title")));
        }
        let number = item.nummer.unwrap_or(last + 1);
        if number != last + 1 {
            let wrong = are001::OutOfSequence { number: &number, expected: &(last + 1) };
            found.push(wrong.at(format!("{pointer}/nummer")));
        }
        last = number;
        if let Some(number) = &item.dnr {
            dnr(number, &format!("{pointer}/dnr"), profile, found);
        }
        for (j, number) in item.andra_dnr.iter().enumerate() {
            dnr(number, &format!("{pointer}/andra_dnr/{j}"), profile, found);
        }
        if item.dnr.is_none() && !item.muntlig {
            found.push(are003::NoDnr { number: &number }.at(&pointer));
        }
    }
}
