//! How many checks went which way.

/// How many checks of a step went which way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Checks that held.
    pub passed: usize,
    /// Checks that did not.
    pub failed: usize,
    /// Checks that were not made.
    pub ignored: usize,
}

impl Tally {
    /// One check that held.
    pub const ONE_PASSED: Self = Self { passed: 1, failed: 0, ignored: 0 };
    /// One that did not.
    pub const ONE_FAILED: Self = Self { passed: 0, failed: 1, ignored: 0 };
    /// One that was not made.
    pub const ONE_IGNORED: Self = Self { passed: 0, failed: 0, ignored: 1 };

    /// Counts the checks of another step too.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}
