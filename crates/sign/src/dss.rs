//! The document security store (ETSI EN 319 142-1, 5.4.2): certificates and revocation evidence for those who check
//! the file when the services are gone.

use lopdf::{Dictionary, Object, ObjectId, Stream};

use crate::certificate::Certificate;
use crate::error::Result;
use crate::pdf::update::Update;
use crate::pdf::{Pdf, deref, get_array, get_dictionary};
use crate::revocation::Evidence;
use crate::strict::State;

/// The document security store of a file (DSS).
#[derive(Debug, Clone, Default)]
pub(crate) struct SecurityStore {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) evidence: Evidence,
    pub(crate) exists: bool,
    /// Names of the entries for single signatures.
    entries: Vec<Vec<u8>>,
}

/// Name of a signature's entry: the SHA-1 of its content in capital digits.
fn entry_name(signature: &[u8]) -> String {
    crate::crypto::hex(&crate::crypto::sha1(signature)).to_uppercase()
}

impl SecurityStore {
    /// Whether there is an entry for a signature.
    pub(crate) fn has_entry(&self, signature: &[u8]) -> bool {
        self.entries.contains(&entry_name(signature).into_bytes())
    }
}

/// Reads the store; what is broken in it is passed over.
pub(crate) fn read(state: &State<'_, '_>) -> SecurityStore {
    let Some(dss) = state.catalog().and_then(|c| state.dictionary_at(c, b"DSS")) else {
        return SecurityStore::default();
    };
    let streams = |key: &[u8]| -> Vec<Vec<u8>> {
        let all = state.array_at(dss, key).unwrap_or_default().iter();
        all.filter_map(|item| state.resolve(item)?.stream()?.content(MAX_PIECE)).collect()
    };
    SecurityStore {
        certificates: streams(b"Certs").iter().filter_map(|der| Certificate::from_der(der).ok()).collect(),
        evidence: Evidence { crls: streams(b"CRLs"), ocsps: streams(b"OCSPs") },
        exists: true,
        entries: state
            .dictionary_at(dss, b"VRI")
            .into_iter()
            .flat_map(|entries| entries.iter().map(|(key, _)| key.to_vec()))
            .collect(),
    }
}

/// Largest piece of evidence that is unpacked.
const MAX_PIECE: usize = 32 * 1024 * 1024;

fn content(object: &Object) -> Option<Vec<u8>> {
    let stream = object.as_stream().ok()?;
    if stream.is_compressed() {
        stream.decompressed_content_with_limit(MAX_PIECE).ok()
    } else {
        Some(stream.content.clone())
    }
}

/// Validation data to add to the store, and for which signature: the SHA-1 of its content in capital digits names its entry in `VRI`.
pub(crate) struct SecurityAddition {
    pub(crate) signature: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) evidence: Evidence,
}

/// Adds to the store. What is there stays.
pub(crate) fn add(pdf: &[u8], additions: &[SecurityAddition]) -> Result<Vec<u8>> {
    let pdf = Pdf::load(pdf)?;
    let document = &pdf.document;
    let mut update = Update::new(&pdf);
    let catalog = pdf.catalog()?;
    let old = get_dictionary(document, catalog, b"DSS").cloned().unwrap_or_default();
    let list = |key: &[u8]| get_array(document, &old, key).cloned().unwrap_or_default();
    let known = |items: &[Object]| -> Vec<(Vec<u8>, ObjectId)> {
        let each = items.iter();
        each.filter_map(|o| Some((content(deref(document, o)?)?, o.as_reference().ok()?))).collect()
    };
    let mut lists = [b"Certs".as_slice(), b"OCSPs", b"CRLs"].map(|key| {
        let items = list(key);
        (key, known(&items), items)
    });
    let mut entries = get_dictionary(document, &old, b"VRI").cloned().unwrap_or_default();
    for addition in additions {
        let certificates: Vec<Vec<u8>> = addition.certificates.iter().map(|c| c.der().to_vec()).collect();
        let mut entry = Dictionary::new();
        let parts = [&certificates, &addition.evidence.ocsps, &addition.evidence.crls];
        for ((pieces, (_, known, items)), key) in parts.into_iter().zip(&mut lists).zip(["Cert", "OCSP", "CRL"]) {
            let ids: Vec<Object> = pieces.iter().map(|p| Object::from(put(&mut update, known, items, p))).collect();
            if !ids.is_empty() {
                entry.set(key, ids);
            }
        }
        if let Some(signature) = &addition.signature {
            let name = entry_name(signature);
            // An entry that is there was signed by the timestamps after it.
            if !entries.has(name.as_bytes()) {
                entries.set(name, entry);
            }
        }
    }
    let mut dss = Dictionary::new();
    dss.set("Type", "DSS");
    if !entries.is_empty() {
        dss.set("VRI", entries);
    }
    for (key, _, items) in lists {
        if !items.is_empty() {
            dss.set(key, items);
        }
    }
    match catalog.get(b"DSS").and_then(Object::as_reference) {
        Ok(id) => update.write(id, &Object::Dictionary(dss)),
        Err(_) => {
            let mut catalog = catalog.clone();
            catalog.set("DSS", update.add(dss));
            update.write(pdf.root()?, &Object::Dictionary(catalog));
        }
    }
    update.finish()
}

/// The object of a piece, written unless it is there.
fn put(update: &mut Update, known: &mut Vec<(Vec<u8>, ObjectId)>, items: &mut Vec<Object>, piece: &[u8]) -> ObjectId {
    if let Some((_, id)) = known.iter().find(|(content, _)| content == piece) {
        return *id;
    }
    let id = update.add(Stream::new(Dictionary::new(), piece.to_vec()));
    known.push((piece.to_vec(), id));
    items.push(id.into());
    id
}
