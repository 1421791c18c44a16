//! Meilisearch's engine behind Meilisearch's HTTP API, in one process.
