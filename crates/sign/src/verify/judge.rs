//! The checks of one signature, given what is known of time so far.

use chrono::{DateTime, Utc};
use sigill_messages::{Localize, Texts};
use sigill_orders::{BaselineLevel, Indication, SubIndication};

use super::changes::Change;
use super::coverage::CoveredSignature;
use super::item::{JudgedSignature, words};
use super::policy::Policy;
use super::report::{Signatory, SignatureReport, Stamp};
use crate::certificate::Certificate;
use crate::cms::SignedData;
use crate::crypto::BadSignature;
use crate::dss::{self, SecurityStore};
use crate::messages::{certificate as certificate_texts, verified, verified_timestamp};
use crate::oids;
use crate::path::{self, CertificatePool, NoPath};
use crate::prepare::ranges;
use crate::revocation::{self, Evidence};
use crate::shown::shown;
use crate::strict::{Reading, Value};
use crate::tsp::{TimestampToken, TokenFault};

use Indication::{Indeterminate, TotalFailed};

/// Why a signature does not pass.
struct Failure(Indication, SubIndication, Texts);

fn fail<T>(indication: Indication, sub: SubIndication, why: &dyn Localize) -> Result<T, Failure> {
    Err(Failure(indication, sub, Texts::of(why).map(|text| shown(&text))))
}

pub(super) struct Judge<'a> {
    reading: &'a Reading<'a>,
    policy: &'a Policy<'a>,
    store: SecurityStore,
    /// Evidence that was fetched.
    fetched: Evidence,
    /// What is known to have existed by when: all that the document timestamps seen so far cover.
    proven: Option<DateTime<Utc>>,
    /// The stores that valid document timestamps cover.
    sealed: Vec<SecurityStore>,
    /// What is to be said of revocation answers that did not count, for the signature at hand.
    rejected: Vec<Texts>,
}

/// What trust in a certificate rests on.
struct Trust {
    /// Whether the file itself holds all evidence.
    from_file: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(reading: &'a Reading<'a>, policy: &'a Policy<'a>, store: SecurityStore) -> Self {
        Self {
            reading,
            policy,
            store,
            fetched: Evidence::default(),
            proven: None,
            sealed: Vec::new(),
            rejected: Vec::new(),
        }
    }

    pub(super) fn item(&mut self, item: &JudgedSignature<'_, '_>) -> SignatureReport {
        let kind = item.value.dictionary.get(b"SubFilter").and_then(Value::name).unwrap_or_default().to_vec();
        let mut report = SignatureReport {
            field: shown(&item.field.name),
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
            covers_file: item.covered.as_ref().is_ok_and(|c| self.covers_file(c)),
            timestamps: Vec::new(),
            later_changes: item.changes.iter().map(Change::note).collect(),
            notes: item.mended.iter().cloned().collect(),
        };
        let result = match kind.as_slice() {
            b"ETSI.RFC3161" => self.document_timestamp(item, &mut report),
            b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached" => self.signature(item, &kind, &mut report),
            other => {
                let kind = String::from_utf8_lossy(other).into_owned();
                fail(TotalFailed, SubIndication::FormatFailure, &verified::UnknownKind { kind: &kind })
            }
        };
        if let Err(Failure(indication, sub, note)) = result {
            report.indication = indication;
            report.sub_indication = Some(sub);
            if matches!(sub, SubIndication::HashFailure | SubIndication::SigCryptoFailure) {
                // What it was made over is no longer there: it covers nothing, and the change is one of those told.
                report.covers_file = false;
                report.covered_bytes = 0;
                report.later_changes.insert(0, note.clone());
            }
            report.notes.insert(0, note);
        }
        for said in std::mem::take(&mut self.rejected) {
            if !report.notes.contains(&said) {
                report.notes.push(said);
            }
        }
        // A file that cannot be trusted as to its parts still says whose signature it bears.
        if report.signatory.is_none() {
            report.signatory = self.claimed_signatory(item);
        }
        report
    }

    /// Whose signature it is said to be, when it could not be checked.
    fn claimed_signatory(&self, item: &JudgedSignature<'_, '_>) -> Option<Signatory> {
        let content = item.value.dictionary.get(b"Contents")?.string()?;
        let cms = SignedData::parse(content).ok()?;
        cms.signer_among(&self.store.certificates).map(signatory)
    }

    /// The content of a signature, once its place in the file and the later changes are found good.
    fn parts<'i>(&self, item: &'i JudgedSignature<'_, '_>) -> Result<(&'i [u8], [&'a [u8]; 2]), Failure> {
        let covered = match &item.covered {
            Ok(covered) => covered,
            Err(why) => return fail(TotalFailed, SubIndication::FormatFailure, *why),
        };
        match ranges(self.reading.bytes, covered.range) {
            Some(parts) => Ok((&covered.content, parts)),
            None => fail(TotalFailed, SubIndication::FormatFailure, &verified::RangeOutside),
        }
    }

    /// Whether nothing but white space stands after what a signature is over.
    fn covers_file(&self, covered: &CoveredSignature) -> bool {
        self.reading.bytes[covered.end()..].trim_ascii().is_empty()
    }

    /// Readings and changes are judged last, so that a wrong digest is told as such.
    fn later_changes(item: &JudgedSignature<'_, '_>) -> Result<(), Failure> {
        if let Some(fault) = &item.ambiguity {
            return fail(TotalFailed, SubIndication::FormatFailure, &verified::Ambiguous { fault });
        }
        let bad = item.changes.iter().find_map(|c| match c {
            Change::Forbidden(change) => Some(change),
            _ => None,
        });
        match bad {
            Some(change) => fail(TotalFailed, SubIndication::FormatFailure, &verified::Changed { change }),
            None => Ok(()),
        }
    }

    fn document_timestamp(
        &mut self,
        item: &JudgedSignature<'_, '_>,
        report: &mut SignatureReport,
    ) -> Result<(), Failure> {
        let (content, parts) = self.parts(item)?;
        let token = match TimestampToken::parse(content) {
            Ok(token) => token,
            Err(_) => return fail(TotalFailed, SubIndication::FormatFailure, &verified_timestamp::Broken),
        };
        report.signatory = token.cms.signer_among(&self.store.certificates).map(signatory);
        let certificate = self.token(&token, &parts)?;
        report.proven_time = Some(token.time);
        Self::later_changes(item)?;
        let trust = self.trust_token(&token, &certificate, report)?;
        self.proven = Some(self.proven.map_or(token.time, |p| p.min(token.time)));
        if let Ok(covered) = &item.covered {
            self.sealed.push(dss::read(&self.reading.state(covered.revision)));
        }
        if !trust.from_file {
            report.notes.push(Texts::of(&verified_timestamp::NoRevocation));
        }
        Ok(())
    }

    fn token(&self, token: &TimestampToken, stamped: &[&[u8]]) -> Result<Certificate, Failure> {
        token.check(stamped, &self.store.certificates).cloned().or_else(|flaw| match flaw {
            TokenFault::Imprint => fail(TotalFailed, SubIndication::HashFailure, &verified_timestamp::OtherContent),
            TokenFault::Signature => fail(TotalFailed, SubIndication::SigCryptoFailure, &verified_timestamp::Signature),
            TokenFault::Certificate => {
                fail(Indeterminate, SubIndication::NoSigningCertificateFound, &verified_timestamp::Certificate)
            }
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
            return fail(Indeterminate, SubIndication::TimestampOrderFailure, &verified_timestamp::Order);
        }
        let path = self.path(certificate, &token.cms)?;
        if let Some(expired) = path::invalid_at(&path, control) {
            return fail(
                Indeterminate,
                SubIndication::OutOfBoundsNoPoe,
                &verified_timestamp::OutOfBounds { name: &expired.name() },
            );
        }
        match self.revocation(&path, token.time, control) {
            Ok(from_file) => Ok(Trust { from_file }),
            // A stamp whose service nobody vouches for today is still one; the report says so.
            Err(Failure(
                Indeterminate,
                SubIndication::TryLater | SubIndication::CertificateChainGeneralFailure,
                note,
            )) => {
                report.notes.push(note);
                Ok(Trust { from_file: false })
            }
            Err(failure) => Err(failure),
        }
    }

    fn signature(
        &mut self,
        item: &JudgedSignature<'_, '_>,
        kind: &[u8],
        report: &mut SignatureReport,
    ) -> Result<(), Failure> {
        let (content, parts) = self.parts(item)?;
        let Ok(cms) = SignedData::parse(content) else {
            return fail(TotalFailed, SubIndication::FormatFailure, &verified::NoCms);
        };
        // Who signed is told whatever became of the file since.
        let store = self.store.certificates.clone();
        let certificate = cms.signer_among(&store);
        report.signatory = certificate.map(signatory);
        if cms.content_type != oids::DATA || cms.content.is_some() {
            return fail(TotalFailed, SubIndication::FormatFailure, &verified::OwnContent);
        }
        let Some(attributes) = &cms.attributes else {
            return Self::without_attributes(item, &cms, certificate, &parts, kind);
        };
        let held = attributes.message_digest().ok().flatten();
        let Some(digest) = cms.digest else {
            return fail(Indeterminate, SubIndication::CryptoConstraintsFailure, &verified::WeakDigest);
        };
        if held.is_none() || held != Some(digest.of_parts(&parts)) || !attributes.is_about(oids::DATA) {
            return fail(TotalFailed, SubIndication::HashFailure, &verified::OtherContent);
        }
        let Some(certificate) = certificate else {
            return fail(Indeterminate, SubIndication::NoSigningCertificateFound, &verified::NoCertificate);
        };
        match cms.verify_signature(certificate) {
            Ok(()) => {}
            Err(BadSignature::Wrong) => {
                return fail(TotalFailed, SubIndication::SigCryptoFailure, &verified::OtherKey);
            }
            Err(BadSignature::Algorithm) => {
                return fail(Indeterminate, SubIndication::CryptoConstraintsFailure, &verified::WeakSignature);
            }
        }
        let named = attributes.names(certificate);
        match named {
            Ok(Some(true)) => {}
            Ok(None) if kind == b"adbe.pkcs7.detached" => report.notes.push(Texts::of(&verified::NotPades)),
            _ => {
                return fail(Indeterminate, SubIndication::NoSigningCertificateFound, &verified::UnnamedCertificate);
            }
        }
        Self::later_changes(item)?;
        let (proven, stamps_trusted) = self.signature_timestamps(&cms, report);
        report.proven_time = proven;
        let time = proven.unwrap_or(self.policy.time);
        if !certificate.may_sign() {
            return fail(Indeterminate, SubIndication::ChainConstraintsFailure, &verified::Usage);
        }
        let path = self.path(certificate, &cms)?;
        Self::validity(&path, time)?;
        let from_file = self.revocation(&path, time, time)?;
        report.level = match proven {
            // The time stands in the signature dictionary alone (ETSI EN 319 142-1, 6.3, table 1).
            _ if attributes.get(oids::SIGNING_TIME) != Ok(None) => {
                report.notes.push(Texts::of(&verified::TimeInAttributes));
                None
            }
            _ if kind == b"adbe.pkcs7.detached" => None,
            None => Some(BaselineLevel::B),
            Some(_) if !(from_file && stamps_trusted && self.store.exists) => Some(BaselineLevel::T),
            _ if self.is_sealed(&path, time) => Some(BaselineLevel::Lta),
            _ => Some(BaselineLevel::Lt),
        };
        Ok(())
    }

    /// A signature over the content itself names no certificate; it can be intact, but it is no PAdES signature.
    fn without_attributes(
        item: &JudgedSignature<'_, '_>,
        cms: &SignedData,
        certificate: Option<&Certificate>,
        parts: &[&[u8]],
        kind: &[u8],
    ) -> Result<(), Failure> {
        if kind != b"adbe.pkcs7.detached" {
            return fail(TotalFailed, SubIndication::FormatFailure, &verified::NoAttributes);
        }
        let Some(certificate) = certificate else {
            return fail(Indeterminate, SubIndication::NoSigningCertificateFound, &verified::NoCertificate);
        };
        match cms.verify_over(certificate, parts) {
            Err(BadSignature::Wrong) => fail(TotalFailed, SubIndication::SigCryptoFailure, &verified::OtherContent),
            Err(BadSignature::Algorithm) => {
                fail(Indeterminate, SubIndication::CryptoConstraintsFailure, &verified::WeakSignature)
            }
            Ok(()) => {
                Self::later_changes(item)?;
                fail(Indeterminate, SubIndication::NoSigningCertificateFound, &verified::NoAttributes)
            }
        }
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
                report.notes.push(Texts::of(&verified_timestamp::OneBroken));
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
                    SubIndication::NoCertificateChainFound,
                    &verified::Untrusted { name: &certificate.name() },
                ),
                NoPath::Constraints => fail(
                    Indeterminate,
                    SubIndication::ChainConstraintsFailure,
                    &verified::Constraints { name: &certificate.name() },
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
                SubIndication::NotYetValid,
                &verified::NotYetValid { name: &name, from: &day(bad.not_before()) },
            );
        }
        fail(
            Indeterminate,
            SubIndication::OutOfBoundsNoPoe,
            &verified::OutOfBounds { name: &name, to: &day(bad.not_after()) },
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
            self.rejected.extend(self.store.evidence.rejected(certificate, issuer));
            let covers = |s: &revocation::Statement| s.covers(time) && s.this_update <= self.policy.time;
            if !statements.iter().any(covers) {
                from_file = false;
                statements.extend(self.fetched.about(certificate, issuer));
                if !statements.iter().any(covers)
                    && let Some(outside) = self.policy.outside
                {
                    match revocation::fetch(certificate, issuer, self.policy.time, outside) {
                        Ok(Some(found)) => {
                            statements.extend(found.evidence.about(certificate, issuer));
                            self.rejected.extend(found.rejected);
                            self.fetched.add(found.evidence);
                        }
                        Ok(None) => {}
                        Err(why) => self.rejected.push(why),
                    }
                }
            }
            if let Some(when) = statements.iter().filter_map(|s| s.revoked).min().filter(|r| *r <= limit) {
                let sub = if place == 0 { SubIndication::RevokedNoPoe } else { SubIndication::RevokedCaNoPoe };
                return fail(
                    Indeterminate,
                    sub,
                    &certificate_texts::Revoked { name: &certificate.name(), time: &when.format("%Y-%m-%d %H:%M") },
                );
            }
            if !statements.iter().any(covers) {
                // Nothing at all, or something that is too old.
                let sub = if statements.is_empty() {
                    SubIndication::CertificateChainGeneralFailure
                } else {
                    SubIndication::TryLater
                };
                return fail(Indeterminate, sub, &verified::RevocationUnknown { name: &certificate.name() });
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
