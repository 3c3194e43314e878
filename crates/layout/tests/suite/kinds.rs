//! The order in which each kind's layout shows the fields of its model.

use serde_json::Value;
use sigill_model::profile::Profile;

use crate::expected::{Expected, Fields, Top};

/// Fields that never show in the text.
const HIDDEN: [&str; 4] = ["kind", "profile", "keywords", "kontakt"];

const STATUS: [(&str, &str); 4] =
    [("uppnatt", "Uppnått"), ("delvis_uppnatt", "Delvis uppnått"), ("ej_uppnatt", "Ej uppnått"), ("pagar", "Pågår")];

fn status_word(status: &str) -> &'static str {
    STATUS.iter().find(|(name, _)| *name == status).map_or("", |(_, word)| word)
}

/// What a document of any kind must hold.
pub fn expected(data: &Value, profile: &Profile, pages: usize) -> Expected {
    let mut e = Expected::default();
    let mut d = Fields::new("document", data, &HIDDEN);
    let kind = data["kind"].as_str().unwrap_or_default();
    let heading = match kind {
        "dokument" => d.text("dokumentsort").to_uppercase(),
        _ => profile.headings.get(kind).cloned().unwrap_or_else(|| kind_title(kind).to_uppercase()),
    };
    let top = Top::of(&mut d);
    match kind {
        "delarsrapport" => delarsrapport(&mut e, &mut d, profile, &heading, &top),
        "kallelse" => {
            // The förvaltning stands in the running head only.
            d.take("forvaltning");
            d.take("enhet");
            let organ = d.text("organ");
            e.letterhead(profile, &heading, pages, &[organ], &top);
            kallelse(&mut e, &mut d);
        }
        "ordforandeforslag" => {
            d.take("forvaltning");
            d.take("enhet");
            let day = &data["date"];
            let meeting = format!(
                "Sammanträde {} den {}",
                day["weekday"].as_str().unwrap_or_default(),
                day["long"].as_str().unwrap_or_default()
            );
            let organ = d.text("organ");
            e.letterhead(profile, &heading, pages, &[organ, &meeting], &top);
            ordforandeforslag(&mut e, &mut d);
        }
        _ => {
            let left = [d.text("forvaltning"), d.text("enhet")];
            e.letterhead(profile, &heading, pages, &left, &top);
            let (referens, mottagare) = (d.list("referens"), d.list("mottagare"));
            e.label_rows(&[("Referens", referens), ("Mottagare", mottagare)]);
            match kind {
                "tjansteskrivelse" => tjansteskrivelse(&mut e, &mut d),
                "projektuppfoljning" => projektuppfoljning(&mut e, &mut d),
                _ => dokument(&mut e, &mut d),
            }
        }
    }
    e
}

fn kind_title(kind: &str) -> &str {
    match kind {
        "tjansteskrivelse" => "tjänsteskrivelse",
        "ordforandeforslag" => "ordförandeförslag",
        "delarsrapport" => "delårsrapport",
        "projektuppfoljning" => "projektuppföljning",
        other => other,
    }
}

fn title(e: &mut Expected, d: &mut Fields<'_>, before: &str) {
    if let Some(title) = d.take("title") {
        e.heading_inline(1, before, title, "");
    }
}

fn ending(e: &mut Expected, d: &mut Fields<'_>, level: usize) {
    e.signatures(d.list("signaturer"));
    e.attachments(d.list("bilagor"), level);
}

fn dokument(e: &mut Expected, d: &mut Fields<'_>) {
    title(e, d, "");
    d.take("subtitle").into_iter().for_each(|s| e.inline(s));
    if d.flag("contents") {
        // A heading, but not a bookmark.
        e.push("Innehåll");
    }
    d.take("content").into_iter().for_each(|c| e.content(c));
    e.sections(d.list("sections"), 2);
    ending(e, d, 2);
}

fn tjansteskrivelse(e: &mut Expected, d: &mut Fields<'_>) {
    title(e, d, "");
    let points = d.list("forslag_till_beslut");
    if !points.is_empty() {
        e.heading(2, "Förslag till beslut");
        e.decision(points);
    }
    for (field, title) in [
        ("sammanfattning", "Sammanfattning"),
        ("arendet", "Ärendet"),
        ("beredning", "Beredning"),
        ("yttrande", "Yttrande"),
        ("bedomning", "Bedömning"),
    ] {
        e.titled(2, title, d.take(field));
    }
    e.sections(d.list("sections"), 2);
    for (field, title) in [
        ("ekonomiska_konsekvenser", "Ekonomiska konsekvenser"),
        ("barnperspektiv", "Barnperspektiv"),
        ("jamstalldhet", "Jämställdhet"),
    ] {
        e.titled(2, title, d.take(field));
    }
    ending(e, d, 2);
    let receivers = d.list("beslutet_skickas_till");
    if !receivers.is_empty() {
        e.heading(2, "Beslutet skickas till");
    }
    for receiver in receivers {
        e.push("•");
        e.inline(receiver);
    }
}

fn ordforandeforslag(e: &mut Expected, d: &mut Fields<'_>) {
    let number = d.take("arende_nummer").map(Value::to_string).unwrap_or_default();
    e.push(&number);
    title(e, d, "");
    e.heading(2, "Beslut");
    e.decision(d.list("beslut"));
    e.titled(2, "Sammanfattning", d.take("sammanfattning"));
    e.titled(2, "Ärendet", d.take("arendet"));
    e.sections(d.list("sections"), 2);
    ending(e, d, 2);
}

fn projektuppfoljning(e: &mut Expected, d: &mut Fields<'_>) {
    let before = format!("Projekt {}: ", d.text("projektnr"));
    title(e, d, &before);
    e.push(d.text("period"));
    let payers = d.list("bidragsgivare");
    for (i, payer) in payers.iter().enumerate() {
        e.push(if i == 0 { "Bidragsgivare" } else { "," });
        e.inline(payer);
    }
    if let Some(time) = d.take("projekttid") {
        let long = |key: &str| time[key]["long"].as_str().unwrap_or_default().to_owned();
        e.push(&format!("Projekttid {} – {}", long("from"), long("to")));
        e.inline(&time["note"]);
    }
    e.titled(2, "Kort om projektet", d.take("kort_om_projektet"));
    e.titled(2, "Målgrupp", d.take("malgrupp"));
    e.titled(2, "Projektets organisation", d.take("organisation"));
    e.titled(2, "Nyttomål", d.take("nyttomal"));
    e.heading(2, "Uppföljning av mål och ekonomi");
    e.heading(3, "Projektmål");
    d.take("projektmal_inledning").into_iter().for_each(|c| e.content(c));
    ["Projektmål", "Status", "Typ av uppföljning", "Kommentar"].iter().for_each(|h| e.push(h));
    for goal in d.list("projektmal") {
        let mut g = Fields::new("projektmål", goal, &[]);
        g.take("mal").into_iter().for_each(|t| e.blocks(t));
        e.push(status_word(g.text("status")));
        ["uppfoljning", "kommentar"].iter().filter_map(|k| g.take(k)).for_each(|t| e.blocks(t));
    }
    e.titled(3, "Deltagare", d.take("deltagare"));
    e.titled(3, "Kommentarer till mål och deltagare", d.take("kommentarer"));
    e.titled(3, "Ekonomi", d.take("ekonomi"));
    e.titled(3, "Kommentarer till ekonomisk uppföljning", d.take("ekonomi_kommentarer"));
    e.sections(d.list("sections"), 2);
    ending(e, d, 2);
}

fn delarsrapport(e: &mut Expected, d: &mut Fields<'_>, profile: &Profile, heading: &str, top: &Top<'_>) {
    e.push(&profile.wordmark);
    e.push(heading);
    title(e, d, "");
    d.take("subtitle").into_iter().for_each(|s| e.inline(s));
    e.push(d.text("organ"));
    e.push(d.text("period"));
    let forvaltning = d.text("forvaltning");
    d.take("enhet");
    let rows = [("Förvaltning", forvaltning), ("Datum", top.date), ("Dnr", top.dnr.as_str())];
    for (label, value) in rows.iter().filter(|(_, v)| !v.is_empty()) {
        e.push(label);
        e.push(value);
    }
    e.push("Innehåll");
    e.titled(1, "Sammanfattning", d.take("sammanfattning"));
    e.sections(d.list("sammanfattning_sections"), 2);
    let areas = d.list("malomraden");
    let before = d.take("mal_inledning");
    if !areas.is_empty() {
        e.heading(1, "Uppföljning av mål och åtaganden");
        before.into_iter().for_each(|c| e.content(c));
    }
    for area in areas {
        let mut area = Fields::new("målområde", area, &[]);
        area.take("title").into_iter().for_each(|t| e.heading_inline(2, "Målområde – ", t, ""));
        area.take("inledning").into_iter().for_each(|c| e.content(c));
        area.list("mal").iter().for_each(|g| goal(e, g, 3));
    }
    e.titled(1, "Ekonomi", d.take("ekonomi"));
    e.sections(d.list("ekonomi_sections"), 2);
    e.titled(1, "Investeringar", d.take("investeringar"));
    e.titled(1, "Nyckeltal och mått", d.take("nyckeltal"));
    e.sections(d.list("sections"), 1);
    ending(e, d, 1);
}

fn goal(e: &mut Expected, goal: &Value, level: usize) {
    let mut g = Fields::new("mål", goal, &[]);
    let name = if level == 3 { "Mål" } else { "Nämndens mål" };
    let before = format!("{name} {}. ", g.text("nummer"));
    let by = g.text("beslutat_av");
    let after = if by.is_empty() { String::new() } else { format!(" ({by})") };
    g.take("title").into_iter().for_each(|t| e.heading_inline(level, &before, t, &after));
    e.push(status_word(g.text("status")));
    g.take("inledning").into_iter().for_each(|c| e.content(c));
    let undertakings = g.list("ataganden");
    if !undertakings.is_empty() {
        e.heading(4, "Åtaganden");
    }
    for undertaking in undertakings {
        let mut u = Fields::new("åtagande", undertaking, &[]);
        e.push(u.take("nummer").and_then(Value::as_str).unwrap_or("–"));
        u.take("text").into_iter().for_each(|t| e.blocks(t));
    }
    e.titled(level + 1, "Uppföljning och analys", g.take("uppfoljning"));
    e.titled(level + 1, "Indikatorer", g.take("indikatorer"));
    e.titled(level + 1, "Slutsatser för framtiden", g.take("slutsatser"));
    g.list("namndmal").iter().for_each(|below| self::goal(e, below, (level + 1).min(5)));
}

fn kallelse(e: &mut Expected, d: &mut Fields<'_>) {
    title(e, d, "");
    if let Some(meeting) = d.take("sammantrade") {
        let mut m = Fields::new("sammanträde", meeting, &[]);
        let day = m.take("date").unwrap_or(&Value::Null);
        let part = |key: &str| day[key].as_str().unwrap_or_default();
        let mut weekday = part("weekday").to_owned();
        if let Some(first) = weekday.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        e.push(&format!("Tid {weekday} den {} kl. {}", part("long"), m.text("tid")));
        e.push("Plats");
        m.take("plats").into_iter().for_each(|p| e.inline(p));
        match m.take("oppet").and_then(Value::as_bool) {
            Some(true) => e.push("Sammanträdet är öppet för allmänheten."),
            Some(false) => e.push("Sammanträdet hålls inom stängda dörrar."),
            None => {}
        }
    }
    d.take("kallelsetid");
    d.take("inledning").into_iter().for_each(|t| e.blocks(t));
    e.heading(2, "Ärenden");
    agenda(e, d.list("arenden"));
    let groups = d.list("gruppmoten");
    if !groups.is_empty() {
        e.heading(2, "Gruppmöten");
    }
    for group in groups {
        let mut g = Fields::new("gruppmöte", group, &[]);
        e.push("•");
        g.take("grupp").into_iter().for_each(|t| e.inline(t));
        g.take("tid").and_then(Value::as_str).into_iter().for_each(|t| e.push(&format!(", kl. {t}")));
        if let Some(place) = g.take("plats") {
            e.push(",");
            e.inline(place);
        }
    }
    if let Some(forhinder) = d.take("forhinder") {
        absence(e, forhinder);
    }
    called(e, d.list("kallade"));
    for (field, role) in [("ordforande", "Ordförande"), ("sekreterare", "Sekreterare")] {
        if let Some(name) = d.take(field) {
            e.inline(name);
            e.push(role);
        }
    }
    ending(e, d, 2);
}

fn agenda(e: &mut Expected, list: &[Value]) {
    let with_pages = list.iter().any(|i| i.get("sida").is_some());
    ["Nr", "Ärende", "Dnr"].iter().for_each(|h| e.push(h));
    if with_pages {
        e.push("Sida");
    }
    for item in list {
        // The title for the public stands in the public edition alone.
        let mut i = Fields::new("ärende", item, &["offentlig_rubrik", "tillagg"]);
        e.push(&i.take("nummer").map(Value::to_string).unwrap_or_default());
        i.take("title").into_iter().for_each(|t| e.inline(t));
        let notes = [i.flag("slutet").then_some("Slutet"), i.flag("muntlig").then_some("Muntlig information")];
        let secrecy = i.take("sekretess").and_then(Value::as_str).map(|s| format!("Sekretess, {s}"));
        let notes: Vec<_> = notes.into_iter().flatten().map(str::to_owned).chain(secrecy).collect();
        e.push(&notes.join("·"));
        if let Some(speaker) = i.take("foredragande") {
            e.push(if notes.is_empty() { "" } else { "·" });
            e.push("Föredragande:");
            e.inline(speaker);
        }
        i.take("text").into_iter().for_each(|t| e.blocks(t));
        for paper in i.list("handlingar") {
            e.push("•");
            let mut paper = Fields::new("handling", paper, &["file", "dokument", "losenord", "alt", "inkom"]);
            paper.take("title").into_iter().for_each(|t| e.inline(t));
        }
        e.push(i.text("dnr"));
        i.list("andra_dnr").iter().filter_map(Value::as_str).for_each(|dnr| e.push(dnr));
        e.push(&i.take("sida").map(Value::to_string).unwrap_or_default());
    }
}

fn absence(e: &mut Expected, forhinder: &Value) {
    let mut f = Fields::new("förhinder", forhinder, &[]);
    e.heading(2, "Förhinder");
    f.take("text").into_iter().for_each(|t| e.blocks(t));
    let mut first = true;
    let mut comma = |e: &mut Expected| {
        e.push(if std::mem::take(&mut first) { "" } else { "," });
    };
    if let Some(contact) = f.take("kontakt") {
        comma(e);
        e.inline(contact);
    }
    for (field, word) in [("telefon", "telefon "), ("epost", "")] {
        if let Some(text) = f.take(field).and_then(Value::as_str) {
            comma(e);
            e.push(&format!("{word}{text}"));
        }
    }
    if let Some(day) = f.take("senast") {
        comma(e);
        e.push(&format!("senast den {}", day["long"].as_str().unwrap_or_default()));
    }
}

fn called(e: &mut Expected, people: &[Value]) {
    if !people.is_empty() {
        e.heading(2, "Kallade");
    }
    for (role, title) in [("ledamot", "Ledamöter"), ("ersattare", "Ersättare"), ("ovrig", "Övriga")] {
        let group: Vec<_> = people.iter().filter(|p| p["roll"].as_str().unwrap_or("ledamot") == role).collect();
        if !group.is_empty() {
            e.push(title);
        }
        for person in group {
            let mut p = Fields::new("kallad", person, &["roll"]);
            p.take("name").into_iter().for_each(|n| e.inline(n));
            p.take("parti").and_then(Value::as_str).into_iter().for_each(|t| e.push(&format!("({t})")));
            if let Some(task) = p.take("uppdrag") {
                e.push(",");
                e.inline(task);
            }
        }
    }
    let known = ["ledamot", "ersattare", "ovrig"];
    let strange = people.iter().filter_map(|p| p["roll"].as_str()).find(|r| !known.contains(r));
    assert!(strange.is_none(), "a role no layout shows: {strange:?}");
}
