//! Rules for tables beside their arithmetic.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::Diagnostic;
use crate::profile::Profile;
use crate::table::{ColumnType, Table};

static MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\b(kr|tkr|mkr|mnkr|mdkr|kronor)\b").ok());

/// Units are said once and never mixed; a deviation says how its sign is to be read.
pub fn table(table: &mut Table, profile: &Profile, pointer: &str, found: &mut Vec<Diagnostic>) {
    units(table, pointer, found);
    signs(table, profile, pointer, found);
}

fn money_unit(text: &str) -> Option<String> {
    let found = MONEY.as_ref()?.find(text)?.as_str().to_lowercase();
    Some(match found.as_str() {
        "kronor" => "kr".into(),
        "mkr" => "mnkr".into(),
        _ => found,
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
                Some((other, _)) => found.push(
                    Diagnostic::error(
                        "TAB004",
                        format!("{pointer}/{place}"),
                        format!("tabellen blandar enheterna {other} och {unit}"),
                        format!("the table mixes the units {other} and {unit}"),
                    )
                    .help(
                        "räkna om till en enhet och skriv den en gång, i tabellens \"unit\"",
                        "convert to one unit and write it once, in the table's \"unit\"",
                    ),
                ),
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
            None => found.push(
                Diagnostic::warning(
                    "TAB007",
                    format!("{pointer}/columns/{i}"),
                    "tabellen visar avvikelser men säger inte hur tecknen ska läsas",
                    "the table shows deviations but does not say how signs are to be read",
                )
                .help(
                    "lägg till \"sign_convention\": \"avvikelse = prognos − budget; minus är underskott\"",
                    "add \"sign_convention\"",
                ),
            ),
        }
    }
    if table.columns[i].formula.is_none() {
        found.push(
            Diagnostic::warning(
                "TAB009",
                format!("{pointer}/columns/{i}"),
                "avvikelsen har ingen formel och kan därför inte kontrolleras",
                "the deviation has no formula and cannot be checked",
            )
            .help("lägg till \"formula\": \"prognos - budget\"", "add \"formula\": \"prognos - budget\""),
        );
    }
}
