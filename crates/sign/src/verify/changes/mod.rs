//! What changed between two states of a file. Only what later signing, filling in and preserving need is allowed; all
//! else is named and refused, so that nothing prepared before a signature can be shown, hidden or replaced after it
//! (shadow attacks).
//!
//! An object has every role that refers to it: a stream that is the metadata and the content of a page is content. The
//! rules are those of ISO 32000-2, 12.8.2, where it gives any, and else what EU DSS and pyHanko both let pass or one of
//! them has a good reason for. Where they are doubtful:
//!
//! - **Replaced XMP metadata** passes and is told: PAdES (ETSI EN 319 142-1) says nothing of it, DSS counts it as an
//!   extension of the signature, pyHanko as an update for preservation. It is shown on no page. The stream must be XMP
//!   and nothing else.
//! - **`/Extensions` and `/Version`** of the catalogue may be added or raised, since the document security store comes
//!   with them (ETSI EN 319 142-1, 5.4.2.2); DSS and pyHanko let pass whatever stands there, here it must be what the
//!   standard says that it is (ISO 32000-1, 7.12): names and numbers.
//! - **White space after the end**, NUL among it, says nothing and passes, as long as the end stays where readers look
//!   for it. **A comment** is refused: the last line of a file is `%%EOF` (ISO 32000-2, 7.5.5), a signature is over the
//!   whole file when it is made, and readers that search for keywords find them in comments too.
//! - **Objects set free** pass when nothing refers to them any more, as in DSS; pyHanko refuses all.
//! - **Changed annotations** are refused even where DocMDP says 3: an annotation can hide what was signed. pyHanko
//!   refuses them too, DSS lets them pass.
//! - **Filled-in forms** pass and are told, unless DocMDP is 1 or the field is locked; but a field that was not seen
//!   stays so.

mod between;
mod change;
mod form;
mod looks;
mod roles;
mod store;
mod xmp;

pub(super) use change::{Change, forbidden};
pub(crate) use looks::is_hidden;
pub(crate) use roles::has_several_roles;

use std::collections::BTreeSet;

use crate::messages::forbidden as texts;
use crate::strict::Reading;

/// Most states that are compared.
const MOST: usize = 200;

/// What each state after `first` changed of the one before, in order.
pub(super) fn after(reading: &Reading<'_>, first: usize) -> Vec<(usize, BTreeSet<Change>)> {
    let mut out: Vec<(usize, BTreeSet<Change>)> = (first + 1..reading.states().min(first + 1 + MOST))
        .map(|revision| (revision, between::changes(reading.state(revision - 1), reading.state(revision))))
        .collect();
    if reading.states() > first + 1 + MOST {
        out.push((reading.states(), BTreeSet::from([forbidden(&texts::TooMany)])));
    }
    out
}
