//! Process 1 of a container. Whatever loses its parent there becomes a child of process 1, which has to take leave of it:
//! otherwise it stays as a zombie. So process 1 does nothing but that; the service is its child, and is told the signals that
//! process 1 gets.

use std::io;
use std::process::Command;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};
use tokio::signal::unix::{SignalKind, signal};

/// Whether this process is the first.
pub(crate) fn is_first() -> bool {
    std::process::id() == 1
}

/// Runs this program once more as a child, until that has ended; its exit code.
///
/// # Errors
/// When it cannot be started, or the system does not let signals be heard.
pub(crate) fn run() -> io::Result<u8> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(watch())
}

async fn watch() -> io::Result<u8> {
    // Before the child starts, so that its end is not missed.
    let mut ended = signal(SignalKind::child())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let child = Command::new(std::env::current_exe()?).args(std::env::args_os().skip(1)).spawn()?;
    let service = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidData)?;
    loop {
        let told = tokio::select! {
            _ = ended.recv() => None,
            _ = terminate.recv() => Some(Signal::TERM),
            _ = interrupt.recv() => Some(Signal::INT),
            _ = quit.recv() => Some(Signal::QUIT),
            _ = hang_up.recv() => Some(Signal::HUP),
        };
        if let Some(told) = told {
            // It may have ended at this moment, which is heard next.
            let _ = kill_process(service, told);
        }
        while let Ok(Some((process, status))) = wait(WaitOptions::NOHANG) {
            if process == service {
                let code = status.exit_status().and_then(|code| u8::try_from(code).ok());
                // As shells tell of a signal.
                let killed = || status.terminating_signal().and_then(|by| u8::try_from(128 + by).ok());
                return Ok(code.or_else(killed).unwrap_or(u8::MAX));
            }
        }
    }
}
