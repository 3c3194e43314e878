//! What a JPEG says of itself, which decoders pass over (ITU-T T.81, annex B).

/// How every JPEG begins: SOI, and the first byte of a marker.
pub(crate) const START: [u8; 3] = [0xFF, 0xD8, 0xFF];

/// What is asked of a JPEG before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Components of its colours: 1 for grey, 3 for RGB, 4 for CMYK.
    pub(crate) components: u8,
    /// Whether it has an end (EOI), and has not been cut off.
    pub(crate) ends: bool,
}

/// Walks the markers up to the picture itself. Nothing when it has no frame.
pub(crate) fn shape(data: &[u8]) -> Option<Shape> {
    let mut components = None;
    let mut at = 2;
    loop {
        // Markers may be preceded by any number of fill bytes.
        let marker = data.get(at..)?.iter().position(|b| *b != 0xFF).filter(|fill| *fill > 0).map(|fill| at + fill)?;
        let kind = *data.get(marker)?;
        let length = usize::from(u16::from_be_bytes([*data.get(marker + 1)?, *data.get(marker + 2)?]));
        match kind {
            // SOF: the tables C4, C8 and CC lie within the range and are none.
            0xC0..=0xCF if !matches!(kind, 0xC4 | 0xC8 | 0xCC) => components = Some(*data.get(marker + 8)?),
            // SOS: in what follows an FF is always stuffed, unless it begins a marker.
            0xDA => {
                let rest = data.get(marker..)?;
                let ends = rest.windows(2).any(|pair| pair == [0xFF, 0xD9]);
                return Some(Shape { components: components?, ends });
            }
            _ => {}
        }
        at = marker + 1 + length;
    }
}
