//! Connections: taken within limits, and let finish when the service stops.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

use crate::state::App;

/// Serves until told to stop, then lets what runs finish.
pub(crate) async fn run(listener: TcpListener, router: Router, app: &App, mut stop: watch::Receiver<bool>) {
    let limits = &app.config.limits;
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(limits.head_seconds)).max_buf_size(64 * 1024);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stop.wait_for(|s| *s) => break,
        };
        let Ok(place) = place else { break };
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = stop.wait_for(|s| *s) => break,
        };
        let stream = match taken {
            Ok((stream, _)) => stream,
            Err(e) => {
                rest(&e).await;
                continue;
            }
        };
        // Answers are written whole: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let router = router.clone();
            async move { Ok::<_, Infallible>(router.oneshot(request.map(axum::body::Body::new)).await.unwrap_or_default()) }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        app.metrics.connections.inc();
        let metrics = Arc::clone(&app.metrics);
        tokio::spawn(async move {
            // Clients that leave or stall are no news.
            let _ = connection.await;
            metrics.connections.dec();
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(Duration::from_secs(limits.stop_seconds)) => {
            tracing::warn!("connections were still open when time was up");
        }
    }
}

/// A connection that died in the queue concerns only itself; without file handles the only remedy is to wait for some.
async fn rest(error: &io::Error) {
    let alone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !alone.contains(&error.kind()) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
