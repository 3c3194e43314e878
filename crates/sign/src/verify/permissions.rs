//! What a signature lets be done after it: DocMDP, FieldMDP (ISO 32000-2, 12.8.2) and the lock of its field
//! (12.7.5.5).

use std::collections::BTreeSet;

use super::changes::{Change, forbidden};
use crate::messages::forbidden as texts;
use crate::strict::{Dictionary, Field, SignatureValue, State, Value};

/// What a signature lets be done after it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Permissions {
    /// The level of DocMDP, when there is one: 1 nothing, 2 filling in and signing, 3 annotations too.
    pub(crate) level: Option<i64>,
    /// Whether it certifies the document.
    pub(crate) certifies: bool,
    locks: Vec<Lock>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    All,
    These(Vec<String>),
    AllBut(Vec<String>),
}

impl Permissions {
    /// What a signature in a field lets be done.
    pub(crate) fn of<'s, 'r>(state: &State<'s, 'r>, field: &Field<'s, 'r>, value: &SignatureValue<'s, 'r>) -> Self {
        let mut out = Self::default();
        let references = state.array_at(value.dictionary, b"Reference").unwrap_or_default();
        for reference in references.iter().filter_map(|r| state.resolve(r)?.dictionary()) {
            let parameters = state.dictionary_at(reference, b"TransformParams");
            match state.at(reference, b"TransformMethod").and_then(Value::name) {
                Some(b"DocMDP") => {
                    out.certifies = true;
                    // Level 2 is the default (ISO 32000-1, table 254).
                    let level = parameters.and_then(|p| p.get(b"P"));
                    out.restrict(level.map_or(2, |p| p.integer().unwrap_or(1)));
                }
                Some(b"FieldMDP") => out.locks.extend(parameters.and_then(|p| Lock::read(state, p))),
                _ => {}
            }
        }
        // Signers that leave out the reference are bound by the lock all the same.
        if let Some(lock) = state.dictionary_at(field.dictionary, b"Lock") {
            out.locks.extend(Lock::read(state, lock));
            if let Some(level) = lock.get(b"P") {
                out.restrict(level.integer().unwrap_or(1));
            }
        }
        out
    }

    fn restrict(&mut self, level: i64) {
        // A level that is none of the standard's allows nothing.
        let level = if (1..=3).contains(&level) { level } else { 1 };
        self.level = Some(self.level.map_or(level, |l| l.min(level)));
    }

    /// Whether a field with this name may no longer change.
    pub(crate) fn locks(&self, name: &str) -> bool {
        self.locks.iter().any(|lock| lock.holds(name))
    }

    /// The changes that it does not let be made, as such.
    pub(super) fn refused(&self, changes: &BTreeSet<Change>) -> Vec<Change> {
        let mut out = Vec::new();
        for change in changes {
            match change {
                Change::Signature(name) | Change::FilledIn(name) if self.locks(name) => {
                    out.push(forbidden(&texts::Locked { name }));
                }
                Change::Signature(_) if self.level == Some(1) => out.push(forbidden(&texts::NoMore)),
                Change::FilledIn(name) if self.level == Some(1) => out.push(forbidden(&texts::NoFilling { name })),
                Change::NewField if self.certifies || self.level == Some(1) => {
                    out.push(forbidden(&texts::NoNewField));
                }
                _ => {}
            }
        }
        out
    }
}

impl Lock {
    fn read<'s, 'r>(state: &State<'s, 'r>, dictionary: &'s Dictionary<'r>) -> Option<Self> {
        let fields = || {
            let names = state.array_at(dictionary, b"Fields").unwrap_or_default();
            names.iter().filter_map(Value::text).collect::<Vec<String>>()
        };
        match dictionary.get(b"Action").and_then(Value::name) {
            Some(b"All") => Some(Self::All),
            Some(b"Include") => Some(Self::These(fields())),
            Some(b"Exclude") => Some(Self::AllBut(fields())),
            // A transform that says nothing that is known locks what it may.
            Some(_) => Some(Self::All),
            None => None,
        }
    }

    fn holds(&self, name: &str) -> bool {
        // A group stands for the fields below it.
        let within = |f: &String| name == f || name.strip_prefix(f.as_str()).is_some_and(|rest| rest.starts_with('.'));
        match self {
            Self::All => true,
            Self::These(fields) => fields.iter().any(within),
            Self::AllBut(fields) => !fields.iter().any(within),
        }
    }
}
