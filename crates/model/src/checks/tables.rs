//! Rules for tables beside their arithmetic.

use crate::diagnostic::Diagnostic;
use crate::messages::{tab004, tab007, tab009};
use crate::profile::Profile;
use crate::table::{ColumnType, Table};

/// Units are said once and never mixed; a deviation says how its sign is to be read.
pub fn table(table: &mut Table, profile: &Profile, pointer: &str, found: &mut Vec<Diagnostic>) {
    units(table, pointer, found);
    signs(table, profile, pointer, found);
}

fn money_unit(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.into_iter().find_map(|word| match word.as_str() {
        "kronor" => Some("kr".into()),
        "mkr" => Some("mnkr".into()),
        "kr" | "tkr" | "mnkr" | "mdkr" => Some(word),
        _ => None,
    })
}

fn units(table: &Table, pointer: &str, found: &mut Vec<Diagnostic>) {
    let mut first: Option<(String, String)> = table.unit.as_deref().and_then(money_unit).map(|u| (u, "unit".into()));
    for (i, column) in table.columns.iter().enumerate().filter(|(_, c)| c.kind == ColumnType::Amount) {
        for (field, text) in [("unit", column.unit.as_deref()), ("title", Some(column.title.as_str()))] {
            let Some(unit) = text.and_then(money_unit) else { continue };
            let place = format!("columns/{i}/{field}");
            match &first {
                None => first = Some((unit, place)),
                Some((other, _)) if *other == unit => {}
                Some((other, _)) => {
                    let mixed = tab004::MixedUnits { first: other, second: &unit };
                    found.push(mixed.at(format!("{pointer}/{place}")));
                }
            }
        }
    }
}

fn signs(table: &mut Table, profile: &Profile, pointer: &str, found: &mut Vec<Diagnostic>) {
    let deviation = table.columns.iter().position(|c| {
        let title = c.title.to_lowercase();
        c.kind == ColumnType::Amount && ["avvik", "avv ", "avv.", "diff"].iter().any(|w| title.contains(w))
    });
    let Some(i) = deviation else { return };
    if table.sign_convention.is_none() {
        match &profile.sign_convention {
            Some(usual) => table.sign_convention = Some(usual.clone()),
            None => found.push(tab007::NoSignConvention.at(format!("{pointer}/columns/{i}"))),
        }
    }
    if table.columns[i].formula.is_none() {
        found.push(tab009::NoFormula.at(format!("{pointer}/columns/{i}")));
    }
}
