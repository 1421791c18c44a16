//! The drop folder: `incoming/` → publish, JetStream's ack, receipt → `done/`, or → `rejected/` with the reason beside it.
//!
//! A scan is the truth about what is there ([`scan`]), notifications only make it come sooner ([`hints`]). A file that
//! stayed the same long enough ([`settling`]) is read whole ([`content`]), judged and published ([`work`]) and moved
//! ([`layout`]). A folder with the files of one issue goes the same way as a whole. Whatever breaks before the move leaves the file in `incoming/`, where the next scan finds it again; the
//! receipt keeps it from being published twice.

pub mod content;
pub mod hints;
pub mod layout;
pub mod scan;
pub mod settling;
pub mod watch;
pub mod work;

pub use watch::{Watch, watch};
