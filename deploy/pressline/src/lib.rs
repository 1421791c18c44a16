//! pressline
