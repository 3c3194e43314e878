//! Kallelse: notice, items, what must be said.

use super::{dnr, missing_part};
use crate::diagnostic::Diagnostic;
use crate::kinds::Kallelse;
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
        found.push(
            Diagnostic::error(
                "DAT003",
                "/sammantrade/date",
                format!("sammanträdet {meeting} ligger före kallelsens datum {sent}"),
                format!("the meeting {meeting} comes before the date of the kallelse {sent}"),
            )
            .help("rätta ett av datumen", "correct one of the dates"),
        );
        return;
    }
    let profile_days = profile.notice_days(&d.organ);
    let required = d.kallelsetid.unwrap_or(profile_days);
    if days < i64::from(required) {
        let latest = meeting - chrono::Days::new(u64::from(required));
        found.push(
            Diagnostic::error(
                "DAT002",
                "/date",
                format!("kallelsen går ut {days} dagar före sammanträdet; {} kräver {required}", d.organ),
                format!("the kallelse goes out {days} days before the meeting; {} requires {required}", d.organ),
            )
            .help(
                format!("skicka senast {latest}, eller ange organets egen kallelsetid i \"kallelsetid\""),
                format!("send it by {latest}, or give the body's own notice in \"kallelsetid\""),
            ),
        );
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
            found.push(
                Diagnostic::error(
                    "ARE004",
                    &pointer,
                    "ärendet står efter ärenden som hör till en senare lista",
                    "the item stands after items of a later list",
                )
                .help(
                    "ställ tilläggsärenden sist, i den ordning listorna går ut",
                    "put added items last, in the order the lists go out",
                ),
            );
        }
        added = added.max(list);
        if item.title.0.trim().is_empty() {
            found.push(
                Diagnostic::error(
                    "ARE002",
                    format!("{pointer}/title"),
                    "ärendet saknar rubrik",
                    "the item has no title",
                )
                .help("skriv ärendets rubrik", "write the item's title"),
            );
        }
        let number = item.nummer.unwrap_or(last + 1);
        if number != last + 1 {
            found.push(
                Diagnostic::error(
                    "ARE001",
                    format!("{pointer}/nummer"),
                    format!("ärendet har nummer {number} men borde ha {}", last + 1),
                    format!("the item has number {number} but should have {}", last + 1),
                )
                .help(
                    "numrera i följd, eller utelämna nummer så sätts de ut",
                    "number in sequence, or leave numbers out",
                ),
            );
        }
        last = number;
        if let Some(number) = &item.dnr {
            dnr(number, &format!("{pointer}/dnr"), profile, found);
        }
        for (j, number) in item.andra_dnr.iter().enumerate() {
            dnr(number, &format!("{pointer}/andra_dnr/{j}"), profile, found);
        }
        if item.dnr.is_none() && !item.muntlig {
            found.push(
                Diagnostic::warning(
                    "ARE003",
                    &pointer,
                    format!("ärende {number} saknar diarienummer"),
                    format!("item {number} has no diarienummer"),
                )
                .help(
                    "lägg till \"dnr\", eller \"muntlig\": true för muntlig information",
                    "add \"dnr\", or \"muntlig\": true",
                ),
            );
        }
    }
}
