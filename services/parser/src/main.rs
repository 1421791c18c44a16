//! parser
fn main() {}
