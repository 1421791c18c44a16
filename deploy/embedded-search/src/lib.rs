//! Meilisearch's own engine (milli-core) behind the part of Meilisearch's HTTP API that clients use, in one process:
//! for one machine and for tests. Production runs Meilisearch itself; the same client code meets either.
//!
//! A request that changes something becomes a task: its documents go to a payload file, the task to a small database,
//! and the client gets a 202. One thread takes the tasks in order, additions to the same index together, and changes
//! the indexes. A request that reads runs on a blocking thread and sees the last committed state.
//!
//! - `options`: settings, and errors of starting
//! - `error`: Meilisearch's error codes
//! - `json`, `query`: reading requests
//! - `engine`: the indexes
//! - `keys`: who may do what
//! - `settings`: settings of an index
//! - `tasks`: what is to be done, and doing it
//! - `http`: the API

mod engine;
mod error;
mod http;
mod json;
mod keys;
mod options;
mod query;
mod settings;
mod tasks;

pub use options::{Settings, StartError};

use engine::meta::Meta;
use engine::registry::Registry;
use keys::store::Keys;
use milli_core::update::IndexerConfig;
use std::fs::{self, File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tasks::queue::Queue;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Version of the engine, which is Meilisearch's.
const ENGINE_VERSION: &str = "1.15.1";

/// How long requests that are under way may take when the engine stops.
const DRAIN: Duration = Duration::from_secs(10);

/// Everything that handlers and the worker share.
struct Engine {
    settings: Settings,
    registry: Registry,
    queue: Queue,
    keys: Keys,
    config: IndexerConfig,
}

/// An engine that runs. Call [`Running::stop`]; dropping it leaves it running until the process ends.
#[must_use = "the engine runs until it is stopped"]
pub struct Running {
    address: SocketAddr,
    engine: Arc<Engine>,
    shutdown: CancellationToken,
    server: JoinHandle<()>,
    worker: thread::JoinHandle<()>,
    /// Of the data folder; let go last.
    lock: File,
}

/// Opens the data, starts the worker and serves HTTP.
pub async fn start(settings: Settings) -> Result<Running, StartError> {
    settings.validate()?;
    let address = settings.listen;
    let (engine, lock) = match tokio::task::spawn_blocking(move || open(settings)).await {
        Ok(opened) => opened?,
        Err(error) => return Err(StartError::Settings(format!("opening the data panicked: {error}"))),
    };
    let listen = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let worker = tasks::worker::start(Arc::clone(&engine))
        .map_err(|source| StartError::DataDir { path: engine.settings.data_dir.clone(), source })?;
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(serve(listener, Arc::clone(&engine), shutdown.clone()));
    tokio::task::spawn_blocking({
        let engine = Arc::clone(&engine);
        move || warm_up(&engine)
    });
    tracing::info!("listening on http://{address}");
    Ok(Running { address, engine, shutdown, server, worker, lock })
}

impl Running {
    /// Where it serves HTTP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Finishes the requests and the batch that are under way, and closes the data.
    pub async fn stop(self) {
        let Self { address, engine, shutdown, mut server, worker, lock } = self;
        shutdown.cancel();
        engine.queue.stop();
        if tokio::time::timeout(DRAIN, &mut server).await.is_err() {
            tracing::warn!(seconds = DRAIN.as_secs(), "requests were still under way and are cut off");
            server.abort();
        }
        let closed = tokio::task::spawn_blocking(move || {
            let finished = worker.join();
            engine.registry.close();
            let meta = engine.registry.meta().clone();
            drop(engine);
            // Waits for the last reader, so that the folder can be opened again at once.
            meta.close();
            drop(lock);
            finished
        });
        match tokio::time::timeout(DRAIN * 6, closed).await {
            Ok(Ok(Ok(()))) => tracing::info!("stopped http://{address}"),
            Ok(_) => tracing::error!("the task thread panicked"),
            Err(_) => tracing::warn!("the data was still in use and is left to the end of the process"),
        }
    }
}

fn open(settings: Settings) -> Result<(Arc<Engine>, File), StartError> {
    let lock = lock(&settings.data_dir)?;
    let folder = settings.data_dir.join("meta");
    let data_dir = |source| StartError::DataDir { path: settings.data_dir.clone(), source };
    fs::create_dir_all(&folder).map_err(data_dir)?;
    let meta = Meta::open(&folder)?;
    let cannot =
        |failure: error::Failure| StartError::Open { path: settings.data_dir.clone(), message: failure.message };
    let registry = Registry::open(&settings, meta.clone()).map_err(cannot)?;
    let keys = Keys::open(meta.clone(), settings.master_key.clone()).map_err(cannot)?;
    let queue = Queue::open(&settings, meta).map_err(cannot)?;
    let config = engine::indexer_config(settings.indexing_threads).map_err(cannot)?;
    let engine = Engine { settings, registry, queue, keys, config };
    Ok((Arc::new(engine), lock))
}

/// Keeps other processes out of the data folder: two would destroy each other's data.
fn lock(folder: &Path) -> Result<File, StartError> {
    let data_dir = |source| StartError::DataDir { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(data_dir)?;
    let file = File::create(folder.join("lock")).map_err(data_dir)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(data_dir(source)),
    }
}

async fn serve(listener: TcpListener, engine: Arc<Engine>, shutdown: CancellationToken) {
    let serving =
        axum::serve(listener, http::router(engine)).with_graceful_shutdown(async move { shutdown.cancelled().await });
    if let Err(error) = serving.await {
        tracing::error!(%error, "serving http ended");
    }
}

/// The first search loads the dictionary and the pages of an index: better before a user waits for it.
fn warm_up(engine: &Engine) {
    let query = query::SearchQuery { q: Some("今天".to_owned()), limit: 1, ..query::SearchQuery::default() };
    for uid in engine.registry.uids() {
        let warm = engine.registry.read(&uid, |index| engine::search::search(index, &query));
        if let Err(error) = warm {
            tracing::debug!(uid, %error, "an index could not be warmed up");
        }
    }
}
