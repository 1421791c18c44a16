//! What is asked of the indexes, in order: `task` is one request, `payload` its documents, `queue` keeps the tasks on
//! disk, `pick` chooses what is done together, `worker` does it, `run` is how (`swap` for indexes that change places), `filter` and `find` are for
//! clients who ask how far it is.

pub mod filter;
pub mod find;
pub mod payload;
pub mod pick;
pub mod queue;
pub mod run;
pub mod swap;
pub mod task;
pub mod worker;
