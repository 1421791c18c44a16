//! The `embedded-search` program.
fn main() {}
