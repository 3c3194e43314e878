//! What comes out of rendering, judged with tools of others: text, tags, pages, conformance.

mod fixtures;
mod lengths;
mod support;
