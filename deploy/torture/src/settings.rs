//! What each process of a line is told.

use std::net::SocketAddr;
use std::path::Path;

use crate::line::Options;
use crate::proxy::Proxy;

/// What opens the search engine.
pub(crate) const KEY: &str = "master-key-of-a-line-that-is-broken";

fn common(options: &Options, broker: &str) -> String {
    format!(
        "[nats]\nurl = \"{broker}\"\nconnect_timeout_ms = 3000\nrequest_timeout_ms = 2000\npublish_timeout_ms = 1000\n\
         publish_attempts = 3\n[topology]\nreplicas = {}\nack_wait_ms = {}\nduplicate_window_ms = {}\n\
         [ops]\nlisten = \"127.0.0.1:0\"\n",
        options.nodes,
        options.ack_wait.as_millis(),
        options.duplicate_window.as_millis(),
    )
}

const CONSUME: &str = "[consume]\nattempts = 5\nretry_base_ms = 50\nretry_max_ms = 1000\n";

pub(crate) fn search(listen: SocketAddr, data: &Path) -> String {
    format!("listen = \"{listen}\"\ndata_dir = {data:?}\nmaster_key = \"{KEY}\"\n")
}

pub(crate) fn intake(options: &Options, broker: &str, listen: SocketAddr, folder: &Path) -> String {
    format!(
        // A small bound, so that the object store is used, too.
        "inline_limit = 16384\nmax_bytes = {}\n{}[http]\nlisten = \"{listen}\"\nbody_timeout_ms = 5000\n\
         [folder]\npath = {folder:?}\nscan_ms = 300\nsettle_ms = 200\n",
        crate::scenarios::MAX_BYTES,
        common(options, broker)
    )
}

pub(crate) fn parser(options: &Options, broker: &str) -> String {
    let publishing = options.publishing;
    format!("{}{CONSUME}[work]\nissues = 2\npublishing = {publishing}\n", common(options, broker))
}

pub(crate) fn indexer(options: &Options, broker: &str, search: &Proxy) -> String {
    format!(
        "{}{CONSUME}[search]\nurl = \"http://{}\"\nkey = \"{KEY}\"\nrequest_timeout_ms = 10000\ntask_timeout_ms = 60000\n\
         retry_min_ms = 50\nretry_max_ms = 500\ncheck_ms = 500\n[batch]\ncount = 100\nwait_ms = 50\n\
         [sweep]\nsoon_ms = 2000\nlater_ms = 10000\n",
        common(options, broker),
        search.address(),
    )
}
