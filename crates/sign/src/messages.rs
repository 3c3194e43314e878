//! What is said of signatures, and why something about them cannot be done: made from the files in `messages`.

use sigill_messages::{Filled, Lang, Localize, Part, Template};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
