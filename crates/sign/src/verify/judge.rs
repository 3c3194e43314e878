//! The checks of one signature, given what is known of time so far.

use chrono::{DateTime, Utc};
use lopdf::Object;

use super::changes::Change;
use super::item::{JudgedSignature, words};
use super::policy::Policy;
use super::report::{Indication, Note, Signatory, SignatureReport, Stamp};
use crate::certificate::Certificate;
use crate::cms::SignedData;
use crate::crypto::Refusal;
use crate::dss::{self, SecurityStore};
use crate::oids;
use crate::path::{self, CertificatePool, NoPath};
use crate::prepare::ranges;
use crate::revocation::{self, Evidence};
use crate::tsp::{TimestampToken, TokenFault};

use Indication::{Indeterminate, TotalFailed};

/// Why a signature does not pass.
struct Failure(Indication, &'static str, Note);

fn fail<T>(
    indication: Indication,
    sub: &'static str,
    sv: impl Into<String>,
    en: impl Into<String>,
) -> Result<T, Failure> {
    Err(Failure(indication, sub, Note::new(sv, en)))
}

pub(super) struct Judge<'a> {
    pdf: &'a [u8],
    policy: &'a Policy<'a>,
    store: SecurityStore,
    /// Evidence that was fetched.
    fetched: Evidence,
    /// What is known to have existed by when: all that the document timestamps seen so far cover.
    proven: Option<DateTime<Utc>>,
    /// The stores that valid document timestamps cover.
    sealed: Vec<SecurityStore>,
}

/// What trust in a certificate rests on.
struct Trust {
    /// Whether the file itself holds all evidence.
    from_file: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(pdf: &'a [u8], policy: &'a Policy<'a>, store: SecurityStore) -> Self {
        Self { pdf, policy, store, fetched: Evidence::default(), proven: None, sealed: Vec::new() }
    }

    pub(super) fn item(&mut self, item: &JudgedSignature) -> SignatureReport {
        let kind = item.value.dictionary.get(b"SubFilter").and_then(Object::as_name).unwrap_or_default().to_vec();
        let mut report = SignatureReport {
            field: item.field.name.clone(),
            is_timestamp: kind == b"ETSI.RFC3161",
            indication: Indication::TotalPassed,
            sub_indication: None,
            level: None,
            signatory: None,
            claimed_time: words(&item.value, b"M").map(|m| readable(&m)),
            proven_time: None,
            reason: words(&item.value, b"Reason"),
            location: words(&item.value, b"Location"),
            covered_bytes: item.covered.as_ref().map_or(0, |c| c.range[1] + c.range[3]),
            covers_file: item.covered.as_ref().is_ok_and(|c| c.end() == self.pdf.len()),
            timestamps: Vec::new(),
            later_changes: item.changes.iter().map(Change::note).collect(),
            notes: Vec::new(),
        };
        let result = match kind.as_slice() {
            b"ETSI.RFC3161" => self.document_timestamp(item, &mut report),
            b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached" => self.signature(item, &kind, &mut report),
            other => {
                let kind = String::from_utf8_lossy(other).into_owned();
                fail(
                    TotalFailed,
                    "FORMAT_FAILURE",
                    format!("underskrifter av slaget ”{kind}” känns inte igen"),
                    format!("signatures of kind \"{kind}\" are not known"),
                )
            }
        };
        if let Err(Failure(indication, sub, note)) = result {
            report.indication = indication;
            report.sub_indication = Some(sub);
            report.notes.insert(0, note);
        }
        report
    }

    /// The content of a signature, once its place in the file and the later changes are found good.
    fn parts<'i>(&self, item: &'i JudgedSignature) -> Result<(&'i [u8], [&'a [u8]; 2]), Failure> {
        let covered = match &item.covered {
            Ok(covered) => covered,
            Err((sv, en)) => return fail(TotalFailed, "FORMAT_FAILURE", *sv, *en),
        };
        match ranges(self.pdf, covered.range) {
            Some(parts) => Ok((&covered.content, parts)),
            None => fail(TotalFailed, "FORMAT_FAILURE", "ByteRange går utanför filen", "the ByteRange leaves the file"),
        }
    }

    /// Changes are judged last, so that a wrong digest is told as such.
    fn later_changes(item: &JudgedSignature) -> Result<(), Failure> {
        let bad = item.changes.iter().find_map(|c| match c {
            Change::Forbidden(sv, en) => Some((sv, en)),
            _ => None,
        });
        match bad {
            Some((sv, en)) => fail(
                TotalFailed,
                "FORMAT_FAILURE",
                format!("filen är ändrad efter underskriften: {sv}"),
                format!("the file was changed after the signature: {en}"),
            ),
            None => Ok(()),
        }
    }

    fn document_timestamp(&mut self, item: &JudgedSignature, report: &mut SignatureReport) -> Result<(), Failure> {
        let (content, parts) = self.parts(item)?;
        let token = match parse_padded(content).and_then(|der| TimestampToken::parse(der).ok()) {
            Some(token) => token,
            None => return fail(TotalFailed, "FORMAT_FAILURE", "tidsstämpeln är trasig", "the timestamp is broken"),
        };
        let certificate = self.token(&token, &parts)?;
        report.signatory = Some(signatory(&certificate));
        report.proven_time = Some(token.time);
        Self::later_changes(item)?;
        let trust = self.trust_token(&token, &certificate, report)?;
        self.proven = Some(self.proven.map_or(token.time, |p| p.min(token.time)));
        if let Ok(covered) = &item.covered {
            self.sealed.push(dss::read(&covered.revision));
        }
        if !trust.from_file {
            report.notes.push(Note::new(
                "spärrbesked för tidsstämplingstjänsten finns inte i filen",
                "the file does not tell whether the timestamp service was revoked",
            ));
        }
        Ok(())
    }

    fn token(&self, token: &TimestampToken, stamped: &[&[u8]]) -> Result<Certificate, Failure> {
        token.check(stamped, &self.store.certificates).cloned().or_else(|flaw| match flaw {
            TokenFault::Imprint => fail(
                TotalFailed,
                "HASH_FAILURE",
                "tidsstämpeln är av annat innehåll",
                "the timestamp is of other content",
            ),
            TokenFault::Signature => fail(
                TotalFailed,
                "SIG_CRYPTO_FAILURE",
                "tidsstämpelns underskrift är fel",
                "the timestamp's signature is wrong",
            ),
            TokenFault::Certificate => fail(
                Indeterminate,
                "NO_SIGNING_CERTIFICATE_FOUND",
                "tidsstämpelns certifikat saknas eller är inte för tidsstämplar",
                "the timestamp's certificate is missing or not for timestamps",
            ),
        })
    }

    /// Trust in a timestamp: its service's certificate was good when something later proves it, or is so now.
    fn trust_token(
        &mut self,
        token: &TimestampToken,
        certificate: &Certificate,
        report: &mut SignatureReport,
    ) -> Result<Trust, Failure> {
        let control = self.proven.unwrap_or(self.policy.time);
        if token.time > control {
            return fail(
                Indeterminate,
                "TIMESTAMP_ORDER_FAILURE",
                "tidsstämpeln är senare än det som bevisar den",
                "the timestamp is later than what proves it",
            );
        }
        let path = self.path(certificate, &token.cms)?;
        if let Some(expired) = path::invalid_at(&path, control) {
            return fail(
                Indeterminate,
                "OUT_OF_BOUNDS_NO_POE",
                format!(
                    "certifikatet för {} gällde inte längre, och inget senare bevisar tidsstämpeln",
                    expired.name()
                ),
                format!(
                    "the certificate of {} was no longer valid, and nothing later proves the timestamp",
                    expired.name()
                ),
            );
        }
        match self.revocation(&path, token.time, control) {
            Ok(from_file) => Ok(Trust { from_file }),
            // A stamp whose service nobody vouches for today is still one; the report says so.
            Err(Failure(Indeterminate, "TRY_LATER" | "CERTIFICATE_CHAIN_GENERAL_FAILURE", note)) => {
                report.notes.push(note);
                Ok(Trust { from_file: false })
            }
            Err(failure) => Err(failure),
        }
    }

    fn signature(&mut self, item: &JudgedSignature, kind: &[u8], report: &mut SignatureReport) -> Result<(), Failure> {
        let (content, parts) = self.parts(item)?;
        let Ok(cms) = SignedData::parse(content) else {
            return fail(
                TotalFailed,
                "FORMAT_FAILURE",
                "underskriften är inte giltig CMS i DER",
                "the signature is not valid CMS in DER",
            );
        };
        let attributes = match &cms.attributes {
            Some(attributes) if cms.content_type == oids::DATA && cms.content.is_none() => attributes,
            _ => {
                return fail(
                    TotalFailed,
                    "FORMAT_FAILURE",
                    "underskriften saknar signerade attribut",
                    "the signature has no signed attributes",
                );
            }
        };
        let held = attributes.message_digest().ok().flatten();
        let Some(digest) = cms.digest else {
            return fail(
                Indeterminate,
                "CRYPTO_CONSTRAINTS_FAILURE",
                "kontrollsumman är av ett svagt eller okänt slag",
                "the digest is weak or unknown",
            );
        };
        if held.is_none() || held != Some(digest.of_parts(&parts)) || !attributes.is_about(oids::DATA) {
            return fail(
                TotalFailed,
                "HASH_FAILURE",
                "dokumentet är ändrat sedan det undertecknades",
                "the document has changed since it was signed",
            );
        }
        let store = self.store.certificates.clone();
        let Some(certificate) = cms.signer_among(&store) else {
            return fail(
                Indeterminate,
                "NO_SIGNING_CERTIFICATE_FOUND",
                "undertecknarens certifikat finns inte",
                "the signer's certificate is not there",
            );
        };
        report.signatory = Some(signatory(certificate));
        match cms.verify_signature(certificate) {
            Ok(()) => {}
            Err(Refusal::Wrong) => {
                return fail(
                    TotalFailed,
                    "SIG_CRYPTO_FAILURE",
                    "underskriften är inte gjord med certifikatets nyckel",
                    "the signature was not made with the certificate's key",
                );
            }
            Err(Refusal::Algorithm) => {
                return fail(
                    Indeterminate,
                    "CRYPTO_CONSTRAINTS_FAILURE",
                    "underskriften är av ett svagt eller okänt slag",
                    "the signature is of a weak or unknown kind",
                );
            }
        }
        let named = attributes.names(certificate);
        match named {
            Ok(Some(true)) => {}
            Ok(None) if kind == b"adbe.pkcs7.detached" => report.notes.push(Note::new(
                "underskriften nämner inte sitt certifikat och är ingen PAdES-underskrift",
                "the signature does not name its certificate and is no PAdES signature",
            )),
            _ => {
                return fail(
                    Indeterminate,
                    "NO_SIGNING_CERTIFICATE_FOUND",
                    "attributen nämner inte undertecknarens certifikat",
                    "the attributes do not name the signer's certificate",
                );
            }
        }
        Self::later_changes(item)?;
        let (proven, stamps_trusted) = self.signature_timestamps(&cms, report);
        report.proven_time = proven;
        let time = proven.unwrap_or(self.policy.time);
        if !certificate.may_sign() {
            return fail(
                Indeterminate,
                "CHAIN_CONSTRAINTS_FAILURE",
                "certifikatet är inte till för underskrifter",
                "the certificate is not for signatures",
            );
        }
        let path = self.path(certificate, &cms)?;
        Self::validity(&path, time)?;
        let from_file = self.revocation(&path, time, time)?;
        report.level = match proven {
            // The time stands in the signature dictionary alone (ETSI EN 319 142-1, 6.3, table 1).
            _ if attributes.get(oids::SIGNING_TIME) != Ok(None) => {
                report.notes.push(Note::new(
                    "attributen har en tid, som PAdES baseline inte medger",
                    "the attributes hold a time, which PAdES baseline does not allow",
                ));
                None
            }
            _ if kind == b"adbe.pkcs7.detached" => None,
            None => Some("B-B"),
            Some(_) if !(from_file && stamps_trusted && self.store.exists) => Some("B-T"),
            _ if self.is_sealed(&path, time) => Some("B-LTA"),
            _ => Some("B-LT"),
        };
        Ok(())
    }

    /// The earliest time that a timestamp proves the signature to have existed, and whether the file holds all evidence
    /// for the stamps that count.
    fn signature_timestamps(
        &mut self,
        cms: &SignedData,
        report: &mut SignatureReport,
    ) -> (Option<DateTime<Utc>>, bool) {
        let mut proven = self.proven;
        let mut from_file = true;
        for der in &cms.timestamps {
            let Ok(token) = TimestampToken::parse(der) else {
                report.notes.push(Note::new("en tidsstämpel är trasig", "a timestamp is broken"));
                continue;
            };
            let checked = self.token(&token, &[&cms.signature]);
            let trusted = checked.and_then(|c| self.trust_token(&token, &c, report).map(|t| (c, t)));
            let service = match &trusted {
                Ok((certificate, _)) => certificate.name(),
                Err(_) => token.cms.signer_among(&[]).map(Certificate::name).unwrap_or_default(),
            };
            report.timestamps.push(Stamp { time: token.time, service, valid: trusted.is_ok() });
            match trusted {
                Ok((_, trust)) => {
                    from_file &= trust.from_file;
                    proven = Some(proven.map_or(token.time, |p| p.min(token.time)));
                }
                Err(Failure(.., note)) => report.notes.push(note),
            }
        }
        (proven, from_file)
    }

    fn path(&self, certificate: &Certificate, cms: &SignedData) -> Result<Vec<Certificate>, Failure> {
        let mut others = cms.certificates.clone();
        others.extend(self.store.certificates.iter().cloned());
        path::build(certificate, CertificatePool { trusted: self.policy.trusted, others: &others }).or_else(|why| {
            match why {
                NoPath::NotFound => fail(
                    Indeterminate,
                    "NO_CERTIFICATE_CHAIN_FOUND",
                    format!("{} är inte utfärdat av någon betrodd utfärdare", certificate.name()),
                    format!("{} was not issued by a trusted issuer", certificate.name()),
                ),
                NoPath::Constraints => fail(
                    Indeterminate,
                    "CHAIN_CONSTRAINTS_FAILURE",
                    format!("kedjan till {} bryter mot en utfärdares villkor", certificate.name()),
                    format!("the chain to {} breaks an issuer's constraints", certificate.name()),
                ),
            }
        })
    }

    fn validity(path: &[Certificate], time: DateTime<Utc>) -> Result<(), Failure> {
        let Some(bad) = path::invalid_at(path, time) else { return Ok(()) };
        let (name, day) = (bad.name(), |t: DateTime<Utc>| t.format("%Y-%m-%d").to_string());
        if time < bad.not_before() {
            return fail(
                TotalFailed,
                "NOT_YET_VALID",
                format!("certifikatet för {name} gäller först från {}", day(bad.not_before())),
                format!("the certificate of {name} is valid only from {}", day(bad.not_before())),
            );
        }
        fail(
            Indeterminate,
            "OUT_OF_BOUNDS_NO_POE",
            format!(
                "certifikatet för {name} gällde till {}, och inget visar att underskriften är äldre",
                day(bad.not_after())
            ),
            format!(
                "the certificate of {name} was valid until {}, and nothing shows that the signature is older",
                day(bad.not_after())
            ),
        )
    }

    /// Whether the certificates of a path were good at `time` and not revoked by `limit`. Gives whether the file alone
    /// says so.
    fn revocation(&mut self, path: &[Certificate], time: DateTime<Utc>, limit: DateTime<Utc>) -> Result<bool, Failure> {
        let mut from_file = true;
        for (place, pair) in path.windows(2).enumerate() {
            let (certificate, issuer) = (&pair[0], &pair[1]);
            if certificate.has_extension(oids::OCSP_NO_CHECK) {
                continue;
            }
            let mut statements = self.store.evidence.about(certificate, issuer);
            let covers = |s: &revocation::Statement| s.covers(time) && s.this_update <= self.policy.time;
            if !statements.iter().any(covers) {
                from_file = false;
                statements.extend(self.fetched.about(certificate, issuer));
                if !statements.iter().any(covers)
                    && let Some(outside) = self.policy.outside
                    && let Ok(Some(found)) = revocation::fetch(certificate, issuer, self.policy.time, outside)
                {
                    statements.extend(found.about(certificate, issuer));
                    self.fetched.add(found);
                }
            }
            if let Some(when) = statements.iter().filter_map(|s| s.revoked).min().filter(|r| *r <= limit) {
                let sub = if place == 0 { "REVOKED_NO_POE" } else { "REVOKED_CA_NO_POE" };
                return fail(
                    Indeterminate,
                    sub,
                    format!(
                        "certifikatet för {} är spärrat sedan {}",
                        certificate.name(),
                        when.format("%Y-%m-%d %H:%M")
                    ),
                    format!("the certificate of {} was revoked {}", certificate.name(), when.format("%Y-%m-%d %H:%M")),
                );
            }
            if !statements.iter().any(covers) {
                // Nothing at all, or something that is too old.
                let sub = if statements.is_empty() { "CERTIFICATE_CHAIN_GENERAL_FAILURE" } else { "TRY_LATER" };
                return fail(
                    Indeterminate,
                    sub,
                    format!("det går inte att se om certifikatet för {} var spärrat", certificate.name()),
                    format!("whether the certificate of {} was revoked cannot be seen", certificate.name()),
                );
            }
        }
        Ok(from_file)
    }

    /// Whether a valid document timestamp covers evidence for the whole path.
    fn is_sealed(&self, path: &[Certificate], time: DateTime<Utc>) -> bool {
        self.sealed.iter().any(|store| {
            path.windows(2).all(|pair| {
                pair[0].has_extension(oids::OCSP_NO_CHECK)
                    || store.evidence.about(&pair[0], &pair[1]).iter().any(|s| s.covers(time))
            })
        })
    }
}

/// The first element of a padded content.
fn parse_padded(content: &[u8]) -> Option<&[u8]> {
    let (element, rest) = crate::asn1::split(content).ok()?;
    rest.iter().all(|&b| b == 0).then_some(element.raw)
}

fn signatory(certificate: &Certificate) -> Signatory {
    Signatory {
        name: certificate.name(),
        organisation: certificate.organisation(),
        issuer: certificate.issuer_text(),
        serial: certificate.serial_text(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }
}

/// A PDF date as people write it; as it stands when it is not one.
fn readable(date: &str) -> String {
    let digits: String = date.trim_start_matches("D:").chars().take_while(char::is_ascii_digit).collect();
    let zone = date.trim_start_matches("D:").get(digits.len()..).unwrap_or_default().replace('\'', ":");
    match digits.len() {
        14 => {
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            let zone = zone.trim_end_matches(':');
            let (day, time) =
                (format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8)), (part(8, 10), part(10, 12), part(12, 14)));
            format!("{day}T{}:{}:{}{zone}", time.0, time.1, time.2)
        }
        _ => date.to_owned(),
    }
}
