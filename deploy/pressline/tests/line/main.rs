//! The whole line, as its users run it: the `pressline` program on real files, with real servers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod audit;
mod backfill;
mod bad_input;
mod broker;
mod corrections;
mod dead_letters;
mod keys;
mod lateness;
mod observed;
mod once;
mod pressline;
mod reindex;
mod rights;
mod running;
mod secrets;
mod several;
