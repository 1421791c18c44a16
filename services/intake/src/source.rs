//! Where files come from: the drop folder and uploads.

pub mod folder;
pub mod http;
