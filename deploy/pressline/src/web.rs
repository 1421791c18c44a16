//! HTTP clients of all commands, and the authorities that they trust beside the public ones.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use indexer::settings::Search;
use reqwest::{Certificate, ClientBuilder};

use crate::report::Problem;

/// `--ca-file`, which counts for all that one run of the program asks.
static TRUSTED: OnceLock<(PathBuf, Vec<Certificate>)> = OnceLock::new();

/// Trusts the authorities in this file from now on.
pub fn trust(file: &Path) -> Result<(), Problem> {
    let settings = Search { tls_ca_file: Some(file.to_owned()), ..Search::default() };
    let roots =
        settings.roots().map_err(|reason| Problem::settings(reason.replacen("search.tls_ca_file", "--ca-file", 1)))?;
    let _ = TRUSTED.set((file.to_owned(), roots));
    Ok(())
}

/// The file, for what makes a client of its own.
pub fn ca_file() -> Option<PathBuf> {
    TRUSTED.get().map(|(file, _)| file.clone())
}

/// A client that trusts them. Tokens and keys go where they are told to, whatever the environment or an answer would like
/// better.
pub fn client() -> ClientBuilder {
    let roots = TRUSTED.get().map(|(_, roots)| roots.clone()).unwrap_or_default();
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    roots.into_iter().fold(client, ClientBuilder::add_root_certificate)
}
