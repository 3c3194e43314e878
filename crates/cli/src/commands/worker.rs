//! `sigill worker`: a process that carries out orders of others.

use sigill_make::processes::WorkerProtocol;
use sigill_make::worker::Maker;

use crate::exit::{Exit, Stop};

pub(crate) fn run() -> Result<Exit, Stop> {
    sigill_work::serve::<WorkerProtocol, _>(Maker::new).map_err(|e| Stop::outside(e.to_string()))?;
    Ok(Exit::Done)
}
