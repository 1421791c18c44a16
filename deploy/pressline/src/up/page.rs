//! The search page: built by npm where Node is, served beside the line. Whatever goes wrong here costs one line of the
//! report; the line itself goes on.

mod build;
mod serve;

use std::convert::Infallible;
use std::path::Path;

use serde_json::json;

use super::keys::Frontend;
use super::settings::PageSettings;
use crate::keys::page_config_of;
use crate::keys::server::addresses;
use crate::report::{self, BOLD, DIM, paint};

/// The page's `config.json`: where it searches. Everybody who sees the page may see it, so a key in it must be one that
/// can only search.
#[derive(Debug, Clone)]
pub struct Config(Frontend);

impl Config {
    /// For a frontend of the line.
    pub fn of(frontend: Frontend) -> Self {
        Self(frontend)
    }

    /// Meilisearch's addresses as browsers reach them.
    pub fn urls(&self) -> &[String] {
        &self.0.urls
    }

    /// As it is now: the key may have been rotated.
    pub fn json(&self) -> serde_json::Value {
        page_config_of(&self.0.urls, &self.0.index, self.0.current_key().as_deref())
    }
}

/// Builds the page if its sources changed, serves it and says where; or says why there is none. Ends with the line.
pub async fn run(settings: &PageSettings, mut config: Config, tools: &Path, as_json: bool) -> Infallible {
    if settings.enabled {
        if let Some(url) = &settings.search_url {
            config.0.urls = addresses(url).collect();
        }
        let Err(reason) = try_run(settings, &config, tools, as_json).await;
        report::note(paint(DIM, format!("no search page: {reason}")));
    }
    std::future::pending().await
}

async fn try_run(settings: &PageSettings, config: &Config, tools: &Path, as_json: bool) -> Result<Infallible, String> {
    let dist = match &settings.dist {
        Some(dist) if dist.join("index.html").is_file() => dist.clone(),
        Some(dist) => return Err(format!("page.dist {} holds no index.html", dist.display())),
        None => build::built(tools, &|line| report::note(paint(DIM, line))).await?,
    };
    let router = serve::router(&dist, config)?;
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .map_err(|error| format!("page.listen {}: {error}", settings.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let url = format!("http://{address}");
    if as_json {
        report::say(json!({ "page": url }));
    } else {
        report::say(format!("{} {url}", paint(BOLD, format!("{:<12}", "search page"))));
    }
    let ended = axum::serve(listener, router).await;
    Err(format!("its server ended: {ended:?}"))
}
