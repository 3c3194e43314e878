//! The service from start to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sigill_messages::joined;
use sigill_orders::{Description, Order, Product};
use sigill_work::Limits;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::access::{Access, Audit};
use crate::app;
use crate::asset::Asset;
use crate::budget::BodyBudget;
use crate::catalog::Catalog;
use crate::config::Config;
use crate::jobs::{Handlers, Jobs};
use crate::listen;
use crate::messages::config as messages;
use crate::metrics::Metrics;
use crate::pack_handler::PackHandler;
use crate::pool::{ServicePool, ServiceWorker, settled};
use crate::protocol::WorkerSpec;
use crate::state::ServiceState;

/// The two sorts of worker process.
#[derive(Clone)]
pub struct Workers {
    /// For documents, checks and signatures: they stay.
    pub documents: WorkerSpec,
    /// For packs: one each.
    pub packs: WorkerSpec,
}

/// Runs the service until `stop` is done; `listening` is told the address once it takes requests.
///
/// # Errors
/// What keeps it from starting, in Swedish and English.
pub async fn serve(
    config: Config,
    workers: Workers,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), String> {
    config.check()?;
    let access = Access::new(&config)?;
    let audit = Arc::new(Audit::of(&config)?);
    let jobs = Jobs::open(&config).await?;
    let metrics = Arc::new(Metrics::new());
    let limits = &config.limits;
    let pool = ServicePool::new(
        workers.documents.clone(),
        limits.worker_count(),
        limits.waiting,
        limits.render_time(),
        Arc::clone(&metrics),
    );
    let broken = |reason: String| joined(&messages::Workers { reason: &reason });
    let catalog = Catalog::new(describe(&workers.documents).await.map_err(broken)?, config.profile.as_deref())?;
    pool.warm().await.map_err(broken)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|reason| joined(&messages::Listen { address: &config.listen, reason: &reason }))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let stop_time = Duration::from_secs(limits.stop_seconds);
    let pack_time = Duration::from_secs(limits.pack_seconds);
    let (told, stopping) = watch::channel(false);
    let app = Arc::new(ServiceState {
        access,
        audit,
        pool,
        catalog,
        jobs: jobs.clone(),
        metrics: Arc::clone(&metrics),
        openapi: Asset::json(app::description()),
        stopping: stopping.clone(),
        body_budget: BodyBudget::new(config.limits.body_mb),
        config,
    });
    // Every kind of job, and how many of it this machine does at a time.
    let packs = PackHandler::new(workers.packs, pack_time, Arc::clone(&app));
    let handlers = Handlers::new().with(app.config.limits.jobs, Arc::new(packs));
    let running = jobs.run(handlers, stopping.clone())?;
    let router = app::router(Arc::clone(&app));
    listening(address);
    let connections = listen::run(listener, router, &app, stopping);
    tokio::pin!(connections);
    tokio::select! {
        () = &mut connections => {}
        () = stop => {
            tracing::info!("stopping");
            let _ = told.send(true);
            connections.await;
        }
    }
    // Jobs put back what they cannot finish in time; this is only for a database that no longer answers.
    let _ = tokio::time::timeout(stop_time + Duration::from_secs(5), running).await;
    Ok(())
}

async fn describe(spec: &WorkerSpec) -> Result<Description, String> {
    let mut worker = ServiceWorker::start(spec).map_err(|e| e.to_string())?;
    let answer = worker.order::<&[u8]>(&Order::Describe, &[], Limits::default(), &|_| ()).await;
    match settled(answer.map_err(|e| e.to_string())?.message) {
        Ok(Product::Description(description)) => Ok(description),
        // What keeps it from its work stands in its log.
        Ok(_) | Err(_) => Err(joined(&messages::Log)),
    }
}
