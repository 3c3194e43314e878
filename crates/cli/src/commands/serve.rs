//! `sigill serve`: the HTTP service, and the worker processes it runs.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use sigill_make::certificates::trusted;
use sigill_make::orders::Settings;
use sigill_make::processes::Processes;
use sigill_messages::joined;
use sigill_server::lines::{LineQueue, log_panics, log_workers};
use sigill_server::{Config, Workers};
use sigill_work::{Environment, Errors};
use tracing_subscriber::EnvFilter;

use crate::exit::{Exit, Stop};
use crate::messages::serve as texts;

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Adress och port att lyssna på, annars inställningarnas (127.0.0.1:8600) · Address and port to listen on
    #[arg(long, value_name = "ADRESS")]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// Inställningar i TOML; utan dem lyssnar tjänsten bara på den egna datorn · Configuration in TOML; without it the service stays on loopback
    #[arg(long, value_name = "FIL")]
    pub(crate) config: Option<PathBuf>,
    /// Mapp för kön, annars inställningarnas (sigill-data) · Folder for the queue
    #[arg(long, value_name = "MAPP")]
    pub(crate) data: Option<PathBuf>,
    /// Vad loggen tar med: error, warn, info, debug · What the log tells
    #[arg(long, value_name = "NIVÅ", default_value = "warn,sigill_server=info")]
    pub(crate) log: String,
}

/// Reads the configuration, with what the command line says instead.
fn config(args: &ServeArgs) -> Result<Config, Stop> {
    let mut config = match &args.config {
        Some(path) => {
            let shown = path.display();
            let text = std::fs::read_to_string(path)
                .map_err(|e| Stop::usage(format!("{shown} {}: {e}", joined(&texts::Unreadable))))?;
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Config::read(&text, folder).map_err(|e| Stop::usage(format!("{shown}: {e}")))?
        }
        None => Config::default(),
    };
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    if let Some(data) = &args.data {
        config.data.clone_from(data);
    }
    config.check().map_err(Stop::usage)?;
    Ok(config)
}

fn workers(config: &Config, errors: &Errors) -> Result<Workers, Stop> {
    let processes = Processes::of_this_program()?;
    let workers = |megabytes: u64, one_thread: bool, warm: bool| {
        let settings = Settings {
            layouts: config.layouts.folders.clone(),
            fonts: config.layouts.fonts.clone(),
            tsa: config.sign.tsa.clone(),
            trust: config.sign.trust.clone(),
            online: config.sign.online,
            warm,
        };
        let mut spec = processes.spec(Arc::new(settings));
        spec.memory = Some(megabytes * 1_000_000);
        spec.program.one_thread = one_thread;
        spec.program.environment = Environment::Cleared;
        spec.program.errors = errors.clone();
        spec
    };
    Ok(Workers {
        documents: workers(config.limits.memory_mb, true, true),
        packs: workers(config.limits.pack_memory_mb, false, false),
    })
}

pub(crate) fn run(args: &ServeArgs) -> Result<Exit, Stop> {
    let config = config(args)?;
    // What is wrong with certificates is told now, not to the first who verifies.
    trusted(&config.sign.trust).map_err(|_| Stop::usage(format!("sign.trust: {}", joined(&texts::Trust))))?;
    let (said, saying) = std::io::pipe().map_err(|e| Stop::outside(e.to_string()))?;
    let workers = workers(&config, &Errors::Piped(Arc::new(saying)))?;
    let filter = EnvFilter::try_new(&args.log).map_err(|e| Stop::usage(format!("--log {}: {e}", args.log)))?;
    let lines = LineQueue::log().map_err(|e| Stop::outside(e.to_string()))?;
    let taken = lines.clone();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || taken.line());
    if std::io::stderr().is_terminal() {
        log.init();
    } else {
        // A journal or a collector reads it.
        log.json().init();
    }
    log_panics();
    log_workers(said).map_err(|e| Stop::outside(e.to_string()))?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Stop::outside(e.to_string()))?;
    let listening = |address: std::net::SocketAddr| {
        let text = format!("Sigill {} http://{address}\n", joined(&texts::Listens));
        // Nothing is left to do when standard output is closed.
        drop(std::io::stdout().write_all(text.as_bytes()).and_then(|()| std::io::stdout().flush()));
    };
    let done = runtime.block_on(sigill_server::serve(config, workers, listening, stopped()));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    lines.flush(std::time::Duration::from_secs(1));
    done.map(|()| Exit::Done).map_err(Stop::outside)
}

/// Done when the process is told to stop.
async fn stopped() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
