//! `sigill serve`: the HTTP service, and the worker processes it runs.

mod documents;
mod signatures;
pub(crate) mod worker;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use sigill_server::config::Scope;
use sigill_server::pool::WorkerCommand;
use sigill_server::{Config, Workers};
use tracing_subscriber::EnvFilter;

use crate::args::{ApiKeyArgs, ServeArgs};
use crate::{Exit, Stop, output};

/// Reads the configuration, with what the command line says instead.
fn config(args: &ServeArgs) -> Result<Config, Stop> {
    let mut config = match &args.config {
        Some(path) => {
            let shown = path.display();
            let text = std::fs::read_to_string(path)
                .map_err(|e| Stop::usage(format!("{shown} går inte att läsa · cannot be read: {e}")))?;
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

fn workers(config: &Config) -> Result<Workers, Stop> {
    let program = std::env::current_exe().map_err(|e| Stop::outside(e.to_string()))?;
    let mut common: Vec<OsString> = Vec::new();
    let lists =
        [("--layouts", &config.layouts.folders), ("--fonts", &config.layouts.fonts), ("--trust", &config.sign.trust)];
    for (option, folders) in lists {
        for folder in folders {
            common.extend([option.into(), folder.into()]);
        }
    }
    if let Some(tsa) = &config.sign.tsa {
        common.extend(["--tsa".into(), tsa.into()]);
    }
    if config.sign.online {
        common.push("--online".into());
    }
    let command = |memory: u64, one_thread: bool| {
        let mut arguments: Vec<OsString> =
            vec!["service-worker".into(), "--memory-mb".into(), memory.to_string().into()];
        arguments.extend(common.iter().cloned());
        WorkerCommand { program: program.clone(), arguments, one_thread }
    };
    Ok(Workers {
        documents: command(config.limits.memory_mb, true),
        packs: command(config.limits.pack_memory_mb, false),
    })
}

pub(crate) fn serve(args: &ServeArgs) -> Result<Exit, Stop> {
    let config = config(args)?;
    // What is wrong with certificates is told now, not to the first who verifies.
    crate::sign::trusted(&config.sign.trust).map_err(|_| {
        Stop::usage("sign.trust: certifikaten går inte att läsa · the certificates cannot be read".to_owned())
    })?;
    let workers = workers(&config)?;
    let filter = EnvFilter::try_new(&args.log).map_err(|e| Stop::usage(format!("--log {}: {e}", args.log)))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.init();
    } else {
        // A journal or a collector reads it.
        log.json().init();
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Stop::outside(e.to_string()))?;
    let listening = |address: std::net::SocketAddr| {
        let text = format!("Sigill lyssnar på · listens on http://{address}\n");
        // Nothing is left to do when standard output is closed.
        drop(std::io::stdout().write_all(text.as_bytes()).and_then(|()| std::io::stdout().flush()));
    };
    let done = runtime.block_on(sigill_server::serve(config, workers, listening, stopped()));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
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

/// Makes an API key: the key itself for the client, its hash for the configuration.
pub(crate) fn api_key(args: &ApiKeyArgs) -> Result<Exit, Stop> {
    let scopes: Vec<Scope> = args.scope.iter().map(|s| Scope::from(*s)).collect();
    let (key, hash) = sigill_server::access::new_key().map_err(Stop::outside)?;
    let entry = sigill_server::access::entry(&args.name, &hash, &scopes, args.expires);
    let text = format!(
        "# Till klienten, visas bara nu · For the client, shown only now:\n# {key}\n\n\
         # Till tjänstens inställningar · For the service's configuration:\n{entry}"
    );
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}
