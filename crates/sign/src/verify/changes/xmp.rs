//! Whether metadata are XMP (ISO 16684-1, 7.3): XML with its elements in order and `xmpmeta` around them. What is
//! anything else too, such as the content of a page, is not.

/// Deepest nesting that is followed.
const DEPTH: usize = 200;

pub(super) fn is_xmp(data: &[u8]) -> bool {
    std::str::from_utf8(data).is_ok_and(|text| well_formed(text.trim_start_matches('\u{FEFF}')).is_some())
}

/// Walks through the markup; none when it is not well-formed.
fn well_formed(text: &str) -> Option<()> {
    let (mut rest, mut open, mut roots) = (text, Vec::new(), 0);
    while let Some(at) = rest.find('<') {
        references(&rest[..at])?;
        if open.is_empty() && !rest[..at].trim().is_empty() {
            return None;
        }
        let tag = &rest[at..];
        rest = if tag.starts_with("<?") {
            &tag[tag.find("?>")? + 2..]
        } else if tag.starts_with("<!--") {
            &tag[tag.find("-->")? + 3..]
        } else if tag.starts_with("<![CDATA[") && !open.is_empty() {
            &tag[tag.find("]]>")? + 3..]
        } else if let Some(name) = tag.strip_prefix("</") {
            let end = name.find('>')?;
            (open.pop()? == name[..end].trim_end()).then_some(())?;
            &name[end + 1..]
        } else {
            let (name, attributes, after) = element(&tag[1..])?;
            if open.is_empty() {
                roots += 1;
                (name.rsplit(':').next()? == "xmpmeta").then_some(())?;
            }
            if !attributes.ends_with('/') {
                open.push(name);
            }
            after
        };
        if open.len() > DEPTH {
            return None;
        }
    }
    (open.is_empty() && roots == 1 && rest.trim().is_empty()).then_some(())
}

/// Name and attributes of an element after its bracket, and what follows it.
fn element(tag: &str) -> Option<(&str, &str, &str)> {
    let mut quote = None;
    let end = tag.char_indices().find_map(|(i, c)| match (quote, c) {
        (None, '>') => Some(i),
        (None, '"' | '\'') => {
            quote = Some(c);
            None
        }
        (Some(q), c) if c == q => {
            quote = None;
            None
        }
        _ => None,
    })?;
    let inside = &tag[..end];
    let name = inside.split(|c: char| c.is_whitespace() || c == '/').next()?;
    let letter = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(letter)).then_some(())?;
    let attributes = &inside[name.len()..];
    (!attributes.contains('<')).then_some(())?;
    references(attributes)?;
    Some((name, attributes, &tag[end + 1..]))
}

/// No references but to characters: what else they stand for would be declared elsewhere.
fn references(text: &str) -> Option<()> {
    text.match_indices('&').try_for_each(|(at, _)| {
        let name = text[at + 1..].split(';').next()?;
        matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
            .then_some(())
            .or_else(|| name.starts_with('#').then_some(()))
    })
}

#[cfg(test)]
mod tests {
    use super::is_xmp;

    #[test]
    fn only_xmp_is_xmp() {
        let packet = |body: &str| {
            format!(
                "<?xpacket begin=\"\u{FEFF}\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">{body}</x:xmpmeta>\n<?xpacket end=\"w\"?>"
            )
        };
        for good in ["", "<a b='>'/>", "<!-- < --><a>&amp;&#229;</a>", "<a><![CDATA[<]]></a>"] {
            assert!(is_xmp(packet(good).as_bytes()), "{good}");
        }
        for bad in ["<a>", "<a></b>", "</a>", "&x;", "<a", "<!DOCTYPE a>"] {
            assert!(!is_xmp(packet(bad).as_bytes()), "{bad}");
        }
        for bad in ["", "BT (text) Tj ET", "<a/>", "<x:xmpmeta/><x:xmpmeta/>", "<x:xmpmeta/> BT ET"] {
            assert!(!is_xmp(bad.as_bytes()), "{bad}");
        }
        assert!(!is_xmp(b"<x:xmpmeta>\xFF</x:xmpmeta>"));
    }
}
