//! What is said of packs: made from the files in `messages`.

use sigill_messages::{Filled, Lang, Localize, Part, Template};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
