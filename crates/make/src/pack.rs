//! Packs, with their signature fields, and the reports on them.

use std::path::PathBuf;

use sigill_layout::{Engine, Folder, Input};
use sigill_model::json::Source;
use sigill_orders::{PackCopy, PackOptions};
use sigill_pack::gather::{self, Gathered, Pack, gather};
use sigill_pack::report;
use sigill_pack::store::PartStore;

use crate::error::Error;
use crate::messages;
use crate::processes::Processes;
use crate::readers::Readers;
use crate::reserve;

/// The input of a pack: the kallelse and the files it names.
pub struct PackInput<'a> {
    /// The kallelse's model.
    pub meeting: &'a [u8],
    /// Folder with all that it names.
    pub folder: PathBuf,
    /// The pack sent before, if this one is a tilläggslista.
    pub sent: Option<&'a [u8]>,
}

/// Gathers a pack, with its signature fields; bilagor are read in worker processes. Tells how many parts are done, of
/// how many.
///
/// # Errors
/// When a field cannot be put in, or no process can be started to read a bilaga. Errors of documents stand in what was gathered.
pub fn pack(
    engine: &Engine,
    processes: &Processes,
    material: PackInput<'_>,
    options: &PackOptions,
    store: &dyn PartStore,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Gathered, Error> {
    let reader = Readers::new(processes);
    let how = gather::GatherOptions { pack: options, supplement: material.sent, reader: &reader, store, progress };
    let files = Folder(material.folder);
    let source = Source::parse(material.meeting);
    let mut gathered = gather(engine, &Input { source: &source, files: &files }, &how);
    if let Some(reason) = reader.fault() {
        return Err(Error::system(&messages::failed::Process { reason: &reason }));
    }
    if let Some(pack) = gathered.pack.as_mut().filter(|p| p.copy == PackCopy::Archive) {
        reserve::apply(&mut pack.pdf, &pack.signatures, options.reserve)?;
    }
    Ok(gathered)
}

/// The report on a pack as JSON.
pub fn report_json(pack: &Pack) -> Vec<u8> {
    format!("{:#}\n", report::json(pack)).into_bytes()
}

/// The report on a pack as a page.
///
/// # Errors
/// When it cannot be set.
pub fn report_page(engine: &Engine, gathered: &Gathered, pack: &Pack) -> Result<Vec<u8>, Error> {
    let profile = gathered.profile.as_ref().ok_or_else(|| Error::system(&messages::failed::Report))?;
    report::page(engine, pack, profile).map_err(Error::Findings)
}
