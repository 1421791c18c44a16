//! The one thread that changes indexes.

use super::run::Bench;
use crate::Engine;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Pause after the list of tasks could not be read or written (a full disk, mostly), before trying again.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts the thread. It ends when the queue is stopped, after the batch that it is doing.
pub fn start(engine: Arc<Engine>) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("tasks".to_owned()).spawn(move || work(&engine))
}

fn work(engine: &Engine) {
    let bench = Bench { registry: &engine.registry, queue: &engine.queue, config: &engine.config };
    loop {
        let mut batch = match engine.queue.next_batch() {
            Ok(Some(batch)) => batch,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "the next tasks could not be read, trying again");
                thread::sleep(PAUSE);
                continue;
            }
        };
        let tasks = batch.tasks.len();
        if let Err(error) = bench.process(&mut batch) {
            // Doing the batch again is harmless: additions and deletions end in the same state.
            tracing::error!(%error, batch = batch.uid, "the end of a batch could not be written, doing it again");
            engine.queue.give_back();
            thread::sleep(PAUSE);
            continue;
        }
        tracing::debug!(batch = batch.uid, tasks, "batch done");
    }
}
