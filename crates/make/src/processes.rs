//! Processes of this program, started as `sigill worker`: how they are started, and what is said to them.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sigill_orders::{Answer as ServiceAnswer, DocumentOptions, Order as ServiceOrder, Progress, Settings};
use sigill_pack::foreign::Refused;
use sigill_pack::reader::{ReadAnswer, ReadOrder};
use sigill_work::{Environment, Errors, Program, Protocol, Spec};

use crate::error::Error;
use crate::messages;
use crate::render::RenderReport;

/// An order of this program to a process of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum LocalOrder {
    /// Render a report from file to file.
    RenderFile {
        /// The report.
        input: PathBuf,
        /// Where its PDF goes.
        output: PathBuf,
        /// How.
        options: DocumentOptions,
    },
    /// Read a file that others made. Blobs: the file.
    ReadForeign {
        /// What is asked of it.
        task: ReadOrder,
    },
}

/// What came of a [`LocalOrder`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum LocalAnswer {
    /// Of a report.
    Rendered {
        /// What is told of it.
        report: RenderReport,
    },
    /// Of a file that others made. Blobs: the PDF that belongs to the answer.
    Read {
        /// What is told of it, or why it cannot be read.
        result: Result<ReadAnswer, Refused>,
    },
}

/// Everything a worker process does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Order {
    /// What the service orders.
    Service(ServiceOrder),
    /// What this program orders of itself.
    Local(LocalOrder),
}

/// What came of an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// Of the service's order.
    Service(ServiceAnswer),
    /// Of this program's own.
    Local(LocalAnswer),
}

/// What a worker process understands.
pub struct WorkerProtocol;

impl Protocol for WorkerProtocol {
    type Settings = Settings;
    type Order = Order;
    type Progress = Progress;
    type Answer = Answer;
}

/// The part of it that this program speaks with processes of its own.
pub struct LocalProtocol;

impl Protocol for LocalProtocol {
    type Settings = Settings;
    type Order = LocalOrder;
    type Progress = Progress;
    type Answer = LocalAnswer;
}

/// How this program starts itself as a worker.
#[derive(Debug, Clone)]
pub struct Processes(Program);

impl Processes {
    /// Of the running program.
    ///
    /// # Errors
    /// When it does not know where it lies.
    pub fn of_this_program() -> Result<Self, Error> {
        let path = std::env::current_exe().map_err(|e| Error::system(&messages::failed::Place { reason: &e }))?;
        Ok(Self(Program {
            path,
            arguments: vec!["worker".into()],
            environment: Environment::Inherited,
            one_thread: false,
            errors: Errors::Inherited,
        }))
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.0
    }

    /// Workers with these settings.
    pub fn spec<P: Protocol<Settings = Settings>>(&self, settings: Arc<Settings>) -> Spec<P> {
        Spec { program: self.0.clone(), memory: None, settings }
    }
}
