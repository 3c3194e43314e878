//! Connections: taken within limits, and let finish when the service stops.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

use crate::peers::Peers;
use crate::stall::Stall;
use crate::state::App;

/// Whom a request comes from: the other end of its connection, which may be a proxy.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Connections that are told at a time that their address has too many.
const TOLD: usize = 64;
/// What they are told, and how long that may take.
const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const TELLING: Duration = Duration::from_secs(2);

/// Serves until told to stop, then lets what runs finish.
pub(crate) async fn run(listener: TcpListener, router: Router, app: &App, mut stop: watch::Receiver<bool>) {
    let limits = &app.config.limits;
    let places = Arc::new(Semaphore::new(limits.connections));
    let (peers, told) = (Peers::new(limits.connections_per_address), Arc::new(Semaphore::new(TOLD)));
    let patience = Duration::from_secs(limits.send_seconds);
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
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(e) => {
                rest(&e).await;
                continue;
            }
        };
        let Some(of_address) = peers.take(peer.ip()) else {
            app.metrics.connections_refused.inc();
            if let Ok(turn) = Arc::clone(&told).try_acquire_owned() {
                tokio::spawn(async move {
                    // Whoever does not listen is not told.
                    let _ = tokio::time::timeout(TELLING, refuse(stream)).await;
                    drop(turn);
                });
            }
            continue;
        };
        // Answers are written whole: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let router = router.clone();
            async move {
                let mut request = request.map(axum::body::Body::new);
                request.extensions_mut().insert(Peer(peer));
                Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_default())
            }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Stall::new(stream, patience)), service));
        app.metrics.connections.inc();
        let metrics = Arc::clone(&app.metrics);
        tokio::spawn(async move {
            // Clients that leave or stall are no news.
            let _ = connection.await;
            metrics.connections.dec();
            drop((place, of_address));
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

/// Says that the address has too many connections, and reads what has come: a connection that is closed before that takes
/// the answer with it.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(TOO_MANY).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// A connection that died in the queue concerns only itself; without file handles the only remedy is to wait for some.
async fn rest(error: &io::Error) {
    let alone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !alone.contains(&error.kind()) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
