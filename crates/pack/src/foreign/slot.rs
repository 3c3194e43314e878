//! Places in the margins of a page that stamps may stand in.

use serde::{Deserialize, Serialize};

/// A place at the head or foot of a page where something can be stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    /// Below, towards the left.
    FootLeft,
    /// Below, in the middle.
    FootCentre,
    /// Below, towards the right.
    FootRight,
    /// Above, towards the left.
    HeadLeft,
    /// Above, in the middle.
    HeadCentre,
    /// Above, towards the right.
    HeadRight,
}

impl Slot {
    /// All places.
    pub const ALL: [Self; 6] =
        [Self::FootLeft, Self::FootCentre, Self::FootRight, Self::HeadLeft, Self::HeadCentre, Self::HeadRight];

    /// The place on a page: left, bottom, right, top in points from its lower left corner.
    pub fn frame(self, (width, height): (f64, f64)) -> [f64; 4] {
        let third = (width / 3.0).max(1.0);
        // Never wider than what is stamped, so that little need be free.
        let (edge, side) = ((width * 0.07).min(40.0), (third * 0.6).min(110.0));
        let middle = (width - 2.0 * (edge + side)).min(230.0);
        let (left, right) = match self {
            Self::FootLeft | Self::HeadLeft => (edge, edge + side),
            Self::FootCentre | Self::HeadCentre => ((width - middle) / 2.0, f64::midpoint(width, middle)),
            Self::FootRight | Self::HeadRight => (width - edge - side, width - edge),
        };
        let (near, far) = ((height * 0.02).min(12.0), (height * 0.045).min(30.0));
        match self {
            Self::FootLeft | Self::FootCentre | Self::FootRight => [left, near, right, far],
            _ => [left, height - far, right, height - near],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_on_the_page_and_beside_each_other() {
        for size in [(595.0, 842.0), (842.0, 595.0), (200.0, 100.0), (1191.0, 842.0)] {
            for slot in Slot::ALL {
                let [left, bottom, right, top] = slot.frame(size);
                assert!(left >= 0.0 && right <= size.0 && left < right, "{slot:?} {size:?}");
                assert!(bottom >= 0.0 && top <= size.1 && bottom < top, "{slot:?} {size:?}");
            }
            let (l, c, r) = (Slot::FootLeft.frame(size), Slot::FootCentre.frame(size), Slot::FootRight.frame(size));
            assert!(l[2] <= c[0] && c[2] <= r[0], "{size:?}: {l:?} {c:?} {r:?}");
        }
    }
}
