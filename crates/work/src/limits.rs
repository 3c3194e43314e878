//! What an order may take.

use std::io;
use std::time::Duration;

/// What one order may take. None means no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Time on the clock, kept by whoever gives the order.
    pub time: Option<Duration>,
    /// Whole seconds of processor time, kept by the system.
    pub processor: Option<u64>,
}

/// Bounds the address space of this process, for good. A lower bound that others have set stays.
#[cfg(unix)]
pub(crate) fn memory(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let most = getrlimit(Resource::As).maximum.map_or(bytes, |hard| hard.min(bytes));
    setrlimit(Resource::As, Rlimit { current: Some(most), maximum: Some(most) })?;
    // What a worker holds is others' documents: no image of it on the disk.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(())
}

/// Bounds the processor time of this process to so many seconds from now; none takes the bound away.
#[cfg(unix)]
pub(crate) fn processor(seconds: Option<u64>) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let maximum = getrlimit(Resource::Cpu).maximum;
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).map_err(io::Error::other)?;
    let wanted = seconds.map(|seconds| used.saturating_add(seconds));
    let current = [wanted, maximum].into_iter().flatten().min();
    setrlimit(Resource::Cpu, Rlimit { current, maximum })?;
    Ok(())
}

/// This system has no such bound; the limit on time still holds.
#[cfg(not(unix))]
pub(crate) fn memory(_: u64) -> io::Result<()> {
    Ok(())
}

/// This system has no such bound; the limit on time still holds.
#[cfg(not(unix))]
pub(crate) fn processor(_: Option<u64>) -> io::Result<()> {
    Ok(())
}
