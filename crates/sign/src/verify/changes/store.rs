//! The document security store (ETSI EN 319 142-1, 5.4.2): lists of streams, whatever comes and goes among them. An
//! entry for one signature may be written anew, as DSS does when it adds evidence: nothing of the store is shown.

use super::between::Judge;
use super::change::Change;
use super::roles::is_digest;
use crate::strict::{Dictionary, Value};

impl<'s, 'r> Judge<'s, 'r> {
    pub(super) fn store(&mut self, after: &'s Dictionary<'r>) -> bool {
        self.changes.insert(Change::Evidence);
        after.iter().all(|(key, value)| match key {
            b"Type" => value.name() == Some(b"DSS"),
            b"Certs" | b"OCSPs" | b"CRLs" => self.is_list(value),
            b"VRI" => self.new.resolve(value).and_then(Value::dictionary).is_some_and(|d| self.are_entries(d)),
            _ => false,
        })
    }

    pub(super) fn store_entries(&mut self, after: &'s Dictionary<'r>) -> bool {
        self.changes.insert(Change::Evidence);
        self.are_entries(after)
    }

    pub(super) fn store_entry(&mut self, after: &'s Dictionary<'r>) -> bool {
        self.changes.insert(Change::Evidence);
        self.is_entry(after)
    }

    pub(super) fn store_list(&mut self, before: &'s Value<'r>, after: &'s Value<'r>) -> bool {
        self.changes.insert(Change::Evidence);
        // A stream that a list refers to is evidence, and stays as it is.
        before.array().is_some() && self.is_list(after)
    }

    /// References to streams, as many as there are.
    fn is_list(&self, value: &'s Value<'r>) -> bool {
        let items = self.new.resolve(value).and_then(Value::array);
        let stream = |item: &Value<'_>| self.new.get(item.reference()?)?.stream().map(|_| ());
        items.is_some_and(|items| items.iter().all(|item| stream(item).is_some()))
    }

    /// Entries for single signatures, named by digests.
    fn are_entries(&self, entries: &'s Dictionary<'r>) -> bool {
        entries.iter().all(|(key, value)| {
            key == b"Type" && value.name() == Some(b"VRI")
                || is_digest(key)
                    && self.new.resolve(value).and_then(Value::dictionary).is_some_and(|d| self.is_entry(d))
        })
    }

    fn is_entry(&self, entry: &'s Dictionary<'r>) -> bool {
        entry.iter().all(|(key, value)| match key {
            b"Cert" | b"CRL" | b"OCSP" => self.is_list(value),
            b"TS" => self.new.resolve(value).is_some_and(|v| v.stream().is_some()),
            b"TU" => value.string().is_some(),
            b"Type" => value.name().is_some(),
            _ => false,
        })
    }
}
