//! The name of a file as clients send it in `Content-Disposition`, in all the ways they do.
//!
//! Browsers and curl send UTF-8; some programs send Latin-1, `filename*` (RFC 8187) or encoded words (RFC 2047), and macOS
//! takes letters apart. `multer` reads UTF-8 alone and passes the rest over as if there were no name.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, WINDOWS_1252};
use percent_encoding::percent_decode;
use unicode_normalization::UnicodeNormalization as _;

/// The file name of a part, with composed letters; none when it has none. One that cannot be read is empty, which is no
/// name that a file may have.
pub(crate) fn of(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_DISPOSITION)?.as_bytes();
    let (mut plain, mut extended) = (None, None);
    for (name, value) in parameters(value) {
        let place = match name.to_ascii_lowercase().as_slice() {
            b"filename" => &mut plain,
            b"filename*" => &mut extended,
            _ => continue,
        };
        if place.replace(value).is_some() {
            // Which of two is meant cannot be known.
            return Some(String::new());
        }
    }
    let name = match (&extended, &plain) {
        (Some(value), _) => decode_extended(value),
        (None, Some(value)) => Some(decode_plain(value)),
        (None, None) => return None,
    };
    Some(name.unwrap_or_default().nfc().collect())
}

/// The parameters of a header's value: names, and values without their quotation marks.
fn parameters(value: &[u8]) -> Vec<(&[u8], Vec<u8>)> {
    let mut out = Vec::new();
    let mut rest = value;
    // The first is the disposition itself.
    while let Some(at) = rest.iter().position(|b| *b == b';') {
        rest = rest[at + 1..].trim_ascii_start();
        let Some(equals) = rest.iter().position(|b| *b == b'=' || *b == b';') else { break };
        if rest[equals] == b';' {
            continue;
        }
        let name = rest[..equals].trim_ascii_end();
        rest = rest[equals + 1..].trim_ascii_start();
        let value = match rest.strip_prefix(b"\"") {
            Some(quoted) => {
                let (value, used) = unquote(quoted);
                rest = &quoted[used..];
                value
            }
            None => rest.split(|b| *b == b';').next().unwrap_or_default().trim_ascii_end().to_vec(),
        };
        out.push((name, value));
    }
    out
}

/// A quoted string up to its end, and how many bytes it takes. A backslash stands before a quotation mark only: some
/// clients send paths with backslashes as they are, which are refused later.
fn unquote(text: &[u8]) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'"', _) => return (out, at + 1),
            (b'\\', Some(b'"')) => {
                out.push(b'"');
                at += 2;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    (out, at)
}

/// `UTF-8'sv'%C3%A5.pdf`.
fn decode_extended(value: &[u8]) -> Option<String> {
    let mut parts = value.splitn(3, |b| *b == b'\'');
    let (charset, _language, text) = (parts.next()?, parts.next()?, parts.next()?);
    decode(charset, &percent_decode(text).collect::<Vec<u8>>())
}

/// A name as it stands: encoded words, UTF-8, or Latin-1 (for which Windows' own is meant, as in browsers).
fn decode_plain(value: &[u8]) -> String {
    if let Some(name) = std::str::from_utf8(value).ok().and_then(decode_words) {
        return name;
    }
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(value).0.into_owned(),
    }
}

/// Encoded words, as .NET and mail libraries send them; none when the text is anything else.
fn decode_words(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut charset = None;
    for word in text.split_ascii_whitespace() {
        let mut parts = word.strip_prefix("=?")?.strip_suffix("?=")?.split('?');
        let (named, sort, content) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || charset.is_some_and(|before: &str| !before.eq_ignore_ascii_case(named)) {
            return None;
        }
        // A letter may be cut between two words, so that they are decoded as one.
        charset = Some(named);
        match sort {
            "b" | "B" => bytes.extend(STANDARD.decode(content).ok()?),
            "q" | "Q" => bytes.extend(percent_decode(content.replace('=', "%").replace('_', " ").as_bytes())),
            _ => return None,
        }
    }
    decode(charset?.as_bytes(), &bytes)
}

fn decode(charset: &[u8], bytes: &[u8]) -> Option<String> {
    let (text, faulty) = Encoding::for_label(charset)?.decode_without_bom_handling(bytes);
    (!faulty).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn name(value: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_bytes(value).unwrap());
        of(&headers)
    }

    #[test]
    fn names_are_read_as_clients_send_them() {
        for (value, expected) in [
            (r#"form-data; name="file"; filename="a b;c.pdf""#.as_bytes(), "a b;c.pdf"),
            (r#"form-data; name="file"; filename="bilder/åäö.pdf""#.as_bytes(), "bilder/åäö.pdf"),
            (b"form-data; name=file; filename=plain.pdf", "plain.pdf"),
            (b"form-data; name=file; FileName = plain.pdf ; x=y", "plain.pdf"),
            (br#"form-data; filename="a\"b.pdf"; name="file""#, "a\"b.pdf"),
            (b"form-data; name=\"file\"; filename=\"\xe5\xe4\xf6.pdf\"", "åäö.pdf"),
            (b"form-data; name=\"file\"; filename=\"x.pdf\"; filename*=UTF-8''%C3%A5%20b.pdf", "å b.pdf"),
            (b"form-data; name=\"file\"; filename*=utf-8'sv'%C3%A5.pdf; filename=\"x.pdf\"", "å.pdf"),
            (b"form-data; name=\"file\"; filename*=ISO-8859-1''%E5.pdf", "å.pdf"),
            (b"form-data; name=file; filename=\"=?utf-8?B?w6XDpMO2LnBkZg==?=\"", "åäö.pdf"),
            (b"form-data; name=file; filename=\"=?iso-8859-1?Q?=E5_b=2Epdf?=\"", "å b.pdf"),
            // A letter cut in two.
            (b"form-data; name=file; filename=\"=?utf-8?B?w6XD?= =?utf-8?B?pMO2LnBkZg==?=\"", "åäö.pdf"),
            ("form-data; name=file; filename=\"Fo\u{308}rslag.pdf\"".as_bytes(), "Förslag.pdf"),
            (br"form-data; name=file; filename=C:\x\a.pdf", r"C:\x\a.pdf"),
            // What only looks like an encoded word is a name.
            (b"form-data; name=file; filename=\"=?vad.pdf\"", "=?vad.pdf"),
            (b"form-data; name=file; filename=\"a%20b.pdf\"", "a%20b.pdf"),
            // What cannot be read is no name.
            (b"form-data; name=file; filename*=UTF-8''%ff.pdf", ""),
            (b"form-data; name=file; filename*=x.pdf", ""),
            (b"form-data; name=file; filename=a.pdf; filename=b.pdf", ""),
        ] {
            assert_eq!(name(value).as_deref(), Some(expected), "{}", String::from_utf8_lossy(value));
        }
        for none in [&b"form-data; name=\"file\""[..], b"form-data; name=\"filename=x\"", b"form-data"] {
            assert_eq!(name(none), None);
        }
    }
}
