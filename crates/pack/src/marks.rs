//! Where the words over a page of the pack stand: its number, a bilaga's stamps, the link back to the agenda.

use sigill_layout::{MarkStyle, OverlayMark, OverlayPage, Side};

use crate::foreign::{PageReport, Slot};

/// Where the link back to the agenda stands on our own pages, which leave room for it: left, bottom, right, top in
/// points.
const BACK: [f64; 4] = [90.0, 16.0, 200.0, 28.0];
/// Width and height of the link back.
pub(crate) const BACK_SIZE: (f64, f64) = (BACK[2] - BACK[0], BACK[3] - BACK[1]);
/// Where the number stands on our own pages, from the right edge.
const NUMBER: [f64; 4] = [207.0, 14.0, 57.0, 27.0];

/// The marks of a page: its number, and what is stamped on it.
pub(crate) struct PageMarks {
    pub(crate) number: String,
    pub(crate) stamp: Option<String>,
    pub(crate) received: Option<String>,
    /// Whether the link back stands here.
    pub(crate) back: bool,
}

/// Marks of one of our own pages, and the frame of the link back.
pub(crate) fn own(size: (f64, f64), words: PageMarks) -> (OverlayPage, Option<[f64; 4]>) {
    let [from_right, bottom, to_right, top] = NUMBER;
    let frame = [size.0 - from_right, bottom, size.0 - to_right, top];
    let number =
        OverlayMark { text: words.number, style: MarkStyle::Number, frame, side: Side::Right, on_white: false };
    let page = OverlayPage { width: size.0, height: size.1, marks: vec![number] };
    (page, words.back.then_some(BACK))
}

/// Marks of a foreign page: each in the first of its places that is free, or on white where none is.
pub(crate) fn foreign(page: &PageReport, words: PageMarks) -> (OverlayPage, Option<[f64; 4]>) {
    use Slot::{FootCentre, FootLeft, FootRight, HeadCentre, HeadLeft, HeadRight};
    let mut taken: Vec<Slot> = Vec::new();
    let mut place = |wishes: [Slot; 6]| {
        let open = |s: &&Slot| !taken.contains(s);
        let found = wishes.iter().find(|s| open(s) && page.free.contains(s));
        let slot = found.or_else(|| wishes.iter().find(open)).copied().unwrap_or(wishes[0]);
        taken.push(slot);
        (slot, found.is_none())
    };
    let mut marks = Vec::new();
    let mut add = |text: String, style: MarkStyle, (slot, on_white): (Slot, bool)| {
        marks.push(OverlayMark { text, style, frame: slot.frame(page.size), side: side(slot), on_white });
    };
    add(words.number, MarkStyle::Number, place([FootRight, HeadRight, FootCentre, HeadCentre, FootLeft, HeadLeft]));
    if let Some(stamp) = words.stamp {
        let wishes = [FootCentre, HeadCentre, FootLeft, HeadLeft, HeadRight, FootRight];
        add(stamp, MarkStyle::Stamp, place(wishes));
    }
    if let Some(received) = words.received {
        let wishes = [HeadRight, HeadLeft, HeadCentre, FootLeft, FootCentre, FootRight];
        add(received, MarkStyle::Received, place(wishes));
    }
    let back = words.back.then(|| {
        let (slot, _) = place([FootLeft, HeadLeft, HeadCentre, FootCentre, HeadRight, FootRight]);
        let [left, bottom, right, top] = slot.frame(page.size);
        let middle = f64::midpoint(bottom, top);
        [left, middle - BACK_SIZE.1 / 2.0, right.min(left + BACK_SIZE.0), middle + BACK_SIZE.1 / 2.0]
    });
    (OverlayPage { width: page.size.0, height: page.size.1, marks }, back)
}

fn side(slot: Slot) -> Side {
    match slot {
        Slot::FootLeft | Slot::HeadLeft => Side::Left,
        Slot::FootCentre | Slot::HeadCentre => Side::Center,
        Slot::FootRight | Slot::HeadRight => Side::Right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::Route;

    fn marks(free: &[Slot]) -> Vec<(MarkStyle, Side, bool, bool)> {
        let page = PageReport {
            route: Route::Whole,
            text: true,
            lost_picture: false,
            low_contrast: false,
            size: (595.0, 842.0),
            free: free.to_vec(),
        };
        let words = PageMarks {
            number: "Sid 1 (2)".into(),
            stamp: Some("Bilaga 1".into()),
            received: Some("Inkom".into()),
            back: false,
        };
        let marks = foreign(&page, words).0.marks;
        marks.into_iter().map(|m| (m.style, m.side, m.frame[1] < 421.0, m.on_white)).collect()
    }

    #[test]
    fn each_mark_stands_where_the_page_is_free() {
        use MarkStyle::{Number, Received, Stamp};
        let usual = marks(&Slot::ALL);
        let wanted = [
            (Number, Side::Right, true, false),
            (Stamp, Side::Center, true, false),
            (Received, Side::Right, false, false),
        ];
        assert_eq!(usual, wanted);
        let above = marks(&[Slot::HeadLeft, Slot::HeadCentre, Slot::HeadRight]);
        assert!(above.iter().all(|(_, _, below, on_white)| !below && !on_white), "{above:?}");
        let full = marks(&[]);
        assert!(full.iter().all(|(.., on_white)| *on_white), "{full:?}");
    }
}
