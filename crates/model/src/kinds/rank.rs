//! The order of the documents of one item.

/// Place of a document among the documents of its item in a pack: the lowest comes first. Those of one rank keep the
/// order in which they are named, and bilagor come after them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(u8);

impl Rank {
    /// The first rank there is.
    pub const LEAST: i64 = 1;
    /// The last rank there is.
    pub const MOST: i64 = 99;
    /// What is proposed to be decided.
    pub const PROPOSAL: Self = Self(10);
    /// What the decision is based on.
    pub const BASIS: Self = Self(20);
    /// Any other document.
    pub const REPORT: Self = Self(30);

    /// The rank with a number; `None` when it is out of bounds.
    pub fn new(number: i64) -> Option<Self> {
        let number = u8::try_from(number).ok()?;
        (Self::LEAST..=Self::MOST).contains(&i64::from(number)).then_some(Self(number))
    }
}
