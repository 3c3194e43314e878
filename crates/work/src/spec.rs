//! How workers are started, and what is said to them.

use std::env;
use std::ffi::OsString;
use std::io::{self, PipeWriter};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The types that both ends speak in.
pub trait Protocol: 'static {
    /// What a worker is told once, before its first order.
    type Settings: Serialize + DeserializeOwned + Send + Sync;
    /// What it is to do.
    type Order: Serialize + DeserializeOwned + Send;
    /// How far it has come.
    type Progress: Serialize + DeserializeOwned + Send;
    /// What came of it.
    type Answer: Serialize + DeserializeOwned + Send;
}

/// What is said to a worker.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToWorker<S, O> {
    /// Comes first.
    Setup {
        memory: Option<u64>,
        settings: S,
    },
    Order {
        processor: Option<u64>,
        order: O,
    },
}

/// What a worker says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FromWorker<P, A> {
    Progress(P),
    Answer(A),
}

/// What a worker sees of its owner's environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// All of it.
    Inherited,
    /// What a program needs to run: passwords of databases are none of its business.
    Cleared,
}

/// The variables of a cleared environment.
const ENVIRONMENT: &[&str] =
    &["PATH", "TMPDIR", "TEMP", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR", "RUST_BACKTRACE", "LD_LIBRARY_PATH"];

/// The program that is a worker.
#[derive(Debug, Clone)]
pub struct Program {
    /// Where it lies.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What it sees of the environment.
    pub environment: Environment,
    /// Whether it keeps to one thread: where there is a worker for each core, threads within one would fight for them.
    pub one_thread: bool,
    /// Where its standard error goes.
    pub errors: Errors,
}

/// Where the standard error of a worker goes.
#[derive(Debug, Clone)]
pub enum Errors {
    /// Where its owner's goes.
    Inherited,
    /// Nowhere.
    Dropped,
    /// To a pipe that its owner reads: a worker must not wait until somebody reads what the owner writes.
    Piped(Arc<PipeWriter>),
}

/// How workers are started.
pub struct Spec<P: Protocol> {
    /// The program.
    pub program: Program,
    /// Bytes of address space.
    pub memory: Option<u64>,
    /// What it is told before its first order.
    pub settings: Arc<P::Settings>,
}

impl<P: Protocol> Clone for Spec<P> {
    fn clone(&self) -> Self {
        Self { program: self.program.clone(), memory: self.memory, settings: Arc::clone(&self.settings) }
    }
}

impl Program {
    pub(crate) fn command(&self) -> io::Result<Command> {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        match &self.errors {
            Errors::Inherited => {}
            Errors::Dropped => {
                command.stderr(Stdio::null());
            }
            Errors::Piped(pipe) => {
                command.stderr(pipe.try_clone()?);
            }
        }
        if self.environment == Environment::Cleared {
            command.env_clear();
            command.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        }
        if self.one_thread {
            command.env("RAYON_NUM_THREADS", "1");
        }
        Ok(command)
    }
}

impl<P: Protocol> Spec<P> {
    /// The frame that comes before the first order.
    pub(crate) fn setup(&self) -> io::Result<Vec<u8>> {
        let settings: &P::Settings = &self.settings;
        let setup = ToWorker::<_, &P::Order>::Setup { memory: self.memory, settings };
        crate::frame::head::<_, &[u8]>(&setup, &[])
    }
}
