//! Terms of the standards for what a check of signatures comes to.

use crate::terms::terms;

terms! {
    /// Main result for a signature (ETSI EN 319 102-1, 5.1.3).
    pub enum Indication {
        /// All checks hold.
        TotalPassed = "TOTAL-PASSED",
        /// What is known is not enough to say either.
        Indeterminate = "INDETERMINATE",
        /// The signature is not valid.
        TotalFailed = "TOTAL-FAILED",
    }

    /// Why a signature is not passed (ETSI EN 319 102-1, 5.1.3).
    pub enum SubIndication {
        /// The signature or the file is not built as it must be.
        FormatFailure = "FORMAT_FAILURE",
        /// What was signed has changed.
        HashFailure = "HASH_FAILURE",
        /// The signature is not the key's.
        SigCryptoFailure = "SIG_CRYPTO_FAILURE",
        /// The certificate is not yet valid.
        NotYetValid = "NOT_YET_VALID",
        /// The signer's certificate is missing.
        NoSigningCertificateFound = "NO_SIGNING_CERTIFICATE_FOUND",
        /// No trusted issuer stands behind the certificate.
        NoCertificateChainFound = "NO_CERTIFICATE_CHAIN_FOUND",
        /// The chain of certificates cannot be judged.
        CertificateChainGeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        /// A certificate of the chain is not for this.
        ChainConstraintsFailure = "CHAIN_CONSTRAINTS_FAILURE",
        /// A method is too weak or unknown.
        CryptoConstraintsFailure = "CRYPTO_CONSTRAINTS_FAILURE",
        /// The certificate is no longer valid, and no time proves that it was.
        OutOfBoundsNoPoe = "OUT_OF_BOUNDS_NO_POE",
        /// The certificate is revoked, and no time proves that it was not.
        RevokedNoPoe = "REVOKED_NO_POE",
        /// An issuer's certificate is revoked, and no time proves that it was not.
        RevokedCaNoPoe = "REVOKED_CA_NO_POE",
        /// Timestamps contradict each other.
        TimestampOrderFailure = "TIMESTAMP_ORDER_FAILURE",
        /// Whether the certificate was revoked cannot be told now.
        TryLater = "TRY_LATER",
    }

    /// Baseline level of a PAdES signature (ETSI EN 319 142-1).
    pub enum BaselineLevel {
        /// The signature alone.
        B = "B-B",
        /// With a trusted time.
        T = "B-T",
        /// With what is needed to verify it later.
        Lt = "B-LT",
        /// With timestamps that keep it for long.
        Lta = "B-LTA",
    }
}
