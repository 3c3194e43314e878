//! PEM texts (RFC 7468).

use zeroize::Zeroizing;

use crate::asn1::Malformed;

/// Label and content of a block.
pub(crate) type PemBlock = (String, Zeroizing<Vec<u8>>);

/// The blocks of a PEM text.
pub(crate) fn blocks(text: &str) -> std::result::Result<Vec<PemBlock>, Malformed> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----BEGIN ") {
        let block = &rest[start..];
        let end = block.find("-----END ").ok_or(Malformed)?;
        let end = end + block[end + 9..].find("-----").ok_or(Malformed)? + 9 + 5;
        let (label, content) = der::pem::decode_vec(&block.as_bytes()[..end]).map_err(|_| Malformed)?;
        out.push((label.to_owned(), Zeroizing::new(content)));
        rest = &block[end..];
    }
    Ok(out)
}
