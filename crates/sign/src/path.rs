//! Certificate paths (RFC 5280, 6): from a certificate to one that is trusted.

use chrono::{DateTime, Utc};

use crate::certificate::Certificate;

/// Longest path.
const LENGTH: usize = 10;
/// Most signatures checked in search of one path: a bag of look-alike certificates must not cost more.
const ATTEMPTS: usize = 200;

/// The certificates that a path may be built from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CertificatePool<'a> {
    /// Where paths end.
    pub(crate) trusted: &'a [Certificate],
    /// What may stand between.
    pub(crate) others: &'a [Certificate],
}

/// Why there is no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPath {
    /// No chain of signatures leads to a trusted certificate.
    NotFound,
    /// Chains lead there, but break a rule: constraints, usage, unknown critical extensions.
    Constraints,
}

/// The path from `certificate` up to and including the trusted certificate, by names, signatures and constraints. Times
/// are the caller's: a certificate that has expired since may have been good when it counted.
pub(crate) fn build(certificate: &Certificate, pool: CertificatePool<'_>) -> Result<Vec<Certificate>, NoPath> {
    let mut search = Search { pool, attempts: 0, constraints: false };
    if !certificate.is_understood() {
        return Err(NoPath::Constraints);
    }
    let mut path = vec![certificate.clone()];
    if search.extend(&mut path) {
        return Ok(path);
    }
    Err(if search.constraints { NoPath::Constraints } else { NoPath::NotFound })
}

struct Search<'a> {
    pool: CertificatePool<'a>,
    attempts: usize,
    constraints: bool,
}

impl Search<'_> {
    fn extend(&mut self, path: &mut Vec<Certificate>) -> bool {
        let Some(last) = path.last().cloned() else { return false };
        if self.pool.trusted.contains(&last) {
            return true;
        }
        if path.len() >= LENGTH {
            return false;
        }
        let CertificatePool { trusted, others } = self.pool;
        for issuer in trusted.iter().chain(others) {
            if !last.may_be_from(issuer) || path.contains(issuer) {
                continue;
            }
            self.attempts += 1;
            if self.attempts > ATTEMPTS {
                return false;
            }
            if last.verify_by(issuer).is_err() {
                continue;
            }
            // Authorities below this one that are not issued by themselves count (RFC 5280, 4.2.1.9).
            let below = path[1..].iter().filter(|c| !c.is_self_issued()).count();
            let allowed = issuer.authority().is_some_and(|most| most.is_none_or(|most| below <= usize::from(most)));
            if !allowed || !issuer.is_understood() {
                self.constraints = true;
                continue;
            }
            path.push(issuer.clone());
            if self.extend(path) {
                return true;
            }
            path.pop();
        }
        false
    }
}

/// The first certificate of a path, below the trusted one, that is not valid at a time.
pub(crate) fn invalid_at(path: &[Certificate], time: DateTime<Utc>) -> Option<&Certificate> {
    // A trusted certificate is trusted by decision, not by its dates, unless it stands alone.
    let checked = if path.len() > 1 { &path[..path.len() - 1] } else { path };
    checked.iter().find(|c| !c.is_valid_at(time))
}
