//! Maps by object number. A file of three hundred dense pages has fifty thousand of them, each looked up many times.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by object number.
pub(super) type NumberMap<V> = HashMap<u32, V, BuildHasherDefault<NumberHasher>>;

/// Mixes a number. Numbers of files are small and few enough that nothing is gained by choosing them badly.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u32(u32::from(*b)));
    }

    fn write_u32(&mut self, number: u32) {
        // Knuth's multiplicative hashing.
        self.0 = (self.0.rotate_left(5) ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
