//! The whole line, as its users run it: the `pressline` program on real files, with real servers.

mod bad_input;
mod once;
mod pressline;
mod running;
