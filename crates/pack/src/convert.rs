//! Who writes bilagor anew: this process, or others with limits on time and memory.

use crate::foreign::{self, Converted, FileReport, Foreign, Refused};

/// One bilaga to do.
pub struct Task<'a> {
    /// The file.
    pub foreign: &'a Foreign<'a>,
    /// Whether it is only looked at, since it goes in as it is; the result then has no PDF.
    pub examine: bool,
}

/// Does bilagor.
pub trait Converter: Sync {
    /// Does all tasks, in any order, and gives their results in the order of the tasks. Tells of each that is done.
    fn convert(&self, tasks: &[Task<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Converted, Refused>>;
}

/// Does a task in this process.
///
/// # Errors
/// When the file cannot be read, or is more than a pack takes.
pub fn run(task: &Task<'_>) -> Result<Converted, Refused> {
    if task.examine {
        let report: FileReport = foreign::examine(task.foreign)?;
        return Ok(Converted { pdf: Vec::new(), report });
    }
    foreign::convert(task.foreign)
}

/// Does bilagor in this process, one after the other and without limits.
pub struct InProcess;

impl Converter for InProcess {
    fn convert(&self, tasks: &[Task<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Converted, Refused>> {
        let each = |task: &Task<'_>| {
            let result = run(task);
            done();
            result
        };
        tasks.iter().map(each).collect()
    }
}
